"""What supervision knows of a suggestion: facts that other services told, each with the moment at which it happened.

Facts are only added, or replaced by a later one of the same kind; nothing depends on the order in which they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


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


@dataclass
class HandedIn:
    """That a part was handed in on a day, or (None) sent back."""

    at: Moment
    on: date | None


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
    parent: str = ""
    hand_in_by: date | None = None
    handed_in: list[HandedIn] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

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

    def reply_of(self, round: int) -> Reply | None:
        return next((reply for reply in self.replies if reply.round == round), None)

    @property
    def current_reply(self) -> Reply | None:
        """The reply of the present round, if it has come."""
        return self.reply_of(self.round)

    @property
    def newest_reply(self) -> Reply | None:
        return max(self.replies, key=lambda reply: reply.round, default=None)

    def add_reply(self, reply: Reply) -> None:
        """One reply for each round: of two, the later one."""
        known = self.reply_of(reply.round)
        if known is None or known.at <= reply.at:
            self.replies = sorted(
                [*(r for r in self.replies if r is not known), reply], key=lambda r: r.round
            )

    def add_order(self, order: Order) -> None:
        """Evaluation orders and assignment reopens: one fact told twice, and who ordered it knows the day."""
        known = next((o for o in self.orders if o.round == order.round), None)
        if known is None or known.is_first_hand < order.is_first_hand:
            self.orders = sorted([*(o for o in self.orders if o is not known), order], key=lambda o: o.round)
