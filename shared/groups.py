"""The groups of the core's settings: what a congress may lay down otherwise than usual, each with its default."""

from __future__ import annotations

from string import Formatter
from typing import Any

from marshmallow import validate

from shared import review_lists
from shared.contracts import field as f
from shared.contracts.messages import KINDS
from shared.practices import GROUPS, group
from shared.problems import Invalid
from shared.reply_classes import MEANINGS, SOLVED
from shared.terms import DECIDES, FEEDBACK_DECIDED_BY, FEEDBACK_NAMES, FINDINGS, UNIT_LEARNS

__all__ = ["GROUPS", "review_lists"]

# What a period is counted in, and how long each may be: five years, more is a slip of the hand.
PERIOD_UNITS = {"months": "个月", "days": "日", "working_days": "个工作日"}
# Deadlines that a congress may lay down otherwise; the law's own can be shortened and not lengthened.
PERIODS = {
    "sign_for": "签收", "ask_to_return": "申请退办", "joint_opinion": "会办意见", "reply": "答复", "extended_reply": "延期答复",
    "feedback": "代表反馈", "second_reply": "再次答复",
}  # fmt: skip
LAWFUL_MONTHS = {"reply": 3, "extended_reply": 6}
USUAL_DAYS = {"months": 365.25 / 12, "days": 1.0, "working_days": 7 / 5}


def _periods_are_lawful(settings: dict[str, Any]) -> None:
    """The law's three and six months hold for every level: shorter is allowed, longer is not (《代表法》)."""
    given = {period["key"]: period for period in settings["periods"]}
    if len(given) != len(settings["periods"]):
        raise Invalid("同一期限设了两次。", {"periods": ["同一期限设了两次，请删去一项。"]})
    days = {key: period["amount"] * USUAL_DAYS[period["unit"]] for key, period in given.items()}
    for key, months in LAWFUL_MONTHS.items():
        if days.get(key, 0) > months * USUAL_DAYS["months"] + 0.01:
            raise Invalid(
                "期限不能长于法律规定。",
                {"periods": [f"“{PERIODS[key]}”期限不能长于法律规定的{months}个月。"]},
            )
    longest = LAWFUL_MONTHS["extended_reply"] * USUAL_DAYS["months"]
    if days.get("reply", 0) > days.get("extended_reply", longest) + 0.01:
        wrong = "延期答复的期限不能短于答复的期限。"
        raise Invalid(wrong, {"periods": [wrong]})


group(
    "deadlines",
    "办理期限",
    "各环节的期限、提前提醒的天数和亮黄灯的天数；没有列出的期限按默认计算。已经起算的期限不变。",
    periods=f.items(
        "期限", most=10, key=f.choice("期限", PERIODS), amount=f.number("数量", least=1, most=1300),
        unit=f.choice("单位", PERIOD_UNITS), source=f.text("依据", most=100, required=False, hint="例如《平江县代表建议办理办法》第九条"),
    ),
    remind_before=f.numbers("提前提醒的天数", most=365, default=[30, 15, 7, 3, 1], hint="到期前多少天提醒，用顿号或逗号隔开；逾期后每天提醒。"),
    yellow_days=f.number("到期前几天起亮黄灯", least=1, most=180, default=7),
    check=_periods_are_lawful,
)  # fmt: skip

group(
    "entrance", "提交前检查", "哪些提示必须改好才能提交；没有选的只作提醒。",
    bars=f.choices("须改好才能提交的问题", FINDINGS, required=False, hint="系统按字词判断，可能有误；选得越少越好"),
)  # fmt: skip

group(
    "key_suggestions", "重点建议全覆盖", "哪些领导和专委会每人都要有重点建议；看板据此提示还有谁没有。",
    leaders=f.texts("牵头督办的常委会领导", most=30, longest=50), sponsors=f.texts("领办的政府领导", most=30, longest=50),
    committees=f.texts("对口督办的专委会", most=30, longest=50),
)  # fmt: skip

group(
    "key_words", "重点督办的称谓", "本地怎样称呼重点建议的督办分工，例如主任联办、市长领办。",
    leads=f.text("常委会领导", most=10, required=False, default="牵头督办"), sponsors=f.text("政府领导", most=10, required=False, default="领办"),
    oversees=f.text("专门委员会", most=10, required=False, default="对口督办"), source="联络动态2022年第22期（浏阳）",
)  # fmt: skip

# The ladder, rung by rung: how many days overdue lead to a proposal (0: people alone think of it), and who decides.
LADDER = {
    "notice": ("督办通知", 7, "office"), "yellow": ("黄灯", 15, "office"), "red": ("红灯", 30, "office"), "circular": ("通报", 45, "either"),
    "talk": ("约谈", 0, "either"), "inquiry": ("专题询问", 0, "leader"), "accountability": ("问责", 0, "leader"),
}  # fmt: skip
DECIDED_BY = {"office": "联工委", "either": "联工委或常委会领导", "leader": "常委会领导"}


def _rungs_rise(settings: dict[str, Any]) -> None:
    """A harder rung does not come before a softer one."""
    last = 0
    for rung, (label, _, _) in LADDER.items():
        days = settings[f"{rung}_days"]
        if days and days < last:
            wrong = f"“{label}”不能早于前面较轻的措施。"
            raise Invalid(wrong, {f"{rung}_days": [wrong]})
        last = max(last, days)


_RUNGS: dict[str, Any] = {
    f"{rung}_days": f.number(f"{label}：逾期几天（0为不自动建议）", most=730, default=days)
    for rung, (label, days, _) in LADDER.items()
}
_RUNGS |= {
    f"{rung}_by": f.choice(f"{label}：由谁决定", DECIDED_BY, default=by)
    for rung, (label, _, by) in LADDER.items()
}

group(
    "ladder",
    "督办措施",
    "答复、承诺、督办要求逾期多少天建议采取哪一级督办措施、由谁决定；已采取的措施到期没有回复的，建议采取上一级。系统只提出建议，由人决定是否采取。",
    source="联络动态2022年第4期、第22期",
    check=_rungs_rise,
    answer_days=f.number("单位回复期限（天）", least=1, most=365, default=10),
    **_RUNGS,
)
group(
    "commitments",
    "承诺事项",
    "多久要求单位报告承诺的进度；单位报告完成、要求延期时，由谁说了算。",
    source="联络动态2022年第4期（B类清零）",
    progress_every=f.choice(
        "要求报告进度", {"never": "不定期要求", "quarter": "每季度", "year": "每年"}, default="never"
    ),
    settled_by=f.choice(
        "销号和延期", {"congress": "人大确认", "unit": "承办单位自行销号、延期"}, default="congress"
    ),
)
group(
    "supervision",
    "督办分工",
    "各专门委员会对口督办哪些类别的建议；重点建议另按其上写明的分工。",
    source="联络动态2023年第12期",
    committees=f.items(
        "对口督办", most=50, category=f.listed("类别", "category"), committee=f.text("专门委员会", most=50)
    ),
)
# Of the parties that are persons: within how many days after the assignment, and how often then (0: not asked for).
_PARTY_DUTIES: dict[str, Any] = {}
for _party, (_label, _within) in {
    "leads": ("常委会领导牵头督办", 90), "sponsors": ("政府领导领办", 60), "oversees": ("专门委员会对口督办", 60),
}.items():  # fmt: skip
    _PARTY_DUTIES[f"{_party}_within"] = f.number(
        f"{_label}：交办后多少天内（0为不要求）", most=365, default=_within
    )
    _PARTY_DUTIES[f"{_party}_every"] = f.number(
        f"{_label}：此后每多少天一次（0为不要求）", most=365, default=0
    )

group(
    "party_duties",
    "督办期限",
    "重点建议由各方督办的期限：交办以后多少天内督办，此后多久再督办一次；在“我的督办”里提示。",
    source="联络动态2023年第12期",
    **_PARTY_DUTIES,
)
group(
    "feedback",
    "代表评价（背靠背）",
    "承办单位何时、怎样知道代表评价，由谁的评价决定再次办理。已经开始办理的建议按开始时的规定。",
    names=f.choice("告知承办单位时", FEEDBACK_NAMES, default="named"),
    unit_learns=f.choice("承办单位何时知道", UNIT_LEARNS, default="closing"),
    least_count=f.number("不告知姓名的，至少满多少份才合并告知", least=2, most=20, default=3),
    decides=f.choice("谁不满意就应当再次办理", DECIDES, default="lead"),
    by=f.choice("看哪一项评价", FEEDBACK_DECIDED_BY, default="result"),
)  # fmt: skip

group(
    "patterns",
    "评价异常提示",
    "代表评价从多少份起提示异常，由本级人大核实。只作提示，不改变评价和指标；填0为不检查。",
    source="联络动态2022年第4期（从“被满意”向“真满意”）",
    within_minute=f.number("同一账号一分钟内交来多少份", most=100, default=5),
    same_address=f.number("多少位代表同一天从同一网络地址交来", most=100, default=5),
    same_words=f.number("多少位代表写的意见一字不差", most=100, default=3),
    only_judges=f.number("只用于评价的账号交来多少份", most=1000, default=10),
)  # fmt: skip

group(
    "scores",
    "年度评分",
    "附加分的上限，以及承办单位对评分提出申诉的期限。",
    bonus_most=f.number("附加分上限", most=20, default=10),
    contest_days=f.number("公布后多少日内可以申诉", least=1, most=90, default=10),
)  # fmt: skip

# Who can be a step of approval, as `assignment` knows people's relation to a task.
APPROVERS = {
    "unit": "承办单位经办人员", "section_head": "处室负责人", "deputy_head": "承办单位分管负责人", "unit_head": "承办单位负责人", "distributing": "交办单位", "liaison": "联工委", "supervisor": "领办领导",
}  # fmt: skip

group(
    "approval",
    "答复审核",
    "答复稿依次经过哪些环节审核，会办单位是否会签。没有设置时由承办单位负责人一次审核。已经起草的答复稿按起草时的设置。",
    places=("congress", "unit"),
    steps=f.items("审核环节（按顺序）", most=8, name=f.text("环节名称", most=30), by=f.choice("由谁审核", APPROVERS)),
    countersign=f.yes("审核以前由会办单位会签"),
)  # fmt: skip


# What sentences of a congress's own may name; where a message has no such thing, the usual sentence is used.
NAMED = {
    "matter",
    "unit",
    "deputy",
    "by",
    "because",
    "number",
    "into",
    "role",
    "units",
    "text",
    "on",
    "place",
    "station",
    "count",
}


def _sentences_can_be_filled_in(settings: dict[str, Any]) -> None:
    kinds = [own["kind"] for own in settings["words"]]
    if len(set(kinds)) != len(kinds):
        raise Invalid("同一种消息设了两次。", {"words": ["同一种消息设了两次，请删去一项。"]})
    for own in settings["words"]:
        if unknown := _names_in(own["text"]) - NAMED:
            said = f"“{KINDS[own['kind']]}”里有不认识的代号 {'、'.join(sorted(unknown))}。"
            raise Invalid(said, {"words": [said]})


def _names_in(text: str) -> set[str]:
    try:
        return {
            f"{name}{form}{turned or ''}"
            for _, name, form, turned in Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        return {"{ }"}


group(
    "channels",
    "消息",
    "发给代表和承办单位的消息：什么时间不打扰，每天合成一封的邮件什么时间发出，落款，以及自己的说法。",
    quiet_from=f.clock("从几点起不打扰", default="21:00", hint="短信和邮件在这段时间不发出，到点再发。与下一项相同则不设。"),
    quiet_to=f.clock("到几点", default="08:00"), digest_at=f.clock("每天一封的邮件几点发出", default="08:30"),
    signature=f.text("落款", most=20, required=False, hint="写在短信开头和邮件末尾，例如 浏阳市人大常委会"),
    words=f.items(
        "自己的说法", most=len(KINDS), kind=f.choice("消息", KINDS),
        text=f.text("句子", most=200, hint="可用 {matter} 代表建议名称，{unit} 承办单位，{deputy} 代表，{because} 理由。"),
    ),
    check=_sentences_can_be_filled_in,
)  # fmt: skip


def _letters_differ(settings: dict[str, Any]) -> None:
    letters = [own["letter"] for own in settings["classes"]]
    if len(set(letters)) != len(letters):
        wrong = "同一个字母设了两次，请删去一项。"
        raise Invalid(wrong, {"classes": [wrong]})
    if letters and not {own["means"] for own in settings["classes"]} & {SOLVED}:
        wrong = "至少要有一个字母表示已经解决。"
        raise Invalid(wrong, {"classes": [wrong]})


def _letter() -> Any:
    found = f.text("字母", most=4, hint="例如 A、B1")
    found.validators.append(
        validate.Regexp(r"^[A-Z]\d{0,3}$", error="应当是一个大写字母，后面可以加数字，例如 B1。")
    )
    return found


group(
    "reply_classes", "办理结果的分类", "答复右上角的字母和它们的含义；没有设置时用A、B、C、D。已经印发的答复不变。",
    classes=f.items(
        "分类", most=12, letter=_letter(), label=f.text("名称", most=40, hint="例如 已列入计划，三年内解决"),
        means=f.choice("含义", MEANINGS),
    ),
    check=_letters_differ,
)  # fmt: skip

group(
    "assigning", "交办和退办", "按标题里的字词推荐承办单位；逾期申请退办的是否受理；退办以后，接办单位的期限怎样计算。",
    rules=f.items("推荐规则", most=200, words=f.text("标题里的字词", most=30), unit=f.one("承办单位", "unit")),
    late_return=f.choice(
        "超过期限申请退办", {"taken": "受理，记为逾期", "refused": "不再受理"}, default="taken",
    ),
    return_clock=f.choice(
        "退办后接办单位的期限", {"new": "从改交之日重新计算", "goes_on": "从第一次交办之日连续计算"}, default="new",
    ),
)  # fmt: skip

group(
    "delegations", "全团建议", "以代表团名义提出的建议，答复送给谁。领衔和附议代表总会收到答复，由他们评价。",
    reply_to_members=f.yes("答复同时送该代表团全体代表阅知"),
)  # fmt: skip

group(
    "stations",
    "代表联络站",
    "本级联络站的建设标准，逐条对照检查；没有设置时按“六有”检查。",
    source="浏阳市，《联络动态》2022年第22期",
    standard=f.texts("建设标准", most=30, longest=100),
)
group(
    "year_calendar",
    "年度日历",
    "会议以后的各项工作排在什么时候。会议日期取自名册，办理期限取自“办理期限”；这里只设其余各项。月份填0为不安排。",
    source="联络动态2022年第4期、第22期",
    review_days=f.number("会议闭幕后几天内审查完毕", least=1, most=180, default=15),
    meeting_days=f.number("会议闭幕后几天内召开交办会", least=1, most=180, default=30),
    sweep_months=f.numbers("定期督办的月份", default=[6, 9], hint="例如 4、6、9；不填则不安排。", most=12),
    half_year_month=f.number("上半年情况报告在几月", default=7, most=12),
    appraisal_month=f.number("代表评议在几月", default=9, most=12),
    look_back_month=f.number("回头看在几月", default=10, most=12),
    hearing_month=f.number("常委会听取办理情况报告在几月", default=11, most=12),
    report_month=f.number("年度总结在几月", default=12, most=12),
    visiting_month=f.number("代表走访月在几月", default=0, most=12),
    look_back_share=f.number("回头看到月自动抽取每个单位已经解决的百分之几（0为不自动抽取）", default=0, most=100),
    remind_days=f.number("事项开始前几天发消息提醒（0为不提醒）", default=3, most=30),
)  # fmt: skip
