"""What people do about one suggestion or one commitment."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.projecting import line_of
from services.supervision.handlers.projecting import record_commitment as record
from services.supervision.handlers.reminding import Reminding
from services.supervision.model.clocks import Deadline
from services.supervision.model.commitments import Commitment
from services.supervision.model.facts import Named
from services.supervision.model.ledger import Line
from shared.aggregate import new_id
from shared.problems import Invalid, WrongState
from shared.work import Work


def remind_units(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Remind by hand (催办): each unit with something open once, of what it has to do first."""
    nearest: dict[str, Deadline] = {}
    for deadline in sorted(t.deadlines_of(work.connection, [line.id])[line.id], key=lambda d: d.due_on):
        if deadline.unit and deadline.is_duty:
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


def record_commitment(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Record a promise by hand: of a reply on paper, or one that was made in talk."""
    unit = next((task.unit for task in line.live_tasks if task.unit.id == data["unit"]), None)
    if unit is None:
        raise Invalid("没有找到这个承办单位。", {"unit": ["请选择承办这件建议的单位。"]})
    speaks_for_all = work.actor.has("liaison", line.congress)
    if not speaks_for_all and unit.id not in work.actor.units("handler", "unit_head"):
        raise Invalid("只能登记本单位的承诺。", {"unit": ["请选择本单位。"]})
    if line.heading and data["due_on"] <= line.heading.assigned_on:
        raise Invalid("完成期限有误。", {"due_on": ["完成期限应当晚于交办日期。"]})
    commitment = Commitment(
        id=new_id(), congress=line.congress, suggestion=line.id, unit=unit, text=data["text"], due_on=data["due_on"],
        deputies=sorted(line.deputies()), recorded_at=work.now,
    )  # fmt: skip
    record(work, line, commitment)
    return {"commitment": commitment.id}


def keep_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """Close a promise as kept (销号)."""
    commitment.keep(data["evidence"], data["kept_on"], work.actor, work.today)
    kept_on: date = data["kept_on"]
    _tell(
        work,
        commitment,
        "commitment.kept",
        evidence=commitment.evidence,
        kept_on=kept_on.isoformat(),
        late=commitment.late,
    )


def slip_commitment(work: Work, commitment: Commitment, data: dict[str, Any]) -> None:
    """Explain why a promise slips, and give it a new date."""
    slip = commitment.slip(data["explanation"], data["due_on"], work.actor, work.now, work.today)
    _tell(
        work, commitment, "commitment.slipped", explanation=slip.explanation, before=slip.before.isoformat(),
        due_on=slip.due_on.isoformat(),
    )  # fmt: skip


def _tell(work: Work, commitment: Commitment, name: str, **data: Any) -> None:
    """Tell of a commitment as something about its suggestion."""
    line = line_of(work, commitment.suggestion, commitment.congress)
    unit: Named = commitment.unit
    line.record(name, work.now, work.actor, commitment=commitment.id, unit=unit.as_data(), **data)
    work.save(t.lines, line)
