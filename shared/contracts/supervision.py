"""Commands and queries of supervision: ledger, deadlines, reminders, on-site supervision, commitments."""

from typing import Any

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import CATEGORIES, LIFE, REPLY_CLASSES

contracts = Contracts("supervision")
command, query = contracts.command, contracts.query

LIGHTS = {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "done": "已完成"}

ANNOUNCE = command(
    "announce_arrangement", "/arrangements", "登记放假安排",
    "Record a holiday arrangement of the State Council that was announced late; running deadlines are recomputed.",
    year=f.number("年份", least=2000, most=2100), source=f.text("文号或来源", most=100),
    holidays=f.items("放假", most=60, on=f.day("日期"), name=f.text("名称", most=20)),
    workdays=f.items("调休上班", most=30, on=f.day("日期"), name=f.text("名称", most=20)),
)  # fmt: skip
REMIND = command(
    "remind_unit", "/suggestions/<id>/remind", "催办", "Remind the units that have something open.",
    text=f.text("催办内容", most=500, long=True),
)  # fmt: skip
LOG_SUPERVISION = command(
    "log_supervision", "/suggestions/<id>/supervisions", "登记督办",
    "Log an on-site inspection, symposium or hearing; the deputies see it.",
    on=f.day("日期"), method=f.choice("方式", {"on_site": "现场督办", "symposium": "座谈督办", "hearing": "听取汇报"}),
    place=f.text("地点", most=100), led_by=f.text("带队领导", most=50), participants=f.text("参加人员", most=300, required=False),
    findings=f.text("督办情况", most=3000, long=True),
)  # fmt: skip
RECORD_COMMITMENT = command(
    "record_commitment", "/suggestions/<id>/commitments", "登记承诺", "Record a promise of a reply with its date.",
    unit=f.one("承办单位", "unit"), text=f.text("承诺事项", most=500), due_on=f.day("完成期限"),
    done_when=f.text("怎样算完成", most=300, required=False), leader=f.text("责任领导", most=50, required=False),
)  # fmt: skip
REPORT_COMMITMENT = command(
    "report_commitment", "/commitments/<id>/progress", "报告进度", "Tell how far a promise has come.",
    text=f.text("进度", most=1000, long=True),
)  # fmt: skip
KEEP_COMMITMENT = command(
    "keep_commitment", "/commitments/<id>/keep", "报告完成，申请销号",
    "Report a promise as done, with evidence; by the congress's office it is closed with that.",
    evidence=f.text("落实情况和依据", most=3000, long=True), kept_on=f.day("完成日期"),
)  # fmt: skip
CONFIRM_COMMITMENT = command(
    "confirm_commitment", "/commitments/<id>/confirm", "确认销号", "Confirm that a reported promise is done: it is closed.",
)  # fmt: skip
REFUSE_COMMITMENT = command(
    "refuse_commitment", "/commitments/<id>/refuse", "不同意销号", "Do not take a reported promise for done: it runs on.",
    reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
SLIP_COMMITMENT = command(
    "slip_commitment", "/commitments/<id>/slip", "申请延期",
    "Ask for a later date for a promise, with the reason; by the congress's office it is given with that.",
    explanation=f.text("原因说明", most=1000, long=True), due_on=f.day("新的期限"),
)  # fmt: skip
DECIDE_SLIP = command(
    "decide_slip", "/commitments/<id>/slip/decide", "决定是否延期", "Give a promise the later date that was asked for, or hold to the old one.",
    accept=f.yes("同意延期"), reason=f.text("理由（不同意时必填）", most=1000, required=False, long=True),
)  # fmt: skip
TICK = command(
    "tick",
    "/ticks",
    "每日检查",
    "The daily look at deadlines: sends the reminders that are due (the system, operators).",
)

_FILTERS: dict[str, Any] = {
    "congress": f.congress(required=False), "year": f.number("年份", least=0, most=2100, default=0),
    "session": f.text("会议", required=False), "state": f.choice("进度", LIFE, required=False),
    "light": f.choice("亮灯", LIGHTS, required=False), "unit": f.one("承办单位", "unit", required=False),
    "deputy": f.one("代表", "deputy", required=False), "category": f.choice("类别", CATEGORIES, required=False),
    "reply_class": f.choice("办理结果", REPLY_CLASSES, required=False), "key": f.yes("只看重点建议"),
    "text": f.text("标题或编号", most=80, required=False),
}  # fmt: skip
LEDGER = query(
    "ledger", "/ledger", "台账", "The ledger: one line per suggestion, with filters; `cursor` of the last page gives the next.",
    **_FILTERS, limit=f.number("条数", least=1, most=1000, default=50), cursor=f.text("游标", most=200, required=False),
)  # fmt: skip
LEDGER_COUNTS = query(
    "ledger_counts",
    "/ledger/counts",
    "台账统计",
    "How many lines by state and by light.",
    congress=f.congress(required=False),
    year=f.number("年份", least=0, most=2100, default=0),
)
LINE = query(
    "ledger_line",
    "/ledger/<id>",
    "台账",
    "One suggestion's ledger line with deadlines, timeline, supervision and commitments.",
    id=f.one("建议", "suggestion"),
)
DUE = query(
    "due_dates",
    "",
    "期限",
    "The open deadlines of some suggestions: {suggestion: [{kind, unit, due_on, light, label}]}.",
    suggestions=f.many("建议", "suggestion", most=500),
)
_OF_COMMITMENTS: dict[str, Any] = {
    "congress": f.congress(required=False), "term": f.text("届", required=False, most=20), "session": f.text("会议", required=False),
    "year": f.number("年份", least=0, most=2100, default=0), "unit": f.one("承办单位", "unit", required=False),
    "reply_class": f.choice("办理结果", REPLY_CLASSES, required=False),
}  # fmt: skip
KEY_BOARD = query(
    "key_board", "/key/board", "重点建议看板",
    "The key suggestions of a year by theme, leader, sponsor and committee, each with its light and its last supervision: "
    "{year, total, themes, people, without_any, incomplete}. Who leads or sponsors none is told as well (全覆盖).",
    congress=f.congress(), year=f.number("年份", least=0, most=2100, default=0),
)  # fmt: skip
COMMITMENTS = query(
    "commitments", "/commitments", "承诺事项",
    "Commitments of a congress or of your units, by date. `state`: one of theirs, or left (not closed), or overdue; `term` as 第十四届.",
    **_OF_COMMITMENTS, state=f.text("状态", required=False, most=20), limit=f.number("条数", least=1, most=5000, default=100),
)  # fmt: skip
COMMITMENT_COUNTS = query(
    "commitment_counts", "/commitments/counts", "承诺事项统计", "How many promises are left, overdue, reported and closed, by session, year, unit and class.",
    **_OF_COMMITMENTS,
)  # fmt: skip
REMINDERS = query(
    "reminders", "/reminders", "催办提醒", "Reminders sent to your units or to you, or of a congress you oversee; newest first.",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=500, default=100),
)  # fmt: skip
CALENDAR = query(
    "calendar", "/calendar", "放假安排", "Which years' arrangements are known, and those announced late."
)
WAITING = query("supervision_waiting", "", "待办", "What waits for you in supervision.")
