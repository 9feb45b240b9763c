"""What evaluation does: one function per command, query and event."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from services.evaluation import (
    appraising,
    awarding,
    figure_questions,
    grading,
    hooks,
    levels,
    questions,
    rebuilding,
    result_questions,
    scoring,
    watching,
)
from services.evaluation import tables as t
from services.evaluation.events import catalogue
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.parts import (
    FEEDBACK_DEADLINE,
    REPLY_DEADLINES,
    UNSATISFIED,
    ClassChange,
    KeptWord,
    LedgerEntry,
    Named,
    Reply,
    ReplyResult,
    Supplement,
    Task,
)
from services.evaluation.settings import feedback_period, feedback_rules
from services.evaluation.tables import store
from shared.clock import legal_date
from shared.contracts import evaluation as contracts
from shared.handlers import Event, Handlers, Projection
from shared.rules import Rule, Rules
from shared.work import Work

handlers = Handlers(catalogue, t.metadata, hooks=hooks)
handlers.keeps("congress", "deputy", "unit", "practice")

NOUN, APPRAISAL, AWARD = "件建议的评价", "次评议", "次评选"
MOST_AT_ONCE = 500
DAILY_RULES = Rules(
    "项统计",
    {"new": "尚未统计"},
    [Rule("count_due_promises", "统计到期的承诺", ("operator", "system"), ("new",))],
)
DEADLINES = (*REPLY_DEADLINES, FEEDBACK_DEADLINE)

# --- commands -----------------------------------------------------------------------------------------


@handlers.changes(contracts.GIVE_FEEDBACK, store, NOUN)
def give_feedback(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    reply = data.pop("reply")
    form = evaluation.give_feedback(reply, work.actor, work.now, **data)
    watching.leave_mark(work, evaluation, reply, form)


@handlers.changes(contracts.ORDER_REHANDLING, store, NOUN)
def order_rehandling(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.order_rehandling(data["reply"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.SEND_BACK, store, NOUN)
def send_reply_back(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.send_reply_back(data["reply"], data["reason"], data["due_on"], work.actor, work.now)


@handlers.changes(contracts.CLOSE, store, NOUN)
def close(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.close(data["note"], data["measure"], work.actor, work.now)


@handlers.changes(contracts.PUBLISH, store, NOUN)
def publish(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.publish(data["with_feedback"], work.actor, work.now)


@handlers.changes(contracts.REOPEN, store, NOUN)
def reopen(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.reopen(data["reply"], data["reason"], data["due_on"], work.actor, work.now)


@handlers.changes(contracts.JUDGE_KEPT, store, NOUN)
def judge_kept(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.judge_kept(data["reply"], data["kept"], data["words"], work.actor, work.now)


@handlers.changes(contracts.ANSWER_KEPT, store, NOUN)
def answer_kept(work: Work, evaluation: Evaluation, data: dict[str, Any]) -> None:
    evaluation.answer_kept(data["reply"], data["text"], work.actor, work.now)


@handlers.creates(contracts.COUNT_DUE)
def count_due(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Have promises whose date has passed count as due, from the day after on."""
    work.authorize(DAILY_RULES, "count_due_promises", "")
    e = t.evaluations.c
    due = sa.select(e.id).where(e.next_promise_on != "", e.next_promise_on < work.today.isoformat())
    ids = list(work.connection.scalars(due.order_by(e.next_promise_on).limit(MOST_AT_ONCE)))
    for id in sorted(ids):
        evaluation = work.get(store, id, NOUN)
        evaluation.count_due(work.now)
        work.save(store, evaluation)
    return {"id": "", "counted": len(ids)}


handlers.every(3600, contracts.COUNT_DUE)


handlers.creates(contracts.TELL_FIGURES)(levels.tell_figures)
handlers.every(3600, contracts.TELL_FIGURES)
handlers.on("figures.told.v1")(levels.on_told)
handlers.projects(
    Projection("told_figures", (t.told_figures,), lambda: [("figures.told.v1", levels.on_told)], sources=("evaluation",))
)  # fmt: skip


handlers.creates(contracts.SCORE)(scoring.score_unit)
handlers.creates(contracts.SCORE_ALL)(scoring.score_all)
handlers.creates(contracts.ANNOUNCE)(scoring.announce_scores)
handlers.changes(contracts.CONTEST, t.score_store, "项评分")(scoring.contest_point)
handlers.changes(contracts.DECIDE_CONTEST, t.score_store, "项评分")(scoring.decide_contest)
handlers.changes(contracts.COMMEND, t.score_store, "项评分")(scoring.commend_unit)


handlers.creates(contracts.GRADE_UNIT)(grading.grade_unit)
handlers.creates(contracts.ANNOUNCE_GRADES)(grading.announce_grades)
handlers.changes(contracts.CONTEST_GRADE, t.grade_store, "项年度考核")(grading.contest_grade)
handlers.changes(contracts.DECIDE_GRADE, t.grade_store, "项年度考核")(grading.decide_grade)


handlers.creates(contracts.DRAW_UP_APPRAISAL)(appraising.draw_up_appraisal)
handlers.changes(contracts.CAST_BALLOT, t.appraisal_store, APPRAISAL)(appraising.cast_ballot)
handlers.changes(contracts.CLOSE_APPRAISAL, t.appraisal_store, APPRAISAL)(appraising.close_appraisal)
handlers.changes(contracts.CANCEL_APPRAISAL, t.appraisal_store, APPRAISAL)(appraising.cancel_appraisal)
handlers.changes(contracts.ANNOUNCE_APPRAISAL, t.appraisal_store, APPRAISAL)(appraising.announce_appraisal)
handlers.changes(contracts.DEMAND_RECTIFICATION, t.appraisal_store, APPRAISAL)(
    appraising.demand_rectification
)

handlers.creates(contracts.OPEN_AWARD)(awarding.open_award)
handlers.changes(contracts.NOMINATE, t.award_store, AWARD)(awarding.nominate_suggestion)
handlers.changes(contracts.VOTE_AWARD, t.award_store, AWARD)(awarding.vote_award)
handlers.changes(contracts.DECIDE_AWARD, t.award_store, AWARD)(awarding.decide_award)
handlers.changes(contracts.ANNOUNCE_AWARD, t.award_store, AWARD)(awarding.announce_award)
handlers.changes(contracts.SHARE_EXPERIENCE, t.award_store, AWARD)(awarding.share_experience)

handlers.creates(contracts.LOOK_FOR_PATTERNS)(watching.look_for_patterns)
handlers.changes(contracts.SETTLE_FLAG, t.flag_store, "项评价异常")(watching.settle_flag)
handlers.every(60, contracts.LOOK_FOR_PATTERNS)
handlers.on(*watching.OTHER_USE)(watching.on_other_use)
handlers.projects(
    Projection("account_uses", (t.account_uses,), lambda: [(type, watching.on_other_use) for type in watching.OTHER_USE])
)  # fmt: skip


# --- events of intake and assignment ------------------------------------------------------------------


@handlers.on("suggestion.accepted.v1")
def on_accepted(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    deputies = _people([data["lead"], *data["cosigners"]])
    evaluation.accept(data["number"], data["title"], data["category"], data["year"], deputies, work.now)
    work.save(store, evaluation)


@handlers.on("ledger.imported.v1")
def on_ledger(work: Work, event: Event) -> None:
    """A line of an office's ledger: it has ended, unless the deputy was not satisfied or can still be asked."""
    data = event["data"]
    result, replied_on = data["result"], _day(data["replied_on"])
    if not (result or replied_on):
        return
    evaluation = _evaluation(work, event)
    asked_until = work.today
    if replied_on:
        asked_until = feedback_period(work, evaluation.congress, replied_on).after(replied_on)
    ended = result != UNSATISFIED if result else asked_until < work.today
    closed_on = (replied_on or work.today) if ended else None
    entry = LedgerEntry(work.today, result, data["reply_class"], replied_on, closed_on, data.get("means", ""))
    if evaluation.import_ledger(entry, work.actor, work.now):
        work.save(store, evaluation)


@handlers.on("suggestion.merged.v1")
def on_merged(work: Work, event: Event) -> None:
    evaluation = _evaluation(work, event)
    evaluation.merge(event["data"]["into"], work.now)
    work.save(store, evaluation)


@handlers.on("suggestion.corrected.v1")
def on_corrected(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    if evaluation.correct(event["sequence"], data["title"], data["category"], work.now):
        work.save(store, evaluation)


@handlers.on("practices.renewed.v1")
def on_practices_renewed(work: Work, event: Event) -> None:
    evaluation, on = _evaluation(work, event), date.fromisoformat(event["data"]["held_on"])
    place = evaluation.congress
    rules, period = feedback_rules(work, place, on), feedback_period(work, place, on)
    if evaluation.renew_practices(on, rules, period):
        work.save(store, evaluation)


@handlers.on("lead.replaced.v1")
def on_lead_replaced(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    evaluation.replace_lead(event["sequence"], data["before"], data["lead"], work.now)
    work.save(store, evaluation)


@handlers.on("suggestion.designated.v1", "key.released.v1")
def on_designated(work: Work, event: Event) -> None:
    evaluation = _evaluation(work, event)
    if evaluation.make_key(event["sequence"], event["type"] == "suggestion.designated.v1", work.now):
        work.save(store, evaluation)


@handlers.on("suggestion.assigned.v1")
def on_assigned(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    tasks = [
        Task(
            task["task"], _named(task["unit"]), task["role"], [task.get("desk", ""), *task.get("offices", ())]
        )
        for task in data["tasks"]
    ]
    begun_on = date.fromisoformat(data["assigned_on"])
    place = evaluation.congress
    evaluation.begin(begun_on, feedback_rules(work, place, begun_on), feedback_period(work, place, begun_on))
    if evaluation.assign(event["sequence"], tasks, data["title"], _people(data["deputies"]), work.now):
        work.save(store, evaluation)


@handlers.on("contact.logged.v1")
def on_contact(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    # Of a part, who answers for the whole: it counts as that unit's talk.
    who = data.get("answering_unit") or data["unit"]
    if evaluation.talk(who["id"], data["phase"], data["face_to_face"], work.now):
        work.save(store, evaluation)


@handlers.on("reply.issued.v1")
def on_reply(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    reply = Reply(
        id=data["reply"],
        task=data["task"],
        unit=_named(data["unit"]),
        role=data["role"],
        round=data["round"],
        reply_class=data["reply_class"],
        publicity=data["publicity"],
        issued_on=date.fromisoformat(data["issued_on"]),
        means=data.get("means", ""),
        results=[ReplyResult(**result) for result in data.get("results") or ()],
    )
    if evaluation.receive_reply(reply, _people(data["deputies"]), work.actor, work.now):
        work.save(store, evaluation)


@handlers.on("reply.forwarded.v1")
def on_forwarded(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    on = date.fromisoformat(data["forwarded_on"])
    if evaluation.forward_reply(data["reply"], _people(data["deputies"]), on, work.actor, work.now):
        work.save(store, evaluation)


@handlers.on("reply.reclassified.v1")
def on_reclassified(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    change = ClassChange(
        data["reply_class"], date.fromisoformat(data["changed_on"]), event["sequence"], data.get("means", "")
    )
    if evaluation.reclassify(data["reply"], change, work.now):
        work.save(store, evaluation)


@handlers.on("reply.supplemented.v1")
def on_supplemented(work: Work, event: Event) -> None:
    """Only an answer that all is done is put to the deputies: other news is for them to read."""
    data = event["data"]
    if not data["solved"]:
        return
    evaluation, on = _evaluation(work, event), date.fromisoformat(data["supplemented_on"])
    supplement = Supplement(
        data["supplement"], on, [KeptWord(deputy) for deputy in _people(data["deputies"])]
    )
    if evaluation.supplement(data["reply"], supplement, work.now):
        work.save(store, evaluation)


# --- events of supervision ----------------------------------------------------------------------------


@handlers.on("deadline.set.v1", "deadline.moved.v1")
def on_deadline(work: Work, event: Event) -> None:
    data = event["data"]
    if data["kind"] not in DEADLINES:
        return
    evaluation = _evaluation(work, event)
    if evaluation.set_deadline(*_deadline(data), told=event["sequence"], now=work.now):
        work.save(store, evaluation)


@handlers.on("deadline.met.v1")
def on_deadline_met(work: Work, event: Event) -> None:
    data = event["data"]
    if data["kind"] not in DEADLINES:
        return
    evaluation = _evaluation(work, event)
    evaluation.meet_deadline(
        *_deadline(data), done_on=date.fromisoformat(data["done_on"]), late=data["late"], now=work.now
    )
    work.save(store, evaluation)


@handlers.on("reminder.sent.v1")
def on_reminder(work: Work, event: Event) -> None:
    """A reminder after the due date says that a reply is overdue: from then on it counts as due."""
    data = event["data"]
    if data["kind"] not in REPLY_DEADLINES or data["days_left"] >= 0:
        return
    evaluation = _evaluation(work, event)
    evaluation.find_overdue(*_deadline(data), now=work.now)
    work.save(store, evaluation)


@handlers.on(
    "commitment.recorded.v1", "commitment.slipped.v1", "commitment.kept.v1", "commitment.withdrawn.v1"
)
def on_commitment(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    evaluation.promise(
        data["commitment"],
        data["unit"]["id"],
        event["sequence"],
        work.now,
        due_on=_day(data.get("due_on")),
        kept=event["type"] == "commitment.kept.v1",
        withdrawn=event["type"] == "commitment.withdrawn.v1",
    )
    work.save(store, evaluation)


@handlers.on("measure.proposed.v1", "measure.taken.v1", "measure.declined.v1")
def on_measure(work: Work, event: Event) -> None:
    """What supervision does about a suggestion; of a unit's rank alone there are measures about none."""
    data, on = event["data"], legal_date(datetime.fromisoformat(event["time"]))
    if event["subject"] == data["measure"]:
        return
    evaluation, state = _evaluation(work, event), event["type"].split(".")[1]
    if evaluation.hear_of_measure(data["measure"], _named(data["unit"]), data["rung"], state, on):
        work.save(store, evaluation)


@handlers.on("lookback.found.v1")
def on_looked_at(work: Work, event: Event) -> None:
    data, evaluation = event["data"], _evaluation(work, event)
    evaluation.look_at(data["lookback"], data["finding"], data["words"], date.fromisoformat(data["on"]))
    work.save(store, evaluation)


# --- questions and measures ---------------------------------------------------------------------------

handlers.query(contracts.EVALUATION)(questions.evaluation)
handlers.query(contracts.WAITING)(questions.waiting)
handlers.query(contracts.FIGURES)(figure_questions.figures)
handlers.query(contracts.FIGURES_BELOW)(levels.figures_below)
handlers.query(contracts.FIGURE_LIST)(figure_questions.figure_list)
handlers.query(contracts.RESULTS)(result_questions.results)
handlers.query(contracts.RESULT_LIST)(result_questions.result_list)
handlers.query(contracts.SCORES)(scoring.scores)
handlers.query(contracts.GRADES)(grading.grades)
handlers.query(contracts.FLAGS)(watching.flags)
handlers.query(contracts.AWARDS)(awarding.awards)
handlers.query(contracts.AWARD)(awarding.award)
handlers.query(contracts.APPRAISALS)(appraising.appraisals)
handlers.query(contracts.APPRAISAL)(appraising.appraisal)


@handlers.gauge
def open_forms(connection: sa.Connection) -> list[tuple[str, dict[str, str], float]]:
    """How many forms wait for deputies."""
    count = connection.scalar(sa.select(sa.func.count()).select_from(t.open_forms)) or 0
    return [("jianyi_feedback_open", {}, float(count))]


handlers.projects(rebuilding.FIGURES)

# --- inside -------------------------------------------------------------------------------------------


def _evaluation(work: Work, event: Event) -> Evaluation:
    """The evaluation that an event is about, locked; a new one when this event is the first to tell of it."""
    id = event["subject"]
    return store.get(work.connection, id, lock=True) or Evaluation(id=id, congress=event["jurisdiction"])


def _deadline(data: dict[str, Any]) -> tuple[str, str, str, date]:
    unit = data["unit"]["id"] if data["unit"] else ""
    return data["deadline"], data["kind"], unit, date.fromisoformat(data["due_on"])


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _named(data: dict[str, str]) -> Named:
    return Named(data["id"], data["name"])


def _people(people: list[dict[str, str]]) -> list[Named]:
    return [_named(person) for person in people]
