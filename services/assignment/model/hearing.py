"""The deputies' word while a suggestion is handled, and the meetings at which it is coordinated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.assignment.model.approving import Comment
from services.assignment.model.dossier import Dossier
from services.assignment.model.people import named
from services.assignment.model.task import Meeting, Remark
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid


class Hearing(Dossier):
    """The part of a handling in which the deputies are heard before the reply."""

    def remark(self, text: str, by: Actor, now: datetime) -> Remark:
        """A deputy adds something new while the suggestion is handled; its units answer."""
        self.check("remark", by)
        deputy = next(deputy for deputy in self.answered if deputy.id in by.seats)
        remark = Remark(new_id(), deputy, text, legal_date(now))
        self.remarks.append(remark)
        self.add("代表补充意见", by, now, reason=text)
        self.record("remark.made", now, by, remark=remark.id, deputy=named([deputy])[0], text=text)
        return remark

    def answer_remark(self, task_id: str, remark_id: str, text: str, by: Actor, now: datetime) -> None:
        task = self.task_for("answer_remark", task_id, by)
        remark = next(
            (remark for remark in self.remarks if remark.id == remark_id and not remark.answer), None
        )
        if remark is None:
            raise Invalid(
                "没有这条补充意见，或者已经回应过。", {"remark": ["请选择一条还没有回应的补充意见。"]}
            )
        remark.answer, remark.answered_on, remark.answered_by = text, legal_date(now), task.unit.name
        self.tell("remark.answered", "回应代表补充意见", task, by, now, remark=remark.id, text=text)

    def show_draft(self, task_id: str, by: Actor, now: datetime) -> None:
        """Show the draft to the deputies before it goes out, to hear what they think of it."""
        task = self.task_for("show_draft", task_id, by)
        task.drafts[-1].shown_on = legal_date(now)
        self.tell(
            "draft.shown",
            "将答复稿送代表征求意见",
            task,
            by,
            now,
            round=task.round,
            deputies=named(self.answered),
        )
        self.tick(task, by, now)

    def comment_draft(self, task_id: str, text: str, by: Actor, now: datetime) -> None:
        task = self.task_for("comment_draft", task_id, by)
        deputy = next(deputy for deputy in self.answered if deputy.id in by.seats)
        task.drafts[-1].review.comments.append(Comment(deputy, text, legal_date(now)))
        self.tell(
            "draft.commented",
            "对答复稿提出意见",
            task,
            by,
            now,
            round=task.round,
            deputy=named([deputy])[0],
            text=text,
        )

    def log_meeting(self, task_id: str, meeting: dict[str, Any], by: Actor, now: datetime) -> None:
        """Log a meeting about a task: of the unit's leaders, or to coordinate several units (协调会)."""
        task = self.task_for("log_meeting", task_id, by)
        if meeting["on"] > legal_date(now):
            raise Invalid("会议日期还没有到。", {"on": ["会议日期不能晚于今天。"]})
        logged = Meeting(new_id(), **meeting, logged_by=by.name)
        task.meetings.append(logged)
        self.tell(
            "meeting.logged", "登记协调会", task, by, now, meeting=logged.id, kind=logged.kind, on=logged.on.isoformat(),
            led_by=logged.led_by, participants=logged.participants, agreed=logged.agreed,
            due_on=logged.due_on.isoformat() if logged.due_on else None,
        )  # fmt: skip
