"""Commands and queries of assignment about what a unit's own office looks into within the unit (内部督查)."""

from shared.contracts import field as f
from shared.contracts.assignment import contracts

command, query = contracts.command, contracts.query

OUTCOMES = {"put_right": "已经整改", "extended": "延期整改"}

LOG_CHECK = command(
    "log_check", "/checks", "登记内部督查", "A unit's own office looked into how its sections handle what they have; nobody outside of the unit hears of it.",
    unit=f.one("承办单位", "own_unit"), on=f.day("督查日期"), scope=f.text("督查内容", most=200, hint="例如：第二季度专项督查，查看预算处的台账"),
    tasks=f.many("查看的任务", "own_task", most=100), found=f.text("发现的问题", most=2000, required=False, long=True, hint="没有发现问题的不填。"),
    responsible=f.text("整改责任处室、责任人", most=80, required=False), put_right_by=f.day("整改期限", required=False, hint="发现问题的应当填写。"),
)  # fmt: skip
SETTLE_CHECK = command(
    "settle_check", "/checks/<id>/settle", "登记整改", "What an internal check found is put right, or gets more time with the reason.",
    outcome=f.choice("结果", OUTCOMES), text=f.text("整改情况或者延期理由", most=2000, long=True),
    put_right_by=f.day("新的整改期限", required=False, hint="延期整改的填写。"),
)  # fmt: skip

TELL_PROGRESS = command(
    "tell_progress", "", "通报办理进度", "The system tells the leaders and sections of units that want it where the unit stands, once in each period.",
)  # fmt: skip

FOLLOW_POSTS = command(
    "follow_posts", "", "移交领办", "The system passes what a post sponsors to who holds it from today on.",
)  # fmt: skip

CHECKS = query(
    "checks", "/checks", "内部督查", "Internal checks of your units, and those that looked at tasks of your section: the open ones first.",
    unit=f.one("承办单位", "own_unit", required=False), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
