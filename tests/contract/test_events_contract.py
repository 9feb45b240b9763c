"""What is published is described, has an example that fits, and looks on the wire as it is described."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cloudevents.v1.http import from_json
from jsonschema import Draft7Validator

from jianyi.contract.asyncapi import faults
from jianyi.contract.schemas import event_types
from jianyi.contract.wherefrom import caused_by
from jianyi.documents import write_documents
from shared.events import routing_key

DOCS = Path(__file__).parents[2] / "docs"


def schema_of(type: str) -> dict:
    return json.loads((DOCS / "schemas" / f"{type}.json").read_text(encoding="utf-8"))


def misfits(event: dict) -> list[str]:
    validator = Draft7Validator(schema_of(event["type"]), format_checker=Draft7Validator.FORMAT_CHECKER)
    return [f"{event['type']} {error.json_path}: {error.message}" for error in validator.iter_errors(event)]


@pytest.mark.parametrize("declared", event_types(), ids=lambda declared: declared.type)
def test_the_example_of_an_event_fits_its_schema(declared):
    assert declared.schema.validate(declared.example) == {}


@pytest.mark.parametrize("declared", event_types(), ids=lambda declared: declared.type)
def test_the_json_schema_is_one_and_its_example_fits(declared):
    schema = schema_of(declared.type)
    Draft7Validator.check_schema(schema)
    assert [misfits(example) for example in schema["examples"]] == [[]]


@pytest.mark.parametrize(
    "change",
    [
        {"data": {}}, {"type": "suggestion.submitted.v2"}, {"source": "/jianyi/assignment"}, {"time": 5}, {"sequence": 0},
        {"jurisdiction": 43},
    ],
    ids=str,
)  # fmt: skip
def test_the_json_schema_refuses_what_is_no_such_event(change):
    (example,) = schema_of("suggestion.submitted.v1")["examples"]
    validator = Draft7Validator(
        schema_of("suggestion.submitted.v1"), format_checker=Draft7Validator.FORMAT_CHECKER
    )
    assert not validator.is_valid(example | change)


@pytest.mark.parametrize("declared", event_types(), ids=lambda declared: declared.type)
def test_an_event_is_named_by_two_words(declared):
    assert len(declared.name.split(".")) == 2


def test_the_event_documents_are_not_stale():
    assert write_documents(DOCS, check=True) == []


def test_no_schema_is_left_of_an_event_that_is_not_declared():
    assert {path.stem for path in (DOCS / "schemas").iterdir()} == {
        declared.type for declared in event_types()
    }


def test_asyncapis_own_parser_finds_nothing_wrong():
    assert faults(DOCS / "asyncapi.json") == []


def test_asyncapis_own_parser_would_find_it(tmp_path):
    document = json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8"))
    document["operations"]["intake.sends.suggestion.submitted"]["action"] = "shout"
    wrong = tmp_path / "asyncapi.json"
    wrong.write_text(json.dumps(document), encoding="utf-8")
    assert any("shout" in fault or "action" in fault for fault in faults(wrong))


def test_asyncapi_says_who_sends_and_who_receives():
    operations = json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8"))["operations"]
    with_it = {name for name in operations if name.endswith(".suggestion.accepted")}
    assert {"intake.sends.suggestion.accepted", "search.receives.suggestion.accepted"} <= with_it
    assert "search.sends.suggestion.accepted" not in with_it


def test_who_may_cause_an_event_is_read_off_the_rules():
    causes = caused_by()
    assert causes["suggestion.accepted"][0] == ("accept_suggestion", ("liaison",))
    offices = ("liaison", "operator", "system")
    assert causes["session.recorded"] == [("open_session", offices), ("change_session", offices)]
    assert [command for command, _ in causes["extension.granted"]] == ["grant_extension"]
    assert "feedback.opened" not in causes  # follows from an event


def test_a_routing_key_is_name_and_jurisdiction():
    assert routing_key("suggestion.submitted.v1", "43.01.81") == "suggestion.submitted.43.01.81"


def test_the_nations_congress_adds_no_words():
    assert routing_key("suggestion.submitted.v1", "cn") == "suggestion.submitted"


def test_an_event_on_the_wire_is_a_cloudevent_and_fits_its_json_schema(network_of):
    network = network_of("directory")
    from shared.identity import SYSTEM

    division = {
        "path": "43",
        "code": "43",
        "name": "湖南省",
        "level": "province",
        "parent": "",
        "has_congress": True,
    }
    network.do(SYSTEM, "directory", "register_divisions", divisions=[division])
    (published,) = network.published("directory")
    event = from_json(json.dumps(published))
    assert (event["type"], event["jurisdiction"], event["source"]) == (
        "congress.recorded.v1",
        "43",
        "/jianyi/directory",
    )
    assert misfits(published) == []
