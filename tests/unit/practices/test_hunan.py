"""湖南省人大常委会：key suggestions climb the ladder sooner, promises are brought to zero; 长沙：who does not satisfy is warned."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, envelope, liaison, unit_head
from hypothesis import given
from hypothesis import strategies as st

from plugins.b_clearing import BClearing
from plugins.grand_supervision import RUNGS, GrandSupervision
from plugins.ranking_and_warning import RankingAndWarning
from services.supervision import hooks
from services.supervision.hooks import Overdue, Standing, Suggestion
from shared.aggregate import new_id
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce, id_of
from shared.problems import Invalid, WrongState

KEY = Suggestion("s", "第0001号", "关于联合运维的建议", "suggestion", "社会保障", True, "handling", "B", 2023)
USUAL = Suggestion("s", "第0002号", "关于路灯的建议", "suggestion", "城乡建设", False, "handling", "", 2023)


def answers(plugin, hook, **facts):
    """What supervision gets from this plugin with its default settings; fails for whatever it gets wrong."""
    found = collect([("x", lambda: plugin)])
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce(plugin.name, True, found.practices[plugin.name].defaults)
    usual = {"suggestion": KEY, "overdue": [], "unsatisfied": {}, "slips": {}, "measures": [], "role": "lead"}
    given = asked.call(hook, [held], usual | facts)
    assert not asked.failures, asked.failures
    return [answer for _, answer in given]


def late(days, unit="u", kind="reply"):
    return Overdue(unit, kind, "答复", date(2023, 5, 22), days)


@pytest.mark.parametrize(
    ("days", "rung"), [(1, "notice"), (4, "notice"), (5, "yellow"), (10, "red"), (25, "circular")]
)
def test_a_key_suggestion_climbs_by_days(days, rung):
    (proposed,) = answers(GrandSupervision, "escalations", overdue=[late(1), late(days)])
    assert (proposed.rung, proposed.unit) == (rung, "u")
    assert f"逾期 {days} 天" in proposed.because


def test_others_climb_as_the_core_has_it():
    assert answers(GrandSupervision, "escalations", suggestion=USUAL, overdue=[late(25)]) == []


@given(st.lists(st.integers(1, 90), min_size=4, max_size=4))
def test_a_harder_rung_never_comes_before_a_softer_one(days):
    practice = GrandSupervision().practice()
    settings = {f"{rung}_days": number for rung, number in zip(RUNGS, days, strict=True)}
    if days == sorted(days):
        practice.load(settings)
    else:
        with pytest.raises(Invalid):
            practice.load(settings)


def test_a_promise_that_slips_twice_is_talked_over_and_one_that_is_let_pass_is_told_to_all():
    (talk,) = answers(BClearing, "escalations", slips={"u": 2, "v": 1})
    assert (talk.unit, talk.rung) == ("u", "talk")
    (told,) = answers(BClearing, "escalations", overdue=[late(30, kind="commitment"), late(90)])
    assert told.rung == "circular"


def test_the_ledger_marks_what_is_not_brought_to_zero():
    assert [c.value for c in answers(BClearing, "columns")] == ["未清零"]
    assert [c.value for c in answers(BClearing, "columns", suggestion=USUAL)] == [""]


def test_who_does_not_satisfy_is_warned_and_after_the_talk_held_to_account():
    (talk,) = answers(RankingAndWarning, "escalations", unsatisfied={"u": 1})
    assert talk.rung == "talk"
    (again,) = answers(RankingAndWarning, "escalations", unsatisfied={"u": 3})
    assert again.rung == "talk", "nobody is held to account who was not talked with"
    held = [Standing("u", "talk", "ended")]
    (account,) = answers(RankingAndWarning, "escalations", unsatisfied={"u": 3}, measures=held)
    assert account.rung == "accountability"


def test_the_reply_waits_for_the_list_of_responsibility(place):
    place.switch_on("one_list_four_systems")
    id = place.signed()
    place.drafts(id)
    place.approves(id)
    with pytest.raises(WrongState) as refusal:
        place.issues(id)
    assert "责任清单" in refusal.value.detail
    place.complete(
        id,
        "报解决问题责任清单",
        要解决的问题="数据不通",
        责任领导="副局长甲",
        责任处室和责任人="征管处甲",
        完成时限="五月底",
    )
    place.issues(id)


# --- the rank as a reason ---------------------------------------------------------------------------------------

RANK = {
    "unit": "u",
    "kind": "government",
    "year": 2023,
    "points": 71.5,
    "rank": 9,
    "ranked": 9,
    "is_last": True,
}


def test_the_last_of_its_kind_is_warned_and_after_two_talks_held_to_account():
    (talk,) = answers(RankingAndWarning, "rank_warnings", **RANK)
    assert (talk.rung, "9个同类单位中排第9" in talk.because) == ("talk", True)
    assert answers(RankingAndWarning, "rank_warnings", **{**RANK, "is_last": False}) == []
    assert answers(RankingAndWarning, "rank_warnings", **{**RANK, "ranked": 2}) == []
    talks = [Standing("u", "talk", "ended")] * 2
    (account,) = answers(RankingAndWarning, "rank_warnings", **RANK, measures=talks)
    assert account.rung == "accountability"


def test_it_is_proposed_once_and_decided_by_people(network_of):
    network = network_of("supervision", today=date(2023, 12, 20))
    version = {"effective_on": "2023-01-01", "on": True, "settings": {}, "ended": False}
    network.tell("practice.recorded.v1", id_of(PROVINCE, "ranking_and_warning"), PROVINCE, 1, name="ranking_and_warning", place=PROVINCE, place_kind="congress", versions=[version])  # fmt: skip
    unit = new_id()
    told = {"unit": {"id": unit, "name": "省水利厅"}, "announced_on": "2023-12-20"}
    more = {name: RANK[name] for name in RANK if name != "unit"}
    event = envelope("score.announced.v1", new_id(), PROVINCE, 2, network.clock.now(), {**told, **more})
    network.deliver([event])
    network.deliver([event])
    (measure,) = network.ask(liaison(), "supervision", "measures", congress=PROVINCE)
    assert (measure["rung"], measure["state"], measure["suggestion"]) == ("talk", "proposed", "")
    assert network.ask(unit_head(unit), "supervision", "measures", congress=PROVINCE) == []
    network.do(
        liaison(),
        "supervision",
        "decide_measure",
        measure["id"],
        decision="take",
        text="请负责人到场。",
        due_on="2024-01-10",
    )
    (seen,) = network.ask(unit_head(unit), "supervision", "measures", congress=PROVINCE)
    assert (seen["state"], seen["because"]) == ("taken", "")
    assert [e["type"] for e in network.published("supervision", measure["id"])] == [
        "measure.proposed.v1",
        "measure.taken.v1",
    ]
