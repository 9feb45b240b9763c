"""Commands and queries of evaluation: feedback, rehandling, closing, publishing, figures, scores."""

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import (
    AWARD_DECIDED_BY,
    AWARD_NOMINATED_BY,
    FLAG_OUTCOMES,
    KEPT,
    MEASURES,
    RESULT_KINDS,
    SATISFACTION,
    YEAR_GRADES,
)

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
    "close_suggestion", "/suggestions/<id>/close", "办结", "Close the suggestion: every reply judged, or its time for feedback over; a measure is looked up among those taken.",
    note=f.text(
        "办结说明", most=500, required=False,
        hint="承办单位会看到。按本级规定办结时不告知评价，又有代表不满意的，只有人大看到。",
    ),
    measure=f.choice("后续措施", MEASURES, required=False),
)  # fmt: skip
JUDGE_KEPT = command(
    "judge_kept", "/suggestions/<id>/kept", "评价承诺兑现",
    "A deputy says whether all that a reply promised is done, once the unit has answered so. Nobody else can; units are not told.",
    reply=f.one("答复", "reply"), kept=f.choice("承诺是否兑现", KEPT),
    words=f.text("意见", most=1000, required=False, long=True, hint="没有全部兑现的，请写明哪些没有兑现。本级人大会看到，承办单位不会。"),
)  # fmt: skip
ANSWER_KEPT = command(
    "answer_kept", "/suggestions/<id>/kept/answer", "答复代表对兑现的意见",
    "Tell the deputies who say that it is not done what was found out, or what the unit is to do.",
    reply=f.one("答复", "reply"),
    text=f.text("答复", most=2000, long=True, hint="写明核实的情况。确实没有兑现、已经办结的，请要求重新办理。"),
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
    bonus=f.number("附加分", least=0, most=20, default=0), reason=f.text("说明", most=500, required=False),
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
    "contest_point", "/scores/<id>/contest", "申诉", "Contest one part of the own unit's score, or its bonus (its head, within the days of the place).",
    part=f.text("项目", most=60), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DECIDE_CONTEST = command(
    "decide_contest", "/scores/<id>/contest/decide", "裁定申诉", "Decide on an objection: with the right points where the unit is right.",
    part=f.text("项目", most=60), upheld=f.yes("申诉成立"), points=f.decimal("更正后的得分"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
COMMEND = command(
    "commend_unit", "/scores/<id>/commend", "表扬", "Commend a unit for its year.", reason=f.text("事迹", most=1000, long=True),
)  # fmt: skip
GRADE_UNIT = command(
    "grade_unit", "/grades", "评定等次", "A distributing office grades a unit of its own system for a year (年度考核). A draft until announced.",
    congress=f.congress(), unit=f.one("承办单位", "unit"), year=f.number("年份", least=2000, most=2100), grade=f.choice("等次", YEAR_GRADES),
    reason=f.text("理由", most=500, required=False, long=True, hint="评为优秀、不合格的必须写明"), follows=f.text("奖惩", most=200, required=False, hint="例如：通报表扬、约谈负责人"),
)  # fmt: skip
ANNOUNCE_GRADES = command(
    "announce_grades", "/grades/announce", "公布等次", "Announce the grades of a year: each unit reads its own.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100),
)  # fmt: skip
CONTEST_GRADE = command(
    "contest_grade", "/grades/<id>/contest", "申诉等次", "Object to the own unit's grade, once (its head, within the days of the place).",
    reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DECIDE_GRADE = command(
    "decide_grade", "/grades/<id>/contest/decide", "裁定等次申诉", "Decide on an objection to a grade: with another grade where the unit is right.",
    upheld=f.yes("申诉成立"), grade=f.choice("改评等次", YEAR_GRADES, required=False), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DRAW_UP_APPRAISAL = command(
    "draw_up_appraisal", "/appraisals", "组织评议", "Have deputies appraise units on a day: each invited deputy casts one secret ballot.",
    congress=f.congress(), name=f.text("名称", most=60, hint="例如 2026年度承办单位代表评议"), on=f.day("评议日期"),
    units=f.many("被评议的单位", "unit", required=True, most=50), deputies=f.many("邀请的代表", "deputy", required=True, most=500),
    questions=f.texts("评议项目", most=8, longest=30),
)  # fmt: skip
CAST_BALLOT = command(
    "cast_ballot", "/appraisals/<id>/ballots", "投票评议", "Mark each unit by each question, once, in secret: only the sums are kept.",
    is_secret=True,
    marks=f.items("评价", most=50, unit=f.one("单位", "unit"), marks=f.texts("各项评价", most=8, longest=12),
                  opinion=f.text("意见和建议", most=500, required=False, long=True)),
)  # fmt: skip
CLOSE_APPRAISAL = command(
    "close_appraisal",
    "/appraisals/<id>/close",
    "结束评议",
    "No more ballots; the congress's people read the sums.",
)
CANCEL_APPRAISAL = command(
    "cancel_appraisal", "/appraisals/<id>/cancel", "取消评议", "It does not take place; what was cast is dropped.",
    reason=f.text("理由", most=500),
)  # fmt: skip
ANNOUNCE_APPRAISAL = command(
    "announce_appraisal",
    "/appraisals/<id>/announce",
    "公布结果",
    "From now on each unit reads its own result.",
)
DEMAND_RECTIFICATION = command(
    "demand_rectification", "/appraisals/<id>/demands", "提出整改要求", "Have a unit put right what deputies said; supervision follows it as a demand.",
    unit=f.one("单位", "unit"), text=f.text("整改要求", most=1000, long=True), due_on=f.day("答复期限"),
)  # fmt: skip
OPEN_AWARD = command(
    "open_award", "/awards", "开始优秀建议评选", "Begin to choose the excellent suggestions of a year; by the rules of a plugin where one is on.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), number=f.number("评选件数", least=1, most=100, default=10),
    nominated_by=f.choices("由谁推荐", AWARD_NOMINATED_BY, required=False), decided_by=f.choice("由谁评定", AWARD_DECIDED_BY, default="meeting"),
    only_closed=f.yes("只评已经办结的", default=True),
)  # fmt: skip
NOMINATE = command(
    "nominate_suggestion", "/awards/<id>/nominations", "推荐优秀建议", "Nominate a suggestion of the year.",
    suggestion=f.one("建议", "suggestion"), reason=f.text("推荐理由", most=500, long=True),
)  # fmt: skip
VOTE_AWARD = command(
    "vote_award", "/awards/<id>/votes", "投票评选", "Vote once, for as many nominees as there are to choose; only the sums are kept.",
    is_secret=True, suggestions=f.many("优秀建议", "suggestion", required=True),
)  # fmt: skip
DECIDE_AWARD = command(
    "decide_award", "/awards/<id>/decide", "登记评定结果", "Put on record which suggestions were chosen, when, and by which decision.",
    suggestions=f.many("评定的优秀建议", "suggestion", required=True), on=f.day("评定日期"), reason=f.text("评定情况", most=500, required=False, hint="例如 主任会议第十二次会议决定"),
)  # fmt: skip
ANNOUNCE_AWARD = command(
    "announce_award",
    "/awards/<id>/announce",
    "公布优秀建议",
    "Announce them: each bears the mark from now on, in search too.",
)
SHARE_EXPERIENCE = command(
    "share_experience", "/awards/<id>/experience", "写经验分享", "The author tells how an excellent suggestion was written.",
    suggestion=f.one("建议", "suggestion"), text=f.text("经验分享", most=5000, long=True),
)  # fmt: skip
LOOK_FOR_PATTERNS = command(
    "look_for_patterns", "/figures/flags/look", "检查评价异常", "Look for strange patterns among the forms given since the last look (the system, each minute).",
)  # fmt: skip
SETTLE_FLAG = command(
    "settle_flag", "/figures/flags/<id>/settle", "核实", "Say what came of a strange pattern. No judgement and no figure changes.",
    outcome=f.choice("核实结果", FLAG_OUTCOMES), reason=f.text("核实情况", most=1000, long=True),
)  # fmt: skip
TELL_FIGURES = command(
    "tell_figures", "/figures/tell", "报送指标", "Tell the figures that changed, for the congresses above to sum up (the system, each hour)."
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
    "figures", "/figures", "指标", "Figures of a congress (or of each of its units) in a year, or in several (a term): numerator, denominator, date; with the year before.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), by_unit=f.yes("按单位"), since=f.number("从哪一年起", most=2100, default=0),
)  # fmt: skip
FIGURE_LIST = query(
    "figure_list", "/figures/list", "指标明细", "The suggestions behind a figure.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), figure=f.text("指标", most=30),
    unit=f.one("承办单位", "unit", required=False), part=f.choice("部分", {"numerator": "分子", "denominator": "分母", "rest": "未达到"}, default="denominator"),
    limit=f.number("条数", least=1, most=500, default=100), since=f.number("从哪一年起", most=2100, default=0),
)  # fmt: skip
FIGURES_BELOW = query(
    "figures_below", "/figures/below", "各地指标", "Figures of a congress with all below it, and of each place one level down with what is below that.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), since=f.number("从哪一年起", most=2100, default=0),
)  # fmt: skip
RESULTS = query(
    "results", "/results", "采纳转化", "What came of a congress's suggestions (or of those of each unit) in a year, or in several, by kind: how many, money, people.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), by_unit=f.yes("按单位"), since=f.number("从哪一年起", most=2100, default=0),
)  # fmt: skip
RESULT_LIST = query(
    "result_list", "/results/list", "采纳转化明细", "What came of suggestions, one by one: what stands behind a sum.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100), unit=f.one("承办单位", "unit", required=False),
    kind=f.choice("种类", RESULT_KINDS, required=False), limit=f.number("条数", least=1, most=500, default=100),
    since=f.number("从哪一年起", most=2100, default=0),
)  # fmt: skip
SCORES = query(
    "scores",
    "/scores",
    "评分",
    "Scores of a congress's units in a year, ranked within units of the same kind.",
    congress=f.congress(),
    year=f.number("年份", least=2000, most=2100),
)
GRADES = query(
    "grades", "/grades", "年度考核", "Grades of the units of your own system in a year, with the congress's score beside; a unit's own once announced.",
    congress=f.congress(), year=f.number("年份", least=2000, most=2100),
)  # fmt: skip
APPRAISALS = query(
    "appraisals", "/appraisals", "代表评议", "Appraisals of units by deputies, as far as they concern you.", congress=f.congress(),
)  # fmt: skip
APPRAISAL = query(
    "appraisal", "/appraisals/<id>", "代表评议", "One appraisal: questions, units, and the results that you may know.",
    id=f.one("评议", "appraisal"),
)  # fmt: skip
AWARDS = query(
    "awards",
    "/awards",
    "优秀建议评选",
    "The awards of a congress (its deputies and its own people).",
    congress=f.congress(),
)
AWARD = query(
    "award", "/awards/<id>", "优秀建议评选", "One award: nominees, results as far as they are known, and what you may do.",
    id=f.one("评选", "award"),
)  # fmt: skip
FLAGS = query(
    "flags", "/figures/flags", "评价异常", "Strange patterns in deputies' feedback (the congress's own offices alone).",
    congress=f.congress(), state=f.choice("状态", {"open": "待核实", "settled": "已核实"}, required=False),
)  # fmt: skip
WAITING = query("evaluation_waiting", "", "待办", "What waits for you in evaluation.")
