"""A unit's year in points, ranked among units of the same kind."""

from __future__ import annotations

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk, unit_head
from telling import NAMES, TAX, WATER, A, B

from plugins.hundred_points import HundredPoints
from services.evaluation import hooks
from services.evaluation.hooks import Points
from services.evaluation.model.score import UnitScore, parts_of
from shared.aggregate import new_id
from shared.hooks import Hooks
from shared.plugins import Found, Plugin, hookimpl
from shared.practices import GROUPS
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

COURT = new_id()


def score(network, unit, who=None, **more):
    return network.do(
        who or liaison(), "evaluation", "score_unit", congress=PROVINCE, unit=unit, year=2023, **more
    )


def scores(network, who=None):
    return network.ask(who or liaison(), "evaluation", "scores", congress=PROVINCE, year=2023)


@pytest.fixture
def handled(network, elsewhere):
    """The tax office satisfies, the water office does not."""
    for unit, judgement in ((TAX, "satisfied"), (WATER, "unsatisfied")):
        id, reply = elsewhere.handled(unit, judged=judgement)
        elsewhere.talks(id, unit)
        elsewhere.deadline("deadline.met", id, unit, done_on="2023-05-15", late=False)
        if judgement == "unsatisfied":
            network.do(liaison(), "evaluation", "order_rehandling", id, reply=reply, reason="请补充完成时限")
            again = elsewhere.replies(id, unit, round=2)
            for seat in (A, B):
                elsewhere.judges(id, again, seat, judgement, judgement)
            elsewhere.measure(id, unit=unit)
        closing = {"measure": "talk"} if judgement == "unsatisfied" else {}
        network.do(liaison(), "evaluation", "close_suggestion", id, **closing)
    elsewhere.tomorrow()


def test_the_parts_follow_the_figures():
    parts = parts_of(
        {
            "on_time": (3, 4),
            "satisfied_result": (1, 2),
            "satisfied_process": (2, 2),
            "face_to_face": (0, 4),
            "solved": (1, 4),
        }
    )
    assert [(p.name, p.points, p.most, p.because) for p in parts] == [
        ("按期办复", 22.5, 30, "3/4"), ("代表对结果满意", 15.0, 30, "1/2"), ("代表对过程满意", 15.0, 15, "2/2"),
        ("当面沟通", 0.0, 15, "0/4"), ("当年解决", 2.5, 10, "1/4"),
    ]  # fmt: skip


def test_a_part_of_which_nothing_is_known_is_left_out_and_the_rest_scaled_up():
    parts = parts_of({"on_time": (1, 1), "face_to_face": (1, 2), "satisfied_result": (0, 0)})
    assert [(p.name, p.points, p.most) for p in parts] == [
        ("按期办复", 66.67, 66.67),
        ("当面沟通", 16.67, 33.33),
    ]


def test_units_of_a_kind_are_ranked(network, handled):
    assert score(network, TAX)["points"] == 100.0
    assert score(network, WATER)["points"] == 55.0
    assert [(s["unit"]["name"], s["rank"], s["of"]) for s in scores(network)] == [
        ("省税务局", 1, 2),
        ("省水利厅", 2, 2),
    ]


def test_what_is_not_closed_is_in_no_score(network, elsewhere, handled):
    before = score(network, TAX)["points"]
    elsewhere.handled(TAX, judged="unsatisfied")
    parts = [s["parts"] for s in scores(network) if s["unit"]["id"] == TAX]
    score(network, TAX)
    again = [s["parts"] for s in scores(network) if s["unit"]["id"] == TAX]
    judged = ("代表对结果满意", "代表对过程满意")
    assert [p for p in parts[0] if p["name"] in judged] == [p for p in again[0] if p["name"] in judged]
    assert before == 100.0


def test_a_unit_of_another_kind_is_ranked_apart(network, elsewhere, handled):
    network.tell(
        "unit.recorded.v1", COURT, name="省高级人民法院", short="省法院", kind="court", parent="", active=True
    )
    NAMES[COURT] = "省高级人民法院"
    elsewhere.handled(COURT, "C")
    score(network, WATER)
    score(network, COURT)
    assert {(s["unit"]["name"], s["kind_label"], s["rank"], s["of"]) for s in scores(network)} == {
        ("省水利厅", "政府部门", 1, 1), ("省高级人民法院", "法院", 1, 1),
    }  # fmt: skip


def test_a_bonus_needs_its_reason_and_is_published_with_it(network, handled):
    with pytest.raises(Invalid) as refusal:
        score(network, TAX, bonus=3)
    assert refusal.value.errors == {"reason": ["请写明附加分的理由。"]}
    id = score(network, TAX, bonus=3, reason="建议转化为地方标准")["id"]
    event = network.published("evaluation", id)[0]
    assert (event["type"], event["data"]["points"], event["data"]["unit"]["id"]) == (
        "unit.scored.v1",
        103.0,
        TAX,
    )
    assert event["data"]["parts"][-1] == {
        "name": "附加分",
        "points": 3.0,
        "most": 10,
        "because": "建议转化为地方标准",
    }


def test_scoring_again_replaces_the_score_and_keeps_its_history(network, handled):
    assert score(network, TAX)["id"] == score(network, TAX, bonus=2, reason="创新")["id"]
    assert [s["points"] for s in scores(network) if s["unit"]["id"] == TAX] == [102.0]


def test_a_unit_without_anything_to_score_is_refused(network):
    with pytest.raises(Invalid, match="不能评分"):
        score(network, TAX)
    with pytest.raises(Invalid, match="没有找到这个承办单位"):
        score(network, new_id())


def test_a_unit_sees_its_own_score_with_its_rank_once_it_is_announced_and_others_none(network, handled):
    score(network, TAX)
    score(network, WATER)
    assert scores(network, unit_clerk(WATER)) == []
    announce(network)
    assert [(s["unit"]["name"], s["rank"], s["of"]) for s in scores(network, unit_clerk(WATER))] == [
        ("省水利厅", 2, 2)
    ]
    assert scores(network, deputy("代表甲", A)) == scores(network, liaison("44")) == []


def test_only_the_liaison_office_scores(network, handled):
    with pytest.raises(NotAllowed, match="只有联工委"):
        score(network, TAX, who=unit_clerk(TAX))


# --- the whole year: drawn up, announced, contested, decided ----------------------------------------------


def year(network, command, who=None):
    return network.do(who or liaison(), "evaluation", command, congress=PROVINCE, year=2023)


def announce(network):
    return year(network, "announce_scores")["announced"]


def of(network, unit, who=None):
    return next(s for s in scores(network, who) if s["unit"]["id"] == unit)


def contest(network, unit, part="按期办复", who=None):
    id = UnitScore.id_of(PROVINCE, unit, 2023)
    return network.do(
        who or unit_head(unit), "evaluation", "contest_point", id, part=part, reason="我单位按期办复。"
    )


def decide(network, unit, part="按期办复", **data):
    id = UnitScore.id_of(PROVINCE, unit, 2023)
    return network.do(liaison(), "evaluation", "decide_contest", id, part=part, reason="经核对台账。", **data)


@pytest.fixture
def announced(network, handled):
    assert year(network, "score_all") == {"id": "", "scored": 2, "left": []}
    assert announce(network) == 2


def test_all_units_are_scored_at_once_and_told_when_it_is_announced(network, announced):
    assert of(network, WATER, unit_clerk(WATER))["points"] == 55.0
    told = [e["type"] for e in network.published("evaluation", UnitScore.id_of(PROVINCE, WATER, 2023))]
    assert told == ["unit.scored.v1", "score.announced.v1"]
    with pytest.raises(Invalid, match="没有拟定的评分"):
        announce(network)


def test_a_bonus_given_by_hand_stays_when_all_are_scored(network, handled):
    score(network, TAX, bonus=3, reason="建议转化为地方标准")
    year(network, "score_all")
    assert of(network, TAX)["points"] == 103.0


def test_an_objection_that_is_right_changes_the_points_and_both_reasons_are_on_file(network, announced):
    contest(network, WATER, "当年解决")
    assert [line["what"] for line in network.ask(liaison(), "evaluation", "evaluation_waiting") if line["command"] == "decide_contest"] == ["裁定申诉"]  # fmt: skip
    decide(network, WATER, "当年解决", upheld=True, points=5.5)
    seen = of(network, WATER, unit_head(WATER))
    assert seen["points"] == 50.5
    part = next(p for p in seen["parts"] if p["name"] == "当年解决")
    assert (part["contest"]["before"], part["contest"]["decision"], part["contest"]["decision_reason"]) == (10.0, "upheld", "经核对台账。")  # fmt: skip
    assert not any(
        line["command"] == "decide_contest"
        for line in network.ask(liaison(), "evaluation", "evaluation_waiting")
    )


def test_one_that_is_wrong_leaves_them_and_is_made_once(network, announced):
    contest(network, WATER)
    decide(network, WATER, upheld=False)
    assert of(network, WATER)["points"] == 55.0
    with pytest.raises(WrongState, match="已经申诉过"):
        contest(network, WATER)


@pytest.mark.parametrize("points", [None, 31.0])
def test_points_that_there_are_not_are_refused(network, announced, points):
    contest(network, WATER)
    with pytest.raises(Invalid) as refusal:
        decide(network, WATER, upheld=True, points=points)
    assert refusal.value.errors.keys() == {"points"}


def test_an_objection_has_its_days(network, elsewhere, announced):
    elsewhere.tomorrow(11)
    with pytest.raises(WrongState, match="申诉期到2023-05-26为止"):
        contest(network, WATER)


@pytest.mark.parametrize("who", [unit_clerk(WATER), liaison()])
def test_only_the_units_head_objects(network, announced, who):
    with pytest.raises(NotAllowed, match="只有承办单位负责人"):
        contest(network, WATER, who=who)
    with pytest.raises(NotFound):
        contest(network, WATER, who=unit_head(TAX))


def test_nobody_is_scored_anew_over_an_objection(network, announced):
    contest(network, WATER)
    assert year(network, "score_all")["left"] == ["省水利厅"]
    with pytest.raises(WrongState, match="请先裁定"):
        score(network, WATER)


def test_the_congress_commends_a_unit_with_the_reason(network, announced):
    id = UnitScore.id_of(PROVINCE, TAX, 2023)
    network.do(liaison(), "evaluation", "commend_unit", id, reason="代表全部满意")
    assert of(network, TAX, unit_clerk(TAX))["commended"] == "代表全部满意"


# --- by the rules of a plugin -----------------------------------------------------------------------------


class Hundred(Plugin):
    name, label, summary = "hundred", "百分制", "按固定项目扣分"

    @hookimpl
    def points(self, handled, figures):
        late = tuple(one.suggestion for one in handled if one.on_time is False)
        return [
            Points("定时间", 20 - 5 * len(late), 20, f"{len(late)}件逾期", "on_time", late),
            Points("沟通", 99, 5, "全部面商", is_bonus=bool(figures["face_to_face"][0])),
        ]


def installs(network, *plugins):
    runtime = network.runtimes["evaluation"]
    found = Found()
    for plugin in plugins:
        found.add(plugin, plugin.name)
    runtime.hooks = Hooks(hooks, found, lambda *_: None)
    runtime.plugins = found
    found.practices |= GROUPS


def switches_on(network, name, place=PROVINCE, place_kind="congress", **settings):
    version = {"effective_on": "2023-01-01", "on": True, "settings": settings, "ended": False}
    network.tell(
        "practice.recorded.v1", new_id(), PROVINCE, 1, name=name, place=place, place_kind=place_kind, versions=[version],
    )  # fmt: skip


@pytest.fixture
def hundred(network):
    """The plugin is installed, and on at the congress."""
    installs(network, Hundred)
    switches_on(network, "hundred")


def test_a_plugins_rules_take_the_place_of_the_cores_within_what_they_may_give(
    network, elsewhere, handled, hundred
):
    late, _ = elsewhere.handled(TAX)
    elsewhere.deadline("deadline.met", late, TAX, due_on="2023-05-12", done_on="2023-05-15", late=True)
    score(network, TAX)
    parts = of(network, TAX)["parts"]
    assert [(p["name"], p["points"], p["most"], p["because"], p["rule"]) for p in parts] == [
        ("定时间", 15.0, 20.0, "1件逾期", "hundred"), ("沟通", 5.0, 5.0, "全部面商", "hundred"),
    ]  # fmt: skip
    assert (parts[0]["suggestions"], parts[1]["is_bonus"]) == ([late], True)


def test_a_unit_does_not_make_the_rules_by_which_it_is_scored(network, handled):
    """A head may lay down for the unit's sections what he likes; the congress scores all of its units alike."""
    installs(network, HundredPoints)
    switches_on(network, "hundred_points", WATER, "unit", on_time=100, solved=0, talked=0, kept=0)
    score(network, WATER)
    assert {part["rule"] for part in of(network, WATER)["parts"]} == {"default"}
    switches_on(network, "hundred_points")
    score(network, WATER)
    assert {p["name"]: p["most"] for p in of(network, WATER)["parts"]}["按时答复"] == 30


class Whole(Plugin):
    """Another hundred, of which one part is called as one of `hundred_points`, and a bonus of the plugin's own."""

    name, label, summary = "whole", "全过程", "全过程考核"

    @hookimpl
    def points(self):
        return [Points("按时答复", 100, 100, "全部按时"), Points("附加分", 1, 2, "创新", is_bonus=True)]


def test_two_practices_together_make_one_hundred_and_each_part_can_be_told_from_the_others(network, handled):
    installs(network, HundredPoints, Whole)
    for name in ("hundred_points", "whole"):
        switches_on(network, name)
    score(network, TAX)
    parts = of(network, TAX)["parts"]
    assert round(sum(p["most"] for p in parts if not p["is_bonus"]), 1) == 100
    names = [p["name"] for p in parts]
    assert len({*names}) == len(names) and {"按时答复（百分制+附加分）", "按时答复（全过程）"} < {*names}
    assert "附加分" not in names and "附加分（全过程）" in names, "the bonus given by hand has that name"


# --- the bonus, and what was decided before -----------------------------------------------------------------


def test_a_unit_that_got_no_bonus_may_object_and_gets_it_by_the_places_limit(network, announced):
    contest(network, WATER, "附加分")
    with pytest.raises(WrongState, match="已经申诉过"):
        contest(network, WATER, "附加分")
    for points in (11.0, 2.5):
        with pytest.raises(Invalid) as refusal:
            decide(network, WATER, "附加分", upheld=True, points=points)
        assert "应当在0到10之间" in refusal.value.errors["points"][0]
    decide(network, WATER, "附加分", upheld=True, points=3)
    seen = of(network, WATER, unit_head(WATER))
    assert (seen["points"], seen["bonus"]) == (58.0, 3)
    contest_ = seen["bonus_contest"]
    assert (contest_["before"], contest_["decision"], contest_["decision_reason"]) == (
        0,
        "upheld",
        "经核对台账。",
    )
    year(network, "score_all")
    assert of(network, WATER)["points"] == 58.0, "it stays when all are scored again"


def test_what_was_decided_stands_when_all_are_scored_again(network, announced):
    contest(network, WATER, "当年解决")
    decide(network, WATER, "当年解决", upheld=True, points=5.5)
    year(network, "score_all")
    again = next(p for p in of(network, WATER)["parts"] if p["name"] == "当年解决")
    assert (again["points"], again["contest"]["decision"]) == (5.5, "upheld")


def test_a_part_that_comes_out_otherwise_is_new_and_may_be_contested(network, elsewhere, announced):
    contest(network, WATER, "当面沟通")
    decide(network, WATER, "当面沟通", upheld=False)
    elsewhere.handled(WATER)
    year(network, "score_all")
    part = next(p for p in of(network, WATER)["parts"] if p["name"] == "当面沟通")
    assert (part["because"], part["contest"]) == ("1/2", None)


def test_the_most_that_a_place_gives_as_bonus_can_be_given_and_is_told(network, handled):
    network.tell(
        "practice.recorded.v1", new_id(), PROVINCE, 1, name="scores", place=PROVINCE, place_kind="congress",
        versions=[{"effective_on": "2023-01-01", "on": True, "settings": {"bonus_most": 15}, "ended": False}],
    )  # fmt: skip
    id = score(network, TAX, bonus=15, reason="两件建议转化为地方标准")["id"]
    assert network.published("evaluation", id)[0]["data"]["parts"][-1]["most"] == 15
