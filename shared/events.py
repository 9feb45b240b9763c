"""Events: CloudEvents 1.0 in structured JSON, their data described by versioned marshmallow schemas."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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


Downcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class EventType:
    """One version of one event: its schema, when it happens, and an example of its data."""

    name: str
    version: int
    service: str
    schema: Schema
    when: str
    example: dict[str, Any]
    downcast: Downcast | None = None  # of version 2 and up: makes the next older version's data of this one's

    @property
    def type(self) -> str:
        """The CloudEvents type, as `suggestion.submitted.v1`."""
        return f"{self.name}.v{self.version}"


class BadEvent(ValueError):
    """A service tried to publish data that its own schema refuses: a fault in the service, not of the user."""


class Catalogue:
    """The events that one service publishes.

    An event with two versions is published in both, until the older one is retired: the newest as the model records
    it, the older ones made of it by the downcasts. They are wordings of one event: same subject, same sequence, ids
    of their own. Each names in `versions` all that were published, and the older ones in `twinof` the newest's id.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.by_name: dict[str, EventType] = {}  # the newest version of each
        self.versions: dict[str, list[EventType]] = {}  # all versions, the oldest first
        self.retired: set[str] = set()  # types that are published no more

    def event(
        self, name: str, when: str, example: dict[str, Any], version: int = 1, downcast: Downcast | None = None,
        /, **data: fields.Field,
    ) -> None:  # fmt: skip
        """Declare an event. `name` is two words; `data` are the fields of its data beside `by`.

        A second version is declared below the first, with the `downcast` that makes the first one's data of its own.
        """
        older = self.versions.setdefault(name, [])
        if version != len(older) + 1 or (version > 1) != (downcast is not None):
            raise ValueError(
                f"{name}: declare versions 1, 2, … in order, each after the first with a downcast"
            )
        schema = Schema.from_dict({"by": fields.Nested(By, required=True), **data}, name=f"{name}.v{version}")
        with_by = {"by": {"account": "0190a1b2-0000-7000-8000-000000000001", "name": "代表甲"}, **example}
        newest = EventType(name, version, self.service, schema(unknown=RAISE), when, with_by, downcast)
        older.append(newest)
        self.by_name[name] = newest

    def retire(self, type: str) -> None:
        """Publish this version no more. Its declaration stays: it describes what is in the event log."""
        name, _, version = type.rpartition(".v")
        if int(version) >= self.by_name[name].version:
            raise ValueError(f"{type} is the newest version: there is nothing to publish instead")
        self.retired.add(type)

    def envelopes(
        self,
        *,
        id: str,
        name: str,
        at: datetime,
        subject: str,
        jurisdiction: str,
        sequence: int,
        traceparent: str,
        tracestate: str = "",
        data: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """The event as it travels: its newest version, then the older ones that are not retired.

        Raises BadEvent when the data does not fit the schema.
        """
        declared = self.by_name.get(name)
        if declared is None:
            raise BadEvent(f"{self.service} declares no event {name}")
        _require_fitting(declared, data)
        newest = {
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
            **({"tracestate": tracestate} if tracestate else {}),
            "data": data,
        }
        if declared.version == 1:
            return [newest]
        return self._worded(newest, declared)

    def _worded(self, newest: dict[str, Any], declared: EventType) -> list[dict[str, Any]]:
        published = [version for version in self.versions[declared.name] if version.type not in self.retired]
        if len(published) == 1:
            return [newest]
        wordings = [newest | {"versions": " ".join(f"v{version.version}" for version in published)}]
        data = newest["data"]
        for newer, older in zip(
            self.versions[declared.name][:0:-1], self.versions[declared.name][-2::-1], strict=True
        ):
            assert newer.downcast is not None
            data = newer.downcast(data)
            if older in published:
                _require_fitting(older, data)
                own = {"id": twin_id(newest["id"], older.version), "type": older.type, "twinof": newest["id"]}
                wordings.append(wordings[0] | own | {"data": data})
        return wordings


def _require_fitting(declared: EventType, data: dict[str, Any]) -> None:
    if errors := declared.schema.validate(data):
        raise BadEvent(f"{declared.type}: {errors}") from ValidationError(errors)


def twin_id(id: str, version: int) -> str:
    """The id of an older wording of the event with this id: always the same one."""
    return str(uuid.uuid5(uuid.UUID(id), f"v{version}"))


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
