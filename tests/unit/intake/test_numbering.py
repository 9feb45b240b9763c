"""Numbers of a series: when two clerks accept at the same moment, and after an old ledger was taken in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from harness import PROVINCE, TestNetwork, deputy, liaison

from services.intake.tables import next_number
from shared.aggregate import new_id

EVERYBODY = 8  # as many connections as are kept open
SERIES = "第十四届一次会议"


def test_all_who_ask_at_once_for_the_first_number_of_a_series_get_one_of_their_own(
    network_of: Callable[..., TestNetwork],
):
    database = network_of("intake").runtimes["intake"].database
    together = threading.Barrier(EVERYBODY)

    def take() -> int:
        with database.reading():  # so that nobody has to connect first
            together.wait()
        with database.writing() as connection:
            return next_number(connection, PROVINCE, SERIES)

    with ThreadPoolExecutor(EVERYBODY) as pool:
        numbers = [future.result() for future in [pool.submit(take) for _ in range(EVERYBODY)]]
    assert sorted(numbers) == list(range(1, EVERYBODY + 1))


def test_numbers_go_on_after_those_of_an_imported_ledger(network_of: Callable[..., TestNetwork]):
    network, seat = network_of("intake", today=date(2023, 1, 16)), new_id()
    network.tell("deputy.recorded.v1", seat, name="代表甲", delegation="", delegation_name="", active=True)
    network.tell("session.recorded.v1", new_id(), name=SERIES, term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip

    def accepted() -> str:
        text = {"title": "关于改造供水管网的建议", "situation": "漏损。", "analysis": "老化。", "proposals": "更换。", "category": "水利"}  # fmt: skip
        id = network.do(deputy("代表甲", seat), "intake", "draft_suggestion", congress=PROVINCE, **text)["id"]
        network.do(deputy("代表甲", seat), "intake", "submit_suggestion", id)
        return str(network.do(liaison(), "intake", "accept_suggestion", id)["number"])

    def imported(*numbers: str) -> dict[str, int]:
        rows = [{"number": number, "title": "关于旧台账的建议", "lead": seat} for number in numbers]
        return network.do(liaison(), "intake", "import_suggestions", congress=PROVINCE, rows=rows)

    imported(f"{SERIES}第0002号", f"{SERIES}第0001号", f"{SERIES}闭会第0009号", "〔2022〕77号")
    assert accepted() == f"{SERIES}第0003号"
    assert imported(f"{SERIES}第0001号", f"{SERIES}第0003号") == {"id": "", "added": 0, "known": 2}
    assert accepted() == f"{SERIES}第0004号"
    network.on(date(2023, 2, 1))
    assert accepted() == f"{SERIES}闭会第0010号"
