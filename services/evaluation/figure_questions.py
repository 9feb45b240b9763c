"""Figures and the lists behind them, as far as the person who asks may know each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.figures import FIGURES, OF_CONGRESS, OF_JUDGEMENTS, Figure, percent
from services.evaluation.model.rules import HEARING, OVERSEERS, RULES
from services.evaluation.told import Told
from shared.events import ROOT
from shared.identity import Actor
from shared.problems import Invalid, NotAllowed
from shared.work import Work

BACK_TO_BACK = "代表评价在建议办结后、满一定份数时合并计入，不逐份显示"

# --- figures ------------------------------------------------------------------------------------------


def figures(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """A congress's totals are for its people and those of the congresses above; a unit's for its overseers and itself."""
    if not sees_totals(work.actor, params["congress"]):
        raise NotAllowed("只有本级和上级人大的人员可以查看指标。")
    congress, f, years = params["congress"], t.figures.c, years_of(params)
    # The year before stands beside a year; nothing stands beside several.
    before = sa.case((f.year < years[0], 1), else_=0).label("before")
    query = (
        sa.select(
            f.owner, f.figure, before, sa.func.sum(f.numerator).label("numerator"), sa.func.sum(f.denominator).label("denominator"),
            sa.func.max(f.changed_on).label("changed_on"),
        )
        .where(f.congress == congress, f.year.between(years[0] - (years[0] == years[1]), years[1]))
        .group_by(f.owner, f.figure, before)
    )  # fmt: skip
    if not params["by_unit"]:
        rows = {
            (row.figure, row.before): row
            for row in work.connection.execute(query.where(f.owner == OF_CONGRESS))
        }
        known = work.copies.get("congress", congress)
        owner = {"kind": "congress", "id": congress, "name": known["name"] if known else congress}
        told = _told(work, congress, years, [OF_CONGRESS])
        return [_figure(figure, owner, rows, work, told, years) for figure in FIGURES.values()]
    query = query.where(f.owner != OF_CONGRESS)
    if not sees_all_figures(work.actor, congress):
        query = query.where(f.owner.in_(sorted(work.actor.units())))
    by_owner: dict[str, dict[tuple[str, int], Any]] = {}
    for row in work.connection.execute(query):
        by_owner.setdefault(row.owner, {})[row.figure, row.before] = row
    units, told = unit_copies(work, list(by_owner)), _told(work, congress, years, list(by_owner))
    found = []
    for id, rows in sorted(by_owner.items(), key=lambda entry: units.get(entry[0], {}).get("name", entry[0])):
        owner = {"kind": "unit", "id": id, "name": units.get(id, {}).get("name", "（未登记的单位）")}
        found += [_figure(figure, owner, rows, work, told, years) for figure in FIGURES.values()]
    return found


def _told(work: Work, congress: str, years: tuple[int, int], owners: list[str]) -> Told | None:
    """What may be told of judgements; None for who may know each."""
    if sees_judgements(work.actor, congress):
        return None
    return Told(work, congress, (years[0] - (years[0] == years[1]), years[1]), owners)


def years_of(params: dict[str, Any]) -> tuple[int, int]:
    """The first and the last year that are asked for: a single one, or those of a term. Raises Invalid for none."""
    first, last = params["since"] or params["year"], params["year"]
    if first > last:
        raise Invalid("起始年份晚于截止年份。", {"since": ["起始年份不能晚于截止年份。"]})
    return first, last


def _figure(
    figure: Figure, owner: dict[str, str], rows: dict[tuple[str, int], Any], work: Work, told: Told | None, years: tuple[int, int]
) -> dict[str, Any]:  # fmt: skip
    """`as_of` is the date up to which the figure is right, `changed_on` when it last changed.

    Who may not know each judgement gets of them what can be told: see `told.py`.
    """
    row, earlier = rows.get((figure.name, 0)), rows.get((figure.name, 1))
    numerator, denominator, changed_on = (
        (row.numerator, row.denominator, row.changed_on) if row else (0, 0, "")
    )
    before = (earlier.numerator, earlier.denominator) if earlier else (0, 0)
    note = ""
    if figure.name in OF_JUDGEMENTS and told:
        unit = owner["id"] if owner["kind"] == "unit" else OF_CONGRESS
        known = [told.of(unit, year, figure.name) for year in range(years[0], years[1] + 1)]
        numerator, denominator = sum(one[0] for one in known), sum(one[1] for one in known)
        day = max((one[2] for one in known if one[2]), default=None)
        changed_on, note = day.isoformat() if day else "", BACK_TO_BACK
        before = told.of(unit, years[0] - 1, figure.name)[:2] if years[0] == years[1] else (0, 0)
    return {
        "note": note,
        "figure": figure.name,
        "label": figure.label,
        "meaning": figure.meaning,
        "owner": owner,
        "numerator": numerator,
        "denominator": denominator,
        "percent": percent(numerator, denominator),
        "before": {"numerator": before[0], "denominator": before[1], "percent": percent(*before)},
        "as_of": work.today.isoformat(),
        "changed_on": changed_on,
    }


def figure_list(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The suggestions behind a figure, as far as the person may see each of them."""
    if params["figure"] not in FIGURES:
        names = "、".join(f"{figure.name}({figure.label})" for figure in FIGURES.values())
        raise Invalid("没有这项指标。", {"figure": [f"请从下列指标中选择：{names}。"]})
    hears = _hears(work.actor, params["congress"])
    c, e = t.contributions.c, t.evaluations.c
    query = (
        sa.select(
            c.suggestion_id, c.numerator, c.denominator, e.number, e.title, e.category, e.state, e.congress
        )
        .join_from(t.contributions, t.evaluations, e.id == c.suggestion_id)
        .where(
            c.congress == params["congress"],
            c.owner == (params["unit"] or OF_CONGRESS),
            c.year.between(*years_of(params)),
            c.figure == params["figure"],
            *may_see(work.actor, params["congress"]),
            *(_may_know(work, params["congress"]) if params["figure"] in OF_JUDGEMENTS else ()),
        )
        .order_by(c.suggestion_id)
        .limit(params["limit"])
    )
    if params["part"] == "numerator":
        query = query.where(c.numerator > 0)
    elif params["part"] == "rest":
        query = query.where(c.numerator < c.denominator)
    return [
        {
            "suggestion": row.suggestion_id,
            "number": row.number,
            "title": row.title,
            "category": row.category,
            "congress": row.congress,
            "state": _stage(row.state, hears),
            "state_label": RULES.states[_stage(row.state, hears)],
            "numerator": row.numerator,
            "denominator": row.denominator,
        }
        for row in work.connection.execute(query)
    ]


def _stage(state: str, hears: bool) -> str:
    """That all deputies have answered is for those to know who hear them."""
    return "asked" if state == "assessed" and not hears else state


def _may_know(work: Work, congress: str) -> list[sa.ColumnElement[bool]]:
    """Of judgements: who hears them all; the others those that units may know by now, or that were published."""
    if _hears(work.actor, congress):
        return []
    c, e = t.contributions.c, t.evaluations.c
    own = t.contributions.alias("own").c
    # Of several units, none of which few judged: who reads the own number knows the others' by the difference.
    of_few = sa.exists().where(
        own.suggestion_id == c.suggestion_id, own.year == c.year, own.figure == c.figure,
        own.denominator < e.told_least, sa.or_(c.owner == OF_CONGRESS, own.owner == c.owner),
    )  # fmt: skip
    is_told = sa.and_(e.known_from != "", e.known_from <= work.today.isoformat(), sa.not_(of_few))
    if sees_all_figures(work.actor, congress):
        return [is_told]
    return [is_told, sa.or_(e.shows_judgement.is_(True), *_is_own(work.actor))]


def may_see(actor: Actor, congress: str) -> list[sa.ColumnElement[bool]]:
    """Overseers see all, units what they handle, deputies their own, everybody what is published."""
    if sees_all_figures(actor, congress):
        return []
    return [sa.or_(t.evaluations.c.state == "published", *_is_own(actor))]


def _is_own(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Handled by the person's units, or the person's own suggestion."""
    c, p = t.contributions.c, t.participants.c
    seen: list[sa.ColumnElement[bool]] = []
    if units := sorted(actor.units()):
        handled = t.contributions.alias("handled").c
        seen.append(sa.exists().where(handled.suggestion_id == c.suggestion_id, handled.owner.in_(units)))
    if seats := sorted(actor.seats):
        seen.append(sa.exists().where(p.suggestion_id == c.suggestion_id, p.deputy_id.in_(seats)))
    return seen


def sees_totals(actor: Actor, congress: str) -> bool:
    """In a small place a total of one says how the one suggestion was judged: so not for the neighbour, nor the public."""
    return sees_all_figures(actor, congress) or bool(actor.congresses() & {*_with_those_above(congress)})


def oversees(actor: Actor, congress: str) -> bool:
    """The offices of the congress and of those above it, and who runs the network."""
    above = actor.congresses(*OVERSEERS) & {*_with_those_above(congress)}
    return bool(above) or sees_all_figures(actor, congress)


def sees_judgements(actor: Actor, congress: str) -> bool:
    """Who hears them at the congress and at those above it: figures go up as they are. Not who runs the network."""
    above = actor.congresses(*HEARING) & {*_with_those_above(congress)}
    return bool(above) or _hears(actor, congress)


def _hears(actor: Actor, congress: str) -> bool:
    return actor.has("system") or any(actor.has(role, congress) for role in HEARING)


def _with_those_above(congress: str) -> tuple[str, ...]:
    return (congress, ROOT, *(congress[:at] for at, sign in enumerate(congress) if sign == "."))


def sees_all_figures(actor: Actor, congress: str) -> bool:
    return (
        actor.has("system") or actor.has("operator") or any(actor.has(role, congress) for role in OVERSEERS)
    )


def unit_copies(work: Work, ids: list[str]) -> dict[str, dict[str, Any]]:
    found = work.connection.execute(work.copies.statements.named_copies, {"kind": "unit", "ids": ids})
    return {row.id: row.data for row in found}
