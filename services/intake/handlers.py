"""What intake does: one function per command, query and event."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake import tables
from services.intake.events import catalogue
from services.intake.model import READERS, RULES, KeyMark, Person, Suggestion, numbered, series_of
from services.intake.tables import metadata, store
from shared.contracts import intake as contracts
from shared.handlers import Event, Handlers
from shared.in_hand import people_of
from shared.problems import Invalid, NotAllowed, NotFound
from shared.store import converter
from shared.work import Work

handlers = Handlers(catalogue, metadata)
handlers.keeps("congress", "session", "delegation", "deputy", "unit", "practice")

# --- drafting and cosigning -----------------------------------------------------------------------------------


@handlers.creates(contracts.DRAFT)
def draft(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    congress, delegation = data.pop("congress"), data.pop("delegation")
    work.authorize(RULES, "draft_suggestion", congress)
    seat = next(role.seat for role in work.actor.roles if role.role == "deputy" and role.congress == congress)
    delegation_name = _delegation_of(work, congress, delegation) if delegation else ""
    lead = Person(**work.copies.named("deputy", [seat])[0])
    suggestion = Suggestion.draft(congress, lead, work.actor, work.now, delegation=delegation_name, **data)
    work.save(store, suggestion)
    return {"id": suggestion.id, "version": suggestion.version, "state": suggestion.state}


def _delegation_of(work: Work, congress: str, id: str) -> str:
    own = {
        delegation["id"]: delegation["name"] for delegation in work.copies.of_congress("delegation", congress)
    }
    if id not in own:
        raise Invalid("没有找到这个代表团。", {"delegation": ["没有找到这个代表团，请从本级代表团中选择。"]})
    return str(own[id])


@handlers.changes(contracts.REVISE, store, "件建议")
def revise(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.revise(work.actor, work.now, **data)


@handlers.changes(contracts.DISCARD, store, "件建议")
def discard(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.discard(work.actor, work.now)


@handlers.changes(contracts.INVITE, store, "件建议")
def invite(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    own = {deputy["id"] for deputy in work.copies.of_congress("deputy", suggestion.congress)}
    if foreign := [id for id in data["deputies"] if id not in own]:
        work.copies.missed.update(foreign)
        raise Invalid("只能邀请本级人大代表附议。", {"deputies": [f"不是本级人大代表：{'、'.join(foreign)}"]})
    people = [Person(**named) for named in work.copies.named("deputy", data["deputies"])]
    suggestion.invite(people, work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


@handlers.changes(contracts.COSIGN, store, "件建议")
def cosign(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.cosign(work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


@handlers.changes(contracts.DECLINE, store, "件建议")
def decline(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.decline(data["reason"], work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


@handlers.changes(contracts.SUBMIT, store, "件建议")
def submit(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    session, during = session_at(work, suggestion.congress)
    year = work.today.year
    suggestion.submit(session, during, year, work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


def session_at(work: Work, congress: str) -> tuple[str, bool]:
    """The session that a suggestion submitted today belongs to: the one that is open, else the last one before."""
    today = work.today.isoformat()
    begun = [s for s in work.copies.of_congress("session", congress) if s["opens_on"] <= today]
    if not begun:
        raise Invalid("本级人大还没有登记会议，暂时不能提交。请联系联工委登记会议。")
    last = max(begun, key=lambda session: str(session["opens_on"]))
    return str(last["name"]), today <= last["closes_on"]


# --- review ---------------------------------------------------------------------------------------------------


@handlers.changes(contracts.ACCEPT, store, "件建议")
def accept(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> dict[str, Any]:
    series = series_of(suggestion.session, suggestion.during_session)
    ordinal = tables.next_number(work.connection, suggestion.congress, series)
    number = numbered(series, ordinal)
    suggestion.accept(number, ordinal, data["kind"], data["category"], work.actor, work.now)
    return {"number": number}


@handlers.changes(contracts.RETURN, store, "件建议")
def return_to_deputy(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.return_to_deputy(data["reason_code"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.LETTER, store, "件建议")
def treat_as_letter(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.treat_as_letter(data["reason_code"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.MERGE, store, "件建议")
def merge(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    main = store.get(work.connection, data["into"], lock=True)
    if main is None or not main.relations(work.actor):
        raise Invalid("没有找到要并入的建议。", {"into": ["没有找到这件建议，请重新选择。"]})
    suggestion.merge_into(main, data["reason"], work.actor, work.now)
    if main.id != suggestion.id:
        work.save(store, main)


@handlers.changes(contracts.SPLIT, store, "件建议")
def split(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> dict[str, Any]:
    born = suggestion.split(data["parts"], data["reason"], work.actor, work.now)
    for new in born:
        work.save(store, new)
        tables.write_invitations(work.connection, new)
    return {"parts": [new.id for new in born]}


@handlers.changes(contracts.MAKE_KEY, store, "件建议")
def make_key(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    decided_on = data.pop("decided_on") or work.today
    suggestion.make_key(KeyMark(decided_on=decided_on, **data), work.actor, work.now)


@handlers.creates(contracts.IMPORT_LEDGER)
def import_ledger(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """All rows or none. Answers {added, known}."""
    congress, rows = data["congress"], data["rows"]
    work.authorize(RULES, "import_suggestions", congress)
    deputies = {d["id"]: d["name"] for d in work.copies.of_congress("deputy", congress)}
    units = {u["id"]: u["name"] for u in work.copies.of_congress("unit", congress)}
    known = tables.known_numbers(work.connection, congress, [row["number"] for row in rows])
    new = [row for row in rows if row["number"] not in known]
    _require_sound(work, new, deputies, units)
    for row in new:
        lead, *cosigners = [Person(id, deputies[id]) for id in (row["lead"], *row["cosigners"])]
        suggestion = Suggestion.imported(congress, lead, cosigners, row, work.actor, work.now)
        suggestion.record(
            "ledger.imported", work.now, work.actor, number=suggestion.number, title=suggestion.title,
            category=suggestion.category, deputies=[{"id": d.id, "name": d.name} for d in suggestion.deputies],
            lead_unit=_unit(units, row["lead_unit"]), joint_units=[_unit(units, id) for id in row["joint_units"]],
            assigned_on=_iso(row["assigned_on"]), replied_on=_iso(row["replied_on"]), reply_class=row["reply_class"],
            result=row["result"],
        )  # fmt: skip
        work.save(store, suggestion)
        tables.write_invitations(work.connection, suggestion)
    return {"id": "", "added": len(new), "known": len(rows) - len(new)}


def _require_sound(
    work: Work, rows: list[dict[str, Any]], deputies: dict[str, str], units: dict[str, str]
) -> None:
    errors: dict[str, Any] = {}
    for index, row in enumerate(rows):
        people = [id for id in (row["lead"], *row["cosigners"]) if id not in deputies]
        bodies = [id for id in (row["lead_unit"], *row["joint_units"]) if id and id not in units]
        wrong = [f"不是本级人大代表：{id}" for id in people] + [f"不是本级登记的单位：{id}" for id in bodies]
        assigned_on, replied_on = row["assigned_on"], row["replied_on"]
        if any(day > work.today for day in (assigned_on, replied_on) if day):
            wrong.append("交办日期和答复日期不能晚于今天。")
        if replied_on and (not assigned_on or replied_on < assigned_on):
            wrong.append("答复日期应当不早于交办日期。")
        if wrong:
            errors[str(index)] = wrong
            work.copies.missed.update(people, bodies)
    if errors:
        raise Invalid(f"台账有 {len(errors)} 行填写有误，什么都没有导入。", {"rows": errors})


def _unit(units: dict[str, str], id: str) -> dict[str, str] | None:
    return {"id": id, "name": units[id]} if id else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- what the others tell ---------------------------------------------------------------------------------------


@handlers.on("suggestion.assigned.v1", "task.distributed.v1")
def suggestion_assigned(work: Work, event: Event) -> None:
    """The units that have it now, or a part of it, may read it. Each of these events names them all: the latest counts."""
    suggestion = store.get(work.connection, event["subject"], lock=True)
    if suggestion and event["sequence"] > suggestion.units_told:
        suggestion.units, suggestion.units_told = people_of(event["data"]), event["sequence"]
        work.save(store, suggestion)


@handlers.on("suggestion.closed.v1")
def suggestion_closed(work: Work, event: Event) -> None:
    """What is closed is merged no more."""
    suggestion = store.get(work.connection, event["subject"], lock=True)
    if suggestion:
        suggestion.closed_on = date.fromisoformat(event["data"]["closed_on"])
        work.save(store, suggestion)


# --- questions ------------------------------------------------------------------------------------------------


@handlers.query(contracts.SUGGESTION)
def suggestion(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    found = store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这件建议。")
    body = converter.unstructure(found)
    body.pop("recorded")
    if found.relations(work.actor) <= {*READERS, "unit"}:
        # Whom the deputies asked, and how the text came about, is theirs and the liaison office's to know.
        body["history"], body["invitations"] = (
            [],
            [i for i in body["invitations"] if i["answer"] == "accepted"],
        )
    return {
        **body,
        "cosigners": [converter.unstructure(c) for c in found.cosigners],
        "may": found.may(work.actor),
    }


@handlers.query(contracts.MY_SUGGESTIONS)
def my_suggestions(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    seats = list(work.actor.seats)
    invited = sa.select(tables.invitations.c.suggestion_id).where(
        tables.invitations.c.deputy_id.in_(seats), tables.invitations.c.answer != "declined"
    )
    t = tables.suggestions.c
    mine = sa.or_(t.lead_id.in_(seats), t.id.in_(invited))
    return _lines(work, mine, t.state != "discarded", newest=True, limit=params["limit"])


@handlers.query(contracts.REVIEW_DESK)
def review_desk(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    if not work.actor.has("liaison", params["congress"]):
        raise NotAllowed("只有本级联工委可以查看审查台。")
    t = tables.suggestions.c
    state = params["state"] or "submitted"
    of_desk = (t.congress == params["congress"], t.state == state)
    return _lines(work, *of_desk, newest=state != "submitted", limit=params["limit"])


@handlers.query(contracts.WAITING)
def waiting(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Drafts and returned ones wait for their lead deputy, invitations for the invited, submitted ones for the office."""
    t, i = tables.suggestions.c, tables.invitations.c
    found = []
    if seats := list(work.actor.seats):
        for line in _lines(work, t.lead_id.in_(seats), t.state.in_(["draft", "returned"])):
            found.append({**line, "command": "submit_suggestion", "what": "完善并提交"})
        asked = sa.select(i.suggestion_id).where(i.deputy_id.in_(seats), i.answer == "invited")
        for line in _lines(work, t.id.in_(asked), t.state.in_(["draft", "returned"])):
            found.append({**line, "command": "accept_cosigning", "what": "是否附议"})
    if offices := list(work.actor.congresses("liaison")):
        for line in _lines(work, t.congress.in_(offices), t.state == "submitted"):
            found.append({**line, "command": "accept_suggestion", "what": "审查立案"})
    return found


def _lines(work: Work, *conditions: Any, newest: bool = False, limit: int = 100) -> list[dict[str, Any]]:
    t = tables.suggestions.c
    columns = (t.id, t.congress, t.state, t.number, t.title, t.submitted_on, t.version)
    order = (t.id.desc(),) if newest else (t.submitted_on, t.id)
    rows = work.connection.execute(sa.select(*columns).where(*conditions).order_by(*order).limit(limit))
    return [{**row._mapping, "suggestion": row.id, "state_label": RULES.states[row.state]} for row in rows]
