"""Commands and queries of assignment: batches, units' tasks, signing for, returns, plans, contacts, replies, extensions."""

from typing import Any

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.files import file
from shared.terms import (
    CONTACT_METHODS,
    CONTACT_PHASES,
    MEETING_KINDS,
    PUBLICITY,
    RANKS,
    RESULT_KINDS,
    WORK_KINDS,
)

contracts = Contracts("assignment")
command, query = contracts.command, contracts.query


def _units() -> dict[str, Any]:
    return {
        "lead": f.one("主办单位", "unit", required=False),
        "joint": f.many("会办单位", "unit", most=20),
        "separate": f.many("分办单位", "unit", most=20),
    }


DRAW_UP = command(
    "draw_up_batch", "/batches", "拟定交办批次", "Draw up the batch of an assignment meeting (交办会).",
    congress=f.congress(), name=f.text("会议名称", most=80), meeting_on=f.day("交办会日期"),
)  # fmt: skip
PUT_IN = command(
    "put_in_batch", "/batches/<id>/put", "列入批次", "Put an accepted suggestion into a batch with its units, or change them.",
    suggestion=f.one("建议", "suggestion"), **_units(),
)  # fmt: skip
TAKE_OUT = command(
    "take_out_of_batch", "/batches/<id>/take-out", "移出批次", "Take a suggestion out of a batch that is not issued.",
    suggestion=f.one("建议", "suggestion"),
)  # fmt: skip
MOVE_BATCH = command(
    "move_batch", "/batches/<id>/move", "更改交办会日期", "The assignment meeting of a batch that is not issued is held on another day.",
    meeting_on=f.day("改为哪一天"), reason=f.text("原因", most=200),
)  # fmt: skip
DISCARD_BATCH = command(
    "discard_batch", "/batches/<id>/discard", "撤销批次", "No meeting is held with this batch: its suggestions wait on the desk again.",
    reason=f.text("原因", most=200),
)  # fmt: skip
ISSUE_BATCH = command(
    "issue_batch", "/batches/<id>/issue", "集中交办", "Issue the whole batch at once, all or nothing."
)
CONSULT = command(
    "consult_units", "/batches/<id>/consult", "预征求意见",
    "Ask all units that the batch's lines name, and that were not asked yet, whether they will take the suggestion.",
    answer_by=f.day("请在这一天前答复", required=False),
)  # fmt: skip
ANSWER_CONSULTATION = command(
    "answer_consultation", "/suggestions/<id>/consultation", "答复预征求意见",
    "A unit that was asked in advance says whether it will take the suggestion, with its reason where not.",
    agrees=f.choice("是否承办", {"yes": "同意承办", "no": "不属于本单位职责"}), words=f.text("意见", most=1000, required=False, long=True),
)  # fmt: skip
SET_AGENDA = command(
    "set_agenda", "/batches/<id>/agenda", "安排交办会", "Lay down the meeting's agenda and what it asks of the units.",
    agenda=f.items("议程", most=30, item=f.text("议题", most=100), who=f.text("负责", most=50, required=False), material=f.text("材料", most=100, required=False)),
    requirements=f.text("会议要求", most=2000, required=False, long=True, hint="对程序、质量、时间的要求，集中交办时随任务发给各单位。"),
)  # fmt: skip
ARRANGE = command(
    "arrange_in_meeting", "/batches/<id>/arrange", "会上单独安排",
    "Say what the meeting arranges for one suggestion alone, such as a key one or a delegation's; it goes to the units with the assignment.",
    suggestion=f.one("建议", "suggestion"),
    arrangement=f.text("单独安排", most=500, required=False, long=True, hint="例如由谁牵头、多久面商一次；集中交办时随任务发给承办单位。留空则取消。"),
)  # fmt: skip
RECORD_ATTENDANCE = command(
    "record_attendance", "/batches/<id>/attendance", "登记到会情况", "Record who was invited to the meeting and who came.",
    attendance=f.items("参会人员", most=300, body=f.text("单位", most=100), person=f.text("姓名、职务", most=50, required=False), came=f.yes("到会")),
)  # fmt: skip
RECORD_MINUTES = command(
    "record_minutes", "/batches/<id>/minutes", "登记会议记录", "Record what the meeting said and decided, and what units told of their work.",
    minutes=f.text("会议记录", most=20000, long=True),
    speeches=f.items("交流材料", most=30, unit=f.text("单位", most=100), how=f.choice("形式", {"spoken": "发言交流", "written": "书面交流"}), text=f.text("内容", most=10000, long=True)),
)  # fmt: skip
ASSIGN = command(
    "assign_suggestion", "/suggestions/<id>/assign", "单件交办", "Assign one accepted suggestion outside a meeting.", **_units(),
)  # fmt: skip

SIGN_FOR = command(
    "sign_for",
    "/suggestions/<id>/sign-for",
    "签收",
    "A unit signs for its task. With `steps_to_come` in the answer, the steps that practices ask for follow as an event, `steps.fixed`.",
    task=f.one("任务", "task"),
)
ASK_RETURN = command(
    "ask_to_return", "/suggestions/<id>/ask-return", "申请退办",
    "A unit asks to return its task within 10 working days, with a reason and a proposed unit; it keeps it until decided.",
    task=f.one("任务", "task"), reason=f.text("理由", most=1000, long=True), proposed_unit=f.one("建议承办单位", "unit", required=False),
)  # fmt: skip
ADJUDICATE = command(
    "adjudicate_return", "/suggestions/<id>/adjudicate", "裁定退办",
    "Approve the return (with the unit that takes over, or none for a joint unit) or refuse it.",
    task=f.one("任务", "task"), approve=f.yes("同意退办", hint="不勾选就是不同意，由原单位继续承办。"), unit=f.one("改由承办", "unit", required=False), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DISTRIBUTE = command(
    "distribute_task", "/suggestions/<id>/distribute", "分解交办",
    "A unit's office hands on parts of the unit's task to units below it; the unit answers for the whole.",
    task=f.one("任务", "task"), units=f.many("分解给", "unit", required=True, most=50),
    due_on=f.day("报送期限", hint="下面的单位在这一天以前报送，不能晚于本单位自己的期限。"), note=f.text("要求", most=1000, long=True),
)  # fmt: skip
HAND_IN = command(
    "hand_in_part", "/suggestions/<id>/hand-in", "报送办理情况",
    "A part's unit hands in its opinion, or a draft for the reply, to the unit that handed it on; a later one replaces it.",
    task=f.one("任务", "task"), text=f.text("办理情况和答复意见", most=10000, long=True),
    drafted_rank=f.choice("执笔人职务", RANKS, required=False),
)  # fmt: skip
SEND_BACK = command(
    "send_back_part", "/suggestions/<id>/send-back-part", "退回重新报送",
    "The office that handed on a part sends back what was handed in, with a reason.",
    task=f.one("任务", "task"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
PLAN = command(
    "make_plan", "/suggestions/<id>/plan", "三定方案", "Lay down handler, plan and dates (三定), with leader, steps and expected result.",
    task=f.one("任务", "task"), handler=f.text("经办人", most=50), phone=f.text("联系电话", most=30, required=False),
    leader=f.text("责任领导", most=50, required=False), sections=f.text("承办处室", most=200, required=False),
    plan=f.text("办理方案", most=3000, long=True),
    steps=f.items("步骤", most=20, what=f.text("做什么", most=100), due_on=f.day("完成日期")),
    expected_result=f.text("预期结果", most=1000, required=False, long=True), quality=f.text("质量要求", most=500, required=False),
    reply_by=f.day("计划答复日期", required=False),
)  # fmt: skip
AGREE_PLAN = command(
    "agree_plan", "/suggestions/<id>/plan/agree", "对办理方案表态", "The lead deputy agrees with the plan, or says why not.",
    task=f.one("任务", "task"), agrees=f.yes("同意这个方案"), note=f.text("意见", most=1000, required=False, long=True, hint="不同意时请写明理由。"),
)  # fmt: skip
COMPLETE_STEP = command(
    "complete_step", "/suggestions/<id>/steps", "完成环节", "Complete a step of the task, with what has to be filled in for it.",
    task=f.one("任务", "task"), step=f.one("环节", "step"),
    entries=f.items("需要填写的内容", most=20, label=f.text("项目", most=50), value=f.text("内容", most=2000)),
    note=f.text("情况说明", most=1000, required=False, long=True),
)  # fmt: skip
LOG_CONTACT = command(
    "log_contact", "/suggestions/<id>/contacts", "登记沟通",
    "Log a contact with the deputies: when, how, who led it, what was said; also for several suggestions at once.",
    task=f.one("任务", "task"), phase=f.choice("阶段", CONTACT_PHASES), method=f.choice("方式", CONTACT_METHODS),
    on=f.day("日期"), deputies=f.many("代表", "deputy", most=50), led_by=f.text("带队或通话的人", most=50, required=False),
    rank=f.choice("其职务", RANKS, required=False), people=f.text("其他参加人员", most=200, required=False),
    helped_by=f.text("协助沟通的单位", most=100, required=False, hint="请下级或代表所在地的单位协助的，写明单位。"),
    notes=f.text("沟通内容", most=3000, long=True), also=f.many("同时沟通的其他建议（其领衔代表在场）", "task_suggestion", most=20),
)  # fmt: skip
CONFIRM_CONTACT = command(
    "confirm_contact", "/suggestions/<id>/contacts/confirm", "确认沟通记录", "A deputy confirms a contact as it is on record, or says what was not so.",
    task=f.one("任务", "task"), contact=f.one("沟通", "contact"), agrees=f.yes("情况属实"),
    note=f.text("说明", most=1000, required=False, long=True, hint="不属实时请写明哪里不符。"),
)  # fmt: skip
GIVE_OPINION = command(
    "give_opinion", "/suggestions/<id>/opinion", "会办意见", "A joint unit gives the lead unit its written opinion.",
    task=f.one("任务", "task"), text=f.text("会办意见", most=5000, long=True),
)  # fmt: skip
DRAFT_REPLY = command(
    "draft_reply", "/suggestions/<id>/reply/draft", "起草答复", "Draft the reply, or change the draft; it goes to the unit's head.",
    task=f.one("任务", "task"), text=f.text("答复正文", least=20, most=10000, long=True),
    reply_class=f.letter("办理结果"), publicity=f.choice("公开属性", PUBLICITY, default="public"),
    contact=f.text("联系人", most=50), phone=f.text("联系电话", most=30),
    drafted_rank=f.choice("执笔人职务", RANKS, required=False),
    commitments=f.items("承诺事项（正在解决、列入计划的必填）", most=20, text=f.text("承诺事项", most=500), due_on=f.day("完成期限"),
        done_when=f.text("怎样算完成", most=300, required=False), leader=f.text("责任领导", most=50, required=False)),
    results=f.items(
        "采纳转化情况", most=10, kind=f.choice("种类", RESULT_KINDS), text=f.text("内容", most=200),
        document=f.text("文件名称和文号", most=100, required=False), money=f.number("资金（万元）", most=100_000_000, default=0),
        people=f.number("受益人数", most=100_000_000, default=0),
    ),
    without_opinions=f.text("未收齐会办意见的说明", most=500, required=False),
)  # fmt: skip
ATTACH_FILE = command(
    "attach_file", "/suggestions/<id>/files", "添加附件", "Attach a file to the reply that is being prepared.",
    task=f.one("任务", "task"), file=file("文件"),
    public=f.yes("随答复一起公开", hint="不勾选的，只有能看到这份答复的代表、单位和机关可以下载。名单、个人信息等不要公开。"),
)  # fmt: skip
REMOVE_FILE = command(
    "remove_file", "/suggestions/<id>/files/remove", "移除附件", "Take a file off again, before the reply goes out.",
    task=f.one("任务", "task"), attachment=f.one("附件", "attachment"),
)  # fmt: skip
APPROVE_REPLY = command(
    "approve_reply",
    "/suggestions/<id>/reply/approve",
    "签发审核",
    "The unit's head approves the draft.",
    task=f.one("任务", "task"),
)
REJECT_REPLY = command(
    "reject_reply", "/suggestions/<id>/reply/reject", "退回重写", "The unit's head sends the draft back.",
    task=f.one("任务", "task"), reason=f.text("意见", most=1000, long=True),
)  # fmt: skip
ISSUE_REPLY = command(
    "issue_reply", "/suggestions/<id>/reply/issue", "答复代表", "Issue the approved reply, numbered, to every deputy.",
    task=f.one("任务", "task"), document_number=f.text("文号", most=60),
)  # fmt: skip
COUNTERSIGN = command(
    "countersign_reply", "/suggestions/<id>/reply/countersign", "会签答复稿", "A joint unit countersigns the lead unit's draft, before it is approved.",
    task=f.one("任务", "task"), agrees=f.yes("同意"), note=f.text("意见", most=1000, required=False, long=True, hint="不同意时请写明意见。"),
)  # fmt: skip
SHOW_DRAFT = command(
    "show_draft", "/suggestions/<id>/reply/show", "送代表征求意见", "Show the draft to the deputies before it goes out.", task=f.one("任务", "task"),
)  # fmt: skip
COMMENT_DRAFT = command(
    "comment_draft", "/suggestions/<id>/reply/comment", "对答复稿提意见", "A deputy says what the draft should say otherwise, or that it is well.",
    task=f.one("任务", "task"), text=f.text("意见", most=1000, long=True),
)  # fmt: skip
REMARK = command(
    "remark", "/suggestions/<id>/remarks", "补充意见", "A deputy adds something new while the suggestion is handled.",
    text=f.text("补充的情况和意见", most=2000, long=True),
)  # fmt: skip
ANSWER_REMARK = command(
    "answer_remark", "/suggestions/<id>/remarks/answer", "回应补充意见", "A unit answers what a deputy has added.",
    task=f.one("任务", "task"), remark=f.one("补充意见", "remark"), text=f.text("回应", most=2000, long=True),
)  # fmt: skip
LOG_MEETING = command(
    "log_meeting", "/suggestions/<id>/meetings", "登记协调会", "Log a meeting about the suggestion: who led it, who was there, what was agreed.",
    task=f.one("任务", "task"), kind=f.choice("会议种类", MEETING_KINDS), on=f.day("日期"), led_by=f.text("主持人", most=50), participants=f.text("参加单位和人员", most=300),
    agreed=f.text("议定事项", most=3000, long=True), due_on=f.day("完成期限", required=False),
)  # fmt: skip
SUPPLEMENT = command(
    "supplement_reply", "/suggestions/<id>/reply/supplement", "补充答复",
    "Answer the deputies again, when what was promised is done or there is news; also when the suggestion is closed.",
    task=f.one("任务", "task"), text=f.text("补充答复", least=10, most=5000, long=True),
    solved=f.yes("承诺已全部兑现，请将办理结果调整为已经解决"),
)  # fmt: skip
CHANGE_CLASS = command(
    "change_reply_class", "/suggestions/<id>/reply/class", "调整办理结果",
    "The supervising office changes the class of the reply that stands, with a reason; also of a closed suggestion.",
    task=f.one("任务", "task"), reply_class=f.letter("办理结果"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
OBJECT = command(
    "object_to_class", "/suggestions/<id>/reply/class/object", "对调整提出异议", "The unit objects to the changed class, once for each change.",
    task=f.one("任务", "task"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
DECIDE_OBJECTION = command(
    "decide_objection", "/suggestions/<id>/reply/class/decide", "答复异议", "Restore the class before the change, or keep the changed one.",
    task=f.one("任务", "task"), uphold=f.yes("异议成立", hint="勾选就恢复调整前的办理结果；不勾选就维持调整。"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
ASK_EXTENSION = command(
    "ask_extension", "/suggestions/<id>/extension/ask", "申请延期", "Ask for more time, before the reply is due.",
    task=f.one("任务", "task"), reason=f.text("理由", most=1000, long=True),
)  # fmt: skip
GRANT_EXTENSION = command(
    "grant_extension", "/suggestions/<id>/extension/grant", "同意延期", "Grant the extension: six months from assignment.",
    task=f.one("任务", "task"), reason=f.text("意见", most=500, required=False),
)  # fmt: skip
REFUSE_EXTENSION = command(
    "refuse_extension", "/suggestions/<id>/extension/refuse", "不同意延期", "Refuse the extension with a reason.",
    task=f.one("任务", "task"), reason=f.text("理由", most=500),
)  # fmt: skip

MAKE_BUNDLE = command(
    "make_bundle", "/bundles", "打捆办理", "A unit handles several suggestions about one problem under one plan.",
    unit=f.one("承办单位", "own_unit"), name=f.text("名称", most=80), suggestions=f.many("建议", "task_suggestion", required=True, most=100),
    problem=f.text("共性问题", most=1000, long=True), plan=f.text("统筹方案", most=3000, long=True),
    leader=f.text("责任领导", most=50, required=False), due_on=f.day("完成期限"),
)  # fmt: skip
PUT_IN_BUNDLE = command(
    "put_in_bundle", "/bundles/<id>/put", "并入建议", "Add a suggestion that the unit handles to its bundle.",
    suggestion=f.one("建议", "task_suggestion"),
)  # fmt: skip
TAKE_OUT_OF_BUNDLE = command(
    "take_out_of_bundle", "/bundles/<id>/take-out", "移出建议", "Take a suggestion out of a bundle; it is handled by itself again.",
    suggestion=f.one("建议", "bundled"),
)  # fmt: skip
LINK_WORK = command(
    "link_work", "/bundles/<id>/works", "关联项目和工作", "Tie a bundle to a livelihood project, an item of the plan or other work.",
    kind=f.choice("种类", WORK_KINDS), name=f.text("名称", most=100),
    reference=f.text("项目编号", most=100, required=False, hint="它在项目表、计划里的编号或者文号。同一编号的打捆办理可以一起查看。"),
    note=f.text("说明", most=500, required=False),
)  # fmt: skip
END_BUNDLE = command(
    "end_bundle", "/bundles/<id>/end", "结束打捆办理", "The bundle's plan is carried out; each suggestion goes on by itself.",
    summary=f.text("办理情况", most=2000, long=True),
)  # fmt: skip

BUNDLES = query(
    "bundles", "/bundles", "打捆办理", "Bundles of your units, or of a congress that you oversee, the newest first.",
    congress=f.congress(required=False),
)  # fmt: skip
LINKED_WORK = query(
    "linked_work", "/bundles/<id>/work", "关联的项目和工作",
    "The `at`th work that a bundle is tied to, with all that is tied to the same one: bundles, suggestions, and what came of them.",
    id=f.one("打捆办理", "bundle"), at=f.number("第几项", least=0, most=1000, default=0),
)  # fmt: skip
BUNDLE = query(
    "bundle", "/bundles/<id>", "打捆办理", "One bundle with its suggestions, and what came of them together.", id=f.one("打捆办理", "bundle"),
)  # fmt: skip
HANDLING = query(
    "handling",
    "/suggestions/<id>/handling",
    "办理情况",
    "Units, plans, contacts, opinions and replies of one suggestion, and what you may do.",
    id=f.one("建议", "suggestion"),
)
ATTACHMENT = query(
    "attachment", "/files/<id>", "附件", "A file that goes with a reply, its content in Base64; of a published one also for everybody.",
    id=f.one("附件", "attachment"),
)  # fmt: skip
UNIT_TASKS = query(
    "unit_tasks", "/tasks", "承办任务", "Tasks of your units, by state.",
    state=f.text("状态", required=False, most=20), limit=f.number("条数", least=1, most=200, default=100),
)  # fmt: skip
DESK = query(
    "assignment_desk", "/assignment", "待交办", "Accepted suggestions that no unit has yet, with proposed units from history.",
    congress=f.congress(), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
BATCHES = query(
    "batches", "/batches", "交办批次", "Batches of a congress, newest first.", congress=f.congress()
)
BATCH = query(
    "batch",
    "/batches/<id>",
    "交办批次",
    "One batch with its lines, and what stands against issuing it.",
    id=f.one("批次", "batch"),
)
UNITS_BELOW = query(
    "units_below", "/suggestions/<id>/units-below", "下级单位", "To whom your office can hand on a part of a task of its unit.",
    id=f.one("建议", "suggestion"), task=f.one("任务", "task"),
)  # fmt: skip
SYSTEM_TASKS = query(
    "system_tasks", "/system", "归口办理",
    "Tasks of the units in your office's tree, and the parts that were handed on, the most urgent first.",
    over=f.yes("包括已经答复、终止的"), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
UNIT_BOARD = query(
    "unit_board", "/unit", "本单位办理进度",
    "Tasks of your units and the parts that were handed on of them: in hand, or assigned in the year; the first due first.",
    year=f.number("年份", least=1954, most=2100), limit=f.number("条数", least=1, most=500, default=500),
)  # fmt: skip
UNIT_SECTIONS = query(
    "unit_sections", "/unit/sections", "本单位处室",
    "The sections of your units: whether each has its own clerk, how many replies of the year its head wrote, and what the practice asks of it.",
    year=f.number("年份", least=1954, most=2100),
)  # fmt: skip
TASK_RECORDS = query(
    "task_records", "/tasks/records", "办理记录",
    "What is on record of each task, as lists need it: the plan, steps with what was filled in, meetings, talks with who led them, parts in time and sent back. Of your units with their sections, or of a congress for its offices.",
    congress=f.congress(required=False), year=f.number("年份", least=1954, most=2100), limit=f.number("条数", least=1, most=300, default=300),
    offset=f.number("从第几条以后", least=0, most=100000, default=0),
)  # fmt: skip
CONTACTS_DUE = query(
    "contacts_due", "/contacts/due", "未走访", "Tasks in hand whose deputies have not been talked with in some phase: of your units and those of your system, or of a congress.",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
BATCH_BY_UNIT = query(
    "batch_by_unit", "/batches/<id>/units", "各单位交办清单", "A batch's suggestions by unit, for the list that each unit signs for.",
    id=f.one("批次", "batch"),
)  # fmt: skip
WAITING = query("assignment_waiting", "", "待办", "What waits for you in assignment.")

# What a unit looks into itself is of the same service, in a module of its own; importing this one declares it too.
from shared.contracts import checks as checks  # noqa: E402
