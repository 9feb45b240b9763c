"""Commands and queries of intake: drafts, cosigning, submission, review, numbers, merge and split, key suggestions."""

from typing import Any

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.terms import KINDS, SATISFACTION

contracts = Contracts("intake")
command, query = contracts.command, contracts.query

LONG = 5000
NAMED_HINT = "在名册里登记了职务的，选择职务就可以，不用填写"


def _body() -> dict[str, Any]:
    return {
        "title": f.text("标题", least=5, most=80, hint="一事一案，例如：关于……的建议"),
        "situation": f.text("情况", most=LONG, long=True, hint="有情况：看到了什么，在哪里，影响多少人"),
        "analysis": f.text("分析", most=LONG, long=True, hint="有分析：为什么会这样"),
        "proposals": f.text("具体意见", most=LONG, long=True, hint="有具体意见：请谁、做什么、做到什么程度"),
        "kind": f.choice("类型", KINDS, default="suggestion"),
        "category": f.listed("类别", "category"),
        "basis": f.text(
            "调研情况",
            most=2000,
            required=False,
            long=True,
            hint="专题调研、执法检查、联络站接待等，什么时候、看了哪里",
        ),
        "proposed_units": f.many("建议承办单位", "unit", most=5),
        "several_years": f.yes("需要分年办理", hint="几年办一件，每年报告进展"),
        "opinions": f.texts("来自选民的意见", most=20, longest=500),
    }


DRAFT = command(
    "draft_suggestion", "/suggestions", "起草建议", "Draft a suggestion as its lead deputy, or for a whole delegation.",
    congress=f.congress(), **_body(), delegation=f.one("代表团（以全团名义提出的，提交前须由团长确认）", "delegation", required=False),
)  # fmt: skip
REVISE = command(
    "revise_suggestion",
    "/suggestions/<id>/revise",
    "修改",
    "Change a draft or a returned suggestion: the whole text, what is left out is emptied.",
    **_body(),
)
DISCARD = command(
    "discard_suggestion", "/suggestions/<id>/discard", "删除草稿", "Discard a draft that was never submitted."
)
INVITE = command(
    "invite_cosigners", "/suggestions/<id>/invite", "邀请附议", "Invite deputies of the same congress to cosign.",
    deputies=f.many("附议代表", "deputy", required=True, most=200),
    answer_by=f.day("请在哪天以前答复", required=False, hint="过了这一天没有答复的，邀请失效"),
)  # fmt: skip
COSIGN = command(
    "accept_cosigning", "/suggestions/<id>/cosign", "同意附议", "Accept an invitation to cosign."
)
DECLINE = command(
    "decline_cosigning", "/suggestions/<id>/decline", "不附议", "Decline an invitation to cosign.",
    reason=f.text("说明", required=False),
)  # fmt: skip
TAKE_OUT_COSIGNERS = command(
    "take_out_cosigners", "/suggestions/<id>/take-out", "移出附议",
    "Go on without some who were invited or had cosigned: with this text, or in this matter.",
    deputies=f.many("移出的代表", "deputy", required=True, most=200),
)  # fmt: skip
ASK_DELEGATION = command(
    "ask_delegation", "/suggestions/<id>/ask-delegation", "提请代表团确认",
    "Put a delegation's suggestion before its head, who has to confirm it before it is submitted.",
)  # fmt: skip
CONFIRM_FOR_DELEGATION = command(
    "confirm_for_delegation", "/suggestions/<id>/confirm", "代表团确认", "As head of the delegation: it is the whole delegation's, or not.",
    agrees=f.yes("同意作为全团建议提出"), reason=f.text("意见", most=500, required=False, long=True, hint="不同意的，请写明理由"),
)  # fmt: skip
SUBMIT = command(
    "submit_suggestion", "/suggestions/<id>/submit", "提交", "Submit the suggestion to the congress."
)
ACCEPT = command(
    "accept_suggestion", "/suggestions/<id>/accept", "受理立案", "Accept and number a submitted suggestion.",
    kind=f.choice("类型", KINDS, required=False), category=f.listed("类别", "category", required=False),
)  # fmt: skip
RETURN = command(
    "return_suggestion", "/suggestions/<id>/return", "退回修改", "Return a submitted suggestion to its deputy.",
    reason_codes=f.listed_many("原因", "reason", hint="可以选几项；最主要的写在说明里"),
    reason=f.text("说明", most=500, long=True, hint="告诉代表怎样修改"),
)  # fmt: skip
LETTER = command(
    "treat_as_letter", "/suggestions/<id>/letter", "转作来信", "Treat a submitted suggestion as a letter (转作来信).",
    reason_codes=f.listed_many("原因", "reason"), reason=f.text("说明", most=500, long=True),
    receiver=f.text("转给", most=100, required=False, hint="收到来信、负责答复的单位"),
)  # fmt: skip
ANSWER_LETTER = command(
    "answer_letter", "/suggestions/<id>/letter/answer", "答复来信",
    "Tell the deputies what came of the letter. Once, for good.", answer=f.text("答复", most=3000, long=True),
)  # fmt: skip
HAND_UP = command(
    "hand_up", "/suggestions/<id>/hand-up", "转交上级",
    "Hand a submitted suggestion that is beyond the level's powers up to the congress above.",
    explanation=f.text("说明", most=500, long=True, hint="告诉代表和上级：为什么不属于本级职权，请上级办什么"),
)  # fmt: skip
TAKE_OVER = command(
    "take_over", "/suggestions/<id>/take-over", "接收下级转交", "The office above takes over what was handed up to it.",
    note=f.text("说明", most=500, required=False, long=True),
)  # fmt: skip
DECLINE_HAND_UP = command(
    "decline_hand_up", "/suggestions/<id>/decline-hand-up", "不接收下级转交",
    "It is not for the congress above either: the office below decides anew.", reason=f.text("理由", most=500, long=True),
)  # fmt: skip
ANSWER_HAND_UP = command(
    "answer_hand_up", "/suggestions/<id>/answer-hand-up", "答复下级转交",
    "Tell the deputies and the office below what came of it. Once, for good.", answer=f.text("答复", most=3000, long=True),
)  # fmt: skip
MERGE = command(
    "merge_suggestion", "/suggestions/<id>/merge", "并案",
    "Merge a submitted or accepted suggestion into an accepted one of the same content; each deputy is still answered.",
    into=f.one("并入", "suggestion"), reason=f.text("说明", most=500, required=False),
)  # fmt: skip
SPLIT = command(
    "split_suggestion", "/suggestions/<id>/split", "分案", "Split a submitted suggestion into several submitted ones.",
    parts=f.items(
        "分案", most=10, title=f.text("标题", least=5, most=80), situation=f.text("情况", most=LONG, long=True),
        analysis=f.text("分析", most=LONG, long=True), proposals=f.text("具体意见", most=LONG, long=True),
    ),
    reason=f.text("说明", most=500, hint="调研情况、建议承办单位等随每一件；联络站登记的选民意见随第一件办理和回告"),
)  # fmt: skip
CORRECT = command(
    "correct_suggestion", "/suggestions/<id>/correct", "更正",
    "Correct title, kind or category of an accepted suggestion; what is left empty stays as it is.",
    title=f.text("标题", least=5, most=80, required=False), kind=f.choice("类型", KINDS, required=False),
    category=f.listed("类别", "category", required=False), reason=f.text("更正原因", most=500, long=True),
)  # fmt: skip
REPLACE_LEAD = command(
    "replace_lead", "/suggestions/<id>/lead", "更换领衔代表",
    "A cosigner leads the suggestion from now on, for the lead deputy's seat fell vacant.",
    deputy=f.one("接替领衔的附议代表", "deputy"), reason=f.text("原因", most=500),
)  # fmt: skip

RENEW_PRACTICES = command(
    "renew_practices", "/suggestions/<id>/practices", "改按新做法",
    "A suggestion in hand goes on by the practices and settings that hold today, in place of those under which it began.",
    reason=f.text("理由", most=500, long=True),
)  # fmt: skip


def _mark() -> dict[str, Any]:
    """Each by the post (职务), or by name where none is registered: the service sees to it that one of them is given."""
    return {
        "theme": f.text("主题", most=60),
        "leading_supervisor_id": f.one("牵头督办领导（职务）", "office", required=False),
        "leading_supervisor": f.text("牵头督办领导", most=80, required=False, hint=NAMED_HINT),
        "sponsor_id": f.one("领办政府领导（职务）", "office", required=False),
        "sponsor": f.text("领办政府领导", most=80, required=False, hint=NAMED_HINT),
        "committee_id": f.one("对口督办专委会（职务）", "office", required=False),
        "committee": f.text("对口督办专委会", most=80, required=False, hint=NAMED_HINT),
    }


PROPOSE_KEY = command(
    "propose_key", "/suggestions/<id>/propose-key", "推荐为重点建议",
    "Propose an accepted suggestion as a key one (重点处理建议).", reason=f.text("推荐理由", most=500, long=True),
)  # fmt: skip
MAKE_KEY = command(
    "make_key", "/suggestions/<id>/key", "确定为重点建议",
    "Make one accepted suggestion a key one (重点处理建议), as the chairpersons' meeting decided outside of a list.",
    **_mark(), decided_on=f.day("主任会议确定日期", required=False),
)  # fmt: skip
CHANGE_KEY_MARK = command(
    "change_key_mark", "/suggestions/<id>/key/change", "调整重点督办",
    "Change the theme of a key suggestion, or who supervises or sponsors it.", **_mark(), reason=f.text("调整原因", most=500),
)  # fmt: skip
RELEASE_KEY = command(
    "release_key", "/suggestions/<id>/key/release", "取消重点建议", "It is a key suggestion no more.",
    reason=f.text("取消原因", most=500),
)  # fmt: skip
DRAW_UP_KEY_LIST = command(
    "draw_up_key_list", "/key-lists", "拟定重点建议名单", "Begin a list of key suggestions, to be put before the chairpersons' meeting.",
    congress=f.congress(), name=f.text("名单名称", most=60), meeting_on=f.day("主任会议日期"), themes=f.texts("主题", most=30, longest=60),
)  # fmt: skip
PUT_IN_KEY_LIST = command(
    "put_in_key_list", "/key-lists/<id>/put", "列入名单",
    "Put an accepted suggestion into the list, or change its line. Who is not decided on yet may be named later.",
    suggestion=f.one("建议", "suggestion"), **_mark(),
)  # fmt: skip
TAKE_OUT_OF_KEY_LIST = command(
    "take_out_of_key_list", "/key-lists/<id>/take-out", "移出名单", "Take a suggestion out of the list.",
    suggestion=f.one("建议", "suggestion"),
)  # fmt: skip
MOVE_KEY_LIST = command(
    "move_key_list", "/key-lists/<id>/move", "更改主任会议日期", "The chairpersons' meeting takes the list up on another day.",
    meeting_on=f.day("改为哪一天"), reason=f.text("原因", most=200),
)  # fmt: skip
DISCARD_KEY_LIST = command(
    "discard_key_list", "/key-lists/<id>/discard", "撤销名单", "The list is not put before the meeting; its candidates stay candidates.",
    reason=f.text("原因", most=200),
)  # fmt: skip
DECIDE_KEY_LIST = command(
    "decide_key_list", "/key-lists/<id>/decide", "登记主任会议决定",
    "The chairpersons' meeting has decided: all suggestions of the list become key ones, or none.",
    note=f.text("会议意见", most=500, required=False),
)  # fmt: skip
RECOMMEND = command(
    "recommend_to_sponsor", "/pick-lists", "报送推荐件目录",
    "Recommend suggestions to a government leader, who picks those to sponsor (领办).",
    congress=f.congress(), sponsor_id=f.one("领办政府领导（职务）", "office"),
    suggestions=f.many("推荐件", "suggestion", required=True), why=f.text("推荐理由", most=500, required=False, long=True),
)  # fmt: skip
PICK_RECOMMENDED = command(
    "pick_recommended", "/pick-lists/<id>/pick", "选定领办件",
    "The leader picks from the list, or the office records what the leader said: key suggestions are sponsored by the post, others proposed.",
    suggestions=f.many("领办件", "suggestion", required=True), note=f.text("批示或说明", most=500, required=False, long=True),
)  # fmt: skip
WITHDRAW_PICK_LIST = command(
    "withdraw_pick_list", "/pick-lists/<id>/withdraw", "撤回目录", "Take the list back before the leader has picked.",
    reason=f.text("撤回原因", most=200),
)  # fmt: skip
IMPORT_LEDGER = command(
    "import_suggestions", "/imports/suggestions", "导入台账",
    "Take in an office's ledger: all rows or none; a number that is known already adds nothing. What the rows say of "
    "handling and judgement reaches the other services as events.",
    congress=f.congress(),
    rows=f.items(
        "台账", most=20000, number=f.text("建议编号", most=60), title=f.text("标题", most=120),
        lead=f.one("领衔代表", "deputy"), cosigners=f.many("附议代表", "deputy", most=300),
        delegation=f.text("代表团", most=50, required=False), category=f.listed("类别", "category", required=False),
        lead_unit=f.one("主办单位", "unit", required=False), joint_units=f.many("会办单位", "unit", most=20),
        assigned_on=f.day("交办日期", required=False), replied_on=f.day("答复日期", required=False),
        reply_class=f.letter("办理结果", required=False), result=f.choice("代表评价", SATISFACTION, required=False),
    ),
)  # fmt: skip

SUGGESTION = query(
    "suggestion",
    "/suggestions/<id>",
    "建议",
    "One suggestion with its text, people, history and what you may do.",
    id=f.one("建议", "suggestion"),
)
KEY_CANDIDATES = query(
    "key_candidates", "/key/candidates", "重点建议推荐件",
    "Suggestions that were proposed as key ones and are none yet, the newest first, with who proposed them and why.",
    congress=f.congress(), limit=f.number("条数", least=1, most=200, default=100),
)  # fmt: skip
KEY_LISTS = query(
    "key_lists", "/key-lists", "重点建议名单", "The lists of key suggestions of a congress, the newest first.", congress=f.congress(),
)  # fmt: skip
KEY_LIST = query(
    "key_list", "/key-lists/<id>", "重点建议名单",
    "One list with its lines, what stands against deciding on each, and what you may do.", id=f.one("名单", "key_list"),
)  # fmt: skip
PICK_LISTS = query(
    "pick_lists", "/pick-lists", "领办推荐件",
    "Lists of recommended suggestions of a congress, the newest first: {lists, may_recommend, most, days}. Leaders see those of their posts.",
    congress=f.congress(),
)  # fmt: skip
FINDINGS = query(
    "findings", "", "提交前检查",
    "What the office would object to in a text that need not be saved: {findings: [{code, field, sentence, mend, bars}], reasons}.",
    congress=f.congress(), title=f.text("标题", most=80, required=False), situation=f.text("情况", most=LONG, required=False),
    analysis=f.text("分析", most=LONG, required=False), proposals=f.text("具体意见", most=LONG, required=False),
    kind=f.choice("类型", KINDS, required=False), category=f.listed("类别", "category", required=False),
)  # fmt: skip
REVIEW_LISTS = query(
    "review_lists", "/review/lists", "类别和原因",
    "What congresses choose from today: {categories: [value], reasons: [{code, label}]}; the usual lists where none is named.",
    congresses=f.congresses(),
)  # fmt: skip
HANDED_UP = query(
    "handed_up", "/hand-ups", "下级转交", "What congresses below handed up to a congress, the newest first.", congress=f.congress(),
)  # fmt: skip
MY_SUGGESTIONS = query(
    "my_suggestions", "/my/suggestions", "我的建议", "Suggestions that you lead, cosign or are invited to cosign.",
    limit=f.number("条数", least=1, most=200, default=100),
)  # fmt: skip
VERSIONS = query(
    "suggestion_versions", "/suggestions/<id>/versions", "历次提交",
    "The texts of a suggestion as they were submitted, the first one first: [{submitted_on, returned_on, reason, title, …}]; "
    "the last one is the present text.", id=f.one("建议", "suggestion"),
)  # fmt: skip
REVIEW_DESK = query(
    "review_desk", "/review", "审查台",
    "Suggestions of a congress in a state of review: those that wait, oldest first; others, newest first. The id of the last line "
    "as `after` gives the next page.",
    congress=f.congress(), state=f.text("状态", required=False, most=20), text=f.text("标题或编号", required=False, most=80),
    after=f.one("上一页最后一件", "suggestion", required=False), limit=f.number("条数", least=1, most=200, default=100),
)  # fmt: skip
WAITING = query(
    "intake_waiting",
    "",
    "待办",
    "What waits for you in intake: [{suggestion, title, number, command, label, since}].",
)

# What voters say is of the same service, in modules of its own; importing this one declares all that intake can be asked.
from shared.contracts import activities as activities  # noqa: E402
from shared.contracts import voices as voices  # noqa: E402
from shared.contracts import voters as voters  # noqa: E402
