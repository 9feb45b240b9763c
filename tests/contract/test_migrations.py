"""Each service's history of its tables is one line: two revisions after the same one could not both be applied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import services
from shared.settings import SERVICES

FOLDER = Path(services.__file__).parent


@pytest.mark.parametrize("service", SERVICES)
def test_revisions_follow_one_another(service: str):
    before: str | None = None
    for file in sorted((FOLDER / service / "migrations" / "versions").glob("[0-9]*.py")):
        said = dict(re.findall(r'^(revision|down_revision) = "?(\w+)"?$', file.read_text(), re.MULTILINE))
        assert said == {"revision": file.name[:4], "down_revision": str(before)}, file.name
        before = file.name[:4]
