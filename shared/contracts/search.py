"""Queries of search: full text, similar earlier suggestions, the public index."""

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import KINDS

contracts = Contracts("search")
query = contracts.query

SEARCH = query(
    "search", "/search", "检索", "Full text over titles, bodies and replies, with filters and highlights; only what you may see.",
    text=f.text("关键词", most=200, required=False), congress=f.congress(required=False), below=f.yes("含下级", default=True),
    year=f.number("年份", least=0, most=2100, default=0), kind=f.choice("类型", KINDS, required=False),
    category=f.listed("类别", "category", required=False), unit=f.one("承办单位", "unit", required=False),
    reply_class=f.letter("办理结果", required=False), key=f.yes("只看重点建议"),
    newest=f.yes("按时间排序"), limit=f.number("条数", least=1, most=100, default=20), offset=f.number("起始", least=0, most=10000, default=0),
)  # fmt: skip
SIMILAR = query(
    "similar", "/similar", "相似建议", "Earlier suggestions like a title and a body, with their replies' classes.",
    title=f.text("标题", most=200, required=False), body=f.text("正文", most=5000, required=False),
    exclude=f.one("除外", "suggestion", required=False), limit=f.number("条数", least=1, most=20, default=5),
)  # fmt: skip
LIKELY_DOUBLES = query(
    "likely_doubles", "/similar/doubles", "可能重复",
    "For each of some suggestions that you may see, others that probably have the same content, the likest first: "
    "{id: [{id, congress, number, title, state, likeness}]}; `likeness` from 0 to 100. What has none is left out.",
    ids=f.many("建议", "suggestion", required=True, most=50), limit=f.number("每件最多", least=1, most=10, default=3),
)  # fmt: skip
PUBLISHED = query(
    "published",
    "/public/suggestions/<id>",
    "公开的建议",
    "A published suggestion, for everybody.",
    id=f.one("建议", "suggestion"),
)
