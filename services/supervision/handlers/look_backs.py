"""Look-backs: drawn from the ledger, looked at one by one, and what is not so is put right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.projecting import line_of
from services.supervision.handlers.sight import within
from services.supervision.handlers.year import EACH_DAY
from services.supervision.model.demands import Demand, require_ahead
from services.supervision.model.facts import Named
from services.supervision.model.look_back import (
    FINDINGS,
    INSPECTORS,
    RULES,
    STATES,
    Candidate,
    Drawn,
    LookBack,
    draw,
    require_drawable,
)
from services.supervision.model.year import YearPlan
from shared.aggregate import new_id
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.reply_classes import SOLVED, letters_in, meanings_in
from shared.work import Work

MOST_CANDIDATES = 20_000


def draw_look_back(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Draw a sample of what was closed in some years: the same seed draws the same again."""
    work.authorize(RULES, "draw_look_back", data["congress"])
    if data["from_year"] > data["to_year"]:
        raise Invalid("起止年份有误。", {"to_year": ["结束年份不能早于开始年份。"]})
    settings = work.practices.settings("reply_classes", data["congress"])
    classes = letters_in(data["classes"], settings)
    if not classes:
        wanted = f"请填写{'、'.join(meanings_in(settings))}中的一个或几个。"
        raise Invalid("没有选择办理结果。", {"classes": [wanted]})
    candidates = _candidates(work, data, classes)
    require_drawable(candidates)
    look_back = _draw(work, data, classes, candidates)
    return {"id": look_back.id, "of": look_back.of, "drawn": len(look_back.sample), "seed": look_back.seed}


def draw_when_due(work: Work, plan: YearPlan) -> None:
    """In its time of the year the sample is drawn by itself from what was closed as solved, where the place wants so.

    While nothing is closed, it is tried again the next day.
    """
    settings = work.practices.settings("year_calendar", plan.congress, on=work.today)
    entry = plan.look_back_due(work.today) if settings["look_back_share"] else None
    if entry is None:
        return
    letters = meanings_in(work.practices.settings("reply_classes", plan.congress))
    classes = [letter for letter, means in letters.items() if means == SOLVED]
    data = {
        "congress": plan.congress, "name": f"{plan.year}年回头看（自动抽取）", "from_year": plan.year, "to_year": plan.year, "unit": "",
        "seed": "", "share": settings["look_back_share"], "least_of_each_unit": 1,
    }  # fmt: skip
    if candidates := _candidates(work, data, classes):
        plan.drew_look_back = True
        _draw(work, data, classes, candidates, entry.until)


EACH_DAY.append(draw_when_due)


def _draw(
    work: Work,
    data: dict[str, Any],
    classes: list[str],
    candidates: list[Candidate],
    due_on: date | None = None,
) -> LookBack:
    id = new_id()
    seed = data["seed"] or id
    sample = draw(candidates, seed, data["share"], data["least_of_each_unit"])
    look_back = LookBack(
        id=id, classes=classes, seed=seed, of=len(candidates), sample=[Drawn(one) for one in sample], drawn_on=work.today, due_on=due_on,
        **{name: data[name] for name in ("congress", "name", "from_year", "to_year", "share", "least_of_each_unit")},
    )  # fmt: skip
    look_back.record(
        "lookback.drawn",
        work.now,
        work.actor,
        name=look_back.name,
        seed=seed,
        of=look_back.of,
        drawn=len(sample),
    )
    work.save(t.look_back_store, look_back)
    return look_back


def _candidates(work: Work, data: dict[str, Any], classes: list[str]) -> list[Candidate]:
    of = t.ledger.c
    query = sa.select(of.id, of.number, of.title, of.lead_unit_id, of.lead_unit, of.reply_class).where(
        of.congress == data["congress"], of.year_descending.between(-data["to_year"], -data["from_year"]),
        of.state.in_(("closed", "published")), of.reply_class.in_(classes), of.lead_unit_id != "",
    )  # fmt: skip
    named: dict[str, str] = {}
    if data["unit"]:  # one of several separate units is looked back on as a lead unit is
        own, known = t.ledger_units.c, work.copies.get("unit", data["unit"])
        answers = (own.unit_id == data["unit"], own.role.in_(("lead", "separate")))
        query = query.where(of.id.in_(sa.select(own.suggestion_id).where(*answers)))
        named = {"unit": data["unit"], "unit_name": known["name"]} if known else {}
    rows = work.connection.execute(query.order_by(of.id).limit(MOST_CANDIDATES))
    found = [
        Candidate(
            row.id, row.number, row.title, row.lead_unit_id, row.lead_unit.split("、")[0], row.reply_class
        )
        for row in rows
    ]
    return [replace(one, **named) for one in found] if named else found


def record_finding(work: Work, look_back: LookBack, data: dict[str, Any]) -> dict[str, Any]:
    """What an inspector found there. What is not so, or not wholly, becomes a demand with a date."""
    one = look_back.find(
        data["suggestion"], data["finding"], data["words"], data["on"], work.actor, work.today
    )
    line = line_of(work, data["suggestion"], look_back.congress)
    unit = Named(one.candidate.unit, one.candidate.unit_name)
    demand: Demand | None = None
    if data["finding"] != "true":
        if not data["due_on"]:
            raise Invalid("请填写整改期限。", {"due_on": ["不属实或部分落实的，请写明整改期限。"]})
        require_ahead(data["due_on"], work.today)
        demand = Demand(
            id=new_id(), congress=line.congress, suggestion=line.id, unit=unit, origin="look_back", text=data["words"],
            due_on=data["due_on"], asked_on=work.today, asked_by=work.actor.name, asked_by_account=work.actor.account,
            deputies=sorted(line.deputies()), source=look_back.id,
        )  # fmt: skip
        work.save(t.demand_store, demand)
    line.record(
        "lookback.found", work.now, work.actor, lookback=look_back.id, unit=unit.as_data(), finding=data["finding"],
        words=data["words"], on=data["on"].isoformat(), demand=demand.id if demand else "", due_on=t.day_text(data["due_on"]),
    )  # fmt: skip
    work.save(t.lines, line)
    return {"demand": demand.id if demand else ""}


def end_look_back(work: Work, look_back: LookBack, data: dict[str, Any]) -> None:
    """All of the sample was looked at."""
    look_back.end(data["summary"], work.today)
    counted = Counter(one.finding for one in look_back.sample)
    look_back.record(
        "lookback.ended",
        work.now,
        work.actor,
        summary=data["summary"],
        found={name: counted[name] for name in FINDINGS},
    )


def look_backs_waiting(work: Work) -> list[dict[str, Any]]:
    """The look-backs that came due by themselves and are not ended, for who looks and for who ends them."""
    b, own = t.look_backs.c, sorted(work.actor.congresses(*INSPECTORS))
    if not own:
        return []
    found = t.look_back_store.find(work.connection, within(b.congress, own), b.state == "drawn", limit=50)
    return [
        {
            "suggestion": "", "title": one.name, "number": "", "congress": one.congress, "command": "record_finding",
            "what": f"逐件检查，还有{left}件" if (left := sum(not drawn.finding for drawn in one.sample)) else "结束回头看",
            "due_on": one.due_on.isoformat(), "light": light_at(work, one.congress, one.due_on).value, "page": f"/look-backs/{one.id}",
        }
        for one in found
        if one.due_on
    ]  # fmt: skip


# --- lists --------------------------------------------------------------------------------------------------


def look_backs(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{look_backs, may_draw}: those of the congresses one oversees, the newest first."""
    b, actor = t.look_backs.c, work.actor
    own = sorted(actor.congresses(*INSPECTORS))
    if params["congress"]:
        own = [path for path in own if path == params["congress"]]
    if not own:
        return {"look_backs": [], "may_draw": False}
    query = sa.select(b.id).where(within(b.congress, own)).order_by(b.id.desc()).limit(100)
    found = t.look_back_store.get_many(work.connection, list(work.connection.scalars(query)))
    return {
        "look_backs": [_shown(one, actor) for one in sorted(found.values(), key=lambda one: one.id, reverse=True)],
        "may_draw": any(actor.has("liaison", path) for path in own),
    }  # fmt: skip


def look_back(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """One look-back with its sample."""
    found = t.look_back_store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这次回头看。")
    return {
        **_shown(found, work.actor),
        "sample": [
            {
                **vars(one.candidate), "finding": one.finding, "finding_label": FINDINGS.get(one.finding, "待检查"), "words": one.words,
                "on": t.day_text(one.on), "by": one.by,
            }
            for one in found.sample
        ],
    }  # fmt: skip


def _shown(look_back: LookBack, actor: Actor) -> dict[str, Any]:
    counted = Counter(one.finding for one in look_back.sample)
    return {
        "id": look_back.id, "version": look_back.version, "congress": look_back.congress, "name": look_back.name,
        "from_year": look_back.from_year, "to_year": look_back.to_year, "classes": "、".join(look_back.classes), "share": look_back.share,
        "least_of_each_unit": look_back.least_of_each_unit, "seed": look_back.seed, "of": look_back.of, "drawn": len(look_back.sample),
        "drawn_on": look_back.drawn_on.isoformat(), "due_on": t.day_text(look_back.due_on), "state": look_back.state, "state_label": STATES[look_back.state],
        "left": counted[""], "found": {label: counted[name] for name, label in FINDINGS.items()}, "summary": look_back.summary,
        "ended_on": t.day_text(look_back.ended_on), "may": look_back.may(actor),
    }  # fmt: skip
