"""Events: CloudEvents 1.0 in structured JSON, their data described by versioned marshmallow schemas."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields

ROOT = "cn"  # the National People's Congress: the root, adds no words to a routing key


class By(Schema):
    """The person who caused the event."""

    account = fields.String(required=True)
    name = fields.String(required=True)


class Person(Schema):
    """A deputy or another named person."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class Unit(Schema):
    """A handling unit."""

    id = fields.String(required=True)
    name = fields.String(required=True)


@dataclass(frozen=True)
class EventType:
    """One version of one event: its schema, when it happens, whose act it is, and an example of its data."""

    name: str
    version: int
    service: str
    schema: Schema
    when: str
    example: dict[str, Any]

    @property
    def type(self) -> str:
        """The CloudEvents type, as `suggestion.submitted.v1`."""
        return f"{self.name}.v{self.version}"


class BadEvent(ValueError):
    """A service tried to publish data that its own schema refuses: a fault in the service, not of the user."""


class Catalogue:
    """The events that one service publishes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.by_name: dict[str, EventType] = {}

    def event(
        self, name: str, when: str, example: dict[str, Any], version: int = 1, /, **data: fields.Field
    ) -> None:
        """Declare an event. `name` is two words; `data` are the fields of its data beside `by`."""
        schema = Schema.from_dict({"by": fields.Nested(By, required=True), **data}, name=f"{name}.v{version}")
        with_by = {"by": {"account": "0190a1b2-0000-7000-8000-000000000001", "name": "代表甲"}, **example}
        self.by_name[name] = EventType(name, version, self.service, schema(unknown=RAISE), when, with_by)

    def envelope(
        self,
        *,
        id: str,
        name: str,
        at: datetime,
        subject: str,
        jurisdiction: str,
        sequence: int,
        traceparent: str,
        data: dict[str, Any],
    ) -> dict[str, Any]:
        """The event as it travels. Raises BadEvent when the data does not fit the schema."""
        declared = self.by_name.get(name)
        if declared is None:
            raise BadEvent(f"{self.service} declares no event {name}")
        errors = declared.schema.validate(data)
        if errors:
            raise BadEvent(f"{declared.type}: {errors}") from ValidationError(errors)
        return {
            "specversion": "1.0",
            "id": id,
            "source": f"/jianyi/{self.service}",
            "type": declared.type,
            "time": at.isoformat().replace("+00:00", "Z"),
            "subject": subject,
            "datacontenttype": "application/json",
            "jurisdiction": jurisdiction,
            "sequence": sequence,
            "traceparent": traceparent,
            "data": data,
        }


def routing_key(type: str, jurisdiction: str) -> str:
    """Event name and jurisdiction path: `suggestion.submitted.43.01.81`."""
    name = type.rpartition(".")[0]
    return name if jurisdiction == ROOT else f"{name}.{jurisdiction}"


def source_service(event: dict[str, Any]) -> str:
    """The service that published an event."""
    return str(event["source"]).rpartition("/")[2]


TEXTS = {"id": 36, "type": 64, "source": 64, "subject": 36, "jurisdiction": 32, "time": 40, "traceparent": 64}
MAY_BE_EMPTY = ("jurisdiction",)  # of who belongs to no congress


def read(message: str | bytes) -> dict[str, Any] | None:
    """The event in a message; None for what is no event, so that no table could take it in and no handler read it."""
    try:
        event = orjson.loads(message)
        if not isinstance(event, dict) or event["specversion"] != "1.0":
            return None
        if not all(_fits(name, event[name]) for name in TEXTS):
            return None
        datetime.fromisoformat(event["time"])
        uuid.UUID(event["id"])
    except (ValueError, KeyError, TypeError):
        return None
    return event if type(event.get("sequence")) is int and isinstance(event.get("data"), dict) else None


def _fits(name: str, text: Any) -> bool:
    if not isinstance(text, str) or not text.isprintable():
        return False
    return len(text) <= TEXTS[name] and bool(text or name in MAY_BE_EMPTY)
