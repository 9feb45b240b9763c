"""What is done to webhooks, and asked about them."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from services.gateway import tables as t
from services.gateway.webhooks.model import COLLECTING, LOST_RIGHT, Webhook
from shared.aggregate import new_id
from shared.contracts import webhooks as contracts
from shared.handlers import Handlers
from shared.identity import Actor, Role
from shared.postgresql import COUNTED
from shared.problems import Invalid, NotFound
from shared.reach import jurisdictions_of, sees_all
from shared.statements import insert_into
from shared.work import Work

MOST_WEBHOOKS = 20  # of one account
_d, _w = t.webhook_deliveries.c, t.webhooks.c


def declare(handlers: Handlers) -> None:
    """Declare all commands and queries."""
    handlers.creates(contracts.CREATE)(create)
    for contract, function in (
        (contracts.PAUSE, pause), (contracts.RESUME, resume), (contracts.ROTATE, rotate), (contracts.DELETE, delete),
        (contracts.REDELIVER, redeliver), (contracts.DISABLE, disable),
    ):  # fmt: skip
        handlers.changes(contract, t.webhook_store, "个推送")(function)
    handlers.query(contracts.WEBHOOKS)(webhooks)
    handlers.query(contracts.WEBHOOK)(webhook)
    handlers.query(contracts.DELIVERIES)(deliveries)


# --- commands -------------------------------------------------------------------------------------------------------


def create(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    made = Webhook.create(new_id(), work.actor, work.now, data)
    work.authorized = True
    own = t.webhook_store.find(work.connection, _w.owner == made.owner, _w.state != "deleted")
    if len(own) >= MOST_WEBHOOKS:
        raise Invalid(f"一个账号最多 {MOST_WEBHOOKS} 个推送，请先删除不用的。")
    _begin(work, made)
    work.save(t.webhook_store, made)
    return {"id": made.id, "version": made.version, "state": made.state, "generation": made.generation}


def pause(work: Work, webhook: Webhook, data: dict[str, Any]) -> None:
    webhook.state = "paused"


def resume(work: Work, webhook: Webhook, data: dict[str, Any]) -> None:
    if webhook.state == "disabled":
        _begin(work, webhook, data["starts"])
    webhook.resume(data["starts"])


def rotate(work: Work, webhook: Webhook, data: dict[str, Any]) -> dict[str, Any]:
    webhook.rotate(time.time(), data["overlap_hours"])
    return {"generation": webhook.generation}


def delete(work: Work, webhook: Webhook, data: dict[str, Any]) -> None:
    webhook.state = "deleted"
    _give_up(work, webhook, "dropped")


def disable(work: Work, webhook: Webhook, data: dict[str, Any]) -> None:
    webhook.disable(data["reason"], work.actor, work.now)
    _give_up(work, webhook, "failed")


def redeliver(work: Work, webhook: Webhook, data: dict[str, Any]) -> dict[str, Any]:
    """At once, with all tries anew."""
    which = _d.id == data["delivery"] if data["delivery"] else _d.state == "failed"
    again = (
        sa.update(t.webhook_deliveries).where(_d.webhook == webhook.id, which).execution_options(**COUNTED)
    )
    count = work.connection.execute(again.values(state="pending", tries=0, next_at=0.0)).rowcount
    if data["delivery"] and not count:
        raise NotFound("没有找到这条推送记录。")
    return {"count": count}


def end_those_outside(work: Work, account: str, roles: list[Role]) -> None:
    """Disable the account's webhooks whose jurisdiction its roles no longer contain."""
    conditions = (_w.owner == account, _w.state.in_(COLLECTING))
    for found in t.webhook_store.find(work.connection, *conditions, limit=MOST_WEBHOOKS):
        if not found.is_within(roles):
            found.disable(LOST_RIGHT, work.actor, work.now)
            work.save(t.webhook_store, found)
            _give_up(work, found, "dropped")
        elif found.lose_judgements(roles):
            work.save(t.webhook_store, found)


def _begin(work: Work, webhook: Webhook, starts: dict[str, int] | None = None) -> None:
    """Where nothing was collected so far, begin at the webhook's own start: what happened before is for nobody."""
    others = sa.select(sa.func.count()).where(_w.state.in_(COLLECTING), _w.id != webhook.id)
    if work.connection.scalar(others):
        return
    work.connection.execute(sa.delete(t.webhook_cursor))
    rows = [{"service": s, "position": p} for s, p in (starts or webhook.starts).items()]
    if rows:
        insert = insert_into(t.webhook_cursor, work.connection.dialect.name)
        work.connection.execute(insert.on_conflict_do_nothing(), rows)


def _give_up(work: Work, webhook: Webhook, state: str) -> None:
    waiting = sa.update(t.webhook_deliveries).where(_d.webhook == webhook.id, _d.state == "pending")
    work.connection.execute(waiting.values(state=state))


# --- questions ------------------------------------------------------------------------------------------------------


def webhooks(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    jurisdictions_of(work.actor)
    conditions = [_w.state == params["state"] if params["state"] else _w.state != "deleted"]
    if not sees_all(work.actor):
        conditions.append(_w.owner == work.actor.account)
    return [_described(w, work.actor) for w in t.webhook_store.find(work.connection, *conditions, limit=500)]


def webhook(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    found = _own(work, params["id"])
    counted = sa.select(_d.state, sa.func.count()).where(_d.webhook == found.id).group_by(_d.state)
    counts = {row[0]: row[1] for row in work.connection.execute(counted)}
    return {**_described(found, work.actor), "deliveries": counts}


def deliveries(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    found = _own(work, params["id"])
    query = sa.select(
        _d.id, _d.event_id, _d.type, _d.state, _d.tries, _d.next_at, _d.made_at, _d.attempts, _d.body
    ).where(_d.webhook == found.id)
    if params["state"]:
        query = query.where(_d.state == params["state"])
    rows = work.connection.execute(query.order_by(_d.id.desc()).limit(params["limit"]))
    return [dict(row._mapping) for row in rows]


def _own(work: Work, id: str) -> Webhook:
    found = t.webhook_store.get(work.connection, id)
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这个推送。")
    return found


def _described(w: Webhook, actor: Actor) -> dict[str, Any]:
    return {
        "id": w.id, "version": w.version, "state": w.state, "url": w.url, "jurisdiction": w.congress, "types": w.types,
        "description": w.description, "reason": w.reason, "disabled_at": w.disabled_at, "owner": w.owner,
        "owner_name": w.owner_name, "created_at": w.created_at.isoformat(), "may": w.may(actor),
    }  # fmt: skip
