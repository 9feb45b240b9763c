"""The pages of stations: the office registers one, its keeper and a deputy record what they do, the numbers open to the list."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE

from tests.unit.gateway.conftest import PASSWORD


class Person:
    def __init__(self, web, login):
        self.browser = web.browser()
        self.post("/sign-in", login=login, password=PASSWORD)

    def page(self, path="/stations"):
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def words(self, path="/stations"):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", self.page(path)))

    def post(self, path, **data):
        page = self.browser.get("/sign-in" if path == "/sign-in" else "/messages").text
        token = re.search(r'csrf-token" content="([^"]+)"', page)[1]
        return self.browser.post(path, data={"csrf_token": token, **data})


@pytest.fixture
def people(web):
    keeper = web.add_account("keeper", "站长甲", {"role": "station", "congress": PROVINCE})
    found = {login: Person(web, login) for login in ("liaison", "keeper", "deputy", "operator")}
    return web, keeper, found


def test_from_the_first_station_to_a_deputys_figures(people):
    _, keeper, who = people
    assert "还没有登记联络站" in who["liaison"].words() and "联系联工委" in who["keeper"].words()
    wrong = who["liaison"].post("/stations", congress=PROVINCE, name="集里街道人大代表联络站")
    assert (
        wrong.status_code == 422 and "请填写这一项" in wrong.text and "集里街道人大代表联络站" in wrong.text
    )
    made = who["liaison"].post(
        "/stations", congress=PROVINCE, name="集里街道人大代表联络站", address="某路1号", keepers=[keeper]
    )
    station = made.headers["Location"]
    seat = re.search(r'name="deputies" value="([^"]+)"', who["liaison"].page(station))[1]
    who["liaison"].post(f"{station}/assign_to_station", deputies=[seat])
    assert "代表甲" in who["deputy"].words(station)
    held = {"deputies": [seat], "on": "2023-01-15", "people": "12"}
    assert who["keeper"].post(f"{station}/log_reception", **held).status_code == 303
    again = who["deputy"].post(f"{station}/log_reception", **held)
    assert again.status_code == 409 and "已经登记过" in again.text
    page = who["liaison"].page("/stations?year=2023")
    listed = re.search(r'href="([^"]+)">1 天</a>', page)[1].replace("&amp;", "&")
    assert "代表甲" in who["liaison"].words(listed) and "12" in who["liaison"].words(listed)


def test_the_standard_is_ticked_point_by_point(people):
    _, keeper, who = people
    made = who["liaison"].post(
        "/stations", congress=PROVINCE, name="某站", address="某路1号", keepers=[keeper]
    )
    station = made.headers["Location"]
    who["keeper"].post(f"{station}/check_station", met=["有固定场所", "有统一标识"])
    assert "2/6 项达到" in who["liaison"].words(station) and "还没有：有接待制度" in who["liaison"].words(
        station
    )


def test_who_has_nothing_to_do_with_stations_finds_none(people):
    _, _, who = people
    assert "/stations" not in who["operator"].page("/work")
    assert "您还没有编入联络站" in who["deputy"].words()


def test_an_opinion_is_made_into_a_suggestion_from_the_deputys_own_page(people):
    _, keeper, who = people
    made = who["liaison"].post(
        "/stations", congress=PROVINCE, name="某站", address="某路1号", keepers=[keeper]
    )
    station = made.headers["Location"]
    seat = re.search(r'name="deputies" value="([^"]+)"', who["liaison"].page(station))[1]
    who["liaison"].post(f"{station}/assign_to_station", deputies=[seat])
    said = {
        "words": "路口没有信号灯。",
        "on": "2023-01-15",
        "deputy": seat,
        "voter_name": "选民甲",
        "voter_phone": "0731-0",
    }
    assert who["keeper"].post(f"{station}/record_voice", **said).status_code == 303
    voice = re.search(r'href="(/stations/voices/[0-9a-f-]{36})"', who["keeper"].page(station))[1]
    answered = {**said, "answer": "本周安装。", "judgement": "satisfied"}
    assert who["keeper"].post(f"{station}/record_voice", **answered).status_code == 303
    behind = re.search(
        r'href="(/stations/voices\?[^"]*judgement=satisfied[^"]*)"',
        who["liaison"].page("/stations?year=2023"),
    )[1]
    assert "选民评价：满意" in who["liaison"].words(behind.replace("&amp;", "&"))
    assert "选民甲" in who["keeper"].words(voice) and "选民甲" not in who["deputy"].words(voice)
    write = re.search(r'href="(/write\?[^"]+)"', who["deputy"].page(voice))[1].replace("&amp;", "&")
    assert "路口没有信号灯。" in who["deputy"].page(write)
    text = {
        "title": "关于安装信号灯的建议",
        "situation": "没有。",
        "analysis": "危险。",
        "proposals": "请安装。",
        "kind": "suggestion",
        "category": "交通运输",
    }
    draft = who["deputy"].post(
        "/write", congress=PROVINCE, voice=voice.rsplit("/", 1)[1], **text, opinions="路口没有信号灯。"
    )
    assert "某站" in who["deputy"].words(draft.headers["Location"])
    assert "代表已写入草稿，还没有提交" in who["keeper"].words(voice)
    assert "关于安装信号灯的建议" not in who["keeper"].words(voice)


def test_activities_are_recorded_and_their_sum_opens_to_the_list(people):
    web, _, who = people
    assert "还没有登记代表活动" in who["liaison"].words("/activities")
    month = {
        "kind": "visiting_month",
        "title": "一月代表走访月",
        "on": "2023-01-10",
        "problems": "3",
        "help": "125000",
    }
    wrong = who["liaison"].post("/activities", congress=PROVINCE, **{**month, "on": "2023-01-16"})
    assert wrong.status_code == 422 and "今天或以前" in wrong.text and "一月代表走访月" in wrong.text
    assert who["liaison"].post("/activities", congress=PROVINCE, **month).status_code == 303
    web.network.settle()  # the sums follow what is told
    page = who["deputy"].page("/activities?year=2023")
    listed = re.search(r'href="([^"]+)#list">1 次</a>', page)[1].replace("&amp;", "&")
    assert "一月代表走访月" in who["deputy"].words(listed) and "12.5 万元" in who["deputy"].words(listed)
