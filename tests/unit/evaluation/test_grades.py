"""年度考核：an office grades the units of its own system; each unit reads its own grade when it is announced."""

from __future__ import annotations

import pytest
from harness import PROVINCE, liaison, unit_clerk, unit_head
from telling import NAMES, TAX, WATER

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

GOVERNMENT, PARTY = new_id(), new_id()
OFFICE = Actor("zfb", "政府办公厅", (Role("distributing", PROVINCE, GOVERNMENT),))
OTHER = Actor("dwb", "党委办公厅", (Role("distributing", PROVINCE, PARTY),))
WHOLE = Actor("jbb", "交办处", (Role("distributing", PROVINCE),))


@pytest.fixture
def year(network, elsewhere):
    """The government's office has both offices in its system, the water office by way of a third; both handled something."""
    above = new_id()
    for id, name, parent in (
        (GOVERNMENT, "省政府办公厅", ""), (PARTY, "省委办公厅", ""), (above, "省农口", GOVERNMENT), (TAX, NAMES[TAX], GOVERNMENT), (WATER, NAMES[WATER], above),
    ):  # fmt: skip
        told = {"name": name, "short": name, "kind": "government", "parent": parent, "active": True}
        network.tell("unit.recorded.v1", id, PROVINCE, 2, **told)
    for unit in (TAX, WATER):
        elsewhere.handled(unit, judged="satisfied")
    return network


def grade(network, unit=WATER, who=OFFICE, **more):
    about = {
        "congress": PROVINCE,
        "year": 2023,
        "grade": "excellent",
        "reason": "按期办复、代表满意。",
        **more,
    }
    return network.do(who, "evaluation", "grade_unit", unit=unit, **about)


def announce(network, who=OFFICE):
    return network.do(who, "evaluation", "announce_grades", congress=PROVINCE, year=2023)["announced"]


def read(network, who):
    found = network.ask(who, "evaluation", "grades", congress=PROVINCE, year=2023)
    return {line["unit"]["name"]: line["grade_label"] for line in found["lines"]}


def test_the_office_grades_the_units_of_its_own_system_at_whatever_depth(year):
    assert read(year, OFFICE) == {"省水利厅": "", "省税务局": ""}
    grade(year)
    assert read(year, OFFICE) == {"省水利厅": "优秀", "省税务局": ""}
    assert read(year, OTHER) == {}
    with pytest.raises(NotFound):
        grade(year, who=OTHER)
    with pytest.raises(NotAllowed):
        grade(year, who=liaison())


def test_an_office_without_a_unit_grades_all_units_of_the_congress(year):
    grade(year, TAX, WHOLE, grade="good")
    assert read(year, WHOLE) == {"省水利厅": "", "省税务局": "良好"}
    assert read(year, OFFICE) == {"省水利厅": "", "省税务局": ""}


def test_a_unit_reads_its_own_when_it_is_announced_and_the_congress_with_it(year):
    grade(year)
    grade(year, TAX, grade="failed", follows="约谈负责人")
    assert read(year, unit_clerk(WATER)) == read(year, liaison()) == {}
    assert announce(year) == 2
    assert read(year, unit_clerk(WATER)) == {"省水利厅": "优秀"}
    assert read(year, liaison()) == {"省水利厅": "优秀", "省税务局": "不合格"}
    assert read(year, liaison("44")) == {}


def test_what_is_announced_stays(year):
    grade(year)
    announce(year)
    with pytest.raises(WrongState):
        grade(year, grade="passed")
    with pytest.raises(NotFound, match="没有拟定"):
        announce(year)


def test_the_best_and_the_worst_say_why(year):
    for label in ("excellent", "failed"):
        with pytest.raises(Invalid) as refused:
            grade(year, grade=label, reason="")
        assert list(refused.value.errors) == ["reason"]
    grade(year, grade="passed", reason="")


def test_the_congresss_score_stands_beside_it_once_it_is_announced(year):
    year.do(liaison(), "evaluation", "score_unit", congress=PROVINCE, unit=WATER, year=2023)
    points = lambda: {  # noqa: E731
        line["unit"]["name"]: line["points"]
        for line in year.ask(OFFICE, "evaluation", "grades", congress=PROVINCE, year=2023)["lines"]
    }
    assert points()["省水利厅"] is None
    year.do(liaison(), "evaluation", "announce_scores", congress=PROVINCE, year=2023)
    assert points()["省水利厅"] is not None


# --- the unit objects -----------------------------------------------------------------------------------------------


def line_of(network, who, unit="省水利厅"):
    found = network.ask(who, "evaluation", "grades", congress=PROVINCE, year=2023)["lines"]
    return next(line for line in found if line["unit"]["name"] == unit)


@pytest.fixture
def failed(year):
    """The water office was graded as failed, and reads it."""
    id = grade(year, grade="failed", reason="两件逾期。")["id"]
    announce(year)
    return id


def contest(network, id, who=None):
    return network.do(
        who or unit_head(WATER), "evaluation", "contest_grade", id, reason="逾期的两件已经退办。"
    )


def decide(network, id, who=OFFICE, **data):
    return network.do(who, "evaluation", "decide_grade", id, **{"reason": "经核对台账。", **data})


def test_an_objection_that_is_right_changes_the_grade_with_both_reasons(year, failed):
    assert line_of(year, unit_head(WATER))["may"] == ["contest_grade"]
    assert line_of(year, unit_clerk(WATER))["may"] == line_of(year, liaison())["may"] == []
    contest(year, failed)
    (waits,) = [line for line in year.ask(OFFICE, "evaluation", "evaluation_waiting") if line["command"] == "decide_grade"]  # fmt: skip
    assert waits["title"] == "省水利厅对2023年等次的申诉"
    assert year.ask(OTHER, "evaluation", "evaluation_waiting") == []
    with pytest.raises(Invalid) as refusal:
        decide(year, failed, upheld=True, grade="failed")
    assert refusal.value.errors == {"grade": ["请选择和原来不同的等次。"]}
    decide(year, failed, upheld=True, grade="good")
    line = line_of(year, unit_head(WATER))
    assert (line["grade_label"], line["objection"]["before"], line["may"]) == ("良好", "failed", [])
    told = [e for e in year.published("evaluation", failed) if e["type"] in ("grade.contested.v1", "grade.decided.v1")]  # fmt: skip
    assert [(e["data"]["grade"], e["data"]["because"]) for e in told] == [("failed", "逾期的两件已经退办。"), ("good", "经核对台账。")]  # fmt: skip
    assert year.ask(OFFICE, "evaluation", "evaluation_waiting") == []


def test_one_that_is_wrong_leaves_it_and_is_made_once_within_its_days(year, elsewhere, failed):
    contest(year, failed)
    with pytest.raises(WrongState, match="已经申诉过"):
        contest(year, failed)
    decide(year, failed, upheld=False)
    assert line_of(year, OFFICE)["grade_label"] == "不合格"
    with pytest.raises(WrongState, match="没有等待裁定"):
        decide(year, failed, upheld=False)
    grade(year, TAX, grade="good")
    announce(year)
    elsewhere.tomorrow(11)
    id = line_of(year, unit_head(TAX), "省税务局")["id"]
    with pytest.raises(WrongState, match="申诉期到"):
        contest(year, id, unit_head(TAX))


def test_only_the_units_head_objects_and_only_its_own_office_decides(year, failed):
    with pytest.raises(NotAllowed):
        contest(year, failed, unit_clerk(WATER))
    with pytest.raises(NotFound):
        contest(year, failed, unit_head(TAX))
    contest(year, failed)
    for who in (OTHER, liaison(), WHOLE, unit_head(WATER)):
        with pytest.raises((NotAllowed, NotFound)):
            decide(year, failed, who, upheld=False)
