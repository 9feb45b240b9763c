"""What people ask and say about their messages, and operators about those that did not leave."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.gateway import tables as t
from services.gateway.messages import channels
from services.gateway.messages.occasions import Matter, places, sentence
from shared.contracts import messages as contracts
from shared.handlers import Handlers
from shared.identity import Actor
from shared.postgresql import COUNTED
from shared.problems import NotAllowed
from shared.statements import insert_into
from shared.work import Work

MOST_COUNTED = 100
_m, _d = t.messages.c, t.message_deliveries.c


def declare(handlers: Handlers) -> None:
    """Declare all commands and queries."""
    handlers.query(contracts.MESSAGES)(messages)
    handlers.query(contracts.MY_CHANNELS)(my_channels)
    handlers.query(contracts.UNDELIVERED)(undelivered)
    handlers.creates(contracts.READ)(read)
    handlers.creates(contracts.CHOOSE_CHANNELS)(choose_channels)
    handlers.creates(contracts.RESEND)(resend)


def own(actor: Actor) -> sa.ColumnElement[bool]:
    """The person's messages, as far as the person still is what they were meant for."""
    roles = [{"role": r.role, "congress": r.congress, "unit": r.unit, "seat": r.seat} for r in actor.roles]
    by_account = ""  # meant for this very person, as who holds a post
    return (_m.account == actor.account) & _m.place.in_([by_account, *sorted(places(roles))])


def unread(connection: sa.Connection, actor: Actor) -> int:
    """How many messages somebody has not read; at most MOST_COUNTED."""
    some = sa.select(_m.id).where(own(actor), _m.read.is_(False)).limit(MOST_COUNTED).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def messages(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    conditions = [own(work.actor)]
    if params["unread"]:
        conditions.append(_m.read.is_(False))
    if params["before"]:
        conditions.append(_m.id < params["before"])
    known = t.matters.c
    joined = t.messages.outerjoin(t.matters, known.id == _m.suggestion)
    query = sa.select(t.messages, known.title).select_from(joined).where(*conditions)
    rows = work.connection.execute(query.order_by(_m.id.desc()).limit(params["limit"] + 1)).all()
    page = rows[: params["limit"]]
    sent = _deliveries(work.connection, [row.id for row in page])
    return {
        "messages": [{**_described(work, row), "deliveries": sent.get(row.id, [])} for row in page],
        "unread": unread(work.connection, work.actor),
        "more": len(rows) > len(page),
    }


def words_of(work: Work, congress: str) -> dict[str, str]:
    """The sentences that a place has laid down for itself."""
    return {own["kind"]: own["text"] for own in work.practices.settings("channels", congress)["words"]}


def _described(work: Work, row: Any) -> dict[str, Any]:
    text = sentence(row.kind, row.facts, Matter(row.title or ""), words_of(work, row.congress))
    return {
        "id": row.id, "at": row.at, "kind": row.kind, "label": contracts.KINDS[row.kind], "text": text, "suggestion": row.suggestion,
        "read": row.read,
    }  # fmt: skip


def _deliveries(connection: sa.Connection, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(sa.select(t.message_deliveries).where(_d.message.in_(ids)).order_by(_d.id)):
        at = row.due_at if row.state == "waiting" else row.changed_at
        found.setdefault(row.message, []).append(
            {"channel": row.channel, "state": row.state, "at": at, "error": row.error}
        )
    return found


def read(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    work.authorized = True  # one's own alone
    which = _m.id.in_(data["messages"]) if data["messages"] else sa.true()
    marked = sa.update(t.messages).where(own(work.actor), _m.read.is_(False), which).values(read=True)
    return {"count": work.connection.execute(marked.execution_options(**COUNTED)).rowcount}


def my_channels(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    mine = t.contact_cards.c.account == work.actor.account
    row = work.connection.execute(sa.select(t.contact_cards).where(mine)).first()
    card = (
        {"mail": row.mail, "phone": row.phone, "daily": row.daily}
        if row
        else {"mail": "", "phone": "", "daily": False}
    )
    return {**card, "available": sorted(channels.opened(work.settings))}


def choose_channels(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """What has not left for an address that is given up does not leave any more."""
    work.authorized = True  # one's own alone
    insert = insert_into(t.contact_cards, work.connection.dialect.name)
    card = {"account": work.actor.account, **data}
    work.connection.execute(insert.values(card).on_conflict_do_update(index_elements=["account"], set_=data))
    for channel, address in ((channels.MAIL, data["mail"]), (channels.SMS, data["phone"])):
        if not address:
            waiting = (_d.account == work.actor.account, _d.channel == channel, _d.state == "waiting")
            work.connection.execute(sa.update(t.message_deliveries).where(*waiting).values(state="dropped"))
    return {}


def undelivered(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    _for_operators(work.actor)
    columns = (
        _d.id,
        _d.account,
        _d.channel,
        _m.kind,
        _d.state,
        _d.tries,
        _d.error,
        _d.changed_at.label("at"),
    )
    query = sa.select(*columns).join_from(t.message_deliveries, t.messages, _m.id == _d.message)
    query = query.where(_d.channel.in_(contracts.CHANNELS), _d.state.in_(("failed", "unknown")))
    rows = work.connection.execute(query.order_by(_d.changed_at.desc()).limit(params["limit"]))
    return [dict(row._mapping) for row in rows]


def resend(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    _for_operators(work.actor)
    work.authorized = True
    states = ("failed", "unknown") if data["deliveries"] else ("failed",)
    which = _d.id.in_(data["deliveries"]) if data["deliveries"] else sa.true()
    again = sa.update(t.message_deliveries).where(
        _d.channel.in_(contracts.CHANNELS), _d.state.in_(states), which
    )
    values = {"state": "waiting", "tries": 0, "due_at": work.now.timestamp(), "error": ""}
    return {"count": work.connection.execute(again.values(values).execution_options(**COUNTED)).rowcount}


def _for_operators(actor: Actor) -> None:
    if not actor.has("operator"):
        raise NotAllowed("只有运维人员可以查看和处理。")
