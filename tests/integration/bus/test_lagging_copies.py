"""A command that follows a registration at once is carried out, though the event is still on its way."""

from __future__ import annotations

import os

import pytest
from apart import outcome_of

from jianyi.processes import new_database

GOES_THROUGH = {
    "assigned_to": ["省税务局"],
    "refusal": "有的单位不能由本级交办。",  # what nobody has registered is refused as before
    "failures": {"directory": 0, "intake": 0, "assignment": 0},
    "copies": {"intake": 4, "assignment": 3},  # nothing doubled when the events came
}


def test_embedded(tmp_path):
    assert outcome_of("lagging.py", tmp_path) == GOES_THROUGH


@pytest.mark.real
def test_on_real_servers(tmp_path):
    urls = {name: os.environ[f"JIANYI_{name}_URL"] for name in ("BROKER", "DATABASE", "SEARCH")}
    urls["DATABASE"] = new_database(urls["DATABASE"])
    assert (
        outcome_of("lagging.py", tmp_path, **{f"JIANYI_{name}_URL": url for name, url in urls.items()})
        == GOES_THROUGH
    )
