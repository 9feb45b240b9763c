"""Where the place says that the clock goes on, who takes over after a return replies by the first assignment's date."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison

from shared.aggregate import new_id


@pytest.mark.parametrize(
    ("more", "due_on"), [({}, "2023-05-29"), ({"clock_from": "2023-02-20"}, "2023-05-22")]
)
def test_the_reply_is_due_by_the_day_that_counts_and_signing_by_its_own(network_of, more, due_on):
    network, id = network_of("supervision", today=date(2023, 2, 27)), new_id()
    unit = {"id": new_id(), "name": "省财政厅"}
    task = {"task": new_id(), "unit": unit, "role": "lead", "assigned_on": "2023-02-27", **more}
    network.tell(
        "suggestion.assigned.v1", id, PROVINCE, 1, number="1号", title="……", category="水利", assigned_on="2023-02-20", batch="",
        deputies=[], tasks=[task],
    )  # fmt: skip
    found = network.ask(liaison(), "supervision", "ledger_line", id=id)["deadlines"]
    assert {d["kind"]: d["due_on"] for d in found if d["kind"] in ("reply", "sign_for")} == {
        "reply": due_on,
        "sign_for": "2023-03-06",
    }
