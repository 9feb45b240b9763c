"""What readers of the demo see is well formed, refers only to what exists, and names nobody real."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from jianyi.demo import content

SUGGESTIONS = content.suggestions()
UNITS = content.units()
PEOPLE = content.people()
PARTS = ("situation", "analysis", "proposals")
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥乾坤"
LEAST = {"43": 55, "43.01": 55, "43.01.81": 45, "43.01.81.110": 10, "43.01.81.123": 10, "43.01.81.125": 10}
DIVISIONS = Path(content.__file__).parent.parent / "data" / "hunan-divisions.csv"


def offenders(fault):
    """The suggestions a fault is found in, with what was found."""
    return {s["title"]: found for s in SUGGESTIONS if (found := fault(s))}


def test_the_six_congresses_have_units_people_and_suggestions():
    assert set(UNITS) == set(PEOPLE) == {s["congress"] for s in SUGGESTIONS} == set(LEAST)


def test_congresses_are_places_with_a_congress():
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        known = {row["path"] for row in csv.DictReader(file) if row["has_congress"] == "yes"}
    assert set(LEAST) <= known


def test_there_are_enough_suggestions_per_congress():
    count = Counter(s["congress"] for s in SUGGESTIONS)
    assert all(count[path] >= least for path, least in LEAST.items()), count


def test_fields_are_those_of_the_schema():
    expected = {
        "congress", "title", "kind", "category", *PARTS, "lead_unit", "joint_units", "reply", "reply_class",
        "comment_process", "comment_result",
    }  # fmt: skip
    assert offenders(lambda s: (set(s) - {"commitment"}) ^ expected) == {}


def test_kind_category_and_class_are_known():
    assert {s["kind"] for s in SUGGESTIONS} == set(content.KINDS)
    assert {s["category"] for s in SUGGESTIONS} == set(content.CATEGORIES)
    assert {s["reply_class"] for s in SUGGESTIONS} == set(content.REPLY_CLASSES)


@pytest.mark.parametrize(
    ("name", "least", "most"), [("title", 8, 40), *((part, 60, 400) for part in PARTS), ("reply", 120, 400)]
)
def test_texts_are_neither_too_short_nor_too_long(name, least, most):
    assert offenders(lambda s: None if least <= len(s[name]) <= most else len(s[name])) == {}


@pytest.mark.parametrize("name", [*PARTS, "reply", "comment_process", "comment_result"])
def test_sentences_end_and_use_full_width_punctuation(name):
    assert offenders(lambda s: not s[name].endswith("。")) == {}
    assert offenders(lambda s: re.findall(r"[,;:?!()|]|。。|，，|，。|。，", s[name])) == {}


def test_proposals_are_three_numbered_items():
    items = ["（一）", "（二）", "（三）"]
    assert offenders(lambda s: re.findall(r"（[一二三四五]）", s["proposals"]) != items) == {}


def test_units_exist_in_the_congress():
    names = {path: {unit["name"] for unit in units} for path, units in UNITS.items()}
    assert offenders(lambda s: {s["lead_unit"], *s["joint_units"]} - names[s["congress"]]) == {}


def test_at_most_two_joint_units_none_of_them_the_lead():
    assert offenders(lambda s: len(s["joint_units"]) > 2 or s["lead_unit"] in s["joint_units"]) == {}


def test_exactly_class_b_has_a_commitment():
    assert offenders(lambda s: ("commitment" in s) != (s["reply_class"] == "B")) == {}


def test_commitments_say_what_and_within_how_many_months():
    promises = {s["title"]: s["commitment"] for s in SUGGESTIONS if "commitment" in s}
    assert all(set(promise) == {"text", "months"} for promise in promises.values())
    assert {title for title, promise in promises.items() if not 1 <= promise["months"] <= 24} == set()
    assert {title for title, promise in promises.items() if len(promise["text"]) < 20} == set()


@pytest.mark.parametrize("name", ["title", *PARTS, "reply", "comment_process", "comment_result"])
def test_no_text_occurs_twice(name):
    repeated = [text for text, times in Counter(s[name] for s in SUGGESTIONS).items() if times > 1]
    assert repeated == []


def test_no_two_texts_are_nearly_the_same():
    """Similar matters are wanted, similar wording is not: no long sentence is used by two suggestions."""
    owners: dict[str, set[str]] = {}
    for s in SUGGESTIONS:
        for part in (*PARTS, "reply"):
            for sentence in re.split(r"[。；]", s[part]):
                if len(sentence) >= 16:
                    owners.setdefault(sentence, set()).add(s["title"])
    assert {sentence: titles for sentence, titles in owners.items() if len(titles) > 1} == {}


def test_titles_do_not_all_follow_one_pattern():
    assert sum(s["title"].startswith("关于") for s in SUGGESTIONS) < len(SUGGESTIONS) * 0.6


def test_classes_are_spread_as_in_a_usual_year():
    count = Counter(s["reply_class"] for s in SUGGESTIONS)
    share = {name: times / len(SUGGESTIONS) for name, times in count.items()}
    assert 0.65 <= share["A"] <= 0.75 and 0.15 <= share["B"] <= 0.25
    assert 0.03 <= share["C"] <= 0.09 and 0.02 <= share["D"] <= 0.06


@pytest.mark.parametrize("path", list(UNITS))
def test_units_are_unique_and_hang_below_a_distributing_office(path):
    units = UNITS[path]
    by_key = {unit["key"]: unit for unit in units}
    for name in ("key", "name", "short"):
        assert len({unit[name] for unit in units}) == len(units), name
    for unit in units:
        assert set(unit) == {"key", "name", "kind", "parent", "short"}
        assert unit["kind"] in content.UNIT_KINDS
        if unit["parent"] in by_key:
            assert by_key[unit["parent"]]["kind"] == "distributing"
    assert any(unit["kind"] == "distributing" for unit in units)


def test_keys_of_units_are_unique_across_congresses():
    keys = [unit["key"] for units in UNITS.values() for unit in units]
    assert len(keys) == len(set(keys))


def test_a_government_s_own_office_hangs_below_it_and_so_links_the_levels():
    by_key = {unit["key"]: (path, unit) for path, units in UNITS.items() for unit in units}
    links = [
        (path, by_key[unit["parent"]])
        for path, unit in by_key.values()
        if unit["parent"] and by_key[unit["parent"]][0] != path
    ]
    assert {path for path, _ in links} == set(UNITS) - {"43"}
    assert all(
        government["kind"] == "government_below" and path.rpartition(".")[0] == above
        for path, (above, government) in links
    )


def test_the_province_assigns_to_all_fourteen_cities():
    assert sum(unit["kind"] == "government_below" for unit in UNITS["43"]) == 14


@pytest.mark.parametrize("path", list(PEOPLE))
def test_names_are_plainly_invented(path):
    people = PEOPLE[path]
    deputies = [deputy["name"] for deputy in people["deputies"]]
    assert len(deputies) == len(set(deputies))
    assert all(re.fullmatch(f"代表[{STEMS}]", name) for name in deputies)
    leaders = people["supervisors"] + people["sponsors"]
    assert all(person["name"] == person["post"] + person["name"][-1] for person in leaders)
    assert all(person["name"][-1] in STEMS for person in leaders)


@pytest.mark.parametrize("path", list(PEOPLE))
def test_people_belong_to_delegations_and_committees_cover_fields(path):
    people = PEOPLE[path]
    assert {deputy["delegation"] for deputy in people["deputies"]} == set(people["delegations"])
    covered = {category for committee in people["committees"] for category in committee["fields"]}
    assert covered == set(content.CATEGORIES)


def test_texts_name_no_person():
    written = (*PARTS, "reply", "comment_process", "comment_result")
    assert offenders(lambda s: re.findall(r"先生|女士|某某", "".join(s[name] for name in written))) == {}
