"""A task that an office has handed on: who reads of it in every service, what counts, and in whatever order it is heard."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from harness import TestNetwork

from tests.unit.network.cities import OWN, SERVICES, World

DUE = "2023-03-15"


@pytest.fixture(scope="module")
def world(tmp_path_factory: Any) -> Iterator[World]:
    """Given to the office, with a joint unit; the office has handed on a part to its section, which has talked and handed in."""
    world = World(tmp_path_factory.mktemp("chain"))
    id = world.ids["suggestion"] = world.accepted()
    world.do(
        "liaison", "assignment", "assign_suggestion", id, lead=world.ids["office"], joint=[world.ids["joint"]]
    )
    world.do("officer", "assignment", "sign_for", id, task=world.task(id, "office"))
    asked = {"units": [world.ids["section"]], "due_on": DUE, "note": "请提出意见。"}
    world.do("officer", "assignment", "distribute_task", id, task=world.task(id, "office"), **asked)
    part = {"task": world.task(id, "section")}
    world.do("section clerk", "assignment", "sign_for", id, **part)
    talk = {"phase": "before", "method": "visit", "on": "2023-01-14", "notes": "面商。"}
    world.do("section clerk", "assignment", "log_contact", id, **part, **talk)
    yield world
    world.close()


def reads(world: World, service: str, query: str, who: str, **params: Any) -> bool:
    return "status" not in world.answer(who, service, query, {"id": world.ids["suggestion"], **params})


@pytest.mark.parametrize(
    ("service", "query"),
    [("intake", "suggestion"), ("assignment", "handling"), ("supervision", "ledger_line")],
)
def test_the_text_and_the_handling_are_for_the_chain_to_read(world: World, service: str, query: str) -> None:
    for who in ("officer", "section clerk", "joint clerk", "lead", "liaison"):
        assert reads(world, service, query, who), who
    for who in (
        "other clerk",
        "neighbour officer",
        "county officer",
        "province officer",
        "neighbour section clerk",
        "deputy",
    ):
        assert not reads(world, service, query, who), who


def test_search_finds_it_for_the_section_without_naming_it(world: World) -> None:
    hits = world.answer("section clerk", "search", "search", {"text": "供水管网"})
    assert [hit["id"] for hit in hits["hits"]] == [world.ids["suggestion"]]
    assert world.ids["section"] not in str(hits)
    assert world.answer("other clerk", "search", "search", {"text": "供水管网"})["hits"] == []


def line(world: World, who: str) -> Any:
    return world.answer(who, "supervision", "ledger_line", {"id": world.ids["suggestion"]})


def test_the_part_s_dates_and_steps_are_for_its_chain_the_congress_and_the_deputies(world: World) -> None:
    for who in ("officer", "section clerk", "liaison", "lead", "cosigner", "joint clerk"):
        if not reads(world, "supervision", "ledger_line", who):
            continue
        seen = line(world, who)
        kinds = {deadline["kind"] for deadline in seen["deadlines"]}
        texts = " ".join(entry["text"] for entry in seen["timeline"])
        knows = who != "joint clerk"
        assert ("part" in kinds) == knows, who
        assert ("某处签收" in texts and "某处与" in texts) == knows, who
        assert ("分解交办：某处" in texts) == (knows and who != "section clerk"), who
    due = world.answer("joint clerk", "supervision", "due_dates", {"suggestions": [world.ids["suggestion"]]})
    assert "part" not in str(due)
    own = world.answer(
        "section clerk", "supervision", "due_dates", {"suggestions": [world.ids["suggestion"]]}
    )
    assert ("part", DUE) in [(d["kind"], d["due_on"]) for d in own[world.ids["suggestion"]]]


def test_a_part_moves_neither_the_line_nor_its_dates(world: World) -> None:
    shown = line(world, "liaison")["line"]
    assert shown["next_kind"] != "part" and shown["lead_unit"] == "某办公厅"
    by_section = world.answer("liaison", "supervision", "ledger", {"unit": world.ids["section"]})
    assert by_section["lines"] == []


def test_it_counts_once_and_the_talk_of_the_section_counts_for_the_office(world: World) -> None:
    by_unit = world.answer(
        "liaison", "evaluation", "figures", {"congress": OWN, "year": 2023, "by_unit": True}
    )
    talked = {
        figure["owner"]["name"]: figure["numerator"]
        for figure in by_unit
        if figure["figure"] == "face_to_face"
    }
    assert talked == {"某办公厅": 1}
    whole = world.answer("liaison", "evaluation", "figures", {"congress": OWN, "year": 2023})
    assert [(f["numerator"], f["denominator"]) for f in whole if f["figure"] == "face_to_face"] == [(1, 1)]


def test_in_whatever_order_it_is_heard(world: World, network_of: Any) -> None:
    """Supervision, intake and search know the same in the end."""
    id = world.ids["suggestion"]
    told = [e for service in ("intake", "assignment") for e in world.network.published(service, id)]
    tables = {"supervision": ("ledger_units", "part_readers", "deadlines"), "search": ("documents",)}

    def known(network: TestNetwork) -> Any:
        but = {"supervision": (), "search": ("stale", "changes")}
        return [network.rows(service, *names, but=but[service]) for service, names in tables.items()]

    outcomes = []
    for seed in range(4):
        network = network_of(*tables, today=date(2023, 1, 14))
        events = told[:]
        if seed:
            random.Random(seed).shuffle(events)
        network.deliver(events)
        outcomes.append(known(network))
    assert all(outcome[0] == outcomes[0][0] for outcome in outcomes)
    readers = [outcome[1]["documents"][0]["dossier"]["readers"] for outcome in outcomes]
    assert all(reader == readers[0] for reader in readers)
    assert set(SERVICES) >= set(tables)
