"""A reply as the official letter that its unit prints, seals and files, for Word."""

from __future__ import annotations

from typing import Any

from services.gateway.word import Paper, Section
from shared.terms import PUBLICITY, RESULT_KINDS


def letter(reply: dict[str, Any], number: str, title: str) -> Paper:
    """`number`, `title`: of the suggestion. It says what the page for printing says, in the same order."""
    again = "再次" if reply["round"] > 1 else ""
    names = "、".join(deputy["name"] for deputy in reply["deputies"])
    blocks = [f"您提出的《{title}》收悉。现答复如下：", reply["text"]]
    blocks += _listed(
        "承诺事项：", [f"{own['text']}（{own['due_on']} 前）" for own in reply.get("commitments", ())]
    )
    blocks += _listed("采纳转化情况：", [_result(own) for own in reply.get("results", ())])
    blocks.append("感谢您对我们工作的关心和支持。")
    blocks += _listed("附件：", [file["name"] for file in reply.get("attachments", ())])
    contact = " ".join(filter(None, (reply.get("contact", ""), reply.get("phone", ""))))
    closing = [f"公开属性：{PUBLICITY[reply['publicity']]}", *([f"联系人：{contact}"] if contact else [])]
    return Paper(
        f"对{number}建议的{again}答复",
        [Section("", [f"{names}代表：", *blocks])],
        corner=f"{reply['reply_class']}类",
        above=reply["document_number"],
        by_hand="签发人：________________",
        signed=f"{reply['unit']['name']}（盖章）",
        dated=reply["issued_on"],
        closing="　".join(closing),
    )


def _listed(heading: str, items: list[str]) -> list[str]:
    return [heading, *(f"{place}. {item}" for place, item in enumerate(items, 1))] if items else []


def _result(own: dict[str, Any]) -> str:
    said = f"{RESULT_KINDS[own['kind']]}：{own['text']}"
    said += f"（{own['document']}）" if own.get("document") else ""
    said += f"，资金 {own['money']} 万元" if own.get("money") else ""
    return said + (f"，受益 {own['people']} 人" if own.get("people") else "")
