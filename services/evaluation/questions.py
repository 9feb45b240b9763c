"""What evaluation answers: each person sees what is theirs to see, and nothing tells of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.appraising import ballots_to_cast
from services.evaluation.awarding import experiences_to_write
from services.evaluation.grading import objections_to_decide
from services.evaluation.model.back_to_back import NAMED, counted
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.parts import Form, Reply
from services.evaluation.model.rules import RULES
from services.evaluation.scoring import contests_to_decide
from services.evaluation.watching import flags_to_settle
from shared.identity import Actor
from shared.problems import NotFound
from shared.store import converter
from shared.terms import KEPT, MEASURES
from shared.work import Work

LONGEST_LIST = 200

# --- one suggestion -----------------------------------------------------------------------------------


def evaluation(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """Who hears judgements sees every form; a deputy the own ones and how many are in; units, and the office that
    distributes, what back-to-back lets them know."""
    found = t.store.get(work.connection, params["id"])
    relations = found.relations(work.actor) if found else frozenset()
    if found is None or not relations:
        raise NotFound("没有找到这件建议的评价。")
    sees_all = found.hears(work.actor)
    if not sees_all and not relations & {"deputy", "answered_deputy"}:
        return _as_unit(found, work)
    state = found.state_on(work.today)
    until = found.feedback_until
    return {
        **_facts(found, state, until),
        "version": found.version,
        "replies": [
            _reply(found, reply, work.actor, sees_all) for reply in sorted(found.replies, key=_by_round)
        ],
        "measures": _measures(found) if sees_all else [],
        "ledger": converter.unstructure(found.ledger) if sees_all else None,
        "history": [converter.unstructure(step) for step in found.history] if sees_all else [],
        "not_so": [converter.unstructure(looked) for looked in found.not_so] if sees_all else [],
        "may": found.may_now(work.actor, work.today),
    }


def _measures(found: Evaluation) -> list[dict[str, Any]]:
    """What was done about those who were not satisfied."""
    return [
        {"measure": id, "label": MEASURES.get(one.rung, "亮灯"), **converter.unstructure(one)}
        for id, one in found.taken_since_unhappy().items()
    ]


def _facts(found: Evaluation, state: str, until: date | None) -> dict[str, Any]:
    """What the suggestion is, and what of its evaluation is no secret."""
    return {
        "id": found.id,
        "suggestion": found.id,
        "congress": found.congress,
        "number": found.number,
        "title": found.title,
        "category": found.category,
        "year": found.year,
        "key": found.key,
        "state": state,
        "state_label": RULES.states[state],
        "merged_into": found.merged_into,
        "feedback_until": until.isoformat() if until else "",
        "closed_on": found.closed_on.isoformat() if found.closed_on else "",
        "closing_note": found.closing_note,
        "closing_measure": found.closing_measure,
        "published_on": found.published_on.isoformat() if found.published_on else "",
        "with_feedback": found.with_feedback,
        "endings": [converter.unstructure(ending) for ending in found.endings],
        "honours": found.honours,
    }


def _as_unit(found: Evaluation, work: Work) -> dict[str, Any]:
    """Back-to-back: until units may know, nothing here differs by whether and how deputies have judged.

    Not the state, nor a version that rises with each judgement, nor the day on which the time for feedback ends.
    """
    known = found.is_known_to_units(work.today)
    state = "asked" if found.state == "assessed" else found.state
    return {
        **_facts(found, state, found.feedback_period_ends),
        **_closing_told(found),
        "version": 0,
        "replies": [
            _reply_to_unit(found, reply, known, work.actor) for reply in sorted(found.replies, key=_by_round)
        ],
        "ledger": converter.unstructure(found.ledger) if known and found.told_least == 1 else None,
        "history": [],
        "may": found.may_now(work.actor, work.today),
    }


def _closing_told(found: Evaluation) -> dict[str, Any]:
    """What is said of its closings, less what would tell that somebody was not satisfied."""
    own = {"closing_note": "", "closing_measure": ""} if found.closing_withheld else {}
    endings = [
        converter.unstructure(replace(one, note="", measure="") if one.withheld else one) for one in found.endings
    ]  # fmt: skip
    return {**own, "endings": endings}


def _reply_to_unit(found: Evaluation, reply: Reply, known: bool, actor: Actor) -> dict[str, Any]:
    told = found.told_forms(reply) if known else []
    named = found.feedback.names == NAMED
    judgements = [(form.process, form.result) for form in told]
    return {
        **_replied(found, reply),
        "given": len(told) if known else None,
        "forms": [_form(form) for form in told] if named else [],
        "counts": {} if named else counted(judgements, found.told_least),
        "known": known,
        "may_judge": False,
        "may_rehandle": False,
        "may_send_back": found.stands(reply) and _may_send_back(found, actor),
        "may_reopen": False,
        "may_judge_kept": False,
        "may_answer_kept": False,
        "kept_words": [],
    }


def _reply(found: Evaluation, reply: Reply, actor: Actor, sees_all: bool) -> dict[str, Any]:
    shown = [form for form in reply.forms if sees_all or form.deputy.id in actor.seats]
    may_order = found.may_be_rehandled(reply) and actor.has("liaison", found.congress)
    return {
        **_replied(found, reply),
        "given": sum(form.given for form in reply.forms),
        "forms": [_form(form) for form in shown],
        "counts": {},
        "known": True,
        "may_judge": found.open_form(reply, actor.seats) is not None,
        "may_rehandle": may_order,
        "may_reopen": found.may_be_reopened(reply) and actor.has("liaison", found.congress),
        "may_send_back": found.may_be_sent_back(reply) and _may_send_back(found, actor),
        "may_judge_kept": found.may_judge_kept(reply, actor.seats),
        "may_answer_kept": found.may_answer_kept(reply) and actor.has("liaison", found.congress),
        "kept_words": _kept_words(reply, actor, sees_all),
    }


def _kept_words(reply: Reply, actor: Actor, sees_all: bool) -> list[dict[str, Any]]:
    """What was said of whether its promises are kept: all of it, or what the person has said."""
    return [
        {
            **converter.unstructure(word),
            "supplement": supplement.id,
            "supplemented_on": supplement.on.isoformat(),
            "kept_label": KEPT[word.kept],
        }
        for supplement in reply.supplements
        for word in supplement.words
        if word.said_on and (sees_all or word.deputy.id in actor.seats)
    ]


def _may_send_back(found: Evaluation, actor: Actor) -> bool:
    return bool({*RULES.by_command["send_reply_back"].by} & found.relations(actor))


def _replied(found: Evaluation, reply: Reply) -> dict[str, Any]:
    return {
        "reply": reply.id,
        "task": reply.task,
        "unit": converter.unstructure(reply.unit),
        "role": reply.role,
        "round": reply.round,
        "reply_class": reply.newest_class,
        "publicity": reply.publicity,
        "issued_on": reply.issued_on.isoformat(),
        "newest": found.is_newest(reply),
        "of": len(reply.forms),
        "rehandling": converter.unstructure(reply.rehandling) if reply.rehandling else None,
        "sent_back": converter.unstructure(reply.sent_back) if reply.sent_back else None,
    }


def _form(form: Form) -> dict[str, Any]:
    return {**converter.unstructure(form), "given": form.given}


def _by_round(reply: Reply) -> tuple[int, str, str]:
    return reply.round, reply.issued_on.isoformat(), reply.id


# --- to do --------------------------------------------------------------------------------------------

TO_DO = {
    "answer_kept": "代表认为承诺没有兑现，核实后答复代表，或者要求重新办理",
    "order_rehandling": "代表不满意，要求再次办理",
    "close_suggestion": "办结",
    "publish_suggestion": "公开",
}


def waiting(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Forms wait for their deputies, one line for each reply; the office is to order, close and publish."""
    found: list[dict[str, Any]] = []
    if seats := sorted(work.actor.seats):
        found += (
            _forms_to_give(work, seats)
            + _promises_to_judge(work, seats)
            + ballots_to_cast(work, seats)
            + experiences_to_write(work)
        )
    if offices := sorted(work.actor.congresses("liaison")):
        found += _to_do_of_offices(work, offices) + contests_to_decide(work, offices)
        found += flags_to_settle(work, offices)
    return found + objections_to_decide(work)


def _forms_to_give(work: Work, seats: list[str]) -> list[dict[str, Any]]:
    said = {"command": "give_feedback", "what": "填写征询意见表"}
    return [_about_reply(row) | said for row in _open(work, t.open_forms, seats)]


def _promises_to_judge(work: Work, seats: list[str]) -> list[dict[str, Any]]:
    in_time = t.open_words.c.until >= work.today.isoformat()
    return [
        _about_reply(row) | {
            "command": "judge_kept", "what": f"{row.unit_name}答复承诺已全部兑现：评价是否属实", "due_on": row.until,
            "deadline": "评价承诺兑现（同征询意见的期限）",
        }
        for row in _open(work, t.open_words, seats, in_time)
    ]  # fmt: skip


def _open(work: Work, table: sa.Table, seats: list[str], *more: sa.ColumnElement[bool]) -> sa.CursorResult[Any]:  # fmt: skip
    """The rows of a list of what deputies may fill in, with their suggestions; the oldest first."""
    e, o = t.evaluations.c, table.c
    query = (
        sa.select(table, e.title, e.number, e.congress)
        .join_from(table, t.evaluations, e.id == o.suggestion_id)
        .where(o.deputy_id.in_(seats), *more)
        .order_by(o.since, o.reply_id)
        .limit(LONGEST_LIST)
    )
    return work.connection.execute(query)


def _about_reply(row: Any) -> dict[str, Any]:
    return {
        "suggestion": row.suggestion_id, "title": row.title, "number": row.number, "congress": row.congress, "since": row.since,
        "reply": row.reply_id, "unit": {"id": row.unit_id, "name": row.unit_name},
    }  # fmt: skip


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
