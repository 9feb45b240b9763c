"""Who signs in, how, for how long, and what other sites cannot do in their name."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from harness import PROVINCE

from services.gateway.app import create_app
from services.gateway.handlers import handlers
from services.gateway.sessions import CACHE_SECONDS, IDLE_SECONDS, LONGEST_SECONDS
from services.gateway.throttle import FREE_TRIES, WAIT_SECONDS
from shared.identity import SYSTEM
from shared.runtime import Runtime
from shared.settings import BadSettings, load

PASSWORD = "a-long-password"


def csrf_of(page) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def hidden(page) -> dict[str, str]:
    """The fields that the page's own form carries along."""
    main = page.text[page.text.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main)
    return {name: html.unescape(value) for name, value in found}


def sign_in(browser, login="deputy", password=PASSWORD, **more):
    form = {"csrf_token": csrf_of(browser.get("/sign-in")), "login": login, "password": password, **more}
    return browser.post("/sign-in", data=form)


# --- browsers -------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_brought_to_the_sign_in_page_and_back(web):
    browser = web.browser()
    assert browser.get("/?a=1").headers["Location"] == "/sign-in?next=/?a%3D1"
    assert sign_in(browser, next="/?a=1").headers["Location"] == "/?a=1"
    assert "代表甲" in browser.get("/work").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\r\nx"]
)
def test_signing_in_never_leads_to_another_site(web, elsewhere):
    assert sign_in(web.browser(), next=elsewhere).headers["Location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web):
    cookie = next(
        c for c in sign_in(web.browser()).headers.getlist("Set-Cookie") if c.startswith("jianyi_session=")
    )
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_over_https_the_cookie_is_for_https_only(web):
    browser = web.browser()
    page = browser.get("/sign-in", base_url="https://localhost")
    form = {"csrf_token": csrf_of(page), "login": "deputy", "password": PASSWORD}
    answer = browser.post(
        "/sign-in", data=form, base_url="https://localhost", headers={"Referer": "https://localhost/"}
    )
    assert all("Secure" in c for c in answer.headers.getlist("Set-Cookie"))


def test_a_wrong_password_opens_nothing(web):
    browser = web.browser()
    answer = sign_in(browser, password="another-password")
    assert (answer.status_code, "账号或密码不对" in answer.text) == (401, True)
    assert browser.get("/work").status_code == 303


def test_an_unknown_login_is_refused_like_a_wrong_password(web):
    assert sign_in(web.browser(), login="nobody").text.count("账号或密码不对") == 1


@pytest.mark.parametrize("login", ["", "x" * 51, "\x00", "代表\ud800"])
def test_a_hopeless_login_is_refused_on_the_page(web, login):
    assert sign_in(web.browser(), login=login.encode("utf-8", "surrogatepass")).status_code in (401, 422)


def test_signing_out_ends_the_session_also_for_who_kept_the_cookie(web):
    browser = web.browser()
    sign_in(browser)
    kept = browser.get_cookie("jianyi_session").value
    browser.post("/sign-out", data={"csrf_token": csrf_of(browser.get("/work"))})
    thief = web.browser()
    thief.set_cookie("jianyi_session", kept)
    assert thief.get("/work").status_code == browser.get("/work").status_code == 303


def test_signing_in_again_ends_the_session_before(web):
    browser = web.browser()
    sign_in(browser)
    first = browser.get_cookie("jianyi_session").value
    page = browser.get("/work")
    browser.post("/sign-in", data={"csrf_token": csrf_of(page), "login": "liaison", "password": PASSWORD})
    thief = web.browser()
    thief.set_cookie("jianyi_session", first)
    assert "联工委甲" in browser.get("/work").text
    assert thief.get("/work").status_code == 303


# --- forged requests ------------------------------------------------------------------------------------------


def test_a_form_from_another_site_is_refused(web):
    browser = web.browser()
    sign_in(browser)
    answer = browser.post("/sign-out", data={})
    assert (answer.status_code, "刷新页面" in answer.text) == (400, True)
    assert browser.get("/work").status_code == 200


def test_signing_in_cannot_be_forged_either(web):
    assert web.browser().post("/sign-in", data={"login": "deputy", "password": PASSWORD}).status_code == 400


def test_a_cookie_alone_gives_no_command(web, draft):
    browser = web.browser()
    sign_in(browser)
    refused = browser.post("/api/suggestions", json=draft)
    assert (refused.status_code, refused.json["type"]) == (400, "urn:jianyi:problem:forged")
    token = csrf_of(browser.get("/work"))
    assert browser.post("/api/suggestions", json=draft, headers={"X-CSRFToken": token}).status_code == 200


def test_a_csrf_token_of_before_signing_in_is_worth_nothing_after(web, draft):
    browser = web.browser()
    before = csrf_of(browser.get("/sign-in"))
    sign_in(browser)
    assert browser.post("/api/suggestions", json=draft, headers={"X-CSRFToken": before}).status_code == 400


# --- programs -------------------------------------------------------------------------------------------------


def test_a_program_gets_a_token(web):
    answer = web.browser().post("/api/sign-in", json={"login": "deputy", "password": PASSWORD})
    assert answer.json["name"] == "代表甲"
    assert answer.json["roles"][0]["role"] == "deputy"
    assert not answer.headers.getlist("Set-Cookie")


def test_a_program_signs_out(web):
    program = web.program("deputy")
    assert program.post("/api/sign-out").status_code == 204
    assert program.get("/api/my/account").status_code == 401


def test_a_browser_signs_out_by_the_api(web):
    browser = web.browser()
    sign_in(browser)
    csrf = csrf_of(browser.get("/work"))
    assert browser.post("/api/sign-out", headers={"X-CSRFToken": csrf}).status_code == 204
    assert browser.get("/api/my/account").status_code == 401


def test_a_wrong_token_is_refused_even_beside_a_good_cookie(web):
    browser = web.browser()
    sign_in(browser)
    answer = browser.get("/api/my/account", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="jianyi"')


@pytest.mark.parametrize("header", ["Basic ZGVwdXR5OmE=", "Bearer", "Bearer ", "bearer \xff", "x" * 5000])
def test_other_credentials_are_none(web, header):
    assert web.browser().get("/api/my/account", headers={"Authorization": header}).status_code == 401


def test_nothing_in_the_database_lets_a_reader_sign_in(web):
    token = web.token("deputy")
    with web.runtime.database.reading() as connection:
        rows = connection.execute(web.runtime.tables["sessions"].select()).all()
    assert len(rows) == 1
    assert token not in str(rows[0])


# --- for how long ---------------------------------------------------------------------------------------------


def test_a_session_ends_after_a_day_whatever_is_done(web):
    program = web.program("deputy")
    for _ in range(24):
        web.seconds += LONGEST_SECONDS / 25
        assert program.get("/api/my/account").status_code == 200
    web.seconds += LONGEST_SECONDS / 25
    assert program.get("/api/my/account").status_code == 401


def test_a_session_ends_when_it_is_not_used_for_a_working_day(web):
    program = web.program("deputy")
    web.seconds += IDLE_SECONDS - 1
    assert program.get("/api/my/account").status_code == 200
    web.seconds += IDLE_SECONDS + 1
    assert program.get("/api/my/account").status_code == 401


def test_what_was_filled_in_outlives_the_session(web, draft):
    browser = web.browser()
    sign_in(browser)
    form = {"csrf_token": csrf_of(browser.get("/write")), "key": "first-try", **draft}
    web.seconds += IDLE_SECONDS + 1

    again = browser.post("/write", data=form)
    assert again.status_code == 401 and "您填的内容都还在" in again.text
    wrong = browser.post(
        "/sign-in", data={**hidden(again), "login": "deputy", "password": "no-password-of-mine"}
    )
    assert wrong.status_code == 401
    back = browser.post("/sign-in", data={**hidden(wrong), "login": "deputy", "password": PASSWORD})
    assert "继续提交" in back.text and draft["situation"] in back.text

    saved = browser.post("/write", data=hidden(back))
    assert saved.status_code == 303
    assert draft["situation"] in browser.get(saved.location).text


def test_what_a_stale_page_sent_is_given_back_to_copy(web, draft):
    browser = web.browser()
    sign_in(browser)
    refused = browser.post("/write", data={"csrf_token": "of-yesterday", **draft})
    assert refused.status_code == 400
    assert draft["title"] in refused.text and "可以复制" in refused.text
    refused = browser.post(
        "/sign-in", data={"csrf_token": "of-yesterday", "login": "deputy", "password": PASSWORD}
    )
    assert PASSWORD not in refused.text


def test_an_empty_sign_in_is_told_beside_each_field(web):
    page = sign_in(web.browser(), "", "")
    assert 'id="login-error"' in page.text and 'id="password-error"' in page.text


def test_a_busy_person_costs_no_read_for_each_request(web, monkeypatch):
    program = web.program("deputy")
    program.get("/api/my/account")
    monkeypatch.setattr(web.runtime.database, "reading", None)
    assert program.get("/api/my/account").status_code == 200


def test_ended_sessions_are_cleared_away_at_the_next_sign_in(web):
    web.token("deputy")
    web.seconds += LONGEST_SECONDS + 1
    web.token("liaison")
    with web.runtime.database.reading() as connection:
        accounts = [row.account for row in connection.execute(web.runtime.tables["sessions"].select())]
    assert accounts == [web.accounts["liaison"]]


def test_who_loses_a_role_is_signed_out(web):
    program = web.program("liaison")
    assert program.get("/api/review?congress=43").status_code == 200
    roles = [{"role": "supervisor", "congress": PROVINCE}]
    web.network.do(SYSTEM, "directory", "change_roles", web.accounts["liaison"], roles=roles)
    assert program.get("/api/review?congress=43").status_code == 401


def test_another_replica_of_the_gateway_notices_within_seconds(web):
    program = web.program("liaison")
    program.get("/api/my/account")
    with web.runtime.database.writing() as connection:  # the other replica took the event
        connection.execute(web.runtime.tables["sessions"].delete())
    web.seconds += CACHE_SECONDS
    assert program.get("/api/my/account").status_code == 401


def test_who_signs_in_before_the_news_of_the_account_arrives_stays_signed_in(web):
    roles = [{"role": "liaison", "congress": PROVINCE}]
    data = {"login": "new", "name": "新来的", "password": PASSWORD, "roles": roles}
    web.network.do(SYSTEM, "directory", "add_account", settle=False, **data)
    program = web.program("new")
    web.network.settle()
    assert program.get("/api/my/account").status_code == 200


# --- tries ----------------------------------------------------------------------------------------------------


def fail(web, times, login="deputy", address="10.0.0.1"):
    answers = []
    for _ in range(times):
        data = {"login": login, "password": "wrong-password"}
        answers.append(web.browser().post("/api/sign-in", json=data, environ_base={"REMOTE_ADDR": address}))
    return [answer.status_code for answer in answers], answers[-1]


def test_too_many_wrong_passwords_have_to_wait(web):
    statuses, last = fail(web, FREE_TRIES + 1)
    assert statuses == [401] * FREE_TRIES + [429]
    assert "60 秒后再试" in last.json["detail"]
    assert last.headers["Retry-After"] == "60"


def test_also_the_right_password_has_to_wait_then(web):
    fail(web, FREE_TRIES)
    data = {"login": "deputy", "password": PASSWORD}
    where = {"REMOTE_ADDR": "10.0.0.1"}
    assert web.browser().post("/api/sign-in", json=data, environ_base=where).status_code == 429
    web.seconds += WAIT_SECONDS
    assert web.browser().post("/api/sign-in", json=data, environ_base=where).status_code == 200
    assert fail(web, FREE_TRIES)[0] == [401] * FREE_TRIES


def test_the_page_says_how_long_to_wait(web):
    fail(web, FREE_TRIES, address="127.0.0.1")
    answer = sign_in(web.browser())
    assert (answer.status_code, "秒后再试" in answer.text) == (429, True)


def test_ones_mischief_does_not_keep_others_out(web):
    fail(web, FREE_TRIES)
    assert fail(web, 1, address="10.0.0.2")[0] == [401]
    assert fail(web, 1, login="liaison")[0] == [401]


# --- the time of a case ---------------------------------------------------------------------------------------


def told(web, draft, clock, moment):
    object.__setattr__(web.network.settings, "clock", clock)
    answer = web.program("deputy").post("/api/suggestions", json=draft, headers={"X-Jianyi-Time": moment})
    return answer, web.events()


def test_where_cases_are_told_the_caller_says_what_time_it_is(web, draft):
    _, events = told(web, draft, "case", "2021-03-04T09:30:00")
    assert events[-1]["time"] == "2021-03-04T01:30:00Z"


def test_elsewhere_nobody_does(web, draft):
    _, events = told(web, draft, "system", "2021-03-04T09:30:00")
    assert events[-1]["time"].startswith(date(2023, 1, 15).isoformat())


@pytest.mark.parametrize(
    "moment", ["yesterday", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "2023-02-30"]
)
def test_a_time_that_is_none_is_refused(web, draft, moment):
    answer, _ = told(web, draft, "case", moment)
    assert (answer.status_code, "X-Jianyi-Time" in answer.json["detail"]) == (422, True)


# --- behind a proxy -------------------------------------------------------------------------------------------

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.fixture
def behind(web):
    """The same gateway, started with so many proxies in front of it."""

    def start(proxies):
        object.__setattr__(web.network.settings, "proxies", proxies)
        web.app = create_app(
            Runtime(handlers, web.network.settings, web.network.clock), web.transport, lambda: web.seconds
        )
        return web

    return start


def tried_from(web):
    with web.runtime.database.reading() as connection:
        return {row.address for row in connection.execute(web.runtime.tables["sign_in_tries"].select())}


def fail_behind(web):
    data = {"login": "deputy", "password": "wrong-password"}
    return web.browser().post("/api/sign-in", json=data, headers=FORWARDED)


def test_behind_a_proxy_with_tls_the_cookie_is_for_https_only(behind):
    browser = behind(1).browser()
    page = browser.get("/sign-in", headers=FORWARDED)
    assert page.headers["Strict-Transport-Security"]
    form = {"csrf_token": csrf_of(page), "login": "deputy", "password": PASSWORD}
    answer = browser.post("/sign-in", data=form, headers={**FORWARDED, "Referer": "https://localhost/"})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2 and all("Secure" in cookie for cookie in cookies)


def test_tries_are_counted_by_the_address_that_the_last_trusted_proxy_saw(behind):
    web = behind(1)
    fail_behind(web)
    assert tried_from(web) == {"198.51.100.7"}
    fail_behind(behind(2))
    assert tried_from(web) == {"198.51.100.7", "203.0.113.9"}


def test_without_a_proxy_nobody_says_where_they_come_from(web):
    assert "Strict-Transport-Security" not in fail_behind(web).headers
    assert tried_from(web) == {"127.0.0.1"}


@pytest.mark.parametrize("proxies", ["-1", "6", "one"])
def test_how_many_proxies_there_are_is_a_small_number(proxies):
    with pytest.raises(BadSettings, match="JIANYI_PROXIES"):
        load({"JIANYI_PROXIES": proxies})


def test_every_answer_carries_the_headers_that_keep_others_out(web):
    for path in ("/sign-in", "/api/divisions", "/api/nothing", "/nothing", "/static/site.css"):
        headers = web.browser().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
