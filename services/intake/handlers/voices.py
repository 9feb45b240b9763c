"""What voters say: recorded, answered, passed on, used in a draft, told; and what other systems hand in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.intake import tables as t
from services.intake.handlers.choosing import require_category
from services.intake.handlers.encounters import require_kept, station_for
from services.intake.handlers.stations import kept_by, readable_congresses
from services.intake.model import Suggestion
from services.intake.model.parts import VoiceUsed
from services.intake.model.station import Seat, Station
from services.intake.model.voice import VOICE_RULES, VOICE_STATES, Sender, Voice, Voter
from shared.problems import Invalid, NotAllowed, NotFound
from shared.reach import covers
from shared.store import converter
from shared.terms import TOLD_BY, VOTER_JUDGEMENTS
from shared.work import Work

Data = dict[str, Any]
NOUN = "条选民意见"
COUNTED = {**VOTER_JUDGEMENTS, "none": "没有评价"}


def record(work: Work, data: Data) -> Data:
    station, voter = station_for(work, data.pop("id"), "record_voice"), _voter(data)
    require_category(work, station.congress, data["category"])
    seat = _seat(work, station, data.pop("deputy"))
    voice = Voice.record_at(
        station, seat, voter, data.pop("answer"), data.pop("judgement"), work.actor, work.now, **data
    )
    work.save(t.voice_store, voice)
    return {"id": voice.id, "version": voice.version, "state": voice.state}


def _seat(work: Work, station: Station, deputy: str) -> Seat | None:
    """Whom the voter told; where a deputy records it without saying, it was that deputy."""
    if not deputy and not station.relations(work.actor) & {"liaison", "station"}:
        deputy = station.seats_of(work.actor)[0].id
    return station.who_acts([deputy], work.actor, "deputy")[0] if deputy else None


def _voter(data: Data) -> Voter:
    return Voter(data.pop("voter_name"), data.pop("voter_phone"), data.pop("voter_address"))


def _require_at_station(work: Work, voice: Voice) -> None:
    """Who is here only because of the role `station` has to keep this very station."""
    if voice.relations(work.actor) == {"station"} and voice.station:
        require_kept(work, voice.station.id, NOUN)


def answer(work: Work, voice: Voice, data: Data) -> None:
    _require_at_station(work, voice)
    voice.answer_with(data["answer"], work.actor, work.now)


def pass_on(work: Work, voice: Voice, data: Data) -> None:
    _require_at_station(work, voice)
    voice.pass_on(data["to"], data["note"], work.actor, work.now)


def give(work: Work, voice: Voice, data: Data) -> None:
    _require_at_station(work, voice)
    station = t.station_store.get(work.connection, data["station"])
    if station is None or not station.relations(work.actor) & {"liaison", "station"}:
        raise Invalid("没有找到这个联络站。", {"station": ["没有找到这个联络站，请重新选择。"]})
    seat = station.who_acts([data["deputy"]], work.actor, "deputy")[0] if data["deputy"] else None
    voice.give(station, seat, work.actor, work.now)


def tell(work: Work, voice: Voice, data: Data) -> None:
    _require_at_station(work, voice)
    voice.tell_voter(
        data["on"], data["how"], data["words"], work.actor, work.now, data["judgement"], data["opinion"]
    )


def use(work: Work, voice: Voice, data: Data) -> Data:
    """In a draft that the voice's deputy leads: as that deputy, so that what becomes of it finds the way back."""
    suggestion = t.store.get(work.connection, data["suggestion"], lock=True)
    if suggestion is None or voice.deputy is None or suggestion.lead.id != voice.deputy.id:
        raise Invalid("没有找到这件草稿。", {"suggestion": ["请从您领衔的、还没有提交的建议中选择。"]})
    suggestion.check("revise_suggestion", work.actor)
    suggestion.take_in(VoiceUsed(voice.id, voice.words, voice.station.name if voice.station else ""))
    work.save(t.store, suggestion)
    voice.use_in(suggestion, work.actor, work.now)
    return {"suggestion": suggestion.id}


def follow(work: Work, suggestion: Suggestion, reply_class: str = "") -> None:
    """What became of a suggestion is known with the opinions that it grew from."""
    for voice in _grown_into(work, suggestion):
        voice.follow(suggestion, reply_class, work.actor, work.now)
        work.save(t.voice_store, voice)


def go_on_with(work: Work, suggestion: Suggestion, other: Suggestion) -> None:
    """The suggestion was merged into the other one, or is a part of it now: what becomes of that one is told the voters."""
    for voice in _grown_into(work, suggestion):
        voice.go_on_with(suggestion, other, work.actor, work.now)
        work.save(t.voice_store, voice)


def _grown_into(work: Work, suggestion: Suggestion) -> list[Voice]:
    """The opinions that it grew from, locked in one order."""
    ids = sorted({*(used.id for used in suggestion.voices), *suggestion.voices_joined})
    found = [voice for id in ids if (voice := t.voice_store.get(work.connection, id, lock=True))]
    return [voice for voice in found if voice.suggestion and voice.suggestion.id == suggestion.id]


# --- from other systems -----------------------------------------------------------------------------------------------


def hand_in(work: Work, data: Data) -> Data:
    """The same reference of the same system is the same opinion: nothing is made twice, and the answer says where it stands."""
    congress = data.pop("congress")
    if not any(path and covers(path, congress) for path in work.actor.congresses("integrator")):
        raise NotAllowed("只有对接系统可以在登记的辖区内报入意见。")
    work.authorized = True
    reference, system, station_id = data.pop("reference"), data.pop("system"), data.pop("station")
    if known := _handed_in(work, reference):
        return _standing(known) | {"known": True}
    if work.copies.get("congress", congress) is None:
        raise Invalid("没有这一级人大。", {"congress": ["没有找到这一级人大，请核对区划代码。"]})
    station = t.station_store.get(work.connection, station_id) if station_id else None
    if station_id and (station is None or station.congress != congress or station.state != "open"):
        raise Invalid(
            "没有找到这个联络站。", {"station": ["应当是这一级人大开放的联络站；不知道的可以不填。"]}
        )
    require_category(work, congress, data["category"])
    voter, on = _voter(data), data.pop("on") or work.today
    voice = Voice.hand_in(
        congress,
        Sender(work.actor.account, system, reference),
        station,
        voter,
        work.actor,
        work.now,
        on=on,
        **data,
    )
    try:
        with work.connection.begin_nested():
            work.save(t.voice_store, voice)
    except sa.exc.IntegrityError:  # it was sent twice at once, and the other one was faster
        if known := _handed_in(work, reference):
            return _standing(known) | {"known": True}
        raise
    return _standing(voice) | {"known": False}


def _handed_in(work: Work, reference: str) -> Voice | None:
    v = t.voices.c
    found = t.voice_store.find(
        work.connection, v.sender == work.actor.account, v.reference == reference, limit=1
    )
    return found[0] if found else None


def handed_in(work: Work, params: Data) -> Data:
    if not (found := _handed_in(work, params["reference"])):
        raise NotFound(f"没有找到这{NOUN}。")
    return _standing(found)


def _standing(voice: Voice) -> Data:
    """What the sender may know: where it stands, the answer, and the suggestion once it was submitted."""
    grown = voice.suggestion if voice.suggestion and voice.suggestion.title else None
    return {
        "id": voice.id, "version": voice.version, "reference": voice.sender.reference if voice.sender else "", "state": voice.state,
        "state_label": VOICE_STATES[voice.state], "answer": voice.answer, "passed_to": voice.passed_to,
        "suggestion": converter.unstructure(grown) if grown else None,
        "told_on": [telling.on.isoformat() for telling in voice.tellings],
    }  # fmt: skip


# --- questions --------------------------------------------------------------------------------------------------------


def voices(work: Work, params: Data) -> list[Data]:
    v, kept = t.voices.c, kept_by(work)
    mine = sa.or_(
        v.congress.in_(work.actor.congresses("liaison")), v.station_id.in_(kept), v.deputy_id.in_(list(work.actor.seats))
    )  # fmt: skip
    found = [mine]
    for name, column in (
        ("congress", v.congress),
        ("station", v.station_id),
        ("state", v.state),
        ("suggestion", v.suggestion_id),
    ):
        if params[name]:
            found.append(column == params[name])
    if params["judgement"]:
        found.append(v.judgement == ("" if params["judgement"] == "none" else params["judgement"]))
    if params["year"]:
        found.append(v.told_in == params["year"])
    if params["after"]:
        found.append(v.id < params["after"])
    ids = work.connection.scalars(sa.select(v.id).where(*found).order_by(v.id.desc()).limit(params["limit"]))
    lines = t.voice_store.get_many(work.connection, list(ids))
    return [
        _shown(work, voice, kept)
        for voice in sorted(lines.values(), key=lambda voice: voice.id, reverse=True)
    ]


def voice(work: Work, params: Data) -> Data:
    found, kept = t.voice_store.get(work.connection, params["id"]), kept_by(work)
    if found is None or not _known_to(work, found, kept):
        raise NotFound(f"没有找到这{NOUN}。")
    return _shown(work, found, kept)


def judgements(work: Work, params: Data) -> Data:
    """{year, stations: [{station, name, satisfied, …}], total}: what voters said, by station. No word, and nobody's name."""
    v, kept, congress = t.voices.c, kept_by(work), params["congress"]
    year, found = params["year"] or work.today.year, [v.congress == congress]
    if params["station"]:
        found.append(v.station_id == params["station"])
    if congress not in readable_congresses(work.actor):
        found.append(v.station_id.in_(kept))
    query = (
        sa.select(v.station_id, v.judgement, sa.func.count().label("number"))
        .where(*found, v.told_in == year)
        .group_by(v.station_id, v.judgement)
    )
    by_station: dict[str, dict[str, int]] = {}
    for row in work.connection.execute(query):
        by_station.setdefault(row.station_id or "", dict.fromkeys(COUNTED, 0))[row.judgement or "none"] = (
            row.number
        )
    s = t.stations.c
    names = dict(
        work.connection.execute(sa.select(s.id, s.name).where(s.id.in_(list(by_station)))).tuples().all()
    )
    lines = [
        {"station": id, "name": names.get(id, "没有交给联络站的"), **said} for id, said in by_station.items()
    ]
    return {
        "year": year, "as_of": work.today.isoformat(), "labels": COUNTED, "stations": sorted(lines, key=lambda line: line["name"]),
        "total": {name: sum(said[name] for said in by_station.values()) for name in COUNTED},
    }  # fmt: skip


def _known_to(work: Work, voice: Voice, kept: list[str]) -> frozenset[str]:
    """How the person stands to it; keepers of other stations of the congress do not."""
    relations = voice.relations(work.actor)
    keeps = voice.station is not None and voice.station.id in kept
    return relations if keeps else relations - {"station"}


def _shown(work: Work, voice: Voice, kept: list[str]) -> Data:
    """The voter's own data for the station and the office alone; a draft for its deputy alone."""
    relations, body = _known_to(work, voice, kept), converter.unstructure(voice)
    body.pop("recorded")
    grown = body["suggestion"]
    if grown and not grown["title"] and "own_deputy" not in relations:
        body["suggestion"] = None
    if not relations & {"liaison", "station"}:
        body.pop("voter"), body.pop("tellings")
    if body["sender"]:
        body["sender"].pop("account")
    may = [
        {"command": rule.command, "label": rule.label} for rule in VOICE_RULES.allowed(voice.state, relations)
    ]
    return {
        **body, "state_label": VOICE_STATES[voice.state], "is_reachable": voice.voter.is_reachable, "may": may, "told_by": TOLD_BY,
        "judgements": VOTER_JUDGEMENTS, "judgement": voice.judged[1],
    }  # fmt: skip


def waiting(work: Work) -> list[Data]:
    """For a station: what is to be dealt with or told; for the office: what was handed in and has no station; for a
    deputy: what was given to them."""
    v, kept, offices = t.voices.c, kept_by(work), list(work.actor.congresses("liaison"))
    seats = list(work.actor.seats)
    if not (kept or offices or seats):
        return []
    at_station = sa.or_(v.station_id.in_(kept), sa.and_(v.station_id.is_(None), v.congress.in_(offices)))
    found = sa.or_(
        sa.and_(at_station, v.state.in_(["answered", "concluded"])),
        sa.and_(at_station, v.state == "recorded", v.deputy_id.is_(None)),
        sa.and_(v.deputy_id.in_(seats), v.state == "recorded"),
    )
    rows = work.connection.execute(
        sa.select(v.id, v.state, v.state_json).where(found).order_by(v.id).limit(100)
    )
    return [
        {
            "suggestion": "", "number": "", "title": f"选民意见：{row.state_json['words'][:40]}", "since": row.state_json["on"],
            "command": "tell_voter" if row.state in ("answered", "concluded") else "answer_voice",
            "what": "回告选民" if row.state in ("answered", "concluded") else "处理意见", "page": f"/stations/voices/{row.id}",
        }
        for row in rows
    ]  # fmt: skip
