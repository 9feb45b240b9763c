"""What plugins may answer in the gateway: messages, pages, workbooks, documents, and what the system is to do after an event.

A plugin gets what the person who asks may see, and never the database: `Line` is a line of the ledger as this person may see it.
`pages`, `exports` and `documents` say what there is; the function in each answer makes the content when somebody opens it, within
the same time limit. All text is shown as text: there is no way to bring in HTML or a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.identity import ROLE_LABELS
from shared.plugins import hookspec

KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
FILTERS = ("state", "light", "category", "reply_class", "key")
OFFERS = ("year", "category", "reply_class", "light", "text")
NEEDS = (
    "tasks", "commitments", "demands", "measures", "circulars", "look_backs", "key_board", "contacts_due", "scores", "due_dates", "handling", "records",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One more message about a suggestion. `to`: deputies, lead (the deputy who leads), unit (that of the event) or office.

    `text` is what follows the suggestion's title; at most 200 characters are kept.
    """

    to: str
    text: str


@dataclass(frozen=True)
class Line:
    """A suggestion as the ledger shows it to who asks. Days are as 2023-05-12, empty for none; of what somebody may not know it
    is empty, too: `result` and `process` are the lead deputy's judgement, which units learn when their place lets them know it;
    `judgement_told`: they may know it by now, with the deputy's name, so that saying it breaks no silence (背靠背).

    `state` is a key of `shared.terms.LIFE`, `light` green, yellow, red or done. `key` has theme, leading_supervisor, sponsor and
    committee of a key suggestion.
    """

    id: str
    congress: str
    number: str
    title: str
    year: int
    session: str
    kind: str
    category: str
    category_label: str
    state: str
    state_label: str
    is_key: bool
    key: Mapping[str, Any]
    lead_deputy: str
    delegation: str
    cosigners: tuple[str, ...]
    lead_unit: str
    joint_units: tuple[str, ...]
    accepted_on: str
    assigned_on: str
    reply_due_on: str
    replied_on: str
    reply_class: str
    process: str
    result: str
    judgement_told: bool
    closed_on: str
    published_on: str
    next_due_on: str
    next_label: str
    days_left: int | None
    light: str


@dataclass(frozen=True)
class Facts:
    """What a page, a workbook or a document is made from.

    `place` is the name of the congress, or of the unit for which it was opened (`unit`: its id, empty for a congress); `on` the
    day; `lines` the ledger's, at most 5,000. `answers`: what was asked for by `needs`, {name of the query: its lines, as docs say}.
    `is_whole`: False when there were more lines than could be given.
    """

    place: str
    congress: str
    unit: str
    on: date
    lines: tuple[Line, ...]
    answers: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    is_whole: bool = True


@dataclass(frozen=True)
class Row:
    """One row: a text for each column, the suggestion that it opens (its id), and a light beside it (green, yellow, red, done)."""

    cells: tuple[str, ...]
    suggestion: str = ""
    light: str = ""


@dataclass(frozen=True)
class Table:
    """A list with its headings. `note` stands above it, `empty` in its place when there are no rows. Widths of a workbook's columns
    follow from what is in them; the running number comes by itself."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "没有符合条件的建议。"

    def __post_init__(self) -> None:
        if not self.columns or any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(
                f"{self.title}: each row needs a text for each of the {len(self.columns)} columns"
            )


@dataclass(frozen=True)
class Printed:
    """A document to be printed: title, paragraphs and tables in their order, and who signs (lines at the lower right)."""

    title: str
    parts: tuple[str | Table, ...]
    signed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Offered:
    """What pages, workbooks and documents have in common.

    `key` is its name in the address (small letters, digits, - and _), `label` its name in the menu. `roles`: who has it (keys of
    `shared.identity.ROLE_LABELS`); everybody with a role at the place when empty. Whoever has it sees in it what the ledger shows
    to this person, and nothing else. `filters` always hold (parameters of the query `ledger`: state, light, category, reply_class,
    key); with `offers` people narrow it down (year, category, reply_class, light, text). `needs`: further queries, of `NEEDS`; what the
    person may not ask for is left empty. `handling` is for a document of one suggestion, `due_dates` of the first 500 lines.
    """

    key: str
    label: str
    content: Callable[[Facts], Any]
    roles: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ("year",)
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key) or not self.label.strip():
            raise ValueError(f"{self.key!r} is no key, or there is no label")
        for what, given, known in (
            ("role", self.roles, ROLE_LABELS), ("filter", self.filters, FILTERS), ("offer", self.offers, OFFERS),
            ("need", self.needs, NEEDS),
        ):  # fmt: skip
            if unknown := [name for name in given if name not in known]:
                raise ValueError(f"there is no {what} {unknown[0]!r}")


@dataclass(frozen=True)
class Page(_Offered):
    """A page below 本地做法 in the menu: `content(facts)` gives its tables, `about` says in a sentence what it is for."""

    about: str = ""


@dataclass(frozen=True)
class Export(_Offered):
    """A workbook: `content(facts)` gives its sheets, one for each table."""


@dataclass(frozen=True)
class Document(_Offered):
    """A document to be printed: `content(facts)` gives a `Printed`. `of` is list, or suggestion: then it is opened from the
    suggestion's page, and `facts.lines` is that one line."""

    of: str = "list"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.of not in ("list", "suggestion"):
            raise ValueError(f"a document is of a list or of a suggestion, not of {self.of!r}")


@dataclass(frozen=True)
class Order:
    """A command that the system is to give about the event's suggestion, and the reason in words for people.

    `command` is one of `services.gateway.orders.ALLOWED`, `data` as the command has it. The service that owns it checks it as any other.
    """

    command: str
    data: Mapping[str, Any]
    reason: str


@hookspec
def messages(type: str, data: dict[str, Any], settings: dict[str, Any]) -> list[Told]:
    """What else is told of an event, beside what everybody is told of it (`services/gateway/messages/occasions.py`).

    Called once for each event of `occasions.FOR_PLUGINS` and each that is told anyway, for the plugins that are on at the congress and
    the event's unit: on the day on which the handling began, as long as nobody has said that it goes on by later practices. `type` as `task.signed.v1`, `data` as docs/events.md says. Each answer is told once to each person.
    """
    raise NotImplementedError


@hookspec
def pages(settings: dict[str, Any]) -> list[Page]:
    """Pages of lists that the practice brings. Asked when somebody of the place opens 本地做法 or one of the pages."""
    raise NotImplementedError


@hookspec
def exports(settings: dict[str, Any]) -> list[Export]:
    """Workbooks that the practice brings, with columns and rows made from the ledger."""
    raise NotImplementedError


@hookspec
def documents(settings: dict[str, Any]) -> list[Document]:
    """Documents to be printed: of a list, or of one suggestion."""
    raise NotImplementedError


@hookspec
def on_event(
    type: str, subject: str, data: dict[str, Any], at: date, settings: dict[str, Any]
) -> list[Order]:
    """What the system is to do after an event, because the place has this practice.

    Asked once for each event of `services.gateway.orders.EVENTS`, for the plugins that are on at the congress itself, as in `messages`;
    `type` as `suggestion.closed.v1`, `subject` the id it is about, `data` as docs/events.md says, `at` its day. An order is put by in
    the transaction in which the event is taken in, and given afterwards under a key of its own: once, also when a process dies in
    between. One that the service refuses is given up and shown to operators with the refusal; while a service is away it waits.
    """
    raise NotImplementedError
