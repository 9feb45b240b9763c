"""Excellent suggestions: the award of a year is opened, nominated for, voted on, decided, announced; and who reads what."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.figure_questions import may_see
from services.evaluation.hooks import AwardRule
from services.evaluation.model.award import (
    ANNOUNCED,
    DECIDED,
    NEW_RULES,
    OPEN,
    OVERSEERS,
    VOTE,
    Award,
    AwardRules,
    Candidate,
)
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.figures import OF_CONGRESS
from services.evaluation.model.parts import Named
from shared.problems import NotAllowed, NotFound, WrongState
from shared.store import converter
from shared.terms import AWARD_DECIDED_BY, AWARD_NOMINATED_BY
from shared.work import Work

Data = dict[str, Any]
CLOSED = ("closed", "published")
LONGEST_LIST = 300

# --- commands -----------------------------------------------------------------------------------------


def open_award(work: Work, data: Data) -> Data:
    """The rules are those of a plugin that is on at the congress; else as the office fills them in."""
    congress, year = data["congress"], data["year"]
    work.authorize(NEW_RULES, "open_award", congress)
    id = Award.id_of(congress, year)
    if t.award_store.get(work.connection, id):
        raise WrongState(f"{year}年度的优秀建议评选已经开始。")
    laid_down = [
        rule for _, rule in work.ask_plugins("award_rules", congress, "", work.today) if _is_sensible(rule)
    ]
    how = AwardRules(
        data["number"], tuple(data["nominated_by"] or AwardRules.nominated_by), data["decided_by"], data["only_closed"]
    )  # fmt: skip
    if laid_down:
        rule = laid_down[0]
        how = AwardRules(rule.number, tuple(rule.nominated_by), rule.decided_by, rule.only_closed)
    award = Award(id=id, congress=congress, year=year, how=how)
    award.open(work.actor, work.now)
    work.save(t.award_store, award)
    return {"id": id, "version": award.version, "state": award.state}


def _is_sensible(rule: AwardRule) -> bool:
    """Plugins propose; what makes no sense is left out, and the office's own entries count."""
    return (
        rule.number > 0
        and rule.decided_by in AWARD_DECIDED_BY
        and {*rule.nominated_by} <= AWARD_NOMINATED_BY.keys()
    )


def nominate_suggestion(work: Work, award: Award, data: Data) -> None:
    found = t.store.get(work.connection, data["suggestion"])
    if found is None or found.congress != award.congress or not _is_seen(found, work):
        raise NotFound("没有找到这件建议，请重新选择。")
    lead = found.deputies[0] if found.deputies else Named("", "")
    candidate = Candidate(found.id, found.number, found.title, found.year, found.state in CLOSED, lead)
    award.nominate(candidate, data["reason"], work.actor, work.now)


def _is_seen(found: Evaluation, work: Work) -> bool:
    return found.state == "published" or bool(found.relations(work.actor))


def vote_award(work: Work, award: Award, data: Data) -> None:
    award.vote(data["suggestions"], work.actor, work.now)


def decide_award(work: Work, award: Award, data: Data) -> None:
    award.decide(data["suggestions"], data["on"], data["reason"], work.actor, work.now)


def announce_award(work: Work, award: Award, data: Data) -> None:
    """Each of the chosen bears the mark from now on: in search, among similar ones, where it is public."""
    for nominee in sorted(award.announce(work.actor, work.now), key=lambda nominee: nominee.suggestion):
        evaluation = work.get(t.store, nominee.suggestion, "件建议的评价")
        evaluation.honour(award.name, award.year, work.actor, work.now)
        work.save(t.store, evaluation)


def share_experience(work: Work, award: Award, data: Data) -> None:
    nominee = award.share(data["suggestion"], data["text"], work.actor, work.now)
    evaluation = work.get(t.store, nominee.suggestion, "件建议的评价")
    evaluation.tell_experience(award.name, award.year, data["text"], work.actor, work.now)
    work.save(t.store, evaluation)


# --- who reads them -----------------------------------------------------------------------------------


def awards(work: Work, params: Data) -> list[Data]:
    """The awards of a congress, the newest first: for its deputies and its own people."""
    if not any(work.actor.has(role, params["congress"]) for role in (*OVERSEERS, "deputy")):
        raise NotAllowed("只有本级人大代表和人大机关可以查看优秀建议评选。")
    a = t.awards.c
    found = t.award_store.find(work.connection, a.congress == params["congress"], limit=LONGEST_LIST)
    return [_line(award, work) for award in sorted(found, key=lambda award: -award.year)]


def award(work: Work, params: Data) -> Data:
    """One award: its nominees; who was chosen, once it is announced (its own people: decided); whom one may nominate."""
    found = t.award_store.get(work.connection, params["id"])
    relations = found.relations(work.actor) if found else frozenset()
    if found is None or not relations:
        raise NotFound("没有找到这次评选。")
    oversees = bool(relations & {*OVERSEERS})
    tells = found.state == ANNOUNCED or (oversees and found.state == DECIDED)
    nominees = [
        {
            **converter.unstructure(nominee),
            "votes": nominee.votes if tells or (oversees and found.state != OPEN) else None,
            "is_chosen": nominee.is_chosen and tells,
            "is_own": nominee.lead.id in work.actor.seats,
        }
        for nominee in found.nominees
    ]
    return {
        **_line(found, work),
        "nominees": sorted(nominees, key=lambda one: (not one["is_chosen"], -(one["votes"] or 0))),
        "candidates": _candidates(work, found)
        if found.state == OPEN and found.may_nominate(work.actor)
        else [],
        "history": [converter.unstructure(step) for step in found.history] if oversees else [],
    }


def _line(found: Award, work: Work) -> Data:
    may = [line for line in found.may(work.actor) if _is_possible(line["command"], found, work)]
    return {
        "id": found.id, "version": found.version, "congress": found.congress, "year": found.year, "name": found.name,
        "state": found.state, "state_label": found.rules.states[found.state], "number": found.how.number,
        "decided_by": found.how.decided_by, "decided_by_label": AWARD_DECIDED_BY[found.how.decided_by],
        "only_closed": found.how.only_closed, "nominated": len(found.nominees), "voted": len(found.voters),
        "has_voted": found.how.decided_by == VOTE and bool(work.actor.seats & {*found.voters}),
        "announced_on": found.announced_on.isoformat() if found.announced_on else "", "may": may,
    }  # fmt: skip


def _is_possible(command: str, found: Award, work: Work) -> bool:
    possible = {
        "nominate_suggestion": found.may_nominate(work.actor),
        "vote_award": found.may_vote(work.actor) and bool(found.nominees),
        "decide_award": bool(found.nominees),
        "share_experience": any(n.is_chosen and n.lead.id in work.actor.seats for n in found.nominees),
    }
    return possible.get(command, True)


def _candidates(work: Work, award: Award) -> list[Data]:
    """Suggestions of the year that the person sees and may nominate, by number."""
    c, e = t.contributions.c, t.evaluations.c
    query = (
        sa.select(e.id, e.number, e.title)
        .join_from(t.contributions, t.evaluations, e.id == c.suggestion_id)
        .where(
            c.congress == award.congress, c.owner == OF_CONGRESS, c.year == award.year, c.figure == "solved",
            *may_see(work.actor, award.congress),
            *([e.state.in_(CLOSED)] if award.how.only_closed else []),
        )
        .order_by(e.number, e.id)
        .limit(LONGEST_LIST)
    )  # fmt: skip
    known = {nominee.suggestion for nominee in award.nominees}
    rows = work.connection.execute(query)
    return [{"id": row.id, "number": row.number, "title": row.title} for row in rows if row.id not in known]


def experiences_to_write(work: Work) -> list[Data]:
    """For authors of excellent suggestions: they are invited to tell how they wrote them."""
    congresses = sorted({role.congress for role in work.actor.roles if role.role == "deputy"})
    a = t.awards.c
    conditions = (a.congress.in_(congresses), a.state == ANNOUNCED, a.year >= work.today.year - 1)
    found = t.award_store.find(work.connection, *conditions)
    return [
        {
            "suggestion": nominee.suggestion, "title": nominee.title, "number": nominee.number, "congress": award.congress,
            "command": "share_experience", "what": "写优秀建议经验分享", "since": award.announced_on.isoformat() if award.announced_on else "",
            "page": f"/awards/{award.id}",
        }
        for award in found
        for nominee in award.awaits_experience(work.actor)
    ]  # fmt: skip
