"""Recommended suggestions from which government leaders pick those to sponsor: a practice (`leader_sponsorship`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.intake.model import Suggestion
from services.intake.model.pick_list import (
    LEADERS,
    OFFICES,
    PICK_LIST_RULES,
    PICK_LIST_STATES,
    SYSTEM,
    Picking,
    PickList,
)
from services.intake.tables import pick_list_store, pick_lists, store
from shared.contracts import intake as contracts
from shared.handlers import Handlers
from shared.offices import called, holders, is_held_by
from shared.problems import Invalid, NotAllowed
from shared.work import Work

Data = dict[str, Any]
MOST = 200  # lists of one congress that are shown: one or two for each leader and year


def declare(handlers: Handlers) -> None:
    handlers.creates(contracts.RECOMMEND)(recommend)
    handlers.changes(contracts.PICK_RECOMMENDED, pick_list_store, "份推荐件目录")(pick)
    handlers.changes(contracts.WITHDRAW_PICK_LIST, pick_list_store, "份推荐件目录")(withdraw)
    handlers.query(contracts.PICK_LISTS)(lists)


def recommend(work: Work, data: Data) -> Data:
    congress = data["congress"]
    work.authorize(PICK_LIST_RULES, "recommend_to_sponsor", congress)
    rules, office = picking_at(work, congress), _office(work, congress, data["sponsor_id"])
    if rules is None:
        raise Invalid(
            "本级没有启用“市长、副市长领办”，不用报送推荐件目录。",
            {"congress": ["请先在“做法与设置”里启用。"]},
        )
    if office is None:
        work.copies.missed.add(data["sponsor_id"])
    if office is None or office["kind"] != "government" or not office["active"]:
        raise Invalid("没有找到这个职务。", {"sponsor_id": ["请选择在用的政府领导职务。"]})
    found = store.get_many(work.connection, data["suggestions"])
    own = [found[id] for id in data["suggestions"] if id in found and found[id].congress == congress]
    if len(own) < len(data["suggestions"]):
        raise Invalid("没有找到这件建议。", {"suggestions": ["有的建议没有找到，请重新选择。"]})
    offices = [] if _is_office(work, congress) else sorted(_systems_at(work, congress))
    if offices and not all(set(offices) & set(one.units) for one in own):
        raise NotAllowed("只能推荐已经交办给本系统单位的建议；其他建议由联工委或者交办单位推荐。")
    offered = PickList.offer(
        congress, office["id"], called(office, work.today), own, data["why"], work.today + timedelta(days=rules.days),
        rules.most, [held["account"] for held in holders(office, work.today) if held["account"]], offices, work.actor, work.now,
    )  # fmt: skip
    work.save(pick_list_store, offered)
    return {
        "id": offered.id,
        "version": offered.version,
        "state": offered.state,
        "pick_by": offered.pick_by.isoformat(),
    }


def pick(work: Work, offered: PickList, data: Data) -> Data:
    """By who holds the post today; the office may record what its leader has said."""
    office = _office(work, offered.congress, offered.office_id)
    if office is None or not _may_pick(work, offered, office):
        raise NotAllowed(f"这份目录报{offered.leader}选定，由担任这一职务的领导选定，或者由办公厅登记。")
    ids = sorted(data["suggestions"])
    locked = {id: one for id in ids if (one := store.get(work.connection, id, lock=True))}
    offered.pick(ids, locked, called(office, work.today), data["note"], work.actor, work.now)
    for suggestion in locked.values():
        work.save(store, suggestion)
    return {"picked": len(ids)}


def withdraw(work: Work, offered: PickList, data: Data) -> None:
    offered.withdraw(data["reason"], work.actor, work.now)


def with_picked(suggestion: Suggestion, data: Data) -> Data:
    """Where a key mark names no sponsor, it is the leader who picked the suggestion before."""
    if data["sponsor"] or data["sponsor_id"] or suggestion.picked is None:
        return data
    return {**data, "sponsor_id": suggestion.picked.office_id}


def picking_at(work: Work, congress: str) -> Picking | None:
    """What the place's practice says of such lists; None where none is on."""
    answers = [answer for _, answer in work.ask_plugins("sponsor_picks", congress) if answer.is_sound()]
    return answers[0] if answers else None


# --- questions ------------------------------------------------------------------------------------------------------


def lists(work: Work, params: Data) -> Data:
    """{lists, may_recommend, most, days}: to the offices all of a congress, to leaders those of the posts that they hold."""
    congress = params["congress"]
    is_office, is_system = _is_office(work, congress), bool(_systems_at(work, congress))
    if not is_office and not is_system and not any(work.actor.has(role, congress) for role in LEADERS):
        raise NotAllowed("推荐件目录由本级联工委、政府办公厅和领办领导使用。")
    t = pick_lists.c
    ids = work.connection.scalars(
        sa.select(t.id).where(t.congress == congress).order_by(t.id.desc()).limit(MOST)
    )
    found = pick_list_store.get_many(work.connection, list(ids))
    offices = {office["id"]: office for office in work.copies.of_congress("office", congress)}
    seen = [
        one
        for one in found.values()
        if is_office or SYSTEM in one.relations(work.actor) or _holds(work, offices.get(one.office_id))
    ]
    titles = store.get_many(work.connection, list({id for one in seen for id in one.suggestions}))
    rules = picking_at(work, congress)
    return {
        "lists": [
            _shown(work, one, offices.get(one.office_id), titles)
            for one in sorted(seen, key=lambda one: one.id, reverse=True)
        ],
        "may_recommend": bool((is_office or is_system) and rules), "most": rules.most if rules else 0, "days": rules.days if rules else 0,
    }  # fmt: skip


def _shown(work: Work, one: PickList, office: Any, titles: dict[str, Suggestion]) -> Data:
    may = [
        line
        for line in one.may(work.actor)
        if line["command"] != "pick_recommended" or _may_pick(work, one, office)
    ]
    return {
        "id": one.id, "version": one.version, "congress": one.congress, "state": one.state, "state_label": PICK_LIST_STATES[one.state],
        "office": one.office_id, "leader": called(office, work.today) if office and one.state == "offered" else one.leader,
        "why": one.why, "offered_on": one.offered_on.isoformat(), "offered_by": one.offered_by, "pick_by": one.pick_by.isoformat(),
        "is_overdue": one.is_overdue(work.today), "picked_on": one.picked_on.isoformat() if one.picked_on else "",
        "picked_by": one.picked_by, "note": one.note, "may": may,
        "lines": [
            {
                "suggestion": id, "number": known.number if known else "", "title": known.title if known else "",
                "is_key": bool(known and known.key), "picked": id in one.picked,
            }
            for id in one.suggestions for known in [titles.get(id)]
        ],
    }  # fmt: skip


def waiting(work: Work) -> list[Data]:
    """For the leader what to pick from; for the office what was not picked in time."""
    t, actor, found = pick_lists.c, work.actor, list[Data]()
    of_systems = {role.congress for role in actor.roles if role.role == "distributing" and role.unit}
    concerned = actor.congresses(*OFFICES, *LEADERS) | of_systems
    if not concerned:
        return []
    open_ones = pick_list_store.find(
        work.connection, t.congress.in_(sorted(concerned)), t.state == "offered", limit=MOST
    )
    for one in open_ones:
        line = {
            "suggestion": "", "title": one.called(), "number": "", "congress": one.congress, "command": "pick_recommended",
            "due_on": one.pick_by.isoformat(), "light": "red" if one.is_overdue(work.today) else "green",
            "page": f"/key/recommended?congress={one.congress}#{one.id}",
        }  # fmt: skip
        if _holds(work, _office(work, one.congress, one.office_id)) and any(
            actor.has(role, one.congress) for role in LEADERS
        ):
            found.append({**line, "what": f"从 {len(one.suggestions)} 件推荐件中选定领办件"})
        elif one.is_overdue(work.today) and one.relations(actor) & {*OFFICES, SYSTEM}:
            found.append({**line, "what": "领导没有在期限内选定，请提醒或者登记"})
    return found


# --- inside ---------------------------------------------------------------------------------------------------------


def _office(work: Work, congress: str, id: str) -> Any:
    return next(
        (office for office in work.copies.of_congress("office", congress) if office["id"] == id), None
    )


def _holds(work: Work, office: Any) -> bool:
    return office is not None and is_held_by(office, work.actor.account, work.today)


def _may_pick(work: Work, one: PickList, office: Any) -> bool:
    return _holds(work, office) or bool(one.relations(work.actor) & {*OFFICES, SYSTEM})


def _is_office(work: Work, congress: str) -> bool:
    return any(work.actor.has(role, congress) for role in OFFICES)


def _systems_at(work: Work, congress: str) -> frozenset[str]:
    """The units whose system's office the person is at this congress (归口)."""
    roles = [r for r in work.actor.roles if r.role == "distributing" and r.unit and r.congress == congress]
    return frozenset(role.unit for role in roles)
