"""What the services declare, and the JSON Schemas made of it."""

from __future__ import annotations

import importlib
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.bus.topology import EXCHANGE
from shared.events import ROOT, Catalogue, EventType, routing_key
from shared.settings import SERVICES

DIALECT = "http://json-schema.org/draft-07/schema#"  # what AsyncAPI's own schemas extend

ENVELOPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "Unique; remember those you have handled."},
        "source": {"type": "string", "description": "The service that published it: `/jianyi/intake`."},
        "type": {"type": "string", "description": "Name and version: `suggestion.submitted.v1`."},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "description": "The id of what it is about."},
        "datacontenttype": {"const": "application/json"},
        "jurisdiction": {"type": "string", "description": "The division path of the congress; `cn` for the nation's."},
        "sequence": {"type": "integer", "minimum": 1, "description": "Counts this service's events about this subject."},
        "traceparent": {"type": "string", "description": "W3C trace context of the command that caused it."},
        "versions": {"type": "string", "description": "All versions in which it was published, where there are several: `v1 v2`."},
        "twinof": {"type": "string", "format": "uuid", "description": "Of an older version: the id of the newest one of the same event."},
        "data": {"type": "object"},
    },
    "required": [
        "specversion", "id", "source", "type", "time", "subject", "datacontenttype", "jurisdiction", "sequence", "traceparent", "data",
    ],
}  # fmt: skip

_converter = MarshmallowPlugin(schema_name_resolver=lambda schema: None)
APISpec("events", "1", "3.1.0", plugins=[_converter])


def catalogues() -> list[Catalogue]:
    """What each service publishes."""
    return [importlib.import_module(f"services.{service}.events").catalogue for service in SERVICES]


def event_types(among: list[Catalogue] | None = None) -> list[EventType]:
    """All versions of all events, in the order of their declaration."""
    return [
        declared
        for catalogue in (catalogues() if among is None else among)
        for versions in catalogue.versions.values()
        for declared in versions
    ]


def consumers_of(type: str) -> list[str]:
    """The services that handle an event."""
    return [
        service
        for service in SERVICES
        if type in importlib.import_module(f"services.{service}.handlers").handlers.events
    ]


def data_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of an event's data. It is open: a later event of the same version may have more fields."""
    return _opened(_converter.converter.schema2jsonschema(schema))


def event_schema(declared: EventType) -> dict[str, Any]:
    """The JSON Schema of a whole event, for validators."""
    narrowed = {
        "source": {"const": f"/jianyi/{declared.service}"},
        "type": {"const": declared.type},
        "data": data_schema(declared.schema),
    }
    return {
        "$schema": DIALECT,
        "$id": f"{declared.type}.json",
        "title": declared.type,
        "description": declared.when,
        **ENVELOPE,
        "properties": {
            name: field | narrowed.get(name, {}) for name, field in ENVELOPE["properties"].items()
        },
        "examples": [example_of(declared)],
    }


def example_of(declared: EventType) -> dict[str, Any]:
    """A whole event with the declared example of its data."""
    return {
        "specversion": "1.0", "id": "0190a1b2-0000-7000-8000-00000000000a", "source": f"/jianyi/{declared.service}",
        "type": declared.type, "time": "2023-01-14T01:30:00Z", "subject": "0190a1b2-0000-7000-8000-0000000000b1",
        "datacontenttype": "application/json", "jurisdiction": "43", "sequence": 1,
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "data": declared.example,
    }  # fmt: skip


def contract_now(among: list[Catalogue] | None = None) -> dict[str, Any]:
    """What readers may rely on, as the code publishes now."""
    return {
        "exchange": {"name": EXCHANGE.name, "type": EXCHANGE.type, "durable": EXCHANGE.durable},
        "envelope": ENVELOPE,
        "events": {
            declared.type: {
                "service": declared.service,
                "routing_key": routing_key(declared.type, "{jurisdiction}"),
                "routing_key_of_the_nation": routing_key(declared.type, ROOT),
                "retired": any(
                    declared.type in catalogue.retired
                    for catalogue in (catalogues() if among is None else among)
                ),
                "data": data_schema(declared.schema),
            }
            for declared in event_types(among)
        },
    }


def _opened(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {name: _opened(part) for name, part in schema.items() if name != "additionalProperties"}
        if isinstance(kept.get("required"), list):
            kept["required"] = sorted(kept["required"])
        return kept
    return [_opened(part) for part in schema] if isinstance(schema, list) else schema
