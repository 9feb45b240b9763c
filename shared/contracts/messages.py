"""What somebody can ask of and tell the gateway about the messages that people get."""

from marshmallow import validate

from shared.contracts import Contracts
from shared.contracts import field as f

contracts = Contracts("gateway")
command, query = contracts.command, contracts.query

KINDS = {
    "invited": "联名邀请", "joined": "同意联名", "declined": "谢绝联名", "accepted": "立案", "returned": "退回", "lettered": "转作来信",
    "merged": "并案", "assigned": "交办（单位）", "handed_on": "交办（代表）", "return_asked": "申请退办", "return_approved": "同意退办",
    "return_refused": "不同意退办", "extension_asked": "申请延期", "extension_granted": "同意延期", "extension_refused": "不同意延期",
    "replied": "答复", "to_judge": "征询意见", "again": "再次办理", "reminder": "催办", "kept": "承诺兑现", "closed": "办结", "published": "公开",
    "removed": "不再联名", "part": "分解交办", "not_passed": "退回修改", "keeping_reported": "报告完成承诺", "keeping_refused": "不同意销号",
    "slip_asked": "申请推迟承诺", "slip_refused": "不同意推迟承诺", "promise_withdrawn": "撤销承诺", "supervised": "督办活动", "demanded": "要求报告", "measure": "督办措施",
    "supplemented": "补充答复", "doubt_answered": "答复对兑现的意见", "reopened": "重新办理", "again_after_look_back": "重新办理（单位）",
    "letter_answered": "来信答复", "split": "分案", "discarded": "草稿已删除", "new_lead": "接替领衔", "head_asked": "提请确认全团建议",
    "head_agreed": "确认全团建议", "head_declined": "没有确认全团建议", "consulted": "预征求意见", "picks": "领办推荐件",
    "handed_up": "转交上级", "answered_above": "上级答复",
    "duty": "联络站履职", "progress": "本单位办理进度", "year": "年度日历", "local": "本地做法",
    "scored": "年度评分", "score_contested": "评分申诉", "score_decided": "评分申诉裁定", "graded": "年度考核等次", "grade_contested": "等次申诉",
    "grade_decided": "等次申诉裁定", "appraising": "邀请评议", "appraised": "评议结果", "excellent": "优秀建议",
}  # fmt: skip
CHANNELS = {"mail": "邮件", "sms": "短信"}
STATES = {
    "waiting": "待发送", "sending": "正在发送", "sent": "已发送", "failed": "发送失败", "unknown": "不能确定是否送到", "dropped": "不再发送",
}  # fmt: skip
MOST = 200


def _address(label: str, pattern: str, error: str, hint: str):  # type: ignore[no-untyped-def]
    found = f.text(label, most=120, required=False, hint=hint)
    found.validators.append(validate.Regexp(f"^({pattern})?$", error=error))
    return found


MESSAGES = query(
    "messages", "/my/messages", "我的消息",
    "What you were told, newest first: {messages: [{id, at, kind, label, text, suggestion, read, deliveries: [{channel, state, at, "
    "error}]}], unread, more}. `before`: the id of the last one that you have.",
    unread=f.yes("只看未读"), before=f.one("在此之前", "message", required=False), limit=f.number("条数", least=1, most=MOST, default=50),
)  # fmt: skip
READ = command(
    "read_messages", "/my/messages/read", "标为已读", "Note that you have read these messages; without any, all.",
    messages=f.many("消息", "message", most=MOST),
)  # fmt: skip
MY_CHANNELS = query(
    "my_channels",
    "/my/channels",
    "接收方式",
    "Where you are told things beside the screen: {mail, phone, daily, available: [channels]}.",
)
CHOOSE_CHANNELS = command(
    "choose_channels", "/my/channels", "设置接收方式",
    "Say where you want to be told things beside the screen. What is left empty is not used. `daily`: one letter a day instead of "
    "one for each message.",
    mail=_address("邮箱", r"[^\s@<>,;:\"\\()\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "邮箱应当像 name@example.cn。", "不填则不发邮件。"),
    phone=_address("手机号", r"1\d{10}", "手机号应当是 11 位数字。", "不填则不发短信。"),
    daily=f.yes("邮件每天合成一封"),
)  # fmt: skip
UNDELIVERED = query(
    "undelivered_messages", "/undelivered-messages", "没有送出的消息",
    "For operators: deliveries that failed or of which nobody knows, newest first, without what they say: [{id, account, channel, kind, "
    "state, tries, error, at}].",
    limit=f.number("条数", least=1, most=MOST, default=100),
)  # fmt: skip
RESEND = command(
    "resend_messages", "/undelivered-messages/resend", "重新发送",
    "For operators: try again, these or all that failed. Of one of which nobody knows it may arrive a second time.",
    deliveries=f.many("发送记录", "delivery", most=MOST),
)  # fmt: skip
