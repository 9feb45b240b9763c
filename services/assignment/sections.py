"""Sections of a unit (处室): each with its own clerk, and heads who write some replies themselves.

Source: 各处室明确专门联络员，处室负责人亲自撰稿答复2—3件 (联络动态 2018, 省财政厅). What a place asks for is its practice's (`section_rules`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from services.assignment import tables, tree
from services.assignment.hooks import SectionRule
from services.assignment.model import OVER
from services.assignment.model.rules import HEADS
from shared.handlers import Event
from shared.work import Work

Data = dict[str, Any]

ACTING = ("handler", "unit_head", "distributing")
CLERK = "unit_clerk"

c = tables.unit_clerks.c


def keep_clerks(work: Work, event: Event) -> None:
    """Take over of which units an account is the clerk, unless something later is known already."""
    account, sequence = event["subject"], event["sequence"]
    known = work.connection.scalar(sa.select(c.sequence).where(c.account == account, c.unit_id == ""))
    if known is not None and known >= sequence:
        return
    work.connection.execute(sa.delete(tables.unit_clerks).where(c.account == account))
    units = {role["unit"] for role in event["data"]["roles"] if role["role"] == CLERK}
    if units or known is not None:
        rows = [{"account": account, "unit_id": unit, "sequence": sequence} for unit in sorted({"", *units})]
        work.connection.execute(sa.insert(tables.unit_clerks), rows)


def rule_at(work: Work, congress: str, unit: str) -> SectionRule:
    """What the practices at the unit ask of its sections, taken together."""
    asked = [rule for _, rule in work.ask_plugins("section_rules", congress, unit)]
    return SectionRule(
        any(rule.clerk for rule in asked),
        max((rule.own_replies_least for rule in asked), default=0),
        max((rule.own_replies_most for rule in asked), default=0),
    )


def without_clerk(work: Work, congress: str, unit: str, sections: Collection[str]) -> set[str]:
    """Of a unit's sections those that should have a clerk and have none."""
    if not rule_at(work, congress, unit).clerk:
        return set()
    return set(sections) - _with_clerk(work, sections)


def unit_sections(work: Work, params: Data) -> list[Data]:
    """[{unit, rule, sections}] of the units for which the person acts, where there are sections."""
    found = tree.places(work.connection, sorted(work.actor.units(*ACTING)))
    answer: list[Data] = []
    for place in found.values():
        unit, desks = tree.whole(place)
        below = sections_of(work, desks)
        if not below or any(one["unit"]["id"] == unit.id for one in answer):
            continue
        rule = rule_at(work, place.unit.congress, place.unit.id)
        ids = [row.id for row in below]
        clerks, written = _with_clerk(work, ids), _written(work, ids, params["year"])
        answer.append({
            "unit": unit.as_data(), "rule": vars(rule),
            "sections": [
                {"id": row.id, "name": row.name, "has_clerk": row.id in clerks, **_own_replies(rule, *written.get(row.id, (0, 0)))}
                for row in below
            ],
        })  # fmt: skip
    return answer


def _own_replies(rule: SectionRule, written: int, has: int) -> Data:
    """How many the head wrote, of how many there should be: a section with one suggestion owes one."""
    return {"written": written, "owed": min(rule.own_replies_least, has)}


def sections_of(work: Work, desks: list[str]) -> list[Any]:
    """The units directly below a unit and its office, by name."""
    u = tables.unit_tree.c
    query = sa.select(u.id, u.name).where(
        u.parent.in_(desks), u.id.not_in(desks), u.active, u.kind != tree.OFFICE
    )
    return list(work.connection.execute(query.order_by(u.name)))


def _with_clerk(work: Work, sections: Collection[str]) -> set[str]:
    query = sa.select(c.unit_id).where(c.unit_id.in_(sorted(sections)))
    return set(work.connection.scalars(query))


def _written(work: Work, sections: list[str], year: int) -> dict[str, tuple[int, int]]:
    """{section: (what its head or somebody above wrote, what it has)} of the year."""
    t = tables.tasks.c
    own = sa.func.sum(sa.case((t.drafted_rank.in_(HEADS), 1), else_=0))
    query = sa.select(t.unit_id, own, sa.func.count()).where(
        t.unit_id.in_(sections),
        t.state.not_in(OVER),
        t.assigned_on >= f"{year}",
        t.assigned_on < f"{year + 1}",
    )
    return {row[0]: (row[1], row[2]) for row in work.connection.execute(query.group_by(t.unit_id))}
