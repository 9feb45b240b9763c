"""The content of the demo year: units, people and suggestions, as written by hand.

Nothing here is taken from real records. People carry labels such as 代表甲, so that nobody can take them for
real persons; units and places bear real names because a demo without them would not be understood; every
suggestion, reply, remark and figure in them was written for this project.

The files next to this module:

``units.json``
    congress path -> handling units ``{"key", "name", "kind", "parent", "short"}``; ``kind`` is one of
    :data:`UNIT_KINDS`, ``parent`` the key of the office that distributes to the unit, or ``None``; of a government's own
    office, of that government as the congress above has registered it.
``people.json``
    congress path -> ``{"delegations": [name], "deputies": [{"key", "name", "delegation"}],
    "supervisors": [{"key", "name", "post"}], "sponsors": [{"key", "name", "post"}],
    "committees": [{"key", "name", "short", "fields": [category]}]}``.
``suggestions/*.jsonl``
    one suggestion per line, see :func:`suggestions`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

#: The fields a suggestion of the demo year belongs to.
CATEGORIES: tuple[str, ...] = (
    "交通运输",
    "教育",
    "医疗卫生",
    "农业农村",
    "水利",
    "生态环境",
    "城乡建设",
    "社会保障",
    "科技创新",
    "财政金融",
    "文化旅游",
    "民政养老",
    "公共安全",
    "政务服务",
)

#: 建议, 批评, 意见.
KINDS: tuple[str, ...] = ("suggestion", "criticism", "opinion")

#: Classes of a reply: solved, being solved or planned, cannot be solved now, kept for reference.
REPLY_CLASSES: tuple[str, ...] = ("A", "B", "C", "D")

#: What a handling unit can be; ``government_below`` is a government one level down.
UNIT_KINDS: tuple[str, ...] = (
    "government",
    "government_below",
    "party",
    "court",
    "procuratorate",
    "distributing",
)


def suggestions() -> list[dict[str, Any]]:
    """Return every suggestion of the demo year, file by file in the order of their names.

    :returns: one dictionary per suggestion with the keys ``congress`` (path), ``title``, ``kind``
        (:data:`KINDS`), ``category`` (:data:`CATEGORIES`), ``situation``, ``analysis``, ``proposals``,
        ``lead_unit`` (name of a unit of that congress), ``joint_units`` (none to two names), ``reply``,
        ``reply_class`` (:data:`REPLY_CLASSES`), ``commitment`` (``{"text", "months"}``, present only where
        the class is B), ``comment_process`` and ``comment_result`` (the deputy's remarks).
    """
    found: list[dict[str, Any]] = []
    for path in sorted((HERE / "suggestions").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                found.append(json.loads(line))
    return found


def units() -> dict[str, list[dict[str, Any]]]:
    """Return the handling units of each congress.

    :returns: congress path -> units, parents before children.
    """
    loaded: dict[str, list[dict[str, Any]]] = _load("units.json")
    return loaded


def people() -> dict[str, dict[str, Any]]:
    """Return the deputies, leaders and committees of each congress.

    :returns: congress path -> ``delegations``, ``deputies``, ``supervisors``, ``sponsors``, ``committees``.
    """
    loaded: dict[str, dict[str, Any]] = _load("people.json")
    return loaded


def _load(name: str) -> Any:
    """Read one JSON file of this directory."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))
