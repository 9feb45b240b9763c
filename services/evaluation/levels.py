"""Figures go up: each congress tells its own as they change, and those above sum up what those below have told."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.figure_questions import oversees, sees_judgements, years_of
from services.evaluation.model.figures import FIGURES, OF_CONGRESS, OF_JUDGEMENTS, percent
from services.evaluation.model.levels import Share, by_place, summed, too_few
from services.evaluation.settings import feedback_rules
from shared.events import ROOT
from shared.handlers import Event
from shared.problems import NotAllowed
from shared.rules import Rule, Rules
from shared.statements import insert_into
from shared.work import Work

Data = dict[str, Any]
TOLD_NAMESPACE = uuid.UUID("a3d2e4b6-7c58-4c11-9b0f-5f2c7a1e9d44")
MOST_AT_ONCE = 500
TELL_RULES = Rules(
    "次报送", {"new": "尚未报送"}, [Rule("tell_figures", "报送指标", ("operator", "system"), ("new",))]
)


def tell_figures(work: Work, data: Data) -> Data:
    """Whatever differs from what was told last: found by sums, and by its day where sums may be equal by chance."""
    work.authorize(TELL_RULES, "tell_figures", "")
    f, of = t.figures.c, t.tellings.c
    now = (
        sa.select(
            f.congress, f.year, sa.func.sum(f.numerator).label("numerators"), sa.func.sum(f.denominator).label("denominators"),
            sa.func.max(f.changed_on).label("changed_on"),
        )
        .where(f.owner == OF_CONGRESS)
        .group_by(f.congress, f.year)
        .subquery()
    )  # fmt: skip
    yesterday = (work.today - timedelta(days=1)).isoformat()
    changed = (
        sa.select(now.c.congress, now.c.year)
        .outerjoin(t.tellings, sa.and_(of.congress == now.c.congress, of.year == now.c.year))
        .where(
            sa.or_(
                of.congress.is_(None), of.numerators != now.c.numerators, of.denominators != now.c.denominators,
                now.c.changed_on >= yesterday,
            )
        )
        .order_by(now.c.congress, now.c.year)
    )  # fmt: skip
    told = 0
    for row in work.connection.execute(changed).all():
        told += _tell(work, row.congress, row.year)
        if told >= MOST_AT_ONCE:
            break
    return {"id": "", "told": told}


def _tell(work: Work, congress: str, year: int) -> int:
    f, of = t.figures.c, t.tellings.c
    own = sa.select(f.figure, f.numerator, f.denominator).where(
        f.congress == congress, f.year == year, f.owner == OF_CONGRESS
    )
    figures = {row.figure: [row.numerator, row.denominator] for row in work.connection.execute(own)}
    before = work.connection.execute(
        sa.select(t.tellings).where(of.congress == congress, of.year == year).with_for_update()
    ).first()
    if before is not None and before.figures == figures:
        return 0
    sequence = (before.sequence if before is not None else 0) + 1
    sums = summed((share[0], share[1]) for share in figures.values())
    kept = {"sequence": sequence, "figures": figures, "numerators": sums[0], "denominators": sums[1]}
    row = insert_into(t.tellings, work.connection.dialect.name).values(congress=congress, year=year, **kept)
    changed = {name: row.excluded[name] for name in kept}
    work.connection.execute(
        row.on_conflict_do_update(index_elements=list(t.tellings.primary_key), set_=changed)
    )
    listed = [
        {"figure": name, "numerator": share[0], "denominator": share[1]}
        for name, share in sorted(figures.items())
    ]
    subject = str(uuid.uuid5(TOLD_NAMESPACE, f"{congress}/{year}"))
    work.publish(subject, congress, sequence, "figures.told", year=year, figures=listed)
    return 1


def on_told(work: Work, event: Event) -> None:
    """Keep what a congress told of its own figures: the newest, whichever comes first."""
    congress, year = event["jurisdiction"], event["data"]["year"]
    insert = insert_into(t.told_figures, work.connection.dialect.name)
    for one in event["data"]["figures"]:
        row = insert.values(
            congress=congress, year=year, figure=one["figure"], numerator=one["numerator"], denominator=one["denominator"],
            told=event["sequence"],
        )  # fmt: skip
        new = row.excluded
        work.connection.execute(
            row.on_conflict_do_update(
                index_elements=list(t.told_figures.primary_key),
                set_={"numerator": new.numerator, "denominator": new.denominator, "told": new.told},
                where=t.told_figures.c.told < new.told,
            )
        )


def figures_below(work: Work, params: Data) -> Data:
    """{figures, places}: of a congress with all below it, and of each place one level down; of few, nothing singly.

    For the offices of the congress and of those above it; of judgements for those who hear them.
    """
    congress = params["congress"]
    if not oversees(work.actor, congress):
        raise NotAllowed("只有本级和上级人大的工作机构可以查看各地指标。")
    hears = sees_judgements(work.actor, congress)
    names = [name for name in FIGURES if hears or name not in OF_JUDGEMENTS]
    own, below = _told(work, congress, params)
    least = feedback_rules(work, congress, work.today).least_count
    places: dict[str, dict[str, Data]] = {}
    for name in names:
        of_places = by_place(congress, below.get(name, {}))
        counts = {place: share[1] for place, share in of_places.items()}
        hidden = too_few(counts, least) if name in OF_JUDGEMENTS else set()
        for place, share in of_places.items():
            shown = _share(name, (0, 0) if place in hidden else share)
            places.setdefault(place, {})[name] = {**shown, "is_hidden": place in hidden}
    called = _names(work, congress, list(places))
    return {
        "congress": congress, "as_of": work.today.isoformat(), "least": least,
        "figures": [
            _share(name, summed([own.get(name, (0, 0)), *below.get(name, {}).values()])) for name in names
        ],
        "telling": len({path for shares in below.values() for path in shares}),
        "places": [
            {
                "congress": place, "name": called.get(place, place),
                "figures": [of.get(name, {**_share(name, (0, 0)), "is_hidden": False}) for name in names],
            }
            for place, of in sorted(places.items())
        ],
    }  # fmt: skip


def _told(work: Work, congress: str, params: Data) -> tuple[dict[str, Share], dict[str, dict[str, Share]]]:
    """({figure: own}, {figure: {congress below: its own}}) over the years that are asked for."""
    f = t.told_figures.c
    above = sa.true() if congress == ROOT else sa.or_(f.congress == congress, _is_below(f.congress, congress))
    query = (
        sa.select(f.congress, f.figure, sa.func.sum(f.numerator), sa.func.sum(f.denominator))
        .where(f.year.between(*years_of(params)), above)
        .group_by(f.congress, f.figure)
    )
    own: dict[str, Share] = {}
    below: dict[str, dict[str, Share]] = {}
    for path, figure, numerator, denominator in work.connection.execute(query):
        if path == congress:
            own[figure] = (numerator, denominator)
        else:
            below.setdefault(figure, {})[path] = (numerator, denominator)
    return own, below


def _is_below(column: Any, congress: str) -> Any:
    """43.01 and what begins with `43.01.`: a range, which an index finds."""
    return sa.and_(column > f"{congress}.", column < f"{congress}/")


def _share(name: str, share: Share) -> Data:
    numerator, denominator = share
    return {
        "figure": name, "label": FIGURES[name].label, "numerator": numerator, "denominator": denominator,
        "percent": percent(numerator, denominator),
    }  # fmt: skip


def _names(work: Work, congress: str, paths: list[str]) -> dict[str, str]:
    c = work.copies.table.c
    rows = work.connection.execute(
        sa.select(c.congress, c.data).where(c.kind == "congress", c.congress.in_(paths))
    )
    return {row.congress: row.data["name"] for row in rows}
