"""Strange patterns in what deputies hand in (评价异常): told to the congress alone, looked into by people.

Source: 湖南, 2022 (从“被满意”向“真满意”). A form counts when the deputy gave it of his own will. No program can tell; it can
tell what looks strange. So a flag names the forms and what is strange about them, says nothing of how they judge, and
changes no judgement and no figure. A pattern that was settled is not raised again: what comes later is added to its list.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from services.evaluation.model.parts import Step
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.rules import Rule, Rules
from shared.terms import FLAG_KINDS, FLAG_OUTCOMES

OPEN, SETTLED = "open", "settled"
FLAG_RULES = Rules(
    "项评价异常",
    {OPEN: "待核实", SETTLED: "已核实"},
    [Rule("settle_flag", "核实", ("liaison",), (OPEN,))],
)
LOOK_RULES = Rules(
    "次检查",
    {"new": "尚未检查"},
    [Rule("look_for_patterns", "检查评价异常", ("operator", "system"), ("new",))],
)
# Who learns of flags: the congress's own people. The distributing office belongs to those who are judged.
WATCHERS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)
FLAGS_NAMESPACE = uuid.UUID("b1c9a8d4-2f0e-4b3b-9d55-7a3f5d0c8e21")
MINUTE = timedelta(minutes=1)
KEPT_DAYS = 30  # so long forms are compared with one another
SHORTEST_WORDS = 6  # signs: “很好”“满意” are everybody's


@dataclass(frozen=True)
class PatternRules:
    """From how many on it is strange, as the place has laid down; 0: not looked for."""

    within_minute: int = 5
    same_address: int = 5
    same_words: int = 3
    only_judges: int = 10


@dataclass(frozen=True)
class Mark:
    """A form that was given, as far as patterns look at it: who, when and from where, and not the judgement.

    `origin` stands for the address, on that day; `words` for what was written. Empty: not known, or too little.
    """

    suggestion: str
    reply: str
    deputy: str
    name: str
    account: str
    given_at: datetime
    origin: str
    words: str


@dataclass(frozen=True)
class Pattern:
    """What is strange: the kind, by what it is told from others of that kind, the forms, and a sentence for people."""

    kind: str
    key: str
    marks: tuple[Mark, ...]
    because: str


def words_of(*comments: str) -> str:
    """What stands for a form's words: the same for the same words, whatever the punctuation; empty for too few."""
    plain = "".join(sign for text in comments for sign in text if unicodedata.category(sign)[0] in "LN")
    if len(plain) < SHORTEST_WORDS:
        return ""
    return hashlib.blake2b(plain.casefold().encode(), digest_size=12).hexdigest()


def patterns_of(
    new: Mark, earlier: Iterable[Mark], has_other_use: bool, rules: PatternRules
) -> list[Pattern]:
    """What is strange about a form beside those of the same congress that were given before it, of the last days."""
    marks = sorted([*earlier, new], key=lambda mark: (mark.given_at, mark.reply, mark.deputy))
    own = [mark for mark in marks if mark.account == new.account]
    quick = [mark for mark in own if mark.given_at >= new.given_at - MINUTE]
    near = [mark for mark in marks if new.origin and mark.origin == new.origin]
    alike = [mark for mark in marks if new.words and mark.words == new.words]
    day = legal_date(new.given_at).isoformat()
    found = []
    if 0 < rules.within_minute <= len(quick):
        said = f"同一账号在一分钟内交了 {len(quick)} 份评价"
        found.append(Pattern("within_minute", f"{new.account}/{day}", tuple(quick), said))
    if 0 < rules.same_address <= (people := _people(near)):
        said = f"{people} 位代表的评价在同一天从同一网络地址交来"
        found.append(Pattern("same_address", new.origin, tuple(near), said))
    if 0 < rules.same_words <= (people := _people(alike)):
        found.append(Pattern("same_words", new.words, tuple(alike), f"{people} 位代表写的意见一字不差"))
    if 0 < rules.only_judges <= len(own) and not has_other_use:
        said = f"这个账号交了 {len(own)} 份评价，没有办过别的事"
        found.append(Pattern("only_judges", new.account, tuple(own), said))
    return found


def _people(marks: Iterable[Mark]) -> int:
    return len({mark.deputy for mark in marks})


@dataclass
class Settlement:
    """What people found when they looked into it, and why they say so."""

    outcome: str
    reason: str
    by: str
    at: datetime


@dataclass(kw_only=True)
class Flag(Governed):
    """One pattern at one congress: the forms in it, and what came of it."""

    rules: ClassVar[Rules] = FLAG_RULES

    kind: str
    because: str = ""
    state: str = OPEN
    raised_at: datetime | None = None
    forms: list[Mark] = field(default_factory=list)
    settled: Settlement | None = None
    history: list[Step] = field(default_factory=list)

    @staticmethod
    def id_of(congress: str, pattern: Pattern) -> str:
        """Always the same id for the same pattern."""
        return str(uuid.uuid5(FLAGS_NAMESPACE, f"{congress}/{pattern.kind}/{pattern.key}"))

    def relations(self, actor: Actor) -> frozenset[str]:
        return frozenset(role for role in WATCHERS if actor.has(role, self.congress))

    def called(self) -> str:
        return f"“{FLAG_KINDS[self.kind]}”"

    def see(self, pattern: Pattern, by: Actor, now: datetime) -> bool:
        """Take in the forms of a pattern; the congress hears of new ones while it is open. False when all are known."""
        known = {(mark.reply, mark.deputy) for mark in self.forms}
        new = [mark for mark in pattern.marks if (mark.reply, mark.deputy) not in known]
        if not new:
            return False
        self.forms = [*self.forms, *new]
        if self.state == SETTLED:
            return True
        self.raised_at = self.raised_at or now
        self.because = pattern.because
        self.history.append(Step(now, by.name, "发现", pattern.because))
        forms = [
            {"suggestion": mark.suggestion, "reply": mark.reply, "deputy": mark.deputy} for mark in self.forms
        ]
        self.record("feedback.flagged", now, by, kind=self.kind, because=self.because, forms=forms)
        return True

    def settle(self, outcome: str, reason: str, by: Actor, now: datetime) -> None:
        """Somebody has looked into it: what came of it, and why. Judgements and figures stay as they are."""
        self.state, self.settled = SETTLED, Settlement(outcome, reason, by.name, now)
        self.history.append(Step(now, by.name, f"核实：{FLAG_OUTCOMES[outcome]}", reason))
        self.record("flag.settled", now, by, kind=self.kind, outcome=outcome, reason=reason)
