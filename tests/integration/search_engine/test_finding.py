"""What is found by which words, on both engines."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("社保", True),  # the dictionary has 社保费 as one word
        ("保费", True),
        ("社保费", True),
        ("社保费信息系统", True),
        ("信息 运维", True),  # words in any order, anywhere
        ("运维 信息", True),
        ("社险", False),  # two characters that are not side by side
        ("社会保险", False),
        ("二是", False),  # not 二 anywhere, though 是 says nothing
        ("机制的建议", True),
        ("关于的", True),  # words without meaning alone are not left out when there is nothing else
        ("桥", True),
        ("梁", False),
        ("5G", True),
        ("５ｇ", True),
        ("5", False),  # 5g is one token
        ("GDP", True),
        ("gdp增长", True),
        ("０１２３号", True),
        ("123", True),
        ("第十三届五次会议第0123号", True),
        ("第0124号", False),
        ("曾光辉", True),
        ("省税务局", True),
        ("财政", True),
        ("经办流程", True),  # in the reply
        ('"信息系统联合"', True),
        ('"系统信息"', False),
        ("“联合运维”", True),
        ('联合 "', True),
        ("税务，社保！", True),
        ("社保 桥梁", False),
    ],
)
def test_words(library, query, found):
    library.put(
        "it",
        title="关于建立社保费信息系统联合运维机制的建议",
        body="三部门的系统互不相通，群众跑第二趟桥。5G网络与ＧＤＰ增长。税务部门征收。",
        number="第十三届五次会议第0123号",
        deputies=["曾光辉"],
        units=["省税务局"],
        unit_ids=["u1"],
        category="财政",
        public_reply="已经简化经办流程。",
    )
    library.put("other", title="水库除险加固", body="险情")

    assert ("it" in library.find(query)) is found


def test_a_word_does_not_reach_over_punctuation(library):
    library.put("it", body="加强建设，备案管理。")
    assert library.find("设备") == set()
    assert library.find("建设 备案") == {"it"}


def test_a_long_sentence_needs_only_most_of_its_words(library):
    library.put("near", body="农村公路养护资金不足，建议增加财政投入，明确责任主体。")
    library.put("far", body="农村养老服务资金")
    assert library.find("农村公路的养护资金和责任主体，乡镇财政投入") == {"near"}


def test_quotes_need_everything(library):
    library.put("near", body="农村公路养护资金不足，建议增加财政投入，明确责任主体。")
    assert library.find('"农村公路"的养护资金和责任主体，乡镇财政投入') == set()


def test_titles_count_most_and_real_words_more_than_chance_neighbours(library):
    filler = "为方便群众办事，提出如下建议，请有关部门研究办理。" * 3
    library.put("chance", title="城市管理", body="规范社会场所管理。" + filler)
    library.put("body", title="城市管理", body="规范各类会场管理。" + filler)
    library.put("title", title="会场管理", body="规范各类设施管理。" + filler)
    assert library.listed("会场") == ["title", "body", "chance"]


def test_what_was_typed_in_one_go_ranks_before_the_same_words_apart(library):
    library.put("apart", title="住院报销与医保卡", body="便民。")
    library.put("together", title="异地医保报销办法", body="便民。")
    assert library.listed("医保报销") == ["together", "apart"]


def test_filters(library):
    common = {"session": "13-5", "kind": "suggestion", "category": "交通", "state": "assigned", "year": 2023}
    library.put(
        "province", **common, congress="43", submitted_on=date(2023, 1, 15), deputy_ids=["d1"], key=True
    )
    library.put("city", **common, congress="43.01", submitted_on=date(2023, 2, 20), unit_ids=["u1"])
    library.put(
        "county", **{**common, "category": "教育"}, congress="43.01.81", reply_class="A", public_reply="好"
    )
    library.put("nation", year=2022, congress="", kind="criticism", state="closed", session="13-4")
    library.put("neighbour", year=2022, congress="430.1")

    assert library.find(subtree="43") == {"province", "city", "county"}
    assert library.find(subtree="43.01") == {"city", "county"}
    assert library.find(subtree="") == {"province", "city", "county", "nation", "neighbour"}
    assert library.find(congress="43") == {"province"}
    assert library.find(congress="") == {"nation"}
    assert library.find(year=2022) == {"nation", "neighbour"}
    assert (
        library.find(session="13-4")
        == library.find(kind="criticism")
        == library.find(state="closed")
        == {"nation"}
    )
    assert library.find(category="交通") == {"province", "city"}
    assert library.find(category="教育", year=2023, subtree="43.01") == {"county"}
    assert library.find(category="教育", year=2022) == set()
    assert library.find(unit_id="u1") == {"city"}
    assert library.find(deputy_id="d1") == library.find(key=True) == {"province"}
    assert "province" not in library.find(key=False)
    assert library.find(reply_class="A") == {"county"}
    assert library.find(published=False) == set()
    assert library.find(submitted_from=date(2023, 1, 15), submitted_to=date(2023, 2, 19)) == {"province"}
    assert library.find(submitted_from=date(2023, 2, 20)) == {"city"}
    assert library.find(submitted_to=date(2023, 2, 20)) == {"province", "city"}
    assert library.find("教育", category="教育") == {"county"}


def test_facets_count_everything_found(library):
    for number in range(25):
        library.put(
            f"{number}",
            title="农村公路",
            year=2022 + number % 2,
            category="交通" if number % 5 else "农业",
            state="closed",
            unit_ids=["u1", "u2"] if number % 5 else ["u1"],
            units=["交通局", "财政局"] if number % 5 else ["交通局"],
        )
    library.put("other", title="养老服务", year=2020)

    page = library.page("公路", limit=3)

    assert page.total == 25
    assert len(page.hits) == 3
    assert {name: [(f.value, f.label, f.count) for f in facet] for name, facet in page.facets.items()} == {
        "year": [("2022", "2022", 13), ("2023", "2023", 12)],
        "category": [("交通", "交通", 20), ("农业", "农业", 5)],
        "unit": [("u1", "交通局", 25), ("u2", "财政局", 20)],
        "state": [("closed", "closed", 25)],
        "reply_class": [],
    }


def test_pages_do_not_overlap_and_the_newest_come_first(library):
    days = [date(2023, 1, 1 + number) for number in range(30)]
    for day in days:
        library.put(day.isoformat(), title="农村公路", submitted_on=day)
    newest = [day.isoformat() for day in reversed(days)]

    assert library.listed(limit=12) == newest[:12]
    assert library.listed("公路", sort="newest", limit=12, offset=12) == newest[12:24]
    assert library.listed("公路", sort="newest", limit=12, offset=24) == newest[24:]
    assert library.listed("公路", offset=40) == []
    assert library.page("公路", offset=40).total == 30
    by_relevance = library.listed("公路", limit=15) + library.listed("公路", limit=15, offset=15)
    assert sorted(by_relevance) == sorted(newest)
    assert len(library.listed("公路", limit=0)) == 1
    assert len(library.listed("公路", limit=1000, offset=-5)) == 30


def test_one_with_no_more_than_an_id(library):
    library.put("bare", title="", congress="")
    assert library.find() == {"bare"}
    assert library.find("公路") == set()
