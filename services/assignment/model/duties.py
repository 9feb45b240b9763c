"""What somebody has to do about a handling beside the next step of each task, which follows from the task's state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from services.assignment.model.approving import BY_THE_HEAD
from services.assignment.model.rules import IN_HAND, OFFICES, TASK_RULES, WRITING
from services.assignment.model.steps import holds
from shared.reply_classes import PROMISED

if TYPE_CHECKING:
    from services.assignment.model.dossier import Dossier
    from services.assignment.model.task import Task


MOST_ABOUT = 64  # signs


class Duty(NamedTuple):
    """One thing to do: by the command, whose, about which task, and since when.

    `to` is the kind of owner — unit, unit_head, deputy, sponsor, or an office's role — and `owner` the unit's id, the deputy's
    seat, the leader's account, or the congress. `about` tells several of one kind apart; of a sponsor's it is the name on the key
    mark, where that names no post: the duty of who has that name.
    """

    task: str
    to: str
    owner: str
    command: str
    what: str
    since: date
    due_on: date | None = None
    about: str = ""


def duties_of(handling: Dossier) -> list[Duty]:
    """All duties that are open now."""
    found: list[Duty] = []
    if handling.state in (*IN_HAND, "closed"):
        for task in handling.live_tasks:
            found += _about_classes(handling, task)
            found += _about_steps(handling, task)
            found += _about_drafts(handling, task)
            found += _about_promises(handling, task)
    return found


def _about_classes(handling: Dossier, task: Task) -> Iterator[Duty]:
    reply = task.standing_reply if task.state == "replied" else None
    if reply and (objection := reply.open_objection):
        what = "答复承办单位对办理结果调整的异议"
        yield Duty(task.id, "liaison", handling.congress, "decide_objection", what, objection.on)


def _about_drafts(handling: Dossier, task: Task) -> Iterator[Duty]:
    """Who has to approve, where it is not the head; who has to countersign; what deputies want to know."""
    if task.state in WRITING and task.replies_itself:
        for remark in handling.remarks:
            if not remark.answer:
                what = f"回应{remark.deputy.name}的补充意见"
                yield Duty(task.id, "unit", task.unit.id, "answer_remark", what, remark.on, about=remark.id)
    if (
        task.role == "joint"
        and handling.draft_to_countersign(task)
        and task.state in ("signed", "opinion_given")
    ):
        yield Duty(task.id, "unit", task.unit.id, "countersign_reply", "会签答复稿", task.since)
    if task.state != "drafted":
        return
    draft = task.drafts[-1]
    step = draft.review.step
    if not draft.review.waits_for() and step.by != BY_THE_HEAD and not task.barring("approve_reply"):
        what = f"审核答复：{step.name}"
        if step.by == "supervisor" and handling.key_sponsors:
            for account in handling.key_sponsors:
                yield Duty(task.id, "sponsor", account, "approve_reply", what, task.since)
        else:
            to, owner = _owner(handling, task, step.by)
            named = handling.key_sponsor if step.by == "supervisor" else ""
            if named and handling.is_sponsor_vacant:
                what, named = f"{what}（领办职务空缺，由政府领导代为审核）", ""
            yield Duty(task.id, to, owner, "approve_reply", what, task.since, about=named[:MOST_ABOUT])
    if draft.shown_on:
        said = {comment.deputy.id for comment in draft.review.comments}
        for deputy in handling.answered:
            if deputy.id not in said:
                what = "对答复稿提意见"
                yield Duty(
                    task.id, "deputy", deputy.id, "comment_draft", what, draft.shown_on, about=deputy.id
                )


def _about_promises(handling: Dossier, task: Task) -> Iterator[Duty]:
    """All that was promised is kept: the deputies are answered again within a month, and the class follows."""
    reply = task.standing_reply if task.state == "replied" else None
    if reply is None or reply.meaning != PROMISED:
        return
    if reply.waits_to_be_solved:
        what = f"承诺已全部兑现，将办理结果由{reply.reply_class}类调整为已经解决"
        yield Duty(
            task.id, "liaison", handling.congress, "change_reply_class", what, reply.supplements[-1].on
        )
        return
    kept = [p.kept_on for p in handling.promises.values() if p.unit == task.unit.id and p.kept_on]
    if kept and not any(p.unit == task.unit.id and p.is_left for p in handling.promises.values()):
        last = max(kept)
        if not any(supplement.solved for supplement in reply.supplements):
            due = last + timedelta(days=30)
            yield Duty(
                task.id, "unit", task.unit.id, "supplement_reply", "承诺已兑现，补充答复代表", last, due
            )


# By what a step becomes done whose evidence is this.
_BY = {
    "plan": ("unit", "make_plan"), "agreed_plan": ("lead_deputy", "agree_plan"), "contact": ("unit", "log_contact"),
    "shown_draft": ("unit", "show_draft"),
}  # fmt: skip
_WAYS = ("complete_step", *(command for _, command in _BY.values()))


def _about_steps(handling: Dossier, task: Task) -> Iterator[Duty]:
    """Each step that can be done now; what waits for another step, or for the reply, is nobody's duty yet."""
    if not task.steps:
        return
    possible = {command for command in _WAYS if task.allows(TASK_RULES.by_command[command])}
    held = [step for step in task.steps if holds(step, task)]
    keys = {step.key for step in held}
    for step in held:
        if not keys.isdisjoint(step.after):
            continue  # it waits for another step
        if not (task.state == "replied" if step.is_afterwards else handling.state != "closed"):
            continue  # it comes later, or it is too late for it
        who, command = _BY.get(step.evidence.of if step.evidence else "", (step.who, "complete_step"))
        if command not in possible or (command == "complete_step" and not step.by_hand):
            continue
        to, owner = _owner(handling, task, who)
        since = task.signed_on or task.assigned_on
        yield Duty(task.id, to, owner, command, f"完成环节：{step.name}", since, step.due_on, step.id)


def _owner(handling: Dossier, task: Task, who: str) -> tuple[str, str]:
    """The kind of owner and the owner's id."""
    if who == "lead_deputy":
        return "deputy", handling.deputies[0].id if handling.deputies else ""
    if who in (*OFFICES, "supervisor"):
        return who, handling.congress
    return who, task.unit.id
