"""docs/guarantees.md names a test for each sentence: all of them are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/guarantees.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file, name", NAMED)
def test_the_test_that_is_named_exists(file: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_there_are_guarantees() -> None:
    assert len(NAMED) > 15
