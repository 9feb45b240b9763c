"""The page of key suggestions: the office collects candidates, lists them, records the decision and sees who is forgotten."""

from __future__ import annotations

import re
from datetime import date

import pytest
from harness import PROVINCE, TestNetwork, deputy, liaison

from shared.identity import SYSTEM
from tests.unit.gateway.conftest import HUNAN, PASSWORD, SESSION, Web

TEXT = {
    "title": "关于建立联合运维工作机制的建议", "situation": "各自运维。", "analysis": "责任不清。", "proposals": "建立中心。",
    "kind": "suggestion", "category": "社会保障",
}  # fmt: skip
MARK = {"theme": "财税", "leading_supervisor": "副主任甲", "sponsor": "副省长甲", "committee": "财经委"}


class Office:
    def __init__(self, web, suggestion, login="liaison"):
        self.web, self.suggestion, self.browser = web, suggestion, web.browser()
        self.post("/sign-in", login=login, password=PASSWORD)

    def page(self, path="/key"):
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return re.sub(r"<[^>]+>", "", answer.text)

    def post(self, path, **data):
        page = self.browser.get("/sign-in" if path == "/sign-in" else "/key").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.browser.post(path, data={"csrf_token": token, "congress": PROVINCE, **data})


@pytest.fixture
def web(network_of):
    network: TestNetwork = network_of(
        "directory", "intake", "supervision", "gateway", today=date(2023, 1, 15)
    )
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    web.add_account("leader", "副主任甲", {"role": "supervisor", "congress": PROVINCE})
    return web


@pytest.fixture
def suggestion(web):
    network = web.network
    seat = network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]
    writer = deputy("代表甲", seat)
    id = network.do(writer, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]
    network.do(writer, "intake", "submit_suggestion", id)
    network.do(liaison(), "intake", "accept_suggestion", id)
    return id


def test_from_the_candidate_to_the_board_on_which_nobody_is_forgotten(web, suggestion):
    network = web.network
    settings = {"leaders": ["副主任甲", "副主任乙"]}
    network.do(
        liaison(), "directory", "set_practice", name="key_suggestions", congress=PROVINCE, settings=settings
    )
    network.on(date(2023, 2, 10))
    leader, office = Office(web, suggestion, "leader"), Office(web, suggestion)
    leader.post(f"/suggestions/{suggestion}/do/propose_key", reason="企业反映强烈。")
    network.settle()
    assert "副主任甲：企业反映强烈。" in office.page()
    opened = office.post("/key/lists", name="2023年重点建议", meeting_on="2023-02-10", themes="财税")
    assert opened.status_code == 303, opened.text
    at = opened.headers["Location"]
    path = f"/key/lists/{re.search('list=([0-9a-f-]+)', at)[1]}"
    office.post(f"{path}/put", suggestion=suggestion, **{**MARK, "sponsor": ""})
    assert "还没有定领办政府领导。" in office.page(at)
    refused = office.post(f"{path}/decide")
    assert refused.status_code == 422 and "还没有定领办政府领导" in refused.text
    office.post(f"{path}/put", suggestion=suggestion, **MARK)
    assert office.post(f"{path}/decide").status_code == 303
    network.settle()
    page = office.page()
    assert "财税（1 件）" in page and "领办政府领导" in page and "副省长甲：1 件" in page
    assert "牵头督办领导副主任乙还没有重点建议" in page
    assert "推荐件（0 件）" in page
    assert "拟定新名单" not in leader.page()


def test_a_wrong_line_comes_back_as_it_was_filled_in(web, suggestion):
    office = Office(web, suggestion)
    at = office.post("/key/lists", name="名单", meeting_on="2023-01-15", themes="财税").headers["Location"]
    path = f"/key/lists/{re.search('list=([0-9a-f-]+)', at)[1]}"
    answer = office.post(f"{path}/put", suggestion=suggestion, **{**MARK, "theme": "供水"})
    assert (
        answer.status_code == 422
        and "请从名单的主题中选择：财税。" in answer.text
        and 'value="副省长甲"' in answer.text
    )
    assert office.post("/key/lists", name="", meeting_on="").status_code == 422


def test_who_has_no_office_there_has_no_board(web, suggestion):
    web.add_stranger()
    stranger = Office(web, suggestion, "stranger")
    assert stranger.browser.get(f"/key?congress={PROVINCE}").status_code == 403


def test_the_office_recommends_and_the_leader_picks_on_the_page(web, suggestion):
    network = web.network
    web.add_account("office", "督查室甲", {"role": "distributing", "congress": PROVINCE})
    account = web.add_account("governor", "吴刚", {"role": "government_leader", "congress": PROVINCE})
    post = network.do(
        SYSTEM, "directory", "register_office", congress=PROVINCE, name="副省长", kind="government"
    )["id"]
    network.do(SYSTEM, "directory", "appoint", post, account=account, since="2023-01-13")
    office, governor = Office(web, suggestion, "office"), Office(web, suggestion, "governor")
    assert "本级没有启用" in office.page("/key/recommended")
    on = {"name": "leader_sponsorship", "congress": PROVINCE, "effective_on": "2023-01-15"}
    network.do(liaison(), "directory", "set_practice", **on)
    assert "领办推荐件" in office.page() and "关于建立联合运维工作机制的建议" in office.page(
        "/key/recommended"
    )
    refused = office.post("/key/recommended", sponsor_id=post)
    assert refused.status_code == 422 and "没有办成" in refused.text
    office.post("/key/recommended", sponsor_id=post, suggestions=suggestion, why="牵涉部门多。")
    page = governor.browser.get("/key/recommended").text
    assert "副省长吴刚" in page and "请在 2023-01-30 以前选定" in page
    path = re.search(r'action="(/key/recommended/[0-9a-f-]+/pick)"', page)[1]
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert governor.post(path, suggestions=suggestion, version=version, note="由我领办。").status_code == 303
    assert "选定 1 件：由我领办。" in office.page("/key/recommended")


def test_a_theme_is_handed_out_on_a_page_of_its_own(web, suggestion):
    web.network.do(liaison(), "intake", "make_key", suggestion, **MARK)
    office = Office(web, suggestion)
    assert "/key/theme?" in office.browser.get("/key").text
    page = office.page(f"/key/theme?congress={PROVINCE}&year=2023&theme=财税")
    assert "财税" in page and "副省长甲" in page and "第十四届一次会议第0001号" in page and "打印" in page
    assert office.browser.get(f"/key/theme?congress={PROVINCE}&theme=没有的").status_code == 404
