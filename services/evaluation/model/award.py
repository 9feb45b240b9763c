"""Excellent suggestions of the year (优秀建议评选): nominated, voted on or decided, announced; authors tell how they did it.

Source: 浏阳, 2022 (《优秀建议评选办法》: ten a year, and their authors share their experience). How many there are, who
nominates and who decides is laid down by the place, and fixed when the award is opened. A vote keeps who has voted, and the
sums; not who voted for what.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.evaluation.model.parts import Named, Step
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid, NotAllowed, WrongState
from shared.rules import Rule, Rules
from shared.terms import AWARD_DECIDED_BY

OPEN, DECIDED, ANNOUNCED = "open", "decided", "announced"
DEPUTIES, LIAISON, VOTE = "deputies", "liaison", "vote"
NEW_RULES = Rules("次评选", {"new": "尚未开始"}, [Rule("open_award", "开始评选", ("liaison",), ("new",))])
RULES = Rules(
    "次评选",
    {OPEN: "推荐中", DECIDED: "已评定，待公布", ANNOUNCED: "已公布"},
    [
        Rule("nominate_suggestion", "推荐优秀建议", ("deputy", "liaison"), (OPEN,)),
        Rule("vote_award", "投票评选", ("deputy",), (OPEN,)),
        Rule("decide_award", "登记评定结果", ("liaison",), (OPEN, DECIDED)),
        Rule("announce_award", "公布优秀建议", ("liaison",), (DECIDED,)),
        Rule("share_experience", "写经验分享", ("deputy",), (ANNOUNCED,)),
    ],
)
OVERSEERS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)
AWARDS_NAMESPACE = uuid.UUID("4d0f4c0a-9a51-4b8e-8f0c-2b8f0c6d7a33")


@dataclass(frozen=True)
class AwardRules:
    """How many are chosen; who nominates; who decides; and whether a suggestion has to be closed."""

    number: int = 10
    nominated_by: tuple[str, ...] = (DEPUTIES, LIAISON)
    decided_by: str = "meeting"
    only_closed: bool = True


@dataclass(frozen=True)
class Candidate:
    """A suggestion that somebody wants to nominate, as evaluation knows it."""

    id: str
    number: str
    title: str
    year: int
    is_closed: bool
    lead: Named


@dataclass
class Nominee:
    """A suggestion that was nominated, by whom and why; and what came of it."""

    suggestion: str
    number: str
    title: str
    lead: Named
    by: str
    reason: str
    votes: int = 0
    is_chosen: bool = False
    experience: str = ""  # how the author wrote it (经验分享)


@dataclass(kw_only=True)
class Award(Governed):
    """One year's award at one congress."""

    rules: ClassVar[Rules] = RULES

    year: int
    how: AwardRules
    state: str = OPEN
    nominees: list[Nominee] = field(default_factory=list)
    voters: list[str] = field(default_factory=list)  # seats that have voted
    decided_on: date | None = None
    announced_on: date | None = None
    history: list[Step] = field(default_factory=list)

    @staticmethod
    def id_of(congress: str, year: int) -> str:
        """Always the same id for the same congress and year."""
        return str(uuid.uuid5(AWARDS_NAMESPACE, f"{congress}/{year}"))

    @property
    def name(self) -> str:
        return f"{self.year}年度优秀建议"

    def relations(self, actor: Actor) -> frozenset[str]:
        return frozenset(role for role in (*OVERSEERS, "deputy") if actor.has(role, self.congress))

    def called(self) -> str:
        return f"{self.name}评选"

    def open(self, by: Actor, now: datetime) -> None:
        self.history.append(Step(now, by.name, "开始评选"))
        self.record(
            "award.opened", now, by, year=self.year, number=self.how.number, decided_by=self.how.decided_by
        )

    def nominate(self, candidate: Candidate, reason: str, by: Actor, now: datetime) -> None:
        """Put a suggestion of the year forward, once, with the reason."""
        if not self.may_nominate(by):
            who = "联工委" if self.how.nominated_by == (LIAISON,) else "人大代表"
            raise NotAllowed(f"按本级规定，优秀建议由{who}推荐。")
        if candidate.year != self.year:
            raise Invalid("只能推荐本年度的建议。", {"suggestion": [f"这件建议不是{self.year}年的。"]})
        if self.how.only_closed and not candidate.is_closed:
            raise Invalid("只能推荐已经办结的建议。", {"suggestion": ["这件建议还没有办结。"]})
        if any(nominee.suggestion == candidate.id for nominee in self.nominees):
            raise WrongState(f"《{candidate.title}》已经被推荐。")
        self.nominees.append(
            Nominee(candidate.id, candidate.number, candidate.title, candidate.lead, by.name, reason)
        )
        self.history.append(Step(now, by.name, f"推荐《{candidate.title}》", reason))
        self.record(
            "nomination.made",
            now,
            by,
            year=self.year,
            suggestion=candidate.id,
            title=candidate.title,
            reason=reason,
        )

    def may_nominate(self, actor: Actor) -> bool:
        as_office = LIAISON in self.how.nominated_by and actor.has("liaison", self.congress)
        return as_office or (DEPUTIES in self.how.nominated_by and actor.has("deputy", self.congress))

    def may_vote(self, actor: Actor) -> bool:
        return self.how.decided_by == VOTE and bool(self._own_seats(actor) - {*self.voters})

    def _own_seats(self, actor: Actor) -> set[str]:
        return {role.seat for role in actor.roles if role.role == "deputy" and role.congress == self.congress}

    def vote(self, suggestions: list[str], by: Actor, now: datetime) -> None:
        """A deputy votes once, for as many as there are to choose at most. The sums are kept, and who has voted."""
        if self.how.decided_by != VOTE:
            raise WrongState(f"按本级规定，优秀建议由{AWARD_DECIDED_BY[self.how.decided_by]}评定，不投票。")
        left = sorted(self._own_seats(by) - {*self.voters})
        if not left:
            raise WrongState("您已经投票。每位代表只投一次，投出后不能更改。")
        if not 0 < len(suggestions) <= self.how.number:
            wrong = f"请选择1至{self.how.number}件。"
            raise Invalid(wrong, {"suggestions": [wrong]})
        for nominee in self._chosen_among(suggestions):
            nominee.votes += 1
        self.voters = sorted([*self.voters, left[0]])
        self.record("vote.cast", now, by, deputy={"id": left[0], "name": by.name})

    def decide(self, suggestions: list[str], on: date, reason: str, by: Actor, now: datetime) -> None:
        """Put on record which were chosen: not more than there are to be, and where deputies vote, those with the most votes."""
        if on > legal_date(now):
            raise Invalid("评定日期还没有到。", {"on": ["评定日期不能晚于今天。"]})
        if not 0 < len(suggestions) <= self.how.number:
            wrong = f"本级规定每年评选{self.how.number}件，请选择1至{self.how.number}件。"
            raise Invalid(wrong, {"suggestions": [wrong]})
        chosen = self._chosen_among(suggestions)
        left_out = [nominee for nominee in self.nominees if nominee not in chosen]
        if self.how.decided_by == VOTE and left_out:
            most, least = max(n.votes for n in left_out), min(n.votes for n in chosen)
            if most > least:
                wrong = f"应当按得票多少评定：没有选的最多得了{most}票，选了的最少得{least}票。"
                raise Invalid(wrong, {"suggestions": [wrong]})
        for nominee in self.nominees:
            nominee.is_chosen = nominee in chosen
        self.state, self.decided_on = DECIDED, on
        self.history.append(Step(now, by.name, f"登记评定结果（{len(chosen)}件）", reason))
        self.record(
            "award.decided", now, by, year=self.year, on=on.isoformat(), chosen=[n.suggestion for n in chosen]
        )

    def _chosen_among(self, suggestions: list[str]) -> list[Nominee]:
        known = {nominee.suggestion: nominee for nominee in self.nominees}
        if {*suggestions} - known.keys():
            raise Invalid("只能选择被推荐的建议。", {"suggestions": ["请在被推荐的建议中选择。"]})
        return [known[id] for id in suggestions]

    def announce(self, by: Actor, now: datetime) -> list[Nominee]:
        """Everybody reads which they are. Returns them: each suggestion bears the mark from now on."""
        self.state, self.announced_on = ANNOUNCED, legal_date(now)
        self.history.append(Step(now, by.name, "公布优秀建议"))
        chosen = [nominee for nominee in self.nominees if nominee.is_chosen]
        told = [
            {"suggestion": n.suggestion, "title": n.title, "lead": {"id": n.lead.id, "name": n.lead.name}}
            for n in chosen
        ]
        self.record("award.announced", now, by, year=self.year, name=self.name, suggestions=told)
        return chosen

    def awaits_experience(self, actor: Actor) -> list[Nominee]:
        """The chosen suggestions that the person led and has not told about."""
        if self.state != ANNOUNCED:
            return []
        return [n for n in self.nominees if n.is_chosen and n.lead.id in actor.seats and not n.experience]

    def share(self, suggestion: str, text: str, by: Actor, now: datetime) -> Nominee:
        """The author tells how the suggestion was written; again replaces the text, and the history says so."""
        own = [
            n for n in self.nominees if n.suggestion == suggestion and n.is_chosen and n.lead.id in by.seats
        ]
        if not own:
            raise NotAllowed("只有优秀建议的领衔代表可以写这件建议的经验分享。")
        own[0].experience = text
        self.history.append(Step(now, by.name, f"经验分享：《{own[0].title}》"))
        return own[0]
