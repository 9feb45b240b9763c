"""Materials (资料): publishing and withdrawing them, and what a person finds of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.directory import tables as t
from services.directory.model.material import PARTS, Material
from services.directory.model.usual_materials import USUAL
from shared.aggregate import new_id
from shared.identity import Actor
from shared.practices import Data, congresses_above
from shared.problems import Invalid, NotAllowed, NotFound
from shared.terms import FINDINGS, MATERIAL_KINDS, MATERIAL_READERS
from shared.work import Work

MOST_ABOVE = 20  # units above one another
MOST = 500  # materials of a place and of those above it


def publish(work: Work, data: Data) -> Data:
    material = Material(id=new_id(), **data)
    if t.congress_store.get(work.connection, material.congress) is None:
        raise Invalid("没有登记这一级人大。", {"congress": ["没有登记这一级人大，请核对区划代码。"]})
    if not material.relations(work.actor):
        raise NotAllowed("资料由本级联工委发布；承办单位的人员可以发布本单位的资料。")
    material.check("publish_material", work.actor)
    work.authorized = True
    if material.unit:
        unit = t.unit_store.get(work.connection, material.unit)
        if unit is None or unit.congress != material.congress:
            raise Invalid("没有找到这个单位。", {"unit": ["没有找到这个单位，请重新选择。"]})
        material.unit_name, material.readers = unit.name, "units"
    material.publish(work.actor, work.now)
    work.save(t.material_store, material)
    return {"id": material.id, "version": material.version, "state": material.state}


def withdraw(work: Work, material: Material, data: Data) -> None:
    material.withdraw(data["reason"], work.actor, work.now)


def materials(work: Work, params: Data) -> list[Data]:
    """What the person finds at a congress, without the texts: one's own units' first, then the congress's, then what is
    inherited, the nearest first, then what comes with the product."""
    _require_signed_in(work)
    above, units, m = congresses_above(params["congress"]), _units_with_those_above(work), t.materials.c
    wanted = [
        m.state == params["state"],
        sa.or_(sa.and_(m.unit == "", m.congress.in_(above)), m.unit.in_(units)),
        *([m.kind == params["kind"]] if params["kind"] else ()),
    ]
    found = [
        material
        for material in t.material_store.find(work.connection, *wanted, limit=MOST)
        if material.is_read_by(work.actor, units)
    ]
    found.sort(key=lambda material: material.id, reverse=True)
    found.sort(key=lambda material: -1 if material.unit else above.index(material.congress))
    names = _names(work, {material.congress for material in found})
    lines = [_line(material, names, params["congress"]) for material in found]
    return lines if params["state"] == "withdrawn" else lines + _usual(work.actor, params["kind"], lines)


def material(work: Work, params: Data) -> Data:
    """One with its text."""
    _require_signed_in(work)
    if usual := next((usual for usual in USUAL if usual["id"] == params["id"]), None):
        return {**_as_usual(usual), **{part: usual.get(part, "") for part in ("text", *PARTS)}, "may": []}
    found = t.material_store.get(work.connection, params["id"])
    if found is None or not found.is_read_by(work.actor, _units_with_those_above(work)):
        raise NotFound("没有找到这份资料。")
    names = _names(work, {found.congress})
    return {
        **_line(found, names, found.congress), "version": found.version, "text": found.text,
        **{part: getattr(found, part) for part in PARTS}, "may": found.may(work.actor),
    }  # fmt: skip


def _usual(actor: Actor, kind: str, lines: list[Data]) -> list[Data]:
    """What comes with the product, for deputies and offices: of templates those for whose field the place has none."""
    if not any(actor.has(role) for role in ("deputy", "liaison", "operator", "system")):
        return []
    own = {line["category"] for line in lines if line["kind"] == "template"}
    return [
        _as_usual(usual)
        for usual in USUAL
        if kind in ("", usual["kind"]) and not (usual["kind"] == "template" and usual["category"] in own)
    ]


def _as_usual(usual: Data) -> Data:
    return {
        "id": usual["id"], "kind": usual["kind"], "kind_label": MATERIAL_KINDS[usual["kind"]], "title": usual["title"],
        "readers": "deputies", "readers_label": MATERIAL_READERS["deputies"], "unit": "", "from_name": "系统自带", "is_own": False,
        "link": "", "category": usual["category"], "findings": [], "findings_labels": [], "state": "published",
        "published_on": None, "published_by": "", "withdrawn_on": None, "withdrawn_because": "",
    }  # fmt: skip


def _line(material: Material, names: dict[str, str], congress: str) -> Data:
    return {
        "id": material.id, "kind": material.kind, "kind_label": MATERIAL_KINDS[material.kind], "title": material.title,
        "readers": material.readers, "readers_label": MATERIAL_READERS[material.readers], "unit": material.unit,
        "from_name": material.unit_name or names.get(material.congress, material.congress),
        "is_own": material.congress == congress, "link": material.link, "category": material.category,
        "findings": material.findings, "findings_labels": [FINDINGS.get(code, code) for code in material.findings],
        "state": material.state, "published_on": material.published_on, "published_by": material.published_by,
        "withdrawn_on": material.withdrawn_on, "withdrawn_because": material.withdrawn_because,
    }  # fmt: skip


def _names(work: Work, congresses: set[str]) -> dict[str, str]:
    return {
        id: found.name for id, found in t.congress_store.get_many(work.connection, list(congresses)).items()
    }


def _units_with_those_above(work: Work) -> set[str]:
    """The person's units and all above them, a level at a time: a unit's own material is for those below it too."""
    found: set[str] = set()
    level: set[str] = set(work.actor.units("handler", "unit_head", "distributing"))
    while level and len(found) < MOST_ABOVE * 10:
        found |= level
        level = (
            {unit.parent for unit in t.unit_store.get_many(work.connection, sorted(level)).values()}
            - found
            - {""}
        )
    return found


def _require_signed_in(work: Work) -> Any:
    if not work.actor.roles:
        raise NotAllowed("请先登录。")
