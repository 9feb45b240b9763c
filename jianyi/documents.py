"""Documents made from the code: what readers of our events need, and the contract that they rely on.

docs/contract.json      what was published, to be compared with; `make contract` fails where it would be broken
docs/schemas/TYPE.json  JSON Schema of each version of each event
docs/asyncapi.json      the same for AsyncAPI's tools, with who sends and who receives
docs/events.md          for people
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import fields

from jianyi.contract import asyncapi
from jianyi.contract.promises import broken_promises, missing_steps
from jianyi.contract.schemas import catalogues, consumers_of, contract_now, event_schema, event_types
from jianyi.contract.wherefrom import caused_by
from shared.events import EventType, routing_key
from shared.problems import Problem
from shared.rules import RELATION_LABELS

CONTRACT = "contract.json"


def write_documents(folder: Path, *, check: bool = False) -> list[str]:
    """Write what is stale, or with `check` only name it. Raises Problem when a published version would break."""
    published = require_unbroken(folder)
    contract = _published_with_dates(published, contract_now())
    wanted = {
        CONTRACT: _json(contract),
        "asyncapi.json": _json(asyncapi.document()),
        "events.md": events_page(contract),
        **{f"schemas/{declared.type}.json": _json(event_schema(declared)) for declared in event_types()},
    }
    stale = []
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return stale


def require_unbroken(folder: Path) -> dict[str, Any]:
    """The contract as published last. Raises Problem when the code breaks it: nothing may be written over it then."""
    file = folder / CONTRACT
    if not file.exists():  # with nothing to compare with, every break would pass
        raise Problem(f"缺少已发布的合约 {file.name}。请从版本库恢复它（git checkout docs/{file.name}）。")
    published, now = json.loads(file.read_text(encoding="utf-8")), contract_now()
    if broken := broken_promises(published, now) + missing_steps(catalogues()):
        raise Problem("已发布的事件不能这样改：\n" + "\n".join(f"- {what}。" for what in broken))
    return dict(published)


def _published_with_dates(published: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The contract to be published: each version with the day of its first publication, and of its retirement."""
    today = date.today().isoformat()
    events = {}
    for type, promise in now["events"].items():
        before = published["events"].get(type, {})
        retired = (before.get("retired") or today) if promise["retired"] else None
        events[type] = promise | {"since": before.get("since", today), "retired": retired}
    return now | {"events": events}


def events_page(contract: dict[str, Any]) -> str:
    """docs/events.md."""
    lines = [
        "# Events",
        "",
        "Made from the schemas in `services/*/events.py` by `make docs`; do not edit.",
        "",
        "Events are CloudEvents 1.0 in structured JSON on the durable topic exchange `jianyi.events`. The routing key is the",
        "event's name and the path of its congress: `suggestion.submitted.43.01.81`. A binding `*.*.43.01.#` receives one city",
        "with all below it, `suggestion.#` one subject everywhere; the National People's Congress adds no words to the name.",
        "Beside CloudEvents' own attributes every event has `jurisdiction` (the congress's division path), `sequence` (counts the",
        "events of this service about this subject) and `traceparent` (W3C trace context). `data.by` is the person who caused it.",
        "",
        "**For programs**: [asyncapi.json](asyncapi.json) describes channels, messages, senders and receivers;",
        "[schemas/](schemas/) has a JSON Schema of each whole event. Ignore fields that you do not know: a version may gain optional",
        "ones. Nothing else about a published version changes, which `make contract` checks against [contract.json](contract.json).",
        "",
        "**Versions.** What has to change otherwise gets a new version. Until the older one is retired both are published, as two",
        "wordings of one event: same subject and `sequence`, each its own `id` and `type`. Both say in `versions` which there are",
        "(`v1 v2`), and the older one in `twinof` the newest's `id`. The routing key has no version: take the `type` that you were",
        "written for, and leave the others. How an event gets a new version: [tutorial-new-event.md](tutorial-new-event.md).",
        "",
    ]
    service = ""
    causes = caused_by()
    for declared in event_types():
        if declared.service != service:
            service = declared.service
            lines += [f"## {service}", ""]
        lines += _event_section(declared, contract["events"][declared.type], causes.get(declared.name, []))
    return "\n".join(lines)


def _event_section(
    declared: EventType, promise: dict[str, Any], causes: list[tuple[str, tuple[str, ...]]]
) -> list[str]:
    consumers = consumers_of(declared.type)
    rows = [
        f"| `{name}` | {_kind(field)} | {'yes' if field.required else 'no'} |"
        for name, field in declared.schema.fields.items()
    ]
    example = json.dumps(declared.example, ensure_ascii=False, indent=2)
    retired = f", retired {promise['retired']}" if promise["retired"] else ""
    by = "; ".join(
        f"`{command}` ({'、'.join(RELATION_LABELS[relation] for relation in relations)})"
        for command, relations in causes
    )
    return [
        f"### {declared.type}",
        "",
        declared.when,
        "",
        "| | |",
        "|---|---|",
        f"| caused by | {by or 'the service itself, following other events or the calendar'} |",
        f"| consumed by | {', '.join(consumers) or 'subscribers outside only'} |",
        f"| routing key | `{routing_key(declared.type, '{jurisdiction}')}` |",
        f"| published | since {promise['since']}{retired} |",
        f"| schema | [{declared.type}.json](schemas/{declared.type}.json) |",
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


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _kind(field: fields.Field) -> str:
    empty = " or null" if field.allow_none else ""
    if isinstance(field, fields.List):
        return f"list of {_kind(field.inner)}{empty}"
    kind = type(field).__name__.lower().replace("nested", "object").replace("dict", "object")
    return kind + empty
