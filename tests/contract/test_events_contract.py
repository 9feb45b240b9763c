"""What is published is described, has an example that fits, and keeps its promises."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from cloudevents.v1.http import from_json

from jianyi.documents import broken_promises, contract_now, event_types, write_documents
from shared.events import routing_key

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("declared", event_types(), ids=lambda declared: declared.type)
def test_the_example_of_an_event_fits_its_schema(declared):
    assert declared.schema.validate(declared.example) == {}


@pytest.mark.parametrize("declared", event_types(), ids=lambda declared: declared.type)
def test_an_event_is_named_by_two_words(declared):
    assert len(declared.name.split(".")) == 2


def test_the_event_documents_are_not_stale():
    assert write_documents(DOCS, check=True) == []


def test_a_routing_key_is_name_and_jurisdiction():
    assert routing_key("suggestion.submitted.v1", "43.01.81") == "suggestion.submitted.43.01.81"


def test_the_nations_congress_adds_no_words():
    assert routing_key("suggestion.submitted.v1", "cn") == "suggestion.submitted"


def broken(change):
    now = contract_now()
    later = copy.deepcopy(now)
    change(later["suggestion.accepted.v1"])
    return broken_promises(now, later)


def test_a_field_that_goes_away_breaks_the_contract():
    assert broken(lambda shape: shape.pop("number"))


def test_a_field_that_changes_its_type_breaks_the_contract():
    assert broken(lambda shape: shape["ordinal"].update(type="string"))


def test_a_field_within_a_person_is_promised_too():
    assert broken(lambda shape: shape["lead"]["fields"].pop("name"))


def test_a_new_field_breaks_nothing():
    assert broken(lambda shape: shape.update(more={"type": "string", "required": True, "empty": False})) == []


def test_an_event_on_the_wire_is_a_cloudevent(network_of):
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
    event = from_json(json.dumps(network.published("directory")[0]))
    assert (event["type"], event["jurisdiction"], event["source"]) == (
        "congress.recorded.v1",
        "43",
        "/jianyi/directory",
    )
