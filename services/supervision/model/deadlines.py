"""Deadlines: how long people have, until which date, how that was computed, and how urgent it is.

Counting follows the Civil Code's chapter on periods (民法典第二百零一条至第二百零三条): the first day is not
counted; a period of months ends on the corresponding day, or on the last of the month where there is none; a
period ending on a day off runs to the next workday. Clocks stop for nothing.

All dates are dates of law in Asia/Shanghai.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from services.supervision.model.calendar import (
    ONE_DAY,
    WEEKDAYS,
    DayKind,
    Stretch,
    WorkCalendar,
    chinese_date,
)
from shared.problems import Invalid

YELLOW_DAYS = (
    7  # calendar days before the due date from which the light is yellow, unless the place says otherwise
)
REMIND_DAYS_BEFORE = (30, 15, 7, 3, 1)  # calendar days before the due date; daily once overdue


class Unit(StrEnum):
    """What a period is counted in."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working_days"


UNIT_LABELS = {Unit.MONTHS: "个月", Unit.DAYS: "日", Unit.WORKING_DAYS: "个工作日"}
# Five years: more is a slip of the hand.
LONGEST = {Unit.MONTHS: 60, Unit.DAYS: 1830, Unit.WORKING_DAYS: 1300}
# To compare periods of different units, not to count with.
USUAL_DAYS = {Unit.MONTHS: 365.25 / 12, Unit.DAYS: 1.0, Unit.WORKING_DAYS: 7 / 5}


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as law writes it: calendar months, calendar days or working days.

    Raises Invalid unless the amount is a whole number from 1 to about five years' worth.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if type(self.amount) is not int or not 1 <= self.amount <= LONGEST[self.unit]:
            raise Invalid(f"期限应为1至{LONGEST[self.unit]}{UNIT_LABELS[self.unit]}之间的整数。")

    def __str__(self) -> str:
        return f"{self.amount}{UNIT_LABELS[self.unit]}"

    def is_longer_than(self, other: Period) -> bool:
        """Usually longer: across units it compares average lengths, good for settings and not for dates."""
        return self.amount * USUAL_DAYS[self.unit] > other.amount * USUAL_DAYS[other.unit]

    def ends(self, start: date, calendar: WorkCalendar) -> date:
        """The last day of the period before anything is moved; the start itself is not counted."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.nth_workday_after(start, self.amount)
        if self.unit is Unit.DAYS:
            return start + timedelta(days=self.amount)
        years, month = divmod(start.month - 1 + self.amount, 12)
        year, month = start.year + years, month + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))

    def to_dict(self) -> dict[str, Any]:
        """JSON, in the form a setting has."""
        return {"amount": self.amount, "unit": self.unit.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Period:
        return cls(data["amount"], Unit(data["unit"]))


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How long there is for what: `counted_from` is the act whose date starts it, `source` who says so, `yellow_days` how
    many days before its end it turns yellow."""

    key: str
    label: str
    period: Period
    counted_from: str
    source: str
    yellow_days: int = YELLOW_DAYS

    def to_dict(self) -> dict[str, Any]:
        flat = {field.name: getattr(self, field.name) for field in fields(self)}
        return flat | {"period": self.period.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DeadlineRule:
        return cls(**{**data, "period": Period.from_dict(data["period"])})


LAW = "《全国人民代表大会和地方各级人民代表大会代表法》《全国人民代表大会代表建议、批评和意见处理办法》"
DEFAULT = "系统默认期限，本级人大办法另有规定的从其规定"
CONGRESS_SETTING = "本级人大设置的期限"

RULES: Mapping[str, DeadlineRule] = MappingProxyType(
    {
        rule.key: rule
        for rule in (
            DeadlineRule("sign_for", "签收", Period(7, Unit.DAYS), "交办", DEFAULT),
            DeadlineRule("ask_to_return", "申请退办", Period(10, Unit.WORKING_DAYS), "交办", DEFAULT),
            DeadlineRule("joint_opinion", "会办意见", Period(1, Unit.MONTHS), "交办", DEFAULT),
            DeadlineRule("reply", "答复", Period(3, Unit.MONTHS), "交办", LAW),
            DeadlineRule("extended_reply", "延期答复", Period(6, Unit.MONTHS), "交办", LAW),
            DeadlineRule("feedback", "代表反馈", Period(10, Unit.DAYS), "答复", DEFAULT),
            DeadlineRule("second_reply", "再次答复", Period(1, Unit.MONTHS), "交付再办理", DEFAULT),
            DeadlineRule("part_sign_for", "分解任务签收", Period(7, Unit.DAYS), "分解交办", DEFAULT),
            DeadlineRule(
                "part", "报送办理情况", Period(1, Unit.MONTHS), "分解交办", "分解交办的单位确定的期限"
            ),
        )
    }
)
OF_PARTS = ("part_sign_for", "part")  # within a system (归口管理): for the chain of the part alone to see
# Of a reply that was sent back: how long is said with each, so it is no setting.
RENEWED = DeadlineRule(
    "renewed_reply", "重新答复", Period(1, Unit.MONTHS), "退回答复", "退回答复时确定的期限"
)
# Of a step of a task: by when is said with each.
STEP = DeadlineRule("step", "办理环节", Period(1, Unit.MONTHS), "确定环节", "本单位的办理方案或做法")
LABELS: Mapping[str, str] = {rule.key: rule.label for rule in (*RULES.values(), RENEWED, STEP)}
LAWFUL = ("reply", "extended_reply")  # the law gives these to every level: shorter is allowed, longer is not


def rules_for(settings: Mapping[str, Any]) -> dict[str, DeadlineRule]:
    """The rules of a congress: RULES with what its settings change.

    A setting is `{"ask_to_return": {"amount": 7, "unit": "working_days", "source": "《…办法》"}}`; without a
    source the explanation names the congress's setting. The law's three and six months can be shortened, not
    lengthened. Raises Invalid that names every malformed setting in Chinese, in `errors` by key.
    """
    if not isinstance(settings, Mapping):
        raise Invalid("期限设置有误：应按期限名称逐项设置。")
    rules = dict(RULES)
    errors: dict[str, list[str]] = {}
    for key, setting in settings.items():
        try:
            rules[key] = _changed(key, setting)
        except Invalid as error:
            errors[key] = [error.detail]
    if not errors and rules["reply"].period.is_longer_than(rules["extended_reply"].period):
        errors["extended_reply"] = ["延期答复的期限不能短于答复的期限。"]
    if errors:
        raise Invalid("期限设置有误：" + "".join(text for texts in errors.values() for text in texts), errors)
    return rules


def _changed(key: str, setting: Any) -> DeadlineRule:
    rule = RULES.get(key)
    if rule is None:
        raise Invalid(f"没有名为“{key}”的期限，可以设置的有：{'、'.join(RULES)}。")
    if not isinstance(setting, Mapping) or set(setting) | {"source"} != {"amount", "unit", "source"}:
        raise Invalid(f"“{rule.label}”期限应写明数量（amount）和单位（unit），可注明依据（source）。")
    if setting["unit"] not in list(Unit):
        raise Invalid(f"“{rule.label}”期限的单位应为months（月）、days（日）或working_days（工作日）。")
    source = setting.get("source", CONGRESS_SETTING)
    if not isinstance(source, str) or not source.strip():
        raise Invalid(f"“{rule.label}”期限的依据应为文字。")
    try:
        period = Period.from_dict(setting)
    except Invalid as error:
        raise Invalid(f"“{rule.label}”{error.detail}") from error
    if key in LAWFUL and period.is_longer_than(rule.period):
        raise Invalid(f"“{rule.label}”期限不能长于法律规定的{rule.period}。")
    return replace(rule, period=period, source=source.strip())


def rules_laid_down(settings: Mapping[str, Any]) -> Mapping[str, DeadlineRule]:
    """The rules of a congress from its group of settings `deadlines`: {periods: [{key, amount, unit, source}], yellow_days}."""
    periods, yellow_days = settings["periods"], settings["yellow_days"]
    if not periods and yellow_days == YELLOW_DAYS:
        return RULES
    rules = rules_for({p["key"]: {k: p[k] for k in ("amount", "unit", "source") if p[k]} for p in periods})
    return {key: replace(rule, yellow_days=yellow_days) for key, rule in rules.items()}


@dataclass(frozen=True, slots=True)
class Computation:
    """A due date and how it came about.

    `passed` is what mattered on the way: for working days every day skipped and every make-up day counted;
    for calendar periods the days off the end ran over, and the make-up day it fell on. `caveats` say why it
    may change.
    """

    rule: DeadlineRule
    from_date: date
    ends_before_adjustment: date
    due_on: date
    passed: tuple[Stretch, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.rule.key

    @property
    def label(self) -> str:
        return self.rule.label

    @property
    def period(self) -> Period:
        return self.rule.period

    @property
    def yellow_on(self) -> date:
        """The day from which it is yellow."""
        return self.due_on - timedelta(days=self.rule.yellow_days)

    def explain_light(self) -> str:
        """From when it is yellow, and red, in Chinese."""
        return f"到期前{self.rule.yellow_days}天（{chinese_date(self.yellow_on)}）起亮黄灯，过期亮红灯。"

    def explain(self) -> str:
        """The computation in Chinese, for a clerk."""
        counts_workdays = self.period.unit is Unit.WORKING_DAYS
        told = f"自{chinese_date(self.from_date)}{self.rule.counted_from}之日起{self.period}"
        told += self._explain_working_days() if counts_workdays else self._explain_calendar()
        caveats = f"注意：{'；'.join(self.caveats)}。" if self.caveats else ""
        return f"{told}依据：{self.rule.source}。{caveats}"

    def _explain_calendar(self) -> str:
        ends = self.ends_before_adjustment
        weekday = WEEKDAYS[ends.weekday()]
        no_such_day = self.period.unit is Unit.MONTHS and ends.day != self.from_date.day
        told = f"{'，到期月无对应日，以月末日计' if no_such_day else ''}，至{chinese_date(ends)}"
        worked = next((s for s in self.passed if s.kind is DayKind.MAKEUP), None)
        if self.due_on == ends:
            return (
                f"{told}；当日为{weekday}，{worked.name}，不顺延。"
                if worked
                else f"{told}（{weekday}）届满。"
            )
        first = self.passed[0]
        day_off = f"{first.name}放假" if first.kind is DayKind.HOLIDAY else weekday
        note = f"（{WEEKDAYS[self.due_on.weekday()]}，{worked.name}）" if worked else ""
        return f"{told}；当日为{day_off}，顺延至下一个工作日{chinese_date(self.due_on)}{note}。"

    def _explain_working_days(self) -> str:
        skipped = [str(s) for s in self.passed if s.kind is not DayKind.MAKEUP]
        worked = [str(s) for s in self.passed if s.kind is DayKind.MAKEUP]
        told = f"（当日不计），至{chinese_date(self.due_on)}（{WEEKDAYS[self.due_on.weekday()]}）届满"
        told += f"；其间跳过{'，'.join(skipped)}" if skipped else ""
        told += f"；计入{'，'.join(worked)}" if worked else ""
        return told + "。"

    def to_dict(self) -> dict[str, Any]:
        """JSON: dates as ISO 8601."""
        return {
            "rule": self.rule.to_dict(),
            "from_date": self.from_date.isoformat(),
            "ends_before_adjustment": self.ends_before_adjustment.isoformat(),
            "due_on": self.due_on.isoformat(),
            "passed": [stretch.to_dict() for stretch in self.passed],
            "caveats": list(self.caveats),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Computation:
        """What `to_dict` wrote. Raises KeyError, TypeError, ValueError or Invalid for anything else."""
        return cls(
            rule=DeadlineRule.from_dict(data["rule"]),
            from_date=date.fromisoformat(data["from_date"]),
            ends_before_adjustment=date.fromisoformat(data["ends_before_adjustment"]),
            due_on=date.fromisoformat(data["due_on"]),
            passed=tuple(Stretch.from_dict(stretch) for stretch in data["passed"]),
            caveats=tuple(data["caveats"]),
        )


def compute(rule: DeadlineRule, from_date: date, calendar: WorkCalendar) -> Computation:
    """Until when, for a period that starts with `from_date` (a date of law; a datetime raises TypeError)."""
    if isinstance(from_date, datetime):
        raise TypeError("from_date is a date of law; take legal_date() of the moment first")
    return _compute(rule, from_date, calendar)


@lru_cache(maxsize=4096)  # a suggestion's deadlines are computed anew with each of its events
def _compute(rule: DeadlineRule, from_date: date, calendar: WorkCalendar) -> Computation:
    ends = rule.period.ends(from_date, calendar)
    due_on = calendar.workday_on_or_after(ends)
    mattered_from = from_date + ONE_DAY if rule.period.unit is Unit.WORKING_DAYS else ends
    passed = calendar.stretches(mattered_from, due_on)
    return Computation(rule, from_date, ends, due_on, passed, calendar.caveats(mattered_from, due_on))


def recompute(computation: Computation, calendar: WorkCalendar) -> Computation:
    """The same deadline on a newer calendar, by the rule it was first computed with."""
    return compute(computation.rule, computation.from_date, calendar)


def moved(old: Computation, new: Computation) -> str:
    """What became of a deadline and why, in Chinese, for everybody it concerns."""
    if old.due_on == new.due_on:
        return f"{new.label}期限不变，仍为{chinese_date(new.due_on)}。"
    days = (new.due_on - old.due_on).days
    shift = f"{chinese_date(new.due_on)}（{'延后' if days > 0 else '提前'}{abs(days)}天）"
    return f"{old.label}期限由{chinese_date(old.due_on)}改为{shift}：{_why_moved(old, new)}。"


def _why_moved(old: Computation, new: Computation) -> str:
    if old.rule != new.rule:
        return f"改按“{new.label}”{new.period}的期限计算"
    if old.from_date != new.from_date:
        return f"起算日由{chinese_date(old.from_date)}改为{chinese_date(new.from_date)}"
    added = [str(stretch) for stretch in new.passed if stretch not in old.passed]
    dropped = [str(stretch) for stretch in old.passed if stretch not in new.passed]
    told = [f"现计算{'，'.join(added)}"] if added else []
    told += [f"不再计算{'，'.join(dropped)}"] if dropped else []
    return "；".join(["放假安排有调整", *told])


def may_ask_extension(reply_due_on: date, today: date) -> bool:
    """May more time for the reply still be asked for? Up to and including the first deadline, not after."""
    return today <= reply_due_on


class Light(StrEnum):
    """How urgent a deadline is at a glance."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    DONE = "done"
    DONE_LATE = "done_late"

    @property
    def label(self) -> str:
        return LIGHT_LABELS[self]


LIGHT_LABELS = dict(zip(Light, ("绿灯", "黄灯", "红灯", "已完成", "逾期完成"), strict=True))


def light(due_on: date, today: date, done_on: date | None = None, yellow_days: int = YELLOW_DAYS) -> Light:
    """Red after the due date, yellow some days before and up to it; or done, late or not."""
    if done_on is not None:
        return Light.DONE if done_on <= due_on else Light.DONE_LATE
    if today > due_on:
        return Light.RED
    return Light.YELLOW if (due_on - today).days <= yellow_days else Light.GREEN


@dataclass(frozen=True, slots=True)
class Reminder:
    """To send today. `milestone` is how many days before it was called for, None when overdue."""

    due_on: date
    days_left: int
    milestone: int | None

    def text(self, label: str) -> str:
        """The reminder in Chinese; `label` is what is due, as in a rule's label."""
        day = chinese_date(self.due_on)
        if self.days_left < 0:
            return f"{label}已逾期{-self.days_left}天（应于{day}前完成），请尽快办理。"
        if self.days_left == 0:
            return f"{label}今日（{day}）到期。"
        return f"{label}还有{self.days_left}天到期（{day}）。"


def reminders_due(
    due_on: date,
    last_reminded_on: date | None,
    today: date,
    done: bool,
    days_before: Iterable[int] = REMIND_DAYS_BEFORE,
) -> Reminder | None:
    """The one reminder to send today, or None.

    Before the due date it is the nearest milestone reached since the last reminder; those missed before it,
    while the system was down, are not sent after it. Overdue, it is one a day. When none was sent yet, give
    the day of assignment as `last_reminded_on`: the assignment told them already, and a task of seven days
    need not be reminded on its first. With None every milestone that lies behind counts as missed.
    """
    if done or (last_reminded_on is not None and last_reminded_on >= today):
        return None
    days_left = (due_on - today).days
    if days_left < 0:
        return Reminder(due_on, days_left, None)
    milestone = min((n for n in days_before if n >= days_left), default=None)
    if milestone is None or (last_reminded_on and (due_on - last_reminded_on).days <= milestone):
        return None
    return Reminder(due_on, days_left, milestone)
