"""Looks for strange patterns among the forms that were given, and lets the congress's people settle what it finds.

Giving a form only leaves a mark. What is strange is looked for afterwards, by the system: so no deputy waits for it, and
nothing can keep a judgement from being taken in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.parts import Form
from services.evaluation.model.patterns import (
    KEPT_DAYS,
    LOOK_RULES,
    OPEN,
    WATCHERS,
    Flag,
    Mark,
    PatternRules,
    patterns_of,
    words_of,
)
from shared.handlers import Event
from shared.problems import NotAllowed
from shared.statements import insert_into
from shared.terms import FLAG_KINDS, FLAG_OUTCOMES
from shared.work import Work

Data = dict[str, Any]
MOST_AT_ONCE = 200
MOST_COMPARED = 500
LONGEST_LIST = 200
# What deputies do with their accounts beside judging.
OTHER_USE = (
    "suggestion.submitted.v1", "cosigner.accepted.v1", "cosigner.declined.v1", "contact.confirmed.v1", "remark.made.v1",
    "draft.commented.v1", "plan.agreed.v1", "plan.declined.v1",
)  # fmt: skip


def leave_mark(work: Work, evaluation: Evaluation, reply: str, form: Form) -> None:
    """That a deputy has given a form just now; not of a case that is told as of another time, where hours are made up."""
    if work.actor.now is not None:
        return
    row = {
        "reply_id": reply, "deputy_id": form.deputy.id, "deputy_name": form.deputy.name, "suggestion_id": evaluation.id, "congress": evaluation.congress,
        "account": work.actor.account, "given_at": work.now.isoformat(), "origin": work.actor.origin,
        "words": words_of(form.process_comment, form.result_comment), "looked": False,
    }  # fmt: skip
    insert = insert_into(t.form_marks, work.connection.dialect.name)
    work.connection.execute(insert.values(row).on_conflict_do_nothing())


def on_other_use(work: Work, event: Event) -> None:
    """A deputy's account was used for something else than judging."""
    if account := event["data"]["by"]["account"]:
        insert = insert_into(t.account_uses, work.connection.dialect.name)
        work.connection.execute(insert.values(account=account).on_conflict_do_nothing())


def look_for_patterns(work: Work, data: Data) -> Data:
    """Compare the forms that came since the last look with those before them, and forget marks that are too old."""
    work.authorize(LOOK_RULES, "look_for_patterns", "")
    m = t.form_marks.c
    waiting = sa.select(t.form_marks).where(m.looked.is_(False)).order_by(m.given_at, m.reply_id, m.deputy_id)
    rows = list(work.connection.execute(waiting.limit(MOST_AT_ONCE)))
    flags = 0
    for row in rows:
        flags += _look_at(work, row.congress, _mark(row))
        same = (m.reply_id == row.reply_id, m.deputy_id == row.deputy_id)
        work.connection.execute(sa.update(t.form_marks).where(*same).values(looked=True))
    long_ago = (work.now - timedelta(days=KEPT_DAYS)).isoformat()
    work.connection.execute(sa.delete(t.form_marks).where(m.looked.is_(True), m.given_at < long_ago))
    return {"id": "", "looked": len(rows), "flags": flags}


def _look_at(work: Work, congress: str, new: Mark) -> int:
    rules = PatternRules(**work.practices.settings("patterns", congress, on=work.today))
    used = sa.select(t.account_uses.c.account).where(t.account_uses.c.account == new.account)
    has_other_use = work.connection.scalar(used) is not None
    told = 0
    for pattern in patterns_of(new, _before(work, congress, new), has_other_use, rules):
        id = Flag.id_of(congress, pattern)
        flag = t.flag_store.get(work.connection, id, lock=True)
        flag = flag or Flag(id=id, congress=congress, kind=pattern.kind)
        if flag.see(pattern, work.actor, work.now):
            work.save(t.flag_store, flag)
            told += 1
    return told


def _before(work: Work, congress: str, new: Mark) -> list[Mark]:
    """Forms given before this one at the congress that share account, address or words with it."""
    m = t.form_marks.c
    since = (new.given_at - timedelta(days=KEPT_DAYS)).isoformat()
    alike = [m.account == new.account]
    alike += [m.origin == new.origin] if new.origin else []
    alike += [m.words == new.words] if new.words else []
    query = sa.select(t.form_marks).where(
        m.congress == congress, m.given_at >= since, m.given_at <= new.given_at.isoformat(), sa.or_(*alike),
        sa.not_(sa.and_(m.reply_id == new.reply, m.deputy_id == new.deputy)),
    )  # fmt: skip
    rows = work.connection.execute(query.order_by(m.given_at.desc()).limit(MOST_COMPARED))
    return [_mark(row) for row in rows]


def _mark(row: Any) -> Mark:
    given_at = datetime.fromisoformat(row.given_at)
    return Mark(
        row.suggestion_id, row.reply_id, row.deputy_id, row.deputy_name, row.account, given_at, row.origin, row.words
    )  # fmt: skip


def settle_flag(work: Work, flag: Flag, data: Data) -> None:
    flag.settle(data["outcome"], data["reason"], work.actor, work.now)


# --- who reads them -----------------------------------------------------------------------------------


def flags(work: Work, params: Data) -> list[Data]:
    """The flags of a congress, the open ones first, with the forms in them; nothing of how they judge."""
    if not any(work.actor.has(role, params["congress"]) for role in WATCHERS):
        raise NotAllowed("只有本级人大的工作机构可以查看评价异常。")
    f = t.flags.c
    wanted = [f.congress == params["congress"], *([f.state == params["state"]] if params["state"] else [])]
    found = t.flag_store.find(work.connection, *wanted, limit=LONGEST_LIST)
    told = _called(work, {mark.suggestion for flag in found for mark in flag.forms})
    found.sort(key=lambda flag: (flag.state != OPEN, _negative(flag.raised_at)))
    return [_flag(flag, told, work) for flag in found]


def _negative(at: datetime | None) -> float:
    return -at.timestamp() if at else 0.0


def _flag(flag: Flag, told: dict[str, tuple[str, str]], work: Work) -> Data:
    forms = [
        {
            "suggestion": mark.suggestion, "number": told.get(mark.suggestion, ("", ""))[0],
            "title": told.get(mark.suggestion, ("", ""))[1], "reply": mark.reply, "deputy": mark.deputy,
            "deputy_name": mark.name, "given_at": mark.given_at.isoformat(),
        }
        for mark in flag.forms
    ]  # fmt: skip
    settled = flag.settled
    return {
        "id": flag.id, "version": flag.version, "congress": flag.congress, "kind": flag.kind, "kind_label": FLAG_KINDS[flag.kind],
        "because": flag.because, "state": flag.state, "state_label": flag.rules.states[flag.state],
        "raised_at": flag.raised_at.isoformat() if flag.raised_at else "", "forms": forms,
        "settled": {"outcome": settled.outcome, "outcome_label": FLAG_OUTCOMES[settled.outcome], "reason": settled.reason,
                    "by": settled.by, "at": settled.at.isoformat()} if settled else None,
        "may": flag.may(work.actor),
    }  # fmt: skip


def _called(work: Work, suggestions: set[str]) -> dict[str, tuple[str, str]]:
    e = t.evaluations.c
    query = sa.select(e.id, e.number, e.title).where(e.id.in_(sorted(suggestions)))
    return {row.id: (row.number, row.title) for row in work.connection.execute(query)}


def flags_to_settle(work: Work, offices: list[str]) -> list[Data]:
    """For the office: what nobody has looked into yet."""
    f = t.flags.c
    found = t.flag_store.find(work.connection, f.congress.in_(offices), f.state == OPEN, limit=LONGEST_LIST)
    return [
        {
            "suggestion": "", "title": f"评价异常：{FLAG_KINDS[flag.kind]}", "number": "", "congress": flag.congress,
            "command": "settle_flag", "what": "核实", "since": flag.raised_at.date().isoformat() if flag.raised_at else "",
            "page": f"/figures/flags?congress={flag.congress}",
        }
        for flag in found
    ]  # fmt: skip
