"""What may be told of figures of judgements to those who do not hear them (背靠背): of closed suggestions, and in groups.

Read at once for all owners and years that are asked for, however many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.back_to_back import NAMED, NEVER, OF_JUDGEMENTS, YEAR_END, Day, told_together
from services.evaluation.model.figures import OF_CONGRESS, Key
from services.evaluation.settings import feedback_rules
from shared.work import Work

MOST_REOPENED = 500  # of a congress, in all years


class Told:
    """What may be told of the figures of some units, or of the congress's own (`OF_CONGRESS`), in some years."""

    def __init__(self, work: Work, congress: str, years: tuple[int, int], owners: Sequence[str]) -> None:
        self.work, self.congress, self.years = work, congress, years
        self.owners = sorted({*owners})
        self.rules = feedback_rules(work, congress, work.today)
        self.days: dict[Key, list[Day]] = defaultdict(list)
        of_units = dict(self._counts_by_unit()) if OF_CONGRESS in owners else {}
        for key, day in self._by_day():
            counts = of_units.get((key, day.on), {}) if key[0] == OF_CONGRESS else {}
            self.days[key].append(replace(day, of_units=counts))
        for key, day in self._before():
            self.days[key].append(day)

    def of(self, owner: str, year: int, figure: str) -> tuple[int, int, date | None]:
        """(numerator, denominator, as of).

        A unit's own: when the place lets units learn; and where it does not tell names, together with enough others. By the
        rules of today, for it is a figure of today; but what was said while names were not told stays among others.
        The congress's is for everybody: a unit watches it, too, on the day its own one is closed.
        """
        rules, days = self.rules, self.days[owner, year, figure]
        if owner == OF_CONGRESS:
            return told_together(days, rules.least_count)
        if rules.unit_learns == NEVER or (rules.unit_learns == YEAR_END and self.work.today.year <= year):
            return 0, 0, None
        return told_together(days, 1 if rules.names == NAMED else rules.least_count)

    def _of_all(self) -> list[sa.ColumnElement[bool]]:
        """What is known by the day before: whole days alone."""
        c, e = t.contributions.c, t.evaluations.c
        return [
            e.id == c.suggestion_id, c.congress == self.congress, c.year.between(*self.years), c.figure.in_(OF_JUDGEMENTS),
            e.known_from != "", e.known_from < self.work.today.isoformat(),
        ]  # fmt: skip

    def _by_day(self) -> Iterator[tuple[Key, Day]]:
        """What the suggestions that became known on each day put into each figure."""
        c, e = t.contributions.c, t.evaluations.c
        groups = (c.owner, c.year, c.figure, e.known_from)
        sums = (sa.func.sum(c.numerator), sa.func.sum(c.denominator), sa.func.max(e.told_least))
        query = sa.select(*groups, *sums).where(*self._of_all(), c.owner.in_(self.owners)).group_by(*groups)
        for owner, year, figure, day, numerator, denominator, least in self.work.connection.execute(query):
            yield (owner, year, figure), Day(date.fromisoformat(day), numerator, denominator, least)

    def _counts_by_unit(self) -> Iterator[tuple[tuple[Key, date], dict[str, int]]]:
        """On whose work the judgements are that are in a figure of the congress on each day."""
        c, e, own = t.contributions.c, t.evaluations.c, t.contributions.alias("own").c
        of_same = (own.suggestion_id == c.suggestion_id, own.year == c.year, own.figure == c.figure)
        groups = (c.year, c.figure, e.known_from, own.owner)
        query = (
            sa.select(*groups, sa.func.sum(own.denominator))
            .where(*self._of_all(), c.owner == OF_CONGRESS, *of_same, own.owner != OF_CONGRESS)
            .group_by(*groups)
        )
        found: dict[tuple[Key, date], dict[str, int]] = defaultdict(dict)
        for year, figure, day, unit, count in self.work.connection.execute(query):
            found[(OF_CONGRESS, year, figure), date.fromisoformat(day)][unit] = count
        yield from found.items()

    def _before(self) -> Iterator[tuple[Key, Day]]:
        """What suggestions that were reopened had put in when they were closed, and that it went out on the day they were."""
        e, today = t.evaluations.c, self.work.today
        of_place = (e.congress == self.congress, e.reopened.is_(True))
        for found in t.store.find(self.work.connection, *of_place, limit=MOST_REOPENED):
            for ending in found.endings:
                since, until = ending.known_from, ending.reopened_on
                if since is None or since >= min(until, today):
                    continue
                for key, (numerator, denominator) in self._asked_for(ending.judged):
                    of_units = _of_units(ending.judged, key) if key[0] == OF_CONGRESS else {}
                    yield key, Day(since, numerator, denominator, found.told_least, of_units)
                    if until < today:
                        yield key, Day(until, -numerator, -denominator, found.told_least, of_units)

    def _asked_for(self, judged: Mapping[str, list[int]]) -> Iterator[tuple[Key, list[int]]]:
        for text, share in judged.items():
            owner, year, figure = text.split("/")
            if owner in self.owners and self.years[0] <= int(year) <= self.years[1]:
                yield (owner, int(year), figure), share


def _of_units(judged: Mapping[str, list[int]], key: Key) -> dict[str, int]:
    of = f"/{key[1]}/{key[2]}"
    return {
        text.removesuffix(of): share[1] for text, share in judged.items() if text.endswith(of) and text != of
    }
