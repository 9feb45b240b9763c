"""Hands over what is due, beside the gateway's other work; one channel after the other.

Any number of replicas run this. Before something is handed over it is marked as being sent, in a transaction of its own: killed
at that moment, it is not sent a second time where that would arrive as a second message, but shown as unknown. A
channel that knows its messages again by their key gets it again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
import structlog

from services.gateway import tables as t
from services.gateway.messages import channels
from services.gateway.messages.channels import Channel, Refused, Unknown
from services.gateway.messages.occasions import Matter, sentence
from services.gateway.messages.telling import hours_of, matter_of
from services.gateway.messages.timing import leaves
from shared.contracts import messages as contracts
from shared.identity import SYSTEM
from shared.problems import Problem
from shared.runtime import Runtime
from shared.trace import new_trace
from shared.work import Work

log = structlog.get_logger()

LOOK_SECONDS = 1.0
STOP_SECONDS = 5.0
LEASE_SECONDS = 120.0  # longer than handing over takes
DELAYS = (60, 300, 1800, 7200, 21600)  # after each failure the next try comes so many seconds later
MOST_AT_ONCE = 5  # as many as can be handed over in the lease, at a server that is slow with each
KEPT_DAYS = 400
CLEAN_SECONDS = 3600.0
MOST_ERROR = 300

_m, _d = t.messages.c, t.message_deliveries.c


@dataclass(frozen=True)
class Parcel:
    """What goes to one person in one piece: one message, or those of a day."""

    channel: str
    account: str
    address: str
    deliveries: list[str]
    key: str
    subject: str
    text: str


class Post:
    """One per gateway process."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.stopped = runtime, False
        self.channels = channels.opened(runtime.settings)
        self._cleaned_at = 0.0
        self._handing_over = False

    def run(self) -> None:
        """Until stopped; through every outage."""
        while not self.stopped:
            try:
                for name in self.channels:
                    self.hand_over_due(name)
                self._clean()
            except Problem as problem:
                log.warning("messages wait", problem=problem.detail)
            except Exception:
                log.exception("messages wait")
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """What is being handed over may end; the rest leaves later."""
        self.stopped = True
        ends = time.monotonic() + STOP_SECONDS
        while self._handing_over and time.monotonic() < ends:
            time.sleep(0.05)

    def hand_over_due(self, name: str) -> None:
        """Everything that is due on one channel."""
        self._find_out_about_the_interrupted(name)
        while not self.stopped and (taken := self._take(name)):
            self._handing_over = True
            try:
                for parcel in self._packed(name, self._that_wake_nobody(taken)):
                    self._hand_over(self.channels[name], parcel)
            finally:
                self._handing_over = False

    @property
    def _now(self) -> float:
        return self.runtime.clock.now().timestamp()

    # --- taking -----------------------------------------------------------------------------------------------------

    def _take(self, name: str) -> list[Any]:
        """Mark what is due as being sent, so that nobody else sends it."""
        due = (
            sa.select(_d.id)
            .where(_d.channel == name, _d.state == "waiting", _d.due_at <= self._now)
            .order_by(_d.due_at, _d.id)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        taken = sa.update(t.message_deliveries).where(_d.id.in_(due.scalar_subquery()), _d.state == "waiting")
        values = {"state": "sending", "changed_at": self._now, "tries": _d.tries + 1}
        with self.runtime.database.writing() as connection:
            return list(
                connection.execute(
                    taken.values(values).returning(_d.id, _d.message, _d.account, _d.daily, _d.tries)
                )
            )

    def _that_wake_nobody(self, taken: list[Any]) -> list[Any]:
        """Those of places where it is not night. What comes late, after a try that failed or while nobody sent, waits for the
        morning like what is new."""
        now = self.runtime.clock.now()
        quiet: dict[float, list[str]] = {}
        with self.runtime.database.reading() as connection:
            work = Work(self.runtime, connection, SYSTEM, now, new_trace())
            asked = sa.select(_m.id, _m.congress).where(_m.id.in_([row.message for row in taken]))
            congress_of = {row.id: row.congress for row in connection.execute(asked)}
            for row in taken:
                hours = hours_of(work.practices.settings("channels", congress_of.get(row.message, "")))
                if hours.is_quiet(now):
                    quiet.setdefault(leaves(now, hours, daily=False).timestamp(), []).append(row.id)
        if not quiet:
            return taken
        with self.runtime.database.writing() as connection:
            for due_at, ids in quiet.items():
                waits = sa.update(t.message_deliveries).where(_d.id.in_(ids), _d.state == "sending")
                connection.execute(waits.values(state="waiting", due_at=due_at, tries=_d.tries - 1))
        asleep = {id for ids in quiet.values() for id in ids}
        return [row for row in taken if row.id not in asleep]

    def _find_out_about_the_interrupted(self, name: str) -> None:
        state = "waiting" if self.channels[name].repeats else "unknown"
        left = (_d.channel == name, _d.state == "sending", _d.changed_at < self._now - LEASE_SECONDS)
        values = {"state": state, "error": "" if state == "waiting" else "发送中断，不能确定是否送到。"}
        with self.runtime.database.writing() as connection:
            connection.execute(sa.update(t.message_deliveries).where(*left).values(values))

    def _packed(self, name: str, taken: list[Any]) -> list[Parcel]:
        found: list[Parcel] = []
        with self.runtime.database.reading() as connection:
            work = Work(self.runtime, connection, SYSTEM, self.runtime.clock.now(), new_trace())
            for (account, daily), rows in groupby(sorted(taken, key=_whose), key=_whose):
                each = list(rows)
                for together in [each] if daily else [[row] for row in each]:
                    found.append(self._parcel(work, name, account, together))
        return found

    def _parcel(self, work: Work, name: str, account: str, rows: list[Any]) -> Parcel:
        """Without an address or text where there is nobody, or nothing, to tell any more."""
        cards = sa.select(t.contact_cards).where(t.contact_cards.c.account == account)
        card = work.connection.execute(cards).first()
        address = "" if card is None else card.mail if name == channels.MAIL else card.phone
        holds = t.recipients
        still = sa.exists().where(holds.c.account == _m.account, holds.c.place == _m.place)
        asked = sa.select(t.messages).where(_m.id.in_([row.message for row in rows]), still).order_by(_m.id)
        told = work.connection.execute(asked).all()
        sentences = [self._sentence(work, message) for message in told]
        signed = work.practices.settings("channels", told[0].congress)["signature"] if told else ""
        deliveries = sorted(row.id for row in rows)
        return Parcel(
            name, account, address, deliveries, deliveries[0], _subject(told, sentences), self._text(name, signed, sentences)
        )  # fmt: skip

    def _sentence(self, work: Work, message: Any) -> str:
        own = work.practices.settings("channels", message.congress)["words"]
        matter: Matter = matter_of(work.connection, message.suggestion)
        return sentence(message.kind, message.facts, matter, {said["kind"]: said["text"] for said in own})

    def _text(self, name: str, signed: str, sentences: list[str]) -> str:
        if not sentences:
            return ""
        if name == channels.SMS:
            return f"【{signed}】{sentences[0]}" if signed else sentences[0]
        where = self.runtime.settings.public_url
        lines = [
            *sentences,
            *([f"登录查看：{where}/messages"] if where else []),
            *([signed] if signed else []),
        ]
        return "\n\n".join(lines) + "\n"

    # --- handing over -----------------------------------------------------------------------------------------------

    def _hand_over(self, channel: Channel, parcel: Parcel) -> None:
        if not parcel.address or not parcel.text:
            return self._mark(parcel, "dropped")
        try:
            channel.send(parcel.address, parcel.subject, parcel.text, parcel.key)
        except Refused as reason:
            self._mark(parcel, "failed", str(reason))
        except Unknown as reason:
            self._mark(parcel, "unknown", str(reason))
        except Exception as error:
            self._try_again(parcel, f"{type(error).__name__}: {error}")
        else:
            self._mark(parcel, "sent")

    def _mark(self, parcel: Parcel, state: str, error: str = "") -> None:
        values: dict[str, Any] = {"state": state, "error": error[:MOST_ERROR], "changed_at": self._now}
        with self.runtime.database.writing() as connection:
            connection.execute(self._of(parcel).values(values))

    def _try_again(self, parcel: Parcel, error: str) -> None:
        with self.runtime.database.writing() as connection:
            tries = (
                connection.scalar(sa.select(sa.func.max(_d.tries)).where(_d.id.in_(parcel.deliveries))) or 1
            )
            values: dict[str, Any] = {"error": error[:MOST_ERROR], "changed_at": self._now, "state": "failed"}
            if tries <= len(DELAYS):
                delay = DELAYS[tries - 1] * random.uniform(0.9, 1.1)
                values |= {"state": "waiting", "due_at": self._now + delay}
            connection.execute(self._of(parcel).values(values))
        log.info(
            "message not taken", channel=parcel.channel, account=parcel.account, error=error[:MOST_ERROR]
        )

    def _of(self, parcel: Parcel) -> Any:
        return sa.update(t.message_deliveries).where(_d.id.in_(parcel.deliveries), _d.state == "sending")

    def _clean(self) -> None:
        """Forget what was told long ago."""
        if self._now - self._cleaned_at < CLEAN_SECONDS:
            return
        before = (self.runtime.clock.now() - timedelta(days=KEPT_DAYS)).isoformat()
        old = sa.select(_m.id).where(_m.at < before)
        with self.runtime.database.writing() as connection:
            connection.execute(sa.delete(t.message_deliveries).where(_d.message.in_(old)))
            connection.execute(sa.delete(t.messages).where(_m.at < before))
        self._cleaned_at = self._now


def _whose(row: Any) -> tuple[str, bool]:
    return row.account, row.daily


def _subject(told: Sequence[Any], sentences: list[str]) -> str:
    if len(told) == 1:
        return f"代表建议：{contracts.KINDS[told[0].kind]}"
    return f"代表建议：今天有 {len(sentences)} 条消息"
