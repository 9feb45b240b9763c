"""Opinions, drafts and replies; what the deputies say meanwhile; the class of a reply."""

from __future__ import annotations

from typing import Any

from services.assignment import files
from services.assignment.model import Handling
from services.assignment.model.approving import USUAL
from services.assignment.model.people import Person
from services.assignment.practised import approving_of
from shared.reply_classes import labels_in, meanings_in, require_known
from shared.work import Work

Data = dict[str, Any]

# --- opinions and replies -----------------------------------------------------------------------------------------


def give_opinion(work: Work, handling: Handling, data: Data) -> None:
    handling.give_opinion(data["task"], data["text"], work.actor, work.now)


def draft_reply(work: Work, handling: Handling, data: Data) -> None:
    """How it is approved follows from what the unit and the congress have laid down today."""
    task = next((task for task in handling.tasks if task.id == data["task"]), None)
    approving = approving_of(work, handling, task) if task else USUAL
    data |= dict(zip(("means", "class_words"), _class(work, handling, data["reply_class"]), strict=True))
    handling.draft_reply(data.pop("task"), data, work.actor, work.now, approving)


def approve_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.approve_reply(data["task"], work.actor, work.now)


def reject_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.reject_reply(data["task"], data["reason"], work.actor, work.now)


def issue_reply(work: Work, handling: Handling, data: Data) -> Data:
    members = _members(work, handling)
    reply = handling.issue_reply(data["task"], data["document_number"], members, work.actor, work.now)
    if handling.is_published:
        files.publish(work, handling)
    return {"reply": reply.id}


def _members(work: Work, handling: Handling) -> list[Person]:
    """Whom of the delegation whose suggestion it is the place sends the reply as well."""
    congress, delegation = handling.congress, handling.delegation_id
    if not delegation or not work.practices.settings("delegations", congress)["reply_to_members"]:
        return []
    deputies = work.copies.of_congress("deputy", congress)
    return [
        Person(one["id"], one["name"])
        for one in deputies
        if one["delegation"] == delegation and one["active"]
    ]


def countersign_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.countersign_reply(data["task"], data["agrees"], data["note"], work.actor, work.now)


def supplement_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.supplement_reply(data["task"], data["text"], data["solved"], work.actor, work.now)


# --- the deputies' word, meetings ---------------------------------------------------------------------------------


def show_draft(work: Work, handling: Handling, data: Data) -> None:
    handling.show_draft(data["task"], work.actor, work.now)


def comment_draft(work: Work, handling: Handling, data: Data) -> None:
    handling.comment_draft(data["task"], data["text"], work.actor, work.now)


def remark(work: Work, handling: Handling, data: Data) -> Data:
    return {"remark": handling.remark(data["text"], work.actor, work.now).id}


def answer_remark(work: Work, handling: Handling, data: Data) -> None:
    handling.answer_remark(data["task"], data["remark"], data["text"], work.actor, work.now)


def log_meeting(work: Work, handling: Handling, data: Data) -> None:
    handling.log_meeting(data.pop("task"), data, work.actor, work.now)


# --- the class of a reply -----------------------------------------------------------------------------------------


def change_reply_class(work: Work, handling: Handling, data: Data) -> None:
    letter = data["reply_class"]
    about = _class(work, handling, letter)
    handling.change_reply_class(data["task"], letter, data["reason"], work.actor, work.now, *about)


def object_to_class(work: Work, handling: Handling, data: Data) -> None:
    handling.object_to_class(data["task"], data["reason"], work.actor, work.now)


def decide_objection(work: Work, handling: Handling, data: Data) -> None:
    handling.decide_objection(data["task"], data["uphold"], data["reason"], work.actor, work.now)


def _class(work: Work, handling: Handling, letter: str) -> tuple[str, str]:
    """What a letter means at the place today, and what people read. Raises Invalid for one that the place does not have."""
    settings = work.practices.settings("reply_classes", handling.congress)
    require_known(letter, settings)
    return meanings_in(settings)[letter], labels_in(settings)[letter]
