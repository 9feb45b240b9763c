"""What supervision knows of a suggestion: facts that other services told, each with the moment at which it happened.

Facts are only added, or replaced by a later one of the same kind; nothing depends on the order in which they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from shared.reply_classes import means_of


@dataclass(frozen=True, order=True)
class Moment:
    """When an event happened and its place among its publisher's events about the suggestion: the later one is greater."""

    at: datetime
    sequence: int


@dataclass(frozen=True)
class Named:
    """A deputy or a unit, by id and name."""

    id: str
    name: str

    def as_data(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


@dataclass
class Invitation:
    """The newest that is known of one deputy's cosigning: invited, accepted or declined."""

    deputy: Named
    answer: str
    at: Moment


@dataclass
class Content:
    """The suggestion as it was submitted or, with `is_numbered`, accepted: acceptance has the last word."""

    is_numbered: bool
    at: Moment
    title: str
    kind: str
    category: str
    lead: Named
    cosigners: list[Named]
    delegation: str
    session: str
    year: int
    submitted_on: date
    number: str = ""
    ordinal: int = 0
    accepted_on: date | None = None

    def outweighs(self, other: Content | None) -> bool:
        return other is None or (self.is_numbered, self.at) >= (other.is_numbered, other.at)


@dataclass
class Correction:
    """Title, kind and category as the office corrected them last."""

    at: Moment
    title: str
    kind: str
    category: str


@dataclass
class Heading:
    """What an assignment says of the suggestion: enough for its line until intake's own events have come."""

    at: Moment
    number: str
    title: str
    category: str
    assigned_on: date
    deputies: list[Named]


@dataclass
class Review:
    """The newest step of the review: submitted, returned, lettered, merged, split or accepted."""

    step: str
    at: Moment


@dataclass
class KeyMark:
    """That it is a key suggestion (重点处理建议), and who supervises it."""

    theme: str
    leading_supervisor: str
    sponsor: str
    committee: str
    # The posts (职务) that these are, where they were chosen.
    leading_supervisor_id: str = ""
    sponsor_id: str = ""
    committee_id: str = ""


@dataclass
class KeyDecision:
    """The newest decision on it as a key suggestion; without a mark, that it is none any more."""

    at: Moment
    mark: KeyMark | None


@dataclass
class Ending:
    """That it was closed or published."""

    at: Moment
    on: date
    reply_class: str = ""
    means: str = ""
    with_feedback: bool = False
    # Of the closing: may units read who judged how, and from when on may they know anything (None: never)?
    named: bool = True
    known_from: date | None = date.min


@dataclass
class Reply:
    """One reply of a unit; `round` 2 and up after rehandling."""

    id: str
    round: int
    issued_on: date
    reply_class: str
    deputies: list[Named]
    at: Moment
    means: str = ""  # what its class means, where it was told


@dataclass
class Refusal:
    """That a reply of this round was sent back for being off the point, and by when a new one is wanted."""

    reply: str
    round: int
    on: date
    due_on: date


@dataclass
class Reclassified:
    """That an office changed the class of a reply."""

    reply: str
    reply_class: str
    at: Moment
    means: str = ""


@dataclass
class Forwarded:
    """That a reply went to a deputy who joined by a merge after it was issued."""

    reply: str
    deputy: Named
    on: date


@dataclass
class Judgement:
    """What one deputy thinks of one reply. `complete`: the last of those who got it had answered by then."""

    reply: str
    deputy: Named
    process: str
    result: str
    given_on: date
    complete: bool
    at: Moment


@dataclass
class Order:
    """That a rehandling was ordered, so that a reply of this round is due. `is_first_hand`: evaluation's own word."""

    round: int
    on: date
    is_first_hand: bool
    at: Moment
    due_on: date | None = None  # where a day was given with it


@dataclass
class HandedIn:
    """That a part was handed in on a day, or (None) sent back."""

    at: Moment
    on: date | None


@dataclass
class Step:
    """A step of a task (办理环节) that has a day by which it is to be done. `since`: when that was laid down."""

    id: str
    name: str
    since: date
    due_on: date
    told: Moment
    after_reply: bool = False  # it is still to be done when the suggestion is closed


@dataclass
class Task:
    """What one unit has to do. `role` is empty until an event has told it; `listed` is the newest assignment naming it.

    `desk` is the office whose people act for the unit besides its own; `others` are the offices that watch over it. Of a part, `parent` is the task of which it is one, and `hand_in_by` when it is due.
    """

    id: str
    unit: Named
    role: str = ""
    assigned_on: date | None = None
    listed: Moment | None = None
    signed_on: date | None = None
    asked_return_on: date | None = None
    opinion_on: date | None = None
    is_returned: bool = False
    is_extended: bool = False
    desk: str = ""
    others: list[str] = field(default_factory=list)
    clock_from: date | None = None
    parent: str = ""
    hand_in_by: date | None = None
    handed_in: list[HandedIn] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)  # by round; within a round by the moment
    refusals: list[Refusal] = field(default_factory=list)
    classes: list[Reclassified] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    steps: dict[str, Step] = field(default_factory=dict)  # all that were ever named
    steps_told: Moment | None = None
    steps_done: dict[str, date] = field(default_factory=dict)

    @property
    def is_joint(self) -> bool:
        return self.role == "joint"

    @property
    def handed_in_on(self) -> date | None:
        """When it was handed in, if that was not sent back since: of what is known, the latest word."""
        last = max(self.handed_in, key=lambda word: word.at, default=None)
        return last.on if last else None

    @property
    def round(self) -> int:
        """The round it is in: 1, and one more with each rehandling."""
        return max([1, *(order.round for order in self.orders), *(reply.round for reply in self.replies)])

    @property
    def standing_replies(self) -> list[Reply]:
        """The replies that were not sent back, one for each round, the first round's first."""
        refused = {refusal.reply for refusal in self.refusals}
        return list({reply.round: reply for reply in self.replies if reply.id not in refused}.values())

    def reply_of(self, round: int) -> Reply | None:
        return next((reply for reply in self.standing_replies if reply.round == round), None)

    def replied_on(self, round: int) -> date | None:
        """When the unit first replied in a round: also with what was sent back, for the new reply has a date of its own."""
        refused = [refusal.reply for refusal in self.refusals if refusal.round == round]
        first = next((reply for reply in self.replies if reply.id in refused), None) or self.reply_of(round)
        return first.issued_on if first else None

    def renewed_on(self, refusal: Refusal) -> date | None:
        """When the reply came that takes the place of one that was sent back."""
        ids = [reply.id for reply in self.replies if reply.round == refusal.round]
        after = ids[ids.index(refusal.reply) + 1 :] if refusal.reply in ids else []
        return next((reply.issued_on for reply in self.replies if reply.id in after), None)

    def class_of(self, reply: Reply) -> tuple[str, str]:
        """Its class now, and what it means: as issued, or as it was last changed."""
        last = max((c for c in self.classes if c.reply == reply.id), key=lambda c: c.at, default=None)
        now = last or reply
        return now.reply_class, means_of(now.reply_class, now.means)

    @property
    def current_reply(self) -> Reply | None:
        """The reply of the present round, if it has come."""
        return self.reply_of(self.round)

    @property
    def newest_reply(self) -> Reply | None:
        return max(self.standing_replies, key=lambda reply: reply.round, default=None)

    def add_reply(self, reply: Reply) -> None:
        """Of two in one round that were not sent back, the later one counts: see `standing_replies`."""
        others = [known for known in self.replies if known.id != reply.id]
        self.replies = sorted([*others, reply], key=lambda r: (r.round, r.at))

    def refuse(self, refusal: Refusal) -> None:
        """A reply is sent back once."""
        others = [known for known in self.refusals if known.reply != refusal.reply]
        self.refusals = sorted([*others, refusal], key=lambda r: (r.on, r.reply))

    def fix_steps(self, steps: list[Step], at: Moment) -> None:
        """Each step as it was named last; its days run from when it was first laid down."""
        self.steps_told = max(self.steps_told or at, at)
        for step in steps:
            known = self.steps.get(step.id)
            since = min(known.since, step.since) if known else step.since
            self.steps[step.id] = replace(step if known is None or known.told <= at else known, since=since)

    def is_dropped(self, step: Step) -> bool:
        """Did the newest word not name it any more?"""
        return self.steps_told is not None and step.told < self.steps_told

    def reclassify(self, change: Reclassified) -> None:
        self.classes = sorted([*self.classes, change], key=lambda c: c.at)

    def add_order(self, order: Order) -> None:
        """Evaluation orders and assignment reopens: one fact told twice, and who ordered it knows the day."""
        known = next((o for o in self.orders if o.round == order.round), None)
        if known is None or known.is_first_hand < order.is_first_hand:
            self.orders = sorted([*(o for o in self.orders if o is not known), order], key=lambda o: o.round)
