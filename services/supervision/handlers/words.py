"""What deputies say of the handling itself (听取代表对办理工作的建议和意见): remarks meanwhile with their answers, and words on the process.

A list for the congress and the office that distributes, made of what is told; the words on the process are heard as the judgements
are: the office that distributes reads them when units do. What deputies say of promises is for the congress alone.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.sight import Sight
from shared.clock import legal_date
from shared.handlers import Event
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotAllowed
from shared.statements import insert_into
from shared.terms import DEPUTY_WORDS, KEPT, SATISFACTION
from shared.work import Work

READERS = ("liaison", "distributing", *SUPERVISORS_OF_THE_CONGRESS)
# By which is known whether one may hear of it: see `Sight.knows_judgement`.
JUDGED = (
    t.ledger.c.state, t.ledger.c.closed_on, t.ledger.c.more, t.ledger.c.shows_judgement, sa.false().label("is_own"),
)  # fmt: skip
HEARD = (
    "remark.made.v1",
    "remark.answered.v1",
    "feedback.given.v1",
    "supplement.judged.v1",
    "doubt.answered.v1",
)


def take_in_words(work: Work, event: Event) -> None:
    """A remark or what a deputy says of a promise, its answer, or what one says of the process. The answer may come first."""
    data, on = event["data"], legal_date(datetime.fromisoformat(event["time"])).isoformat()
    about = {"suggestion_id": event["subject"], "congress": event["jurisdiction"]}
    if event["type"] == "remark.answered.v1":
        said = {"answer": data["text"], "answered_by": data["unit"]["name"], "answered_on": on}
        _write(work, {**about, "id": data["remark"], "kind": "remark", **said})
    elif event["type"] == "remark.made.v1":
        _write(work, {**about, "id": data["remark"], "kind": "remark", **_said(data, data["text"], on)})
    elif event["type"] == "doubt.answered.v1":
        answer = {
            "answer": data["text"],
            "answered_by": data["by"]["name"],
            "answered_on": data["answered_on"],
        }
        _write(work, {**about, "id": _of_promise(data), "kind": "kept", **answer})
    elif event["type"] == "supplement.judged.v1":
        words, more = f"{KEPT[data['kept']]}。{data['words']}", {"unit_name": data["unit"]["name"]}
        said = _said(data, words, data["judged_on"])
        _write(work, {**about, "id": _of_promise(data), "kind": "kept", **said, **more})
    elif data["process_comment"]:
        id = f"{data['reply']}/{data['deputy']['id']}"
        more = {"unit_name": data["unit"]["name"], "judgement": data["process"]}
        said = _said(data, data["process_comment"], data["given_on"])
        _write(work, {**about, "id": id, "kind": "process", **said, **more})


def _of_promise(data: dict[str, Any]) -> str:
    return f"{data['supplement']}/{data['deputy']['id']}"


def _said(data: dict[str, Any], words: str, on: str) -> dict[str, Any]:
    return {
        "deputy_id": data["deputy"]["id"],
        "deputy_name": data["deputy"]["name"],
        "words": words,
        "on": on,
    }


def _write(work: Work, row: dict[str, Any]) -> None:
    known = tuple(name for name in row if name not in ("id", "suggestion_id", "congress", "kind"))
    work.connection.execute(_upsert(work.connection.dialect.name, known), [row])


@cache
def _upsert(dialect: str, known: tuple[str, ...]) -> Any:
    """Insert what was said, or add to it what is known now."""
    insert = insert_into(t.deputy_words, dialect)
    return insert.on_conflict_do_update(
        index_elements=["id"], set_={name: insert.excluded[name] for name in known}
    )


def deputy_words(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """What deputies said of the handling at a congress in a year, the newest first."""
    congress, w, of, sight = params["congress"], t.deputy_words.c, t.ledger.c, Sight(work.actor)
    if congress not in work.actor.congresses(*READERS):
        raise NotAllowed("代表对办理工作的意见由本级人大的工作机构和交办单位查看。")
    year = params["year"] or work.today.year
    query = (
        sa.select(t.deputy_words, of.number, of.title, *JUDGED)
        .outerjoin(t.ledger, of.id == w.suggestion_id)
        .where(w.congress == congress, w.on.between(f"{year}-01-01", f"{year}-12-31"))
        .order_by(w.on.desc(), w.id.desc())
        .limit(params["limit"])
    )
    if params["kind"]:
        query = query.where(w.kind == params["kind"])
    if congress not in sight.hearing:
        known = sa.and_(w.kind == "process", of.state.in_(("closed", "published")))
        query = query.where(sa.or_(w.kind == "remark", known))
    if params["unanswered"]:
        query = query.where(w.kind == "remark", w.answered_on == "")
    shown = ("id", "kind", "on", "words", "unit_name", "answer", "answered_by", "answered_on")
    return [
        {
            **{name: row._mapping[name] for name in shown}, "kind_label": DEPUTY_WORDS[row.kind], "suggestion": row.suggestion_id,
            "number": row.number or "", "title": row.title or "", "deputy": {"id": row.deputy_id, "name": row.deputy_name},
            "judgement_label": SATISFACTION.get(row.judgement, ""),
        }
        for row in work.connection.execute(query)
        if row.kind == "remark" or sight.knows_judgement(row, work.today)
    ]  # fmt: skip
