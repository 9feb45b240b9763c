"""A deputy writes on the pages, the liaison office reviews there, and strangers find nothing."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE

from shared.identity import SYSTEM
from shared.problems import NotFound, Unavailable

OTHERS = (("assignment", "handling"), ("supervision", "ledger_line"), ("evaluation", "evaluation"))


@pytest.fixture
def others_know_nothing(web):
    """The services that are not part of this network answer, but have not heard of the suggestion."""
    web.transport.answers |= dict.fromkeys(OTHERS, NotFound("没有找到这件建议。"))


@pytest.fixture
def deputy(web):
    return Person(web, "deputy")


@pytest.fixture
def liaison(web):
    return Person(web, "liaison")


def csrf_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


class Person:
    """Somebody with a browser who fills in the forms that the pages show."""

    def __init__(self, web, login):
        self.web, self.browser = web, web.browser()
        form = {"csrf_token": csrf_of(self.get("/sign-in")), "login": login, "password": "a-long-password"}
        assert self.browser.post("/sign-in", data=form).status_code == 303

    def get(self, path):
        return self.browser.get(path)

    def fill_in(self, path, **data):
        """Open a page with a form and post it, with the hidden fields that it has."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        hidden = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text.partition("<main")[2])
        )
        return self.post(path, {**hidden, **data})

    def post(self, path, data):
        return self.browser.post(path, data={"csrf_token": csrf_of(self.get("/work")), **data})


@pytest.fixture
def written(deputy, draft):
    """The path of a draft's page."""
    answer = deputy.fill_in("/write", **draft)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def submitted(deputy, written):
    assert deputy.fill_in(f"{written}/do/submit_suggestion").status_code == 303
    return written


def test_a_deputy_writes_and_sees_what_to_do_next(deputy, written, draft):
    page = deputy.get(written).text
    assert draft["title"] in page and draft["situation"] in page
    assert "草稿已保存" in page
    assert re.search(r'btn-primary btn-lg" href="[^"]+/do/submit_suggestion"', page)


def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_stays(web, deputy, draft):
    answer = deputy.fill_in("/write", **{**draft, "title": "短"})
    assert answer.status_code == 422
    assert 'aria-describedby="f-title-hint f-title-error" aria-invalid="true"' in answer.text
    assert "至少要写 5 个字。" in answer.text
    assert draft["situation"] in answer.text
    assert web.events() == []


def test_the_same_form_posted_twice_makes_one_draft(web, deputy, draft):
    form = {**draft, "key": "01890a5d-ac96-774b-bcce-b302099a8057"}
    first, second = deputy.post("/write", form), deputy.post("/write", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(web.events()) == 1


def test_the_office_accepts_from_the_list_with_one_click(liaison, submitted, draft):
    page = liaison.get("/review").text
    form = page[page.index(f'action="{submitted}/do/accept_suggestion"') :].partition("</form>")[0]
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = liaison.post(f"{submitted}/do/accept_suggestion", hidden)
    assert answer.headers["Location"] == "/review"
    assert "第十四届一次会议第0001号" in liaison.get("/review").text  # in what was said
    assert draft["title"] in liaison.get("/review?state=accepted").text


def test_a_form_that_was_open_too_long_keeps_what_was_typed(deputy, liaison, written):
    path = f"{written}/do/revise_suggestion"
    old = deputy.get(path).text
    version = re.search(r'name="version" value="(\d+)"', old)[1]
    deputy.fill_in(path, **_text("先改的分析"))
    answer = deputy.post(path, {"version": version, **_text("后改的分析")})
    assert answer.status_code == 409
    assert "内容已被他人更新" in answer.text and "后改的分析" in answer.text
    assert deputy.fill_in(path, **_text("后改的分析")).status_code == 303


def test_what_is_not_possible_now_is_said_with_what_is(liaison, deputy, submitted):
    page = deputy.get(f"{submitted}/do/submit_suggestion")
    assert page.status_code == 200 and "现在不能办" in page.text
    liaison.fill_in(f"{submitted}/do/accept_suggestion")
    answer = liaison.post(f"{submitted}/do/return_suggestion", {"reason_codes": "other", "reason": "重复"})
    assert answer.status_code == 409 and "现在是“已立案”" in answer.text


def test_a_returned_one_tells_its_deputy_why(liaison, deputy, submitted):
    liaison.fill_in(f"{submitted}/do/return_suggestion", reason_codes="unclear", reason="请写明具体路段")
    assert "请写明具体路段" in deputy.get(f"{submitted}/do/revise_suggestion").text


@pytest.mark.parametrize("page", ["", "/do/submit_suggestion", "/do/sign_for"])
def test_a_stranger_finds_nothing(web, others_know_nothing, written, page):
    web.add_stranger()
    assert Person(web, "stranger").get(written + page).status_code == 404


def test_a_stranger_changes_nothing(web, written):
    web.add_stranger()
    before = web.events()
    assert Person(web, "stranger").post(f"{written}/do/submit_suggestion", {}).status_code == 404
    assert web.events() == before


def test_a_form_offers_the_other_decisions(liaison, submitted):
    page = liaison.get(f"{submitted}/do/accept_suggestion").text
    for command in ("return_suggestion", "treat_as_letter"):
        assert f'href="{submitted}/do/{command}"' in page


def test_an_unknown_command_is_not_found(deputy, written):
    assert deputy.get(f"{written}/do/import_suggestions").status_code == 404
    assert deputy.get(f"{written}/do/nothing").status_code == 404
    assert deputy.get("/suggestions/1/do/submit_suggestion").status_code == 404


def test_units_read_the_text_once_they_have_it(web, others_know_nothing, liaison, submitted, draft):
    unit = web.network.do(
        SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省税务局", kind="government"
    )["id"]
    web.add_account("clerk", "经办人甲", {"role": "handler", "congress": PROVINCE, "unit": unit})
    clerk = Person(web, "clerk")
    liaison.fill_in(f"{submitted}/do/accept_suggestion")
    assert clerk.get(submitted).status_code == 404
    task = {
        "task": "t",
        "unit": {"id": unit, "name": "省税务局"},
        "role": "lead",
        "assigned_on": "2023-02-20",
    }
    web.network.tell(
        "suggestion.assigned.v1", submitted.rpartition("/")[2], number="1", title=draft["title"], category=draft["category"],
        assigned_on="2023-02-20", batch="", deputies=[], tasks=[task],
    )  # fmt: skip
    page = clerk.get(submitted).text
    assert draft["proposals"] in page and "起草" not in page


def test_without_search_nothing_is_shown_beside_the_draft(deputy, draft):
    answer = deputy.post("/similar", draft)
    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_similar_ones_are_shown_with_their_reply(web, deputy, draft):
    hit = {
        "id": "0" * 8,
        "title": "关于社保系统的建议",
        "number": "第1号",
        "state": "closed",
        "reply_class": "A",
        "published": True,
    }
    web.transport.answers["search", "similar"] = [hit]
    page = deputy.post("/similar", draft).text
    assert 'href="/public/00000000"' in page and "A类" in page


def test_while_writing_it_is_said_what_is_missing_and_how_to_mend_it(deputy, draft):
    page = deputy.post("/write/findings", draft).text
    assert "“情况”只有 10 个字" in page and "写清看到了什么" in page
    assert deputy.post("/write/findings", {"title": draft["title"]}).text.strip() == ""


def test_before_submitting_the_reasons_for_not_accepting_are_a_checklist(deputy, liaison, written):
    page = deputy.get(f"{written}/do/submit_suggestion").text
    assert "提交前检查" in page and "□ 涉及具体司法案件" in page
    deputy.fill_in(f"{written}/do/submit_suggestion")
    assert "提示：写得过于简单" in liaison.get("/review").text
    assert "□ 涉及具体司法案件" in liaison.get(f"{written}/do/accept_suggestion").text


def test_likely_doubles_stand_beside_the_line_that_waits(web, liaison, submitted):
    own, other = submitted.rpartition("/")[2], "0190a1b2-0000-7000-8000-0000000000d1"
    double = {"id": other, "congress": PROVINCE, "number": "第十四届一次会议第0009号", "title": "关于社保系统的建议", "state": "accepted", "likeness": 83}  # fmt: skip
    web.transport.answers["search", "likely_doubles"] = {own: [double]}
    page = liaison.get("/review").text
    assert "可能重复（83%）" in page and f'href="{submitted}/do/merge_suggestion?into={other}"' in page
    assert len([call for call in web.transport.calls if call[2][0] == "likely_doubles"]) == 1


def test_old_and_new_stand_side_by_side(deputy, liaison, submitted, draft):
    liaison.fill_in(f"{submitted}/do/return_suggestion", reason_codes="unclear", reason="请写明谁的责任")
    deputy.fill_in(f"{submitted}/do/revise_suggestion", **{**draft, "analysis": "税务的责任不清。"})
    deputy.fill_in(f"{submitted}/do/submit_suggestion")
    page = liaison.get(f"{submitted}/do/accept_suggestion").text
    assert "退回以后改了什么" in page and "<ins>税务的</ins>责任不清。" in page
    assert "第2次提交" in liaison.get("/review").text


def test_a_part_that_is_away_does_not_hide_the_rest(web, deputy, written, draft):
    web.transport.answers["supervision", "ledger_line"] = Unavailable("没有响应")
    page = deputy.get(written)
    assert page.status_code == 200 and draft["title"] in page.text and "暂时没有响应" in page.text


def test_when_all_are_away_it_is_not_said_that_there_is_nothing(web, deputy, written):
    web.transport.answers["intake", "suggestion"] = Unavailable("没有响应")
    assert deputy.get(written).status_code == 503


def test_only_deputies_write(liaison):
    assert liaison.get("/write").status_code == 403


def test_each_sees_the_menu_of_their_roles(deputy, liaison):
    assert 'href="/write"' in deputy.get("/work").text and 'href="/review"' not in deputy.get("/work").text
    assert 'href="/review"' in liaison.get("/work").text and 'href="/write"' not in liaison.get("/work").text
    assert deputy.get("/review").status_code == 403
    assert deputy.get("/assignment").status_code == 403


def _text(analysis):
    return {
        "title": "关于建立联合运维工作机制的建议", "situation": "各自运维。", "analysis": analysis, "proposals": "建立中心。",
        "kind": "suggestion", "category": "社会保障",
    }  # fmt: skip
