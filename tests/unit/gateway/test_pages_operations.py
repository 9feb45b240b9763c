"""An operator looks at what could not be handled, and decides."""

from __future__ import annotations

import re

import pytest
from harness import envelope

from shared import failures

TYPE = "deputy.recorded.v1"


@pytest.fixture
def letters(web):
    """Two dead letters of intake, of one cause. `repair()` lets the handler work."""
    intake = web.network.runtimes["intake"]
    fault = pytest.MonkeyPatch()

    def fail(work, event):
        raise KeyError("<b>name</b>")

    fault.setitem(intake.handlers.events, TYPE, [*intake.handlers.events[TYPE], fail])
    fault.setattr(failures, "MOST_ATTEMPTS", 1)
    told = [envelope(TYPE, f"seat {n}", "43", 1, web.network.clock.now(), {"name": f"代表{n}"}) for n in (1, 2)]  # fmt: skip
    intake.consume(told)
    intake.repair = fault.undo
    yield told
    fault.undo()


class Browser:
    """Signed in as somebody; sends forms with the page's token."""

    def __init__(self, web, login: str) -> None:
        self.browser = web.browser()
        self.post("/sign-in", login=login, password="a-long-password")

    def get(self, path: str):
        return self.browser.get(path)

    def post(self, path: str, **data: str):
        page = self.browser.get("/search" if path != "/sign-in" else path).text
        token = re.search(r'csrf-token" content="([^"]+)"', page)[1]
        return self.browser.post(path, data={"csrf_token": token, **data})

    def posts(self, path: str, **data: str) -> str:
        """What is read after the form was taken."""
        answer = self.post(path, **data)
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["Location"]).text


@pytest.fixture
def operator(web):
    return Browser(web, "operator")


def cause_of(web) -> str:
    return failures.cause_of(TYPE, repr(KeyError("<b>name</b>")))


def test_by_cause_and_one_by_one(web, operator, letters):
    page = operator.get("/operations").text
    assert "KeyError" in page and "受理" in page and "<b>name</b>" not in page
    page = operator.get(f"/operations/intake/causes/{cause_of(web)}").text
    assert "全部重放（2 封）" in page and letters[0]["id"] in page
    page = operator.get(f"/operations/intake/{letters[0]['id']}").text
    assert "Traceback" in page and "代表1" in page


def test_replayed_one_then_all_of_the_cause(web, operator, letters):
    path = f"/operations/intake/{letters[0]['id']}"
    assert "重放仍然失败，死信保留" in operator.posts(path, act="replay")
    web.network.runtimes["intake"].repair()
    assert "已重放，死信已消除" in operator.posts(path, act="replay")
    page = operator.posts(f"/operations/intake/causes/{cause_of(web)}", act="replay")
    assert "已重放 1 封" in page and "KeyError" not in page


def test_dropped_with_a_reason_that_is_kept(web, operator, letters):
    path = f"/operations/intake/causes/{cause_of(web)}"
    answer = operator.post(path, act="drop", reason="x")
    assert answer.status_code == 422 and "请写明丢弃的原因" in answer.text and ">x</textarea>" in answer.text
    page = operator.posts(path, act="drop", reason="测试数据，不再需要")
    assert "已丢弃 2 封" in page and "测试数据，不再需要" in page and "KeyError" not in page


def test_what_is_gone_or_never_was(operator, letters):
    for path in ("/operations/intake/0190a1b2", "/operations/intake/causes/00000000", "/operations/nobody/1"):
        assert operator.get(path).status_code == 404
        assert operator.post(path, act="replay").status_code == 404


def test_for_operators_alone(web, operator, letters):
    assert 'href="/operations"' in operator.get("/work").text
    for login in ("liaison", "deputy"):
        browser = Browser(web, login)
        assert browser.get("/operations").status_code == 403
        assert 'href="/operations"' not in browser.get("/work").text
        assert browser.post(f"/operations/intake/{letters[0]['id']}", act="replay").status_code == 403
    assert web.browser().get("/operations").status_code == 303
