"""An office brings its old ledger along, with what deputies said on paper."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison
from telling import NAMES, TAX, A, B
from test_figures import figures

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed


def row(id, result="satisfied", closed=True, reply_class="A", given_on="2022-07-01"):
    return {"id": id, "result": result, "closed": closed, "reply_class": reply_class, "given_on": given_on}


def bring_in(network, *rows, who=None):
    answer = network.do(
        who or liaison(), "evaluation", "import_evaluations", congress=PROVINCE, rows=list(rows)
    )
    return answer["added"], answer["known"]


def view(network, id):
    return network.ask(liaison(), "evaluation", "evaluation", id=id)


def told(elsewhere, id, reply_class="A"):
    """What the imports of intake and assignment publish of an old suggestion."""
    elsewhere.accepts(id, year=2022)
    elsewhere.assigns(id, lead=TAX)
    return elsewhere.replies(id, reply_class=reply_class, on=date(2022, 6, 20))


@pytest.mark.parametrize("ledger_first", [True, False])
def test_a_ledgers_line_ends_as_the_ledger_says_and_counts(network, elsewhere, ledger_first):
    id = new_id()
    if ledger_first:
        assert bring_in(network, row(id)) == (1, 0)
    told(elsewhere, id)
    if not ledger_first:
        assert bring_in(network, row(id)) == (1, 0)
    seen = view(network, id)
    assert (seen["state"], seen["closed_on"], seen["closing_note"]) == ("closed", "2022-07-01", "按台账导入")
    assert [e["type"] for e in network.published("evaluation", id)] == ["suggestion.closed.v1"]
    assert network.ask(deputy(NAMES[A], A), "evaluation", "evaluation_waiting") == []
    assert network.ask(liaison(), "evaluation", "evaluation_waiting") == []
    of_2022 = figures(network, year=2022)
    assert (of_2022["satisfied_result"], of_2022["satisfied_process"], of_2022["solved"]) == (
        (1, 1),
        (0, 0),
        (1, 1),
    )


def test_bringing_it_in_twice_adds_nothing(network, elsewhere):
    first, second = new_id(), new_id()
    assert bring_in(network, row(first), row(first), row(second)) == (2, 1)
    assert bring_in(network, row(first), row(second), row(new_id())) == (1, 2)
    assert len(network.published("evaluation", first)) == 1


def test_what_was_not_satisfying_on_paper_can_be_handled_again(network, elsewhere):
    id = new_id()
    reply = told(elsewhere, id)
    bring_in(network, row(id, "unsatisfied", closed=False))
    assert [line["command"] for line in view(network, id)["may"]] == ["order_rehandling"]
    network.do(liaison(), "evaluation", "order_rehandling", id, reply=reply, reason="请再次办理")
    second = elsewhere.replies(id, round=2)
    elsewhere.judges(id, second, A)
    assert figures(network, year=2022)["satisfied_result"] == (1, 1)


def test_a_row_without_judgement_and_end_waits_for_the_office(network, elsewhere):
    id = new_id()
    told(elsewhere, id)
    bring_in(network, row(id, "", closed=False))
    assert view(network, id)["state"] == "assessed"
    assert figures(network, year=2022)["satisfied_result"] == (0, 0)
    assert network.do(liaison(), "evaluation", "close_suggestion", id)["state"] == "closed"


def test_a_ledger_does_not_judge_what_deputies_are_asked_here(network, elsewhere):
    id, reply = elsewhere.handled()
    assert bring_in(network, row(id)) == (0, 1)
    elsewhere.judges(id, reply, B, result="unsatisfied")
    assert figures(network)["satisfied_result"] == (0, 1)


def test_a_reply_issued_here_after_the_import_is_put_to_the_deputies(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    bring_in(network, row(id))
    reply = elsewhere.replies(id)
    assert (view(network, id)["state"], view(network, id)["ledger"]) == ("asked", None)
    elsewhere.judges(id, reply, A, result="unsatisfied")
    assert figures(network)["satisfied_result"] == (0, 1)


def test_all_or_nothing(network, elsewhere):
    foreign, own = new_id(), new_id()
    network.do(liaison("44"), "evaluation", "import_evaluations", congress="44", rows=[row(foreign)])
    with pytest.raises(Invalid, match="不属于本级"):
        bring_in(network, row(own), row(foreign))
    assert bring_in(network, row(own)) == (1, 0)


def test_only_the_liaison_office_brings_in(network):
    with pytest.raises(NotAllowed, match="只有联工委"):
        bring_in(network, row(new_id()), who=deputy(NAMES[A], A))
