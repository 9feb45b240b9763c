"""年度考核：an office grades the units of its own system; each unit reads its own grade when it is announced."""

from __future__ import annotations

import pytest
from harness import PROVINCE, liaison, unit_clerk
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
