"""What each party has to supervise, what was demanded of units, and what waits in supervision for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.questions import COLUMNS, ORDER, in_days, lights_by_measure, shown_line
from services.supervision.handlers.sight import Condition, Sight, within
from services.supervision.model.deadlines import LIGHT_LABELS
from services.supervision.model.demands import ORIGINS, STATES, Demand
from services.supervision.model.ledger import IN_HAND, OVERSEERS, UNIT_PEOPLE
from services.supervision.model.parties import OF_ROLE, PARTIES, means, parties_at
from services.supervision.model.party_duties import NextDuty, next_duty
from services.supervision.model.timeline import SUPERVISION_METHODS
from services.supervision.model.visits import STATES as VISIT_STATES
from services.supervision.model.visits import Visit
from shared.identity import Actor
from shared.offices import is_held_by, is_meant
from shared.problems import Invalid
from shared.work import Work

MOST_LINES = 300
MOST_WAITING = 100
DAYS_AHEAD = 30
LEFT = ("open", "answered")

# --- my supervision -----------------------------------------------------------------------------------------


def supervision_board(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{parties: {party: label}, lines: [the line, parties, last_supervised_on, planned_on, next, duty_on, duty_because], planned: [visits]}.

    `next` is what the person has to do there next, empty when it goes its way: a key suggestion is supervised at least once,
    an answer is judged, a proposed measure is decided.
    """
    congresses = sorted(work.actor.congresses(*OF_ROLE))
    if params["congress"]:
        congresses = [path for path in congresses if path == params["congress"]]
    mine = _mine(work, congresses)
    for id in _of_my_fields(work, congresses):
        mine[id] = list(dict.fromkeys([*mine.get(id, ()), "oversees"]))
    lines = _lines(work, list(mine))
    state = _state(work.connection, [line["id"] for line in lines], Sight(work.actor).measures())
    words = words_at(work, congresses[0]) if len(congresses) == 1 else PARTIES
    shown = [
        {
            **line,
            "parties": [words[party] for party in mine[line["id"]]],
            **_with_next(work, line, mine[line["id"]], words, state),
        }
        for line in lines
    ]
    at = {party for path in congresses for party in parties_at(work.actor, path)}
    return {
        "parties": {party: words[party] for party in PARTIES if party in at},
        "lines": sorted(
            shown, key=lambda line: (not line["next"], line["duty_on"] or line["next_due_on"] or "9999")
        ),
        "planned": planned_soon(
            work, [params["congress"]] if params["congress"] else work.actor.congresses()
        ),
    }


def words_at(work: Work, congress: str) -> dict[str, str]:
    """{party: how a place calls what it does}, as 主任联办、市长领办 in Liuyang."""
    laid_down = work.practices.settings("key_words", congress)
    return {party: laid_down[party] or usual for party, usual in PARTIES.items()}


def _mine(work: Work, congresses: list[str]) -> dict[str, list[str]]:
    """{suggestion: as which parties the person is meant by its key mark}."""
    if not congresses:
        return {}
    p, found = t.ledger_parties.c, dict[str, list[str]]()
    query = sa.select(t.ledger_parties).where(within(p.congress, congresses))
    offices = {
        office["id"]: office for path in congresses for office in work.copies.of_congress("office", path)
    }
    for row in work.connection.execute(query.order_by(p.suggestion_id, p.party)):
        office = offices.get(row.office_id)
        if row.party in parties_at(work.actor, row.congress) and means(
            row.name, office, work.actor, work.today
        ):
            found.setdefault(row.suggestion_id, []).append(row.party)
    return found


def _of_my_fields(work: Work, congresses: list[str]) -> list[str]:
    """What is in hand in the fields that the place leaves to this committee (对口督办), whether key or not."""
    of, found = t.ledger.c, list[str]()
    for path in congresses:
        laid_down = work.practices.settings("supervision", path)["committees"]
        names = [work.actor.name, *_held(work, path)]
        fields = [
            one["category"] for one in laid_down if any(is_meant(one["committee"], name) for name in names)
        ]
        if fields and "oversees" in parties_at(work.actor, path):
            in_hand = (of.congress == path, of.category.in_(fields), of.state.in_(IN_HAND))
            found += work.connection.scalars(
                sa.select(of.id).where(*in_hand).order_by(*ORDER).limit(MOST_LINES)
            )
    return found


def _held(work: Work, congress: str) -> list[str]:
    """The names of the posts that the person holds at a congress: of the committees, to which fields are left."""
    return [
        office["name"]
        for office in work.copies.of_congress("office", congress)
        if is_held_by(office, work.actor.account, work.today)
    ]


def _lines(work: Work, ids: list[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    sight = Sight(work.actor)
    query = sa.select(*COLUMNS, sight.stage(), sight.is_own()).where(t.ledger.c.id.in_(ids), sight.lines())
    rows = work.connection.execute(query.order_by(*ORDER).limit(MOST_LINES))
    return [shown_line(row, sight, work.today) for row in rows]


def _state(connection: sa.Connection, ids: list[str], may_see: Condition) -> dict[str, dict[str, Any]]:
    """Of each suggestion: when it was last supervised, when it is planned, what units answered, what is proposed."""
    if not ids:
        return {}
    s, v, d, m = t.supervisions.c, t.visits.c, t.demands.c, t.measures.c
    asked = {
        "last_supervised_on": sa.select(s.suggestion_id, sa.func.max(s.on)).where(s.suggestion_id.in_(ids)).group_by(s.suggestion_id),
        "planned_on": sa.select(v.suggestion_id, sa.func.min(v.on))
        .where(v.suggestion_id.in_(ids), v.state == "planned")
        .group_by(v.suggestion_id),
        "answered": sa.select(d.suggestion_id, sa.func.count())
        .where(d.suggestion_id.in_(ids), d.state == "answered")
        .group_by(d.suggestion_id),
        "proposed": sa.select(m.suggestion_id, sa.func.count())
        .where(m.suggestion_id.in_(ids), m.state == "proposed", may_see)
        .group_by(m.suggestion_id),
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {id: {"measure_light": ""} for id in ids}
    for name, query in asked.items():
        for id, value in connection.execute(query):
            found[id][name] = value
    for id, shown in lights_by_measure(connection, ids).items():
        found[id]["measure_light"] = shown
    return found


def _with_next(
    work: Work,
    line: dict[str, Any],
    mine: list[str],
    words: Mapping[str, str],
    states: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    state = states[line["id"]]
    last, planned = state.get("last_supervised_on", ""), state.get("planned_on", "")
    duty = _duty(work, line, {party: words[party] for party in mine}, last) if line["key"] else None
    if state.get("proposed"):
        to_do = "有督办措施待决定"
    elif state.get("answered"):
        to_do = "单位已答复，请核定"
    elif duty and duty.due_on < work.today and not planned:
        to_do = f"应在{duty.due_on}前督办，已经过期，请安排督办"
    elif not last and not planned and line["state"] in IN_HAND:
        to_do = "还没有督办过，请安排督办"
    else:
        to_do = ""
    return {
        "last_supervised_on": last,
        "planned_on": planned,
        "next": to_do,
        "duty_on": duty.due_on.isoformat() if duty else "",
        "duty_light": light_at(work, line["congress"], duty.due_on).value if duty else "",
        "duty_because": duty.because if duty else "",
        "measure_light": state["measure_light"],
    }


def _duty(work: Work, line: dict[str, Any], parties: Mapping[str, str], last: str) -> NextDuty | None:
    """When the person's parties are to supervise it next, while it is in hand."""
    if line["state"] not in IN_HAND:
        return None
    settings = work.practices.settings("party_duties", line["congress"])
    return next_duty(parties, t.day_of(line["assigned_on"]), t.day_of(last), settings)


# --- demands ------------------------------------------------------------------------------------------------


def demands(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Demands of the congresses one oversees, of one's units and of one's own suggestions, by date."""
    d, state = t.demands.c, params["state"]
    conditions: list[Condition] = [d.congress == params["congress"]] if params["congress"] else []
    conditions += [d.id == params["demand"]] if params["demand"] else []
    if state == "overdue":
        conditions += [d.state == "open", d.due_on < work.today.isoformat()]
    elif state == "left":
        conditions.append(d.state.in_(LEFT))
    elif state in STATES:
        conditions.append(d.state == state)
    elif state:
        choices = "、".join(
            f"{label}（{name}）" for name, label in {**STATES, "left": "未了结", "overdue": "已逾期"}.items()
        )
        raise Invalid("没有这种状态。", {"state": [f"请从{choices}中选择。"]})
    return demands_where(work, *conditions, limit=params["limit"])


def demands_where(work: Work, *conditions: Condition, limit: int) -> list[dict[str, Any]]:
    """The demands that the person may see and that meet the conditions, by date."""
    d, of = t.demands.c, t.ledger.c
    query = (
        sa.select(d.id, of.number, of.title)
        .outerjoin(t.ledger, of.id == d.suggestion_id)
        .where(Sight(work.actor).demands(), *conditions)
        .order_by(d.due_on, d.id)
        .limit(limit)
    )
    rows = work.connection.execute(query).all()
    found = t.demand_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    return [_demand(work, found[row.id], row) for row in rows]


def _demand(work: Work, demand: Demand, row: Any) -> dict[str, Any]:
    actor, is_open = work.actor, demand.state == "open"
    shown = light_at(work, demand.congress, demand.due_on) if demand.due_on and is_open else None
    return {
        "id": demand.id, "version": demand.version, "suggestion": demand.suggestion, "congress": demand.congress,
        "number": row.number or "", "title": row.title or "", "unit": demand.unit.as_data(), "origin": demand.origin,
        "origin_label": ORIGINS[demand.origin], "text": demand.text, "due_on": t.day_text(demand.due_on),
        "asked_on": demand.asked_on.isoformat(), "asked_by": demand.asked_by, "state": demand.state,
        "state_label": STATES[demand.state], "light": shown.value if shown else "",
        "light_label": LIGHT_LABELS[shown] if shown else "", "source": demand.source, "note": demand.note,
        "settled_on": t.day_text(demand.settled_on),
        "answers": [
            {"at": a.at.isoformat(), "by": a.by, "text": a.text, "hindered_by": a.hindered_by, "next_steps": a.next_steps}
            for a in demand.answers
        ],
        "returned": [
            {"at": r.at.isoformat(), "by": r.by, "reason": r.reason, "due_on": t.day_text(r.due_on)} for r in demand.returned
        ],
        "may": demand.may(actor),
    }  # fmt: skip


def visits_of(work: Work, suggestion: str) -> list[dict[str, Any]]:
    """The planned supervisions of a suggestion whose page the person may see."""
    v = t.visits.c
    found = t.visit_store.find(work.connection, v.suggestion_id == suggestion)
    return [_visit(visit, work.actor) for visit in sorted(found, key=lambda visit: (visit.on, visit.id))]


def _visit(visit: Visit, actor: Actor) -> dict[str, Any]:
    return {
        "id": visit.id, "version": visit.version, "on": visit.on.isoformat(), "method": visit.method,
        "method_label": SUPERVISION_METHODS.get(visit.method, visit.method), "place": visit.place, "led_by": visit.led_by,
        "note": visit.note, "state": visit.state, "state_label": VISIT_STATES[visit.state], "reason": visit.reason,
        "units": [unit.as_data() for unit in visit.units], "text": f"{visit.on} {visit.place}", "due_on": "",
        "guests": [{"deputy": g.deputy.as_data(), "answer": g.answer, "words": g.words} for g in visit.guests],
        "may": visit.may(actor),
    }  # fmt: skip


def supervision_log(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """What was supervised between two days at a congress that the person oversees, the oldest first."""
    if params["congress"] not in work.actor.congresses(*OVERSEERS):
        return []
    s, of = t.supervisions.c, t.ledger.c
    days = s.on.between(params["since"].isoformat(), params["until"].isoformat())
    query = sa.select(t.supervisions, of.number, of.title).outerjoin(t.ledger, of.id == s.suggestion_id)
    rows = work.connection.execute(
        query.where(s.congress == params["congress"], days).order_by(s.on, s.id).limit(params["limit"])
    )
    shown = ("on", "place", "led_by", "participants", "findings")
    return [
        {
            **{name: row._mapping[name] for name in shown}, "suggestion": row.suggestion_id, "number": row.number or "", "title": row.title or "",
            "method_label": SUPERVISION_METHODS.get(row.method, row.method), "said": row.more.get("said", ""),
        }
        for row in rows
    ]  # fmt: skip


# --- to do --------------------------------------------------------------------------------------------------


def demands_waiting(work: Work) -> list[dict[str, Any]]:
    """For units what they have to answer; for those who asked what was answered, for the office all of it."""
    d, actor = t.demands.c, work.actor
    found: list[dict[str, Any]] = []
    if units := sorted(actor.units(*UNIT_PEOPLE)):
        found += _demands_waiting(work, "answer_demand", within(d.unit_id, units), d.state == "open")
    if offices := sorted(actor.congresses(*OVERSEERS)):
        found += _demands_waiting(work, "settle_demand", within(d.congress, offices), d.state == "answered")
    return found


def _demands_waiting(work: Work, command: str, *conditions: Condition) -> list[dict[str, Any]]:
    d, of = t.demands.c, t.ledger.c
    query = (
        sa.select(d.id, of.number, of.title)
        .outerjoin(t.ledger, of.id == d.suggestion_id)
        .where(*conditions)
        .order_by(d.due_on, d.id)
        .limit(MOST_WAITING)
    )
    rows = work.connection.execute(query).all()
    found = t.demand_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    actor = work.actor
    return [
        {
            "suggestion": demand.suggestion, "title": row.title or "", "number": row.number or "", "congress": demand.congress,
            "command": command, "demand": demand.id, "unit": demand.unit.id, "unit_name": demand.unit.name,
            "what": f"{'核定答复' if command == 'settle_demand' else '答复'}：{ORIGINS[demand.origin]}",
            "due_on": t.day_text(demand.due_on) if demand.state == "open" else "",
            "light": light_at(work, demand.congress, demand.due_on).value if demand.due_on and demand.state == "open" else "",
            **_about_no_suggestion(demand),
        }
        for row in rows
        if (demand := found[row.id])
        and (command == "answer_demand" or actor.has("liaison", demand.congress) or demand.asked_by_account == actor.account)
    ]  # fmt: skip


def _about_no_suggestion(demand: Demand) -> dict[str, str]:
    """What an opinion of a hearing, or of an appraisal, is called, and on which page it is answered."""
    if demand.suggestion:
        return {}
    if demand.origin == "hearing":
        return {"title": f"{demand.asked_by}审议意见：{demand.text}", "page": f"/hearings/{demand.source}"}
    return {"title": demand.text, "page": f"/demands/{demand.id}"}


def visits_waiting(work: Work) -> list[dict[str, Any]]:
    """For invited deputies who have not said whether they come."""
    if not work.actor.seats:
        return []
    v, of, own = t.visits.c, t.ledger.c, t.ledger_deputies.c
    query = (
        sa.select(v.id, of.number, of.title)
        .join(t.ledger_deputies, own.suggestion_id == v.suggestion_id)
        .outerjoin(t.ledger, of.id == v.suggestion_id)
        .where(within(own.deputy_id, sorted(work.actor.seats)), v.state == "planned", v.on >= work.today.isoformat())
        .order_by(v.on, v.id)
        .limit(MOST_WAITING)
    )  # fmt: skip
    rows = {row.id: row for row in work.connection.execute(query)}
    found = t.visit_store.get_many(work.connection, list(rows)) if rows else {}
    return [
        {
            "suggestion": visit.suggestion, "title": row.title or "", "number": row.number or "", "congress": visit.congress,
            "command": "answer_supervision", "what": f"答复是否参加{visit.on}的督办", "visit": visit.id,
            "due_on": visit.on.isoformat(), "light": light_at(work, visit.congress, visit.on).value,
        }
        for id, row in rows.items()
        if (visit := found[id]) and _is_unanswered(visit, work.actor)
    ]  # fmt: skip


def _is_unanswered(visit: Visit, actor: Actor) -> bool:
    return any(guest.deputy.id in actor.seats and not guest.answer for guest in visit.guests)


def planned_soon(work: Work, congresses: Iterable[str]) -> list[dict[str, Any]]:
    """Supervisions of the next 30 days, for the calendar of those who oversee a congress."""
    own = sorted(set(congresses) & work.actor.congresses(*OVERSEERS))
    if not own:
        return []
    v, of = t.visits.c, t.ledger.c
    soon = (v.state == "planned", v.on <= in_days(work.today, DAYS_AHEAD))
    query = sa.select(v.id, of.number, of.title).outerjoin(t.ledger, of.id == v.suggestion_id)
    rows = work.connection.execute(
        query.where(within(v.congress, own), *soon).order_by(v.on).limit(MOST_WAITING)
    ).all()
    found = t.visit_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    return [
        {**_visit(found[row.id], work.actor), "suggestion": found[row.id].suggestion, "title": row.title or "", "number": row.number or ""}
        for row in rows
    ]  # fmt: skip
