"""Reminders: kept for the inbox of those who get them, and told to the channels that bring them there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.clocks import Deadline
from services.supervision.model.facts import Named
from services.supervision.model.ledger import Line
from shared.aggregate import new_id
from shared.work import Work

AT_ONCE = 500  # ids in one statement


class Reminding:
    """Reminders that go out together. `finish` writes them; saving the lines is left to the caller."""

    def __init__(self, work: Work, by_hand: bool) -> None:
        self.work, self.by_hand = work, by_hand
        self.rows: list[dict[str, Any]] = []

    def remind(self, line: Line, deadline: Deadline, text: str) -> None:
        """Remind who has to meet a deadline: at most once a day, a reminder by hand counts too."""
        work, nobody = self.work, Named("", "")
        unit, deputy = deadline.unit or nobody, deadline.deputy or nobody
        days_left = (deadline.due_on - work.today).days
        self.rows.append(
            {
                "id": new_id(), "deadline_id": deadline.id, "suggestion_id": line.id, "congress": line.congress,
                "kind": deadline.kind, "unit_id": unit.id, "unit_name": unit.name, "deputy_id": deputy.id,
                "deputy_name": deputy.name, "due_on": deadline.due_on.isoformat(), "days_left": days_left, "text": text,
                "sent_on": work.today.isoformat(), "by_name": work.actor.name, "by_hand": self.by_hand,
            }
        )  # fmt: skip
        told = {**deadline.as_data(), "deputy": deputy.as_data() if deadline.deputy else None}
        # One to a deputy says that the deputy has not judged yet: it goes by a name that others do not hear.
        name = "feedback.awaited" if deadline.deputy else "reminder.sent"
        line.record(name, work.now, work.actor, **told, days_left=days_left, text=text)

    def finish(self) -> int:
        """Write the reminders; returns how many."""
        if not self.rows:
            return 0
        connection, d = self.work.connection, t.deadlines.c
        connection.execute(sa.insert(t.reminders), self.rows)
        ids = [row["deadline_id"] for row in self.rows]
        for start in range(0, len(ids), AT_ONCE):
            some = d.id.in_(ids[start : start + AT_ONCE])
            connection.execute(
                sa.update(t.deadlines).where(some).values(last_reminded_on=self.work.today.isoformat())
            )
        return len(ids)
