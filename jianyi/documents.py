"""Documents made from the code: docs/events.md for readers, docs/events.json as the published contract.

The contract holds, for every event version ever published, the fields that subscribers may rely on. It may grow; a
field of a published version never goes away, changes its type, or stops being sent: that needs a new version.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields

from shared.events import EventType
from shared.problems import Problem

PUBLISHERS = ("directory", "intake", "assignment", "supervision", "evaluation", "search", "gateway")


def write_documents(folder: Path, *, check: bool = False) -> list[str]:
    """Write what is stale, or with `check` only name it. Raises Problem when a published version would break."""
    contract_file = folder / "events.json"
    published = json.loads(contract_file.read_text(encoding="utf-8")) if contract_file.exists() else {}
    contract = contract_now()
    if broken := broken_promises(published, contract):
        raise Problem("已发布的事件版本不能这样改,请另立新版本:\n" + "\n".join(broken))
    wanted = {
        "events.json": json.dumps({**published, **contract}, ensure_ascii=False, indent=1, sort_keys=True)
        + "\n",
        "events.md": events_page(),
    }
    stale = []
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    return stale


def event_types() -> list[EventType]:
    """All events of all services, in the order of their declaration."""
    return [
        declared
        for service in PUBLISHERS
        for declared in importlib.import_module(f"services.{service}.events").catalogue.by_name.values()
    ]


def consumers_of(type: str) -> list[str]:
    """The services that handle an event."""
    return [
        service
        for service in PUBLISHERS
        if type in importlib.import_module(f"services.{service}.handlers").handlers.events
    ]


def contract_now() -> dict[str, Any]:
    """{type: {field: {type, required}}} as the code publishes now."""
    return {declared.type: _shape(declared.schema) for declared in event_types()}


def broken_promises(published: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What subscribers could rely on and no longer can, a sentence each."""
    found = []
    for type, shape in published.items():
        if type in now:
            found += [f"{type}:{what}" for what in _broken(shape, now[type], "")]
    return found


def events_page() -> str:
    """docs/events.md."""
    lines = [
        "# Events",
        "",
        "Made from the schemas in `services/*/events.py` by `make docs`; do not edit.",
        "",
        "Events are CloudEvents 1.0 in structured JSON on the durable topic exchange `jianyi.events`. The routing key is the",
        "event's name and the path of its congress: `suggestion.submitted.43.01.81`. A binding `*.*.43.01.#` receives one city",
        "with all below it, `suggestion.#` one subject everywhere. Beside CloudEvents' own attributes every event has",
        "`jurisdiction` (the congress's division path), `sequence` (counts the events of this service about this subject) and",
        "`traceparent` (W3C trace context). `data.by` is the person who caused it. A published version never loses a field:",
        "`docs/events.json` is the contract, and the build fails when it would be broken.",
        "",
    ]
    service = ""
    for declared in event_types():
        if declared.service != service:
            service = declared.service
            lines += [f"## {service}", ""]
        lines += _event_section(declared)
    return "\n".join(lines)


def _event_section(declared: EventType) -> list[str]:
    consumers = consumers_of(declared.type)
    rows = [
        f"| `{name}` | {_kind(field)} | {'yes' if field.required else 'no'} |"
        for name, field in declared.schema.fields.items()
    ]
    example = json.dumps(declared.example, ensure_ascii=False, indent=2)
    return [
        f"### {declared.type}",
        "",
        declared.when,
        "",
        f"Consumed by: {', '.join(consumers) or 'subscribers outside only'}.",
        "",
        "| data field | type | always there |",
        "|---|---|---|",
        *rows,
        "",
        "```json",
        example,
        "```",
        "",
    ]


def _shape(schema: Schema) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    for name, field in schema.fields.items():
        shape[name] = {
            "type": _kind(field),
            "required": bool(field.required),
            "empty": bool(field.allow_none),
        }
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            shape[name]["fields"] = _shape(inner.schema)
    return shape


def _broken(before: dict[str, Any], now: dict[str, Any], where: str) -> list[str]:
    found = []
    for name, promise in before.items():
        path, present = f"{where}{name}", now.get(name)
        if present is None:
            found.append(f"字段 {path} 没有了")
        elif present["type"] != promise["type"]:
            found.append(f"字段 {path} 由 {promise['type']} 变成 {present['type']}")
        elif promise["required"] and not present["required"]:
            found.append(f"字段 {path} 不再保证有")
        elif present["empty"] and not promise["empty"]:
            found.append(f"字段 {path} 可能为空了")
        else:
            found += _broken(promise.get("fields", {}), present.get("fields", {}), f"{path}.")
    return found


def _kind(field: fields.Field) -> str:
    if isinstance(field, fields.List):
        return f"list of {_kind(field.inner)}"
    return type(field).__name__.lower().replace("nested", "object").replace("dict", "object")
