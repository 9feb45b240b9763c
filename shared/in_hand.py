"""Who has a suggestion in hand, as assignment tells it: for the services that let them read it."""

from __future__ import annotations

from typing import Any


def people_of(data: dict[str, Any]) -> list[str]:
    """The ids of all units that take part: from `suggestion.assigned` or `task.distributed`, each of which names them all.

    Those that have a task or a part of one, the office that hands out what a unit is given, and those that watch over it.
    """
    tasks = [*data["tasks"], *data.get("parts", ())]
    found = [
        id for task in tasks for id in (task["unit"]["id"], task.get("desk", ""), *task.get("offices", ()))
    ]
    return list(dict.fromkeys(id for id in found if id))
