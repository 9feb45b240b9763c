"""Messages that cannot be handled are kept for an operator, and nobody waits for them; on both transports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from apart import outcome_of

from jianyi.processes import new_database


def is_right(happened: dict) -> None:
    assert happened["parked"] == ["deputy.praised.v1", "deputy.recorded.v1", "unreadable"]
    assert (happened["causes"], happened["attempts"], happened["of"]) == (3, 9, True)
    assert happened["replayed"] and happened["left"] == 0
    assert happened["copies"] == 102  # the congress, a hundred neighbours, and the one that was replayed
    assert happened["dropped"] == ["测试用的消息"] * 2
    assert "正在重建" in happened["refusal"]
    assert happened["state"] == "done" and happened["outcome"]["copies"] == 0


def test_in_memory(tmp_path: Path):
    is_right(outcome_of("poison.py", tmp_path))


@pytest.mark.real
def test_on_rabbitmq_and_postgresql(tmp_path: Path):
    broker, database = os.environ["JIANYI_BROKER_URL"], new_database(os.environ["JIANYI_DATABASE_URL"])
    is_right(
        outcome_of(
            "poison.py",
            tmp_path,
            JIANYI_BROKER_URL=broker,
            JIANYI_DATABASE_URL=database,
            JIANYI_SEARCH_URL="http://127.0.0.1:9",
        )
    )
