"""Up to the congress above, and back."""

from __future__ import annotations

from typing import Any

from services.intake.model import Suggestion
from services.intake.tables import store, suggestions
from shared.problems import Invalid, NotAllowed
from shared.work import Work

MOST = 200


def hand_up(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    here = work.copies.get("congress", suggestion.congress) or {}
    above = work.copies.get("congress", here["parent"]) if here.get("parent") else None
    if above is None:
        raise Invalid("没有登记上级人大，不能转交。请说明情况，退回修改或者转作来信。")
    suggestion.hand_up_to(above["id"], above["name"], data["explanation"], work.actor, work.now)


def take_over(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.take_over(data["note"], work.actor, work.now)


def decline(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.decline_hand_up(data["reason"], work.actor, work.now)


def answer(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.answer_hand_up(data["answer"], work.actor, work.now)


def handed_up(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    congress, t = params["congress"], suggestions.c
    if not work.actor.has("liaison", congress):
        raise NotAllowed("只有本级联工委可以查看下级转交的建议。")
    found = store.find(work.connection, t.handed_to == congress, t.state == "handed_up", limit=MOST)
    names = {
        path: (work.copies.get("congress", path) or {}).get("name", path)
        for path in {s.congress for s in found}
    }
    return [
        {
            "id": s.id, "suggestion": s.id, "title": s.title, "category": s.category, "lead": s.lead.name, "from_name": names[s.congress],
            "made_on": s.hand_up.made_on, "explanation": s.hand_up.explanation, "answer": s.hand_up.answer, "may": s.may(work.actor),
        }
        for s in sorted(found, key=lambda s: s.id, reverse=True) if s.hand_up
    ]  # fmt: skip
