"""Drafting, cosigning, submitting."""

from __future__ import annotations

from typing import Any

from services.intake import tables
from services.intake.handlers import checking, voices
from services.intake.handlers.choosing import require_category
from services.intake.model import RULES, Person, Suggestion
from services.intake.tables import store
from shared.problems import Invalid, NotAllowed
from shared.work import Work


def draft(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    congress, delegation = data.pop("congress"), data.pop("delegation")
    work.authorize(RULES, "draft_suggestion", congress)
    seat = next(role.seat for role in work.actor.roles if role.role == "deputy" and role.congress == congress)
    require_in_office(work, seat)
    name = _delegation_of(work, congress, delegation, seat)["name"] if delegation else ""
    lead = Person(**work.copies.named("deputy", [seat])[0])
    data["proposed_units"] = _units_of(work, congress, data["proposed_units"])
    require_category(work, congress, data["category"])
    suggestion = Suggestion.draft(
        congress, lead, work.actor, work.now, delegation=name, delegation_id=delegation, **data
    )
    work.save(store, suggestion)
    return {"id": suggestion.id, "version": suggestion.version, "state": suggestion.state}


def _delegation_of(work: Work, congress: str, id: str, seat: str) -> dict[str, Any]:
    """The delegation of which the deputy is a member. Raises Invalid for any other."""
    own = {delegation["id"]: delegation for delegation in work.copies.of_congress("delegation", congress)}
    if id not in own:
        raise Invalid("没有找到这个代表团。", {"delegation": ["没有找到这个代表团，请从本级代表团中选择。"]})
    if (work.copies.get("deputy", seat) or {}).get("delegation") != id:
        wrong = f"您不是{own[id]['name']}的代表，不能以它的名义提出。"
        raise Invalid(wrong, {"delegation": [wrong]})
    return own[id]


def ask_delegation(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    delegation = work.copies.get("delegation", suggestion.delegation_id) or {}
    head = Person(delegation["head"], delegation["head_name"]) if delegation.get("head") else None
    suggestion.ask_delegation(head, work.actor, work.now)


def confirm_for_delegation(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.answer_delegation(data["agrees"], data["reason"], work.actor, work.now)


def _units_of(work: Work, congress: str, ids: list[str]) -> list[Person]:
    own = {unit["id"] for unit in work.copies.of_congress("unit", congress)} if ids else set()
    if foreign := [id for id in ids if id not in own]:
        work.copies.missed.update(foreign)
        raise Invalid("只能选择本级的承办单位。", {"proposed_units": ["请从本级的承办单位中选择。"]})
    return [Person(**named) for named in work.copies.named("unit", ids)]


def require_in_office(work: Work, seat: str) -> None:
    """Who is no deputy any more puts nothing forward (《代表法》第四十九条); what was handed in before goes its way."""
    if not (work.copies.get("deputy", seat) or {}).get("active", True):
        raise NotAllowed(
            "您在本级的代表资格已经终止，不能再提出、修改或者附议建议。已经提交的建议照常办理，仍然可以查看。"
        )


def _left_office(work: Work, suggestion: Suggestion) -> list[str]:
    """Names of cosigners who are no deputies any more."""
    if not suggestion.cosigners:
        return []
    of_congress = work.copies.of_congress("deputy", suggestion.congress)
    gone = {deputy["id"] for deputy in of_congress if not deputy.get("active", True)}
    return [deputy.name for deputy in suggestion.cosigners if deputy.id in gone]


def revise(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    require_in_office(work, suggestion.lead.id)
    data["proposed_units"] = _units_of(work, suggestion.congress, data["proposed_units"])
    require_category(work, suggestion.congress, data["category"], kept=suggestion.category)
    suggestion.revise(work.actor, work.now, **data)
    tables.write_invitations(work.connection, suggestion)


def discard(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.discard(work.actor, work.now)
    voices.follow(work, suggestion)


def invite(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    require_in_office(work, suggestion.lead.id)
    of_congress = work.copies.of_congress("deputy", suggestion.congress)
    own = {deputy["id"] for deputy in of_congress if deputy.get("active", True)}
    if left := [d["name"] for d in of_congress if d["id"] in data["deputies"] and d["id"] not in own]:
        sentence = f"{'、'.join(left)}的代表资格已经终止，不能邀请附议。"
        raise Invalid(sentence, {"deputies": [sentence]})
    if foreign := [id for id in data["deputies"] if id not in own]:
        work.copies.missed.update(foreign)
        raise Invalid("只能邀请本级人大代表附议。", {"deputies": [f"不是本级人大代表：{'、'.join(foreign)}"]})
    people = [Person(**named) for named in work.copies.named("deputy", data["deputies"])]
    suggestion.invite(people, data["answer_by"], work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


def cosign(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    require_in_office(work, suggestion.invitation_of(work.actor).deputy.id)
    suggestion.cosign(work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


def decline(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.decline(data["reason"], work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


def take_out(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.take_out(data["deputies"], work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)


def submit(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    require_in_office(work, suggestion.lead.id)
    if left := _left_office(work, suggestion):
        raise Invalid(f"附议代表{'、'.join(left)}的代表资格已经终止，请移出附议后再提交。")
    session, during = session_at(work, suggestion.congress)
    year = work.today.year
    bars = checking.bars_at(work, suggestion.congress)
    text, kind, category = suggestion.text(), suggestion.kind, suggestion.category
    local = [own for own, _ in checking.local_ones(work, suggestion.congress, text, kind, category)]
    suggestion.submit(session, during, year, work.actor, work.now, bars, local)
    voices.follow(work, suggestion)
    tables.write_invitations(work.connection, suggestion)


def session_at(work: Work, congress: str) -> tuple[str, bool]:
    """The session that a suggestion submitted today belongs to: the one that is open, else the last one before."""
    today = work.today.isoformat()
    begun = [s for s in work.copies.of_congress("session", congress) if s["opens_on"] <= today]
    if not begun:
        raise Invalid("本级人大还没有登记会议，暂时不能提交。请联系联工委登记会议。")
    last = max(begun, key=lambda session: str(session["opens_on"]))
    return str(last["name"]), today <= last["closes_on"]
