"""Commands and queries of evaluation: feedback, rehandling, closing, publishing, figures, scores."""

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import MEASURES, SATISFACTION

contracts = Contracts("evaluation")
command, query = contracts.command, contracts.query

GIVE_FEEDBACK = command(
    "give_feedback", "/suggestions/<id>/feedback", "填写征询意见表",
    "A deputy judges the process and the result of one reply, apart. Nobody else can.",
    reply=f.one("答复", "reply"), process=f.choice("对办理过程", SATISFACTION), process_comment=f.text("对过程的意见", most=1000, required=False, long=True),
    result=f.choice("对办理结果", SATISFACTION), result_comment=f.text("对结果的意见", most=1000, required=False, long=True),
)  # fmt: skip
ORDER_REHANDLING = command(
    "order_rehandling", "/suggestions/<id>/rehandle", "再次办理", "Have the reply's unit handle the suggestion again, within a month.",
    reply=f.one("答复", "reply"), reason=f.text("要求", most=1000, long=True),
)  # fmt: skip
SEND_BACK = command(
    "send_reply_back", "/suggestions/<id>/reply/send-back", "退回重新答复",
    "Send a reply that is off the point back to its unit, with a new date. No rehandling: nobody has judged it yet.",
    reply=f.one("答复", "reply"), reason=f.text("退回理由", most=1000, long=True, hint="写明哪些要求没有答复、答非所问在哪里。"),
    due_on=f.day("重新答复期限"),
)  # fmt: skip
CLOSE = command(
    "close_suggestion", "/suggestions/<id>/close", "办结", "Close the suggestion: every reply judged, or its time for feedback over.",
    note=f.text("办结说明", most=500, required=False),
    measure=f.choice("后续措施", MEASURES, required=False),
)  # fmt: skip
REOPEN = command(
    "reopen_suggestion", "/suggestions/<id>/reopen", "重新办理",
    "Have a unit handle a closed suggestion again, by a day: a look-back found that its reply is not so.",
    reply=f.one("答复", "reply"), reason=f.text("要求", most=1000, long=True, hint="写明哪里没有落实、要做到什么。代表会看到。"),
    due_on=f.day("重新答复期限"),
)  # fmt: skip
PUBLISH = command(
    "publish_suggestion", "/suggestions/<id>/publish", "公开", "Publish text, replies and feedback, as their publicity allows.",
    with_feedback=f.yes("公开代表评价", default=True),
)  # fmt: skip
SCORE = command(
    "score_unit", "/scores", "评分", "Score a unit's handling in a year: 100 points by the rules of the place plus a bonus. A draft until announced.",
    congress=f.congress(), unit=f.one("承办单位", "unit"), year=f.number("年份", least=2000, most=2100),
    bonus=f.number("附加分", least=0, most=10, default=0), reason=f.text("说明", most=500, required=False),
)  # fmt: skip
SCORE_ALL = command(
    "score_all", "/scores/all", "年度评分", "Draw up the scores of all units that handled something in a year.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100),
)  # fmt: skip
ANNOUNCE = command(
    "announce_scores", "/scores/announce", "公布评分", "Announce the scores of a year: units read their own, and may contest them.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100),
)  # fmt: skip
CONTEST = command(
    "contest_point", "/scores/<id>/contest", "申诉", "Contest one part of the own unit's score (its head, within the days of the place).",
    part=f.text("项目", most=60), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DECIDE_CONTEST = command(
    "decide_contest", "/scores/<id>/contest/decide", "裁定申诉", "Decide on an objection: with the right points where the unit is right.",
    part=f.text("项目", most=60), upheld=f.yes("申诉成立"), points=f.decimal("更正后的得分"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
COMMEND = command(
    "commend_unit", "/scores/<id>/commend", "表扬", "Commend a unit for its year.", reason=f.text("事迹", most=1000, long=True),
)  # fmt: skip
COUNT_DUE = command(
    "count_due_promises", "/figures/due", "统计到期的承诺", "Have promises whose date has passed count as due (the system, each hour)."
)  # fmt: skip

EVALUATION = query(
    "evaluation",
    "/suggestions/<id>/evaluation",
    "代表评价",
    "Forms, rehandling, closing and publication of one suggestion, and what you may do.",
    id=f.one("建议", "suggestion"),
)
FIGURES = query(
    "figures", "/figures", "指标", "Figures of a congress (or of each of its units) in a year: numerator, denominator, date.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), by_unit=f.yes("按单位"),
)  # fmt: skip
FIGURE_LIST = query(
    "figure_list", "/figures/list", "指标明细", "The suggestions behind a figure.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), figure=f.text("指标", most=30),
    unit=f.one("承办单位", "unit", required=False), part=f.choice("部分", {"numerator": "分子", "denominator": "分母", "rest": "未达到"}, default="denominator"),
    limit=f.number("条数", least=1, most=500, default=100),
)  # fmt: skip
SCORES = query(
    "scores",
    "/scores",
    "评分",
    "Scores of a congress's units in a year, ranked within units of the same kind.",
    congress=f.congress(),
    year=f.number("年份", least=2000, most=2100),
)
WAITING = query("evaluation_waiting", "", "待办", "What waits for you in evaluation.")
