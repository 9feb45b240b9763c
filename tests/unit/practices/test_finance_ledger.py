"""省财政厅：建立督办台账，实行“销号制”，办结一件、销号一件；15个处室对口联系代表。"""

from __future__ import annotations

import pytest
from facts import ROADS, line, made, task, titles
from hypothesis import given
from hypothesis import strategies as st

from plugins.closing_ledger import CLOSED_WHEN, ClosingLedger
from plugins.deputy_service import DeputyService
from shared.problems import Invalid

REPLIED = line(
    "s2", "关于助学的建议", replied_on="2023-05-08", reply_class="B", light="done", state="replied"
)
PROMISE = {"suggestion": "s2", "state": "open"}


def test_a_line_is_closed_with_its_day_when_the_reply_is_out():
    tasks = [task("s1", "预算处"), task("s2", "教科文处"), task("s2", "省财政厅", "u")]
    records = [{"suggestion": "s2", "replied_by": "经办人甲"}]
    by_section, left, closed = made(ClosingLedger, "pages", ROADS, REPLIED, tasks=tasks, records=records)
    assert [row.cells for row in by_section.rows] == [
        ("教科文处", "1", "1", "0", "0"),
        ("预算处", "1", "0", "1", "0"),
    ]
    assert [(row.cells[0], row.cells[2], row.light) for row in left.rows] == [
        ("关于修路的建议", "预算处", "yellow")
    ]
    assert closed.rows[0].cells == ("关于助学的建议", "第0001号", "教科文处", "B", "2023-05-08", "经办人甲")


def test_a_house_may_close_only_when_the_deputy_is_content_or_the_promises_are_kept():
    def closed(when, **more):
        return titles(made(ClosingLedger, "pages", REPLIED, settings={"closed_when": when}, **more)[2])

    assert closed("kept") == ["关于助学的建议"]
    assert closed("kept", commitments=[PROMISE]) == []
    assert closed("kept", commitments=[{**PROMISE, "state": "kept"}]) == ["关于助学的建议"]
    assert closed("satisfied") == [], "what the house does not know yet closes nothing"


def test_the_quarters_check_lists_what_is_open_by_section():
    check = made(ClosingLedger, "documents", ROADS, REPLIED, tasks=[task("s1", "预算处")])
    assert check.title.endswith("季度专项督查清单")
    assert titles(check.parts[1]) == ["关于修路的建议"]


@given(
    st.sampled_from(list(CLOSED_WHEN)),
    st.lists(
        st.builds(
            lambda n, replied, result: line(f"s{n}", f"关于{n}的建议", replied_on=replied, result=result),
            st.integers(0, 9), st.sampled_from(["", "2023-05-08"]), st.sampled_from(["", "satisfied", "unsatisfied"]),
        ),
        unique_by=lambda line: line.id,
    ),
)  # fmt: skip
def test_every_suggestion_is_either_open_or_closed(when, lines):
    _, left, closed = made(ClosingLedger, "pages", *lines, settings={"closed_when": when})
    assert sorted(titles(left) + titles(closed)) == sorted(line.title for line in lines)


SECTIONS = {
    "leading_group": ["厅长甲"],
    "sections": [
        {"section": "预算处", "deputies": "代表甲、代表丙"},
        {"section": "农业处", "deputies": "代表乙"},
    ],
}


def test_each_section_finds_what_its_deputies_asked_for_whoever_handles_it():
    alone = line("s3", "关于灌溉的建议", lead_deputy="代表丁", cosigners=())
    budget, farming, others = made(DeputyService, "pages", ROADS, alone, settings=SECTIONS)
    assert [(t.title, titles(t)) for t in (budget, farming)] == [("预算处", ["关于修路的建议"]), ("农业处", ["关于修路的建议"])]  # fmt: skip
    assert budget.rows[0].cells[2] == "代表甲" and farming.rows[0].cells[2] == "代表乙"
    assert titles(others) == ["关于灌溉的建议"] and "代表丁" in others.note


def test_a_deputy_has_one_section():
    doubled = [*SECTIONS["sections"], {"section": "法规处", "deputies": "代表乙"}]
    with pytest.raises(Invalid) as refusal:
        DeputyService().practice().load({"sections": doubled})
    (sentence,) = refusal.value.errors["sections.2.deputies"]
    assert "已经由农业处联系" in sentence
