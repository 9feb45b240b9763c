"""What services can be asked and told: commands and queries with their schemas, shared by both ends of a call.

One declaration serves the service that checks it, the REST route and its OpenAPI page, and the form on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from shared.problems import Invalid


@dataclass(frozen=True)
class Contract:
    """One command or query of one service.

    `path` is its REST path below /api, in which `<id>` stands for the thing it is about; `label` is what buttons say;
    `summary` explains it to programmers.
    """

    name: str
    service: str
    path: str
    label: str
    summary: str
    schema: Schema

    def load(self, data: Any) -> dict[str, Any]:
        """The data with its types, or Invalid with the sentences by field."""
        if not isinstance(data, dict):
            raise Invalid("请求内容应当是一个 JSON 对象。")
        try:
            return self.schema.load(data)
        except ValidationError as error:
            raise Invalid(
                f"{self.label}：填写的内容有误，请按提示修改。", error.normalized_messages()
            ) from error


@dataclass(frozen=True)
class Command(Contract):
    """Tells a service to do something. Answers {id, version, state, …}.

    `secret`: what it says is kept nowhere with who said it, nor a digest of it, from which few choices could be guessed.
    """

    secret: bool = False


class Query(Contract):
    """Asks a service for something; changes nothing."""


class Contracts:
    """The commands and queries of one service, by name."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.commands: dict[str, Command] = {}
        self.queries: dict[str, Query] = {}

    def command(
        self, name: str, path: str, label: str, summary: str, /, is_secret: bool = False, **data: fields.Field
    ) -> Command:
        """Declare a command; `data` are its fields beside the id in the path."""
        contract = Command(name, self.service, path, label, summary, _schema(name, data), is_secret)
        self.commands[name] = contract
        return contract

    def query(self, name: str, path: str, label: str, summary: str, /, **params: fields.Field) -> Query:
        """Declare a query; `params` are its parameters beside the id in the path."""
        contract = Query(name, self.service, path, label, summary, _schema(name, params))
        self.queries[name] = contract
        return contract


def _schema(name: str, data: dict[str, fields.Field]) -> Schema:
    class_name = "".join(part.capitalize() for part in name.split("_"))
    schema = Schema.from_dict(dict(data), name=class_name)(unknown=RAISE)
    schema.error_messages = {
        **schema.error_messages,
        "unknown": "不认识的项目。",
        "type": "应当是一个 JSON 对象。",
    }
    return schema
