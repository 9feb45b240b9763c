"""What people ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.intake import tables
from services.intake.handlers import checking, duties, encounters, key, picking, voices
from services.intake.handlers.choosing import reasons_at
from services.intake.handlers.key import OFFICES
from services.intake.model import READERS, RULES, Suggestion
from services.intake.tables import store
from shared.problems import Invalid, NotAllowed, NotFound
from shared.store import converter
from shared.work import Work

ON_DESK = [state for state in RULES.states if state not in ("new", "draft", "discarded")]
OWN = {"lead_deputy", "cosigner", "invited", "delegation_head", "system"}
TO_REPLACE = {"command": "replace_lead", "what": "更换领衔代表"}
LEFT_ALONE = {"command": "treat_as_letter", "what": "领衔代表资格终止，没有人接替，可以转作来信"}


def suggestion(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    found = store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这件建议。")
    body = converter.unstructure(found)
    for inner in ("recorded", "returned", "found", "voices_joined"):
        body.pop(inner)
    if not found.relations(work.actor) & OFFICES:
        body.pop("key_proposals")
        body.pop("picked")
    changes = found.changes()
    if found.state == "returned" and not found.relations(work.actor) & OWN:
        # What its deputies are writing now was not handed in again: the office reads what it returned.
        body |= found.returned[-1].text
        changes = []
    if not _knows_how_it_came_about(work, found):
        body["history"], changes = [], []
        body["invitations"] = [i for i in body["invitations"] if i["answer"] == "accepted"]
    return {
        **body,
        "cosigners": [converter.unstructure(c) for c in found.cosigners],
        "checks": checking.checks_of(work, found),
        "changes": changes,
        "may": found.may(work.actor),
    }


def _knows_how_it_came_about(work: Work, suggestion: Suggestion) -> bool:
    """Whom the deputies asked, and how the text came about, is theirs and the liaison office's to know."""
    return not suggestion.relations(work.actor) <= {*READERS, "unit", "office_above"}


def versions(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    found = store.get(work.connection, params["id"])
    if found is None or not found.submitted_on or not _knows_how_it_came_about(work, found):
        raise NotFound("没有找到这件建议。")
    earlier = [
        {"submitted_on": v.submitted_on, "returned_on": v.returned_on, "reason": v.reason, **v.text}
        for v in found.returned
    ]
    is_revised = found.state == "returned"  # what the deputy is writing now was not submitted yet
    now = {"submitted_on": found.submitted_on, "returned_on": None, "reason": "", **found.text()}
    return earlier if is_revised else [*earlier, now]


def findings_of(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """What there is to say about a text that is not saved yet."""
    congress, kind, category = params.pop("congress"), params.pop("kind"), params.pop("category")
    found = checking.found_in(work, congress, params, kind, category)
    return checking.checklist(found, reasons_at(work, congress))


def my_suggestions(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    seats = list(work.actor.seats)
    invited = sa.select(tables.invitations.c.suggestion_id).where(
        tables.invitations.c.deputy_id.in_(seats), tables.invitations.c.answer != "declined"
    )
    t = tables.suggestions.c
    mine = sa.or_(t.lead_id.in_(seats), t.id.in_(invited))
    return _lines(work, mine, t.state != "discarded", order=(t.id.desc(),), limit=params["limit"])


def review_desk(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    if not work.actor.has("liaison", params["congress"]):
        raise NotAllowed("只有本级联工委可以查看审查台。")
    t = tables.suggestions.c
    state = params["state"] or "submitted"
    if state not in ON_DESK:  # a draft is its deputies' alone
        raise Invalid("没有这一栏。", {"state": [f"请从“{'、'.join(ON_DESK)}”中选择。"]})
    newest = state != "submitted"
    order = (t.submitted_on.desc(), t.id.desc()) if newest else (t.submitted_on, t.id)
    of_desk = [t.congress == params["congress"], t.state == state]
    if words := params["text"]:
        of_desk.append(sa.or_(*(column.contains(words, autoescape=True) for column in (t.title, t.number))))
    if last := params["after"]:
        place = sa.select(t.submitted_on, t.id).where(t.id == last, t.congress == params["congress"])
        row = work.connection.execute(place).first()
        if row is None:
            raise Invalid("没有这一页，请从第一页看起。", {"after": ["没有找到上一页最后一件建议。"]})
        here = sa.tuple_(t.submitted_on, t.id)
        of_desk.append(here < sa.tuple_(*row) if newest else here > sa.tuple_(*row))
    lines = _lines(work, *of_desk, more=(t.beside,), order=order, limit=params["limit"])
    return [
        {**line, **_beside(work, beside), "title": beside.get("title", line["title"])}
        for line in lines
        for beside in [line.pop("beside")]
    ]


def _beside(work: Work, kept: dict[str, Any]) -> dict[str, Any]:
    """What the desk says beside the title: who leads, with how many others, how often submitted, what was found."""
    found = [{"code": code, "label": checking.label_of(work, code)} for code in kept.get("findings", ())]
    return {
        "lead": kept.get("lead", ""), "cosigners": kept.get("cosigners", 0), "times": kept.get("times", 1), "findings": found,
        "delegation": kept.get("delegation", ""), "hand_up": kept.get("hand_up", ""), "receiver": kept.get("receiver", ""), "answered_on": kept.get("answered_on", ""),
    }  # fmt: skip


def waiting(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Drafts and returned ones wait for their lead deputy, invitations for the invited, submitted ones for the office."""
    t = tables.suggestions.c
    found = []
    if seats := list(work.actor.seats):
        for line in _lines(work, t.lead_id.in_(seats), t.state.in_(["draft", "returned"])):
            found.append({**line, "command": "submit_suggestion", "what": "完善并提交"})
        found += _invited(work, seats)
        for line in _lines(work, t.asked_head.in_(seats)):
            found.append({**line, "command": "confirm_for_delegation", "what": "代表团确认"})
    if offices := list(work.actor.congresses("liaison")):
        for line in _lines(work, t.congress.in_(offices), t.state == "submitted"):
            found.append({**line, "command": "accept_suggestion", "what": "审查立案"})
        for line in _lines(work, t.congress.in_(offices), t.needs_lead.is_(True), more=(t.beside,)):
            has_successors = bool(line.pop("beside").get("cosigners"))
            found.append({**line, **(TO_REPLACE if has_successors else LEFT_ALONE)})
        for answer, command, what in (
            ("waiting", "take_over", "接收下级转交"),
            ("taken", "answer_hand_up", "答复下级转交"),
        ):
            for line in _lines(work, t.handed_to.in_(offices), t.state == "handed_up", t.hand_up == answer):
                found.append({**line, "command": command, "what": what})
    return [
        *found,
        *encounters.waiting(work),
        *duties.waiting(work),
        *voices.waiting(work),
        *picking.waiting(work),
        *key.waiting(work),
    ]


def _invited(work: Work, seats: list[str]) -> list[dict[str, Any]]:
    """Who is asked to cosign, by the day to answer by; yellow from the day before. What has lapsed waits for nobody."""
    i, today, tomorrow = (
        tables.invitations.c,
        work.today.isoformat(),
        (work.today + timedelta(days=1)).isoformat(),
    )
    open_ones = (
        i.answer == "asked_again",
        sa.and_(i.answer == "invited", sa.or_(i.answer_by == "", i.answer_by >= today)),
    )
    rows = work.connection.execute(
        sa.select(i.suggestion_id, i.answer, i.answer_by).where(i.deputy_id.in_(seats), sa.or_(*open_ones))
    )
    asked = {row.suggestion_id: row for row in rows}
    t, found = tables.suggestions.c, []
    for line in _lines(work, t.id.in_(list(asked)), t.state.in_(["draft", "returned"])):
        invitation = asked[line["id"]]
        due_on = invitation.answer_by
        light = {"due_on": due_on, "light": "yellow" if due_on <= tomorrow else "green"} if due_on else {}
        what = "正文已修改，是否仍附议" if invitation.answer == "asked_again" else "是否附议"
        found.append({**line, **light, "command": "accept_cosigning", "what": what})
    return found


def _lines(
    work: Work, *conditions: Any, more: tuple[Any, ...] = (), order: tuple[Any, ...] = (), limit: int = 100
) -> list[dict[str, Any]]:
    """Lines of a list, what was submitted first at first unless another order is wanted."""
    t = tables.suggestions.c
    columns = (t.id, t.congress, t.state, t.number, t.title, t.submitted_on, t.version, *more)
    found = sa.select(*columns).where(*conditions).order_by(*(order or (t.submitted_on, t.id)))
    rows = work.connection.execute(found.limit(limit))
    return [{**row._mapping, "suggestion": row.id, "state_label": RULES.states[row.state]} for row in rows]
