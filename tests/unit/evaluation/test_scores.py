"""A unit's year in points, ranked among units of the same kind."""

from __future__ import annotations

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk
from telling import NAMES, TAX, WATER, A, B

from services.evaluation.model.score import parts_of
from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed

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
        network.do(liaison(), "evaluation", "close_suggestion", id, measure="talk")
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


def test_a_unit_sees_its_own_score_with_its_rank_and_others_none(network, handled):
    score(network, TAX)
    score(network, WATER)
    assert [(s["unit"]["name"], s["rank"], s["of"]) for s in scores(network, unit_clerk(WATER))] == [
        ("省水利厅", 2, 2)
    ]
    assert scores(network, deputy("代表甲", A)) == scores(network, liaison("44")) == []


def test_only_the_liaison_office_scores(network, handled):
    with pytest.raises(NotAllowed, match="只有联工委"):
        score(network, TAX, who=unit_clerk(TAX))
