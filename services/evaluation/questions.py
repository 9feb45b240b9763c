"""What evaluation answers: each person sees what is theirs to see, and nothing tells of the rest."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.figures import FIGURES, OF_CONGRESS, Figure, percent
from services.evaluation.model.parts import Form, Reply
from services.evaluation.model.rules import OVERSEERS, RULES
from services.evaluation.model.score import UnitScore
from shared.events import ROOT
from shared.identity import Actor
from shared.problems import Invalid, NotAllowed, NotFound
from shared.store import converter
from shared.terms import UNIT_KINDS
from shared.work import Work

LONGEST_LIST = 200

# --- one suggestion -----------------------------------------------------------------------------------


def evaluation(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """Overseers and the suggestion's units see every form; a deputy sees the own ones and how many are in."""
    found = t.store.get(work.connection, params["id"])
    relations = found.relations(work.actor) if found else frozenset()
    if found is None or not relations:
        raise NotFound("没有找到这件建议的评价。")
    sees_all = bool(relations & {*OVERSEERS, "unit", "system"})
    state = found.state_on(work.today)
    until = found.feedback_until
    return {
        "id": found.id,
        "suggestion": found.id,
        "congress": found.congress,
        "number": found.number,
        "title": found.title,
        "category": found.category,
        "year": found.year,
        "key": found.key,
        "version": found.version,
        "state": state,
        "state_label": RULES.states[state],
        "merged_into": found.merged_into,
        "feedback_until": until.isoformat() if until else "",
        "replies": [
            _reply(found, reply, work.actor, sees_all) for reply in sorted(found.replies, key=_by_round)
        ],
        "ledger": converter.unstructure(found.ledger) if sees_all else None,
        "closed_on": found.closed_on.isoformat() if found.closed_on else "",
        "closing_note": found.closing_note,
        "published_on": found.published_on.isoformat() if found.published_on else "",
        "with_feedback": found.with_feedback,
        "history": [converter.unstructure(step) for step in found.history] if sees_all else [],
        "may": found.may_now(work.actor, work.today),
    }


def _reply(found: Evaluation, reply: Reply, actor: Actor, sees_all: bool) -> dict[str, Any]:
    shown = [form for form in reply.forms if sees_all or form.deputy.id in actor.seats]
    may_order = found.may_be_rehandled(reply) and actor.has("liaison", found.congress)
    return {
        "reply": reply.id,
        "task": reply.task,
        "unit": converter.unstructure(reply.unit),
        "role": reply.role,
        "round": reply.round,
        "reply_class": reply.reply_class,
        "publicity": reply.publicity,
        "issued_on": reply.issued_on.isoformat(),
        "newest": found.is_newest(reply),
        "given": sum(form.given for form in reply.forms),
        "of": len(reply.forms),
        "forms": [_form(form) for form in shown],
        "rehandling": converter.unstructure(reply.rehandling) if reply.rehandling else None,
        "may_judge": found.open_form(reply, actor.seats) is not None,
        "may_rehandle": may_order,
    }


def _form(form: Form) -> dict[str, Any]:
    return {**converter.unstructure(form), "given": form.given}


def _by_round(reply: Reply) -> tuple[int, str, str]:
    return reply.round, reply.issued_on.isoformat(), reply.id


# --- to do --------------------------------------------------------------------------------------------

TO_DO = {
    "order_rehandling": "代表不满意，要求再次办理",
    "close_suggestion": "办结",
    "publish_suggestion": "公开",
}


def waiting(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Forms wait for their deputies, one line for each reply; the office is to order, close and publish."""
    found: list[dict[str, Any]] = []
    if seats := sorted(work.actor.seats):
        found += _forms_to_give(work, seats)
    if offices := sorted(work.actor.congresses("liaison")):
        found += _to_do_of_offices(work, offices)
    return found


def _forms_to_give(work: Work, seats: list[str]) -> list[dict[str, Any]]:
    e, o = t.evaluations.c, t.open_forms.c
    query = (
        sa.select(
            e.id.label("suggestion"),
            e.title,
            e.number,
            e.congress,
            o.reply_id,
            o.unit_id,
            o.unit_name,
            o.since,
        )
        .join_from(t.open_forms, t.evaluations, e.id == o.suggestion_id)
        .where(o.deputy_id.in_(seats))
        .order_by(o.since, o.reply_id)
        .limit(LONGEST_LIST)
    )
    return [
        {
            "suggestion": row.suggestion,
            "title": row.title,
            "number": row.number,
            "congress": row.congress,
            "command": "give_feedback",
            "what": "填写征询意见表",
            "since": row.since,
            "reply": row.reply_id,
            "unit": {"id": row.unit_id, "name": row.unit_name},
        }
        for row in work.connection.execute(query)
    ]


def _to_do_of_offices(work: Work, offices: list[str]) -> list[dict[str, Any]]:
    e = t.evaluations.c
    time_is_over = sa.and_(e.next_step == "await_feedback", e.feedback_until < work.today.isoformat())
    query = (
        sa.select(e.id.label("suggestion"), e.title, e.number, e.congress, e.next_step, e.changed_on)
        .where(e.congress.in_(offices), sa.or_(e.next_step.in_(list(TO_DO)), time_is_over))
        .order_by(e.changed_on, e.id)
        .limit(LONGEST_LIST)
    )
    found = []
    for row in work.connection.execute(query):
        command = "close_suggestion" if row.next_step == "await_feedback" else row.next_step
        found.append(
            {
                "suggestion": row.suggestion,
                "title": row.title,
                "number": row.number,
                "congress": row.congress,
                "command": command,
                "what": TO_DO[command],
                "since": row.changed_on,
            }
        )
    return found


# --- figures ------------------------------------------------------------------------------------------


def figures(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """A congress's totals are for its people and those of the congresses above; a unit's for its overseers and itself."""
    if not _sees_totals(work.actor, params["congress"]):
        raise NotAllowed("只有本级和上级人大的人员可以查看指标。")
    congress, year, f = params["congress"], params["year"], t.figures.c
    query = sa.select(f.owner, f.figure, f.numerator, f.denominator, f.changed_on).where(
        f.congress == congress, f.year == year
    )
    if not params["by_unit"]:
        rows = {row.figure: row for row in work.connection.execute(query.where(f.owner == OF_CONGRESS))}
        known = work.copies.get("congress", congress)
        owner = {"kind": "congress", "id": congress, "name": known["name"] if known else congress}
        return [_figure(figure, owner, rows.get(figure.name), work) for figure in FIGURES.values()]
    query = query.where(f.owner != OF_CONGRESS)
    if not _sees_all_figures(work.actor, congress):
        query = query.where(f.owner.in_(sorted(work.actor.units())))
    by_owner: dict[str, dict[str, Any]] = {}
    for row in work.connection.execute(query):
        by_owner.setdefault(row.owner, {})[row.figure] = row
    units = _unit_copies(work, list(by_owner))
    found = []
    for id, rows in sorted(by_owner.items(), key=lambda entry: units.get(entry[0], {}).get("name", entry[0])):
        owner = {"kind": "unit", "id": id, "name": units.get(id, {}).get("name", "（未登记的单位）")}
        found += [_figure(figure, owner, rows.get(figure.name), work) for figure in FIGURES.values()]
    return found


def _figure(figure: Figure, owner: dict[str, str], row: Any, work: Work) -> dict[str, Any]:
    """`as_of` is the date up to which the figure is right, `changed_on` when it last changed."""
    numerator, denominator = (row.numerator, row.denominator) if row else (0, 0)
    return {
        "figure": figure.name,
        "label": figure.label,
        "meaning": figure.meaning,
        "owner": owner,
        "numerator": numerator,
        "denominator": denominator,
        "percent": percent(numerator, denominator),
        "as_of": work.today.isoformat(),
        "changed_on": row.changed_on if row else "",
    }


def figure_list(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The suggestions behind a figure, as far as the person may see each of them."""
    if params["figure"] not in FIGURES:
        names = "、".join(f"{figure.name}({figure.label})" for figure in FIGURES.values())
        raise Invalid("没有这项指标。", {"figure": [f"请从下列指标中选择：{names}。"]})
    c, e = t.contributions.c, t.evaluations.c
    query = (
        sa.select(
            c.suggestion_id, c.numerator, c.denominator, e.number, e.title, e.category, e.state, e.congress
        )
        .join_from(t.contributions, t.evaluations, e.id == c.suggestion_id)
        .where(
            c.congress == params["congress"],
            c.owner == (params["unit"] or OF_CONGRESS),
            c.year == params["year"],
            c.figure == params["figure"],
            *_may_see(work.actor, params["congress"]),
        )
        .order_by(c.suggestion_id)
        .limit(params["limit"])
    )
    if params["part"] == "numerator":
        query = query.where(c.numerator > 0)
    elif params["part"] == "rest":
        query = query.where(c.numerator < c.denominator)
    return [
        {
            "suggestion": row.suggestion_id,
            "number": row.number,
            "title": row.title,
            "category": row.category,
            "congress": row.congress,
            "state": row.state,
            "state_label": RULES.states[row.state],
            "numerator": row.numerator,
            "denominator": row.denominator,
        }
        for row in work.connection.execute(query)
    ]


def _may_see(actor: Actor, congress: str) -> list[sa.ColumnElement[bool]]:
    """Overseers see all, units what they handle, deputies their own, everybody what is published."""
    if _sees_all_figures(actor, congress):
        return []
    c, p = t.contributions.c, t.participants.c
    seen = [t.evaluations.c.state == "published"]
    if units := sorted(actor.units()):
        handled = t.contributions.alias("handled").c
        seen.append(sa.exists().where(handled.suggestion_id == c.suggestion_id, handled.owner.in_(units)))
    if seats := sorted(actor.seats):
        seen.append(sa.exists().where(p.suggestion_id == c.suggestion_id, p.deputy_id.in_(seats)))
    return [sa.or_(*seen)]


def _sees_totals(actor: Actor, congress: str) -> bool:
    """In a small place a total of one says how the one suggestion was judged: so not for the neighbour, nor the public."""
    above = (congress, ROOT, *(congress[:at] for at, sign in enumerate(congress) if sign == "."))
    return _sees_all_figures(actor, congress) or bool(actor.congresses() & {*above})


def _sees_all_figures(actor: Actor, congress: str) -> bool:
    return (
        actor.has("system") or actor.has("operator") or any(actor.has(role, congress) for role in OVERSEERS)
    )


# --- scores -------------------------------------------------------------------------------------------


def scores(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The scores of a year, ranked within units of the same kind; a unit sees its own, with its rank."""
    congress, s = params["congress"], t.scores.c
    found = t.score_store.find(work.connection, s.congress == congress, s.year == params["year"], limit=5000)
    by_kind: dict[str, list[UnitScore]] = {}
    for score in sorted(found, key=lambda score: (-score.points, score.unit.name)):
        by_kind.setdefault(score.kind, []).append(score)
    own = work.actor.units()
    sees_all = _sees_all_figures(work.actor, congress)
    return [
        _score(score, among)
        for _, among in sorted(by_kind.items())
        for score in among
        if sees_all or score.unit.id in own
    ]


def _score(score: UnitScore, among: list[UnitScore]) -> dict[str, Any]:
    """Units with the same points have the same rank."""
    return {
        "id": score.id,
        "unit": converter.unstructure(score.unit),
        "kind": score.kind,
        "kind_label": UNIT_KINDS.get(score.kind, score.kind),
        "year": score.year,
        "points": score.points,
        "parts": [converter.unstructure(part) for part in score.parts],
        "bonus": score.bonus,
        "reason": score.reason,
        "rank": 1 + sum(other.points > score.points for other in among),
        "of": len(among),
        "scored_on": score.scored_on,
    }


def _unit_copies(work: Work, ids: list[str]) -> dict[str, dict[str, Any]]:
    found = work.connection.execute(work.copies.statements.named_copies, {"kind": "unit", "ids": ids})
    return {row.id: row.data for row in found}
