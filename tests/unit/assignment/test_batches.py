"""A batch is drawn up line by line, says what stands against issuing it, and is issued at once or not at all."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from harness import liaison

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed, NotFound, WrongState


@pytest.fixture
def batch(place):
    data = {"congress": "43", "name": "省十四届人大一次会议交办会", "meeting_on": "2023-02-20"}
    return place.do(place.office, "draw_up_batch", **data)["id"]


def put(place, batch, suggestion, **units):
    return place.do(place.office, "put_in_batch", batch, suggestion=suggestion, **units)


def shown(place, batch):
    return place.ask(place.office, "batch", id=batch)


def test_a_whole_meeting_is_assigned_at_once(place, batch):
    ids = [place.accepted(n) for n in (1, 2, 3)]
    for id in ids[:2]:
        assert put(place, batch, id, lead=place.tax, joint=[place.hr])["objections"] == []
    put(place, batch, ids[2], separate=[place.tax, place.medical])
    answer = place.do(place.office, "issue_batch", batch)
    assert (answer["count"], answer["state"]) == (3, "issued")
    for id in ids:
        assert place.handling(id)["state"] == "assigned"
        told = place.events(id, "suggestion.assigned")
        assert [(t["batch"], t["assigned_on"]) for t in told] == [(batch, "2023-02-20")]
    assert place.events(batch, "batch.issued")[0]["count"] == 3
    assert len(place.ask(place.office, "assignment_desk", congress="43")) == 0


def test_it_is_issued_on_the_day_of_issue(place, batch):
    id = place.accepted()
    put(place, batch, id, lead=place.tax)
    place.network.on(date(2023, 2, 23))
    place.do(place.office, "issue_batch", batch)
    assert place.events(id, "suggestion.assigned")[0]["assigned_on"] == "2023-02-23"
    assert shown(place, batch)["issued_on"] == "2023-02-23"


def test_one_objection_holds_all_back(place, batch):
    good, without = place.accepted(1), place.accepted(2)
    put(place, batch, good, lead=place.tax)
    assert "请选择主办单位" in put(place, batch, without)["objections"][0]
    with pytest.raises(Invalid) as refusal:
        place.do(place.office, "issue_batch", batch)
    assert "第0002号《关于第2件事的建议》" in refusal.value.errors["lines"][0]
    assert place.handling(good)["state"] == "waiting"
    assert place.events(good) == []
    assert shown(place, batch)["state"] == "drawn"


def objections(place, batch):
    return [objection for line in shown(place, batch)["lines"] for objection in line["objections"]]


def test_what_stands_against_issuing_is_said_line_by_line(place, batch):
    ids = [place.accepted(n) for n in range(1, 6)]
    for id in ids:
        put(place, batch, id, lead=place.finance)
    put(place, batch, ids[0], lead=place.tax, joint=[place.tax])
    place.do(place.office, "assign_suggestion", ids[1], lead=place.hr)
    place.network.tell("suggestion.merged.v1", ids[2], into=ids[0], into_number="", deputies=[], reason="")
    place.close_unit(place.finance, "省财政厅")
    assert objections(place, batch) == [
        "主办单位不能同时是会办单位。",
        "已经交办。", "省财政厅没有登记或已经停用。",
        "已经并入另一件建议。", "省财政厅没有登记或已经停用。",
        "省财政厅没有登记或已经停用。",
        "省财政厅没有登记或已经停用。",
    ]  # fmt: skip
    assert shown(place, batch)["objections"] == 7


def test_a_suggestion_is_in_one_batch_only(place, batch):
    id = place.accepted()
    put(place, batch, id, lead=place.tax)
    other = place.do(place.office, "draw_up_batch", congress="43", name="第二批", meeting_on="2023-03-01")[
        "id"
    ]
    assert "省十四届人大一次会议交办会" in put(place, other, id, lead=place.tax)["objections"][0]
    place.do(place.office, "take_out_of_batch", batch, suggestion=id)
    assert objections(place, other) == []


def test_a_line_taken_out_waits_on_the_desk_again(place, batch):
    id = place.accepted()
    put(place, batch, id, lead=place.tax)
    assert place.ask(place.office, "assignment_desk", congress="43")[0]["batch"] == batch
    place.do(place.office, "take_out_of_batch", batch, suggestion=id)
    assert place.ask(place.office, "assignment_desk", congress="43")[0]["batch"] == ""
    with pytest.raises(Invalid, match="不在批次里"):
        place.do(place.office, "take_out_of_batch", batch, suggestion=id)


def test_putting_in_again_changes_the_units(place, batch):
    id = place.accepted()
    for unit in (place.tax, place.hr):
        put(place, batch, id, lead=unit)
    lines = shown(place, batch)["lines"]
    assert [line["lead"]["name"] for line in lines] == ["省人社厅"]


def test_lead_and_separate_units_are_refused_at_once(place, batch):
    id = place.accepted()
    with pytest.raises(Invalid) as refusal:
        put(place, batch, id, lead=place.tax, separate=[place.hr, place.medical])
    assert "separate" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        put(place, batch, id, lead=place.foreign)
    assert "lead" in refusal.value.errors


def test_only_what_waits_is_put_in(place, batch):
    with pytest.raises(Invalid, match="已交办"):
        put(place, batch, place.assigned(), lead=place.tax)
    with pytest.raises(Invalid, match="没有找到"):
        put(place, batch, new_id(), lead=place.tax)
    with pytest.raises(Invalid, match="没有找到"):
        put(place, batch, place.accepted(9, congress="44"), lead=place.tax)


def test_an_issued_batch_stays_as_it_is(place, batch):
    id = place.accepted()
    with pytest.raises(Invalid, match="还没有建议"):
        place.do(place.office, "issue_batch", batch)
    put(place, batch, id, lead=place.tax)
    place.do(place.office, "issue_batch", batch)
    for command, data in (("issue_batch", {}), ("take_out_of_batch", {"suggestion": id})):
        with pytest.raises(WrongState, match="现在是“已交办”"):
            place.do(place.office, command, batch, **data)
    assert objections(place, batch) == []


def test_batches_are_the_offices_alone(place, people, batch):
    assert [b["name"] for b in place.ask(place.distributing, "batches", congress="43")] == [
        "省十四届人大一次会议交办会"
    ]
    for who in (people.lead, people.clerk, people.neighbour):
        with pytest.raises(NotAllowed):
            place.ask(who, "batches", congress="43")
        with pytest.raises(NotFound):
            place.ask(who, "batch", id=batch)
        with pytest.raises(NotFound):
            place.do(who, "issue_batch", batch)
    with pytest.raises(NotAllowed):
        place.do(liaison("44"), "draw_up_batch", congress="43", name="……", meeting_on="2023-02-20")


def test_a_long_batch_is_issued_in_few_statements(place, batch):
    accepted = [(new_id(), n) for n in range(1, 201)]
    for id, n in accepted:
        place.accepted(n, id=id)
        put_quietly(place, batch, id)
    statements = counted(place)
    place.do(place.office, "issue_batch", batch, settle=False)
    assert len([s for s in statements if "event_log" not in s]) < 12
    assert len(place.network.published("assignment")) == 200 + 200 + 2  # each was listed, then assigned
    with place.network.runtimes["assignment"].database.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM tasks")) == 400
        assert connection.scalar(sa.text("SELECT times FROM allotments")) == 200


def put_quietly(place, batch, id):
    place.network.do(
        place.office,
        "assignment",
        "put_in_batch",
        batch,
        settle=False,
        suggestion=id,
        lead=place.tax,
        joint=[place.hr],
    )


def counted(place):
    """The statements that the service's database is given from now on."""
    statements = []
    engine = place.network.runtimes["assignment"].database.engine
    sa.event.listen(
        engine, "before_cursor_execute", lambda c, cursor, statement, *_: statements.append(statement)
    )
    return statements
