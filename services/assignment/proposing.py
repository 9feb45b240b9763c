"""Which units the desk proposes for a suggestion, and why. People decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.assignment import stores
from services.assignment.hooks import UnitProposal
from services.assignment.stores import store
from services.assignment.units import Units, units_of
from shared.work import Work

Data = dict[str, Any]

MOST = 3
BECAUSE = "由规则和历史推荐，由人决定"


def proposals(work: Work, congress: str, rows: list[Any]) -> dict[str, list[Data]]:
    """By suggestion, at most three units that can get it: by the congress's rules on words of the title, then by its plugins,
    then those that its deputy proposed, then those that got most of its category. `rows`: id, title, category, key_theme,
    proposed_units."""
    if not rows:
        return {}
    rules = work.practices.settings("assigning", congress)["rules"]
    ranked = stores.most_allotted(work.connection, congress, sorted({row.category for row in rows}), MOST * 2)
    by_history = [row.unit_id for found in ranked.values() for row in found]
    asked = [unit for row in rows for unit in row.proposed_units]
    by_plugins = _ask_plugins(work, congress, rows, ranked)
    plugged = [proposal.unit for proposed in by_plugins.values() for proposal in proposed]
    units = units_of(work, congress, [*by_history, *(rule["unit"] for rule in rules), *asked, *plugged])
    return {
        row.id: _first(units, _reasons(row, rules, by_plugins.get(row.id, []), ranked.get(row.category, [])))
        for row in rows
    }


def _ask_plugins(
    work: Work, congress: str, rows: list[Any], ranked: dict[str, list[Any]]
) -> dict[str, list[UnitProposal]]:
    if not work.is_answered("propose_units"):
        return {}
    kinds = {
        id: handling.kind
        for id, handling in store.get_many(work.connection, [row.id for row in rows]).items()
    }
    return {
        row.id: [
            proposal
            for _, proposal in work.ask_plugins(
                "propose_units", congress, "", None, title=row.title, kind=kinds.get(row.id, ""), category=row.category,
                is_key=bool(row.key_theme), usual=[UnitProposal(r.unit_id, _had(r)) for r in ranked.get(row.category, [])],
            )
            if isinstance(proposal, UnitProposal)
        ]
        for row in rows
    }  # fmt: skip


def _had(ranked: Any) -> str:
    return f"承办过同类建议{ranked.times}件"


def _reasons(
    row: Any, rules: list[Data], plugged: list[UnitProposal], ranked: list[Any]
) -> Iterator[tuple[str, str, int]]:
    """(unit id, why, how often it had the like), the strongest first."""
    times = {found.unit_id: found.times for found in ranked}
    for rule in rules:
        if rule["words"] in row.title:
            yield rule["unit"], f"标题中有“{rule['words']}”", times.get(rule["unit"], 0)
    for proposal in plugged:
        yield proposal.unit, proposal.because, times.get(proposal.unit, 0)
    for unit in row.proposed_units:
        yield unit, "代表建议由其承办", times.get(unit, 0)
    for found in ranked:
        yield found.unit_id, _had(found), found.times


def _first(units: Units, reasons: Iterator[tuple[str, str, int]]) -> list[Data]:
    found: dict[str, Data] = {}
    for id, why, times in reasons:
        if id in units.active and id not in found:
            found[id] = {
                "id": id,
                "name": units.known[id].name,
                "times": times,
                "because": f"{why}；{BECAUSE}",
            }
    return list(found.values())[:MOST]
