"""Who connects another system sets up its webhook on the screen, and sees whether it works."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE
from receiver import freed_address


@pytest.fixture
def browser(platform):
    return signed_in(platform.web, "platform")


def signed_in(web, login):
    browser = web.browser()
    post(browser, "/sign-in", login=login, password="a-long-password")
    return browser


def post(browser, path, on=None, **form):
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(on or path).text)[1]
    return browser.post(path, data={"csrf_token": token, **form})


def test_setting_it_up_shows_the_secret_once(platform, browser):
    page = post(
        browser, "/webhooks", url=platform.receiver.url, jurisdiction=PROVINCE, types="unit.*\nreply.*"
    )
    assert page.status_code == 200, page.text
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)[0]
    (made,) = platform.program.get("/api/webhooks").json
    assert made["types"] == ["unit.*", "reply.*"]
    path = f"/webhooks/{made['id']}"
    assert "whsec_" not in browser.get(path).text
    platform.receiver.secrets = [secret]
    platform.register_unit("省水利厅")
    platform.work()
    assert platform.receiver.types() == ["unit.recorded.v1"]
    log = browser.get(path).text
    assert "unit.recorded.v1" in log and "已送达" in log and "204" in log
    delivery = platform.deliveries(made["id"])[0]["id"]
    assert post(browser, f"{path}/redeliver", on=path, delivery=delivery).status_code == 303
    platform.work()
    assert len(platform.receiver.taken) == 2


def test_pause_resume_new_secret_delete(platform, browser):
    id = platform.subscribe()
    path = f"/webhooks/{id}"
    assert post(browser, f"{path}/pause", on=path).status_code == 303
    assert "已暂停" in browser.get(path).text
    assert post(browser, f"{path}/resume", on=path).status_code == 303
    assert "whsec_" in post(browser, f"{path}/secret", on=path, overlap_hours="24").text
    wrong = post(browser, f"{path}/secret", on=path, overlap_hours="999")
    assert (wrong.status_code, "应当在 0 到 168 之间" in wrong.text) == (422, True)
    assert post(browser, f"{path}/delete", on=path).status_code == 303
    assert browser.get(path).status_code == 404


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(browser):
    page = post(
        browser,
        "/webhooks",
        url="https://10.0.0.1/hook",
        jurisdiction=PROVINCE,
        types="unit.*",
        description="县平台",
    )
    assert page.status_code == 422
    assert "不是公网地址" in page.text and "https://10.0.0.1/hook" in page.text and "县平台" in page.text
    page = post(browser, "/webhooks", url="", jurisdiction="湖南", types="unit")
    assert page.status_code == 422
    for sentence in ("请填写这一项", "区划代码应当像", "事件类型应当像"):
        assert sentence in page.text


def test_a_stopped_one_is_told_on_the_first_page(platform, browser):
    platform.subscribe(url=freed_address(), description="县平台")
    platform.receiver.answers = [(410, "", {})]
    id = platform.subscribe(description="市平台")
    platform.register_unit("省水利厅")
    platform.work()
    for who in (browser, signed_in(platform.web, "operator")):
        first = who.get("/work").text
        assert "市平台" in first and "已自动停用" in first and "410" in first
        assert "县平台" not in first
        assert "已自动停用" in who.get(f"/webhooks/{id}").text
    assert "市平台" not in signed_in(platform.web, "liaison").get("/work").text


def test_others_have_no_such_page(platform, browser):
    id = platform.subscribe()
    assert 'href="/webhooks"' in browser.get("/work").text
    other = signed_in(platform.web, "liaison")
    assert 'href="/webhooks"' not in other.get("/work").text
    assert other.get("/webhooks").status_code == 403
    assert other.get(f"/webhooks/{id}").status_code == 404
