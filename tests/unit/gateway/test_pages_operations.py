"""An operator looks at what could not be handled, and decides."""

from __future__ import annotations

import pytest
from harness import envelope
from visiting import Browser

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


@pytest.fixture
def operator(web):
    return Browser(web, "operator")


def cause_of(web) -> str:
    return failures.cause_of(TYPE, repr(KeyError("<b>name</b>")))


def test_by_cause_and_one_by_one(web, operator, letters):
    page = operator.gets("/operations").text
    assert "KeyError" in page and "受理" in page and "<b>name</b>" not in page
    page = operator.gets(f"/operations/intake/causes/{cause_of(web)}").text
    assert "全部重放（2 封）" in page and letters[0]["id"] in page
    page = operator.gets(f"/operations/intake/{letters[0]['id']}").text
    assert "Traceback" in page and "代表1" in page


def test_replayed_one_then_all_of_the_cause(web, operator, letters):
    path = f"/operations/intake/{letters[0]['id']}"
    assert "重放仍然失败，死信保留" in operator.sends(path, act="replay")
    web.network.runtimes["intake"].repair()
    assert "已重放，死信已消除" in operator.sends(path, act="replay")
    page = operator.sends(f"/operations/intake/causes/{cause_of(web)}", act="replay")
    assert "已重放 1 封" in page and "KeyError" not in page


def test_dropped_with_a_reason_that_is_kept(web, operator, letters):
    path = f"/operations/intake/causes/{cause_of(web)}"
    answer = operator.posts(path, act="drop", reason="x")
    assert answer.status_code == 422 and "请写明丢弃的原因" in answer.text and ">x</textarea>" in answer.text
    page = operator.sends(path, act="drop", reason="测试数据，不再需要")
    assert "已丢弃 2 封" in page and "测试数据，不再需要" in page and "KeyError" not in page


def test_what_is_gone_or_never_was(operator, letters):
    for path in ("/operations/intake/0190a1b2", "/operations/intake/causes/00000000", "/operations/nobody/1"):
        assert operator.gets(path).status_code == 404
        assert operator.posts(path, act="replay").status_code == 404


def test_for_operators_alone(web, operator, letters):
    assert 'href="/operations"' in operator.gets("/work").text
    for login in ("liaison", "deputy"):
        browser = Browser(web, login)
        assert browser.gets("/operations").status_code == 403
        assert 'href="/operations"' not in browser.gets("/work").text
        assert browser.posts(f"/operations/intake/{letters[0]['id']}", act="replay").status_code == 403
    assert web.browser().get("/operations").status_code == 303
