"""Practices and settings: laying down what holds at a place, and telling what holds there and since when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from services.directory import tables as t
from services.directory.model.practice import SetPractice
from shared.practices import (
    CONGRESS,
    UNIT,
    Data,
    InForce,
    Laid,
    Practice,
    Practices,
    id_of,
    laid_down,
    version_on,
)
from shared.problems import Invalid, NotAllowed, NotFound
from shared.work import Work


def set_practice(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    name, congress, unit = data["name"], data["congress"], data["unit"]
    practice = work.known_practices.get(name)
    if practice is None:
        raise Invalid("没有安装这种做法。", {"name": [f"没有安装名为“{name}”的做法。"]})
    set_here = _at(work, practice, congress, unit)
    if not set_here.relations(work.actor):
        raise NotAllowed("您在这一级人大没有职务，不能设置做法。")
    set_here.check("set_practice", work.actor)
    work.authorized = True
    effective_on = data["effective_on"] or work.today + timedelta(days=1)
    set_here.set(practice, data["on"], data["settings"], effective_on, data["reason"], work.actor, work.now)
    work.save(t.practice_store, set_here)
    return {"id": set_here.id, "version": set_here.version, "state": set_here.state}


def end_practice(work: Work, set_here: SetPractice, data: dict[str, Any]) -> None:
    effective_on = data["effective_on"] or work.today + timedelta(days=1)
    set_here.end(effective_on, data["reason"], work.actor, work.now)


def practices(work: Work, params: dict[str, Any]) -> list[Data]:
    """All that can be set, as it holds at the place: groups of settings first, then plugins."""
    _require_signed_in(work)
    congress, unit, day = params["congress"], params["unit"], params["on"] or work.today
    place = unit or congress
    resolved = Practices(
        work.known_practices, lambda paths: _kept(work, paths), lambda id: _unit(work, id), day
    )
    own = {p.name: p for p in t.practice_store.find(work.connection, t.practices.c.place == place, t.practices.c.congress == congress, limit=500)}  # fmt: skip
    held = resolved.all(congress, unit)
    names = _place_names(work, {found.place for found in held.values() if found.place})
    here = SetPractice(
        id="", congress=congress, name="", label="", place=place, place_kind=UNIT if unit else CONGRESS, place_name="",
    )  # fmt: skip
    may_set = here.rules.is_allowed("set_practice", here.state, here.relations(work.actor))
    return [
        _told(practice, held.get(practice.name), own.get(practice.name), names, day) | {"may_set": may_set}
        for practice in sorted(work.known_practices.values(), key=lambda p: (not p.is_core, p.name))
    ]


def practice(work: Work, params: dict[str, Any]) -> Data:
    _require_signed_in(work)
    found = t.practice_store.get(work.connection, params["id"])
    if found is None:
        raise NotFound("没有找到这项做法。")
    return {
        "id": found.id, "version": found.version, "state": found.state, "congress": found.congress, **found.as_data(),
        "may": found.may(work.actor),
    }  # fmt: skip


def _at(work: Work, practice: Practice, congress: str, unit: str) -> SetPractice:
    """What the place has laid down of it so far; something new where it has not."""
    if found := t.practice_store.get(work.connection, id_of(unit or congress, practice.name), lock=True):
        return found
    if unit:
        known = t.unit_store.get(work.connection, unit)
        if known is None or known.congress != congress:
            raise Invalid("没有找到这个单位。", {"unit": ["没有找到这个单位，请重新选择。"]})
        kind, name = UNIT, known.name
    else:
        above = t.congress_store.get(work.connection, congress)
        if above is None:
            raise Invalid("没有登记这一级人大。", {"congress": ["没有登记这一级人大，请核对区划代码。"]})
        kind, name = CONGRESS, above.name
    place = unit or congress
    return SetPractice(
        id=id_of(place, practice.name), congress=congress, name=practice.name, label=practice.label, place=place,
        place_kind=kind, place_name=name,
    )  # fmt: skip


def _told(
    practice: Practice, held: InForce | None, own: SetPractice | None, names: dict[str, str], day: date
) -> Data:  # fmt: skip
    coming = [v for v in own.versions if v.effective_on > day.isoformat()] if own else []
    lasts = own is not None and version_on(own.as_data(), day) is not None
    return {
        "name": practice.name, "label": practice.label, "summary": practice.summary, "source": practice.source,
        "places": practice.places, "is_core": practice.is_core, "on": practice.is_core or bool(held and held.on),
        "settings": held.settings if held else {}, "since": held.since if held else "",
        "from_place": held.place if held else "", "from_name": names.get(held.place, "") if held else "",
        "is_own": lasts, "id": own.id if own else "", "coming": [asdict(version) for version in coming],
    }  # fmt: skip


def _kept(work: Work, congresses: list[str]) -> Laid:
    found = t.practice_store.find(work.connection, t.practices.c.congress.in_(congresses), limit=10_000)
    return laid_down(practice.as_data() for practice in found)


def _unit(work: Work, id: str) -> Data | None:
    found = t.unit_store.get(work.connection, id)
    return {"parent": found.parent, "congress": found.congress} if found else None


def _place_names(work: Work, places: set[str]) -> dict[str, str]:
    congresses = t.congress_store.get_many(work.connection, list(places))
    units = t.unit_store.get_many(work.connection, list(places))
    return {id: found.name for id, found in congresses.items()} | {
        id: found.name for id, found in units.items()
    }


def _require_signed_in(work: Work) -> None:
    if not work.actor.roles:
        raise NotAllowed("请先登录。")
