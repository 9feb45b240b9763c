"""Puts by each event for each webhook that wants it, and posts what is due, beside the gateway's other work.

Any number of replicas run this. A position of a log is passed by one of them, together with the deliveries that come
of it; a delivery that is due is taken by one, which has it for LEASE_SECONDS. Killed at any moment, nothing is lost:
positions that were not passed are read again, deliveries that were not marked come due again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import eventlet
import orjson
import sqlalchemy as sa
import structlog

from services.gateway import tables as t
from services.gateway.calls import Calls
from services.gateway.feed import Lookout
from services.gateway.webhooks import secrets
from services.gateway.webhooks.model import COLLECTING, DELAYS, Webhook
from services.gateway.webhooks.sending import MOST_ANSWER, Outcome, post
from shared.aggregate import new_id
from shared.contracts import webhooks as contracts
from shared.identity import SYSTEM, sign
from shared.postgresql import COUNTED
from shared.problems import Problem
from shared.runtime import Runtime
from shared.statements import insert_into

log = structlog.get_logger()

LOOK_SECONDS = 0.25
LEASE_SECONDS = 60.0  # longer than an attempt takes
MOST_AT_ONCE = 200  # attempts of this process
MOST_OF_ONE = 5  # of them to one webhook; one only, while it does not answer
PAGE = 500
KEPT_SECONDS = 30 * 24 * 3600.0  # of the delivery log
CLEAN_SECONDS = 3600.0
JITTER = 0.1
MOST_ATTEMPTS_KEPT = 40
GONE = 410

_d, _w, _c = t.webhook_deliveries.c, t.webhooks.c, t.webhook_cursor.c


class Dispatcher:
    """One per gateway process."""

    def __init__(
        self, runtime: Runtime, calls: Calls, lookout: Lookout, seconds: Callable[[], float] = time.time
    ) -> None:
        self.runtime, self.calls, self.lookout, self.seconds = runtime, calls, lookout, seconds
        self.stopped = False
        self._pool = eventlet.GreenPool(MOST_AT_ONCE)
        self._under_way: dict[str, int] = {}
        self._silent: set[str] = set()  # webhooks whose last attempt failed
        self._cleaned_at = 0.0

    def run(self) -> None:
        """Until stopped; through every outage."""
        while not self.stopped:
            try:
                if self.is_wanted():
                    self.fan_out()
                    self.post_due()
                self._clean()
            except Problem as problem:
                log.warning("webhooks wait", problem=problem.detail)
            except Exception:
                log.exception("webhooks wait")
            eventlet.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """What is under way may end; what cannot comes due again."""
        self.stopped = True
        with eventlet.Timeout(5, False):
            self._pool.waitall()

    def is_wanted(self) -> bool:
        """Is there any webhook at all? Without one, nothing else is asked of anybody."""
        with self.runtime.database.reading() as connection:
            return connection.scalar(sa.select(_w.id).where(_w.state.in_(COLLECTING)).limit(1)) is not None

    # --- fanning out --------------------------------------------------------------------------------------------

    def fan_out(self) -> int:
        """Read on in the services' logs; returns how many events were looked at."""
        with self.runtime.database.reading() as connection:
            cursor = {row.service: row.position for row in connection.execute(sa.select(t.webhook_cursor))}
        if not self.lookout.ahead(self.calls, cursor):
            return 0
        pages = self.calls.read_logs(cursor, {}, PAGE)
        count = 0
        for service, page in pages.items():
            if not isinstance(page, Problem) and page["upto"] > cursor[service]:
                count += self._pass(service, cursor[service], page)
        return count

    def _pass(self, service: str, after: int, page: dict[str, Any]) -> int:
        """Pass a stretch of one log, with all that comes of it, unless somebody else has."""
        step = sa.update(t.webhook_cursor).where(_c.service == service, _c.position == after)
        step = step.values(position=page["upto"]).execution_options(**COUNTED)
        with self.runtime.database.writing() as connection:
            if connection.execute(step).rowcount != 1:
                return 0
            found = t.webhook_store.find(connection, _w.state.in_(COLLECTING), limit=100_000)
            rows = [
                self._delivery(webhook, entry["event"])
                for entry in page["entries"]
                for webhook in found
                if webhook.wants(service, entry["position"], entry["event"])
            ]
            if rows:
                insert = insert_into(t.webhook_deliveries, connection.dialect.name)
                connection.execute(insert.on_conflict_do_nothing(), rows)
        return len(page["entries"])

    def _delivery(self, webhook: Webhook, event: dict[str, Any]) -> dict[str, Any]:
        now = self.seconds()
        return {
            "id": new_id(), "webhook": webhook.id, "owner": webhook.owner, "event_id": event["id"], "type": event["type"],
            "state": "pending", "tries": 0, "next_at": now, "made_at": now, "body": orjson.dumps(event).decode(), "attempts": [],
        }  # fmt: skip

    # --- posting ------------------------------------------------------------------------------------------------

    def post_due(self) -> None:
        """Begin with what is due, as far as there is room for it."""
        due = sa.exists().where(_d.webhook == _w.id, _d.state == "pending", _d.next_at <= self.seconds())
        with self.runtime.database.reading() as connection:
            found = t.webhook_store.find(connection, _w.state == "active", due, limit=1000)
        random.shuffle(found)  # where there is not room for all, each has its turn
        for webhook in found:
            most = 1 if webhook.id in self._silent else MOST_OF_ONE
            room = min(most - self._under_way.get(webhook.id, 0), self._pool.free())
            if room > 0:
                for row in self._take(webhook, room):
                    self._under_way[webhook.id] = self._under_way.get(webhook.id, 0) + 1
                    self._pool.spawn_n(self._attempt, webhook, row)

    def _take(self, webhook: Webhook, most: int) -> list[Any]:
        now = self.seconds()
        due = (
            sa.select(_d.id)
            .where(_d.webhook == webhook.id, _d.state == "pending", _d.next_at <= now)
            .order_by(_d.next_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        taken = sa.update(t.webhook_deliveries).where(_d.id.in_(due.scalar_subquery()))
        with self.runtime.database.writing() as connection:
            values = taken.values(next_at=now + LEASE_SECONDS)
            return list(connection.execute(values.returning(_d.id, _d.event_id, _d.type, _d.body)))

    def _attempt(self, webhook: Webhook, row: Any) -> None:
        try:
            self._finish(webhook, row, self._send(webhook, row))
        except Exception as error:  # not marked: it comes due again
            log.warning("webhook delivery not marked", webhook=webhook.id, error=repr(error))
        finally:
            self._under_way[webhook.id] -= 1
            if not self._under_way[webhook.id]:
                del self._under_way[webhook.id]

    def _send(self, webhook: Webhook, row: Any) -> Outcome:
        settings, now = self.runtime.settings, self.seconds()
        kept = [secrets.secret_of(settings.signing_key, webhook.id, g) for g in webhook.generations(now)]
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "Jianyi-Webhooks/1",
            "traceparent": orjson.loads(row.body)["traceparent"],
            **secrets.headers(kept, row.event_id, now, row.body),
        }
        return post(webhook.url, headers, row.body, settings.webhook_networks)

    def _finish(self, webhook: Webhook, row: Any, outcome: Outcome) -> None:
        """Mark what came of an attempt, and stop the webhook where there is no use in going on."""
        (self._silent.discard if outcome.taken else self._silent.add)(webhook.id)
        with self.runtime.database.writing() as connection:
            kept = (
                sa.select(_d.tries, _d.attempts)
                .where(_d.id == row.id, _d.state == "pending")
                .with_for_update()
            )
            before = connection.execute(kept).first()
            if before is None:
                return  # deleted or given up meanwhile
            values = {
                "attempts": [*before.attempts, self._described(outcome)][-MOST_ATTEMPTS_KEPT:],
                "tries": before.tries + 1,
            }
            is_last = before.tries >= len(DELAYS)
            if outcome.taken:
                values["state"] = "delivered"
            elif is_last or outcome.status == GONE:
                values["state"] = "failed"
            else:
                delay = DELAYS[before.tries] * random.uniform(1 - JITTER, 1 + JITTER)
                values["next_at"] = self.seconds() + delay
            connection.execute(sa.update(t.webhook_deliveries).where(_d.id == row.id).values(**values))
        if outcome.status == GONE:
            self._disable(webhook, "接收方答复 410：这个地址不再接收推送。")
        elif not outcome.taken and is_last:
            self._disable(
                webhook,
                f"连续 72 小时没有送达。最后一次：{outcome.error or f'接收方答复 {outcome.status}'}"[:300],
            )

    def _described(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "at": self.seconds(), "status": outcome.status, "error": outcome.error, "seconds": round(outcome.seconds, 3),
            "answer": outcome.answer[:MOST_ANSWER],
        }  # fmt: skip

    def _disable(self, webhook: Webhook, reason: str) -> None:
        token = sign(SYSTEM, self.runtime.settings.signing_key)
        try:
            self.runtime.execute(contracts.DISABLE.name, webhook.id, {"reason": reason}, token=token)
        except Problem as problem:  # somebody else was faster
            log.info("webhook not disabled", webhook=webhook.id, problem=problem.detail)

    def _clean(self) -> None:
        """Forget what was settled long ago."""
        now = self.seconds()
        if now - self._cleaned_at < CLEAN_SECONDS:
            return
        old = sa.delete(t.webhook_deliveries).where(_d.made_at < now - KEPT_SECONDS, _d.state != "pending")
        with self.runtime.database.writing() as connection:
            connection.execute(old)
        self._cleaned_at = now
