"""An office brings its old ledger along, with what deputies said on paper."""

from __future__ import annotations

from datetime import date

import pytest
from harness import deputy, liaison
from telling import NAMES, TAX, A, B, named
from test_figures import figures

from shared.aggregate import new_id
from shared.problems import Invalid


def line(elsewhere, id, **more):
    """A line of the ledger, as intake publishes it."""
    data = {"replied_on": "2022-06-20", "reply_class": "A", "result": "satisfied", **more}
    elsewhere.tell(
        "ledger.imported.v1", id, number="第0001号", title="……", category="水利", deputies=[named(A), named(B)],
        lead_unit=named(TAX), joint_units=[], assigned_on="2022-02-23", **data,
    )  # fmt: skip


def view(network, id):
    return network.ask(liaison(), "evaluation", "evaluation", id=id)


def told(elsewhere, id, reply_class="A"):
    """What intake and assignment publish of an old suggestion that was taken in."""
    elsewhere.accepts(id, year=2022)
    elsewhere.assigns(id, lead=TAX)
    return elsewhere.replies(id, reply_class=reply_class, on=date(2022, 6, 20))


@pytest.mark.parametrize("line_first", [True, False])
def test_a_line_of_intakes_import_ends_and_counts_whenever_it_comes(network, elsewhere, line_first):
    id = new_id()
    if line_first:
        line(elsewhere, id)
    told(elsewhere, id)
    if not line_first:
        line(elsewhere, id)
    seen = view(network, id)
    assert (seen["state"], seen["closed_on"], seen["closing_note"]) == ("closed", "2022-06-20", "按台账导入")
    assert network.published("evaluation", id)[-1]["type"] == "suggestion.closed.v1"
    assert network.ask(deputy(NAMES[A], A), "evaluation", "evaluation_waiting") == []
    assert network.ask(liaison(), "evaluation", "evaluation_waiting") == []
    of_2022 = figures(network, year=2022)
    shares = (of_2022["satisfied_result"], of_2022["satisfied_process"], of_2022["solved"])
    assert shares == ((1, 1), (0, 0), (1, 1))


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"result": ""}, "closed"),  # replied long ago
        ({"result": "", "replied_on": "2023-05-10"}, "asked"),  # can still be asked
        ({"result": "unsatisfied"}, "assessed"),
        ({"result": "", "replied_on": None, "reply_class": ""}, "handling"),
    ],
)
def test_a_line_has_ended_unless_the_deputy_was_not_satisfied_or_can_still_be_asked(
    network, elsewhere, more, state
):
    id = new_id()
    line(elsewhere, id, **more)
    elsewhere.accepts(id, year=2022)
    elsewhere.assigns(id, lead=TAX)
    if on := more.get("replied_on", "2022-06-20"):
        elsewhere.replies(id, on=date.fromisoformat(on))
    assert view(network, id)["state"] == state


def test_a_line_that_comes_twice_adds_nothing(network, elsewhere):
    id = new_id()
    told(elsewhere, id)
    line(elsewhere, id)
    before = len(network.published("evaluation", id))
    line(elsewhere, id)
    assert len(network.published("evaluation", id)) == before


def test_what_was_not_satisfying_on_paper_is_handled_again_or_closed_with_a_note(network, elsewhere):
    id, other = new_id(), new_id()
    replies = {}
    for suggestion in (id, other):
        line(elsewhere, suggestion, result="unsatisfied")
        replies[suggestion] = told(elsewhere, suggestion)
    assert {line["command"] for line in view(network, id)["may"]} == {"order_rehandling", "close_suggestion"}
    network.do(liaison(), "evaluation", "order_rehandling", id, reply=replies[id], reason="请再次办理")
    elsewhere.judges(id, elsewhere.replies(id, round=2), A)
    assert figures(network, year=2022)["satisfied_result"] == (1, 2)
    with pytest.raises(Invalid, match="仍有代表不满意"):
        network.do(liaison(), "evaluation", "close_suggestion", other)
    network.do(liaison(), "evaluation", "close_suggestion", other, note="当年已再次办理并约谈")


def test_a_ledger_does_not_judge_what_deputies_are_asked_here(network, elsewhere):
    id, reply = elsewhere.handled()
    line(elsewhere, id)
    assert view(network, id)["ledger"] is None
    elsewhere.judges(id, reply, B, result="unsatisfied")
    assert figures(network)["satisfied_result"] == (0, 1)


def test_a_reply_issued_here_after_the_import_is_put_to_the_deputies(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    line(elsewhere, id, replied_on=None)
    assert view(network, id)["state"] == "closed"
    reply = elsewhere.replies(id)
    assert (view(network, id)["state"], view(network, id)["ledger"]) == ("asked", None)
    elsewhere.judges(id, reply, A, result="unsatisfied")
    assert figures(network)["satisfied_result"] == (0, 1)
