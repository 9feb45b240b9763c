"""归口管理：a system's office splits what it received among its units, a city's government among its own, to any depth."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from harness import CITY, COUNTY, PROVINCE, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.practices import id_of
from shared.problems import Invalid, NotAllowed, NotFound
from tests.unit.assignment.conftest import REPLY

DUE = "2023-04-20"


def officer(unit, congress=PROVINCE):
    return Actor(f"officer-{unit}", "交办员甲", (Role("distributing", congress, unit=unit),))


@pytest.fixture
def tree(place):
    """The province's government office with two bureaus and the city's government; its office with two bureaus and a county."""

    def unit(name, parent="", kind="government", congress=PROVINCE):
        id, said = new_id(), {"name": name, "short": name, "kind": kind, "parent": parent, "active": True}
        place.network.tell("unit.recorded.v1", id, congress, **said)
        return id

    t = SimpleNamespace(place=place, unit=unit)
    t.office = unit("省政府办公厅", kind="distributing")
    t.finance, t.transport = unit("省财政厅（本系统）", t.office), unit("省交通厅", t.office)
    t.party = unit("省委办公厅", kind="distributing")
    t.publicity = unit("省委宣传部", t.party, "party")
    t.city = unit("长沙市人民政府（下级）", t.office, "government_below")
    t.city_office = unit("市政府办公厅", t.city, "distributing", CITY)
    t.water = unit("市水利局（本系统）", t.city_office, congress=CITY)
    t.county = unit("浏阳市人民政府", t.city_office, "government_below", CITY)
    t.county_office = unit("浏阳市政府办公室", t.county, "distributing", COUNTY)
    t.county_water = unit("浏阳市水利局", t.county_office, congress=COUNTY)
    return t


def task_of(place, id, unit, who=None):
    return place.task(id, unit, who)["task"]


def signed(tree, unit, who, **units):
    """A suggestion that a unit's office has signed for."""
    place = tree.place
    id = place.assigned(**(units or {"lead": unit}))
    place.do(who, "sign_for", id, task=task_of(place, id, unit))
    return id


def distribute(tree, id, whose, who, *units, due_on=DUE, **more):
    place = tree.place
    data = {"task": task_of(place, id, whose), "units": list(units), "due_on": due_on, "note": "请提出意见"}
    return place.do(who, "distribute_task", id, **{**data, **more})


def names(place, id, who):
    return [task["unit"]["name"] for task in place.handling(id, who)["tasks"]]


def test_an_office_splits_among_its_units_and_answers_for_the_whole(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office)
    distribute(tree, id, tree.office, office, tree.finance, tree.transport)
    assert names(place, id, place.office) == ["省政府办公厅", "省财政厅（本系统）", "省交通厅"]
    for unit in (tree.finance, tree.transport):
        clerk = unit_clerk(unit)
        place.do(clerk, "sign_for", id, task=task_of(place, id, unit, clerk))
    with pytest.raises(Invalid) as refusal:
        place.do(office, "draft_reply", id, task=task_of(place, id, tree.office), **REPLY)
    assert "省交通厅还没有报送" in refusal.value.errors["without_opinions"][0]
    for unit in (tree.finance, tree.transport):
        clerk = unit_clerk(unit)
        place.do(clerk, "hand_in_part", id, task=task_of(place, id, unit, clerk), text="已列入计划。")
    place.replied(id, tree.office)
    assert place.handling(id)["state"] == "replied"
    assert len(place.events(id, "reply.issued")) == 1
    assert len(place.events(id, "suggestion.assigned")) == 1


def test_a_split_counts_once_for_who_counts_assignments(tree):
    office = officer(tree.office)
    id = signed(tree, tree.office, office)
    distribute(tree, id, tree.office, office, tree.finance)
    told = tree.place.events(id, "task.distributed")[0]
    assert [task["unit"]["name"] for task in told["tasks"]] == ["省政府办公厅"]
    part = told["parts"][0]
    assert (part["unit"]["name"], part["role"], part["parent"]) == (
        "省财政厅（本系统）",
        "part",
        told["task"],
    )
    assert (part["due_on"], part["offices"]) == (DUE, [tree.office])


def test_the_government_one_level_down_splits_by_its_own_office_and_so_does_the_county(tree):
    place, city, county = tree.place, officer(tree.city_office, CITY), officer(tree.county_office, COUNTY)
    id = signed(tree, tree.city, city)
    distribute(tree, id, tree.city, city, tree.water, tree.county)
    place.do(county, "sign_for", id, task=task_of(place, id, tree.county, county))
    distribute(tree, id, tree.county, county, tree.county_water, due_on="2023-04-10")
    seen = [(task["unit"]["name"], task["depth"]) for task in place.handling(id)["tasks"]]
    assert seen == [
        ("长沙市人民政府（下级）", 0),
        ("市水利局（本系统）", 1),
        ("浏阳市人民政府", 1),
        ("浏阳市水利局", 2),
    ]
    clerk = unit_clerk(tree.county_water, COUNTY)
    with pytest.raises(Invalid, match="下面的单位还没有报送"):
        place.do(county, "hand_in_part", id, task=task_of(place, id, tree.county, county), text="……")
    task = task_of(place, id, tree.county_water, clerk)
    place.do(clerk, "sign_for", id, task=task)
    place.do(clerk, "hand_in_part", id, task=task, text="乡镇段已完工。")
    place.do(county, "hand_in_part", id, task=task_of(place, id, tree.county, county), text="本市段已完工。")
    read = place.task(id, tree.county, city)["submissions"]
    assert [one["text"] for one in read] == ["本市段已完工。"]


def test_a_part_exists_for_its_chain_alone(tree):
    place, city, county = tree.place, officer(tree.city_office, CITY), officer(tree.county_office, COUNTY)
    id = signed(tree, tree.city, city, lead=tree.city, joint=[tree.publicity])
    distribute(tree, id, tree.city, city, tree.water, tree.county)
    place.do(county, "sign_for", id, task=task_of(place, id, tree.county, county))
    distribute(tree, id, tree.county, county, tree.county_water, due_on="2023-04-10")
    whole = ["长沙市人民政府（下级）", "市水利局（本系统）", "浏阳市人民政府", "浏阳市水利局"]
    seen = {
        "congress": (place.office, [*whole, "省委宣传部"]),
        "system above": (officer(tree.office), whole),
        "bureau": (unit_clerk(tree.water, CITY), whole[:2]),
        "county's bureau": (unit_clerk(tree.county_water, COUNTY), [whole[0], whole[2], whole[3]]),
        "other root": (unit_clerk(tree.publicity), [whole[0], "省委宣传部"]),
        "other system": (officer(tree.party), ["省委宣传部"]),
    }
    assert {who: names(place, id, actor) for who, (actor, _) in seen.items()} == {
        who: shown for who, (_, shown) in seen.items()
    }
    for stranger in (unit_clerk(tree.transport), officer(new_id()), liaison(CITY)):
        with pytest.raises(NotFound):
            place.handling(id, stranger)
    history = place.handling(id, unit_clerk(tree.publicity))["history"]
    assert [step["what"] for step in history] == ["交办", "签收"]


def test_nobody_acts_outside_the_own_tree(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office, lead=tree.office, joint=[tree.publicity])
    with pytest.raises(Invalid) as refusal:
        distribute(tree, id, tree.office, office, tree.publicity)
    assert "省政府办公厅下面" in refusal.value.errors["units"][0]
    with pytest.raises(Invalid):
        distribute(tree, id, tree.office, office, tree.water)  # not directly below: the city hands it on
    with pytest.raises(NotAllowed):
        distribute(tree, id, tree.office, officer(tree.party), tree.publicity)
    with pytest.raises(NotAllowed):
        distribute(tree, id, tree.office, place.office, tree.finance)
    distribute(tree, id, tree.office, office, tree.finance)
    part = task_of(place, id, tree.finance)
    with pytest.raises(Invalid, match="没有找到这项任务"):
        place.do(unit_clerk(tree.publicity), "sign_for", id, task=part)
    with pytest.raises(NotAllowed, match="这项任务由省财政厅"):
        place.do(office, "sign_for", id, task=part)


def test_until_supervision_has_answered_the_places_own_period_holds(tree):
    two_months = {"periods": [{"key": "reply", "amount": 2, "unit": "months", "source": ""}]}
    version = {"effective_on": "2023-01-01", "ended": False, "on": True, "settings": two_months}
    tree.place.network.tell(
        "practice.recorded.v1", id_of(PROVINCE, "deadlines"), PROVINCE, 1, name="deadlines", label="办理期限",
        reason="本级办法", place=PROVINCE, place_kind="congress", place_name="湖南省", versions=[version],
    )  # fmt: skip
    office = officer(tree.office)
    id = signed(tree, tree.office, office)
    with pytest.raises(Invalid) as refusal:
        distribute(tree, id, tree.office, office, tree.finance, due_on="2023-04-21")
    assert "不能晚于" in refusal.value.errors["due_on"][0]
    distribute(tree, id, tree.office, office, tree.finance, due_on="2023-04-20")


def test_a_part_is_due_before_the_task_of_which_it_is_one(tree):
    office = officer(tree.office)
    id = signed(tree, tree.office, office)
    for day, sentence in (("2023-02-20", "今天之后"), ("2023-05-21", "不能晚于")):
        with pytest.raises(Invalid) as refusal:
            distribute(tree, id, tree.office, office, tree.finance, due_on=day)
        assert sentence in refusal.value.errors["due_on"][0]


def test_a_unit_that_has_it_already_gets_no_part_of_it(tree):
    office = officer(tree.office)
    id = signed(tree, tree.office, office, lead=tree.office, joint=[tree.finance])
    with pytest.raises(Invalid) as refusal:
        distribute(tree, id, tree.office, office, tree.finance)
    assert "已经承办这件建议" in refusal.value.errors["units"][0]


def test_who_got_the_wrong_part_asks_the_office_that_handed_it_on_which_decides(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office)
    distribute(tree, id, tree.office, office, tree.finance)
    clerk = unit_clerk(tree.finance)
    part = task_of(place, id, tree.finance, clerk)
    place.do(clerk, "ask_to_return", id, task=part, reason="不属于我厅职责")
    assert [
        (w["command"], w["task"]) for w in place.ask(office, "assignment_waiting") if w["task"] == part
    ] == [("adjudicate_return", part)]
    assert place.ask(place.office, "assignment_waiting") == []
    with pytest.raises(NotAllowed, match="只有把任务分解给"):
        place.do(place.office, "adjudicate_return", id, task=part, approve=True, reason="……")
    with pytest.raises(Invalid):
        place.do(office, "adjudicate_return", id, task=part, approve=True, unit=tree.publicity, reason="……")
    place.do(
        office, "adjudicate_return", id, task=part, approve=True, unit=tree.transport, reason="属交通部门职责"
    )
    live = [
        (task["unit"]["name"], task["state"])
        for task in place.handling(id)["tasks"]
        if task["state"] != "returned"
    ]
    assert live == [("省政府办公厅", "signed"), ("省交通厅", "unsigned")]
    told = place.events(id, "task.distributed")[-1]["parts"]
    assert [part["unit"]["name"] for part in told] == ["省交通厅"]
    assert names(place, id, clerk) == ["省财政厅（本系统）"]
    assert len(place.events(id, "suggestion.assigned")) == 1, "nothing changed for the congress"


def test_when_the_task_goes_back_its_parts_end_with_it(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office)
    distribute(tree, id, tree.office, office, tree.finance)
    place.do(
        office, "ask_to_return", id, task=task_of(place, id, tree.office), reason="由省财政厅直接承办更合适"
    )
    decision = {"approve": True, "unit": tree.finance, "reason": "同意"}
    place.do(place.office, "adjudicate_return", id, task=task_of(place, id, tree.office), **decision)
    live = [
        (task["role"], task["unit"]["name"])
        for task in place.handling(id)["tasks"]
        if task["state"] == "unsigned"
    ]
    assert live == [("lead", "省财政厅（本系统）")]
    assert "parts" not in place.events(id, "suggestion.assigned")[-1]


def test_what_is_handed_in_can_be_sent_back(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office)
    distribute(tree, id, tree.office, office, tree.finance)
    clerk = unit_clerk(tree.finance)
    part = task_of(place, id, tree.finance, clerk)
    place.do(clerk, "sign_for", id, task=part)
    place.do(clerk, "hand_in_part", id, task=part, text="正在研究。")
    place.do(office, "send_back_part", id, task=part, reason="请写明完成时间")
    assert place.task(id, tree.finance, clerk)["state"] == "signed"
    assert place.task(id, tree.finance, clerk)["submissions"][0]["sent_back"] == "请写明完成时间"
    assert place.ask(clerk, "assignment_waiting")[0]["command"] == "hand_in_part"


def test_an_office_sees_which_deputies_its_units_have_not_talked_with(tree):
    tree.place.assigned(lead=tree.finance)
    due = tree.place.ask(officer(tree.office), "contacts_due")
    assert [(line["unit"]["name"], line["missing"]) for line in due] == [
        ("省财政厅（本系统）", ["before", "during", "after"])
    ]
    assert tree.place.ask(officer(tree.party), "contacts_due") == []


def test_an_office_watches_what_the_congress_gave_to_its_units_and_decides_about_them(tree):
    place, office = tree.place, officer(tree.office)
    id = place.assigned(lead=tree.finance)
    place.do(
        unit_clerk(tree.finance),
        "ask_to_return",
        id,
        task=task_of(place, id, tree.finance),
        reason="不属于我厅职责",
    )
    assert [line["unit"]["name"] for line in place.ask(office, "system_tasks")] == ["省财政厅（本系统）"]
    assert place.ask(officer(tree.party), "system_tasks") == []
    with pytest.raises(NotFound):
        place.handling(id, officer(tree.party))
    task = task_of(place, id, tree.finance, office)
    with pytest.raises(Invalid, match="不归本单位管理"):
        place.do(office, "adjudicate_return", id, task=task, approve=True, unit=tree.publicity, reason="……")
    place.do(
        office, "adjudicate_return", id, task=task, approve=True, unit=tree.transport, reason="属交通部门职责"
    )
    assert place.task(id, tree.transport)["role"] == "lead"


def test_an_office_of_one_system_has_no_desk_of_the_congress(tree):
    with pytest.raises(NotAllowed):
        tree.place.ask(officer(tree.office), "assignment_desk", congress=PROVINCE)
    id = tree.place.accepted(7)
    with pytest.raises(NotFound):
        tree.place.do(officer(tree.office), "assign_suggestion", id, lead=tree.finance)


def test_the_city_s_own_suggestions_are_not_the_province_s_to_watch(tree):
    place = tree.place
    id = place.accepted(8, congress=CITY)
    place.do(liaison(CITY), "assign_suggestion", id, lead=tree.water)
    assert names(place, id, officer(tree.city_office, CITY)) == ["市水利局（本系统）"]
    with pytest.raises(NotFound):
        place.handling(id, officer(tree.office))


def test_who_is_offered_below(tree):
    place, city = tree.place, officer(tree.city_office, CITY)
    id = signed(tree, tree.city, city)
    task = task_of(place, id, tree.city)
    assert [unit["name"] for unit in place.ask(city, "units_below", id=id, task=task)] == [
        "市水利局（本系统）",
        "浏阳市人民政府",
    ]
    with pytest.raises(NotFound):
        place.ask(place.office, "units_below", id=id, task=task)


def test_a_talk_by_a_bureau_names_who_answers_for_the_whole(tree):
    place, city = tree.place, officer(tree.city_office, CITY)
    id = signed(tree, tree.city, city)
    distribute(tree, id, tree.city, city, tree.water)
    clerk = unit_clerk(tree.water, CITY)
    part = task_of(place, id, tree.water, clerk)
    place.do(clerk, "sign_for", id, task=part)
    place.do(
        clerk,
        "log_contact",
        id,
        task=part,
        phase="during",
        method="visit",
        on=str(date(2023, 2, 20)),
        notes="……",
    )
    assert place.events(id, "contact.logged")[0]["answering_unit"]["name"] == "长沙市人民政府（下级）"


def test_a_joint_unit_hands_on_only_until_its_opinion_is_due(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office, lead=place.tax, joint=[tree.office])
    with pytest.raises(Invalid) as refusal:
        distribute(tree, id, tree.office, office, tree.finance, due_on="2023-04-20")
    assert "2023-03-20" in refusal.value.errors["due_on"][0]  # a month from the 20th of February
    distribute(tree, id, tree.office, office, tree.finance, due_on="2023-03-15")


def test_what_is_late_is_handed_on_all_the_same(tree):
    place, office = tree.place, officer(tree.office)
    id = signed(tree, tree.office, office)
    place.network.on(date(2023, 6, 1))
    distribute(tree, id, tree.office, office, tree.finance, due_on="2023-06-05")
    assert place.task(id, tree.finance, office)["due_on"] == date(2023, 6, 5).isoformat()
