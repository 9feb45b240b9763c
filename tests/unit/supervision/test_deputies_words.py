"""听取代表对办理工作的意见：what deputies say of the handling itself, in one list for the congress and its offices."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import NotAllowed

OFFICE = Actor("jiaoban", "交办处", (Role("distributing", PROVINCE),))
LEADER = Actor("sheng", "政府领导", (Role("government_leader", PROVINCE),))


def words(life, who=None, **params):
    lines = life.network.ask(who or liaison(), "supervision", "deputy_words", congress=PROVINCE, **params)
    return [(line["kind"], line["deputy"]["name"], line["words"], line["answer"]) for line in lines]


@pytest.fixture
def heard(life):
    """The lead deputy adds something and is answered; the cosigner's remark is not; one writes on the process."""
    life.up_to_assignment()
    first, second = new_id(), new_id()
    life.tell("remark.made", date(2023, 3, 1), remark=first, deputy=life.lead, text="请先到窗口看看。")
    life.tell("remark.made", date(2023, 3, 2), remark=second, deputy=life.cosigner, text="请说明进度。")
    life.tell(
        "remark.answered",
        date(2023, 3, 3),
        task=life.task,
        unit=life.tax,
        role="lead",
        remark=first,
        text="下周到现场。",
    )
    life.replied(date(2023, 5, 15))
    life.judged(date(2023, 5, 18), life.lead, "satisfied", process_comment="来得太晚。")
    life.judged(date(2023, 5, 19), life.cosigner, "satisfied")
    return life


def test_what_they_said_stands_with_its_answer_the_newest_first(heard):
    assert words(heard) == [
        ("process", "代表甲", "来得太晚。", ""), ("remark", "代表乙", "请说明进度。", ""), ("remark", "代表甲", "请先到窗口看看。", "下周到现场。"),
    ]  # fmt: skip
    assert words(heard, OFFICE, unanswered=True) == [("remark", "代表乙", "请说明进度。", "")]
    assert [one[0] for one in words(heard, kind="process")] == ["process"] and words(heard, year=2022) == []


def test_nobody_else_reads_them_together(heard):
    for who in (deputy("代表甲", heard.lead["id"]), unit_clerk(heard.tax["id"]), LEADER, liaison("44")):
        with pytest.raises(NotAllowed):
            words(heard, who)
