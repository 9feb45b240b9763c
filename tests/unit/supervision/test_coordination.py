"""The parties coordinate: what was agreed is read by those whom it names; by when each party supervises is the place's to say."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from tests.unit.supervision.test_grand_supervision import COMMITTEE, SPONSOR, VICE_CHAIR
from tests.unit.supervision.test_settings_of_the_place import lay_down

PARTY_OFFICE = Actor("party", "党委办公厅甲", (Role("distributing", PROVINCE, unit=new_id()),))


@pytest.fixture
def network(network_of):
    return network_of("supervision", today=date(2023, 1, 13))


@pytest.fixture
def key(network, life):
    life.up_to_assignment()
    mark = {
        "theme": "财税",
        "leading_supervisor": "副主任周明",
        "sponsor": "副省长吴刚",
        "committee": "财政经济委员会",
    }
    life.tell("suggestion.designated", date(2023, 2, 21), decided_on="2023-02-21", **mark)
    for unit in (life.tax, life.water):
        network.tell(
            "unit.recorded.v1",
            unit["id"],
            name=unit["name"],
            short="",
            kind="government",
            parent="",
            active=True,
        )
    return life


def log(life, who=PARTY_OFFICE, **changed):
    data = {
        "congress": PROVINCE, "title": "社保费系统联合运维", "on": "2023-02-21", "parties": ["sponsors", "deputies"], "units": [life.tax["id"]],
        "suggestions": [life.id] if who is not PARTY_OFFICE else [], "agreed": "三家单位集中办公。",
        "shares": [{"who": "省税务局", "what": "成立联合运维中心", "due_on": "2023-05-12"}],
    }  # fmt: skip
    return life.network.do(who, "supervision", "log_coordination", **{**data, **changed})


def seen(life, who):
    return [one["title"] for one in life.network.ask(who, "supervision", "coordinations")["coordinations"]]


def test_a_party_s_office_logs_it_and_those_whom_it_names_read_it(key):
    log(key, liaison())
    (one,) = key.network.ask(SPONSOR, "supervision", "coordinations")["coordinations"]
    assert (one["parties"], one["units"][0]["name"]) == (["政府领导", "有关代表"], "省税务局")
    (share,) = one["shares"]
    assert (share["who"], share["what"], share["due_on"]) == ("省税务局", "成立联合运维中心", "2023-05-12")
    assert one["about"][0]["title"] == key.title
    named = [liaison(), unit_clerk(key.tax["id"]), deputy("代表甲", key.lead["id"])]
    assert all(seen(key, who) for who in named)
    others = [VICE_CHAIR, COMMITTEE, unit_clerk(key.water["id"]), deputy("代表丁", new_id()), liaison("44")]
    assert [seen(key, who) for who in others] == [[]] * 5


def test_the_office_of_another_system_logs_and_reads_its_own(key):
    log(key, parties=["distributing"])
    assert seen(key, PARTY_OFFICE) and seen(key, liaison()) and not seen(key, SPONSOR)
    with pytest.raises(NotAllowed):
        log(key, unit_clerk(key.tax["id"]))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"parties": [], "units": []}, "parties"),
        ({"on": "2023-03-01"}, "on"),
        ({"suggestions": [new_id()]}, "suggestions"),
    ],
)
def test_what_is_missing_or_wrong_is_said(key, changed, field):
    with pytest.raises(Invalid) as refusal:
        log(key, liaison(), **changed)
    assert field in refusal.value.errors


def share(life, who):
    return life.network.ask(who, "supervision", "coordinations")["coordinations"][0]["shares"][0]


def test_a_share_is_ticked_off_once_by_whom_it_names_and_shows_when_it_is_late(key):
    clerk, done = unit_clerk(key.tax["id"]), {"share": 1, "came_of_it": "中心已挂牌。"}
    id = log(key, liaison())["id"]
    assert share(key, clerk)["may_finish"] and not share(key, deputy("代表甲", key.lead["id"]))["may_finish"]
    key.network.on(date(2023, 5, 13))
    assert share(key, SPONSOR)["late"]
    for stranger in (unit_clerk(key.water["id"]), deputy("代表甲", key.lead["id"])):
        with pytest.raises((NotAllowed, NotFound)):
            key.network.do(stranger, "supervision", "finish_share", id, **done)
    with pytest.raises(Invalid, match="没有第2项"):
        key.network.do(clerk, "supervision", "finish_share", id, **{**done, "share": 2})
    key.network.do(clerk, "supervision", "finish_share", id, **done)
    after = share(key, SPONSOR)
    assert (after["done_on"], after["late"], after["came_of_it"], after["may_finish"]) == (
        "2023-05-13", True, "中心已挂牌。", False,
    )  # fmt: skip
    assert key.network.published("supervision", id)[-1]["type"] == "share.finished.v1"
    with pytest.raises(WrongState, match="已于2023-05-13"):
        key.network.do(liaison(), "supervision", "finish_share", id, **done)


# --- by when each party supervises --------------------------------------------------------------------------------


def duty(life, who):
    (line,) = life.network.ask(who, "supervision", "supervision_board")["lines"]
    return line["duty_on"], line["next"], line["duty_because"]


def test_each_party_has_its_day_and_says_how_it_was_computed(network, key):
    lay_down(network, "party_duties", sponsors_within=30, leads_within=0)
    due_on, to_do, because = duty(key, SPONSOR)
    assert (due_on, to_do) == ("2023-03-22", "还没有督办过，请安排督办")
    assert because == "交办之日（2023年2月20日）起30天内领办；期限由本级“督办期限”设置确定。"
    assert duty(key, VICE_CHAIR)[0] == "" and duty(key, COMMITTEE)[0] == "2023-04-21"
    network.on(date(2023, 3, 23))
    assert duty(key, SPONSOR)[1] == "应在2023-03-22前督办，已经过期，请安排督办"


def test_where_it_comes_again_the_day_counts_from_the_last_time(network, key):
    lay_down(network, "party_duties", sponsors_every=45)
    done = {
        "method": "inspection",
        "on": "2023-03-01",
        "place": "长沙",
        "led_by": "吴刚",
        "participants": "",
        "findings": "正在办。",
    }
    network.on(date(2023, 3, 1))
    network.do(SPONSOR, "supervision", "log_supervision", key.id, **done)
    assert (
        duty(key, SPONSOR)[0] == "2023-04-15"
        and "上次督办（2023年3月1日）起45天内再次领办" in duty(key, SPONSOR)[2]
    )
    assert duty(key, COMMITTEE)[0] == ""


def owed(life, who):
    waiting = life.network.ask(who, "supervision", "supervision_waiting")
    return [(line["what"], line["due_on"]) for line in waiting if line["command"] == "finish_share"]


def test_an_open_share_waits_with_its_unit_and_what_is_no_units_with_who_logged_it(key):
    shares = [
        {"who": "税务局", "what": "成立联合运维中心", "due_on": "2023-05-12"},
        {"who": "湘江公司", "what": "梳理数据差异"},
    ]
    id = log(key, liaison(), shares=shares)["id"]
    clerk = unit_clerk(key.tax["id"])
    assert owed(key, clerk) == [("办好分工（税务局）：成立联合运维中心", "2023-05-12")]
    assert owed(key, liaison()) == [("办好分工（湘江公司）：梳理数据差异", "")]
    assert not owed(key, unit_clerk(key.water["id"])) and not owed(key, liaison("44"))
    for number, who in ((1, clerk), (2, liaison())):
        key.network.do(who, "supervision", "finish_share", id, share=number, came_of_it="已办。")
        assert not owed(key, who)
