"""Who may do what to a suggestion before it is handed out, and in which state: the one table."""

from __future__ import annotations

from shared.identity import SUPERVISORS, SUPERVISORS_OF_THE_CONGRESS
from shared.rules import Rule, Rules

STATES = {
    "new": "尚未起草",
    "draft": "草稿",
    "submitted": "待审查",
    "returned": "退回修改",
    "accepted": "已立案",
    "lettered": "转作来信",
    "handed_up": "已转交上级",
    "merged": "已并案",
    "split": "已分案",
    "discarded": "已删除",
}

RULES = Rules(
    "件建议",
    STATES,
    [
        Rule("draft_suggestion", "起草", ("deputy",), ("new",)),
        Rule("revise_suggestion", "修改", ("lead_deputy",), ("draft", "returned")),
        Rule("invite_cosigners", "邀请附议", ("lead_deputy",), ("draft", "returned")),
        Rule("accept_cosigning", "同意附议", ("invited",), ("draft", "returned")),
        Rule("decline_cosigning", "不附议", ("invited", "cosigner"), ("draft", "returned")),
        Rule("take_out_cosigners", "移出附议", ("lead_deputy",), ("draft", "returned")),
        Rule("ask_delegation", "提请代表团确认", ("lead_deputy",), ("draft", "returned")),
        Rule("confirm_for_delegation", "代表团确认", ("delegation_head",), ("draft", "returned")),
        Rule("submit_suggestion", "提交", ("lead_deputy",), ("draft", "returned")),
        Rule("discard_suggestion", "删除草稿", ("lead_deputy",), ("draft",)),
        Rule("accept_suggestion", "受理立案", ("liaison",), ("submitted",)),
        Rule("return_suggestion", "退回修改", ("liaison",), ("submitted",)),
        # A returned one only where nobody is left who could submit it again: see `Suggestion.is_left_alone`.
        Rule("treat_as_letter", "转作来信", ("liaison",), ("submitted", "returned")),
        Rule("answer_letter", "答复来信", ("liaison",), ("lettered",)),
        Rule("hand_up", "转交上级", ("liaison",), ("submitted",)),
        Rule("take_over", "接收下级转交", ("office_above",), ("handed_up",)),
        Rule("decline_hand_up", "不接收下级转交", ("office_above",), ("handed_up",)),
        Rule("answer_hand_up", "答复下级转交", ("office_above",), ("handed_up",)),
        Rule("split_suggestion", "分案", ("liaison",), ("submitted",)),
        Rule("merge_suggestion", "并案", ("liaison",), ("submitted", "accepted")),
        Rule("replace_lead", "更换领衔代表", ("liaison",), ("submitted", "returned", "accepted")),
        Rule("correct_suggestion", "更正", ("liaison",), ("accepted",)),
        Rule(
            "propose_key",
            "推荐为重点建议",
            ("liaison", *SUPERVISORS_OF_THE_CONGRESS, "system"),
            ("accepted",),
        ),
        Rule("make_key", "确定为重点建议", ("liaison",), ("accepted",)),
        Rule("change_key_mark", "调整重点督办", ("liaison",), ("accepted",)),
        Rule("renew_practices", "改按新做法", ("liaison",), ("accepted",)),
        Rule("release_key", "取消重点建议", ("liaison",), ("accepted",)),
        Rule("import_suggestions", "导入台账", ("liaison",), ("new",)),
    ],
)

READERS = ("distributing", *SUPERVISORS)  # offices that read what was accepted, and do nothing to it here
