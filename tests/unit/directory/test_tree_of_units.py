"""Units form a tree: which of them a congress assigns to, and who may hang one below another."""

from __future__ import annotations

import pytest
from harness import CITY, COUNTY, PROVINCE, liaison

from shared.identity import Actor, Role
from shared.problems import Invalid, NotFound

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
DIVISIONS = [
    {"path": path, "code": path.replace(".", ""), "name": name, "level": level, "parent": parent, "has_congress": True}
    for path, name, level, parent in (
        (PROVINCE, "湖南省", "province", ""), (CITY, "长沙市", "city", PROVINCE), (COUNTY, "浏阳市", "county", CITY),
    )
]  # fmt: skip


@pytest.fixture
def network(network_of):
    network = network_of("directory")
    network.do(OPERATOR, "directory", "register_divisions", divisions=DIVISIONS)
    return network


def unit(network, name, congress=PROVINCE, parent="", kind="government", by=None):
    data = {"congress": congress, "name": name, "kind": kind, "parent": parent}
    return network.do(by or liaison(congress), "directory", "register_unit", **data)["id"]


def offered(network, congress=PROVINCE):
    units = network.ask(liaison(congress), "directory", "units", congress=congress)
    return {unit["name"]: unit["below"] for unit in units}


def test_a_congress_is_offered_its_own_units_and_the_governments_one_level_down(network):
    unit(network, "省水利厅")
    unit(network, "长沙市人民政府", CITY, kind="government_below")
    unit(network, "市水利局", CITY)
    unit(network, "浏阳市人民政府", COUNTY, kind="government_below")
    assert offered(network) == {"省水利厅": False, "长沙市人民政府": True}
    assert offered(network, CITY) == {"长沙市人民政府": False, "市水利局": False, "浏阳市人民政府": True}


def test_a_government_that_the_city_registered_for_itself_to_assign_to_is_not_offered_to_the_province(
    network,
):
    office = unit(network, "市政府办公厅", CITY, kind="distributing")
    unit(network, "浏阳市人民政府", CITY, office, kind="government_below")
    assert offered(network) == {}
    assert offered(network, CITY) == {"市政府办公厅": False, "浏阳市人民政府": False}


def test_only_who_speaks_for_both_levels_hangs_a_unit_below_another_congresss(network):
    city = unit(network, "长沙市人民政府", kind="government_below")
    with pytest.raises(Invalid) as refusal:
        unit(network, "冒名办公厅", CITY, city, "distributing")
    assert "其他人大" in refusal.value.errors["parent"][0]
    office = unit(network, "市政府办公厅", CITY, kind="distributing")
    with pytest.raises(Invalid):
        network.do(liaison(CITY), "directory", "move_unit", office, parent=city)
    network.do(OPERATOR, "directory", "move_unit", office, parent=city)
    told = network.published("directory", office)[-1]
    assert (told["type"], told["data"]["parent"]) == ("unit.recorded.v1", city)


def test_a_unit_is_not_its_own_superior(network):
    office = unit(network, "省政府办公厅", kind="distributing")
    bureau = unit(network, "省水利厅", parent=office)
    with pytest.raises(Invalid, match="不能是自己的上级"):
        network.do(liaison(), "directory", "move_unit", office, parent=bureau)


def test_a_neighbour_moves_nothing(network):
    bureau = unit(network, "省水利厅")
    with pytest.raises(NotFound):
        network.do(liaison("44"), "directory", "move_unit", bureau, parent="")
