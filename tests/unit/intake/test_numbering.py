"""Numbers of a series, when two clerks accept at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from harness import PROVINCE, TestNetwork

from services.intake.tables import next_number

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
