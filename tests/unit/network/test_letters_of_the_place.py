"""A place has letters of its own for what came of a suggestion: B1 has promises, B2 is kept for reference, E is solved."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from shared.identity import SYSTEM
from shared.problems import Invalid
from tests.unit.assignment.conftest import Office

OWN = [
    {"letter": "E", "label": "已经办成", "means": "solved"},
    {"letter": "B1", "label": "三年内办成", "means": "promised"},
    {"letter": "B2", "label": "供参考", "means": "reference"},
    {"letter": "A", "label": "办不了", "means": "impossible"},
]
PROMISE = {"commitments": [{"text": "建成中心", "due_on": "2023-12-31"}]}


@pytest.fixture
def place(network_of):
    network = network_of(
        "directory", "intake", "assignment", "supervision", "evaluation", today=date(2023, 2, 20)
    )
    division = {
        "path": PROVINCE,
        "code": "43",
        "name": "湖南省",
        "level": "province",
        "parent": "",
        "has_congress": True,
    }
    network.do(SYSTEM, "directory", "register_divisions", divisions=[division])
    return Office(network)


@pytest.fixture
def own(place):
    lay_down(place, OWN)
    return place


def lay_down(place, classes):
    settings = {"congress": PROVINCE, "settings": {"classes": classes}, "effective_on": "2023-02-20"}
    place.network.do(liaison(), "directory", "set_practice", name="reply_classes", **settings)


def replied(place, letter, **more):
    id = place.assigned(1, lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.replied(id, place.tax, reply_class=letter, **more)
    return id


def promises(place):
    return place.network.ask(place.office, "supervision", "commitments", congress=PROVINCE)


def solved(place):
    figures = place.network.ask(place.office, "evaluation", "figures", congress=PROVINCE, year=2023)
    found = next(line for line in figures if line["figure"] == "solved")
    return found["numerator"], found["denominator"]


def test_what_means_solved_counts_as_solved_and_the_letter_alone_does_not(own):
    replied(own, "A")
    assert solved(own) == (0, 1)
    replied(own, "E")
    assert solved(own) == (1, 2)


def test_the_analysis_counts_the_place_s_letters_and_those_from_before(place):
    replied(place, "D")
    lay_down(place, OWN)
    replied(place, "B1", **PROMISE)
    found = place.network.ask(place.office, "supervision", "analysis", congress=PROVINCE, year=2023)
    assert found["classes"] == ["E", "B1", "B2", "A", "D"]
    assert (found["total"][0]["B1"], found["total"][0]["D"], found["total"][0]["E"]) == (1, 1, 0)


def test_what_is_promised_needs_promises_which_are_tracked(own):
    with pytest.raises(Invalid, match="B1类答复缺少承诺事项"):
        replied(own, "B1")
    replied(own, "B1", **PROMISE)
    assert [line["text"] for line in promises(own)] == ["建成中心"]
    assert promises(own)[0]["reply_class"] == "B1"


def test_promises_of_a_letter_that_promises_nothing_are_not_tracked(own):
    replied(own, "B2", **PROMISE)
    assert promises(own) == []


def test_a_letter_that_the_place_does_not_have_is_refused_with_those_that_it_has(own):
    with pytest.raises(Invalid) as refusal:
        replied(own, "D")
    assert refusal.value.errors["reply_class"] == [
        "请从“E类：已经办成、B1类：三年内办成、B2类：供参考、A类：办不了”中选择。"
    ]


def test_a_changed_class_takes_its_meaning_with_it_and_an_upheld_objection_brings_it_back(own):
    id = replied(own, "E")
    task = own.task(id, own.tax)["task"]
    own.do(own.office, "change_reply_class", id, task=task, reply_class="A", reason="没有办成。")
    assert solved(own) == (0, 1)
    own.act("object_to_class", id, own.tax, reason="已经办成。")
    own.do(own.office, "decide_objection", id, task=task, uphold=True, reason="已经核实。")
    assert solved(own) == (1, 1)
    assert own.handling(id)["replies"][0]["class_words"] == "E类：已经办成"


def test_what_was_replied_keeps_its_words_when_the_place_changes_its_letters(own):
    id = replied(own, "E")
    lay_down(
        own,
        [
            {"letter": "E", "label": "暂时办不了", "means": "impossible"},
            {"letter": "A", "label": "好", "means": "solved"},
        ],
    )
    who = deputy("代表甲", own.lead["id"])
    assert own.handling(id, who)["replies"][0]["class_words"] == "E类：已经办成"
    assert solved(own) == (1, 1)
    page = own.network.ask(own.office, "supervision", "ledger_line", id=id)
    assert any("E类：已经办成" in entry["text"] for entry in page["timeline"])


def test_without_a_setting_there_are_the_usual_four(place):
    replied(place, "A")
    replied(place, "B", **PROMISE)
    assert solved(place) == (1, 2)
    assert list(place.handling(place.assigned(3))["classes"]) == ["A", "B", "C", "D"]


def test_an_old_ledger_brings_letters_of_the_place(own):
    rows = [{"number": "旧1号", "title": "关于旧事的建议", "lead": own.lead["id"], "lead_unit": own.tax, "assigned_on": "2023-01-10", "replied_on": "2023-02-10"}]  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        own.network.do(
            own.office,
            "intake",
            "import_suggestions",
            congress=PROVINCE,
            rows=[{**rows[0], "reply_class": "C"}],
        )
    assert "本级的办理结果没有“C”" in str(refusal.value.errors)
    own.network.do(
        own.office, "intake", "import_suggestions", congress=PROVINCE, rows=[{**rows[0], "reply_class": "E"}]
    )
    assert solved(own) == (1, 1)
