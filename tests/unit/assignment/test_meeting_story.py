"""The assignment meeting: units are asked in advance, the agenda and the requirements are laid down, minutes are kept."""

from __future__ import annotations

from datetime import date

import pytest
from harness import CITY, unit_clerk

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotFound, WrongState

AGENDA = [{"item": "通报提出和交办情况", "who": "联工委", "material": "情况报告"}]


@pytest.fixture
def batch(place):
    """A batch with one suggestion for the tax office, with human resources beside it, and one for finance."""
    place.batch = place.do(
        place.office, "draw_up_batch", congress="43", name="交办会", meeting_on="2023-02-20"
    )["id"]
    place.first, place.second = place.accepted(1), place.accepted(2)
    put(place, place.first, lead=place.tax, joint=[place.hr])
    put(place, place.second, lead=place.finance)
    return place


def put(place, suggestion, **units):
    place.do(place.office, "put_in_batch", place.batch, suggestion=suggestion, **units)


def of_batch(place, who=None):
    return place.ask(who or place.office, "batch", id=place.batch)


def waiting(place, unit):
    return [(line["suggestion"], line["what"]) for line in place.ask(unit_clerk(unit), "assignment_waiting")]


def test_each_unit_is_asked_once_about_its_own(batch):
    assert batch.do(batch.office, "consult_units", batch.batch, answer_by="2023-02-25")["asked"] == 3
    assert waiting(batch, batch.tax) == [(batch.first, "答复预征求意见")]
    assert waiting(batch, batch.medical) == []
    with pytest.raises(Invalid, match="没有需要征求意见的单位"):
        batch.do(batch.office, "consult_units", batch.batch)
    put(batch, batch.first, lead=batch.medical)
    assert batch.do(batch.office, "consult_units", batch.batch)["asked"] == 1


def test_the_office_sees_who_disagrees_and_decides_all_the_same(batch):
    batch.do(batch.office, "consult_units", batch.batch)
    with pytest.raises(Invalid) as refusal:
        batch.do(unit_clerk(batch.tax), "answer_consultation", batch.first, agrees="no")
    assert "words" in refusal.value.errors
    batch.do(unit_clerk(batch.tax), "answer_consultation", batch.first, agrees="no", words="属于省人社厅职责")
    batch.do(unit_clerk(batch.hr), "answer_consultation", batch.first, agrees="yes")
    first, second = of_batch(batch)["lines"]
    assert first["doubts"] == ["省税务局不同意承办：属于省人社厅职责"]
    assert second["doubts"] == ["省财政厅还没有答复"]
    assert waiting(batch, batch.tax) == []
    put(batch, batch.first, lead=batch.hr)
    assert of_batch(batch)["lines"][0]["doubts"] == []  # who was against it is not to get it any more
    assert of_batch(batch)["objections"] == 0
    batch.do(batch.office, "issue_batch", batch.batch)
    assert batch.events(batch.first, "consultation.answered")[0]["agrees"] is False


def test_who_is_asked_sees_the_suggestion_and_not_what_others_say(batch):
    with pytest.raises(NotFound):
        batch.handling(batch.first, unit_clerk(batch.tax))
    batch.do(batch.office, "consult_units", batch.batch)
    batch.do(unit_clerk(batch.hr), "answer_consultation", batch.first, agrees="yes", words="愿意配合")
    seen = batch.handling(batch.first, unit_clerk(batch.tax))
    assert [line["command"] for line in seen["may"]] == ["answer_consultation"]
    assert [asked["unit"]["name"] for asked in seen["consultations"]] == ["省税务局"]
    assert (seen["batch_name"], seen["history"]) == ("", [])
    assert len(batch.handling(batch.first)["consultations"]) == 2
    with pytest.raises(NotFound):
        batch.handling(batch.second, unit_clerk(batch.tax))
    with pytest.raises(NotFound):
        batch.do(unit_clerk(batch.tax), "answer_consultation", batch.second, agrees="yes")


def test_once_it_is_assigned_who_was_only_asked_sees_it_no_more(batch):
    batch.do(batch.office, "consult_units", batch.batch)
    put(batch, batch.first, lead=batch.medical)
    batch.do(batch.office, "issue_batch", batch.batch)
    with pytest.raises(NotFound):
        batch.handling(batch.first, unit_clerk(batch.tax))
    assert waiting(batch, batch.tax) == []


def test_what_the_meeting_asks_goes_with_the_assignment(batch):
    batch.do(batch.office, "set_agenda", batch.batch, agenda=AGENDA, requirements="三个月内答复，件件面商。")
    batch.do(batch.office, "issue_batch", batch.batch)
    assert batch.handling(batch.first, unit_clerk(batch.tax))["requirements"] == "三个月内答复，件件面商。"
    assert batch.events(batch.batch, "batch.issued")[0]["requirements"] == "三个月内答复，件件面商。"
    with pytest.raises(Invalid) as refusal:
        batch.do(batch.office, "set_agenda", batch.batch, agenda=AGENDA, requirements="两个月内答复。")
    assert "不能再改" in refusal.value.errors["requirements"][0]


def test_a_delegations_suggestion_is_a_line_of_its_own_with_what_the_meeting_arranges_for_it(batch):
    whole = batch.accepted(3, delegation="长沙代表团", delegation_id="d1", kind="opinion")
    put(batch, whole, lead=batch.medical)
    own = {"suggestion": whole, "arrangement": "由常务副省长牵头，两个月内面商。"}
    batch.do(batch.office, "arrange_in_meeting", batch.batch, **own)
    line = of_batch(batch)["lines"][2]
    assert (line["delegation"], line["kind_label"], line["arrangement"]) == (
        "长沙代表团",
        "意见",
        own["arrangement"],
    )
    units = {
        unit["name"]: unit["lines"]
        for unit in batch.ask(batch.office, "batch_by_unit", id=batch.batch)["units"]
    }
    assert [one["arrangement"] for one in units["省医保局"]] == [own["arrangement"]]
    batch.do(batch.office, "set_agenda", batch.batch, agenda=AGENDA, requirements="三个月内答复。")
    batch.do(batch.office, "issue_batch", batch.batch)
    asked = {
        id: batch.handling(id, unit_clerk(unit))["requirements"]
        for id, unit in ((whole, batch.medical), (batch.second, batch.finance))
    }
    assert asked == {whole: f"三个月内答复。\n{own['arrangement']}", batch.second: "三个月内答复。"}
    assert batch.events(batch.batch, "meeting.arranged")[0]["title"] == "关于第3件事的建议"


def test_only_what_is_in_the_batch_is_arranged_and_only_before_it_is_issued(batch):
    with pytest.raises(Invalid, match="不在批次里"):
        batch.do(
            batch.office, "arrange_in_meeting", batch.batch, suggestion=batch.accepted(4), arrangement="……"
        )
    batch.do(batch.office, "issue_batch", batch.batch)
    with pytest.raises(WrongState):
        batch.do(batch.office, "arrange_in_meeting", batch.batch, suggestion=batch.first, arrangement="……")


def test_the_desk_says_whether_it_is_a_suggestion_a_criticism_or_an_opinion(batch):
    criticism = batch.accepted(5, kind="criticism")
    (found,) = (
        line
        for line in batch.ask(batch.office, "assignment_desk", congress="43", limit=50)
        if line["suggestion"] == criticism
    )
    assert found["kind_label"] == "批评"


def test_who_came_and_what_was_said_is_recorded(batch):
    batch.do(batch.office, "issue_batch", batch.batch)
    people = [
        {"body": "省税务局", "person": "局长甲", "came": True},
        {"body": "省人社厅", "person": "厅长乙"},
    ]
    assert batch.do(batch.office, "record_attendance", batch.batch, attendance=people)["came"] == 1
    speeches = [{"unit": "省税务局", "how": "spoken", "text": "件件有着落。"}]
    batch.do(batch.office, "record_minutes", batch.batch, minutes="会议部署了办理工作。", speeches=speeches)
    held = of_batch(batch)["meeting"]
    assert (held["minutes"], held["speeches"][0]["unit"]) == ("会议部署了办理工作。", "省税务局")
    told = batch.events(batch.batch, "meeting.held")[-1]
    assert (told["invited"], told["came"]) == (2, 1)


def test_minutes_are_not_written_before_the_meeting(batch):
    batch.network.on(date(2023, 2, 18))
    batch.do(batch.office, "issue_batch", batch.batch)
    with pytest.raises(Invalid, match="2023-02-20才召开"):
        batch.do(batch.office, "record_minutes", batch.batch, minutes="……")


def test_each_unit_has_its_list(batch):
    lists = batch.ask(batch.office, "batch_by_unit", id=batch.batch)
    shown = {
        unit["name"]: [(line["number"], line["role_label"], line["lead_unit"]) for line in unit["lines"]]
        for unit in lists["units"]
    }
    assert shown == {
        "省税务局": [("第十四届一次会议第0001号", "主办", "省税务局")],
        "省人社厅": [("第十四届一次会议第0001号", "会办", "省税务局")],
        "省财政厅": [("第十四届一次会议第0002号", "主办", "省财政厅")],
    }
    with pytest.raises(NotFound):
        batch.ask(unit_clerk(batch.tax), "batch_by_unit", id=batch.batch)


def test_a_government_s_own_office_is_asked_with_it_and_answers_for_it(batch):
    office = new_id()
    said = {"name": "市政府办公厅", "short": "", "kind": "distributing", "parent": batch.city, "active": True}
    batch.network.tell("unit.recorded.v1", office, CITY, **said)
    officer = Actor("officer", "交办员甲", (Role("distributing", CITY, unit=office),))
    put(batch, batch.second, lead=batch.city)
    with pytest.raises(Invalid, match="已经过去"):
        batch.do(batch.office, "consult_units", batch.batch, answer_by="2023-02-19")
    batch.do(batch.office, "consult_units", batch.batch, answer_by="2023-02-21")
    (line,) = batch.ask(officer, "assignment_waiting")
    assert (line["suggestion"], line["what"], line["light"]) == (batch.second, "答复预征求意见", "yellow")
    assert batch.events(batch.second, "unit.consulted")[0]["desk"] == office
    batch.do(officer, "answer_consultation", batch.second, agrees="no", words="属于省级事权")
    assert batch.ask(officer, "assignment_waiting") == [] == waiting(batch, batch.city)
    assert of_batch(batch)["lines"][1]["doubts"] == ["长沙市人民政府不同意承办：属于省级事权"]


def test_what_is_drawn_up_waits_for_its_meeting_is_moved_and_given_up_with_reasons(batch):
    def waits():
        return [
            (line["what"], line["due_on"], line["light"])
            for line in batch.ask(batch.office, "assignment_waiting")
            if line["command"] == "issue_batch"
        ]

    assert waits() == [("交办会后集中交办 2 件", "2023-02-20", "yellow")]
    batch.do(batch.distributing, "move_batch", batch.batch, meeting_on="2023-02-27", reason="会议改期。")
    assert waits() == [("交办会后集中交办 2 件", "2023-02-27", "green")]
    batch.do(batch.office, "take_out_of_batch", batch.batch, suggestion=batch.second)
    batch.do(batch.office, "discard_batch", batch.batch, reason="并入下一次交办会。")
    assert waits() == [] and batch.handling(batch.first)["batch"] == ""
    told = [e["type"] for e in batch.network.published("assignment", batch.batch)]
    assert told == [
        f"batch.{what}.v1" for what in ("drawn", "listed", "listed", "moved", "unlisted", "discarded")
    ]
    assert batch.events(batch.batch, "batch.listed")[0]["joint"] == [{"id": batch.hr, "name": "省人社厅"}]
    with pytest.raises(WrongState):
        batch.do(batch.office, "issue_batch", batch.batch)
    batch.do(batch.office, "assign_suggestion", batch.first, lead=batch.tax)
