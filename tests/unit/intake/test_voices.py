"""选民意见：what a voter says at a station is answered, passed on or becomes a suggestion, and the voter hears what came of it."""

from __future__ import annotations

from datetime import date

import pytest
from harness import liaison

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from tests.unit.intake.voters import COUNTY, KEEPER, NEIGHBOUR, OTHER_KEEPER, PROVINCE, TOWN, Voters

DAY = date(2022, 3, 15)
VOTER = {"voter_name": "选民甲", "voter_phone": "13800000000"}
STATION_NAME = "集里街道人大代表联络站"
WORDS = "集里街道老旧小区停车难，消防车进不去。"
DRAFT = {
    "title": "关于改造老旧小区停车设施的建议",
    "situation": "停车难。",
    "analysis": "车位少。",
    "proposals": "请住建部门增建。",
    "category": "城乡建设",
}

REOPENED = {
    "reply": "r", "task": "t", "unit": {"id": "u", "name": "某局"}, "round": 1, "reason": "窗口没有开设", "reopened_on": "2022-08-01",
    "due_on": "2022-09-30", "lookback": "l",
}  # fmt: skip


@pytest.fixture
def county(network_of):
    return Voters(network_of("intake", today=DAY))


def heard(county, station, who=KEEPER, **more):
    return county.do(who, "record_voice", station, **{"words": WORDS, "on": "2022-03-15", **VOTER, **more})[
        "id"
    ]


def drafted(county, path=COUNTY):
    return county.do(county.deputy(path), "draft_suggestion", congress=path, **DRAFT)["id"]


def test_answered_on_the_spot_it_is_at_its_end(county):
    voice = heard(county, county.station(COUNTY), answer="物业本周划出消防通道。")
    shown = county.ask(KEEPER, "voice", id=voice)
    assert shown["state"] == "closed" and shown["tellings"][0]["how"] == "spot"
    with pytest.raises(WrongState):
        county.do(KEEPER, "answer_voice", voice, answer="再答一次。")


def test_passed_on_at_its_level_answered_there_and_told(county):
    voice = heard(county, county.station(COUNTY))
    county.do(KEEPER, "pass_on_voice", voice, to="市城市管理局")
    county.do(KEEPER, "answer_voice", voice, answer="已划出消防通道。")
    assert [what for what, *_ in _lines(county, KEEPER)] == ["回告选民"]
    county.network.on(date(2022, 3, 20))
    county.do(KEEPER, "tell_voter", voice, on="2022-03-20", how="phone", words="已划出消防通道。")
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "closed" and _lines(county, KEEPER) == []


def test_who_said_it_without_a_name_cannot_be_told_and_is_not_waited_for(county):
    voice = heard(county, county.station(COUNTY), voter_name="", voter_phone="")
    county.do(KEEPER, "answer_voice", voice, answer="已划出消防通道。")
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "closed"


def test_it_becomes_a_suggestion_and_its_result_comes_back(county):
    voice = heard(county, county.station(COUNTY), deputy=county.seats[COUNTY])
    who, suggestion = county.deputy(), drafted(county)
    county.do(who, "use_voice", voice, suggestion=suggestion)
    text = county.ask(who, "suggestion", id=suggestion)
    assert text["opinions"] == [WORDS] and text["voices"][0]["id"] == voice
    assert county.ask(KEEPER, "voice", id=voice)["suggestion"] is None  # a draft is its deputy's alone
    county.do(who, "submit_suggestion", suggestion)
    number = county.do(county.office, "accept_suggestion", suggestion)["number"]
    assert county.ask(KEEPER, "voice", id=voice)["suggestion"]["number"] == number
    closed = {"closed_on": "2022-07-01", "reply_class": "A", "note": "", "known_from": "2022-07-01"}
    county.network.tell("suggestion.closed.v1", suggestion, COUNTY, 9, **closed)
    after = county.ask(KEEPER, "voice", id=voice)
    assert (after["state"], after["suggestion"]["reply_class"]) == ("concluded", "A")
    assert [what for what, *_ in _lines(county, KEEPER)] == ["回告选民"]
    county.network.tell("suggestion.reopened.v1", suggestion, COUNTY, 10, **REOPENED)
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "used" and _lines(county, KEEPER) == []


def test_a_discarded_draft_gives_the_opinion_back(county):
    voice, suggestion = heard(county, county.station(COUNTY), deputy=county.seats[COUNTY]), drafted(county)
    county.do(county.deputy(), "use_voice", voice, suggestion=suggestion)
    county.do(county.deputy(), "discard_suggestion", suggestion)
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "recorded"


def test_a_deputy_of_the_province_uses_what_was_said_in_the_county(county):
    station = county.station(PROVINCE, COUNTY)
    voice, who = heard(county, station, county.deputy(PROVINCE)), county.deputy(PROVINCE)
    suggestion = drafted(county, PROVINCE)
    county.do(who, "use_voice", voice, suggestion=suggestion)
    county.do(who, "submit_suggestion", suggestion)
    county.do(liaison(PROVINCE), "accept_suggestion", suggestion)
    assert county.ask(KEEPER, "voice", id=voice)["suggestion"]["title"] == DRAFT["title"]
    with pytest.raises(NotFound):
        county.ask(liaison(PROVINCE), "voice", id=voice)


def test_who_the_voter_is_stays_with_the_station_and_the_office(county):
    station = county.station(COUNTY, TOWN)
    county.station(TOWN, name="淮川街道人大代表联络站", keepers=[OTHER_KEEPER.account])
    voice = heard(county, station, deputy=county.seats[COUNTY])
    for reader in (KEEPER, county.office):
        assert county.ask(reader, "voice", id=voice)["voter"]["name"] == "选民甲"
    assert "选民甲" not in str(county.ask(county.deputy(), "voice", id=voice))
    for stranger in (county.deputy(TOWN), OTHER_KEEPER, county.stranger, county.deputy(NEIGHBOUR)):
        assert county.ask(stranger, "voices") == []
        with pytest.raises(NotFound):
            county.ask(stranger, "voice", id=voice)
    with pytest.raises(NotFound):
        county.do(OTHER_KEEPER, "answer_voice", voice, answer="已答复。")
    told = str(county.network.published("intake", voice))
    assert "选民甲" not in told and "13800000000" not in told and WORDS not in told


def test_nobody_uses_an_opinion_in_another_deputys_draft(county):
    station = county.station(COUNTY, TOWN)
    voice = heard(county, station, deputy=county.seats[COUNTY])
    with pytest.raises(Invalid):
        county.do(county.deputy(), "use_voice", voice, suggestion=drafted(county, TOWN))
    with pytest.raises(NotFound):
        county.do(county.deputy(TOWN), "use_voice", voice, suggestion=drafted(county, TOWN))


# --- what the voter thinks of it (群众满意度和获得感) ------------------------------------------------------------------


def told(county, station, judgement, who=KEEPER, **more):
    voice = heard(county, station, who)
    county.do(who, "answer_voice", voice, answer="已划出消防通道。")
    county.do(
        who, "tell_voter", voice, on="2022-03-15", words="已划出消防通道。", judgement=judgement, **more
    )
    return voice


def judged(county, who, **params):
    """{station: {judgement: number}} without noughts."""
    found = county.ask(who, "voter_judgements", congress=COUNTY, **params)
    return {
        line["name"]: {name: line[name] for name in found["labels"] if line[name]}
        for line in found["stations"]
    }


def test_the_voters_own_word_is_summed_up_at_the_station_and_for_the_congress(county):
    one, two = (
        county.station(COUNTY),
        county.station(COUNTY, name="关口街道联络站", keepers=[OTHER_KEEPER.account]),
    )
    told(county, one, "satisfied")
    told(county, one, "unsatisfied", opinion="车还是进不去。")
    told(county, two, "", OTHER_KEEPER)
    heard(county, one, answer="已划出消防通道。", judgement="basically")
    assert judged(county, county.office) == {
        "集里街道人大代表联络站": {"satisfied": 1, "basically": 1, "unsatisfied": 1}, "关口街道联络站": {"none": 1},
    }  # fmt: skip
    assert judged(county, OTHER_KEEPER).keys() == {"关口街道联络站"}
    assert judged(county, county.deputy()) == judged(county, county.stranger) == {}
    assert judged(county, county.office, year=2021) == {}
    (behind,) = county.ask(county.office, "voices", station=one, judgement="unsatisfied", year=2022)
    assert behind["tellings"][0]["opinion"] == "车还是进不去。"


def test_who_was_not_reached_is_still_to_be_told_and_a_later_word_counts(county):
    station = county.station(COUNTY)
    voice = told(county, station, "unreached")
    assert [what for what, *_ in _lines(county, KEEPER)] == ["回告选民"]
    assert judged(county, KEEPER) == {STATION_NAME: {"unreached": 1}}
    county.do(KEEPER, "tell_voter", voice, on="2022-03-15", words="已划出消防通道。", judgement="satisfied")
    assert judged(county, KEEPER) == {STATION_NAME: {"satisfied": 1}} and _lines(county, KEEPER) == []


def test_words_without_a_judgement_are_refused(county):
    station = county.station(COUNTY)
    for judgement in ("", "unreached"):
        with pytest.raises(Invalid) as refused:
            told(county, station, judgement, opinion="还行。")
        assert list(refused.value.errors) == ["judgement"]
    with pytest.raises(Invalid):
        heard(county, station, judgement="satisfied")  # nothing was answered yet


def test_what_the_voter_said_is_in_no_event_and_its_words_are_not_the_deputys(county):
    station = county.station(COUNTY)
    voice = told(county, station, "unsatisfied", opinion="车还是进不去。")
    assert county.events(voice, "voice.told.v1")[0]["judgement"] == "unsatisfied"
    assert "车还是进不去" not in str(county.network.published("intake", voice))
    county.do(
        KEEPER, "give_voice", given := heard(county, station), station=station, deputy=county.seats[COUNTY]
    )
    county.do(KEEPER, "answer_voice", given, answer="已划出。")
    county.do(
        KEEPER,
        "tell_voter",
        given,
        on="2022-03-15",
        words="已划出。",
        judgement="unsatisfied",
        opinion="车还是进不去。",
    )
    shown = county.ask(county.deputy(), "voice", id=given)
    assert shown["judgement"] == "unsatisfied" and "车还是进不去" not in str(shown)


# --- from other systems (智慧人大、12345) ---------------------------------------------------------------------------------

HOTLINE = Actor("hotline", "12345热线", (Role("integrator", "43.01"),))
ITEM = {"congress": COUNTY, "reference": "2022-000123", "system": "12345热线", "words": WORDS, **VOTER}


@pytest.fixture
def joined(county):
    for path in (COUNTY, NEIGHBOUR):
        county.network.tell(
            "congress.recorded.v1",
            path,
            path,
            path=path,
            name=f"某县{path}",
            short="某县",
            level="county",
            parent="43.01",
        )
    return county


def test_the_same_reference_twice_is_one_opinion_and_is_answered_with_where_it_stands(joined):
    first = joined.do(HOTLINE, "hand_in_voice", **ITEM)
    joined.do(joined.office, "pass_on_voice", first["id"], to="市城市管理局")
    again = joined.do(HOTLINE, "hand_in_voice", **ITEM)
    assert (first["known"], again["known"], again["id"], again["passed_to"]) == (
        False,
        True,
        first["id"],
        "市城市管理局",
    )
    assert len(joined.ask(joined.office, "voices")) == 1
    (told,) = joined.events(first["id"], "voice.forwarded.v1")
    assert (told["reference"], told["state"]) == ("2022-000123", "passed_on")


def test_the_office_gives_it_to_a_deputy_and_the_sender_hears_how_it_goes(joined):
    station, voice = joined.station(COUNTY), joined.do(HOTLINE, "hand_in_voice", **ITEM)["id"]
    assert [what for what, *_ in _lines(joined, joined.office)] == ["处理意见"] and _lines(
        joined, KEEPER
    ) == []
    joined.do(joined.office, "give_voice", voice, station=station, deputy=joined.seats[COUNTY])
    assert [what for what, *_ in _lines(joined, joined.deputy())] == ["处理意见"]
    suggestion = drafted(joined)
    joined.do(joined.deputy(), "use_voice", voice, suggestion=suggestion)
    assert joined.ask(HOTLINE, "handed_in", reference=ITEM["reference"])["suggestion"] is None
    joined.do(joined.deputy(), "submit_suggestion", suggestion)
    assert (
        joined.ask(HOTLINE, "handed_in", reference=ITEM["reference"])["suggestion"]["title"] == DRAFT["title"]
    )


def test_a_system_hands_in_where_it_is_entitled_to_and_asks_for_its_own_alone(joined):
    joined.do(HOTLINE, "hand_in_voice", **ITEM)
    stranger = Actor("stranger", "外地热线", (Role("integrator", "44"),))
    with pytest.raises(NotAllowed):
        joined.do(stranger, "hand_in_voice", **ITEM)
    with pytest.raises(NotFound):
        joined.ask(
            Actor("other", "智慧人大", (Role("integrator", "43.01"),)),
            "handed_in",
            reference=ITEM["reference"],
        )
    with pytest.raises(Invalid):
        joined.do(HOTLINE, "hand_in_voice", **{**ITEM, "reference": "2", "congress": "43.01.99"})
    with pytest.raises(Invalid):
        joined.do(HOTLINE, "hand_in_voice", **{**ITEM, "reference": "3", "station": new_id()})


def _lines(county, who):
    """What of opinions waits for somebody."""
    lines = county.ask(who, "intake_waiting")
    return [(line["what"], line["title"]) for line in lines if line["title"].startswith("选民意见")]


def submitted_with(county, voice, title=DRAFT["title"]):
    """A submitted suggestion of the county's deputy that grew from this opinion."""
    id = county.do(county.deputy(), "draft_suggestion", congress=COUNTY, **{**DRAFT, "title": title})["id"]
    county.do(county.deputy(), "use_voice", voice, suggestion=id)
    county.do(county.deputy(), "submit_suggestion", id)
    return id


def close(county, suggestion):
    county.network.tell(
        "suggestion.closed.v1", suggestion, COUNTY, 9, closed_on="2022-07-01", reply_class="A", note="", known_from="2022-07-01",
    )  # fmt: skip


def test_what_was_merged_is_told_back_with_the_answer_to_the_main_one(county):
    station = county.station(COUNTY)
    first, second = (heard(county, station, deputy=county.seats[COUNTY]) for _ in range(2))
    main, same, third = (
        submitted_with(county, first), submitted_with(county, second), drafted(county),
    )  # fmt: skip
    county.do(county.deputy(), "submit_suggestion", third)
    for id in (main, third):
        county.do(county.office, "accept_suggestion", id)
    county.do(county.office, "merge_suggestion", same, into=main)
    assert county.ask(KEEPER, "voice", id=second)["suggestion"]["id"] == main
    county.do(county.office, "merge_suggestion", main, into=third)
    close(county, third)
    for voice in (first, second):
        after = county.ask(KEEPER, "voice", id=voice)
        assert (after["state"], after["suggestion"]["id"]) == ("concluded", third)
    assert "voices_joined" not in county.ask(county.deputy(), "suggestion", id=third)


def test_what_was_split_is_told_back_once_with_the_first_part(county):
    voice = heard(county, county.station(COUNTY), deputy=county.seats[COUNTY])
    whole = submitted_with(county, voice)
    text = {"situation": "一", "analysis": "二", "proposals": "三"}
    parts = county.do(
        county.office, "split_suggestion", whole, reason="两件事",
        parts=[{"title": f"关于第{n}件供水事项的建议", **text} for n in "一二"],
    )["parts"]  # fmt: skip
    for part in parts:
        county.do(county.office, "accept_suggestion", part)
    close(county, parts[1])
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "used"
    close(county, parts[0])
    assert county.ask(KEEPER, "voice", id=voice)["state"] == "concluded"
