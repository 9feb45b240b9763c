"""An operator registers divisions; a liaison office registers its deputies, units and accounts."""

from __future__ import annotations

import pytest
from harness import COUNTY, HASHER_OF_THE_PRODUCT, PROVINCE, liaison

from services.directory.model.register import in_chinese
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
SUBDISTRICT = {"path": "43.01.02.001", "code": "430102001", "name": "文艺路街道", "level": "subdistrict", "parent": "43.01.02", "has_congress": False}  # fmt: skip


@pytest.fixture
def network(network_of):
    network = network_of("directory", "intake")
    network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN, SUBDISTRICT])
    return network


def test_registering_divisions_twice_adds_nothing(network):
    assert network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN])["added"] == 0


def test_a_subdistrict_has_no_congress(network):
    with pytest.raises(NotFound):
        network.ask(OPERATOR, "directory", "congress", id="43.01.02.001")


def test_a_session_is_named_by_term_and_ordinal(network):
    answer = network.do(liaison(), "directory", "open_session", congress=PROVINCE, term=13, ordinal=5, opens_on="2022-01-17", closes_on="2022-01-21")  # fmt: skip
    assert answer["name"] == "第十三届五次会议"


def test_a_session_cannot_close_before_it_opens(network):
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(), "directory", "open_session", congress=PROVINCE, term=13, ordinal=5, opens_on="2022-01-17", closes_on="2022-01-11")  # fmt: skip
    assert refusal.value.errors == {"closes_on": ["不能早于开幕日期。"]}


def test_other_services_keep_a_copy_of_a_deputy(network):
    seat = network.do(liaison(), "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]
    with network.runtimes["intake"].database.reading() as connection:
        copies = network.runtimes["intake"].tables["copies"]
        assert connection.execute(copies.select().where(copies.c.id == seat)).one().data["name"] == "代表甲"


def test_a_liaison_office_registers_nothing_at_a_neighbours(network):
    with pytest.raises(NotAllowed):
        network.do(liaison("44"), "directory", "register_deputy", congress=PROVINCE, name="代表甲")


def account(network, by, **changes):
    roles = [{"role": "supervisor", "congress": PROVINCE}]
    data = {"login": "clerk", "name": "经办人甲", "password": "a-long-password", "roles": roles, **changes}
    return network.do(by, "directory", "add_account", **data)


def test_an_account_signs_in_with_its_password_only(network):
    account(network, liaison())
    right = network.ask(SYSTEM, "directory", "authenticate", login="clerk", password="a-long-password")
    wrong = network.ask(SYSTEM, "directory", "authenticate", login="clerk", password="another-password")
    assert (right["name"], wrong) == ("经办人甲", None)


def test_a_password_is_hashed_as_slowly_as_owasp_asks():
    assert HASHER_OF_THE_PRODUCT.hash("a-long-password").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_but_the_system_asks_for_passwords(network):
    with pytest.raises(NotFound):
        network.ask(OPERATOR, "directory", "authenticate", login="clerk", password="a-long-password")


@pytest.mark.parametrize("role", [{"role": "operator"}, {"role": "supervisor", "congress": COUNTY}])
def test_a_liaison_office_grants_no_role_beyond_its_congress(network, role):
    with pytest.raises(Invalid):
        account(network, liaison(), roles=[{"role": "liaison", "congress": PROVINCE}, role])


def test_a_login_is_given_once(network):
    account(network, liaison())
    with pytest.raises(Invalid, match="已有人使用"):
        account(network, liaison())


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (13, "十三"), (20, "二十"), (21, "二十一")]
)
def test_sessions_are_counted_in_chinese(number, written):
    assert in_chinese(number) == written


# --- changing the register --------------------------------------------------------------------------------------


def registered(network, what, **data):
    return network.do(liaison(), "directory", f"register_{what}", congress=PROVINCE, **data)["id"]


def kept(network, kind, id):
    """What the other services know of it now."""
    with network.runtimes["intake"].database.reading() as connection:
        copies = network.runtimes["intake"].tables["copies"]
        return connection.execute(copies.select().where(copies.c.kind == kind, copies.c.id == id)).one().data


def test_a_seat_falls_vacant_and_everybody_hears_why(network):
    seat = registered(network, "deputy", name="代表甲")
    network.do(liaison(), "directory", "vacate_seat", seat, on="2023-01-10", reason="调离本行政区域")
    assert not kept(network, "deputy", seat)["active"]
    assert network.published("directory", seat)[-1]["data"]["reason"] == "调离本行政区域"
    with pytest.raises(WrongState) as refusal:
        network.do(liaison(), "directory", "change_deputy", seat, name="代表乙")
    assert "已停用" in refusal.value.detail


def test_a_seat_does_not_fall_vacant_in_the_future(network):
    seat = registered(network, "deputy", name="代表甲")
    with pytest.raises(Invalid):
        network.do(liaison(), "directory", "vacate_seat", seat, on="2023-02-10", reason="辞职")
    assert kept(network, "deputy", seat)["active"]


def test_a_unit_is_renamed_moved_closed_and_opened_again(network):
    office = registered(network, "unit", name="省政府办公厅")
    bureau = registered(network, "unit", name="省环境保护厅")
    network.do(liaison(), "directory", "change_unit", bureau, name="省生态环境厅")
    network.do(liaison(), "directory", "move_unit", bureau, parent=office)
    assert (kept(network, "unit", bureau)["name"], kept(network, "unit", bureau)["parent"]) == (
        "省生态环境厅",
        office,
    )
    network.do(liaison(), "directory", "close_unit", bureau, reason="机构改革")
    assert not kept(network, "unit", bureau)["active"]
    network.do(liaison(), "directory", "reopen_unit", bureau, reason="撤销有误")
    assert kept(network, "unit", bureau)["active"]


def test_units_are_a_tree_without_circles(network):
    above = registered(network, "unit", name="省政府办公厅")
    below = registered(network, "unit", name="省民政厅", parent=above)
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(), "directory", "move_unit", above, parent=below)
    assert "下面的单位" in refusal.value.errors["parent"][0]


def test_a_sessions_dates_are_changed_within_reason(network):
    session = network.do(liaison(), "directory", "open_session", congress=PROVINCE, term=13, ordinal=5, opens_on="2022-01-17", closes_on="2022-01-21")["id"]  # fmt: skip
    network.do(
        liaison(), "directory", "change_session", session, opens_on="2022-01-18", closes_on="2022-01-22"
    )
    assert kept(network, "session", session)["opens_on"] == "2022-01-18"
    with pytest.raises(Invalid):
        network.do(
            liaison(), "directory", "change_session", session, opens_on="2022-01-18", closes_on="2022-01-17"
        )


# --- a deputy's seat ------------------------------------------------------------------------------------------


@pytest.fixture
def seat(network):
    return network.do(liaison(), "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]


def deputy_account(network, seat, login="jia", by=OPERATOR):
    roles = [{"role": "deputy", "congress": PROVINCE, "seat": seat}]
    return account(network, by, login=login, name="代表甲", roles=roles)


def signed_in(network, login="jia", password="a-long-password"):
    return network.ask(SYSTEM, "directory", "authenticate", login=login, password=password)


def claim(network, id, code, password="known-to-me-alone"):
    return network.do(Actor(id, "代表甲"), "directory", "claim_seat", id, code=code, password=password)


def test_an_account_is_no_deputys_until_the_deputy_has_claimed_the_seat(network, seat):
    opened = deputy_account(network, seat)
    (told,) = opened["codes"]
    assert (told["seat"], told["name"], len(told["code"])) == (seat, "代表甲", 10)
    assert signed_in(network)["roles"] == []
    claim(network, opened["id"], told["code"].lower())
    assert signed_in(network) is None  # who opened the account does not know the password any more
    assert [role["seat"] for role in signed_in(network, password="known-to-me-alone")["roles"]] == [seat]
    changed, claimed = network.published("directory", opened["id"])[-2:]
    assert [role["seat"] for role in changed["data"]["roles"]] == [seat]
    assert (claimed["type"], claimed["data"]["login"]) == ("seat.claimed.v1", "jia")


@pytest.mark.parametrize("code", ["", "ABCDEFGH23", "代表甲"])
def test_a_wrong_code_claims_nothing(network, seat, code):
    opened = deputy_account(network, seat)
    with pytest.raises(Invalid) as refusal:
        claim(network, opened["id"], code)
    assert refusal.value.errors.keys() == {"code"}
    assert signed_in(network)["roles"] == []


def test_the_password_has_to_be_another_one_than_was_handed_out(network, seat):
    opened = deputy_account(network, seat)
    with pytest.raises(Invalid, match="只有您自己知道"):
        claim(network, opened["id"], opened["codes"][0]["code"], password="a-long-password")


@pytest.mark.parametrize("who", [OPERATOR, liaison(), SYSTEM])
def test_nobody_claims_it_for_the_deputy_not_even_who_opened_the_account(network, seat, who):
    opened = deputy_account(network, seat)
    data = {"code": opened["codes"][0]["code"], "password": "known-to-me-alone"}
    with pytest.raises(NotAllowed, match="只有本人可以认领代表席位"):
        network.do(who, "directory", "claim_seat", opened["id"], **data)


def test_no_second_account_gets_the_seat(network, seat):
    deputy_account(network, seat)
    with pytest.raises(Invalid, match="已由账号“jia”使用"):
        deputy_account(network, seat, login="another")


def test_a_change_of_roles_keeps_a_seat_that_was_claimed_and_asks_for_a_new_one_to_be(network, seat):
    opened = deputy_account(network, seat)
    claim(network, opened["id"], opened["codes"][0]["code"])
    county = {
        **HUNAN,
        "path": COUNTY,
        "code": "430181",
        "name": "浏阳市",
        "level": "county",
        "parent": PROVINCE,
    }
    network.do(OPERATOR, "directory", "register_divisions", divisions=[county])
    other = network.do(OPERATOR, "directory", "register_deputy", congress=COUNTY, name="代表甲")["id"]
    roles = [
        {"role": "deputy", "congress": place, "seat": id} for place, id in ((PROVINCE, seat), (COUNTY, other))
    ]
    answer = network.do(OPERATOR, "directory", "change_roles", opened["id"], roles=roles)
    assert [told["seat"] for told in answer["codes"]] == [other]
    assert [role["seat"] for role in signed_in(network, password="known-to-me-alone")["roles"]] == [seat]
    claim(network, opened["id"], answer["codes"][0]["code"])
    assert len(signed_in(network, password="known-to-me-alone")["roles"]) == 2
