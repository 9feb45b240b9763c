"""What people do about one suggestion."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.reminding import Reminding
from services.supervision.model.clocks import Deadline
from services.supervision.model.deadlines import OF_PARTS
from services.supervision.model.ledger import Line
from shared.aggregate import new_id
from shared.problems import Invalid, WrongState
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


def log_supervision(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Log an on-site inspection, symposium or hearing. The deputies see it."""
    if data["on"] > work.today:
        raise Invalid("督办日期还没有到。", {"on": ["督办日期不能晚于今天。"]})
    told = {**data, "on": data["on"].isoformat()}
    id = new_id()
    work.connection.execute(
        sa.insert(t.supervisions).values(
            id=id, suggestion_id=line.id, congress=line.congress, by_name=work.actor.name,
            logged_at=work.now.isoformat(), **told,
        )
    )  # fmt: skip
    line.record("supervision.logged", work.now, work.actor, **told)
    return {"supervision": id}
