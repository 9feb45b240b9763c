"""What systems outside can ask of and tell the gateway: reading on from a point, and webhooks."""

from marshmallow import fields, validate

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.reach import PATTERN

contracts = Contracts("gateway")
command, query = contracts.command, contracts.query

STATES = {"active": "正常", "paused": "已暂停", "disabled": "已自动停用", "deleted": "已删除"}
DELIVERY_STATES = {"pending": "待送达", "delivered": "已送达", "failed": "未送达", "dropped": "已取消"}
MOST_WAIT = 20


def types(hint: str = "") -> fields.List:
    """Patterns of event types."""
    found = f.texts("事件类型", most=50, longest=64)
    wrong = "事件类型应当像 suggestion.* 或 suggestion.submitted.v1。"
    found.inner.validators.append(validate.Regexp(f"^({PATTERN.pattern})$", error=wrong))
    found.metadata = {**found.metadata, "hint": hint}
    return found


EVENTS = query(
    "events", "", "读取事件",
    "Events of the whole network after a point, as a CloudEvents batch; the header `Next-Cursor` (and `Link`, rel=next) says where "
    "to go on. Without `after` from the beginning; `after=now`: nothing yet, only the point. `wait`: seconds to wait for an event "
    "where there is none. For integrators (within their jurisdiction) and operators.",
    after=f.text("起点", most=600, required=False, hint="上一次回答的 Next-Cursor"), jurisdiction=f.congress("辖区", required=False),
    types=types(), limit=f.number("条数", least=1, most=500, default=100), wait=f.number("等待秒数", least=0, most=MOST_WAIT, default=0),
)  # fmt: skip

# These have routes of the gateway's own (`api_events`): the secret is shown there, and the start is found there.
CREATE = command(
    "create_webhook", "", "新建推送",
    "Have events posted to an address, signed by the Standard Webhooks specification. Answers {id, version, state, secret}: the "
    "secret is shown this once.",
    url=f.text("接收地址", most=500, hint="必须是 https 的公网地址。"), jurisdiction=f.congress("辖区"),
    types=types("每行一个，例如 suggestion.* 或 reply.issued.v1；不填则为全部。"), description=f.text("说明", most=200, required=False),
    starts=fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict),
)  # fmt: skip
RESUME = command(
    "resume_webhook", "", "恢复推送",
    "Post again, after a pause what has waited meanwhile, after an automatic stop what happens from now on.",
    starts=fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict),
)  # fmt: skip
ROTATE = command(
    "rotate_webhook_secret", "", "更换密钥",
    "A new secret, shown this once; for `overlap_hours` deliveries are signed with the old one as well.",
    overlap_hours=f.number("新旧并用小时数", least=0, most=168, default=24),
)  # fmt: skip
DISABLE = command(
    "disable_webhook", "", "自动停用", "Stop a webhook that cannot be reached any more (the system).",
    reason=f.text("原因", most=300),
)  # fmt: skip

PAUSE = command(
    "pause_webhook", "/webhooks/<id>/pause", "暂停推送", "Post nothing for the time being; events wait for up to 72 hours of trying."
)  # fmt: skip
DELETE = command(
    "delete_webhook", "/webhooks/<id>/delete", "删除推送", "Post nothing more, and forget what waits."
)
REDELIVER = command(
    "redeliver_webhook", "/webhooks/<id>/redeliver", "重新推送",
    "Post one event again, whatever became of it; without `delivery` all that were not delivered.",
    delivery=f.one("推送记录", "delivery", required=False),
)  # fmt: skip
WEBHOOKS = query(
    "webhooks", "/webhooks", "推送", "One's own webhooks; for operators all.",
    state=f.choice("状态", {k: v for k, v in STATES.items() if k != "deleted"}, required=False),
)  # fmt: skip
WEBHOOK = query(
    "webhook", "/webhooks/<id>", "推送", "One webhook with how many of its deliveries stand how.", id=f.one("编号", "webhook")
)  # fmt: skip
DELIVERIES = query(
    "webhook_deliveries", "/webhooks/<id>/deliveries", "推送记录",
    "Its deliveries, newest first, each with its attempts: [{at, status, error, seconds, answer}].",
    id=f.one("编号", "webhook"), state=f.choice("状态", DELIVERY_STATES, required=False),
    limit=f.number("条数", least=1, most=200, default=50),
)  # fmt: skip
