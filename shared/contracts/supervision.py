"""Commands and queries of supervision: ledger, deadlines, reminders, on-site supervision, commitments."""

from typing import Any

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import (
    ANALYSED_BY,
    DEPUTY_WORDS,
    HEARING_BODIES,
    LIFE,
    SWEEP_EVERY,
    SWEEP_FORMS,
    SWEEP_SCOPES,
    YEAR_KINDS,
    YEAR_WHO,
)

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
METHODS = {
    "on_site": "现场督办", "symposium": "座谈督办", "hearing": "听取汇报", "inspection": "执法检查或视察", "meeting": "会议督办",
    "written": "书面督办",
}  # fmt: skip
PLAN_SUPERVISION = command(
    "plan_supervision", "/suggestions/<id>/supervisions/plan", "安排督办",
    "Fix a day for a supervision, and invite the suggestion's deputies to come along.",
    on=f.day("日期"), method=f.choice("方式", METHODS), place=f.text("地点", most=100), led_by=f.text("带队领导", most=50),
    deputies=f.many("邀请代表", "deputy"), units=f.many("参加的承办单位", "unit"), note=f.text("安排和要求", most=1000, required=False, long=True),
)  # fmt: skip
ANSWER_SUPERVISION = command(
    "answer_supervision", "/visits/<id>/answer", "答复是否参加督办", "An invited deputy says whether they come.",
    comes=f.choice("是否参加", {"yes": "参加", "no": "不参加"}), words=f.text("想了解的情况或意见", most=500, required=False, long=True),
)  # fmt: skip
CANCEL_SUPERVISION = command(
    "cancel_supervision", "/visits/<id>/cancel", "取消督办安排", "A planned supervision does not take place.",
    reason=f.text("原因", most=500),
)  # fmt: skip
LOG_SUPERVISION = command(
    "log_supervision", "/suggestions/<id>/supervisions", "登记督办",
    "Log a supervision that took place, with what deputies said and what units have to do until when; the deputies see it.",
    on=f.day("日期"), method=f.choice("方式", METHODS),
    place=f.text("地点", most=100), led_by=f.text("带队领导", most=50), participants=f.text("参加人员", most=300, required=False),
    findings=f.text("督办情况", most=3000, long=True), deputies=f.many("参加的代表", "deputy"),
    said=f.text("代表的意见", most=2000, required=False, long=True),
    demands=f.items("提出的要求", most=20, text=f.text("要求", most=500), unit=f.one("承办单位", "unit"), due_on=f.day("完成期限")),
    visit=f.one("对应的督办安排", "visit", required=False),
)  # fmt: skip
RECORD_INSTRUCTION = command(
    "record_instruction", "/suggestions/<id>/instructions", "登记批示", "Record a leader's instruction; its units answer for it.",
    on=f.day("批示日期"), leader=f.text("批示领导", most=50), words=f.text("批示内容", most=1000, long=True),
    units=f.many("批示给", "unit", required=True), due_on=f.day("报告落实情况的期限", required=False),
)  # fmt: skip
ASK_PROGRESS = command(
    "ask_progress", "/suggestions/<id>/progress/ask", "要求报告进展", "Ask units to report how far they have come, until a day.",
    units=f.many("承办单位", "unit", required=True), text=f.text("要求报告的内容", most=500, long=True), due_on=f.day("报告期限"),
)  # fmt: skip
REPORT_PROGRESS = command(
    "report_progress", "/suggestions/<id>/progress", "报告进展", "Report how far one has come; answers what was asked.",
    text=f.text("做了什么", most=2000, long=True), hindered_by=f.text("遇到的困难", most=1000, required=False, long=True),
    next_steps=f.text("下一步", most=1000, required=False, long=True),
)  # fmt: skip
ANSWER_DEMAND = command(
    "answer_demand", "/demands/<id>/answer", "答复要求", "The unit answers what was demanded of it, or reports how it goes.",
    text=f.text("落实情况", most=2000, long=True), hindered_by=f.text("遇到的困难", most=1000, required=False, long=True),
    next_steps=f.text("下一步", most=1000, required=False, long=True),
)  # fmt: skip
SETTLE_DEMAND = command(
    "settle_demand", "/demands/<id>/settle", "核定了结", "What was demanded is done, or not needed any more.",
    note=f.text("核定意见", most=1000, required=False, long=True),
)  # fmt: skip
RETURN_DEMAND = command(
    "return_demand", "/demands/<id>/return", "退回重新落实", "An answer is not enough: with a reason and a new date.",
    reason=f.text("理由", most=1000, long=True), due_on=f.day("新的期限"),
)  # fmt: skip
RUNGS = {
    "notice": "督办通知", "yellow": "黄灯", "red": "红灯", "circular": "通报", "talk": "约谈", "inquiry": "专题询问", "accountability": "问责",
}  # fmt: skip
PROPOSE_MEASURE = command(
    "propose_measure", "/suggestions/<id>/measures", "提出督办措施", "Propose a rung of the ladder for a unit; people decide.",
    unit=f.one("承办单位", "unit"), rung=f.choice("措施", RUNGS), because=f.text("理由", most=1000, long=True),
)  # fmt: skip
DECIDE_MEASURE = command(
    "decide_measure", "/measures/<id>/decide", "决定督办措施", "Take a proposed measure, with its document, or decline it.",
    decision=f.choice("决定", {"take": "采取", "decline": "不采取"}),
    text=f.text("存在的问题和要求（采取时必填）", most=2000, required=False, long=True), document_number=f.text("文号", most=50, required=False),
    due_on=f.day("单位回复期限（采取时必填）", required=False), reason=f.text("理由（不采取时必填）", most=1000, required=False, long=True),
)  # fmt: skip
ANSWER_MEASURE = command(
    "answer_measure", "/measures/<id>/answer", "回复督办措施", "The unit answers a measure.", text=f.text("整改情况", most=3000, long=True),
)  # fmt: skip
END_MEASURE = command(
    "end_measure", "/measures/<id>/end", "解除督办措施", "A measure holds no more.", outcome=f.text("处理结果", most=1000, long=True),
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
WITHDRAW_COMMITMENT = command(
    "withdraw_commitment", "/commitments/<id>/withdraw", "撤销承诺",
    "A promise does not stand any more: a later reply took its place, or it was recorded by mistake.",
    reason=f.text("理由", most=1000, long=True, hint="例如：再次答复已经作出新的承诺；登记有误。承办单位和代表会看到。"),
)  # fmt: skip
DRAW_UP_CIRCULAR = command(
    "draw_up_circular", "/circulars", "拟定通报", "Draw up a circular on a period from what the ledger knows.",
    congress=f.congress(), title=f.text("标题", most=100), since=f.day("开始日期"), until=f.day("结束日期"),
    addressed_to=f.text("发送对象", most=200), late=f.yes("列出逾期未办的建议"), promises=f.yes("列出逾期未兑现的承诺"),
    kept=f.yes("列出本期销号的承诺"), measures=f.yes("列出本期采取的督办措施"), text=f.text("情况和要求", most=5000, long=True),
)  # fmt: skip
ISSUE_CIRCULAR = command(
    "issue_circular", "/circulars/<id>/issue", "印发通报", "Issue a circular to everybody at the congress.",
    document_number=f.text("文号", most=50, required=False), text=f.text("情况和要求（不改可以空着）", most=5000, required=False, long=True),
)  # fmt: skip
DISCARD_CIRCULAR = command(
    "discard_circular", "/circulars/<id>/discard", "作废通报", "Do not issue a circular."
)
# With whom a party coordinates; units are named beside.
COORDINATES_WITH = {
    "leads": "常委会领导", "sponsors": "政府领导", "oversees": "专门委员会", "liaison": "联工委", "distributing": "交办单位",
}  # fmt: skip
LOG_COORDINATION = command(
    "log_coordination", "/coordinations", "登记协调",
    "Log what was coordinated: with which parties, units and deputies, about what, what was agreed, and who does what by when.",
    congress=f.congress(), title=f.text("协调事项", most=100), on=f.day("协调日期"),
    parties=f.choices("与哪些方面协调", {**COORDINATES_WITH, "deputies": "有关代表（下面所选建议的代表）"}, required=False),
    units=f.many("与哪些单位协调", "unit"), suggestions=f.many("涉及的建议", "suggestion"),
    agreed=f.text("商定的意见", most=2000, long=True),
    shares=f.items("分工", most=30, who=f.text("谁", most=100), what=f.text("办什么", most=200), due_on=f.day("期限", required=False)),
)  # fmt: skip
FINISH_SHARE = command(
    "finish_share", "/coordinations/<id>/finish", "办好分工", "Say that one share of a coordination is done, and what came of it. Once, for good.",
    share=f.number("第几项分工", least=1, most=30), came_of_it=f.text("办理结果", most=500, long=True),
)  # fmt: skip
RELEASE_COLUMN = command(
    "release_column", "/columns", "发布媒体专栏",
    "Release an issue of the media's column: how the handling of some suggestions stands today, for everybody to read.",
    congress=f.congress(), title=f.text("标题", most=100), suggestions=f.many("跟踪的建议", "suggestion", required=True),
    note=f.text("编者按", most=500, required=False, long=True),
)  # fmt: skip
WITHDRAW_COLUMN = command(
    "withdraw_column", "/columns/<id>/withdraw", "撤下专栏", "Show an issue no more.", reason=f.text("原因", most=200),
)  # fmt: skip
DRAW_LOOK_BACK = command(
    "draw_look_back", "/look-backs", "抽取回头看", "Draw a sample of what was closed, to look at it again; the same seed draws the same.",
    congress=f.congress(), name=f.text("名称", most=100), from_year=f.number("从哪一年", least=1949, most=2100),
    to_year=f.number("到哪一年", least=1949, most=2100), classes=f.text("办理结果（如 A、B）", most=20),
    share=f.number("抽取比例（%）", least=1, most=100, default=10), least_of_each_unit=f.number("每个单位至少几件", least=0, most=100, default=1),
    unit=f.one("只抽一个单位", "unit", required=False),
    seed=f.text("抽取号码", most=64, required=False, hint="用同一号码可以重新抽出同样的结果；不填则自动产生。"),
)  # fmt: skip
RECORD_FINDING = command(
    "record_finding", "/look-backs/<id>/findings", "登记回头看结果", "What was found; what is not so becomes a demand with a date.",
    suggestion=f.one("建议", "suggestion"), finding=f.choice("结果", {"true": "属实", "partly": "部分落实", "not_true": "不属实"}),
    words=f.text("检查情况", most=500, long=True), on=f.day("检查日期"), due_on=f.day("整改期限（未全部落实时必填）", required=False),
)  # fmt: skip
END_LOOK_BACK = command(
    "end_look_back", "/look-backs/<id>/end", "结束回头看", "All of the sample was looked at.", summary=f.text("总结", most=3000, long=True),
)  # fmt: skip
# --- the calendar of the year ---------------------------------------------------------------------------------------

DRAW_UP_YEAR = command(
    "draw_up_year", "/year-plans", "生成年度日历",
    "Draw the year's calendar from its sessions, the periods of the handling and the congress's settings; it follows when they change.",
    congress=f.congress(), year=f.number("年份", least=1949, most=2100),
)  # fmt: skip
_ENTRY: dict[str, Any] = {"entry": f.text("日历事项", most=64)}
ADD_YEAR_ENTRY = command(
    "add_year_entry", "/year-plans/<id>/add", "增加日历事项", "Put something of one's own into the year.",
    what=f.text("事项", most=100), kind=f.choice("类别", YEAR_KINDS, default="other"), since=f.day("开始日期"),
    until=f.day("结束日期", required=False, hint="不填则只有一天。"), who=f.choices("与谁有关", YEAR_WHO, required=False, hint="不选则与大家都有关。"),
    duty=f.yes("列入有关人员的“我的工作”"), reason=f.text("依据或原因", most=300),
)  # fmt: skip
CHANGE_YEAR_ENTRY = command(
    "change_year_entry", "/year-plans/<id>/change", "调整日历事项", "Fix the dates of an entry by hand; it does not follow any more.",
    **_ENTRY, since=f.day("开始日期"), until=f.day("结束日期", required=False, hint="不填则只有一天。"),
    what=f.text("事项（不改可以空着）", most=100, required=False), reason=f.text("原因", most=300),
)  # fmt: skip
REMOVE_YEAR_ENTRY = command(
    "remove_year_entry", "/year-plans/<id>/remove", "取消日历事项", "Take an entry out of the year, with the reason.", **_ENTRY, reason=f.text("原因", most=300),
)  # fmt: skip
RELEASE_YEAR_ENTRY = command(
    "release_year_entry", "/year-plans/<id>/release", "恢复自动排期", "Let an entry that was fixed or taken out follow the year again.", **_ENTRY,
)  # fmt: skip
FINISH_YEAR_ENTRY = command(
    "finish_year_entry", "/year-plans/<id>/finish", "登记完成", "What the year asks for has been done.",
    **_ENTRY, note=f.text("完成情况", most=500, required=False, long=True),
)  # fmt: skip
# --- hearings -------------------------------------------------------------------------------------------------------

PLAN_HEARING = command(
    "plan_hearing", "/hearings", "安排听取和审议", "Fix the day on which a body hears how suggestions were handled, and whose reports.",
    congress=f.congress(), body=f.choice("由谁听取", HEARING_BODIES), title=f.text("议题", most=100), on=f.day("会议日期"),
    units=f.many("由哪些单位报告", "unit"), reports_due_on=f.day("提交报告的期限", required=False, hint="不填则为会议当天。"),
    is_open=f.yes("本级代表和承办单位都可以看到", default=True),
)  # fmt: skip
CHANGE_HEARING = command(
    "change_hearing", "/hearings/<id>/change", "调整审议安排", "Another day for a hearing, with the reason.",
    on=f.day("会议日期"), reports_due_on=f.day("提交报告的期限", required=False), reason=f.text("原因", most=300),
)  # fmt: skip
SUBMIT_HEARING_REPORT = command(
    "submit_hearing_report", "/hearings/<id>/reports", "提交办理情况报告", "A unit hands in its report for a hearing.",
    text=f.text("报告", most=20000, long=True),
)  # fmt: skip
RECORD_HEARING = command(
    "record_hearing", "/hearings/<id>/record", "登记审议", "It took place: its opinions become demands to units, each with a date.",
    on=f.day("会议日期"), minutes=f.text("审议情况", most=5000, long=True),
    opinions=f.items("审议意见", most=30, text=f.text("意见", most=500), unit=f.one("由谁落实", "unit"), due_on=f.day("落实期限")),
)  # fmt: skip
CANCEL_HEARING = command(
    "cancel_hearing", "/hearings/<id>/cancel", "取消审议", "A planned hearing does not take place.", reason=f.text("原因", most=300),
)  # fmt: skip
REPORT_HEARING = command(
    "report_hearing", "/hearings/<id>/outcome", "报告审议意见落实情况", "How the opinions were carried out was reported to the body.",
    on=f.day("报告日期"), outcome=f.text("落实情况", most=5000, long=True),
)  # fmt: skip
# --- regular supervision ----------------------------------------------------------------------------------------------

SCHEDULE_SWEEP = command(
    "schedule_sweep", "/sweeps", "安排定期督办", "Lay down a round of regular supervision: which suggestions, who looks, by when.",
    congress=f.congress(), name=f.text("名称", most=100), form=f.choice("形式", SWEEP_FORMS, default="sweep"),
    scope=f.choice("哪些建议", SWEEP_SCOPES, default="waiting"), every=f.choice("多久一次", SWEEP_EVERY, default="once"),
    since=f.day("开始日期"), until=f.day("结束日期"), led_by=f.text("由谁督办", most=100),
)  # fmt: skip
NOTE_SWEEP = command(
    "note_sweep", "/sweeps/<id>/notes", "登记查看情况", "What was found of one suggestion; it is logged as a supervision there.",
    suggestion=f.one("建议", "suggestion"), on=f.day("查看日期"), words=f.text("查看情况", most=1000, long=True),
    demand=f.text("对承办单位的要求（没有可以空着）", most=500, required=False, long=True), due_on=f.day("完成期限（提出要求时必填）", required=False),
)  # fmt: skip
END_SWEEP = command(
    "end_sweep", "/sweeps/<id>/end", "结束定期督办", "All was looked at; the next round is scheduled where there is to be one.",
    participants=f.text("参加人员", most=500, required=False), summary=f.text("总体情况", most=3000, long=True),
)  # fmt: skip
CANCEL_SWEEP = command(
    "cancel_sweep", "/sweeps/<id>/cancel", "取消定期督办", "A round does not take place, and none follows.", reason=f.text("原因", most=300),
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
    "deputy": f.one("代表", "deputy", required=False), "category": f.listed("类别", "category", required=False),
    "delegation": f.text("全团建议（代表团名称）", most=64, required=False),
    "reply_class": f.letter("办理结果", required=False), "key": f.yes("只看重点建议"),
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
    "reply_class": f.letter("办理结果", required=False),
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
BOARD = query(
    "supervision_board", "/supervision/board", "我的督办",
    "The suggestions that you lead, sponsor or oversee by their key marks, with lights, the last supervision and what is next.",
    congress=f.congress(required=False),
)  # fmt: skip
MEASURES = query(
    "measures", "/measures", "督办措施", "Measures of a congress or of your units, the newest first; `state`: one of theirs, or standing.",
    congress=f.congress(required=False), state=f.text("状态", required=False, most=20), rung=f.choice("措施", RUNGS, required=False),
    limit=f.number("条数", least=1, most=500, default=100),
)  # fmt: skip
MEASURE = query(
    "measure", "/measures/<id>", "督办措施", "One measure with its document.", id=f.one("督办措施", "measure")
)
DEMANDS = query(
    "demands", "/demands", "督办要求", "What was demanded of units, by date; `state`: open, answered, settled, overdue or left.",
    congress=f.congress(required=False), state=f.text("状态", required=False, most=20), limit=f.number("条数", least=1, most=500, default=100),
    demand=f.one("要求", "demand", required=False),
)  # fmt: skip
CIRCULARS = query(
    "circulars", "/circulars", "通报", "Circulars of a congress, the newest first.",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=500, default=50),
)  # fmt: skip
CIRCULAR = query(
    "circular", "/circulars/<id>", "通报", "One circular with what it names.", id=f.one("通报", "circular")
)
COORDINATIONS = query(
    "coordinations", "/coordinations", "协调事项",
    "What was coordinated with your party, your unit or you, the newest first: {coordinations, may_log}.", congress=f.congress(required=False),
)  # fmt: skip
COLUMNS = query(
    "columns", "/columns", "媒体专栏", "Issues of a congress's column in the media, the newest first: {columns, may_release}. Open to everybody.",
    congress=f.congress(), limit=f.number("期数", least=1, most=100, default=20),
)  # fmt: skip
LOOK_BACKS = query(
    "look_backs",
    "/look-backs",
    "回头看",
    "Look-backs of a congress, the newest first.",
    congress=f.congress(required=False),
)
LOOK_BACK = query(
    "look_back",
    "/look-backs/<id>",
    "回头看",
    "One look-back with its sample.",
    id=f.one("回头看", "look_back"),
)
DEPUTY_WORDS_OF = query(
    "deputy_words", "/deputy-words", "代表对办理工作的意见",
    "What deputies said of the handling itself in a year, the newest first: remarks with their answers, and words on the process.",
    congress=f.congress(), year=f.number("年度", most=2100, default=0), kind=f.choice("种类", DEPUTY_WORDS, required=False),
    unanswered=f.yes("只看没有回应的补充意见"), limit=f.number("条数", least=1, most=500, default=100),
)  # fmt: skip
REMINDERS = query(
    "reminders", "/reminders", "催办提醒", "Reminders sent to your units or to you, or of a congress you oversee; newest first.",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=500, default=100),
)  # fmt: skip
HEARINGS = query(
    "hearings", "/hearings", "审议", "Hearings of a congress, the newest first: {hearings, may_plan}.", congress=f.congress(required=False),
)  # fmt: skip
HEARING = query(
    "hearing", "/hearings/<id>", "审议", "One hearing with the reports and what became of its opinions.", id=f.one("审议", "hearing"),
)  # fmt: skip
SWEEPS = query(
    "sweeps", "/sweeps", "定期督办", "Rounds of regular supervision, the newest first: {sweeps, may_schedule}.", congress=f.congress(required=False),
)  # fmt: skip
SWEEP = query(
    "sweep", "/sweeps/<id>", "定期督办", "One round with what it goes through, and what was found.", id=f.one("定期督办", "sweep"),
)  # fmt: skip
SUPERVISION_LOG = query(
    "supervision_log", "/supervisions", "督办记录", "Supervisions that took place between two days at a congress one oversees, the oldest first.",
    congress=f.congress(), since=f.day("开始日期"), until=f.day("结束日期"), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
ANALYSIS = query(
    "analysis", "/analysis", "综合分析",
    "What the numbered suggestions of a year are about, beside the two years before, by field, kind or lead unit: "
    "{year, years, classes, rows: [{key, label, years: [{year, total, and how many have each letter of `classes`}]}], total}; of what you may see.",
    congress=f.congress(), year=f.number("年份", least=0, most=2100, default=0), by=f.choice("按什么分析", ANALYSED_BY, default="category"),
)  # fmt: skip
YEAR_PLAN = query(
    "year_plan", "/year-plans", "年度日历",
    "The calendar of a year, for everybody at the congress: {plan, may_draw, session}; each entry says how its dates came about.",
    congress=f.congress(), year=f.number("年份", least=0, most=2100, default=0),
)  # fmt: skip
CALENDAR = query(
    "calendar", "/calendar", "放假安排", "Which years' arrangements are known, and those announced late."
)
WAITING = query("supervision_waiting", "", "待办", "What waits for you in supervision.")
