"""Who can ask what: before and after a suggestion of our city has come to pass, everybody asks every question.

Who is not named in a row gets the very same answer after as before: no line, number, facet, score or figure tells them that
something happened. Who is named gets another one: else the row would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pytest
from cities import (
    COUNTY,
    EVERYBODY,
    GOVERNMENT,
    NEIGHBOUR,
    OFFICES,
    OWN,
    PROVINCE,
    STRANGERS,
    WATER,
    Data,
    World,
)

from services.gateway.api import SERVICES as CONTRACTS
from shared.practices import id_of

TITLE = WATER["title"]
EARLY, LATE = date(2023, 1, 14), date(2023, 7, 1)
UNIT, JOINT = ("clerk", "head"), ("joint clerk",)
DEPUTIES = ("lead", "cosigner", "invited")
ALL_DEPUTIES = (*DEPUTIES, "deputy")
HEARING = (*DEPUTIES, *OFFICES, *UNIT, *JOINT)
INVOLVED = (*HEARING, GOVERNMENT)
OVERSEERS = (*OFFICES, GOVERNMENT)
CONGRESS = (
    "liaison",
    "supervisor",
    "standing_leader",
)  # who hears how deputies judge, and what is only thought of
OWN_PEOPLE = (*INVOLVED, "deputy", "other clerk", "officer", "section clerk", "keeper", "platform")
ABOVE = tuple(name for name in STRANGERS if name.startswith("province "))
BELOW = ("county lead", "county liaison")  # they inherit what is published above
# The congress assigns to the governments one level down: their units live by its calendar.
UNITS_BELOW = ("county clerk", "county head")
TWO_DESKS = ("liaison", "distributing")
STATION = (
    "lead",
    "keeper",
    "liaison",
    "supervisor",
    "standing_leader",
)  # the deputy assigned there among them


@dataclass(frozen=True)
class Row:
    """One question with its parameters, and for whom the answer changes while nothing is published."""

    service: str
    query: str
    tells: tuple[str, ...]
    params: Data = field(default=lambda w: {})


def about(name: str = "suggestion") -> Data:
    return lambda w: {"id": w.ids[name]}


def fixed(**params: Any) -> Data:
    return lambda w: params


pytestmark = pytest.mark.timeout(600)  # the whole matrix is tried in the first test's fixture

MATRIX = [
    # --- directory: who is who is no secret; nothing in it tells of suggestions
    Row("directory", "authenticate", (), fixed(login="login-43.01", password="a-long-password")),
    Row("directory", "accounts", (), fixed(congress=OWN)),
    Row("directory", "divisions", ()),
    Row("directory", "congress", (), fixed(id=OWN)),
    Row("directory", "units", (), fixed(congress=OWN)),
    Row("directory", "deputies", (), fixed(congress=OWN)),
    Row("directory", "sessions", (), fixed(congress=OWN)),
    Row("directory", "delegations", (), fixed(congress=OWN)),
    Row("directory", "offices", (), fixed(congress=OWN)),
    Row("directory", "counts", ()),
    Row("directory", "practices", (), fixed(congress=OWN)),
    Row("directory", "practice", (), fixed(id=id_of(OWN, "deadlines"))),
    Row("directory", "materials", (*ALL_DEPUTIES, "keeper", "liaison", *BELOW, "operator"), fixed(congress=OWN, kind="courseware")),
    Row("directory", "material", (*ALL_DEPUTIES, "keeper", "liaison", *BELOW, "operator"), about("material")),
    Row("directory", "materials", UNIT, lambda w: {"congress": OWN, "kind": "rule"}),
    # --- intake
    Row("intake", "suggestion", INVOLVED, about()),
    Row("intake", "suggestion_versions", (*DEPUTIES, "liaison"), about()),
    Row("intake", "my_suggestions", DEPUTIES),
    Row("intake", "review_desk", ("liaison",), fixed(congress=OWN)),
    Row("intake", "review_desk", ("liaison",), fixed(congress=OWN, state="accepted")),
    Row("intake", "intake_waiting", ("lead", "liaison")),
    Row("intake", "key_candidates", ("liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    Row("intake", "key_lists", ("liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    Row("intake", "key_list", ("liaison", "supervisor", "standing_leader"), about("key list")),
    Row("intake", "pick_lists", (), fixed(congress=OWN)),
    Row("intake", "findings", (), fixed(congress=OWN, title=TITLE)),
    Row("intake", "handed_up", (), fixed(congress=OWN)),
    Row("intake", "handed_up", (), fixed(congress=PROVINCE)),
    Row("intake", "review_lists", (), fixed(congresses=[OWN])),
    Row("intake", "stations", STATION),
    Row("intake", "station", STATION, about("station")),
    Row("intake", "encounters", STATION),
    Row("intake", "voices", ("lead", "keeper", "liaison")),
    Row("intake", "voter_judgements", ("keeper", "liaison", "supervisor", "standing_leader"), fixed(congress=OWN, year=2023)),
    Row("intake", "voice", ("lead", "keeper", "liaison"), about("voice")),
    Row("intake", "handed_in", ("platform",), fixed(reference="2023-1")),
    Row("intake", "activities", (*DEPUTIES, "deputy", "keeper", "liaison", "supervisor", "standing_leader"), fixed(congress=OWN, year=2023)),
    Row("intake", "activity_sums", (*DEPUTIES, "deputy", "keeper", "liaison", "supervisor", "standing_leader"), fixed(congress=OWN, year=2023)),
    Row("intake", "deputy_duties", ("lead", "liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    # --- assignment
    Row("assignment", "handling", INVOLVED, about()),
    Row("assignment", "bundles", ()),  # of one's own unit or congress: see tests/unit/assignment/test_bundles.py
    Row("assignment", "bundle", (), about()),
    Row("assignment", "checks", UNIT),
    Row("assignment", "linked_work", (), about()),
    Row("assignment", "attachment", INVOLVED, lambda w: {"id": w.ids.get("attachment", w.ids["suggestion"])}),
    Row("assignment", "unit_tasks", (*UNIT, *JOINT)),
    Row("assignment", "assignment_desk", TWO_DESKS, fixed(congress=OWN)),
    Row("assignment", "batches", TWO_DESKS, fixed(congress=OWN)),
    Row("assignment", "batch", TWO_DESKS, about("batch")),
    Row("assignment", "contacts_due", UNIT),
    Row("assignment", "contacts_due", TWO_DESKS, fixed(congress=OWN)),
    Row("assignment", "batch_by_unit", TWO_DESKS, about("batch")),
    Row("assignment", "assignment_waiting", (*TWO_DESKS, *UNIT, *JOINT)),
    Row("assignment", "unit_board", (*UNIT, *JOINT), fixed(year=2023)),
    Row("assignment", "task_records", (*UNIT, *JOINT), fixed(year=2023)),
    Row("assignment", "task_records", TWO_DESKS, fixed(congress=OWN, year=2023)),
    Row("assignment", "unit_sections", (), fixed(year=2023)),  # of one's own unit: see tests/unit/practices/test_sections.py
    Row("assignment", "system_tasks", ()),  # an office's own system has nothing of this one: see test_chain_story.py
    Row("assignment", "units_below", (), lambda w: {"id": w.ids["suggestion"], "task": w.ids["unit"]}),
    # --- supervision
    Row("supervision", "ledger", INVOLVED),
    Row("supervision", "ledger", INVOLVED, fixed(congress=OWN, text="供水管网")),
    Row("supervision", "ledger", INVOLVED, lambda w: {"unit": w.ids["unit"]}),
    Row("supervision", "ledger", INVOLVED, lambda w: {"deputy": w.ids["lead"]}),
    Row("supervision", "ledger_counts", INVOLVED),
    Row("supervision", "ledger_line", INVOLVED, about()),
    Row("supervision", "due_dates", INVOLVED, lambda w: {"suggestions": [w.ids["suggestion"]]}),
    Row("supervision", "key_board", OVERSEERS, fixed(congress=OWN, year=2023)),
    Row("supervision", "commitments", (*DEPUTIES, *OVERSEERS, *UNIT)),
    Row("supervision", "commitments", (*DEPUTIES, *OVERSEERS, *UNIT), fixed(congress=OWN)),
    Row("supervision", "commitment_counts", (*DEPUTIES, *OVERSEERS, *UNIT), fixed(congress=OWN)),
    Row("supervision", "reminders", (*OVERSEERS, *UNIT, *JOINT)),
    Row("supervision", "supervision_board", ("supervisor", "standing_leader")),
    Row("supervision", "demands", (*DEPUTIES, *OVERSEERS, *UNIT)),
    Row("supervision", "measures", CONGRESS),
    Row("supervision", "measure", CONGRESS, lambda w: {"id": w.ids.get("measure", w.ids["suggestion"])}),
    Row("supervision", "coordinations", (), fixed(congress=OWN)),
    Row("supervision", "columns", (), fixed(congress=OWN)),
    Row("supervision", "circulars", OVERSEERS, fixed(congress=OWN)),
    Row("supervision", "circular", OVERSEERS, lambda w: {"id": w.ids.get("circular", w.ids["suggestion"])}),
    Row("supervision", "look_backs", ()),
    Row("supervision", "look_back", (), about()),
    Row("supervision", "hearings", (*OWN_PEOPLE,), fixed(congress=OWN)),
    Row("supervision", "hearing", (*OWN_PEOPLE,), lambda w: {"id": w.ids.get("hearing", w.ids["suggestion"])}),
    Row("supervision", "sweeps", ("liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    Row("supervision", "sweep", ("liaison", "supervisor", "standing_leader"), lambda w: {"id": w.ids.get("sweep", w.ids["suggestion"])}),
    Row("supervision", "deputy_words", CONGRESS, fixed(congress=OWN, year=2023)),
    Row("supervision", "supervision_log", OVERSEERS, fixed(congress=OWN, since="2023-01-01", until="2023-12-31")),
    Row("supervision", "analysis", INVOLVED, fixed(congress=OWN, year=2023)),
    Row("supervision", "year_plan", (*OWN_PEOPLE, *UNITS_BELOW), fixed(congress=OWN, year=2023)),
    Row("supervision", "calendar", ()),
    Row("supervision", "supervision_waiting", ("liaison", "supervisor", "standing_leader", *UNIT)),
    # --- evaluation
    Row("evaluation", "evaluation", HEARING, about()),
    Row("evaluation", "figures", (*OWN_PEOPLE, *ABOVE, "operator"), fixed(congress=OWN, year=2023)),
    Row("evaluation", "figures", (*OFFICES, *UNIT, "operator"), fixed(congress=OWN, year=2023, by_unit=True)),
    Row("evaluation", "figures_below", (*OFFICES, *(f"province {office}" for office in OFFICES), "operator"), fixed(congress=OWN, year=2023)),
    Row("evaluation", "figure_list", (*DEPUTIES, *OFFICES, *UNIT, "operator"), fixed(congress=OWN, year=2023, figure="solved")),
    Row("evaluation", "figure_list", (*DEPUTIES, *OFFICES, *UNIT, "operator"), lambda w: {"congress": OWN, "year": 2023, "figure": "solved", "unit": w.ids["unit"]}),
    Row("evaluation", "results", (*OFFICES, "operator"), fixed(congress=OWN, year=2023)),
    Row("evaluation", "results", (*OFFICES, *UNIT, "operator"), fixed(congress=OWN, year=2023, by_unit=True)),
    Row("evaluation", "result_list", (*OFFICES, "operator"), fixed(congress=OWN, year=2023)),
    Row("evaluation", "result_list", (*OFFICES, *UNIT, "operator"), lambda w: {"congress": OWN, "year": 2023, "unit": w.ids["unit"]}),
    Row("evaluation", "scores", (*OFFICES, *UNIT, "operator"), fixed(congress=OWN, year=2023)),
    Row("evaluation", "grades", ("distributing", "liaison", *UNIT), fixed(congress=OWN, year=2023)),
    Row("evaluation", "appraisals", (*DEPUTIES, "liaison", "supervisor", "standing_leader", *UNIT), fixed(congress=OWN)),
    Row("evaluation", "appraisal", (*DEPUTIES, "liaison", "supervisor", "standing_leader", *UNIT), about("appraisal")),
    Row("evaluation", "awards", (*DEPUTIES, "deputy", "liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    Row("evaluation", "award", (*DEPUTIES, "deputy", "liaison", "supervisor", "standing_leader"), about("award")),
    Row("evaluation", "flags", ("liaison", "supervisor", "standing_leader"), fixed(congress=OWN)),
    Row("evaluation", "evaluation_waiting", (*DEPUTIES, "liaison")),
    # --- search
    Row("search", "search", INVOLVED, fixed(text="供水管网")),
    Row("search", "search", INVOLVED, fixed(congress=OWN)),
    Row("search", "search", INVOLVED, lambda w: {"unit": w.ids["unit"]}),
    Row("search", "similar", INVOLVED, fixed(title=TITLE, body=WATER["situation"])),
    Row("search", "likely_doubles", (), lambda w: {"ids": [w.ids["suggestion"]]}),
    Row("search", "published", (), about()),
]  # fmt: skip


@cache
def key(row: Row) -> str:
    return f"{row.query}#{[r.query for r in MATRIX[: MATRIX.index(row)]].count(row.query)}"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: Any) -> Iterator[dict[str, set[str]]]:
    """{row: for whom the answer changed}: everybody asks before and at several moments of the suggestion's life."""
    world = World(tmp_path_factory.mktemp("questions"))
    world.assigned("neighbour ", NEIGHBOUR)  # the others have suggestions of their own, much like ours
    world.assigned("province ", PROVINCE)
    world.assigned("county ", COUNTY)
    drawn = {"congress": OWN, "name": "交办会", "meeting_on": "2023-02-20"}
    changed: dict[str, set[str]] = {key(row): set() for row in MATRIX}
    life = _life(world, drawn)
    next(life)  # as if the ids that questions name were guessed
    before = {}
    for day in (LATE, EARLY):
        world.network.on(day)
        before[day] = {
            (key(row), who): _answer(world, row, who) for row in MATRIX for who in (*EVERYBODY, "public")
        }
    for day in life:
        world.network.on(day)
        for row in MATRIX:
            told = changed[key(row)]
            for who in {*EVERYBODY, "public"} - told:  # who has learned something need not be asked again
                if _answer(world, row, who) != before[day][key(row), who]:
                    told.add(who)
    yield changed
    world.close()


def _answer(world: World, row: Row, who: str) -> Any:
    return world.answer(who, row.service, row.query, row.params(world))


def _life(world: World, drawn: dict[str, Any]) -> Iterator[date]:
    """Submitted; assigned; replied, judged, scored and overdue: never published. The first stop is before all that."""
    ids = world.ids
    world.do(
        "liaison", "directory", "set_practice", congress=OWN, name="patterns", settings={"within_minute": 1},
        effective_on="2023-01-14",
    )  # fmt: skip
    for name in ("suggestion", "batch", "key list", "material", "appraisal", "award", "station", "voice"):
        ids[name] = "0190a1b2-0000-7000-8000-000000000001"
    yield EARLY
    course = {"kind": "courseware", "title": "怎样写建议", "text": "一事一案。", "readers": "deputies"}
    ids["material"] = world.do("liaison", "directory", "publish_material", congress=OWN, **course)["id"]
    own = {"kind": "rule", "title": "办理规定", "text": "限时办结。", "unit": ids["unit"]}
    world.do("head", "directory", "publish_material", congress=OWN, **own)
    keeper = world.people["keeper"]
    assert keeper is not None
    about_it = {"name": "城东联络站", "address": "城东路1号", "keepers": [keeper.account]}
    ids["station"] = world.do("liaison", "intake", "register_station", congress=OWN, **about_it)["id"]
    world.do("liaison", "intake", "assign_to_station", ids["station"], deputies=[ids["lead"]])
    said = {"words": "巷口积水。", "on": "2023-01-14", "deputy": ids["lead"], "voter_phone": "0731-0"}
    ids["voice"] = world.do("keeper", "intake", "record_voice", ids["station"], **said)["id"]
    world.do(
        "keeper", "intake", "record_voice", ids["station"], **said, answer="已经更换。", judgement="satisfied"
    )
    research = {"kind": "research", "title": "供水调研", "on": "2023-01-14", "problems": 1}
    world.do("liaison", "intake", "log_activity", congress=OWN, **research)
    item = {"reference": "2023-1", "system": "12345热线", "words": "井盖破损。"}
    world.do("platform", "intake", "hand_in_voice", congress=OWN, **item)
    world.do(
        "keeper", "intake", "log_reception", ids["station"], deputies=[ids["lead"]], on="2023-01-14", people=9
    )
    made = world.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER)["id"]
    world.do("lead", "intake", "invite_cosigners", made, deputies=[ids["cosigner"], ids["invited"]])
    for who in ("cosigner", "invited"):
        world.do(who, "intake", "accept_cosigning", made)
    world.do("lead", "intake", "submit_suggestion", made)
    ids["suggestion"] = made
    yield EARLY
    world.do("liaison", "intake", "accept_suggestion", made)
    ids["batch"] = world.do("liaison", "assignment", "draw_up_batch", **drawn)["id"]
    world.do("supervisor", "intake", "propose_key", made, reason="群众反映强烈。")
    world.do("liaison", "supervision", "draw_up_year", congress=OWN, year=2023)
    planned = {
        "body": "standing_committee",
        "title": "办理情况报告",
        "on": "2023-11-21",
        "units": [ids["unit"]],
    }
    ids["hearing"] = world.do("liaison", "supervision", "plan_hearing", congress=OWN, **planned)["id"]
    scheduled = {"name": "定期督办", "since": "2023-01-14", "until": "2023-04-30", "led_by": "联工委"}
    ids["sweep"] = world.do("liaison", "supervision", "schedule_sweep", congress=OWN, **scheduled)["id"]
    yield EARLY
    listed = {"congress": OWN, "name": "重点建议", "meeting_on": "2023-01-14"}
    ids["key list"] = world.do("liaison", "intake", "draw_up_key_list", **listed)["id"]
    mark = {
        "theme": "供水安全",
        "leading_supervisor": "某supervisor、某standing_leader",
        "sponsor": "副市长甲",
        "committee": "城环委",
    }
    world.do("liaison", "intake", "put_in_key_list", ids["key list"], suggestion=made, **mark)
    world.do("liaison", "intake", "decide_key_list", ids["key list"])
    yield EARLY
    world.do("liaison", "assignment", "assign_suggestion", made, lead=ids["unit"], joint=[ids["joint"]])
    world.do("liaison", "supervision", "remind_unit", made, text="请抓紧。")
    progress = {"units": [ids["unit"]], "text": "请报告。", "due_on": "2023-06-01"}
    world.do("liaison", "supervision", "ask_progress", made, **progress)
    looked = {"suggestion": made, "on": "2023-01-14", "words": "刚刚交办。"}
    world.do("liaison", "supervision", "note_sweep", ids["sweep"], **looked)
    measure = {"unit": ids["unit"], "rung": "talk", "because": "久拖不决。"}
    ids["measure"] = world.do("liaison", "supervision", "propose_measure", made, **measure)["measure"]
    drawn_up = {
        "title": "通报",
        "since": "2023-01-01",
        "until": "2023-01-14",
        "addressed_to": "各单位",
        "text": "请抓紧。",
    }
    ids["circular"] = world.do("liaison", "supervision", "draw_up_circular", congress=OWN, **drawn_up)["id"]
    yield EARLY
    yield LATE
    world.network.on(EARLY)
    mine = {"task": world.task(made, "unit")}
    world.do("clerk", "assignment", "sign_for", made, **mine)
    world.do(
        "clerk",
        "assignment",
        "log_contact",
        made,
        **mine,
        phase="before",
        method="visit",
        on="2023-01-14",
        notes="面商。",
    )
    found = {
        "on": "2023-01-14",
        "scope": "专项督查",
        "tasks": [mine["task"]],
        "found": "没有面谈。",
        "put_right_by": "2023-02-01",
    }
    world.do("head", "assignment", "log_check", unit=ids["unit"], **found)
    world.do("clerk", "assignment", "draft_reply", made, **mine, **REPLY)
    file = {"name": "计划.pdf", "content": "JVBERi0xLjQK"}
    ids["attachment"] = world.do("clerk", "assignment", "attach_file", made, **mine, file=file)["attachment"]
    world.do("head", "assignment", "approve_reply", made, **mine)
    reply = world.do("clerk", "assignment", "issue_reply", made, **mine, document_number="某水函〔2023〕1号")[
        "reply"
    ]
    yield EARLY
    world.do(
        "lead", "evaluation", "give_feedback", made, reply=reply, process="satisfied", process_comment="来得太晚。", result="unsatisfied",
    )  # fmt: skip
    world.do("operator", "evaluation", "look_for_patterns")
    world.do("operator", "evaluation", "tell_figures")
    ids["award"] = world.do("liaison", "evaluation", "open_award", congress=OWN, year=2023)["id"]
    invited = [ids[who] for who in DEPUTIES]
    appraisal = {
        "name": "评议",
        "on": "2023-01-14",
        "units": [ids["unit"]],
        "deputies": invited,
        "questions": ["质量"],
    }
    ids["appraisal"] = world.do("liaison", "evaluation", "draw_up_appraisal", congress=OWN, **appraisal)["id"]
    world.do("liaison", "evaluation", "close_appraisal", ids["appraisal"])
    world.do("liaison", "evaluation", "announce_appraisal", ids["appraisal"])
    world.do("liaison", "evaluation", "score_unit", congress=OWN, unit=ids["unit"], year=2023)
    world.do("liaison", "evaluation", "announce_scores", congress=OWN, year=2023)
    world.do(
        "distributing", "evaluation", "grade_unit", congress=OWN, unit=ids["unit"], year=2023, grade="good"
    )
    world.do("distributing", "evaluation", "announce_grades", congress=OWN, year=2023)
    yield EARLY
    yield LATE


REPLY = {
    "text": "三年更换计划已经立项，今年先更换漏损最重的十二公里。", "reply_class": "B", "contact": "经办人甲", "phone": "0731-0",
    "without_opinions": "已电话征求意见。", "commitments": [{"text": "更换管网", "due_on": "2023-06-30"}],
    "results": [{"kind": "project", "text": "更换十二公里管网", "money": 900, "people": 20000}],
}  # fmt: skip


@pytest.mark.parametrize("row", MATRIX, ids=key)
def test_the_answer_changes_for_those_alone_who_may_know(asked: dict[str, set[str]], row: Row) -> None:
    assert sorted(asked[key(row)]) == sorted(row.tells)


def test_every_query_of_every_service_is_in_the_matrix() -> None:
    # What the gateway itself has for systems outside, for one's own messages and for operators is tried in tests/unit/gateway.
    own = ("webhooks", "messages", "orders")
    others = {s: contracts for s, (contracts, _) in CONTRACTS.items() if s not in own}
    declared = {(s, name) for s, contracts in others.items() for name in contracts.queries}
    assert {(row.service, row.query) for row in MATRIX} == declared
