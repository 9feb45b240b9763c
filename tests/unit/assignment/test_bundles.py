"""Several suggestions about one problem are handled under one plan, and what came of them is summed up."""

from __future__ import annotations

import pytest
from harness import deputy, liaison, unit_clerk

from shared.problems import Invalid, NotAllowed, NotFound, WrongState

ABOUT = {
    "name": "山塘清淤",
    "problem": "山塘淤积、蓄水不足。",
    "plan": "纳入三年规划，分批实施。",
    "due_on": "2025-12-31",
}


@pytest.fixture
def three(place):
    """Three suggestions that the tax office has to handle."""
    return [place.assigned(number, lead=place.tax) for number in (1, 2, 3)]


def make(place, suggestions, who=None, **changed):
    about = {"unit": place.tax, "suggestions": suggestions, **ABOUT, **changed}
    return place.do(who or unit_clerk(place.tax), "make_bundle", **about)["id"]


def shown(place, id, who=None):
    return place.ask(who or unit_clerk(place.tax), "bundle", id=id)


def test_what_came_of_its_suggestions_is_summed_up_with_the_list_behind(place, three):
    id = make(place, three[:2])
    results = [
        [
            {"kind": "policy", "text": "清淤办法", "document": "湘水〔2023〕1号"},
            {"kind": "money", "text": "首批资金", "money": 300, "people": 2000},
        ],
        [{"kind": "money", "text": "第二批资金", "money": 200, "people": 500}],
    ]
    for suggestion, own in zip(three, results, strict=False):
        place.act("sign_for", suggestion, place.tax)
        place.replied(suggestion, place.tax, results=own)
    found = shown(place, id)
    assert (found["totals"]["money"], found["totals"]["people"]) == (500, 2500)
    assert (found["totals"]["kinds"]["policy"], found["totals"]["kinds"]["money"]) == (1, 2)
    assert [(line["suggestion"], line["text"]) for line in found["results"]] == [
        (three[0], "清淤办法"), (three[0], "首批资金"), (three[1], "第二批资金"),
    ]  # fmt: skip


def test_it_grows_and_shrinks_and_is_tied_to_other_work_until_it_ends(place, three):
    id, clerk = make(place, three[:2]), unit_clerk(place.tax)
    place.do(clerk, "put_in_bundle", id, suggestion=three[2])
    place.do(clerk, "take_out_of_bundle", id, suggestion=three[0])
    place.do(clerk, "link_work", id, kind="livelihood", name="2024年民生实事")
    assert [line["suggestion"] for line in shown(place, id)["lines"]] == three[1:]
    assert shown(place, id)["works"][0]["kind_label"] == "民生实事项目"
    with pytest.raises(Invalid, match="至少要有两件"):
        place.do(clerk, "take_out_of_bundle", id, suggestion=three[1])
    place.do(clerk, "end_bundle", id, summary="三年清淤完成。")
    with pytest.raises(WrongState):
        place.do(clerk, "put_in_bundle", id, suggestion=three[0])
    assert [e["suggestions"] for e in place.events(id, "bundle.")][-1] == three[1:]


def test_all_that_is_tied_to_one_project_is_found_together(place, three, people):
    foreign = [place.assigned(number, lead=place.finance) for number in (4, 5)]
    project = {"kind": "livelihood", "reference": "2024-07"}
    mine, theirs = make(place, three[:2]), make(place, foreign, unit_clerk(place.finance), unit=place.finance)
    place.do(unit_clerk(place.tax), "link_work", mine, name="农村供水保障", **project)
    place.do(unit_clerk(place.finance), "link_work", theirs, name="农村供水保障（资金）", **project)
    place.do(unit_clerk(place.finance), "link_work", theirs, kind="plan", name="2024-07")
    place.act("sign_for", foreign[0], place.finance)
    place.replied(foreign[0], place.finance, results=[{"kind": "money", "text": "资金", "money": 300}])
    found = place.ask(people.office, "linked_work", id=mine, at=0)
    assert (found["reference"], [one["id"] for one in found["bundles"]]) == ("2024-07", [mine, theirs])
    assert ({line["suggestion"] for line in found["lines"]}, found["totals"]["money"]) == (
        {*three[:2], *foreign},
        300,
    )
    assert [one["id"] for one in place.ask(unit_clerk(place.tax), "linked_work", id=mine)["bundles"]] == [
        mine
    ]
    with pytest.raises(Invalid, match="已经关联过"):
        place.do(unit_clerk(place.tax), "link_work", mine, name="又一次", **project)
    for who in (people.other, liaison("44")):
        with pytest.raises(NotFound):
            place.ask(who, "linked_work", id=mine)


def test_only_what_the_unit_handles_is_bundled_and_only_by_its_people(place, three, people):
    foreign = place.assigned(4, lead=place.finance)
    with pytest.raises(Invalid):
        make(place, [three[0], foreign])
    with pytest.raises(Invalid, match="至少要有两件"):
        make(place, three[:1])
    for who in (people.other, people.office, people.lead):
        with pytest.raises(NotAllowed):
            make(place, three[:2], who)


def test_its_unit_and_the_offices_of_the_congress_read_it_and_nobody_else(place, three, people):
    id = make(place, three[:2])
    for who in (people.head, people.office, people.distributing):
        assert shown(place, id, who)["name"] == "山塘清淤"
        assert [one["id"] for one in place.ask(who, "bundles")["bundles"]] == [id]
    for who in (people.other, liaison("44"), deputy("代表甲", place.lead["id"])):
        with pytest.raises(NotFound):
            shown(place, id, who)
        assert place.ask(who, "bundles")["bundles"] == []
