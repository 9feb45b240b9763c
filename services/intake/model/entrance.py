"""Quality at the entrance (内容高质量，把好“入口关”): what the office would object to, told to the writer beforehand.

A program judges by words and may be wrong: findings are advice, each with how to mend it, and bar a submission only where
the congress says so (settings group `entrance`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from shared.events import ROOT
from shared.terms import NOT_ACCEPTED_REASONS

PARTS = {"situation": "情况", "analysis": "分析", "proposals": "具体意见"}
SHORT = 50  # characters, below which a part rarely says enough
SENTENCE = 8  # characters, from which a sentence that comes twice is no coincidence

_SENTENCES = re.compile(r"[^。！？；\n]+")
_NO_OFFICES = re.compile(
    "布局|格局|结局|局面|局部|全局|大局|大厅|餐厅|客厅|委托|委屈|干部|全部|内部|外部|部分|部署|部位"
)
_OFFICE = re.compile("厅|局|委|部|政府|办公室|法院|检察院|街道办|集团|公司")
_MEASURE = "个|条|所|家|公里|里|米|亩|元|人|户|年|个月|月|天|日|处|座|项|名|次|辆|套|倍|成"
_CONCRETE = re.compile(
    rf"\d|[一二两三四五六七八九十百千万亿]+(?:{_MEASURE})|年底|今年|明年|本届|"
    r"[\u4e00-\u9fff]{2}(?:市|县|镇|乡|村)(?![场民长委级域政])"
)
_CASE_NUMBER = re.compile(r"[（(]\d{4}[）)].{1,12}\d+号")

# Words by which a text gives away that it belongs to one of the reasons for not accepting. One is enough, but for
# court cases, of which general proposals speak with the same words: there it takes two.
_GIVEN_AWAY = {
    "personal": r"我家|我本人|我的(?:儿子|女儿|妻子|丈夫|父亲|母亲|孩子|房子|工资|亲属)|本人(?:的|工资|待遇|职称|住房|亲属)",
    "forwarded_letter": "来信人|信访人|上访人|转递|现将.{0,8}来信|附.{0,4}来信",
    "academic": "论文|学术界|学术观点|概念界定|概念辨析|文献综述|本文",
    "promotion": r"(?:本|我)(?:公司|厂|司|企业)(?:的)?(?:产品|生产|研发|设备)|专利产品|独家(?:生产|代理|经销)|注册商标",
    "beyond_powers": r"修改宪法|修改《?中华人民共和国|国防部署|外交政策",
}  # fmt: skip
_OF_COURTS = ("判决", "一审", "二审", "再审", "上诉", "原告", "被告", "法官")
_BLANK = re.compile(r"【[^】\n]{1,60}】|_{3,}|\uff3f{2,}")  # as templates mark what is to be filled in
_SEVERAL_IN_TITLE = re.compile("以及|暨|；|并就|关于.+关于")
_SEVERAL_IN_TEXT = re.compile(r"(?:另外|此外|顺便)，?(?:还|再|也)?(?:建议|请|希望)|另一件事|第二件事")

_MENDED_BY = {
    "personal": r"写成一类人共同的问题，不写本人和亲属的个人事项。",
    "court_case": "具体案件请依法申诉；可以就一类案件反映出的制度问题提出建议。",
    "forwarded_letter": "先调查研究，用自己的话写清情况、分析和意见，不直接转递来信。",
    "academic": "写明要解决的实际问题和请有关部门做的事。",
    "promotion": r"去掉企业和产品的宣传，写成行业或公众的共同需要。",
    "beyond_powers": "改为本级机关职权范围内能办的事，或者请本级机关向上反映。",
    "several_matters": "一事一案：只留一件事，其余的另写一件建议。",
}


@dataclass(frozen=True)
class Finding:
    """What was found in which field, how to mend it, and whether it bars the submission in this congress."""

    code: str
    field: str
    sentence: str
    mend: str
    bars: bool = False


def findings(text: Mapping[str, str], congress: str, bars: Collection[str] = ()) -> list[Finding]:
    """What there is to say about a text, in the order of its parts. `bars` are codes that the congress does not let pass.

    Parts that are still empty are passed over: somebody is writing them.
    """
    found = [
        *_of_title(text.get("title", "")),
        *(finding for part in PARTS if (finding := _too_short(part, text.get(part, "")))),
        *_repeated(text),
        *_unfilled(text),
        *_of_proposals(text.get("proposals", "")),
        *_not_accepted(text, congress),
    ]
    order = ["title", *PARTS]
    found.sort(key=lambda finding: order.index(finding.field))
    return [Finding(f.code, f.field, f.sentence, f.mend, f.code in bars) for f in found]


def _of_title(title: str) -> Iterator[Finding]:
    if joined := _SEVERAL_IN_TITLE.search(title):
        shown = "关于" if joined[0].startswith("关于") else joined[0]
        yield Finding(
            "several_matters", "title", f"标题像是写了几件事（“{shown}”）。", _MENDED_BY["several_matters"]
        )


def _too_short(part: str, written: str) -> Finding | None:
    written = written.strip()
    if not written or len(written) >= SHORT:
        return None
    mend = {
        "situation": "写清看到了什么，在哪里，影响多少人。",
        "analysis": "写清为什么会这样，现在的办法差在哪里。",
        "proposals": "写清请谁、做什么、做到什么程度。",
    }
    return Finding("too_short", part, f"“{PARTS[part]}”只有 {len(written)} 个字，可能说不清楚。", mend[part])


def _repeated(text: Mapping[str, str]) -> Iterator[Finding]:
    """A part of which half or more stands in an earlier part too."""
    seen: dict[str, str] = {}
    for part in PARTS:
        own = [s for found in _SENTENCES.findall(text.get(part, "")) if len(s := found.strip()) >= SENTENCE]
        twice = [s for s in own if s in seen]
        if twice and 2 * sum(map(len, twice)) >= sum(map(len, own)):
            yield Finding(
                "repeated", part, f"“{PARTS[part]}”大半与“{PARTS[seen[twice[0]]]}”相同。",
                f"“{PARTS[part]}”里写它自己的内容，不重复前面的话。",
            )  # fmt: skip
        seen |= dict.fromkeys((s for s in own if s not in seen), part)


def _unfilled(text: Mapping[str, str]) -> Iterator[Finding]:
    """Blanks of a template, in each part the first one."""
    for part, label in PARTS.items():
        if blank := _BLANK.search(text.get(part, "")):
            yield Finding(
                "unfilled",
                part,
                f"“{label}”里还有没填的空“{blank[0]}”。",
                "改成您调研到的情况；不需要的整句删去。",
            )


def _of_proposals(proposals: str) -> Iterator[Finding]:
    if not proposals.strip():
        return
    if not _OFFICE.search(_NO_OFFICES.sub("", proposals)):
        yield Finding(
            "no_unit", "proposals", "“具体意见”没有写请哪个单位办。", "写明建议由哪个部门办理或者牵头。"
        )
    if not _CONCRETE.search(proposals):
        yield Finding(
            "not_concrete", "proposals", "“具体意见”没有写地点、数量或者时间。",
            "写明在哪里、做多少、什么时候以前做到，措施要办得到、看得见。",
        )  # fmt: skip
    if joined := _SEVERAL_IN_TEXT.search(proposals):
        yield Finding(
            "several_matters", "proposals", f"“具体意见”像是带上了另一件事（“{joined[0]}”）。",
            _MENDED_BY["several_matters"],
        )  # fmt: skip


def _not_accepted(text: Mapping[str, str], congress: str) -> Iterator[Finding]:
    """Words of the reasons for not accepting, each reason once, where it is met first."""
    for code, words in _GIVEN_AWAY.items():
        if code == "beyond_powers" and congress == ROOT:
            continue
        for part in ("title", *PARTS):
            if met := re.search(words, text.get(part, "")):
                yield _given_away(code, part, met[0])
                break
    for part in ("title", *PARTS):
        written = text.get(part, "")
        told = [word for word in _OF_COURTS if word in written]
        number = _CASE_NUMBER.search(written)
        if number or len(told) >= 2:
            yield _given_away("court_case", part, number[0] if number else "、".join(told[:2]))
            return


def _given_away(code: str, part: str, word: str) -> Finding:
    return Finding(code, part, f"文中有“{word}”，可能属于不予立案的情形：{NOT_ACCEPTED_REASONS[code]}。", _MENDED_BY[code])  # fmt: skip
