"""How long people have, told as the cases an office meets."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.calendar import Arrangement, WorkCalendar, official_arrangements
from services.supervision.model.deadlines import (
    OF_PARTS,
    RULES,
    Computation,
    DeadlineRule,
    Light,
    Period,
    Unit,
    compute,
    light,
    may_ask_extension,
    moved,
    recompute,
    reminders_due,
    rules_for,
    rules_laid_down,
)
from shared.problems import Invalid

ONE_DAY = timedelta(days=1)
# What was known in the summer of 2026: the years to 2026 are announced, 2027 is not.
CALENDAR = WorkCalendar(a for a in official_arrangements() if a.holidays and max(a.holidays).year <= 2026)


def due(key, from_date):
    return compute(RULES[key], from_date, CALENDAR).due_on


def with_days(holidays=(), makeup_workdays=()):
    """The calendar after a late announcement."""
    off, worked = dict.fromkeys(holidays, "临时放假"), dict.fromkeys(makeup_workdays, "临时放假")
    return CALENDAR.with_arrangement(Arrangement(off, worked, date(2026, 7, 1), "国务院办公厅通知"))


class TestTheDefaultPeriods:
    @pytest.mark.parametrize(
        ("key", "label", "period"),
        [
            ("sign_for", "签收", "7日"),
            ("ask_to_return", "申请退办", "10个工作日"),
            ("joint_opinion", "会办意见", "1个月"),
            ("reply", "答复", "3个月"),
            ("extended_reply", "延期答复", "6个月"),
            ("feedback", "代表反馈", "10日"),
            ("second_reply", "再次答复", "1个月"),
        ],
    )
    def test_are_those_of_the_domain(self, key, label, period):
        rule = RULES[key]
        assert (rule.key, rule.label, str(rule.period)) == (key, label, period)
        assert rule.source

    def test_there_are_no_others(self):
        assert len(RULES) == 7 + len(OF_PARTS)


class TestTheReplyToZengGuanghui:
    """The case of the bulletin: assigned on 20 February 2023; three months later is a Saturday."""

    reply = compute(RULES["reply"], date(2023, 2, 20), CALENDAR)

    def test_is_due_on_the_monday_after(self):
        assert self.reply.ends_before_adjustment == date(2023, 5, 20)
        assert self.reply.due_on == date(2023, 5, 22)
        assert [str(stretch) for stretch in self.reply.passed] == ["周末 2023-05-20—2023-05-21"]
        assert self.reply.caveats == ()

    def test_can_say_how_that_was_computed(self):
        assert self.reply.explain() == (
            "自2023年2月20日交办之日起3个月，至2023年5月20日；当日为星期六，顺延至下一个工作日2023年5月22日。"
            f"依据：{RULES['reply'].source}。"
        )

    def test_with_an_extension_is_due_six_months_from_the_assignment(self):
        assert due("extended_reply", date(2023, 2, 20)) == date(2023, 8, 21)  # 20 August is a Sunday


class TestPeriodsOfMonthsAndDays:
    def test_end_on_the_corresponding_day(self):
        assert due("reply", date(2023, 2, 22)) == date(2023, 5, 22)

    @pytest.mark.parametrize(
        ("key", "assigned", "ends"),
        [
            ("reply", date(2023, 11, 30), date(2024, 2, 29)),
            ("reply", date(2024, 11, 30), date(2025, 2, 28)),
            ("joint_opinion", date(2024, 1, 31), date(2024, 2, 29)),
            ("joint_opinion", date(2024, 2, 29), date(2024, 3, 29)),
            ("extended_reply", date(2024, 8, 31), date(2025, 2, 28)),
            ("joint_opinion", date(2025, 12, 15), date(2026, 1, 15)),
            ("reply", date(2025, 9, 30), date(2025, 12, 30)),
        ],
    )
    def test_end_on_the_last_of_the_month_where_there_is_no_such_day(self, key, assigned, ends):
        computation = compute(RULES[key], assigned, CALENDAR)
        assert computation.ends_before_adjustment == ends
        assert ("到期月无对应日" in computation.explain()) == (assigned.day != ends.day)

    def test_do_not_count_the_first_day(self):
        assert due("sign_for", date(2026, 3, 2)) == date(2026, 3, 9)

    def test_that_end_on_a_workday_are_not_moved_and_say_so(self):
        explained = compute(RULES["sign_for"], date(2026, 3, 2), CALENDAR).explain()
        assert explained.startswith("自2026年3月2日交办之日起7日，至2026年3月9日（星期一）届满。依据：")

    def test_that_end_on_national_day_run_past_the_whole_holiday(self):
        computation = compute(RULES["reply"], date(2025, 7, 1), CALENDAR)
        assert computation.due_on == date(2025, 10, 9)
        assert "当日为国庆节、中秋节放假，顺延至下一个工作日2025年10月9日" in computation.explain()

    def test_that_end_on_a_sunday_worked_for_the_holiday_are_not_moved(self):
        computation = compute(RULES["joint_opinion"], date(2025, 8, 28), CALENDAR)
        assert computation.due_on == date(2025, 9, 28)
        assert "当日为星期日，国庆节调休上班，不顺延" in computation.explain()

    def test_can_be_moved_to_a_saturday_that_is_worked(self):
        computation = compute(RULES["sign_for"], date(2023, 1, 20), CALENDAR)
        assert computation.due_on == date(2023, 1, 28)
        assert (
            "当日为春节放假，顺延至下一个工作日2023年1月28日（星期六，春节调休上班）" in computation.explain()
        )

    def test_the_deputys_feedback_counts_from_the_reply(self):
        assert (
            "自2026年3月2日答复之日起10日" in compute(RULES["feedback"], date(2026, 3, 2), CALENDAR).explain()
        )

    def test_a_moment_in_place_of_a_date_is_refused(self):
        with pytest.raises(TypeError):
            compute(RULES["reply"], datetime(2023, 2, 20, 23, 30), CALENDAR)


class TestPeriodsOfWorkingDays:
    def test_across_spring_festival_2024_count_the_makeup_sundays(self):
        # 4 and 18 February are Sundays worked; 10 to 17 February are off.
        asked = compute(RULES["ask_to_return"], date(2024, 2, 2), CALENDAR)
        assert asked.due_on == asked.ends_before_adjustment == date(2024, 2, 21)
        assert asked.explain().startswith(
            "自2024年2月2日交办之日起10个工作日（当日不计），至2024年2月21日（星期三）届满；"
            "其间跳过周末 2024-02-03，春节 2024-02-10—2024-02-17；"
            "计入春节调休上班 2024-02-04，春节调休上班 2024-02-18。依据："
        )

    def test_across_national_day_2025(self):
        asked = compute(RULES["ask_to_return"], date(2025, 9, 25), CALENDAR)
        assert asked.due_on == date(2025, 10, 15)
        assert "国庆节、中秋节 2025-10-01—2025-10-08" in asked.explain()

    def test_that_start_on_a_day_off_start_with_the_next_workday(self):
        assert due("ask_to_return", date(2025, 10, 1)) == due("ask_to_return", date(2025, 10, 8))

    def test_do_not_mention_the_first_day_which_never_counts(self):
        asked = compute(RULES["ask_to_return"], date(2026, 3, 7), CALENDAR)  # a Saturday
        assert str(asked.passed[0]) == "周末 2026-03-08"

    def test_in_a_plain_fortnight(self):
        asked = compute(RULES["ask_to_return"], date(2026, 3, 2), CALENDAR)
        assert asked.due_on == date(2026, 3, 16)
        assert "计入" not in asked.explain()


class TestAYearNobodyHasAnnounced:
    def test_leaves_a_caveat_in_the_explanation(self):
        extended = compute(RULES["extended_reply"], date(2026, 7, 1), CALENDAR)
        assert extended.due_on == date(2027, 1, 4)  # New Year's Day is off by law, then comes a weekend
        assert extended.explain().endswith(
            "注意：2027年放假安排尚未公布，暂按周一至周五为工作日、法定节日放假计算，公布后自动重算。"
        )

    def test_is_asked_about_only_where_it_matters(self):
        assert compute(RULES["reply"], date(2026, 9, 1), CALENDAR).caveats == ()
        assert compute(RULES["reply"], date(2026, 9, 28), CALENDAR).caveats != ()
        assert compute(RULES["ask_to_return"], date(2026, 12, 24), CALENDAR).caveats != ()
        on_the_way = compute(RULES["ask_to_return"], date(2003, 12, 29), CALENDAR)
        assert on_the_way.due_on.year == 2004
        assert on_the_way.caveats == ("2003年放假安排未收录，按周一至周五为工作日计算",)


class TestAHolidayAnnouncedLate:
    before = compute(RULES["reply"], date(2026, 4, 20), CALENDAR)

    def test_moves_the_deadline_and_says_from_when_to_when_and_why(self):
        after = recompute(self.before, with_days(holidays=[date(2026, 7, 20)]))
        assert (self.before.due_on, after.due_on) == (date(2026, 7, 20), date(2026, 7, 21))
        assert moved(self.before, after) == (
            "答复期限由2026年7月20日改为2026年7月21日（延后1天）：放假安排有调整；现计算临时放假 2026-07-20。"
        )

    def test_elsewhere_changes_nothing(self):
        after = recompute(self.before, with_days(holidays=[date(2026, 7, 17)]))
        assert after == self.before
        assert moved(self.before, after) == "答复期限不变，仍为2026年7月20日。"

    def test_with_a_makeup_day_can_bring_a_deadline_forward(self):
        asked = compute(RULES["ask_to_return"], date(2026, 7, 1), CALENDAR)
        after = recompute(asked, with_days(makeup_workdays=[date(2026, 7, 4)]))
        assert (asked.due_on, after.due_on) == (date(2026, 7, 15), date(2026, 7, 14))
        assert "提前1天" in moved(asked, after)

    def test_does_not_change_the_rule_a_deadline_was_computed_with(self):
        local = replace(RULES["reply"], period=Period(2, Unit.MONTHS), source="《某县办法》")
        stored = Computation.from_dict(compute(local, date(2026, 4, 20), CALENDAR).to_dict())
        assert recompute(stored, CALENDAR).rule == local

    def test_an_extension_is_told_as_one(self):
        extended = compute(RULES["extended_reply"], date(2026, 4, 20), CALENDAR)
        assert moved(self.before, extended) == (
            "答复期限由2026年7月20日改为2026年10月20日（延后92天）：改按“延期答复”6个月的期限计算。"
        )

    def test_a_corrected_assignment_date_is_told_as_one(self):
        later = compute(RULES["reply"], date(2026, 4, 22), CALENDAR)
        assert "起算日由2026年4月20日改为2026年4月22日" in moved(self.before, later)


class TestACongressSetsItsOwnPeriods:
    def test_seven_working_days_to_ask_to_return(self):
        settings = {"ask_to_return": {"amount": 7, "unit": "working_days", "source": "《某市办法》"}}
        rule = rules_for(settings)["ask_to_return"]
        assert (str(rule.period), rule.source, rule.label) == ("7个工作日", "《某市办法》", "申请退办")

    def test_everything_else_stays_as_it_was(self):
        rules = rules_for({"sign_for": {"amount": 3, "unit": "days"}})
        assert {key: rule for key, rule in rules.items() if key != "sign_for"} == {
            key: rule for key, rule in RULES.items() if key != "sign_for"
        }
        assert rules_for({}) == dict(RULES)

    def test_a_changed_period_no_longer_claims_the_default_source(self):
        assert rules_for({"reply": {"amount": 2, "unit": "months"}})["reply"].source == "本级人大设置的期限"

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"repy": {"amount": 3, "unit": "months"}}, "没有名为“repy”的期限"),
            ({"reply": 3}, "“答复”期限应写明数量（amount）和单位（unit）"),
            ({"reply": {"amount": 3}}, "“答复”期限应写明数量"),
            ({"reply": {"amount": 3, "unit": "months", "label": "x"}}, "“答复”期限应写明数量"),
            (
                {"reply": {"amount": 3, "unit": "month"}},
                "单位应为months（月）、days（日）或working_days（工作日）",
            ),
            ({"reply": {"amount": 3, "unit": ["months"]}}, "单位应为"),
            ({"reply": {"amount": "3", "unit": "months"}}, "“答复”期限应为1至60个月之间的整数"),
            ({"reply": {"amount": True, "unit": "months"}}, "整数"),
            ({"sign_for": {"amount": 0, "unit": "days"}}, "“签收”期限应为1至1830日之间的整数"),
            ({"sign_for": {"amount": 7, "unit": "days", "source": ""}}, "“签收”期限的依据应为文字"),
            ({"reply": {"amount": 4, "unit": "months"}}, "“答复”期限不能长于法律规定的3个月"),
            ({"reply": {"amount": 70, "unit": "working_days"}}, "“答复”期限不能长于法律规定的3个月"),
            ({"extended_reply": {"amount": 200, "unit": "days"}}, "“延期答复”期限不能长于法律规定的6个月"),
            ({"extended_reply": {"amount": 2, "unit": "months"}}, "延期答复的期限不能短于答复的期限"),
            (["reply"], "应按期限名称逐项设置"),
        ],
    )
    def test_a_malformed_setting_is_refused_in_chinese(self, settings, told):
        with pytest.raises(Invalid) as refusal:
            rules_for(settings)
        assert told in refusal.value.detail

    def test_all_mistakes_are_told_at_once_each_by_its_name(self):
        with pytest.raises(Invalid) as refusal:
            rules_for({"reply": 3, "sign_for": {"amount": 0, "unit": "days"}})
        assert set(refusal.value.errors) == {"reply", "sign_for"}

    def test_what_the_group_of_settings_has_is_read(self):
        periods = [{"key": "ask_to_return", "amount": 7, "unit": "working_days", "source": ""}]
        rule = rules_laid_down({"periods": periods, "yellow_days": 7})["ask_to_return"]
        assert (str(rule.period), rule.source) == ("7个工作日", "本级人大设置的期限")


class TestTheLights:
    due_on = date(2023, 5, 22)

    @pytest.mark.parametrize(
        ("today", "shows", "label"),
        [
            (date(2023, 5, 14), Light.GREEN, "绿灯"),
            (date(2023, 5, 15), Light.YELLOW, "黄灯"),
            (date(2023, 5, 22), Light.YELLOW, "黄灯"),
            (date(2023, 5, 23), Light.RED, "红灯"),
        ],
    )
    def test_turn_yellow_a_week_before_and_red_the_day_after(self, today, shows, label):
        assert light(self.due_on, today) is shows
        assert shows.label == label

    def test_stay_with_the_day_it_was_done(self):
        long_after = date(2024, 1, 1)
        assert light(self.due_on, long_after, done_on=date(2023, 5, 22)) is Light.DONE
        assert light(self.due_on, long_after, done_on=date(2023, 5, 23)) is Light.DONE_LATE
        assert (Light.DONE.label, Light.DONE_LATE.label) == ("已完成", "逾期完成")


class TestReminders:
    due_on = date(2023, 5, 22)
    assigned_on = date(2023, 2, 20)

    def run(self, days_up, due_on=due_on, last=assigned_on):
        """The reminders sent when the system runs on these days, as (days left, milestone)."""
        sent = []
        for today in days_up:
            reminder = reminders_due(due_on, last, today, done=False)
            if reminder:
                sent.append((reminder.days_left, reminder.milestone))
                last = today
        return sent

    def test_come_30_15_7_3_and_1_days_before_and_daily_when_overdue(self):
        every_day = [self.assigned_on + n * ONE_DAY for n in range(95)]
        assert self.run(every_day) == [
            (30, 30), (15, 15), (7, 7), (3, 3), (1, 1), (-1, None), (-2, None), (-3, None)
        ]  # fmt: skip

    def test_after_days_of_silence_only_the_strongest_is_sent(self):
        assert self.run([date(2023, 4, 22), date(2023, 5, 18), date(2023, 5, 19)]) == [
            (30, 30), (4, 7), (3, 3)
        ]  # fmt: skip

    def test_missed_on_the_eve_is_made_up_for_on_the_day(self):
        assert self.run([self.due_on]) == [(0, 1)]

    def test_are_not_repeated_on_the_same_day(self):
        assert reminders_due(self.due_on, date(2023, 5, 15), date(2023, 5, 15), done=False) is None
        assert reminders_due(self.due_on, date(2023, 5, 30), date(2023, 5, 30), done=False) is None

    def test_stop_when_it_is_done(self):
        assert reminders_due(self.due_on, None, date(2023, 5, 30), done=True) is None

    def test_a_seven_day_task_is_not_reminded_on_the_day_it_is_assigned(self):
        assigned = date(2026, 3, 2)
        days = [assigned + n * ONE_DAY for n in range(8)]
        assert self.run(days, due_on=date(2026, 3, 9), last=assigned) == [(3, 3), (1, 1)]

    def test_of_a_task_never_spoken_of_start_with_the_strongest_that_lies_behind(self):
        reminder = reminders_due(self.due_on, None, date(2023, 5, 12), done=False)
        assert reminder is not None
        assert (reminder.days_left, reminder.milestone) == (10, 15)

    def test_long_before_there_is_none(self):
        assert reminders_due(self.due_on, None, date(2023, 3, 1), done=False) is None

    def test_start_anew_when_the_deadline_moves_out(self):
        moved_to = date(2023, 8, 21)
        reminder = reminders_due(moved_to, date(2023, 5, 21), date(2023, 7, 22), done=False)
        assert reminder is not None
        assert reminder.milestone == 30

    def test_follow_the_congresss_own_days(self):
        assert reminders_due(self.due_on, None, date(2023, 5, 12), done=False, days_before=(5,)) is None
        reminder = reminders_due(self.due_on, None, date(2023, 5, 17), done=False, days_before=(5,))
        assert reminder is not None
        assert reminder.milestone == 5

    @pytest.mark.parametrize(
        ("today", "told"),
        [
            (date(2023, 5, 15), "答复还有7天到期（2023年5月22日）。"),
            (date(2023, 5, 22), "答复今日（2023年5月22日）到期。"),
            (date(2023, 5, 25), "答复已逾期3天（应于2023年5月22日前完成），请尽快办理。"),
        ],
    )
    def test_say_how_long_there_is(self, today, told):
        reminder = reminders_due(self.due_on, None, today, done=False)
        assert reminder is not None
        assert reminder.text("答复") == told

    @given(st.sets(st.integers(0, 100)))
    def test_grow_stronger_and_leave_nothing_unsaid_whenever_the_system_was_up(self, up):
        sent = self.run([self.assigned_on + n * ONE_DAY for n in sorted(up)])
        milestones = [milestone for _, milestone in sent if milestone is not None]
        assert milestones == sorted(set(milestones), reverse=True)
        days_left = {(self.due_on - self.assigned_on).days - n for n in up}
        for left in days_left:
            if left < 0:
                assert (left, None) in sent
            elif left <= 30:
                reached = min(m for m in (30, 15, 7, 3, 1) if m >= left)
                assert any(milestone == reached and at >= left for at, milestone in sent)


class TestAskingForMoreTime:
    def test_is_possible_up_to_the_first_deadline_and_on_it(self):
        reply_due_on = date(2023, 5, 22)
        assert may_ask_extension(reply_due_on, date(2023, 5, 21))
        assert may_ask_extension(reply_due_on, date(2023, 5, 22))
        assert not may_ask_extension(reply_due_on, date(2023, 5, 23))


periods = st.one_of(
    st.builds(Period, st.integers(1, 12), st.just(Unit.MONTHS)),
    st.builds(Period, st.integers(1, 200), st.just(Unit.DAYS)),
    st.builds(Period, st.integers(1, 60), st.just(Unit.WORKING_DAYS)),
)
rules = st.builds(
    DeadlineRule, st.just("reply"), st.just("答复"), periods, st.just("交办"), st.just("《办法》")
)
start_dates = st.dates(date(2005, 1, 1), date(2028, 12, 31))
offsets = st.frozensets(st.integers(0, 120), min_size=1, max_size=20)


class TestWhateverThePeriodAndTheDate:
    @given(rules, start_dates)
    def test_the_due_date_is_a_workday_after_the_start(self, rule, start):
        computation = compute(rule, start, CALENDAR)
        assert CALENDAR.is_workday(computation.due_on)
        assert computation.due_on >= computation.ends_before_adjustment > start
        assert (
            CALENDAR.workdays_between(computation.ends_before_adjustment - ONE_DAY, computation.due_on) == 1
        )

    @given(rules, start_dates, st.integers(1, 40))
    def test_who_starts_later_is_never_due_earlier(self, rule, start, days):
        later = compute(rule, start + days * ONE_DAY, CALENDAR)
        assert compute(rule, start, CALENDAR).due_on <= later.due_on

    @given(st.integers(1, 60), start_dates)
    def test_working_days_are_exactly_as_many_as_the_rule_gives(self, n, start):
        rule = replace(RULES["ask_to_return"], period=Period(n, Unit.WORKING_DAYS))
        assert CALENDAR.workdays_between(start, compute(rule, start, CALENDAR).due_on) == n

    @given(rules, start_dates, offsets)
    def test_more_days_off_never_make_a_deadline_earlier(self, rule, start, offs):
        before = compute(rule, start, CALENDAR)
        after = recompute(before, with_days(holidays=[before.due_on + (n - 60) * ONE_DAY for n in offs]))
        assert after.due_on >= before.due_on

    @given(rules, start_dates, offsets)
    def test_more_days_worked_never_make_a_deadline_later(self, rule, start, offs):
        before = compute(rule, start, CALENDAR)
        worked = [before.due_on + (n - 60) * ONE_DAY for n in offs]
        assert recompute(before, with_days(makeup_workdays=worked)).due_on <= before.due_on

    @given(rules, start_dates)
    def test_a_computation_survives_storage_and_can_be_repeated(self, rule, start):
        computation = compute(rule, start, CALENDAR)
        stored = Computation.from_dict(json.loads(json.dumps(computation.to_dict())))
        assert stored == computation
        assert stored.explain() == computation.explain()
        assert recompute(stored, CALENDAR) == computation

    @given(rules, start_dates)
    def test_the_explanation_names_the_start_the_period_and_the_due_date(self, rule, start):
        computation = compute(rule, start, CALENDAR)
        told = computation.explain()
        for day in (start, computation.due_on):
            assert f"{day.year}年{day.month}月{day.day}日" in told
        assert str(rule.period) in told
        assert "依据：《办法》。" in told
