"""Back-to-back (背靠背): what units may learn of deputies' judgements, and when.

Source: docs/domain "Life of a suggestion", 9; 浏阳, 2022: the standing committee hands the form to the deputy and gets it
back. The unit learns the outcome only after the suggestion is closed, and never who said what where the place says so;
nor may it be able to work that out from a count of one, or from a figure that moves when one more judgement is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

# The choices are in `shared/terms.py`: FEEDBACK_NAMES, UNIT_LEARNS, DECIDES, FEEDBACK_DECIDED_BY.
NAMED = "named"
CLOSING, YEAR_END, NEVER = "closing", "year_end", "never"
LEAD, ANY, ALL = "lead", "any", "all"
RESULT, EITHER = "result", "either"
LEAST_COUNT = 3
# What deputies' judgements go into: told to units and deputies only as back-to-back allows.
OF_JUDGEMENTS = ("satisfied_process", "satisfied_result", "late_feedback")


@dataclass(frozen=True)
class FeedbackRules:
    """How a place handles feedback. Fixed for a suggestion when its handling begins."""

    names: str = NAMED
    unit_learns: str = CLOSING
    least_count: int = LEAST_COUNT  # so many judgements are told together, where names are not told
    decides: str = LEAD  # whose "not satisfied" means that it has to be handled again
    by: str = RESULT  # on what

    def known_from(self, closed_on: date, year: int) -> date | None:
        """From which day on units may know how a suggestion of this year was judged; None: never."""
        if self.unit_learns == NEVER:
            return None
        if self.unit_learns == YEAR_END:
            return max(closed_on, date(max(year, closed_on.year) + 1, 1, 1))
        return closed_on


@dataclass(frozen=True)
class Day:
    """What suggestions that became known on a day put into a figure of judgements; or, less than nothing, what went out of
    it with one that was reopened: that moves the figure, too, and is told among others.

    `least`: so many of them are told together, as the place said when each suggestion's handling began. `of_units`: how
    many judgements are on which unit's work, where a figure is of several units.
    """

    on: date
    numerator: int
    denominator: int
    least: int = 1
    of_units: Mapping[str, int] = field(default_factory=dict)


def told_together(days: Iterable[Day], least: int) -> tuple[int, int, date | None]:
    """The part of a figure that can be told without telling a single judgement: (numerator, denominator, as of).

    Judgements are told in groups of whole days with at least `least` of them; the last ones wait until their group is large
    enough. So whoever reads the figure each day, too, sees no smaller a group than that come in. A unit that reads
    its own figure as well knows the rest of a group of several units: none, or a group as large.
    """
    numerator = denominator = waiting_numerator = waiting = 0
    needed, of_units = least, Counter[str]()
    as_of = None
    moved = 0
    for on, same_day in groupby(sorted(days, key=lambda day: day.on), key=lambda day: day.on):
        for day in same_day:
            waiting_numerator, waiting = waiting_numerator + day.numerator, waiting + day.denominator
            moved, needed = moved + abs(day.denominator), max(needed, day.least)
            of_units.update(day.of_units)
        rests = [moved - own for own in of_units.values()]
        if moved >= needed and all(rest == 0 or rest >= needed for rest in rests):
            numerator, denominator, as_of = numerator + waiting_numerator, denominator + waiting, on
            waiting_numerator = waiting = moved = 0
            needed, of_units = least, Counter()
    return numerator, denominator, as_of


def counted(judgements: list[tuple[str, str]], least: int) -> dict[str, dict[str, int]]:
    """How many judged process and result in which way; nothing where there are fewer than `least`."""
    if len(judgements) < least:
        return {}
    found: dict[str, dict[str, int]] = {"process": {}, "result": {}}
    for process, result in judgements:
        found["process"][process] = found["process"].get(process, 0) + 1
        found["result"][result] = found["result"].get(result, 0) + 1
    return found
