"""What operators can ask and say about the commands that practices have the system give."""

from shared.contracts import Contracts
from shared.contracts import field as f

contracts = Contracts("gateway")
command, query = contracts.command, contracts.query

STATES = {"waiting": "待办理", "done": "已办理", "refused": "被拒绝"}
MOST = 200

ORDERS = query(
    "plugin_orders", "/plugin-orders", "做法交办的事",
    "For operators: commands that practices had the system give and that were refused, or still wait, newest first: [{id, plugin, "
    "congress, suggestion, event_type, command, reason, state, tries, error, made_at, changed_at}].",
    state=f.choice("状态", STATES, required=False), limit=f.number("条数", least=1, most=MOST, default=100),
)  # fmt: skip
REPEAT = command(
    "repeat_orders", "/plugin-orders/repeat", "重新办理",
    "For operators: give these, or all refused ones, again; what was carried out is not.",
    orders=f.many("交办的事", "order", most=MOST),
)  # fmt: skip
