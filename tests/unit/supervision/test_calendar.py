"""A clerk asks the calendar: is that day a workday, and how sure is that?"""

import json
import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar import get_solar_terms
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.calendar import (
    MOVING_HOLIDAYS,
    Arrangement,
    DayKind,
    Stretch,
    WorkCalendar,
    chinese_date,
    legal_holidays,
    official_arrangements,
)
from shared.problems import Invalid

ONE_DAY = timedelta(days=1)
OFFICIAL = WorkCalendar.official()
# A library that learns 2027 must not change what these stories tell: in them nobody has announced it yet.
KNOWN_TO_2026 = WorkCalendar(
    a for a in official_arrangements() if a.holidays and max(a.holidays).year <= 2026
)

YEAR_2027 = Arrangement(
    holidays={
        date(2026, 12, 31): "元旦",
        date(2027, 1, 1): "元旦",
        date(2027, 5, 1): "劳动节",
        date(2027, 5, 2): "劳动节",
        date(2027, 10, 1): "国庆节",
        date(2027, 10, 2): "国庆节",
        date(2027, 10, 3): "国庆节",
    },
    makeup_workdays={date(2027, 10, 9): "国庆节"},
    announced_on=date(2026, 11, 4),
    source="国务院办公厅关于2027年部分节假日安排的通知",
    year=2027,
)


def addition(holidays=None, makeup_workdays=None, announced_on=date(2026, 3, 1)):
    return Arrangement(holidays or {}, makeup_workdays or {}, announced_on, "省政府办公厅通知")


class TestTheStateCouncilsArrangement:
    def test_is_followed_on_every_day_the_library_knows(self):
        day, last = date(2004, 1, 1), date(2026, 12, 31)
        while day <= last:
            assert KNOWN_TO_2026.is_workday(day) == chinese_calendar.is_workday(day), day
            day += ONE_DAY

    def test_a_sunday_before_national_day_2025_is_worked(self):
        assert OFFICIAL.is_workday(date(2025, 9, 28))
        assert OFFICIAL.describe(date(2025, 9, 28)) == (DayKind.MAKEUP, "国庆节调休上班")

    def test_a_wednesday_in_national_day_2025_is_off(self):
        assert not OFFICIAL.is_workday(date(2025, 10, 8))
        assert OFFICIAL.describe(date(2025, 10, 8)) == (DayKind.HOLIDAY, "国庆节")

    def test_holidays_are_called_by_their_full_names(self):
        assert OFFICIAL.describe(date(2025, 10, 6))[1] == "中秋节"
        assert OFFICIAL.describe(date(2026, 4, 6))[1] == "清明节"
        assert OFFICIAL.describe(date(2026, 6, 19))[1] == "端午节"

    def test_every_known_year_counts_as_announced(self):
        assert all(OFFICIAL.is_announced(year) for year in range(2004, 2027))
        assert not OFFICIAL.is_announced(2003)

    def test_the_library_is_not_loaded_before_somebody_asks(self):
        program = (
            "import sys, services.supervision.model.deadlines\n"
            "import services.supervision.model.calendar as c\n"
            "print('chinese_calendar' in sys.modules)\n"
            "c.WorkCalendar.official()\n"
            "print('chinese_calendar' in sys.modules)"
        )
        told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        assert told.stdout.split() == ["False", "True"]


class TestAYearNobodyHasAnnounced:
    def test_the_calendar_says_so(self):
        assert not KNOWN_TO_2026.is_announced(2027)
        (caveat,) = KNOWN_TO_2026.caveats(date(2027, 3, 1), date(2027, 3, 2))
        assert caveat == ("2027年放假安排尚未公布，暂按周一至周五为工作日、法定节日放假计算，公布后自动重算")

    def test_legal_holidays_are_off_because_the_law_needs_no_announcement(self):
        assert not KNOWN_TO_2026.is_workday(date(2027, 1, 1))  # a Friday
        assert not KNOWN_TO_2026.is_workday(date(2027, 2, 5))  # New Year's Eve of the lunar year, a Friday
        assert not KNOWN_TO_2026.is_workday(date(2027, 10, 1))
        assert KNOWN_TO_2026.is_workday(date(2027, 10, 4))  # whether it is swapped nobody knows yet

    def test_the_last_week_of_the_year_before_is_not_settled_either(self):
        assert KNOWN_TO_2026.caveats(date(2026, 12, 24), date(2026, 12, 24)) == ()
        (caveat,) = KNOWN_TO_2026.caveats(date(2026, 12, 25), date(2026, 12, 25))
        assert caveat == "2027年放假安排尚未公布，元旦放假或涉及2026年12月底，公布后自动重算"

    def test_is_told_once_however_the_span_lies(self):
        assert len(KNOWN_TO_2026.caveats(date(2026, 12, 28), date(2027, 1, 5))) == 1
        assert len(KNOWN_TO_2026.caveats(date(2027, 12, 20), date(2027, 12, 31))) == 1

    def test_announced_years_carry_no_caveat(self):
        assert KNOWN_TO_2026.caveats(date(2025, 12, 28), date(2026, 12, 24)) == ()

    def test_years_before_the_library_are_said_to_be_missing_not_to_come(self):
        (caveat,) = KNOWN_TO_2026.caveats(date(2003, 5, 1), date(2003, 5, 1))
        assert caveat == "2003年放假安排未收录，按周一至周五为工作日计算"
        assert KNOWN_TO_2026.is_workday(date(2003, 10, 1))
        assert KNOWN_TO_2026.caveats(date(2004, 1, 5), date(2004, 1, 6)) == ()
        assert KNOWN_TO_2026.caveats(date(2003, 12, 30), date(2004, 1, 6)) == (caveat,)

    def test_beyond_the_table_only_fixed_holidays_are_off_and_the_caveat_says_so(self):
        assert not KNOWN_TO_2026.is_workday(date(2040, 10, 1))
        assert "日期固定的法定节日" in KNOWN_TO_2026.caveats(date(2040, 3, 1), date(2040, 3, 1))[0]

    def test_the_table_of_legal_holidays_agrees_with_what_was_announced(self):
        for year in (2025, 2026):
            for day, name in legal_holidays(year).items():
                assert KNOWN_TO_2026.describe(day) == (DayKind.HOLIDAY, name)

    @pytest.mark.parametrize("year", sorted(MOVING_HOLIDAYS))
    def test_qingming_is_the_solar_term(self, year):
        terms = get_solar_terms(date(year, 4, 1), date(year, 4, 10))
        assert [name for day, name in terms if (day.month, day.day) == MOVING_HOLIDAYS[year][0]] == ["清明"]


class TestAnAnnouncementComesLate:
    def test_the_arrangement_of_2027_settles_the_year(self):
        calendar = KNOWN_TO_2026.with_arrangement(YEAR_2027)
        assert calendar.is_announced(2027)
        assert not KNOWN_TO_2026.is_announced(2027)  # the older calendar stays as it was
        assert calendar.caveats(date(2026, 12, 28), date(2027, 12, 24)) == ()
        assert not calendar.is_workday(date(2026, 12, 31))
        assert calendar.is_workday(date(2027, 10, 9))
        # Announced now, and not among the days off: the table of the law is no longer asked.
        assert calendar.is_workday(date(2027, 2, 5))
        assert calendar.describe(date(2027, 2, 5)) == (DayKind.ORDINARY, "")

    def test_an_extra_day_off_overrides_the_official_calendar(self):
        calendar = WorkCalendar.official([addition({date(2026, 5, 20): "县庆日"})])
        assert calendar.describe(date(2026, 5, 20)) == (DayKind.HOLIDAY, "县庆日")

    def test_a_single_addition_does_not_make_a_year_announced(self):
        assert not KNOWN_TO_2026.with_arrangement(addition({date(2027, 4, 9): "三月三"})).is_announced(2027)

    def test_a_makeup_day_can_be_turned_into_a_day_off_as_in_february_2020(self):
        planned = addition(makeup_workdays={date(2026, 3, 14): "春节"}, announced_on=date(2026, 1, 1))
        extended = addition({date(2026, 3, 14): "春节"}, announced_on=date(2026, 1, 26))
        assert not WorkCalendar([planned, extended]).is_workday(date(2026, 3, 14))

    def test_a_day_off_can_be_taken_back(self):
        calendar = OFFICIAL.with_arrangement(addition(makeup_workdays={date(2026, 10, 7): "国庆节"}))
        assert calendar.is_workday(date(2026, 10, 7))

    def test_the_later_announcement_wins_in_whatever_order_they_are_given(self):
        day = date(2026, 5, 20)
        off = addition({day: "县庆日"}, announced_on=date(2026, 1, 1))
        on_again = addition(makeup_workdays={day: "县庆日"}, announced_on=date(2026, 2, 1))
        for given_order in ([off, on_again], [on_again, off]):
            assert WorkCalendar.official(given_order).is_workday(day)


class TestAnArrangementIsRecorded:
    def test_it_survives_storage(self):
        assert Arrangement.from_dict(json.loads(json.dumps(YEAR_2027.to_dict()))) == YEAR_2027
        for arrangement in official_arrangements():
            assert Arrangement.from_dict(json.loads(json.dumps(arrangement.to_dict()))) == arrangement

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            (
                {"holidays": {"2026-05-20": "县庆"}, "makeup_workdays": {"2026-05-20": "县庆"}},
                "既列为放假又列为调休上班",
            ),
            ({}, "没有任何日期"),
            ({"holidays": {"2026-05-20": " "}}, "请注明2026年5月20日是什么节日"),
            ({"holidays": {"2026-05-20": "县庆"}, "source": ""}, "来源"),
            ({"holidays": {"5月20日": "县庆"}}, "格式有误"),
            ({"holidays": {"2026-05-20": None}}, "格式有误"),
            ({"holidays": ["2026-05-20"]}, "格式有误"),
            ({"holidays": {"2026-05-20": "县庆"}, "announced_on": "昨天"}, "格式有误"),
            ({"holidays": {"2026-05-20": "县庆"}, "year": "2026"}, "格式有误"),
            ({"holidays": {"2026-10-01": "国庆节"}, "year": 2027}, "2026年10月1日不属于2027年"),
            ({"holidays": {"2027-01-01": "元旦"}, "year": 2027}, "缺少劳动节（2027年5月1日）"),
        ],
    )
    def test_what_is_wrong_with_it_is_told_in_chinese(self, typed, told):
        with pytest.raises(Invalid) as refusal:
            Arrangement.from_dict({"source": "通知", **typed})
        assert told in refusal.value.detail

    def test_a_makeup_day_on_a_weekday_is_a_slip_in_a_whole_years_arrangement(self):
        typed = YEAR_2027.to_dict()
        typed["makeup_workdays"] = {"2027-10-08": "国庆节"}
        with pytest.raises(Invalid, match="2027年10月8日是星期五"):
            Arrangement.from_dict(typed)


class TestCountingWorkdays:
    def test_the_next_workday_after_spring_festival_2023(self):
        assert OFFICIAL.workday_on_or_after(date(2023, 1, 21)) == date(2023, 1, 28)  # a Saturday worked

    def test_a_workday_is_its_own_next_workday(self):
        assert OFFICIAL.workday_on_or_after(date(2023, 5, 22)) == date(2023, 5, 22)

    def test_workdays_between_leaves_out_the_first_day_and_counts_the_last(self):
        assert OFFICIAL.workdays_between(date(2023, 5, 22), date(2023, 5, 23)) == 1
        assert OFFICIAL.workdays_between(date(2023, 5, 22), date(2023, 5, 22)) == 0
        assert OFFICIAL.workdays_between(date(2023, 5, 23), date(2023, 5, 22)) == 0

    @given(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
    def test_the_nth_workday_is_a_workday_with_n_between(self, day, n):
        nth = KNOWN_TO_2026.nth_workday_after(day, n)
        assert KNOWN_TO_2026.is_workday(nth)
        assert KNOWN_TO_2026.workdays_between(day, nth) == n


class TestWhatALookAtASpanShows:
    def test_spring_festival_2023_is_one_stretch(self):
        (festival,) = OFFICIAL.stretches(date(2023, 1, 20), date(2023, 1, 27))
        assert str(festival) == "春节 2023-01-21—2023-01-27"

    def test_holidays_that_touch_are_one_stretch_with_both_names(self):
        shown = [str(s) for s in OFFICIAL.stretches(date(2025, 9, 26), date(2025, 10, 12))]
        assert shown == [
            "周末 2025-09-27",
            "国庆节调休上班 2025-09-28",
            "国庆节、中秋节 2025-10-01—2025-10-08",
            "国庆节调休上班 2025-10-11",
            "周末 2025-10-12",
        ]

    def test_a_legal_holiday_of_an_unannounced_year_is_shown_by_name(self):
        assert str(KNOWN_TO_2026.stretches(date(2027, 1, 1), date(2027, 1, 1))[0]) == "元旦 2027-01-01"

    def test_a_stretch_survives_storage(self):
        stretch = Stretch(DayKind.WEEKEND, "周末", date(2023, 5, 20), date(2023, 5, 21))
        assert Stretch.from_dict(json.loads(json.dumps(stretch.to_dict()))) == stretch

    @given(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
    def test_stretches_name_every_extraordinary_day_once_and_no_other(self, first, length):
        last = first + length * ONE_DAY
        shown = []
        for stretch in KNOWN_TO_2026.stretches(first, last):
            days = (stretch.last - stretch.first).days + 1
            shown += [(stretch.first + n * ONE_DAY, stretch.kind) for n in range(days)]
        every_day = [first + n * ONE_DAY for n in range(length + 1)]
        described = [(day, KNOWN_TO_2026.describe(day)[0]) for day in every_day]
        assert shown == [(day, kind) for day, kind in described if kind is not DayKind.ORDINARY]
        for day, kind in described:
            assert KNOWN_TO_2026.is_workday(day) == (kind in (DayKind.ORDINARY, DayKind.MAKEUP))


def test_dates_are_written_as_in_a_letter():
    assert chinese_date(date(2023, 5, 2)) == "2023年5月2日"
