"""Which dates are workdays, as the State Council arranges them and as later announcements change them.

Three layers, the later one wins on each date:

1. Monday to Friday are workdays, Saturday and Sunday are not.
2. Years nobody has announced yet: the legal holidays of 《全国年节及纪念日放假办法》 (as amended for 2025)
   are off. They are off for certain; only the swapped days around them are unknown. Every answer about such
   a year carries a caveat.
3. Arrangements: those the library chinesecalendar knows, then those recorded here, in order of announcement.

All dates are dates of law in Asia/Shanghai. A calendar never changes: an arrangement makes a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from shared.problems import Invalid

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
NAMES_IN_FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}  # the library shortens them

# Next year's New Year holiday has reached back to 29 December at the earliest (2007, 2018); a week is safe.
NEXT_YEAR_REACHES_BACK_TO = (12, 25)

FIXED_HOLIDAYS = (
    ("元旦", (1, 1)),
    ("劳动节", (5, 1)),
    ("劳动节", (5, 2)),
    ("国庆节", (10, 1)),
    ("国庆节", (10, 2)),
    ("国庆节", (10, 3)),
)
# Year: 清明, 正月初一, 端午, 中秋. Checked against the packages lunardate and chinesecalendar.
MOVING_HOLIDAYS = {
    2025: ((4, 4), (1, 29), (5, 31), (10, 6)),
    2026: ((4, 5), (2, 17), (6, 19), (9, 25)),
    2027: ((4, 5), (2, 6), (6, 9), (9, 15)),
    2028: ((4, 4), (1, 26), (5, 28), (10, 3)),
    2029: ((4, 4), (2, 13), (6, 16), (9, 22)),
    2030: ((4, 5), (2, 3), (6, 5), (9, 12)),
    2031: ((4, 5), (1, 23), (6, 24), (10, 1)),
    2032: ((4, 4), (2, 11), (6, 12), (9, 19)),
    2033: ((4, 4), (1, 31), (6, 1), (9, 8)),
    2034: ((4, 5), (2, 19), (6, 20), (9, 27)),
    2035: ((4, 5), (2, 8), (6, 10), (9, 16)),
    2036: ((4, 4), (1, 28), (5, 30), (10, 4)),
    2037: ((4, 4), (2, 15), (6, 18), (9, 24)),
}
FIRST_YEAR_OF_THE_LAW = 2025  # the amended list of holidays is in force since 1 January 2025


def chinese_date(day: date) -> str:
    """As it is written in a letter: 2023年5月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=64)
def legal_holidays(year: int) -> Mapping[date, str]:
    """The days the law itself gives off in a year, without the swaps that only an arrangement brings.

    Empty before 2025. After 2037 only the holidays with a fixed date: the table of moving ones ends there.
    """
    if year < FIRST_YEAR_OF_THE_LAW:
        return {}
    days = {date(year, *month_day): name for name, month_day in FIXED_HOLIDAYS}
    if year in MOVING_HOLIDAYS:
        qingming, new_year, dragon_boat, mid_autumn = (date(year, *md) for md in MOVING_HOLIDAYS[year])
        moving = {qingming: "清明节", dragon_boat: "端午节", mid_autumn: "中秋节"}
        moving |= {new_year + n * ONE_DAY: "春节" for n in (-1, 0, 1, 2)}  # the eve and three days
        days = moving | days
    return MappingProxyType(days)


@dataclass(frozen=True)
class Arrangement:
    """One announcement: which dates are off, which weekend days are worked, and for which holiday.

    `year` is set when it is the arrangement of that whole year, and then the year counts as announced.
    Without it, it is an addition or change: an extra day off, a holiday moved, a local holiday of an ethnic
    region. It says nothing about dates it does not name. To take back a day off, name it among the make-up
    workdays. `announced_on` None means not known, and comes before all known dates.

    Raises Invalid, with a Chinese sentence, when it contradicts itself or is half filled in.
    """

    holidays: Mapping[date, str]
    makeup_workdays: Mapping[date, str]
    announced_on: date | None
    source: str
    year: int | None = None

    def __post_init__(self) -> None:
        twice = sorted(set(self.holidays) & set(self.makeup_workdays))
        if twice:
            raise Invalid(f"{chinese_date(twice[0])}既列为放假又列为调休上班，请核对。")
        if not self.holidays and not self.makeup_workdays:
            raise Invalid("放假安排中没有任何日期，请填写放假或调休上班的日期。")
        for day, name in (*self.holidays.items(), *self.makeup_workdays.items()):
            if not name:
                raise Invalid(f"请注明{chinese_date(day)}是什么节日。")
        if not self.source.strip():
            raise Invalid("请写明放假安排的来源，如通知的名称和文号。")
        if self.year is not None:
            self._check_whole_year(self.year)

    def _check_whole_year(self, year: int) -> None:
        for day in (*self.holidays, *self.makeup_workdays):
            if day.year != year and (day.year, day.month) != (year - 1, 12):
                raise Invalid(f"{chinese_date(day)}不属于{year}年的放假安排，请核对年份。")
        for name, month_day in FIXED_HOLIDAYS:
            day = date(year, *month_day)
            if day not in self.holidays and (year >= FIRST_YEAR_OF_THE_LAW or month_day != (5, 2)):
                raise Invalid(
                    f"{year}年全年放假安排中缺少{name}（{chinese_date(day)}），请补全或改为单项调整。"
                )
        for day in self.makeup_workdays:
            if day.weekday() < 5:
                raise Invalid(f"{chinese_date(day)}是{WEEKDAYS[day.weekday()]}，不能列为调休上班，请核对。")

    def to_dict(self) -> dict[str, Any]:
        """JSON: dates as ISO 8601."""
        return {
            "holidays": {day.isoformat(): name for day, name in sorted(self.holidays.items())},
            "makeup_workdays": {day.isoformat(): name for day, name in sorted(self.makeup_workdays.items())},
            "announced_on": self.announced_on.isoformat() if self.announced_on else None,
            "source": self.source,
            "year": self.year,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Arrangement:
        """The arrangement `to_dict` wrote, or somebody typed. Raises Invalid when it cannot be read."""
        try:
            announced_on, year = data.get("announced_on"), data.get("year")
            if year is not None and type(year) is not int:
                raise TypeError("year")
            return cls(
                holidays=_named_days(data.get("holidays", {})),
                makeup_workdays=_named_days(data.get("makeup_workdays", {})),
                announced_on=date.fromisoformat(announced_on) if announced_on else None,
                source=str(data.get("source") or ""),
                year=year,
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise Invalid(
                "放假安排的格式有误：日期应写作2026-10-01，年份应为整数，并注明节日名称。"
            ) from error


def _named_days(days: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name.strip() for day, name in days.items()}


@lru_cache(maxsize=1)
def official_arrangements() -> tuple[Arrangement, ...]:
    """What chinesecalendar knows: the State Council's arrangements since 2004, one for each year.

    The library is loaded at the first call, not with this module.
    """
    library = import_module("chinese_calendar.constants")
    chinese = {h.value: NAMES_IN_FULL.get(h.chinese, h.chinese) for h in library.Holiday}
    holidays = {day: chinese[name] for day, name in library.holidays.items()}
    makeup_workdays = {day: chinese[name] for day, name in library.workdays.items()}
    arrangements = []
    for year in sorted({day.year for day in holidays}):
        complete = date(year, 10, 1) in holidays  # the New Year of a year to come may stand alone
        arrangements.append(
            Arrangement(
                holidays={day: name for day, name in holidays.items() if day.year == year},
                makeup_workdays={day: name for day, name in makeup_workdays.items() if day.year == year},
                announced_on=None,
                source=f"国务院办公厅关于{year}年部分节假日安排的通知",
                year=year if complete else None,
            )
        )
    return tuple(arrangements)


class DayKind(StrEnum):
    """What a date is: only HOLIDAY and WEEKEND are off."""

    ORDINARY = "ordinary"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring dates of one kind, both ends included: a holiday, a weekend, or worked weekend days."""

    kind: DayKind
    name: str
    first: date
    last: date

    def __str__(self) -> str:
        days = f"{self.first}" if self.first == self.last else f"{self.first}—{self.last}"
        return f"{self.name} {days}"

    def to_dict(self) -> dict[str, str]:
        return {
            "kind": self.kind.value,
            "name": self.name,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> Stretch:
        first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
        return cls(DayKind(data["kind"]), data["name"], first, last)


class WorkCalendar:
    """Says of every date whether it is a workday, and how sure that is."""

    def __init__(self, arrangements: Iterable[Arrangement] = ()) -> None:
        """Lay the arrangements over one another by date of announcement, those of one date as given."""
        self.arrangements = tuple(sorted(arrangements, key=lambda a: a.announced_on or date.min))
        self._announced = {a.year for a in self.arrangements if a.year is not None}
        self._arranged: dict[date, tuple[DayKind, str]] = {}
        self._caveats: dict[tuple[int, int, bool], tuple[str, ...]] = {}
        for arrangement in self.arrangements:
            for day, name in arrangement.holidays.items():
                self._arranged[day] = DayKind.HOLIDAY, name
            for day, name in arrangement.makeup_workdays.items():
                self._arranged[day] = DayKind.MAKEUP, f"{name}调休上班"

    @classmethod
    def official(cls, recorded: Iterable[Arrangement] = ()) -> WorkCalendar:
        """The State Council's calendar with the arrangements a congress has recorded later laid over it."""
        return cls((*official_arrangements(), *recorded))

    def with_arrangement(self, arrangement: Arrangement) -> WorkCalendar:
        """The calendar after one more announcement; this one stays as it is."""
        return WorkCalendar((*self.arrangements, arrangement))

    def is_announced(self, year: int) -> bool:
        """Is the arrangement of this whole year known?"""
        return year in self._announced

    def is_workday(self, day: date) -> bool:
        """Are offices open? Of a year not announced yet: as far as one can tell, see `caveats`."""
        arranged = self._arranged.get(day)
        if arranged is not None:
            return arranged[0] is DayKind.MAKEUP
        return day.weekday() < 5 and (day.year in self._announced or day not in legal_holidays(day.year))

    def describe(self, day: date) -> tuple[DayKind, str]:
        """What a date is, and how it is called; the name of an ordinary day is empty."""
        arranged = self._arranged.get(day)
        if arranged is not None:
            return arranged
        if day.year not in self._announced and day in legal_holidays(day.year):
            return DayKind.HOLIDAY, legal_holidays(day.year)[day]
        return (DayKind.WEEKEND, "周末") if day.weekday() > 4 else (DayKind.ORDINARY, "")

    def workday_on_or_after(self, day: date) -> date:
        """The day itself if it is a workday, otherwise the next that is."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def nth_workday_after(self, day: date, n: int) -> date:
        """The n-th workday after a day that is itself not counted; n is at least 1."""
        for _ in range(n):
            day = self.workday_on_or_after(day + ONE_DAY)
        return day

    def workdays_between(self, after: date, until: date) -> int:
        """How many workdays there are after one day up to and including another; 0 if there are none."""
        return sum(self.is_workday(after + n * ONE_DAY) for n in range(1, (until - after).days + 1))

    def stretches(self, first: date, last: date) -> tuple[Stretch, ...]:
        """Everything out of the ordinary from first to last, both included, in order.

        Holidays that touch are one stretch (国庆节、中秋节); one cut by first or last is shown cut.
        """
        found: list[Stretch] = []
        for n in range((last - first).days + 1):
            day = first + n * ONE_DAY
            kind, name = self.describe(day)
            if kind is DayKind.ORDINARY:
                continue
            before = found[-1] if found else None
            if before is None or before.kind is not kind or before.last != day - ONE_DAY:
                found.append(Stretch(kind, name, day, day))
                continue
            names = before.name if name in before.name.split("、") else f"{before.name}、{name}"
            found[-1] = Stretch(kind, names, before.first, day)
        return tuple(found)

    def caveats(self, first: date, last: date) -> tuple[str, ...]:
        """Why what this calendar says of these dates, both included, may change; empty when it is settled."""
        reaches_year_end = (last.month, last.day) >= NEXT_YEAR_REACHES_BACK_TO
        asked = (first.year, last.year, reaches_year_end)
        if asked not in self._caveats:
            self._caveats[asked] = tuple(self._find_caveats(*asked))
        return self._caveats[asked]

    def _find_caveats(self, first_year: int, last_year: int, reaches_year_end: bool) -> Iterator[str]:
        earliest = min(self._announced, default=first_year)
        for year in range(first_year, last_year + 1):
            if year in self._announced:
                continue
            if year < earliest:
                yield f"{year}年放假安排未收录，按周一至周五为工作日计算"
                continue
            off = "法定节日" if year in MOVING_HOLIDAYS else "日期固定的法定节日"
            yield f"{year}年放假安排尚未公布，暂按周一至周五为工作日、{off}放假计算，公布后自动重算"
        following = last_year + 1
        if reaches_year_end and last_year in self._announced and following not in self._announced:
            yield f"{following}年放假安排尚未公布，元旦放假或涉及{last_year}年12月底，公布后自动重算"
