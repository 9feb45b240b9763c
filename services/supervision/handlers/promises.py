"""Commitments: what people do about a promise, and the lists and counts of what is left (清零)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.projecting import line_of
from services.supervision.handlers.projecting import record_commitment as record
from services.supervision.handlers.questions import in_days
from services.supervision.handlers.sight import Condition, Sight, within
from services.supervision.model.commitments import STATES, Commitment, Slip
from services.supervision.model.deadlines import LIGHT_LABELS
from services.supervision.model.ledger import UNIT_PEOPLE, Line
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.problems import Invalid
from shared.terms import UNFINISHED_PROMISES
from shared.work import Work

DAYS_AHEAD = 30
MOST_WAITING = 100

# --- what people do -----------------------------------------------------------------------------------------


def record_commitment(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Record a promise by hand: of a reply on paper, or one that was made in talk."""
    unit = next((task.unit for task in line.live_tasks if task.unit.id == data["unit"]), None)
    if unit is None:
        raise Invalid("没有找到这个承办单位。", {"unit": ["请选择承办这件建议的单位。"]})
    speaks_for_all = work.actor.has("liaison", line.congress)
    if not speaks_for_all and unit.id not in work.actor.units(*UNIT_PEOPLE):
        raise Invalid("只能登记本单位的承诺。", {"unit": ["请选择本单位。"]})
    if line.heading and data["due_on"] <= line.heading.assigned_on:
        raise Invalid("完成期限有误。", {"due_on": ["完成期限应当晚于交办日期。"]})
    commitment = Commitment(
        id=new_id(), congress=line.congress, suggestion=line.id, unit=unit, text=data["text"], due_on=data["due_on"],
        done_when=data["done_when"], leader=data["leader"], deputies=sorted(line.deputies()), recorded_at=work.now,
    )  # fmt: skip
    record(work, line, commitment)
    return {"commitment": commitment.id}


def report_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """How far the unit has come."""
    commitment.report(data["text"], work.actor, work.now)
    _tell(work, commitment, "commitment.progressed", text=data["text"])


def keep_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """Done: reported by the unit, closed by the congress (销号)."""
    if commitment.keep(
        data["evidence"], data["kept_on"], work.actor, work.today, _settled_by_unit(work, commitment)
    ):
        _tell_kept(work, commitment)
    else:
        kept_on: date = data["kept_on"]
        _tell(
            work,
            commitment,
            "commitment.reported",
            evidence=commitment.evidence,
            kept_on=kept_on.isoformat(),
        )


def confirm_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """The congress confirms that it is done."""
    commitment.confirm(work.actor)
    _tell_kept(work, commitment)


def refuse_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """The congress does not take it for done."""
    commitment.refuse(data["reason"], work.actor, work.now)
    _tell(work, commitment, "keeping.refused", reason=data["reason"])


def slip_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """Ask for a new date, or give it, with the reason."""
    slip = commitment.slip(
        data["explanation"], data["due_on"], work.actor, work.now, work.today, _settled_by_unit(work, commitment)
    )  # fmt: skip
    if slip:
        _tell_slipped(work, commitment, slip)
        return
    new: date = data["due_on"]
    _tell(
        work, commitment, "slip.asked", explanation=data["explanation"], before=commitment.due_on.isoformat(),
        due_on=new.isoformat(),
    )  # fmt: skip


def decide_slip(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """The congress gives the new date, or holds to the old one."""
    if data["accept"]:
        _tell_slipped(work, commitment, commitment.accept_slip())
        return
    commitment.refuse_slip(data["reason"], work.actor, work.now)
    _tell(work, commitment, "slip.refused", reason=data["reason"], due_on=commitment.due_on.isoformat())


def withdraw_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """The congress says that it does not stand any more."""
    commitment.withdraw(data["reason"], work.actor, work.now)
    _tell(work, commitment, "commitment.withdrawn", reason=data["reason"])


def _settled_by_unit(work: Work, commitment: Commitment) -> bool:
    """Does the place leave it to its units? As it held when the promise was recorded."""
    on = legal_date(commitment.recorded_at)
    return bool(work.practices.settings("commitments", commitment.congress, on=on)["settled_by"] == "unit")


def _tell_kept(work: Work, commitment: Commitment) -> None:
    kept_on = t.day_text(commitment.kept_on)
    _tell(
        work,
        commitment,
        "commitment.kept",
        evidence=commitment.evidence,
        kept_on=kept_on,
        late=commitment.late,
    )


def _tell_slipped(work: Work, commitment: Commitment, slip: Slip) -> None:
    _tell(
        work, commitment, "commitment.slipped", explanation=slip.explanation, before=slip.before.isoformat(),
        due_on=slip.due_on.isoformat(),
    )  # fmt: skip


def _tell(work: Work, commitment: Commitment, name: str, **data: Any) -> None:
    """Tell of a commitment as something about its suggestion."""
    line = line_of(work, commitment.suggestion, commitment.congress)
    line.record(name, work.now, work.actor, commitment=commitment.id, unit=commitment.unit.as_data(), **data)
    work.save(t.lines, line)


# --- lists and counts ---------------------------------------------------------------------------------------


def commitments(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Commitments of the congresses one oversees, of one's units and of one's own suggestions, by date."""
    return commitments_where(
        work, Sight(work.actor).commitments(), *_filters(params, work.today), limit=params["limit"]
    )


def _filters(params: dict[str, Any], today: date) -> Iterable[Condition]:
    c, of = t.commitments.c, t.ledger.c
    if params["congress"]:
        yield c.congress == params["congress"]
    if params["unit"]:
        yield c.unit_id == params["unit"]
    if params["year"]:
        yield of.year_descending == -params["year"]
    if params["session"]:
        yield of.session == params["session"]
    if params["term"]:
        yield of.session.startswith(params["term"], autoescape=True)
    if params["reply_class"]:
        yield of.reply_class == params["reply_class"]
    state = params.get("state", "")
    if state == "overdue":
        yield c.state.in_(UNFINISHED_PROMISES)
        yield c.due_on < today.isoformat()
    elif state == "left":
        yield c.state.in_(UNFINISHED_PROMISES)
    elif state in STATES:
        yield c.state == state
    elif state:
        known = {**STATES, "left": "未销号", "overdue": "已逾期"}
        choices = "、".join(f"{label}（{name}）" for name, label in known.items())
        raise Invalid("没有这种状态。", {"state": [f"请从{choices}中选择。"]})


def commitment_counts(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{total, left, overdue, reported, kept, by: {session, year, unit, class}} of what the person may see and what stands.

    Each line of `by` has the key, what to call it, and the same counts.
    """
    c, of, today = t.commitments.c, t.ledger.c, work.today
    is_left = c.state.in_(UNFINISHED_PROMISES)
    groups = (of.session, of.year_descending, of.reply_class, c.unit_id)
    query = (
        sa.select(
            *groups,
            sa.func.count().label("total"),
            _sum(is_left).label("left"),
            _sum(sa.and_(is_left, c.due_on < today.isoformat())).label("overdue"),
            _sum(c.state == "reported").label("reported"),
            _sum(c.state == "kept").label("kept"),
        )
        .outerjoin(t.ledger, of.id == c.suggestion_id)
        .where(Sight(work.actor).commitments(), c.state != "withdrawn", *_filters(params, today))
        .group_by(*groups)
    )
    by: dict[str, dict[str, dict[str, Any]]] = {
        name: {} for name in ("session", "year", "unit", "reply_class")
    }
    whole = dict.fromkeys(COUNTS, 0)
    for row in work.connection.execute(query):
        keys = (row.session, str(-(row.year_descending or 0)), row.unit_id, row.reply_class)
        lines = [
            by[name].setdefault(key or "", dict.fromkeys(COUNTS, 0))
            for name, key in zip(BY, keys, strict=True)
        ]
        for counts in (whole, *lines):
            for name in COUNTS:
                counts[name] += int(row._mapping[name])
    names = _unit_names(work, list(by["unit"]))
    return {
        **whole,
        "by": {
            name: [
                {"key": key, "label": names.get(key, key) if name == "unit" else key, **counts}
                for key, counts in sorted(lines.items(), key=lambda line: (-line[1]["left"], line[0]))
            ]
            for name, lines in by.items()
        },
    }


BY = ("session", "year", "unit", "reply_class")
COUNTS = ("total", "left", "overdue", "reported", "kept")


def _sum(condition: Condition) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _unit_names(work: Work, ids: list[str]) -> dict[str, str]:
    """The name under which each unit promised last."""
    if not ids:
        return {}
    c = t.commitments.c
    query = (
        sa.select(c.unit_id, sa.func.max(c.unit_name).label("name"))
        .where(c.unit_id.in_(ids))
        .group_by(c.unit_id)
    )
    return {row.unit_id: row.name for row in work.connection.execute(query)}


def commitments_where(work: Work, *conditions: Condition, limit: int) -> list[dict[str, Any]]:
    """The commitments that meet the conditions, by date."""
    c, of = t.commitments.c, t.ledger.c
    query = (
        sa.select(t.commitments, of.number, of.title, of.session, of.year_descending, of.reply_class)
        .outerjoin(t.ledger, of.id == c.suggestion_id)
        .where(*conditions)
        .order_by(c.due_on, c.id)
        .limit(limit)
    )
    rows = work.connection.execute(query).all()
    found = t.commitment_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    return [_commitment(work, found[row.id], row) for row in rows]


def _commitment(work: Work, commitment: Commitment, row: Any) -> dict[str, Any]:
    actor, today = work.actor, work.today
    kept_on = commitment.kept_on if commitment.is_kept else None
    shown = light_at(work, commitment.congress, commitment.due_on, kept_on)
    asked, gone = commitment.slip_asked, commitment.withdrawn
    return {
        "id": commitment.id, "version": commitment.version, "suggestion": commitment.suggestion, "congress": commitment.congress,
        "number": row.number or "", "title": row.title or "", "session": row.session or "", "year": -(row.year_descending or 0),
        "reply_class": row.reply_class or "", "unit": commitment.unit.as_data(), "text": commitment.text,
        "done_when": commitment.done_when, "leader": commitment.leader,
        "due_on": commitment.due_on.isoformat(), "state": commitment.state, "state_label": STATES[commitment.state],
        "light": "" if gone else shown.value, "light_label": "不再计算" if gone else LIGHT_LABELS[shown],
        "days_left": (commitment.due_on - today).days,
        "withdrawn": {"at": gone.at.isoformat(), "by": gone.by, "reason": gone.reason} if gone else None,
        "kept_on": t.day_text(commitment.kept_on), "late": commitment.late, "evidence": commitment.evidence,
        "kept_by": commitment.kept_by, "confirmed_by": commitment.confirmed_by,
        "slips": [
            {
                "at": slip.at.isoformat(), "by": slip.by, "before": slip.before.isoformat(),
                "due_on": slip.due_on.isoformat(), "explanation": slip.explanation,
            }
            for slip in commitment.slips
        ],
        "slip_asked": {"by": asked.by, "due_on": asked.due_on.isoformat(), "explanation": asked.explanation} if asked else None,
        "progress": [{"at": one.at.isoformat(), "by": one.by, "text": one.text} for one in commitment.progress],
        "refused": [
            {"at": one.at.isoformat(), "by": one.by, "what": one.what, "reason": one.reason} for one in commitment.refused
        ],
        "may": commitment.may(actor),
    }  # fmt: skip


# --- to do --------------------------------------------------------------------------------------------------


def promises_waiting(work: Work) -> list[dict[str, Any]]:
    """For units their promises of the next 30 days, for the liaison office what units report or ask for."""
    units, offices = (
        sorted(work.actor.units(*UNIT_PEOPLE)),
        sorted(work.actor.congresses("liaison")),
    )
    c, found = t.commitments.c, []
    if units:
        soon = (c.state == "open", c.due_on <= in_days(work.today, DAYS_AHEAD))
        found += _waiting(work, within(c.unit_id, units), *soon)
    if offices:
        found += _waiting(work, within(c.congress, offices), c.state.in_(("reported", "slip_asked")))
    return found


WAITS_FOR = {
    "open": ("keep_commitment", "兑现承诺，报告完成"),
    "reported": ("confirm_commitment", "核实后确认销号"),
    "slip_asked": ("decide_slip", "决定承诺是否延期"),
}


def _waiting(work: Work, *conditions: Condition) -> list[dict[str, Any]]:
    c, of = t.commitments.c, t.ledger.c
    rows = work.connection.execute(
        sa.select(
            c.id, c.suggestion_id, c.congress, c.unit_id, c.unit_name, c.state, c.due_on, of.number, of.title
        )
        .outerjoin(t.ledger, of.id == c.suggestion_id)
        .where(*conditions)
        .order_by(c.due_on, c.id)
        .limit(MOST_WAITING)
    )
    return [
        {
            "suggestion": row.suggestion_id, "title": row.title or "", "number": row.number or "", "congress": row.congress,
            "command": WAITS_FOR[row.state][0], "what": WAITS_FOR[row.state][1], "commitment": row.id,
            "unit": row.unit_id, "unit_name": row.unit_name, "due_on": row.due_on,
            "light": light_at(work, row.congress, date.fromisoformat(row.due_on)).value,
        }
        for row in rows
    ]  # fmt: skip
