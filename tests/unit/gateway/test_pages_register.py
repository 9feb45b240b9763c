"""The liaison office keeps its register on the screen."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE
from visiting import Browser

AT = f"?congress={PROVINCE}"


class Register(Browser):
    def finds(self, kind: str, name: str) -> str:
        """The path of an entry's page."""
        page = self.reads(f"/directory/{kind}{AT}")
        return re.search(rf'href="([^"?]+)[^"]*" aria-label="变更{name}"', page)[1]


@pytest.fixture
def office(web):
    return Register(web, "liaison")


def test_every_list_of_the_register_has_its_page(office):
    for kind, words in {
        "units": "还没有登记承办单位", "deputies": "代表甲", "delegations": "还没有登记代表团", "sessions": "第十四届一次会议",
        "accounts": "联工委甲",
    }.items():  # fmt: skip
        assert words in office.reads(f"/directory/{kind}{AT}"), kind
    assert "还没有登记承办单位" in office.reads("/directory")


def test_a_unit_is_registered_below_another_renamed_and_closed(web, office):
    assert office.posts(f"/directory/units{AT}", name="省政府办公厅", kind="government").status_code == 303
    above = office.finds("units", "省政府办公厅").rpartition("/")[2]
    office.posts(f"/directory/units{AT}", name="省环境保护厅", kind="government", parent=above)
    path = office.finds("units", "省环境保护厅")
    assert (
        office.posts(
            f"{path}/change_unit{AT}", name="省生态环境厅", kind="government", parent=above
        ).status_code
        == 303
    )
    page = office.reads(f"/directory/units{AT}&text=生态")
    assert "省生态环境厅" in page and "省政府办公厅" in page and "还没有" not in page
    office.posts(f"{path}/close_unit{AT}", reason="机构改革撤销")
    assert "已停用" in office.reads(f"{path}{AT}") and "恢复承办单位" in office.reads(f"{path}{AT}")


def test_what_is_wrong_is_said_and_what_was_typed_stays(office):
    answer = office.posts(
        f"/directory/sessions{AT}", term="13", ordinal="5", opens_on="2022-01-17", closes_on="2022-01-01"
    )
    assert answer.status_code == 422
    assert "不能早于开幕日期" in answer.text and "2022-01-17" in answer.text


def test_a_seat_falls_vacant(office):
    path = office.finds("deputies", "代表甲")
    answer = office.posts(f"{path}/vacate_seat{AT}", on="2023-02-30", reason="")
    assert answer.status_code == 422 and "并且确有这一天" in answer.text
    assert office.posts(f"{path}/vacate_seat{AT}", on="2023-01-10", reason="辞职").status_code == 303
    assert "已停用" in office.reads(f"/directory/deputies{AT}")


def test_others_keep_no_register(web):
    deputy = Register(web, "deputy")
    assert deputy.browser.get(f"/directory/units{AT}").status_code == 403
    assert "名册" not in deputy.reads("/work")


def test_an_operator_says_first_at_which_congress(web):
    operator = Register(web, "operator")
    assert "请先填写是哪一级人大" in operator.reads("/directory")
    assert "代表甲" in operator.reads(f"/directory/deputies{AT}")


def test_a_post_is_registered_and_who_holds_it_is_shown_with_who_did_before(web, office):
    for login, name in (("li", "李四"), ("wang", "王五")):
        web.add_account(login, name, {"role": "standing_leader", "congress": PROVINCE})
    assert "还没有登记职务" in office.reads(f"/directory/offices{AT}")
    assert (
        office.posts(f"/directory/offices{AT}", name="副主任", kind="standing_committee").status_code == 303
    )
    path = office.finds("offices", "副主任")
    assert "空缺" in office.reads(f"{path}{AT}") and "李四（li）" in office.reads(f"{path}{AT}")
    for login, since in (("li", "2023-01-10"), ("wang", "2023-01-14")):
        answer = office.posts(f"{path}/appoint{AT}", account=web.accounts[login], since=since)
        assert answer.status_code == 303, answer.text
    page = office.reads(f"{path}{AT}")
    assert "王五（2023-01-14起）" in page and "李四（2023-01-10至2023-01-14）" in page
