"""The calendar of the year (年度日历): what comes when, for everybody at a congress, each with how its date came about.

Clear dates are laid down for all beforehand (Hunan 2022). It is drawn from the session's dates, the periods of the handling
and the congress's settings, and follows them when they change. What the office has fixed by hand stays as it was fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from services.supervision.model.calendar import WorkCalendar, chinese_date
from services.supervision.model.deadlines import Computation, DeadlineRule, Period, Unit, compute
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.rules import Rule, Rules
from shared.terms import YEAR_KINDS, YEAR_WHO, YEAR_WHO_BY_ROLE

KINDS, WHO, BY_ROLE = YEAR_KINDS, YEAR_WHO, YEAR_WHO_BY_ROLE
STATES = {"new": "尚未生成", "drawn": "已生成"}
SHOWN_BEFORE = timedelta(days=7)  # before it begins, a duty stands among the work of whom it concerns

RULES = Rules(
    "份年度日历",
    STATES,
    [
        Rule("draw_up_year", "生成年度日历", ("liaison",), ("new",)),
        Rule("add_year_entry", "增加日历事项", ("liaison",), ("drawn",)),
        Rule("change_year_entry", "调整日历事项", ("liaison",), ("drawn",)),
        Rule("remove_year_entry", "取消日历事项", ("liaison",), ("drawn",)),
        Rule("release_year_entry", "恢复自动排期", ("liaison",), ("drawn",)),
        Rule("finish_year_entry", "登记完成", ("liaison",), ("drawn",)),
    ],
)


@dataclass
class Entry:
    """One thing of the year, both days included. `origin`: drawn (it follows), added (by hand), or what it comes from."""

    key: str
    kind: str
    what: str
    since: date
    until: date
    who: list[str]  # of WHO; empty: everybody
    because: str
    duty: bool = False  # it stands among the work of whom it concerns
    origin: str = "drawn"
    by_hand: bool = False  # its dates were fixed: it follows nothing any more
    removed: bool = False
    reason: str = ""  # of the last change by hand
    done_on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise Invalid("起止日期有误。", {"until": ["结束日期不能早于开始日期。"]})

    @property
    def follows(self) -> bool:
        """Does it still move by itself?"""
        return self.origin == "drawn" and not (self.by_hand or self.removed or self.done_on)


@dataclass(frozen=True)
class Session:
    """A session of the congress as the directory tells it."""

    id: str
    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Facts:
    """What a year is drawn from. `meeting_on`: the day of the assignment meeting, once it is known."""

    year: int
    sessions: tuple[Session, ...]  # of the year, the earliest first; at least one
    meeting_on: date | None
    settings: Mapping[str, Any]  # of the group `year_calendar`
    rules_from: Callable[[date], Mapping[str, DeadlineRule]]  # the periods of what is assigned on a day
    calendar: WorkCalendar


SETTING = "本级人大“年度日历”的设置"


def draw(facts: Facts) -> list[Entry]:
    """The year as it follows from the facts."""
    return sorted(
        [*_session(facts), *_handling(facts), *_months(facts)], key=lambda entry: (entry.since, entry.until)
    )


def _session(facts: Facts) -> Iterator[Entry]:
    for session in facts.sessions:
        because = f"会议日期取自名册：{session.name}，{chinese_date(session.opens_on)}开幕，{chinese_date(session.closes_on)}闭幕。"
        yield Entry(
            f"session-{session.id}", "session", session.name, session.opens_on, session.closes_on, [], because
        )
        yield Entry(
            f"submit-{session.id}",
            "session",
            "提出代表建议（大会期间）",
            session.opens_on,
            session.closes_on,
            ["deputy"],
            because,
        )


def _handling(facts: Facts) -> Iterator[Entry]:
    """From the end of the year's first session to the deputies' judgement."""
    closed = facts.sessions[0].closes_on
    review = _after(facts, closed, "审查", facts.settings["review_days"])
    yield Entry(
        "review", "review", "审查立案", closed, review.due_on, ["liaison"], review.explain(), duty=True
    )
    meeting = _after(facts, closed, "交办会", facts.settings["meeting_days"])
    held = facts.meeting_on or meeting.due_on
    because = f"交办批次定于{chinese_date(held)}。" if facts.meeting_on else meeting.explain()
    yield Entry(
        "meeting",
        "assign",
        "代表建议交办会",
        held,
        held,
        ["liaison", "distributing", "unit"],
        because,
        duty=True,
    )
    rules = facts.rules_from(held)
    for key, what, kind in (
        ("sign_for", "签收截止", "assign"), ("ask_to_return", "申请退办截止", "assign"), ("joint_opinion", "会办意见截止", "handle"),
        ("reply", "答复截止", "handle"), ("extended_reply", "延期答复截止", "handle"),
    ):  # fmt: skip
        due = compute(rules[key], held, facts.calendar)
        yield Entry(key, kind, what, due.due_on, due.due_on, ["unit"], due.explain())
    replied = compute(rules["reply"], held, facts.calendar).due_on
    feedback = compute(rules["feedback"], replied, facts.calendar)
    yield Entry(
        "feedback",
        "judge",
        "代表评价截止（按期答复的）",
        replied,
        feedback.due_on,
        ["deputy"],
        feedback.explain(),
    )


def _after(facts: Facts, closed: date, label: str, days: int) -> Computation:
    return compute(
        DeadlineRule(label, label, Period(days, Unit.DAYS), "会议闭幕", SETTING), closed, facts.calendar
    )


# setting, kind, what, who
MONTHS = (
    ("half_year_month", "report", "上半年代表建议办理情况报告", ["liaison"]),
    ("appraisal_month", "appraise", "代表评议承办单位", ["liaison", "deputy", "unit"]),
    ("look_back_month", "supervise", "办理情况“回头看”", ["liaison", "unit"]),
    ("hearing_month", "hear", "常委会听取和审议办理情况报告", ["liaison", "unit", "leaders"]),
    ("report_month", "report", "年度办理工作总结", ["liaison"]),
    ("visiting_month", "people", "代表走访月", ["deputy"]),
)


def _months(facts: Facts) -> Iterator[Entry]:
    """What the congress has laid in a month."""
    for month in sorted(facts.settings["sweep_months"]):
        if month:
            yield _month(
                facts,
                f"sweep-{month}",
                month,
                "supervise",
                "定期督办：逐件查看办理进度",
                ["liaison", "leaders", "unit"],
            )
    for key, kind, what, who in MONTHS:
        if facts.settings[key]:
            yield _month(facts, key.removesuffix("_month"), facts.settings[key], kind, what, who)


def _month(facts: Facts, key: str, month: int, kind: str, what: str, who: list[str]) -> Entry:
    first = date(facts.year, month, 1)
    last = date(facts.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return Entry(key, kind, what, first, last, list(who), f"安排在{month}月。依据：{SETTING}。", duty=True)


# --- the plan -------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class YearPlan(Governed):
    """One year of one congress."""

    rules: ClassVar[Rules] = RULES

    year: int
    drawn_on: date
    entries: list[Entry] = field(default_factory=list)
    meeting_on: date | None = None
    reminded: dict[str, str] = field(default_factory=dict)  # key -> the beginning that was told beforehand
    drew_look_back: bool = False  # by itself, when its time had come
    looked_at: str = ""  # the day on which it last followed its facts
    state: str = "drawn"

    def relations(self, actor: Actor) -> frozenset[str]:
        """Everybody at the congress reads it, the office lays it down."""
        if actor.has("liaison", self.congress):
            return frozenset({"liaison"})
        return frozenset({"public"} if self.congress in actor.congresses() else ())

    def called(self) -> str:
        return f"{self.year}年度日历"

    def find(self, key: str) -> Entry:
        found = next((entry for entry in self.entries if entry.key == key), None)
        if found is None:
            raise NotFound("年度日历里没有这一项。")
        return found

    def follow(self, drawn: list[Entry]) -> list[dict[str, Any]]:
        """Take over what was drawn anew, but for what was fixed by hand. Returns what has changed, as events tell it."""
        kept, told = {entry.key: entry for entry in self.entries}, []
        for new in drawn:
            old = kept.get(new.key)
            if old is None:
                self.entries.append(new)
                told.append(_told(new, "added"))
            elif old.follows and old != replace(new, reason=old.reason):
                before = (old.since, old.until)
                self._put(replace(new, reason=old.reason))
                told.append(_told(new, "moved" if before != (new.since, new.until) else "changed", before))
        wanted = {entry.key for entry in drawn}
        for gone in [entry for entry in self.entries if entry.follows and entry.key not in wanted]:
            self.entries.remove(gone)
            told.append(_told(gone, "dropped"))
        return told

    def add(self, entry: Entry) -> dict[str, Any]:
        self.entries.append(entry)
        return _told(entry, "added")

    def change(self, key: str, what: str, since: date, until: date, reason: str) -> dict[str, Any]:
        """The office fixes an entry by hand."""
        old = self.find(key)
        _require_own(old)
        because = f"联工委调整：{reason}原定{_days(old.since, old.until)}。"
        new = replace(
            old,
            what=what or old.what,
            since=since,
            until=until,
            reason=reason,
            because=because,
            by_hand=True,
            removed=False,
        )
        self._put(new)
        return _told(new, "moved", (old.since, old.until))

    def remove(self, key: str, reason: str) -> dict[str, Any]:
        entry = self.find(key)
        _require_own(entry)
        if entry.removed:
            raise Invalid("这一项已经取消。")
        self._put(replace(entry, removed=True, reason=reason))
        return _told(entry, "removed")

    def release(self, key: str, drawn: list[Entry]) -> dict[str, Any]:
        """It follows again what it comes from."""
        old = self.find(key)
        if not (old.by_hand or old.removed) or old.origin != "drawn":
            raise Invalid("这一项没有人工调整过，不需要恢复。")
        new = next((entry for entry in drawn if entry.key == key), None)
        if new is None:
            raise Invalid("按现在的会议和设置，没有这一项。")
        self._put(new)
        return _told(new, "released", (old.since, old.until))

    def finish(self, key: str, note: str, today: date) -> dict[str, Any]:
        entry = self.find(key)
        if entry.done_on or entry.removed:
            raise Invalid("这一项已经完成或者取消。")
        if entry.since > today:
            raise Invalid(f"这一项{chinese_date(entry.since)}才开始。")
        self._put(replace(entry, done_on=today, note=note))
        return _told(entry, "finished")

    def put_from(self, entry: Entry) -> list[dict[str, Any]]:
        """Something that has a day of its own elsewhere, such as a hearing: it stands in the year as it stands there."""
        old = next((one for one in self.entries if one.key == entry.key), None)
        if old == entry:
            return []
        if old is None:
            return [self.add(entry)]
        self._put(entry)
        return [_told(entry, "removed" if entry.removed else "moved", (old.since, old.until))]

    def _put(self, entry: Entry) -> None:
        self.entries[[one.key for one in self.entries].index(entry.key)] = entry

    def due_soon(self, today: date, days: int) -> list[Entry]:
        """The duties that begin within some days and of which nobody was told yet; again when one got another day."""
        return [
            entry
            for entry in self.entries
            if entry.duty and not (entry.removed or entry.done_on) and today < entry.since <= today + timedelta(days=days)
            and self.reminded.get(entry.key) != entry.since.isoformat()
        ]  # fmt: skip

    def remind(self, entry: Entry, by: Actor, now: datetime) -> None:
        """Whom it concerns is told once that it is about to begin."""
        self.reminded[entry.key] = entry.since.isoformat()
        self.record(
            "year.reminded", now, by, year=self.year, entry=entry.key, what=entry.what, since=entry.since.isoformat(),
            until=entry.until.isoformat(), who=entry.who or list(WHO),
        )  # fmt: skip

    def look_back_due(self, today: date) -> Entry | None:
        """The look-back of the year, while its time runs and it was neither done nor drawn by itself."""
        entry = next((entry for entry in self.entries if entry.key == "look_back"), None)
        is_open = entry and not (entry.removed or entry.done_on or self.drew_look_back)
        return entry if entry and is_open and entry.since <= today <= entry.until else None

    def waits_for(self, roles: set[str], today: date) -> Iterator[Entry]:
        """The duties that now concern people of these kinds. The office's stay until they are done; of what was over
        before the year was drawn up, nothing."""
        for entry in self.entries:
            is_running = entry.since - SHOWN_BEFORE <= today and entry.until >= self.drawn_on
            is_open = entry.duty and not entry.removed and not entry.done_on and is_running
            concerns = roles & set(entry.who)
            if is_open and concerns and ("liaison" in concerns or today <= entry.until):
                yield entry


def _require_own(entry: Entry) -> None:
    if entry.origin not in ("drawn", "added"):
        raise Invalid("这一项跟着所登记的事项走，请到那里调整。")


def _told(entry: Entry, change: str, before: tuple[date, date] | None = None) -> dict[str, Any]:
    told = {
        "entry": entry.key,
        "what": entry.what,
        "change": change,
        "since": entry.since.isoformat(),
        "until": entry.until.isoformat(),
    }
    if before and before != (entry.since, entry.until):
        told |= {"before_since": before[0].isoformat(), "before_until": before[1].isoformat()}
    return told


def _days(since: date, until: date) -> str:
    return chinese_date(since) if since == until else f"{chinese_date(since)}至{chinese_date(until)}"


def seen_by(actor: Actor) -> dict[str, set[str]]:
    """{congress: as what, of WHO}: whose calendar concerns a person. A government one level down handles for the congress
    above, so people of its units read that one's, too."""
    found: dict[str, set[str]] = {}
    for role in actor.roles:
        if not role.congress:
            continue
        found.setdefault(role.congress, set()).update({BY_ROLE[role.role]} if role.role in BY_ROLE else ())
        if role.unit:
            found[role.congress].add("unit")
            found.setdefault(role.congress.rpartition(".")[0] or "cn", set()).add("unit")
    return found
