"""What people do about one suggestion."""

from __future__ import annotations

from typing import Any

from services.supervision import tables as t
from services.supervision.handlers.reminding import Reminding
from services.supervision.model.clocks import Deadline
from services.supervision.model.deadlines import OF_PARTS
from services.supervision.model.ledger import Line
from shared.problems import WrongState
from shared.work import Work


def remind_units(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Remind by hand (催办): each unit with something open once, of what it has to do first."""
    nearest: dict[str, Deadline] = {}
    for deadline in sorted(t.deadlines_of(work.connection, [line.id])[line.id], key=lambda d: d.due_on):
        if (
            deadline.unit and deadline.is_duty and deadline.kind not in OF_PARTS
        ):  # those are for their own system to remind
            nearest.setdefault(deadline.unit.id, deadline)
    if not nearest:
        raise WrongState(f"{line.called()}现在没有承办单位的未完成期限，不需要催办。")
    reminding = Reminding(work, by_hand=True)
    for deadline in nearest.values():
        reminding.remind(line, deadline, data["text"])
    reminding.finish()
    return {"reminded": [deadline.unit.name for deadline in nearest.values() if deadline.unit]}
