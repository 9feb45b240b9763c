"""Who may do what in assignment, in which state: of a batch, of a suggestion's handling, and of each unit's task."""

from __future__ import annotations

from shared.rules import Rule, Rules

OFFICES = ("liaison", "distributing")

BATCH_RULES = Rules(
    "个批次",
    {"new": "尚未拟定", "drawn": "拟定中", "issued": "已交办", "discarded": "已撤销"},
    [
        Rule("draw_up_batch", "拟定交办批次", OFFICES, ("new",)),
        Rule("put_in_batch", "列入批次", OFFICES, ("drawn",)),
        Rule("take_out_of_batch", "移出批次", OFFICES, ("drawn",)),
        Rule("issue_batch", "集中交办", OFFICES, ("drawn",)),
        Rule("move_batch", "更改交办会日期", OFFICES, ("drawn",)),
        Rule("discard_batch", "撤销批次", OFFICES, ("drawn",)),
        Rule("consult_units", "预征求意见", OFFICES, ("drawn",)),
        Rule("set_agenda", "安排交办会", OFFICES, ("drawn", "issued")),
        Rule("arrange_in_meeting", "会上单独安排", OFFICES, ("drawn",)),
        Rule("record_attendance", "登记到会情况", OFFICES, ("drawn", "issued")),
        Rule("record_minutes", "登记会议记录", OFFICES, ("issued",)),
    ],
)

# A task is what one unit has to do for one suggestion.
TASK_STATES = {
    "unsigned": "待签收",
    "signed": "已签收",
    "return_asked": "申请退办中",
    "returned": "已退办",
    "opinion_given": "已提会办意见",
    "drafted": "已起草待审核",
    "approved": "待印发",
    "replied": "已答复",
    "sent_back": "退回重新答复",
    "reopened": "再次办理",
    "handed_in": "已报送",
    "ended": "已终止",  # by a merge, or because the unit became the lead unit
}
OVER = ("returned", "ended")  # the unit has nothing to do with it any more

# A separate unit (分办) replies for itself, as a lead unit does: its people are the task's "unit".
REPLYING = ("lead_unit", "unit")
ANY_UNIT = ("lead_unit", "joint_unit", "unit", "part_unit")
# The congress's offices, and those of the system in which the unit stands: they decide within their own tree.
DECIDING = (*OFFICES, "system_office")
HEADS = ("section_head", "deputy_head", "unit_head")  # of a unit, by the rank of the account
APPROVERS = (*HEADS, *ANY_UNIT, *OFFICES, "supervisor", "government_leader")
DEPUTIES = ("lead_deputy", "cosigner", "answered_deputy")
_BEFORE_REPLY = ("signed", "drafted", "approved")
WRITING = (*_BEFORE_REPLY, "sent_back", "reopened")  # a reply is being prepared

TASK_RULES = Rules(
    "项任务",
    TASK_STATES,
    [
        Rule("sign_for", "签收", ANY_UNIT, ("unsigned",)),
        Rule("ask_to_return", "申请退办", ANY_UNIT, ("unsigned", "signed")),
        Rule("adjudicate_return", "裁定退办", DECIDING, ("return_asked",)),
        Rule("make_plan", "制定三定方案", ANY_UNIT, WRITING),
        Rule("log_contact", "登记沟通", ANY_UNIT, ("return_asked", "opinion_given", "replied", "handed_in", *WRITING)),
        Rule(
            "log_meeting", "登记协调会", (*ANY_UNIT, *OFFICES),
            ("return_asked", "opinion_given", "replied", "handed_in", *WRITING),
        ),
        Rule("agree_plan", "对办理方案表态", ("lead_deputy",), WRITING),
        Rule(
            "confirm_contact", "确认沟通记录", DEPUTIES,
            ("return_asked", "opinion_given", "replied", "handed_in", *WRITING),
        ),
        Rule(
            "complete_step", "完成环节", (*ANY_UNIT, *HEADS, "lead_deputy", *OFFICES),
            ("opinion_given", "replied", "handed_in", *WRITING),
        ),
        Rule("give_opinion", "提出会办意见", ("joint_unit",), ("signed", "opinion_given")),
        Rule(
            "distribute_task", "分解交办", ("distributing_unit",),
            ("signed", "opinion_given", "drafted", "sent_back", "reopened"),
        ),
        Rule("hand_in_part", "报送办理情况", ("part_unit",), ("signed", "handed_in")),
        Rule("send_back_part", "退回重新报送", ("system_office",), ("handed_in",)),
        Rule("draft_reply", "起草答复", REPLYING, WRITING),
        Rule("attach_file", "添加附件", REPLYING, ("signed", "drafted", "sent_back", "reopened")),
        Rule("remove_file", "移除附件", REPLYING, ("signed", "drafted", "sent_back", "reopened")),
        Rule("countersign_reply", "会签答复稿", ("joint_unit",), ("signed", "opinion_given")),
        Rule("show_draft", "送代表征求意见", REPLYING, ("drafted", "approved")),
        Rule("comment_draft", "对答复稿提意见", DEPUTIES, ("drafted", "approved")),
        Rule("answer_remark", "回应补充意见", REPLYING, WRITING),
        # Whose turn it is follows from the settings of the place: see `approving`.
        Rule("approve_reply", "审核同意答复", APPROVERS, ("drafted",)),
        Rule("reject_reply", "退回重写答复", APPROVERS, ("drafted",)),
        Rule("issue_reply", "答复代表", REPLYING, ("approved",)),
        Rule("supplement_reply", "补充答复", REPLYING, ("replied",)),
        Rule("change_reply_class", "调整办理结果", ("liaison",), ("replied",)),
        Rule("object_to_class", "对调整提出异议", REPLYING, ("replied",)),
        Rule("decide_objection", "答复异议", ("liaison",), ("replied",)),
        Rule("ask_extension", "申请延期", REPLYING, _BEFORE_REPLY),
        Rule("grant_extension", "同意延期", DECIDING, ("return_asked", *_BEFORE_REPLY)),
        Rule("refuse_extension", "不同意延期", DECIDING, ("return_asked", *_BEFORE_REPLY)),
    ],
)  # fmt: skip

STATES = {
    "unknown": "尚未立案",  # something is known of it already, but not yet that it was accepted
    "waiting": "待交办",
    "assigned": "已交办",
    "handling": "办理中",
    "replied": "已答复",
    "rehandling": "再次办理",
    "merged": "已并案",
    "closed": "已办结",
}
IN_HAND = ("assigned", "handling", "replied", "rehandling")
# By what the steps get done that come after the reply (办后回访、跟踪问效、自查): also when the suggestion is closed already.
AFTER_STEPS = ("complete_step", "log_contact")
# What is still to be said of a reply when everything else is over.
AFTERWARDS = ("supplement_reply", "change_reply_class", "object_to_class", "decide_objection", *AFTER_STEPS)

# What may be done with a handling as a whole; whether one task allows it is then for TASK_RULES to say.
RULES = Rules(
    "件建议",
    STATES,
    [
        Rule("assign_suggestion", "单件交办", OFFICES, ("waiting",)),
        Rule("answer_consultation", "答复预征求意见", ("consulted",), ("waiting",)),
        Rule("remark", "补充意见", DEPUTIES, ("assigned", "handling", "rehandling")),
        *(
            Rule(
                rule.command,
                rule.label,
                rule.by,
                (*IN_HAND, "closed") if rule.command in AFTERWARDS else IN_HAND,
            )
            for rule in TASK_RULES.by_command.values()
        ),
    ],
)
