"""Measures the two search engines with 20,000 suggestions: `python -m benchmarks.search`.

Takes an Elasticsearch at JIANYI_SEARCH_URL, or starts one.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import elasticsearch
import psutil
from rich.console import Console
from rich.table import Table

from servers import real_servers
from services.search.engine import PUBLIC, Document, Engine, Query, Viewer
from services.search.engine.elastic import ElasticEngine
from services.search.engine.embedded import EmbeddedEngine

BATCH = 1_000
# The commonest first: the words of real suggestions are as unevenly spread.
SUBJECTS = ["农村", "公路", "教育", "医疗", "养老", "社区", "企业", "产业", "环境", "交通", "学校", "医院", "水利", "农业", "旅游", "文化", "就业", "住房", "小区", "电梯", "社保", "医保", "垃圾", "污水", "河道", "水库", "耕地", "种子", "粮食", "油茶", "茶叶", "柑橘", "生猪", "冷链", "物流", "快递", "电商", "直播", "园区", "招商", "融资", "信贷", "税收", "审批", "执法", "诉讼", "调解", "消防", "燃气", "供水", "供电", "充电", "停车", "公交", "地铁", "高铁", "机场", "港口", "桥梁", "隧道", "路灯", "校车", "托育", "幼儿", "职教", "高校", "科研", "人才", "专利", "数据", "网络", "宽带", "基站", "芯片", "汽车", "钢铁", "陶瓷", "烟花", "矿山", "煤矿", "尾矿", "土壤", "大气", "噪声", "扬尘", "湿地", "林业", "湿地", "候鸟", "古镇", "非遗", "戏曲", "图书", "体育", "足球", "健身", "公园", "厕所", "菜场", "食品", "药品", "疫苗", "慢病", "康复", "殡葬", "婚姻", "留守", "残疾", "退役", "志愿", "慈善", "救助", "低保", "户籍", "身份", "档案", "统计"]  # fmt: skip
DEEDS = [
    "建设",
    "管理",
    "保护",
    "发展",
    "改造",
    "治理",
    "监管",
    "服务",
    "投入",
    "养护",
    "培训",
    "规划",
    "补贴",
    "整治",
    "升级",
    "宣传",
    "协调",
    "考核",
    "督查",
    "试点",
]
PLACES = [
    "长沙",
    "株洲",
    "湘潭",
    "衡阳",
    "邵阳",
    "岳阳",
    "常德",
    "张家界",
    "益阳",
    "郴州",
    "永州",
    "怀化",
    "娄底",
    "湘西",
    "浏阳",
    "宁乡",
    "平江",
    "华容",
    "桃源",
    "石门",
]
SENTENCES = (
    "近年来，{p}市在{s}{d}方面取得了明显成效，群众的获得感不断增强。",
    "调研中发现，部分乡镇{s}基础薄弱，{d}资金缺口较大，长效机制尚未形成。",
    "二是{s}与{t}衔接不够，部门之间信息不通，群众办事来回跑。",
    "目前{s}标准偏低，{t}设施老化，存在较大安全隐患，亟待{d}。",
    "建议省直有关部门加大对{p}{s}的支持力度，将{t}纳入年度{d}计划。",
    "建立{s}{d}联席会议制度，明确责任主体，定期通报进展情况。",
    "统筹安排专项经费，重点支持{p}{t}项目，{n}年底前完成{d}任务。",
    "加强{s}队伍建设，完善{t}考核办法，切实提高{d}水平。",
)
REPLIES = (
    "您提出的关于{s}{d}的建议收悉，经会同{p}市人民政府研究，现答复如下。",
    "我厅高度重视{s}工作，已下达{t}{d}资金{n}万元，正在组织实施。",
    "下一步，我们将会同有关单位完善{s}政策，推动{t}{d}落到实处。",
)
CONGRESSES = ("43", "43.01", "43.01.81", "43.02", "43.06.26")
UNITS = [(str(uuid.UUID(int=n)), f"省{subject}厅") for n, subject in enumerate(SUBJECTS[:40])]
Rows = dict[str, tuple[str, str, bool | None]]
OFFICE = Viewer(everything_in=("43",), unit_ids=(UNITS[0][0],))


def suggestions(number: int) -> Iterator[Document]:
    """Made-up suggestions, the same every time: some 400 characters, three of four with a reply of 120."""
    chance = random.Random(20230220)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(SUBJECTS))))

    def say(sentence: str) -> str:
        s, t = chance.choices(SUBJECTS, cum_weights=weights, k=2)
        return sentence.format(
            s=s, t=t, d=chance.choice(DEEDS), p=chance.choice(PLACES), n=chance.randint(2018, 2030)
        )

    for n in range(number):
        subject = chance.choices(SUBJECTS, cum_weights=weights)[0]
        units = chance.sample(UNITS, chance.randint(1, 3))
        replied = chance.random() < 0.75
        reply = "".join(map(say, REPLIES)) if replied else ""
        public = chance.random() < 0.7
        submitted = date(2018, 1, 1) + timedelta(days=chance.randrange(2_000))
        yield Document(
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            congress=chance.choice(CONGRESSES),
            year=submitted.year,
            number=f"第十三届五次会议第{n:04}号",
            title=f"关于加强{chance.choice(PLACES)}市{subject}{chance.choice(DEEDS)}的建议",
            body="".join(say(chance.choice(SENTENCES)) for _ in range(12)),
            public_reply=reply if public else "",
            private_reply="" if public else reply,
            kind="suggestion",
            category=subject,
            state="closed" if replied else "assigned",
            deputies=["曾光辉"],
            deputy_ids=[str(n % 700)],
            units=[name for _, name in units],
            unit_ids=[id_ for id_, _ in units],
            reply_class=chance.choice("AABC") if replied else "",
            published=replied and chance.random() < 0.8,
            submitted_on=submitted,
        )


def measure(engine: Engine, documents: list[Document]) -> Rows:
    """What was measured, the goal, and whether it was met; by what it is. The goals are for an idle machine."""
    rows: Rows = {}
    began, worked = time.perf_counter(), time.process_time()
    for start in range(0, len(documents), BATCH):
        engine.index(documents[start : start + BATCH])
    rate = len(documents) / (time.perf_counter() - began)
    worked = (time.process_time() - worked) / len(documents)
    rows[f"index, {BATCH} a batch"] = (f"{rate:,.0f} /s", "3,000 /s", rate >= 3_000)
    rows["  computing of this process"] = (f"{worked * 1e6:.0f} µs each", "", None)
    engine.refresh()

    def timed(what: str, actions: Sequence[Callable[[], object]], goal: float | None = None) -> None:
        for action in actions[:20]:
            action()
        seconds = []
        for action in actions:
            began = time.perf_counter()
            action()
            seconds.append((time.perf_counter() - began) * 1000)
        seconds.sort()
        middle, high = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        rows[what] = (
            f"{middle:.1f} / {high:.1f} ms",
            f"{goal:.0f} ms" if goal else "",
            high <= goal if goal else None,
        )

    def searches(texts: Sequence[str], viewer: Viewer, **options: Any) -> list[Callable[[], object]]:
        return [partial(engine.search, Query(text, **options), viewer) for text in texts]

    pairs = [f"{first} {second}" for first, second in zip(SUBJECTS, [*DEEDS, *PLACES] * 5, strict=False)]
    runs = [first + second for first, second in zip(SUBJECTS, DEEDS * 10, strict=False)]
    titles = [document.title for document in documents[:100]]
    timed("search two characters, public", searches(SUBJECTS * 3, PUBLIC), 30)
    timed("search two characters, office", searches(SUBJECTS * 3, OFFICE), 30)
    timed("search two words, office", searches(pairs, OFFICE), 30)
    timed("search four characters, office", searches(runs, OFFICE), 30)
    timed("search a whole title, office", searches(titles, OFFICE))
    timed("search one character, office", searches([word[0] for word in SUBJECTS], OFFICE))
    timed("list the newest with a filter", searches([""] * 100, OFFICE, subtree="43.01", year=2021))
    timed("similar, title", [partial(engine.similar, title[4:10], "", OFFICE) for title in titles])
    drafts = [partial(engine.similar, d.title, d.body, OFFICE) for d in documents[:100]]
    timed("similar, title and body", drafts)
    timed("index one suggestion", [partial(engine.index, [d]) for d in documents[:100]])

    began = time.perf_counter()
    target = engine.begin_rebuild()
    for start in range(0, len(documents), BATCH):
        engine.index(documents[start : start + BATCH], target)
    engine.finish_rebuild(target)
    rows["rebuild"] = (f"{len(documents) / (time.perf_counter() - began):,.0f} /s", "3,000 /s", None)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--engine", choices=["embedded", "elastic", "both"], default="both")
    chosen = parser.parse_args()
    documents = list(suggestions(chosen.documents))
    length = sum(len(document.body) for document in documents) // len(documents)
    console = Console(highlight=False, width=120)
    load = f"load {os.getloadavg()[0]:.1f} before"
    console.print(
        f"{platform.platform()}, {psutil.cpu_count()} cores, {load}, Python {platform.python_version()}"
    )
    console.print(
        f"{len(documents):,} suggestions of {length} characters; searches with highlights and facets"
    )
    results = {}
    with ExitStack() as stack:
        if chosen.engine != "elastic":
            results["embedded"] = measure_embedded(
                Path(stack.enter_context(tempfile.TemporaryDirectory())), documents
            )
        if chosen.engine != "embedded":
            url = (
                os.environ.get("JIANYI_SEARCH_URL")
                or stack.enter_context(real_servers(parts={"elasticsearch"})).search
            )
            results["elastic"] = measure_elastic(url, documents)
    for name, rows in results.items():
        table = Table("what", "median / 95th percentile", "goal", "met", title=name)
        for what, (measured, goal, met) in rows.items():
            table.add_row(what, measured, goal, {True: "yes", False: "NO", None: ""}[met])
        console.print(table)


def measure_embedded(folder: Path, documents: list[Document]) -> Rows:
    before = psutil.Process().memory_info()
    engine = EmbeddedEngine(folder)
    rows = measure(engine, documents)
    after = psutil.Process().memory_info()
    mapped = after.shared - before.shared
    own = after.rss - before.rss - mapped
    rows["memory"] = (f"{own / 2**20:.0f} MB of its own, {mapped / 2**20:.0f} MB of files", "", None)
    engine.close()
    rows["folder"] = (f"{sum(f.stat().st_size for f in folder.rglob('*.*')) / 2**20:.0f} MB", "", None)
    return rows


def measure_elastic(url: str, documents: list[Document]) -> Rows:
    prefix = f"benchmark-{uuid.uuid4().hex[:8]}"
    engine = ElasticEngine(url, prefix)
    with elasticsearch.Elasticsearch(url) as client:
        try:
            return measure(engine, documents)
        finally:
            for index in client.indices.get(index=f"{prefix}-*"):
                client.indices.delete(index=index)


if __name__ == "__main__":
    main()
