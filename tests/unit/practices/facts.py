"""What a page, a workbook or a document of a practice is made from, as a story needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.gateway import hooks
from services.gateway.hooks import Facts, Line, Table
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce

TODAY = date(2023, 5, 12)
ROADS = Line(
    "s1", "43", "第0001号", "关于修路的建议", 2023, "第十四届一次会议", "suggestion", "交通", "交通", "handling", "办理中", False, {}, "代表甲", "",
    ("代表乙",), "省财政厅", (), "2023-01-20", "2023-02-20", "2023-05-22", "", "", "", "", False, "", "", "2023-05-22", "答复", 10, "yellow",
)  # fmt: skip


def line(id: str, title: str, **changed: Any) -> Line:
    return replace(ROADS, id=id, title=title, **changed)


def task(suggestion: str, unit: str, id: str = "") -> dict[str, Any]:
    return {"suggestion": suggestion, "unit": {"id": id or unit, "name": unit}}


def made(
    plugin: Any,
    hook: str,
    *lines: Line,
    settings: dict[str, Any] | None = None,
    key: str = "",
    unit: str = "u",
    **answers: Any,
) -> Any:
    """What the plugin makes of these lines: the tables of a page or workbook, or the document. Fails for whatever it gets wrong."""
    found = collect([("x", lambda: plugin)])
    assert not found.broken, found.broken
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce(plugin.name, True, found.practices[plugin.name].load(settings or {}))
    offers = [offer for _, offer in asked.call(hook, [held], {})]
    (offer,) = [offer for offer in offers if not key or offer.key == key]
    needed = {need: answers.get(need, []) for need in offer.needs}
    facts = Facts("某处", "43", unit, TODAY, lines, needed)
    content = asked.content(plugin.name, hook, offer.content, facts, object)
    assert not asked.failures, asked.failures
    assert content is not None
    return content[0] if hook == "documents" else content


def titles(table: Table) -> list[str]:
    return [row.cells[0] for row in table.rows]
