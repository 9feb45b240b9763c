"""The assignment desk: batches are drawn up, filled and issued on one page."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE, TestNetwork, deputy, liaison

from shared.identity import SYSTEM

HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
TEXT = {
    "title": "关于建立联合运维工作机制的建议", "situation": "各自运维。", "analysis": "责任不清。", "proposals": "建立中心。",
    "kind": "suggestion", "category": "社会保障",
}  # fmt: skip


@pytest.fixture
def desk(network_of):
    """A network with assignment, one accepted suggestion and two units; the browser is the liaison office's."""
    from tests.unit.gateway.conftest import PASSWORD, Web

    network: TestNetwork = network_of("directory", "intake", "assignment", "gateway")
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
    seat = network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]
    units = [
        network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name=name, kind="government")[
            "id"
        ]
        for name in ("省税务局", "省医保局")
    ]
    writer, office = deputy("代表甲", seat), liaison()
    id = network.do(writer, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]
    network.do(writer, "intake", "submit_suggestion", id)
    network.do(office, "intake", "accept_suggestion", id)
    web = Web(network)
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    return Desk(web, PASSWORD, id, units)


class Desk:
    def __init__(self, web, password, suggestion, units):
        self.web, self.suggestion, self.units, self.password = web, suggestion, units, password
        self.browser = web.browser()
        self.post("/sign-in", login="liaison", password=password)

    def post(self, path, **data):
        page = self.browser.get("/sign-in" if path == "/sign-in" else "/assignment").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.browser.post(path, data={"csrf_token": token, "congress": PROVINCE, **data})

    def batch(self):
        answer = self.post("/assignment/batches", name="交办会", meeting_on="2023-02-20")
        assert answer.status_code == 303, answer.text
        return re.search(r"batch=([0-9a-f-]+)", answer.headers["Location"])[1]

    def events(self, type):
        return [e for e in self.web.network.published("assignment") if e["type"] == type]


def test_a_batch_is_filled_and_issued(desk):
    batch = desk.batch()
    put = desk.post(
        f"/assignment/batches/{batch}/put",
        suggestion=desk.suggestion,
        lead=desk.units[0],
        joint=desk.units[1],
    )
    page = desk.browser.get(put.headers["Location"]).text
    assert "已列入批次" in page and "主办：省税务局" in page and "会办：省医保局" in page
    assert desk.post(f"/assignment/batches/{batch}/issue").status_code == 303
    assert len(desk.events("suggestion.assigned.v1")) == 1


def test_issuing_twice_with_one_key_issues_once(desk):
    batch = desk.batch()
    desk.post(f"/assignment/batches/{batch}/put", suggestion=desk.suggestion, lead=desk.units[0])
    for _ in range(2):
        assert desk.post(f"/assignment/batches/{batch}/issue", key="one-and-the-same").status_code == 303
    assert len(desk.events("batch.issued.v1")) == 1


def test_contradicting_units_are_refused_beside_the_choice(desk):
    batch = desk.batch()
    answer = desk.post(
        f"/assignment/batches/{batch}/put",
        suggestion=desk.suggestion,
        lead=desk.units[0],
        separate=desk.units[1],
    )
    assert answer.status_code == 422
    assert re.search(r'<p class="field-error">主办和分办只能选一种', answer.text)
    assert f'value="{desk.units[1]}" checked' in answer.text


def test_a_line_without_units_is_shown_as_an_objection(desk):
    batch = desk.batch()
    put = desk.post(f"/assignment/batches/{batch}/put", suggestion=desk.suggestion)
    assert "还不能交办" in desk.browser.get(put.headers["Location"]).text
    assert desk.post(f"/assignment/batches/{batch}/issue").status_code == 422
    assert desk.events("suggestion.assigned.v1") == []


def test_a_batch_needs_a_name_and_a_date(desk):
    answer = desk.post("/assignment/batches", name="", meeting_on="")
    assert answer.status_code == 422 and 'id="f-meeting_on-error"' in answer.text


def test_one_is_assigned_alone(desk):
    answer = desk.post(
        f"/suggestions/{desk.suggestion}/do/assign_suggestion", lead=desk.units[0], back="/assignment"
    )
    assert answer.headers["Location"] == "/assignment"
    assert len(desk.events("suggestion.assigned.v1")) == 1


@pytest.mark.parametrize("congress", ["44", "43.01", "x"])
def test_nobody_works_at_another_congress_desk(desk, congress):
    assert desk.browser.get(f"/assignment?congress={congress}").status_code == 403
    assert desk.browser.get(f"/review?congress={congress}").status_code == 403


def test_the_meeting_has_a_page_with_what_is_printed_for_it(desk):
    batch = desk.batch()
    desk.post(f"/assignment/batches/{batch}/put", suggestion=desk.suggestion, lead=desk.units[0])
    assert f"/assignment/batches/{batch}/meeting" in desk.browser.get("/assignment").text
    agenda = {"agenda.0.item": "通报提出和交办情况", "agenda.0.who": "联工委", "requirements": "件件面商。"}
    assert desk.post(f"/assignment/batches/{batch}/meeting/agenda", **agenda).status_code == 303
    came = {"attendance.0.body": "省税务局", "attendance.0.came": "true", "attendance.1.body": "省医保局"}
    assert desk.post(f"/assignment/batches/{batch}/meeting/attendance", **came).status_code == 303
    page = desk.browser.get(f"/assignment/batches/{batch}/meeting").text
    assert "通报提出和交办情况（联工委）" in page and "应到 2 人，到会 1 人" in page
    own = {"suggestion": desk.suggestion, "arrangement": "由常务副省长牵头。"}
    assert desk.post(f"/assignment/batches/{batch}/meeting/arrange", **own).status_code == 303
    page = desk.browser.get(f"/assignment/batches/{batch}/meeting").text
    assert "全团建议：本批没有" in page and "由常务副省长牵头。" in page
    report = desk.browser.get(f"/assignment/batches/{batch}/report").text
    assert "由常务副省长牵头。" in report
    assert "拟交办 1 件，涉及 1 个单位" in report and "件件面商。" in report
    book = desk.browser.get(f"/assignment/batches/{batch}/units.xlsx")
    assert book.status_code == 200 and book.data[:2] == b"PK"


def test_what_the_meeting_s_form_lacks_is_said_beside_it(desk):
    batch = desk.batch()
    refused = desk.post(f"/assignment/batches/{batch}/meeting/agenda", **{"agenda.0.who": "联工委"})
    assert refused.status_code == 422 and "请填写这一项" in refused.text and "联工委" in refused.text


def test_an_office_of_one_system_hands_on_in_the_browser(desk):
    network = desk.web.network
    office = network.do(
        SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省政府办公厅", kind="distributing"
    )["id"]
    bureau = network.do(
        SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅", parent=office
    )["id"]
    network.do(liaison(), "assignment", "assign_suggestion", desk.suggestion, lead=office)
    desk.web.add_account(
        "officer", "交办员甲", {"role": "distributing", "congress": PROVINCE, "unit": office}
    )
    desk.browser = desk.web.browser()
    sign_in(desk, "officer")
    assert desk.browser.get("/assignment").status_code == 403
    home = desk.browser.get("/work").text
    assert 'href="/system"' in home and 'href="/assignment"' not in home and "签收" in home
    assert post(desk, "sign_for", {}).status_code == 303
    form = desk.browser.get(f"/suggestions/{desk.suggestion}/do/distribute_task").text
    assert "省水利厅" in form and "省税务局" not in form
    given = {"units": bureau, "due_on": "2023-02-10", "note": "请提出意见。"}
    assert post(desk, "distribute_task", given).status_code == 303
    page = desk.browser.get("/system").text
    assert "省水利厅" in page and "分解承办" in page and "2023-02-10" in page
    assert "part-1" in desk.browser.get(f"/suggestions/{desk.suggestion}").text


def sign_in(desk, login):
    page = desk.browser.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    desk.browser.post("/sign-in", data={"csrf_token": token, "login": login, "password": desk.password})


def post(desk, command, given):
    """Fill in the form of a command as it is drawn, with its hidden fields."""
    path = f"/suggestions/{desk.suggestion}/do/{command}"
    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', desk.browser.get(path).text)
    )
    return desk.browser.post(path, data={**hidden, **given})
