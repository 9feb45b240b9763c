"""An operator deals with dead letters, at a desk and on a phone."""

from __future__ import annotations

import sqlite3

import pytest
from test_pages_for_everybody import is_fit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ERROR = "KeyError('a name that is long enough to be broken into two lines on the screen of a phone')"


@pytest.fixture
def letter(town) -> str:
    """A dead letter of search, as an event that no handler could take in."""
    row = {
        "event_id": "0190a1b2-0000-7000-8000-000000000001", "source": "", "type": "unreadable", "subject": "", "attempts": 9,
        "failed_at": "2026-11-25T01:00:00+00:00", "error": ERROR, "cause": "0123abcd",
        "traceback": "Traceback (most recent call last):\n" + '  File "handlers.py", line 1, in gather ' + "x" * 200,
        "body": '{"message": "' + "很长的内容" * 60 + '"}',
    }  # fmt: skip
    with sqlite3.connect(town.home / "data" / "search.db", timeout=10) as database:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        database.execute(f"INSERT OR REPLACE INTO failures ({names}) VALUES ({marks})", tuple(row.values()))
    return row["event_id"]


def test_it_is_found_from_the_first_page_looked_at_and_dropped(person, letter, tmp_path):
    operator = person("operator")
    assert operator.opens("/operations").locator("tbody tr").count() == 1  # nothing else has gone wrong
    page = operator.opens("/work")
    page.get_by_role("link", name="查看死信").click()
    page.get_by_role("link", name="KeyError").click()
    page.get_by_role("link", name=letter).click()
    assert "in gather" in page.inner_text("main")
    for path in ("/operations", "/operations/search/causes/0123abcd", f"/operations/search/{letter}"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            is_fit(operator.opens(path))
            page.screenshot(path=str(tmp_path / f"{path.replace('/', '-')}-{width}.png"), full_page=True)
    page.get_by_role("button", name="重放").click()
    assert "重放仍然失败" in page.inner_text("main")
    page.get_by_text("不再需要，丢弃").click()
    page.get_by_role("button", name="丢弃").click()
    assert "请写明丢弃的原因" in page.inner_text(".field-error")
    page.fill("[name=reason]", "测试用的消息")
    page.get_by_role("button", name="丢弃").click()
    assert "已丢弃 1 封" in page.inner_text("main") and "测试用的消息" in page.inner_text("main")
    is_fit(page)
    page.screenshot(path=str(tmp_path / "dropped-390.png"), full_page=True)
