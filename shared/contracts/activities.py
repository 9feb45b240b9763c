"""Commands and queries of intake about what deputies do together: contacts, inspections, research, symposia, visiting months."""

from shared.contracts import field as f
from shared.contracts.intake import contracts
from shared.terms import ACTIVITY_KINDS

command, query = contracts.command, contracts.query

LOG_ACTIVITY = command(
    "log_activity", "/activities", "登记代表活动", "Record an activity of deputies, with what came of it: problems solved, help in money.",
    congress=f.congress(), kind=f.choice("种类", ACTIVITY_KINDS), title=f.text("名称", most=80, hint="例如：三月代表走访月"),
    on=f.day("日期"), place=f.text("地点", most=100, required=False), deputies=f.many("参加的代表", "deputy", most=300),
    others=f.text("其他参加人员", most=300, required=False), problems=f.number("解决问题（个）", most=100_000, default=0),
    help=f.number("帮扶资金（元）", most=1_000_000_000, default=0), papers=f.number("形成调研报告、建议（件）", most=10_000, default=0),
    notes=f.text("情况", most=2000, required=False, long=True),
)  # fmt: skip
CANCEL_ACTIVITY = command(
    "cancel_activity", "/activities/<id>/cancel", "撤销", "What was recorded by mistake counts no more, and stays on record.",
    reason=f.text("原因", most=200),
)  # fmt: skip
ACTIVITIES = query(
    "activities", "/activities", "代表活动", "The activities of a congress in a year, the newest first: the list behind the sums.",
    congress=f.congress(), year=f.number("年度", most=2100, default=0), kind=f.choice("种类", ACTIVITY_KINDS, required=False),
    limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
ACTIVITY_SUMS = query(
    "activity_sums", "/activities/sums", "代表活动汇总", "What the activities of a year came to: those of the congress, and those of each congress below it, with all below that.",
    congress=f.congress(), year=f.number("年度", most=2100, default=0),
)  # fmt: skip
