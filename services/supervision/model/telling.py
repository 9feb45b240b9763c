"""What each event says of a suggestion, taken in as facts of its line. The table at the end says which function is whose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from services.supervision.model.facts import (
    Content,
    Correction,
    Ending,
    Forwarded,
    HandedIn,
    Heading,
    Invitation,
    Judgement,
    KeyDecision,
    KeyMark,
    Moment,
    Named,
    Order,
    Reclassified,
    Refusal,
    Reply,
    Step,
    Task,
)
from services.supervision.model.ledger import Line
from shared.terms import PART, UNIT_ROLES

Data = dict[str, Any]

NAMED = "named"
SECRET = (
    "feedback.given.v1",
)  # back-to-back: that a deputy has judged must not be seen from the line's last change


def tell(line: Line, type: str, data: Data, at: Moment) -> None:
    """Take in what an event says, and let the line's state follow. Events that say nothing of it only mark the day."""
    if type in TELLS:
        TELLS[type](line, data, at)
    line.settle(None if type in SECRET else at.at)


# --- intake -------------------------------------------------------------------------------------------------


def _drafted(line: Line, data: Data, at: Moment) -> None:
    line.drafted_by = _named(data["lead"])


def _answered_invitation(answer: str) -> Callable[[Line, Data, Moment], None]:
    def take(line: Line, data: Data, at: Moment) -> None:
        deputy = _named(data["deputy"])
        known = line.invitations.get(deputy.id)
        if known is None or known.at <= at:
            line.invitations[deputy.id] = Invitation(deputy, answer, at)

    return take


def _submitted(line: Line, data: Data, at: Moment) -> None:
    _content(line, data, at, year=date.fromisoformat(data["submitted_on"]).year)
    line.enter_review("submitted", at)


def _accepted(line: Line, data: Data, at: Moment) -> None:
    numbered = {name: data[name] for name in ("number", "ordinal", "year")}
    _content(
        line, data, at, is_numbered=True, accepted_on=date.fromisoformat(data["accepted_on"]), **numbered
    )
    line.enter_review("accepted", at)


def _content(line: Line, data: Data, at: Moment, *, is_numbered: bool = False, **more: Any) -> None:
    content = Content(
        is_numbered=is_numbered, at=at, lead=_named(data["lead"]), cosigners=_all_named(data["cosigners"]),
        submitted_on=date.fromisoformat(data["submitted_on"]),
        **{name: data[name] for name in ("title", "kind", "category", "delegation", "session")}, **more,
    )  # fmt: skip
    if content.outweighs(line.content):
        line.content = content
        line.apply_correction()
        line.follow_succession()


def _reviewed(step: str) -> Callable[[Line, Data, Moment], None]:
    return lambda line, data, at: line.enter_review(step, at)


def _corrected(line: Line, data: Data, at: Moment) -> None:
    if line.correction is None or line.correction.at <= at:
        line.correction = Correction(at, data["title"], data["kind"], data["category"])
        line.apply_correction()


def _lead_replaced(line: Line, data: Data, at: Moment) -> None:
    line.succession.hear(at.sequence, data["before"], data["lead"])
    line.follow_succession()


def _practices_renewed(line: Line, data: Data, at: Moment) -> None:
    line.practices_on = max(line.practices_on or date.min, date.fromisoformat(data["held_on"]))


def _designated(line: Line, data: Data, at: Moment) -> None:
    offices = {
        name: data[name] for name in ("leading_supervisor_id", "sponsor_id", "committee_id") if name in data
    }
    mark = KeyMark(data["theme"], data["leading_supervisor"], data["sponsor"], data["committee"], **offices)
    line.decide_key(KeyDecision(at, mark))


def _key_released(line: Line, data: Data, at: Moment) -> None:
    line.decide_key(KeyDecision(at, None))


# --- assignment ---------------------------------------------------------------------------------------------


def _assigned(line: Line, data: Data, at: Moment) -> None:
    if line.heading is None or line.heading.at <= at:
        line.heading = Heading(
            at, data["number"], data["title"], data["category"], date.fromisoformat(data["assigned_on"]),
            _all_named(data["deputies"]),
        )  # fmt: skip
    for listed in data["tasks"]:
        _listed(line, listed, at)
    _parts(line, data, at)


def _listed(line: Line, listed: Data, at: Moment) -> None:
    task = _task(line, listed)
    task.assigned_on = date.fromisoformat(listed["assigned_on"])
    task.listed = max(task.listed or at, at)
    task.desk, task.others = listed.get("desk", ""), listed.get("offices", [])
    task.clock_from = date.fromisoformat(listed["clock_from"]) if "clock_from" in listed else None
    task.parent = listed.get("parent", "")
    task.hand_in_by = date.fromisoformat(listed["due_on"]) if task.parent else None


def _parts(line: Line, data: Data, at: Moment) -> None:
    """All parts that there are; one that was named before and is missing is over."""
    for listed in data.get("parts", ()):
        _listed(line, listed, at)
    line.parts_told = max(line.parts_told or at, at)


def _handed_in(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).handed_in.append(HandedIn(at, date.fromisoformat(data["submitted_on"])))


def _sent_back(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).handed_in.append(HandedIn(at, None))


def _signed(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).signed_on = date.fromisoformat(data["signed_on"])


def _return_requested(line: Line, data: Data, at: Moment) -> None:
    """Asked in time once, it has been asked in time: a second request does not make it late."""
    task, on = _task(line, data), date.fromisoformat(data["requested_on"])
    task.asked_return_on = min(task.asked_return_on or on, on)


def _return_approved(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).is_returned = True


def _opinion_given(line: Line, data: Data, at: Moment) -> None:
    task, on = _task(line, data), date.fromisoformat(data["given_on"])
    task.opinion_on = min(task.opinion_on or on, on)


def _reply_issued(line: Line, data: Data, at: Moment) -> None:
    on, deputies = date.fromisoformat(data["issued_on"]), _all_named(data["deputies"])
    _task(line, data).add_reply(
        Reply(data["reply"], data["round"], on, data["reply_class"], deputies, at, data.get("means", ""))
    )


def _steps_fixed(line: Line, data: Data, at: Moment) -> None:
    on = date.fromisoformat(data["fixed_on"])
    dated = [(step, date.fromisoformat(step["due_on"])) for step in data["steps"] if step["due_on"]]
    _task(line, data).fix_steps(
        [
            Step(step["step"], step["name"], on, due_on, at, step.get("after_reply", False))
            for step, due_on in dated
        ],
        at,
    )


def _step_completed(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).steps_done[data["step"]] = date.fromisoformat(data["done_on"])


def _reply_reclassified(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).reclassify(Reclassified(data["reply"], data["reply_class"], at, data.get("means", "")))


def _reply_forwarded(line: Line, data: Data, at: Moment) -> None:
    for deputy in _all_named(data["deputies"]):
        line.forward(Forwarded(data["reply"], deputy, date.fromisoformat(data["forwarded_on"])))


def _extended(line: Line, data: Data, at: Moment) -> None:
    _task(line, data).is_extended = True


def _reopened(line: Line, data: Data, at: Moment) -> None:
    due_on = date.fromisoformat(data["due_on"]) if data.get("due_on") else None
    order = Order(data["round"], date.fromisoformat(data["reopened_on"]), False, at, due_on)
    _task(line, data).add_order(order)


# --- evaluation ---------------------------------------------------------------------------------------------


def _judged(line: Line, data: Data, at: Moment) -> None:
    line.judge(
        Judgement(
            data["reply"], _named(data["deputy"]), data["process"], data["result"],
            date.fromisoformat(data["given_on"]), data["complete"], at,
        )
    )  # fmt: skip


def _rehandling_ordered(line: Line, data: Data, at: Moment) -> None:
    """The event names the reply that did not satisfy; what is due now is the reply of the next round."""
    on = date.fromisoformat(data["ordered_on"])
    _task(line, data).add_order(Order(data["round"] + 1, on, True, at))


def _suggestion_reopened(line: Line, data: Data, at: Moment) -> None:
    """A look-back found it not so: how it ended before counts no more."""
    on, due_on = (date.fromisoformat(data[name]) for name in ("reopened_on", "due_on"))
    _task(line, data).add_order(Order(data["round"] + 1, on, True, at, due_on))
    line.reopened = max(line.reopened or at, at)
    line.closed = None if line.closed and line.closed.at <= at else line.closed
    line.published = None if line.published and line.published.at <= at else line.published


def _reply_refused(line: Line, data: Data, at: Moment) -> None:
    days = (date.fromisoformat(data[name]) for name in ("refused_on", "due_on"))
    _task(line, data).refuse(Refusal(data["reply"], data["round"], *days))


def _closed(line: Line, data: Data, at: Moment) -> None:
    if line.reopened and at <= line.reopened:
        return
    if line.closed is None or line.closed.at <= at:
        line.closed = Ending(
            at, date.fromisoformat(data["closed_on"]), data["reply_class"], data.get("means", ""), named=data.get("names", NAMED) == NAMED,
            known_from=_known_from(data),
        )  # fmt: skip


def _known_from(data: Data) -> date | None:
    """What was closed before there was a choice is known since then."""
    day = data.get("known_from", data["closed_on"])
    return date.fromisoformat(day) if day else None


def _published(line: Line, data: Data, at: Moment) -> None:
    if line.reopened and at <= line.reopened:
        return
    line.published = Ending(at, date.fromisoformat(data["published_on"]), with_feedback=data["with_feedback"])


def _task(line: Line, data: Data) -> Task:
    """The task an event is about. Evaluation's events do not tell its role."""
    if data.get("role") in PART:
        return line.parts.setdefault(data["task"], Task(data["task"], _named(data["unit"]), data["role"]))
    task = line.task(data["task"], _named(data["unit"]))
    if data.get("role") in UNIT_ROLES:
        task.role = data["role"]
    return task


def _named(data: Data) -> Named:
    return Named(data["id"], data["name"])


def _all_named(data: list[Data]) -> list[Named]:
    return [_named(one) for one in data]


TELLS: dict[str, Callable[[Line, Data, Moment], None]] = {
    "suggestion.drafted.v1": _drafted,
    "cosigner.invited.v1": _answered_invitation("invited"),
    "cosigner.accepted.v1": _answered_invitation("accepted"),
    "cosigner.declined.v1": _answered_invitation("declined"),
    "cosigner.removed.v1": _answered_invitation("declined"),
    "suggestion.submitted.v1": _submitted,
    "suggestion.accepted.v1": _accepted,
    "suggestion.returned.v1": _reviewed("returned"),
    "suggestion.lettered.v1": _reviewed("lettered"),
    "handup.made.v1": _reviewed("handed_up"),
    "handup.declined.v1": _reviewed("submitted"),
    "suggestion.merged.v1": _reviewed("merged"),
    "suggestion.split.v1": _reviewed("split"),
    "suggestion.corrected.v1": _corrected,
    "lead.replaced.v1": _lead_replaced,
    "practices.renewed.v1": _practices_renewed,
    "suggestion.designated.v1": _designated,
    "key.changed.v1": _designated,
    "key.released.v1": _key_released,
    "suggestion.assigned.v1": _assigned,
    "task.distributed.v1": _parts,
    "part.submitted.v1": _handed_in,
    "part.reopened.v1": _sent_back,
    "task.signed.v1": _signed,
    "return.requested.v1": _return_requested,
    "return.approved.v1": _return_approved,
    "opinion.given.v1": _opinion_given,
    "reply.issued.v1": _reply_issued,
    "reply.forwarded.v1": _reply_forwarded,
    "reply.reclassified.v1": _reply_reclassified,
    "steps.fixed.v1": _steps_fixed,
    "step.completed.v1": _step_completed,
    "extension.granted.v1": _extended,
    "task.reopened.v1": _reopened,
    "feedback.given.v1": _judged,
    "rehandling.ordered.v1": _rehandling_ordered,
    "reply.refused.v1": _reply_refused,
    "suggestion.closed.v1": _closed,
    "suggestion.reopened.v1": _suggestion_reopened,
    "suggestion.published.v1": _published,
}

# These change nothing that a line's deadlines hang on.
WITHOUT_CLOCKS = frozenset(
    {
        "suggestion.drafted.v1", "cosigner.invited.v1", "cosigner.accepted.v1", "cosigner.declined.v1", "cosigner.removed.v1",
        "suggestion.corrected.v1", "suggestion.designated.v1", "key.changed.v1", "key.released.v1", "plan.made.v1",
        "contact.logged.v1", "contact.confirmed.v1", "draft.shown.v1", "draft.commented.v1", "remark.made.v1",
        "remark.answered.v1", "meeting.logged.v1", "reply.supplemented.v1", "plan.agreed.v1", "plan.declined.v1",
        "return.refused.v1", "extension.requested.v1", "extension.refused.v1", "reply.reclassified.v1", "objection.made.v1",
        "objection.decided.v1",
    }
)  # fmt: skip
