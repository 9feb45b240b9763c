"""The parts of an evaluation: tasks, replies with their forms, deadlines, promises, an old ledger's word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from shared.reply_classes import means_of

REPLYING_ROLES = (
    "lead",
    "separate",
)  # a joint unit gives its opinion to the lead unit, whose reply covers it
REPLY_DEADLINES = ("reply", "extended_reply", "second_reply", "renewed_reply")
FEEDBACK_DEADLINE = "feedback"
UNSATISFIED = "unsatisfied"


@dataclass(frozen=True)
class Named:
    """A deputy, by seat, or a unit."""

    id: str
    name: str


@dataclass
class Task:
    """A unit's part in the suggestion: lead (主办), joint (会办) or separate (分办).

    `others` are the ids of the office that hands out what the unit is given, and of those of its system, which watch.
    """

    id: str
    unit: Named
    role: str
    others: list[str] = field(default_factory=list)


@dataclass
class Form:
    """征询意见表 of one deputy on one reply: process and result apart. Empty until the deputy gives it.

    `sent_on` is the day on which the reply reached a deputy who joined by a merge; None: the day it was issued.
    """

    deputy: Named
    process: str = ""
    result: str = ""
    process_comment: str = ""
    result_comment: str = ""
    given_on: date | None = None
    sent_on: date | None = None
    late: bool = False  # given after the last day: it counts in no figure of satisfaction, like silence

    @property
    def given(self) -> bool:
        return self.given_on is not None

    @property
    def unhappy(self) -> bool:
        """Is the deputy not satisfied with the process or the result?"""
        return UNSATISFIED in (self.process, self.result)


@dataclass
class Rehandling:
    """That a reply's unit has to handle the suggestion again, and why: a deputy was not satisfied (再次办理), or a look-back
    found that what it says is not so (重新办理), which is `refuted`."""

    ordered_on: date
    reason: str
    refuted: bool = False


@dataclass
class LookedAt:
    """What a look-back found not so, or not wholly; `reopened_on`: that the suggestion was reopened for it."""

    lookback: str
    finding: str
    words: str
    on: date
    reopened_on: date | None = None


@dataclass
class Ending:
    """That it was closed, perhaps published, before it was reopened."""

    closed_on: date | None
    note: str
    measure: str
    published_on: date | None
    reopened_on: date
    withheld: bool = False  # from units: note and measure
    known_from: date | None = None  # from when on units might know how it was judged
    judged: dict[str, list[int]] = field(default_factory=dict)  # what its judgements put into figures then


@dataclass
class TakenMeasure:
    """A measure of supervision for a unit, as far as it was told: proposed, taken or declined, and on which day."""

    unit: Named
    rung: str
    state: str
    on: date


@dataclass
class SentBack:
    """That a reply was sent back for being off the point, and by when the unit has to reply anew.

    No rehandling: nobody has judged it, and it counts as if it had not been given.
    """

    on: date
    due_on: date
    reason: str


@dataclass
class ClassChange:
    """That an office changed a reply's class. `told`: the sequence of the event that said so."""

    reply_class: str
    on: date
    told: int
    means: str = ""  # where it was told


@dataclass
class ReplyResult:
    """What a unit says in its reply came of the suggestion (采纳转化): of `shared.terms.RESULT_KINDS`; money in 10,000 yuan."""

    kind: str
    text: str
    document: str = ""
    money: int = 0
    people: int = 0


@dataclass
class KeptWord:
    """What one deputy says of an answer that all that was promised is done: of `shared.terms.KEPT`. Empty until it is said."""

    deputy: Named
    kept: str = ""
    words: str = ""
    said_on: date | None = None
    answer: str = ""  # of the liaison office, to one who says that it is not so

    @property
    def is_doubt(self) -> bool:
        """Does the deputy say that it is not so, or not wholly, and has had no answer?"""
        return self.kept in ("partly", "not_kept") and not self.answer


@dataclass
class Supplement:
    """A unit's answer to the deputies that all that its reply promised is done (补充答复); each of them is asked whether it is."""

    id: str
    on: date
    words: list[KeptWord]


@dataclass
class Reply:
    """A reply that was issued, with one form for each deputy who got it."""

    id: str
    task: str
    unit: Named
    role: str
    round: int
    reply_class: str
    publicity: str
    issued_on: date
    forms: list[Form] = field(default_factory=list)
    rehandling: Rehandling | None = None
    sent_back: SentBack | None = None
    changes: list[ClassChange] = field(default_factory=list)  # in the order in which they were made
    means: str = ""  # what the class means with which it was issued, where it was told
    results: list[ReplyResult] = field(default_factory=list)
    supplements: list[Supplement] = field(default_factory=list)

    @property
    def doubts(self) -> list[KeptWord]:
        """What deputies say against the newest answer that all is done, as long as nobody has answered them."""
        return [word for supplement in self.supplements[-1:] for word in supplement.words if word.is_doubt]

    def add_supplement(self, supplement: Supplement) -> bool:
        """In the order of the days. False when it is known."""
        if any(known.id == supplement.id for known in self.supplements):
            return False
        self.supplements = sorted([*self.supplements, supplement], key=lambda one: one.on)
        return True

    @property
    def newest_class(self) -> str:
        """Its class now: as issued, or as an office has changed it since."""
        return self.changes[-1].reply_class if self.changes else self.reply_class

    @property
    def newest_means(self) -> str:
        """What its class means now."""
        return self._means(self.changes)

    def means_in(self, year: int) -> str:
        """What its class meant at the end of a year: what was changed later does not make it solved earlier."""
        return self._means([change for change in self.changes if change.on.year <= year])

    def _means(self, changes: list[ClassChange]) -> str:
        now = changes[-1] if changes else self
        return means_of(now.reply_class, now.means)

    def add_changes(self, changes: list[ClassChange]) -> bool:
        """Each change once, in the order in which they were made. False when all are known."""
        known = {change.told for change in self.changes}
        new = [change for change in changes if change.told not in known]
        self.changes = sorted([*self.changes, *new], key=lambda change: change.told)
        return bool(new)

    def sent_on(self, form: Form) -> date:
        """The day on which this reply reached a deputy."""
        return form.sent_on or self.issued_on

    def add_forms(self, forms: list[Form]) -> list[Form]:
        """One form for each deputy who has none yet. Returns the new ones."""
        known = {form.deputy.id for form in self.forms}
        new = [form for form in forms if form.deputy.id not in known]
        self.forms = [*self.forms, *new]
        return new

    def told_forms(self, least: int) -> list[Form]:
        """The forms that were given, in an order that tells nothing; none where there are fewer than `least`. Told together
        they are those in time: of a late one no figure knows, and the difference would be its own."""
        told = sorted(self.given if least > 1 else self._given_at_all, key=lambda f: (f.result, f.process))
        return told if len(told) >= least else []

    @property
    def given(self) -> list[Form]:
        """The forms that were given in time."""
        return [form for form in self._given_at_all if not form.late]

    @property
    def _given_at_all(self) -> list[Form]:
        return [form for form in self.forms if form.given]

    def form_of(self, seats: frozenset[str]) -> Form | None:
        """The form of the person with one of these seats: the one still to give, if there is any."""
        own = [form for form in self.forms if form.deputy.id in seats]
        return next((form for form in own if not form.given), own[0] if own else None)


@dataclass
class Deadline:
    """What supervision tells of one deadline. Its parts may come in any order.

    `told` is the sequence of the newest event that gave the due date; `seen_open_on` is the last day on which
    an overdue reminder still found it open.
    """

    kind: str
    unit: str
    due_on: date
    told: int = 0
    done_on: date | None = None
    late: bool = False
    seen_open_on: date | None = None

    @property
    def counts(self) -> bool:
        """Is it due: done, or passed without being done?"""
        return self.done_on is not None or self.overdue

    @property
    def overdue(self) -> bool:
        """Did it pass without being done, as far as supervision has told?"""
        return self.done_on is None and self.seen_open_on is not None and self.seen_open_on > self.due_on

    @property
    def missed(self) -> bool:
        return self.late or self.overdue


@dataclass
class Commitment:
    """A promise of a reply, its date, and whether it was kept (销号). `told`: the sequence of who told the date last.

    One that was withdrawn counts for nothing.
    """

    unit: str
    kept: bool = False
    withdrawn: bool = False
    due_on: date | None = None
    told: int = 0

    def is_due(self, today: date) -> bool:
        """Kept, or its date has passed; one of which no date is known was told before dates were kept here."""
        return not self.withdrawn and (self.kept or self.due_on is None or self.due_on < today)


@dataclass
class LedgerEntry:
    """What an office's ledger says of an older suggestion: its end, and the lead deputy's judgement.

    `closed_on` is None for one that has not ended; the other days are None where the ledger does not tell.
    """

    imported_on: date
    result: str
    reply_class: str
    replied_on: date | None = None
    closed_on: date | None = None
    means: str = ""

    def speaks_of(self, reply: Reply) -> bool:
        """Is this the reply that the ledger knows? One issued since the import is not."""
        if self.replied_on is None:
            return reply.round == 1 and reply.issued_on < self.imported_on
        return reply.round == 1 and reply.issued_on == self.replied_on


@dataclass
class Step:
    """One line of the evaluation's history. Lines are added, never changed."""

    at: datetime
    by: str
    what: str
    reason: str = ""
