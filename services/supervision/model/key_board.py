"""The board of key suggestions: nobody may be forgotten (全覆盖, Hunan 2023), neither a leader nor a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.supervision.model.parties import PARTIES
from shared.offices import PARTY_OF

ROLES = {"leading_supervisor": "领导", "sponsor": "政府领导", "committee": "专委会"}
OVER = ("closed", "published")

Line = Mapping[str, Any]


def board(
    lines: Sequence[Line], expected: Mapping[str, Iterable[str]], words: Mapping[str, str] = PARTIES
) -> dict[str, Any]:
    """What the board shows of some lines of the ledger, each with `key_mark`.

    `expected`: by role, who has to have at least one key suggestion, as the congress has laid down. `words`: how the place
    calls what the parties do.
    """
    labels = {role: f"{words[PARTY_OF[role]]}{who}" for role, who in ROLES.items()}
    people = {role: _people(lines, role, expected.get(role, ())) for role in ROLES}
    return {
        "total": len(lines),
        "words": dict(words),
        "themes": [
            {"theme": theme, "lines": [line for line in lines if line["key_mark"]["theme"] == theme]}
            for theme in sorted({line["key_mark"]["theme"] for line in lines})
        ],
        "people": people,
        "without_any": [
            {"role": role, "role_label": labels[role], "name": one["name"]}
            for role, found in people.items() for one in found if not one["count"]
        ],
        "incomplete": [
            {"id": line["id"], "number": line["number"], "title": line["title"], "missing": missing}
            for line in lines if (missing := [label for role, label in labels.items() if not line["key_mark"][role]])
        ],
    }  # fmt: skip


def _people(lines: Sequence[Line], role: str, expected: Iterable[str]) -> list[dict[str, Any]]:
    """Those who are expected to, in the order of the congress, then whoever has one besides."""
    names = dict.fromkeys([*expected, *sorted(line["key_mark"][role] for line in lines)])
    found = []
    for name in names:
        own = [line for line in lines if name and line["key_mark"][role] == name]
        if name:
            found.append(
                {
                    "name": name, "count": len(own), "over": sum(line["state"] in OVER for line in own),
                    "red": sum(line["light"] == "red" for line in own), "suggestions": [line["id"] for line in own],
                }
            )  # fmt: skip
    return found
