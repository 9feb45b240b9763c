"""Internal checks (内部督查): logged and settled by a unit's own office, read within the unit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.assignment import stores, tables, tree
from services.assignment.model.check import ACTING, CHECK_RULES, READING, Check, Looked
from services.assignment.model.people import Person
from services.assignment.stores import check_store
from shared.contracts.checks import OUTCOMES
from shared.problems import Invalid, NotAllowed
from shared.work import Work

Data = dict[str, Any]


def log_check(work: Work, data: Data) -> Data:
    """By the unit's head or its office, about what the unit has and what was handed on of it."""
    chosen = data.pop("unit")
    place = tree.places(work.connection, [chosen]).get(chosen)
    if place is None or chosen not in work.actor.units(*ACTING):
        work.copies.missed.add(chosen)
        raise NotAllowed("只有承办单位负责人和本单位办公室可以登记内部督查。")
    work.authorized = True
    whole, desks = tree.whole(place)
    unit = Person(whole.id, whole.name)
    looked = _looked_at(work, data.pop("tasks"), desks)
    made = Check.log(place.unit.congress, unit, desks, looked, data, work.actor, work.now)
    work.save(check_store, made)
    return {"id": made.id, "version": made.version, "state": made.state}


def settle_check(work: Work, check: Check, data: Data) -> None:
    if data["outcome"] == "extended":
        check.extend(data["text"], data["put_right_by"], work.actor, work.now)
    else:
        check.settle(data["text"], work.actor, work.now)


def _looked_at(work: Work, ids: list[str], desks: list[str]) -> list[Looked]:
    """The unit's own tasks, and the parts that its office watches over; what is not its own does not exist for it."""
    if not ids:
        return []
    t = tables.tasks.c
    own = sa.or_(t.unit_id.in_(desks), t.desk_id.in_(desks), t.id.in_(tree.watched_by(desks)))
    query = sa.select(t.id, t.suggestion, t.unit_id, t.unit_name).where(t.id.in_(ids), own)
    found = {row.id: row for row in work.connection.execute(query)}
    if len(found) < len(ids):
        raise Invalid("没有找到其中一项任务。", {"tasks": ["请从本单位和分解给处室的任务中选择。"]})
    return [Looked(id, found[id].suggestion, Person(found[id].unit_id, found[id].unit_name)) for id in ids]


# --- questions ------------------------------------------------------------------------------------------------


def checks(work: Work, params: Data) -> Data:
    """{checks, units, overdue}: what waits to be put right first, the first due first; `units`: for whom one may log another."""
    units = sorted(work.actor.units(*READING) & ({params["unit"]} if params["unit"] else work.actor.units()))
    u = tables.check_units.c
    due = sa.func.min(sa.case((u.state == "open", u.put_right_by), else_="9999"))
    ids = sa.select(u.check_id).where(u.unit_id.in_(units)).group_by(u.check_id)
    order = list(work.connection.scalars(ids.order_by(due, u.check_id.desc()).limit(params["limit"])))
    found = check_store.get_many(work.connection, order)
    known = _suggestions(work, [one.suggestion for check in found.values() for one in check.tasks])
    shown = [_shown(work, found[id], known) for id in order]
    n = tables.unit_tree.c
    acting = sa.select(n.id, n.name).where(n.id.in_(sorted(work.actor.units(*ACTING)))).order_by(n.name)
    return {
        "checks": shown, "units": [{"id": row.id, "name": row.name} for row in work.connection.execute(acting)],
        "overdue": sum(check["is_overdue"] for check in shown),
    }  # fmt: skip


def waiting_checks(work: Work, most: int) -> list[Data]:
    """What the person's office waits for to be put right, the first due first."""
    u, units = tables.check_units.c, sorted(work.actor.units(*ACTING))
    if not units:
        return []
    due = sa.func.min(u.put_right_by)
    ids = sa.select(u.check_id).where(u.unit_id.in_(units), u.state == "open").group_by(u.check_id)
    order = list(work.connection.scalars(ids.order_by(due, u.check_id).limit(most)))
    found = check_store.get_many(work.connection, order)
    return [
        {
            "congress": check.congress, "title": f"内部督查：{check.scope}", "unit": vars(check.unit), "command": "settle_check",
            "what": "登记整改", "since": check.on.isoformat(), "due_on": check.put_right_by.isoformat() if check.put_right_by else "",
            "light": "red" if check.is_overdue(work.today) else "", "deadline": "整改", "page": f"/unit/checks#c-{id}",
        }
        for id in order
        if (check := found[id]).may(work.actor)
    ]  # fmt: skip


def _shown(work: Work, check: Check, known: dict[str, Any]) -> Data:
    """A section reads which of its own tasks were looked at, and not those of its neighbours."""
    of_desk = bool(work.actor.units(*READING) & set(check.desks))
    own = work.actor.units(*READING)
    tasks = [one for one in check.tasks if of_desk or one.unit.id in own]
    return {
        "id": check.id, "version": check.version, **check.as_data(), "by": check.by, "state": check.state,
        "state_label": CHECK_RULES.states[check.state], "is_overdue": check.is_overdue(work.today), "computed": check.computed(),
        "tasks": [
            {"task": one.task, "suggestion": one.suggestion, "unit": vars(one.unit), **known.get(one.suggestion, {})} for one in tasks
        ],
        "outcomes": [
            {
                "label": OUTCOMES[one.outcome], "outcome": one.outcome, "text": one.text, "on": one.on.isoformat(), "by": one.by,
                "until": one.until.isoformat() if one.until else "",
            }
            for one in check.outcomes
        ],
        "may": check.may(work.actor),
    }  # fmt: skip


def _suggestions(work: Work, ids: list[str]) -> dict[str, Data]:
    """Number and title by suggestion."""
    h = tables.handlings.c
    found: dict[str, Data] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), stores.CHUNK):
        query = sa.select(h.id, h.number, h.title).where(h.id.in_(wanted[start : start + stores.CHUNK]))
        found |= {
            row.id: {"number": row.number, "title": row.title} for row in work.connection.execute(query)
        }
    return found
