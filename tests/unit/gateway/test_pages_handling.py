"""A unit handles a suggestion on the pages, the deputy is heard meanwhile, and the office has its say about the reply."""

from __future__ import annotations

import io
import re

import docx
import pytest
from harness import PROVINCE, liaison
from test_pages_suggestions import Person

from services.gateway import pages, traces
from shared.identity import SYSTEM
from shared.problems import Unavailable
from tests.unit.gateway.conftest import DRAFT, HUNAN, SESSION, Web

REPLY = {
    "text": "三部门已经建立联合运维工作机制，统一受理、限时办结，每日对账。", "reply_class": "B", "publicity": "public",
    "contact": "经办人甲", "phone": "0731-0", "commitments.0.text": "建成联合运维中心", "commitments.0.due_on": "2023-12-31",
    "results.0.kind": "policy", "results.0.text": "联合运维办法", "results.0.money": "0", "results.0.people": "0",
}  # fmt: skip


@pytest.fixture
def case(network_of):
    """A suggestion that a unit has received, and everybody who has to do with it, at their browsers."""
    network = network_of("directory", "intake", "assignment", "supervision", "evaluation", "gateway")
    make = lambda command, **data: network.do(SYSTEM, "directory", command, congress=PROVINCE, **data)["id"]  # noqa: E731
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    make("open_session", **SESSION)
    seat, unit = make("register_deputy", name="代表甲"), make("register_unit", name="省税务局")
    web = Web(network)
    for login, role in (
        ("deputy", {"role": "deputy", "seat": seat}), ("liaison", {"role": "liaison"}),
        ("clerk", {"role": "handler", "unit": unit}), ("head", {"role": "unit_head", "unit": unit}),
    ):  # fmt: skip
        web.add_account(login, f"某{login}", {"congress": PROVINCE, **role})
    people = {login: Person(web, login) for login in ("deputy", "liaison", "clerk", "head")}
    id = web.program("deputy").post("/api/suggestions", json=DRAFT).json["id"]
    web.program("deputy").post(f"/api/suggestions/{id}/submit", json={})
    network.settle()
    web.program("liaison").post(f"/api/suggestions/{id}/accept", json={})
    network.settle()
    web.program("liaison").post(f"/api/suggestions/{id}/assign", json={"lead": unit})
    network.settle()
    return Case(network, id, people, seat)


class Case:
    def __init__(self, network, id, people, seat):
        self.network, self.id, self.people, self.seat = network, id, people, seat

    def page(self, who):
        page = self.people[who].get(f"/suggestions/{self.id}")
        assert page.status_code == 200, page.text
        return page.text

    def link(self, who, command):
        """The address behind the button of a command, as the page of the suggestion offers it."""
        found = re.search(rf'href="(/suggestions/{self.id}/do/{command}[^"]*)"', self.page(who))
        assert found, f"{command} is not offered to {who}"
        return found[1].replace("&amp;", "&")

    def do(self, who, command, **data):
        answer = self.people[who].fill_in(self.link(who, command), **data)
        assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)
        self.network.settle()

    def works(self, who):
        return self.people[who].get("/work").text


def test_from_the_plan_to_the_class_of_the_reply(case):
    case.do("clerk", "sign_for")
    case.do(
        "clerk", "make_plan", handler="经办人甲", leader="副局长甲", plan="先调研。", expected_result="建成中心",
        **{"steps.0.what": "到现场调研", "steps.0.due_on": "2023-03-20"},
    )  # fmt: skip
    assert "完成环节：到现场调研" in case.works("clerk")
    case.do("deputy", "agree_plan", agrees="true")
    case.do("clerk", "complete_step", note="去了两次")
    talk = {"phase": "during", "method": "visit", "on": "2023-01-15", "deputies": case.seat}
    case.do("clerk", "log_contact", **talk, led_by="副局长甲", rank="deputy_head", notes="当面听取意见。")
    case.do("deputy", "confirm_contact", agrees="true")
    case.do("deputy", "remark", text="又有新的情况。")
    assert "回应某deputy的补充意见" in case.works("clerk") or "回应代表甲的补充意见" in case.works("clerk")
    case.do("clerk", "answer_remark", text="已经研究。")
    case.do(
        "clerk",
        "log_meeting",
        kind="coordination",
        on="2023-01-15",
        led_by="秘书长甲",
        participants="三部门",
        agreed="统一口径。",
    )
    case.do("clerk", "draft_reply", **REPLY)
    case.do("clerk", "show_draft")
    case.do("deputy", "comment_draft", text="请写明期限。")
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    for words in (
        "责任领导 副局长甲", "预期结果：建成中心", "☑ 到现场调研", "副局长甲（分管负责人）", "代表甲确认属实", "已经研究。", "协调会",
        "出台政策文件：联合运维办法",
    ):  # fmt: skip
        assert words in case.page("deputy"), words
    case.do("liaison", "change_reply_class", reply_class="A", reason="已经解决")
    case.do("clerk", "object_to_class", reason="还在建设")
    assert "答复承办单位对办理结果调整的异议" in case.works("liaison")
    case.do("liaison", "decide_objection", uphold="true", reason="核实无误")
    assert "办理结果由B类调整为A类" in case.page("clerk")
    case.do("clerk", "supplement_reply", text="第一阶段已经建成，继续建设。")
    assert "第一阶段已经建成" in case.page("deputy")


def test_a_reply_is_sent_back_and_printed(case):
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **REPLY)
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    address = re.search(rf'href="(/suggestions/{case.id}/replies/[^"]+/document)"', case.page("deputy"))[1]
    letter = case.people["deputy"].get(address).text
    for words in ("B类", "湘税建〔2023〕12号", "代表甲代表：", "建成联合运维中心", "省税务局（盖章）"):
        assert words in letter
    file = docx.Document(io.BytesIO(case.people["deputy"].get(f"{address}.docx").data))
    lines = [paragraph.text for paragraph in file.paragraphs]
    assert lines[:2] == ["B类", "湘税建〔2023〕12号"]
    assert "代表甲代表：" in lines and "省税务局（盖章）" in lines and lines[-1].startswith("公开属性：")
    case.do("liaison", "send_reply_back", reason="没有答复第二条", due_on="2023-02-15")
    assert "已退回，要求在 2023-02-15 前重新答复" in case.page("clerk")
    assert "答复被退回，重新起草答复" in case.works("clerk")


def test_who_was_not_visited_is_on_a_page(case):
    assert "关于建立联合运维工作机制的建议" in case.people["clerk"].get("/contacts").text
    office = case.people["liaison"].get("/contacts").text
    assert "办前、办中、办后" in office
    assert "还没有走访的建议（0 件）" in case.people["deputy"].get("/contacts").text


# --- just after the signature -------------------------------------------------------------------------------------


def just_signed(case):
    """The unit has signed; what its practice asks for is on its way."""
    case.network.do(SYSTEM, "directory", "set_practice", name="three_fixes_three_visits", congress=PROVINCE, effective_on="2023-01-15", settings={})  # fmt: skip
    answer = case.people["clerk"].fill_in(case.link("clerk", "sign_for"))
    assert answer.status_code == 303


def test_who_has_signed_sees_the_steps_at_once(case, monkeypatch):
    monkeypatch.setattr(pages, "PAUSES", (0.02, 0.04))
    monkeypatch.setattr(traces.time, "sleep", lambda seconds: case.network.settle())  # meanwhile they come
    just_signed(case)
    page = case.page("clerk")
    assert "三定：定经办人、定方案、定时间" in page
    assert "正在确定" not in page


def test_the_page_says_when_the_steps_take_longer(case, monkeypatch):
    pauses = []
    monkeypatch.setattr(pages, "PAUSES", (0.02, 0.04))
    monkeypatch.setattr(traces.time, "sleep", pauses.append)
    just_signed(case)
    assert "已经签收，办理环节正在确定，请稍后刷新本页。" in case.page("clerk")
    assert pauses == [0.02, 0.04], "nobody waits longer for what does not come"
    case.network.settle()
    assert "正在确定" not in case.page("clerk")


def test_a_service_that_cannot_say_what_followed_keeps_nobody_waiting(case, monkeypatch):
    pauses = []
    monkeypatch.setattr(pages, "PAUSES", (0.02, 0.04))
    monkeypatch.setattr(traces.time, "sleep", pauses.append)
    case.people["clerk"].web.transport.answers["search", "followed"] = Unavailable(
        "系统的一部分暂时没有响应。"
    )
    just_signed(case)
    assert pauses == [0.02]


# --- whether it was kept --------------------------------------------------------------------------------------------


@pytest.fixture
def kept(case):
    """A promise that the unit says it has kept, after the suggestion was closed."""
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **REPLY)
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    case.do("deputy", "give_feedback", process="satisfied", result="satisfied")
    case.do("liaison", "close_suggestion")
    (promise,) = case.network.ask(liaison(), "supervision", "commitments", congress=PROVINCE)
    case.network.do(
        liaison(), "supervision", "keep_commitment", promise["id"], evidence="已建成", kept_on="2023-01-15"
    )
    case.do("clerk", "supplement_reply", text="联合运维中心已经建成，每日对账。", solved="true")
    return case


def test_the_deputy_says_on_the_page_whether_it_was_kept_and_the_office_answers(kept):
    assert "省税务局答复承诺已全部兑现：评价是否属实" in kept.works("deputy")
    refused = kept.people["deputy"].fill_in(kept.link("deputy", "judge_kept"), kept="not_kept")
    assert refused.status_code == 422
    assert "没有全部兑现的，请写明哪些没有兑现。" in refused.text
    assert (
        "承诺已全部兑现。</textarea>"
        in kept.people["liaison"].get(kept.link("liaison", "change_reply_class")).text
    )
    kept.do("deputy", "judge_kept", kept="not_kept", words="中心没有挂牌。")
    assert (
        "承诺已全部兑现。</textarea>"
        not in kept.people["liaison"].get(kept.link("liaison", "change_reply_class")).text
    )
    assert "代表认为承诺没有兑现" in kept.works("liaison")
    assert "没有兑现</strong>，中心没有挂牌。" in kept.page("liaison")
    assert "中心没有挂牌" not in kept.page("clerk")
    form = kept.people["liaison"].get(kept.link("liaison", "answer_kept")).text
    assert "联合运维中心已经建成，每日对账。" in form and "中心没有挂牌。" in form
    kept.do("liaison", "answer_kept", text="已实地核实，中心三月挂牌。")
    assert "联工委答复：已实地核实，中心三月挂牌。" in kept.page("deputy")
    assert "代表认为承诺没有兑现" not in kept.works("liaison")
