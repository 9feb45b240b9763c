"""The tutorial's new event works as the page says, and so does its second version: each consumer gets the one it is written for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from apart import outcome_of

from jianyi.processes import new_database

STATION = "小河代表联络站"
V1, V2 = "reception.held.v1", "reception.held.v2"


def goes_as_the_page_says(home: Path, **urls: str) -> None:
    first = outcome_of("tutorial.py", home, 1, **urls)
    assert first["told"] == [V1]
    assert first["counted"] == [[STATION, 1]]

    second = outcome_of("tutorial.py", home, 2, **urls)
    assert second["told"] == [V1, V2, V1]  # the newest first, the older one made of it
    assert second["sequences"] == [1, 1, 1]
    assert second["ids"] == 3
    twins, newest = second["twins"]
    assert twins == newest != []
    assert second["counted"] == [[STATION, 1], [STATION, 2]]
    assert second["read by who stays with the first"] == [[V1, STATION], [V1, STATION]]

    third = outcome_of("tutorial.py", home, 3, **urls)  # the first version is retired
    assert third["told"] == [V1, V2, V1, V2]
    assert third["counted"] == [[STATION, 1], [STATION, 2], [STATION, 3]]
    assert third["read by who stays with the first"] == [[V1, STATION], [V1, STATION]]

    for part in (first, second, third):
        assert part[
            "the same when rebuilt"
        ]  # also from the log's first versions, which nobody handles any more
        assert part["failures"] == [0, 0, 0]


def test_embedded(tmp_path):
    goes_as_the_page_says(tmp_path)


@pytest.mark.real
def test_on_real_servers(tmp_path):
    servers = {name: os.environ[name] for name in ("JIANYI_BROKER_URL", "JIANYI_SEARCH_URL")}
    database = new_database(os.environ["JIANYI_DATABASE_URL"])
    goes_as_the_page_says(tmp_path, **servers, JIANYI_DATABASE_URL=database)
