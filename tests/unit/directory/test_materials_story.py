"""What deputies and units work by: an office publishes it, those below inherit it, a unit keeps its own to itself."""

from __future__ import annotations

import pytest
from harness import CITY, COUNTY, PROVINCE, deputy, liaison, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
COURSE = {"kind": "courseware", "title": "如何提出高质量的代表建议", "text": "有情况、有分析、有具体意见。"}
TEMPLATE = {
    "kind": "template", "title": "路口信号灯", "readers": "deputies", "category": "交通运输", "situation": "【哪个路口】没有信号灯。",
    "analysis": "【原因】", "proposals": "请【单位】安装。",
}  # fmt: skip
A = deputy("代表甲", new_id())


@pytest.fixture
def network(network_of):
    network = network_of("directory")
    names = {"43": "湖南省", "43.01": "长沙市", "43.01.81": "浏阳市", "44": "广东省"}
    divisions = [
        {"path": path, "code": path, "name": name, "level": "city", "parent": path.rpartition(".")[0], "has_congress": True}
        for path, name in names.items()
    ]  # fmt: skip
    network.do(OPERATOR, "directory", "register_divisions", divisions=divisions)
    return network


def publish(network, by=None, congress=PROVINCE, **material):
    return network.do(by or liaison(congress), "directory", "publish_material", congress=congress, **material)["id"]  # fmt: skip


def titles(network, who, congress=PROVINCE, **more):
    lines = network.ask(who, "directory", "materials", congress=congress, **more)
    return [line["title"] for line in lines if line["from_name"] != "系统自带"]


def test_a_county_s_deputies_find_what_the_province_has_published_after_the_county_s_own(network):
    publish(network, **COURSE)
    publish(
        network,
        congress=COUNTY,
        kind="rule",
        title="优秀建议评选办法",
        link="https://www.example.gov.cn/rule",
    )
    found = titles(network, deputy("代表乙", new_id(), COUNTY), COUNTY)
    assert found == ["优秀建议评选办法", "如何提出高质量的代表建议"]


def test_what_a_county_publishes_is_not_the_province_s_nor_the_neighbour_s(network):
    id = publish(network, congress=COUNTY, **COURSE)
    for who, congress in ((liaison(), PROVINCE), (liaison("44"), "44"), (liaison("44"), COUNTY)):
        assert titles(network, who, congress) == []
        with pytest.raises(NotFound):
            network.ask(who, "directory", "material", id=id)


def test_each_finds_what_is_meant_for_them(network):
    publish(network, **{**COURSE, "title": "给代表"}, readers="deputies")
    publish(network, **{**COURSE, "title": "给单位", "kind": "handbook"}, readers="units")
    publish(network, **{**COURSE, "title": "给大家"})
    leader = Actor("leader", "领导甲", (Role("supervisor", PROVINCE),))
    assert titles(network, A) == ["给大家", "给代表"]
    assert titles(network, unit_clerk(new_id())) == ["给大家", "给单位"]
    assert titles(network, leader) == ["给大家"]
    assert titles(network, liaison()) == ["给大家", "给单位", "给代表"]
    assert titles(network, liaison(), kind="handbook") == ["给单位"]


def test_a_unit_publishes_for_itself_and_for_those_below_it(network):
    above = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="省财政厅")["id"]
    below = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="农业农村处", parent=above)["id"]  # fmt: skip
    rule = {
        "kind": "rule",
        "title": "代表建议办理工作规定",
        "text": "主要负责人是第一责任人。",
        "unit": above,
    }
    id = publish(network, unit_head(above), **rule)
    assert titles(network, unit_clerk(above)) == titles(network, unit_clerk(below)) == [rule["title"]]
    for who in (A, liaison(), unit_clerk(new_id())):
        assert titles(network, who) == []
        with pytest.raises(NotFound):
            network.ask(who, "directory", "material", id=id)
    with pytest.raises(NotAllowed):
        publish(network, unit_clerk(below), **rule)
    with pytest.raises(NotAllowed):
        publish(network, unit_clerk(above), **COURSE)


def test_what_is_withdrawn_is_shown_to_nobody_but_who_published_it(network):
    id = publish(network, **COURSE)
    with pytest.raises(NotFound):
        network.do(liaison(CITY), "directory", "withdraw_material", id, reason="不是我发的")
    network.do(liaison(), "directory", "withdraw_material", id, reason="已有新版。")
    assert titles(network, A) == titles(network, liaison()) == []
    assert titles(network, A, state="withdrawn") == []
    assert titles(network, liaison(), state="withdrawn") == [COURSE["title"]]
    assert network.ask(liaison(), "directory", "material", id=id)["withdrawn_because"] == "已有新版。"
    assert network.published("directory", id)[-1]["type"] == "material.withdrawn.v1"
    with pytest.raises(WrongState):
        network.do(liaison(), "directory", "withdraw_material", id, reason="再一次")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"link": "http://www.example.gov.cn/a"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://user@example.gov.cn/"}, "link"),
        ({"text": ""}, "text"),
        ({"kind": "template"}, "situation"),
        ({**TEMPLATE, "readers": "units"}, "kind"),
        ({"readers": "units", "findings": ["no_unit"]}, "findings"),
    ],
)
def test_what_nobody_could_use_is_refused_beside_the_field(network, changed, field):
    with pytest.raises(Invalid) as refusal:
        publish(network, **{**COURSE, **changed})
    assert field in refusal.value.errors
    assert titles(network, liaison()) == []


def test_a_place_s_own_template_takes_the_place_of_the_one_that_comes_with_the_product(network):
    def templates():
        lines = network.ask(A, "directory", "materials", congress=PROVINCE, kind="template")
        return {line["category"]: line for line in lines}

    usual = templates()["交通运输"]
    assert usual["from_name"] == "系统自带"
    assert "【" in network.ask(A, "directory", "material", id=usual["id"])["situation"]
    publish(network, **TEMPLATE)
    assert templates()["交通运输"]["title"] == "路口信号灯" and len(templates()) > 3
