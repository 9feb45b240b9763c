"""The description of the interface is complete, consistent, and can be read in a closed network."""

from __future__ import annotations

import re

import jsonschema
import pytest

from services.gateway.api import OPEN, SERVICES
from services.gateway.calls import takes_much
from shared.contracts import intake

CONTRACTS = [
    c
    for contracts, _ in SERVICES.values()
    for c in (*contracts.commands.values(), *contracts.queries.values())
]
ROUTES = [
    ("post", c) for contracts, _ in SERVICES.values() for c in contracts.commands.values() if c.path
] + [("get", c) for contracts, _ in SERVICES.values() for c in contracts.queries.values() if c.path]


@pytest.fixture
def described(web):
    return web.browser().get("/api/openapi.json").json


@pytest.fixture
def operations(described):
    return {
        (method, path): operation
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_every_contract_with_a_path_is_described(operations):
    expected = {(method, "/api" + contract.path.replace("<id>", "{id}")) for method, contract in ROUTES}
    from_contracts = {place for place, operation in operations.items() if operation["tags"][0] in SERVICES}
    assert from_contracts == expected


def test_it_is_openapi_3(described):
    assert described["openapi"].startswith("3.0.")
    assert described["info"]["title"] and described["info"]["version"]
    assert {tag["name"] for tag in described["tags"]} == {*SERVICES, "gateway", "operations", "events"}


def test_every_operation_says_what_it_is_called_and_what_may_happen(operations):
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    for (method, path), operation in operations.items():
        assert operation["summary"] and operation["description"] and operation["tags"], path
        assert {"401"} <= set(operation["responses"]), path
        assert operation["tags"][0] not in SERVICES or method == "get" or "409" in operation["responses"], (
            path
        )


def test_every_reference_leads_somewhere(described):
    for reference in re.findall(r"'\$ref': '([^']+)'", str(described)):
        place = described
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_schemas_are_json_schemas_with_chinese_descriptions(described):
    for name, schema in described["components"]["schemas"].items():
        jsonschema.Draft7Validator.check_schema(schema)
        for field, declared in schema.get("properties", {}).items():
            if name not in ("Problem", "CommandAnswer"):
                assert re.search(r"[\u4e00-\u9fff]", declared["description"]), f"{name}.{field}"


def test_a_choice_explains_its_values(described):
    kind = described["components"]["schemas"]["DraftSuggestion"]["properties"]["kind"]
    assert kind["description"] == "类型：suggestion=建议、criticism=批评、opinion=意见"
    assert kind["enum"] == ["suggestion", "criticism", "opinion"]


def test_what_is_open_to_everybody_is_said_to_be(operations):
    is_open = {op["operationId"] for op in operations.values() if {} in op.get("security", [])}
    assert is_open == {name.partition(".")[2] for name in OPEN} | {"sign_in"}


def test_imports_and_files_alone_may_be_large():
    assert {c.name for c in CONTRACTS if takes_much(c)} == {
        "register_divisions",
        "import_suggestions",
        "attach_file",
    }
    assert not takes_much(intake.DRAFT)


def test_people_can_read_it_without_scripts_from_elsewhere(web):
    page = web.browser().get("/api/docs").text
    assert "POST /api/suggestions/{id}/submit" in page
    assert "http://" not in page and "https://" not in page
