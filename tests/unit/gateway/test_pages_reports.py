"""Reports and the bulletin: numbers from the lists with their day, words by hand, and a document that Word reads."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from harness import PROVINCE, liaison

from shared.identity import SYSTEM
from shared.problems import Unavailable
from tests.unit.gateway.conftest import HUNAN, SESSION, Web
from tests.unit.gateway.test_pages_supervision import Browser
from tests.unit.supervision.conftest import Life

FIGURES = [
    {
        "figure": "on_time",
        "label": "按期办复率",
        "percent": 96.5,
        "numerator": 111,
        "denominator": 115,
        "as_of": "2023-06-30",
    }
]
BATCH = {
    "id": "0190a1b2-0000-7000-8000-0000000000b1", "name": "交办会", "meeting_on": "2023-02-20", "count": 120, "state": "issued",
    "meeting": {"minutes": "会议部署了办理工作。", "speeches": [{"unit": "省税务局", "how": "spoken", "text": "我们的做法是……"}]},
}  # fmt: skip
PERIOD = "congress=43&year=2023&since=2023-01-01&until=2023-06-30"


@pytest.fixture
def web(network_of):
    network = network_of("directory", "supervision", "gateway", today=date(2023, 1, 13))
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.transport.answers |= {
        ("evaluation", "figures"): FIGURES, ("assignment", "batches"): [BATCH], ("assignment", "batch"): BATCH,
    }  # fmt: skip
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    web.add_account("leader", "副主任甲", {"role": "standing_leader", "congress": PROVINCE})
    life = Life(network).up_to_assignment()
    network.on(date(2023, 5, 12), hour=18)
    visited = {
        "on": "2023-05-12",
        "method": "on_site",
        "place": "省税务局",
        "led_by": "副主任甲",
        "findings": "中心已挂牌。",
    }
    network.do(liaison(), "supervision", "log_supervision", life.id, **visited, said="进展很快。")
    return web


@pytest.fixture
def office(web):
    return Browser(web, "liaison")


def downloaded(office, kind, **texts):
    """The lines and cells of the document."""
    page = office.browser.get(f"/reports/{kind}?{PERIOD}").text
    form = {
        "csrf_token": office._token(page),
        "congress": "43",
        "year": "2023",
        "since": "2023-01-01",
        "until": "2023-06-30",
    }
    answer = office.browser.post(f"/reports/{kind}", data={**form, **texts})
    assert answer.status_code == 200, answer.text
    document = docx.Document(io.BytesIO(answer.data))
    lines = [paragraph.text for paragraph in document.paragraphs]
    return lines, [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def test_the_half_year_says_of_each_number_of_which_day_it_is(office):
    lines, cells = downloaded(office, "half_year", opening="上半年，各单位抓紧办理。", next="加快答复。")
    assert lines[:2] == [
        "关于湖南省人民代表大会2023年上半年代表建议办理情况的报告",
        "上半年，各单位抓紧办理。",
    ]
    assert (
        "一、总体进度" in lines and "加快答复。" in lines and "（请在此填写。）" in lines
    )  # the problems were left empty
    assert any(line.startswith("截至") and "正在办理1件" in line for line in lines)
    assert ["按期办复率", "96.5%", "111/115", "2023-06-30"] in cells


def test_the_bulletin_tells_of_meetings_supervisions_and_speeches_between_two_days(office):
    lines, _ = downloaded(
        office, "bulletin", number="12（总第686）", editor="编辑甲", recipients="各市州人大、省直有关单位"
    )
    whole = "\n".join(lines)
    assert lines[:2] == ["第12（总第686）期", "联络动态"]
    assert "2月20日，召开交办会，交办120件。会议部署了办理工作。" in whole
    assert "5月12日，副主任甲现场督办" in whole and "代表表示：进展很快。" in whole
    assert "省税务局（发言）：" in whole and "编辑：编辑甲" in whole
    assert lines[-1] == "发送：各市州人大、省直有关单位"


def test_what_cannot_be_asked_is_said_and_the_rest_is_there(web, office):
    web.transport.answers["evaluation", "figures"] = Unavailable("系统的一部分暂时没有响应。")
    lines, _ = downloaded(office, "half_year")
    assert "（这一项暂时查不到，请稍后重新生成。）" in lines
    assert any("正在办理1件" in line for line in lines)


@pytest.mark.parametrize("kind", ["assignment", "year", "party", "standing_committee", "review"])
def test_each_kind_is_made(office, kind):
    lines, _ = downloaded(office, kind)
    assert any(line.startswith("一、") for line in lines)


def test_only_the_offices_write_reports(web):
    leader = Browser(web, "leader")
    assert leader.browser.get("/reports").status_code == 403
    assert "/reports" not in leader.links("/calendar").values()


def test_the_analysis_opens_to_its_lists_and_goes_into_a_workbook(office):
    links = office.links("/analysis?congress=43&year=2023")
    assert links["1"].startswith("/ledger?congress=43&year=2023")
    assert office.browser.get(links["导出Excel"]).status_code == 200
    assert "还没有您能看到的" in office.reads("/analysis?congress=43&year=2019")
