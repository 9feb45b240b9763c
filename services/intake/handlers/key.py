"""Key suggestions: candidates, the list that the chairpersons' meeting decides, and what changes afterwards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.intake.handlers import posts
from services.intake.handlers.picking import with_picked
from services.intake.model import KEY_LIST_RULES, KeyLine, KeyList, Suggestion
from services.intake.tables import key_list_store, key_lists, store, suggestions
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import Invalid, NotAllowed, NotFound
from shared.store import converter
from shared.work import Work

Data = dict[str, Any]
OFFICES = frozenset({"liaison", *SUPERVISORS_OF_THE_CONGRESS})  # who sees candidates and lists


def propose(work: Work, suggestion: Suggestion, data: Data) -> None:
    suggestion.propose_key(data["reason"], work.actor, work.now)


def make_key(work: Work, suggestion: Suggestion, data: Data) -> None:
    decided_on = data.pop("decided_on") or work.today
    suggestion.make_key(
        posts.mark(work, suggestion.congress, with_picked(suggestion, data), decided_on), work.actor, work.now
    )


def change_mark(work: Work, suggestion: Suggestion, data: Data) -> None:
    reason = data.pop("reason")
    decided_on = suggestion.key.decided_on if suggestion.key else work.today
    mark = posts.mark(work, suggestion.congress, data, decided_on)
    suggestion.change_key_mark(mark, reason, work.actor, work.now)


def release(work: Work, suggestion: Suggestion, data: Data) -> None:
    suggestion.release_key(data["reason"], work.actor, work.now)


# --- the list -----------------------------------------------------------------------------------------------------


def draw_up(work: Work, data: Data) -> Data:
    congress = data.pop("congress")
    work.authorize(KEY_LIST_RULES, "draw_up_key_list", congress)
    drawn = KeyList.draw_up(congress, by=work.actor, now=work.now, **data)
    work.save(key_list_store, drawn)
    return {"id": drawn.id, "version": drawn.version, "state": drawn.state}


def put_in(work: Work, key_list: KeyList, data: Data) -> Data:
    """Answers what still stands against deciding on the line."""
    suggestion = store.get(work.connection, data["suggestion"])
    if suggestion is None or suggestion.congress != key_list.congress or not suggestion.relations(work.actor):
        raise Invalid("没有找到这件建议。", {"suggestion": ["没有找到这件建议，请重新选择。"]})
    line = KeyLine(**posts.named(work, key_list.congress, with_picked(suggestion, data), required=False))
    key_list.put_in(suggestion, line, work.actor, work.now)
    return {"objections": key_list.objections(line, suggestion)}


def take_out(work: Work, key_list: KeyList, data: Data) -> None:
    key_list.take_out(data["suggestion"], work.actor, work.now)


def move(work: Work, key_list: KeyList, data: Data) -> None:
    key_list.move(data["meeting_on"], data["reason"], work.actor, work.now)


def discard(work: Work, key_list: KeyList, data: Data) -> None:
    key_list.discard(data["reason"], work.actor, work.now)


def decide(work: Work, key_list: KeyList, data: Data) -> Data:
    """All or nothing. Locked in the order of their ids, so that two who decide at once do not wait for each other."""
    ids = sorted(line.suggestion for line in key_list.lines)
    found = {id: suggestion for id in ids if (suggestion := store.get(work.connection, id, lock=True))}
    key_list.decide(found, data["note"], work.actor, work.now)
    for suggestion in found.values():
        work.save(store, suggestion)
    return {"count": len(found)}


# --- questions ------------------------------------------------------------------------------------------------------


def candidates(work: Work, params: Data) -> list[Data]:
    _require_office(work, params["congress"])
    t = suggestions.c
    of_congress = (t.congress == params["congress"], t.key_state == "proposed")
    ids = work.connection.scalars(
        sa.select(t.id).where(*of_congress).order_by(t.id.desc()).limit(params["limit"])
    )
    found = store.get_many(work.connection, list(ids))
    return [
        {
            "id": s.id, "suggestion": s.id, "number": s.number, "title": s.title, "category": s.category, "lead": s.lead.name,
            "proposals": [converter.unstructure(proposal) for proposal in s.key_proposals if not proposal.is_settled],
        }
        for s in sorted(found.values(), key=lambda s: s.id, reverse=True) if s.is_key_candidate
    ]  # fmt: skip


def lists(work: Work, params: Data) -> list[Data]:
    _require_office(work, params["congress"])
    t = key_lists.c
    found = key_list_store.find(work.connection, t.congress == params["congress"], limit=200)
    return [_headline(kept) for kept in reversed(found)]


def list_with_lines(work: Work, params: Data) -> Data:
    kept = key_list_store.get(work.connection, params["id"])
    if kept is None or not kept.relations(work.actor):
        raise NotFound("没有找到这份名单。")
    found = store.get_many(work.connection, [line.suggestion for line in kept.lines])
    is_open = kept.state == "drawn"
    lines = [
        {
            **converter.unstructure(line), "number": s.number if s else "", "title": s.title if s else "",
            "missing": line.missing(), "objections": kept.objections(line, s) if is_open else [],
        }
        for line in kept.lines for s in [found.get(line.suggestion)]
    ]  # fmt: skip
    return {
        **_headline(kept),
        "themes": kept.themes,
        "note": kept.note,
        "lines": lines,
        "may": kept.may(work.actor),
    }


def waiting(work: Work) -> list[Data]:
    """Lists that are drawn up and not decided, by the day of the chairpersons' meeting."""
    t, found = key_lists.c, list[Data]()
    offices = sorted(work.actor.congresses("liaison"))
    if not offices:
        return []
    drawn = key_list_store.find(work.connection, t.congress.in_(offices), t.state == "drawn", limit=20)
    for kept in drawn:
        left = (kept.meeting_on - work.today).days
        found.append(
            {
                "suggestion": "", "congress": kept.congress, "number": "", "title": kept.called(), "command": "decide_key_list",
                "what": f"登记主任会议对 {len(kept.lines)} 件的决定" if kept.lines else "列入建议，提请主任会议研究",
                "due_on": kept.meeting_on.isoformat(), "light": "red" if left < 0 else "yellow" if left <= 1 else "green",
                "page": f"/key?congress={kept.congress}&list={kept.id}",
            }
        )  # fmt: skip
    return found


def _headline(kept: KeyList) -> Data:
    return {
        "id": kept.id, "congress": kept.congress, "version": kept.version, "state": kept.state,
        "state_label": KEY_LIST_RULES.states[kept.state], "name": kept.name, "meeting_on": kept.meeting_on,
        "decided_on": kept.decided_on, "count": len(kept.lines),
    }  # fmt: skip


def _require_office(work: Work, congress: str) -> None:
    if not any(work.actor.has(role, congress) for role in OFFICES):
        raise NotAllowed("只有本级联工委和督办领导可以查看重点建议的推荐件和名单。")
