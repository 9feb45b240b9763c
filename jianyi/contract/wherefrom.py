"""By which commands, and so by whose acts, an event comes about: read off the code that carries the commands out.

A command's function calls others of its service; one of those names the event that it records. Who may give the
command stands in the service's tables of rules.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from shared.rules import RELATION_LABELS, Rules
from shared.settings import SERVICES


def caused_by() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """By event name: the commands that cause it, each with the relations of those who may give it."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for service in SERVICES:
        modules = list(_modules(service))
        names = importlib.import_module(f"services.{service}.events").catalogue.by_name
        may = _who_may(modules)
        reach = _Reach(modules, set(names))
        handlers = importlib.import_module(f"services.{service}.handlers").handlers
        for command, handler in handlers.commands.items():
            for name in sorted(reach.events(handler.function)):
                found.setdefault(name, []).append((command, may.get(command, ())))
    return found


def _modules(service: str) -> Iterator[ModuleType]:
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"services.{service}."):
        if ".migrations" not in module.name and not module.name.endswith((".service", ".events")):
            yield importlib.import_module(module.name)


def _who_may(modules: list[ModuleType]) -> dict[str, tuple[str, ...]]:
    tables = [value for module in modules for value in vars(module).values() if isinstance(value, Rules)]
    return {
        rule.command: tuple(relation for relation in rule.by if relation in RELATION_LABELS)
        for table in tables
        for rule in table.by_command.values()
    }


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


class _Reach:
    """Which events the functions of a service name, themselves or through functions that they call."""

    def __init__(self, modules: list[ModuleType], names: set[str]) -> None:
        self.names = names
        self.functions: dict[str, list[ast.AST]] = {}
        for module in modules:
            for node in ast.walk(ast.parse(_source(module))):
                if isinstance(node, ast.FunctionDef):
                    self.functions.setdefault(node.name, []).append(node)
                if isinstance(node, ast.ClassDef):
                    for method in node.body:
                        if isinstance(method, ast.FunctionDef):
                            self.functions.setdefault(f"{node.name}.{method.name}", []).append(method)

    def events(self, function: Any) -> set[str]:
        found: set[str] = set()
        seen: set[str] = set()
        todo = [function.__name__]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            for definition in self.functions.get(name, ()):
                for node in ast.walk(definition):
                    if isinstance(node, ast.Constant) and node.value in self.names:
                        found.add(str(node.value))
                    if isinstance(node, ast.Call):
                        todo.append(self._called(node.func))
        return found

    def _called(self, called: ast.expr) -> str:
        """`Session.open` where the call says of what (`Session.open`, `session.open`), else `open`: all that are called so."""
        if isinstance(called, ast.Attribute):
            owner = called.value.id if isinstance(called.value, ast.Name) else ""
            qualified = f"{owner[:1].upper()}{owner[1:]}.{called.attr}"
            return qualified if qualified in self.functions else called.attr
        return called.id if isinstance(called, ast.Name) else ""
