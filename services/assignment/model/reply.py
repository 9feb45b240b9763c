"""What a unit writes to the deputies: drafts and replies, with what is promised in them and said of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.assignment.model.approving import Review
from services.assignment.model.people import Person
from shared.identity import Actor
from shared.reply_classes import PROMISED, means_of


@dataclass
class Commitment:
    """A promise of a reply, with the date by which it will be kept."""

    text: str
    due_on: date
    done_when: str = ""  # by what anybody can see that it is kept (怎样算完成)
    leader: str = ""  # who answers for it in the unit


@dataclass
class Result:
    """What came of a suggestion (采纳转化): of `shared.terms.RESULT_KINDS`; money in 10,000 yuan, people who gain."""

    kind: str
    text: str
    document: str = ""
    money: int = 0
    people: int = 0


@dataclass
class Supplement:
    """A further answer to the deputies (补充答复); with `solved` the unit says that all it promised is done."""

    id: str
    text: str
    on: date
    by: str
    solved: bool


@dataclass
class Attachment:
    """A file that goes with a reply; `type` is of `shared.files.TYPES`. With `public` it is published where the reply is."""

    id: str
    name: str
    type: str
    size: int
    checksum: str  # SHA-256
    public: bool
    on: date
    by: str

    def as_data(self) -> dict[str, Any]:
        """As events name it."""
        names = ("name", "type", "size", "checksum", "public")
        return {"attachment": self.id} | {name: getattr(self, name) for name in names}


@dataclass
class Draft:
    """A reply as it was drafted. Each change is a new draft; the last of them is the one that is reviewed."""

    round: int
    text: str
    reply_class: str
    publicity: str
    contact: str
    phone: str
    commitments: list[Commitment]
    without_opinions: str  # why it does not wait for the joint units' opinions; empty if all are there
    drafted_on: date
    drafted_by: str
    approved_on: date | None = None
    approved_by: str = ""
    rejected_reason: str = ""
    shown_on: date | None = None  # to the deputies, before it goes out
    results: list[Result] = field(default_factory=list)
    review: Review = field(default_factory=Review)
    means: str = ""  # what its class means here: see shared.reply_classes
    class_words: str = ""  # the class as people read it
    drafted_rank: str = ""  # of who wrote it, of shared.terms.RANKS; empty where nobody said so

    @property
    def meaning(self) -> str:
        return means_of(self.reply_class, self.means)

    @property
    def is_read(self) -> bool:
        """Has somebody approved, countersigned or been shown it? What goes with it is not changed under their eyes."""
        return bool(self.review.approvals or self.review.countersigned or self.shown_on)


@dataclass
class SentBack:
    """That a reply was sent back for being off the point, and by when a new one is wanted. The round stays."""

    on: date
    due_on: date
    reason: str
    by: str


@dataclass
class Objection:
    """That the unit objects to a changed class, and how that was decided: empty, upheld or declined."""

    reason: str
    on: date
    by: str
    decision: str = ""
    decision_reason: str = ""
    decided_on: date | None = None
    decided_by: str = ""


@dataclass
class ClassChange:
    """That an office changed the class of a reply (调整办理结果)."""

    before: str
    reply_class: str
    reason: str
    on: date
    by: str
    objection: Objection | None = None
    before_means: str = ""
    before_words: str = ""


@dataclass
class Reply:
    """A reply as it went to the deputies. Replies of earlier rounds stay. `reply_class` is its class now."""

    id: str
    round: int
    document_number: str
    reply_class: str
    publicity: str
    text: str
    contact: str
    phone: str
    issued_on: date
    deputies: list[Person]
    commitments: list[Commitment]
    missing_opinions: list[str]
    sent_back: SentBack | None = None
    classes: list[ClassChange] = field(default_factory=list)
    supplements: list[Supplement] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    means: str = ""
    class_words: str = ""
    copied_to: list[Person] = field(default_factory=list)  # members of the delegation: they read it only

    def is_copied_to(self, actor: Actor) -> bool:
        return any(member.id in actor.seats for member in self.copied_to)

    @property
    def meaning(self) -> str:
        """What its class means: solved, promised, impossible or reference."""
        return means_of(self.reply_class, self.means)

    @property
    def waits_to_be_solved(self) -> bool:
        """Did the unit say that what it promised is done, and the class does not say so yet?"""
        last = self.supplements[-1] if self.supplements else None
        changed = self.classes[-1].on if self.classes else date.min
        return bool(last and last.solved and self.meaning == PROMISED and changed <= last.on)

    @property
    def open_objection(self) -> Objection | None:
        """The unit's objection to the newest change of class, while it is not decided."""
        objection = self.classes[-1].objection if self.classes else None
        return objection if objection and not objection.decision else None
