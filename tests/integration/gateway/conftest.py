"""One network for all that attack it: it has to stand it anyway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from running import Running


@pytest.fixture(scope="package")
def network(tmp_path_factory: Any) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("attacked"))
    yield running
    running.process.terminate()
    running.process.wait(30)
