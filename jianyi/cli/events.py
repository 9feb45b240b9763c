"""`jianyi events`: look at what is told, and tell it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from jianyi.cli.plain import console, plainly, require_service, settings
from shared.clock import CHINA
from shared.problems import Problem
from shared.settings import SERVICES

events_app = typer.Typer(help="事件。", no_args_is_help=True)
PUBLISHERS = [service for service in SERVICES if service not in ("gateway", "search")]


@events_app.command("tail", epilog="例：jianyi events tail --follow")
@plainly
def tail_events(
    service: Annotated[str, typer.Option(help="只看一个服务")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="继续等待新的事件")] = False,
    limit: Annotated[int, typer.Option(help="先显示最近几条", min=0, max=500)] = 10,
) -> None:
    """显示最近的事件。"""
    from jianyi.client import Client

    if service:
        require_service(service)
    client = Client.as_system(settings())
    for event in client.tail([service] if service else PUBLISHERS, limit, follow):
        who = event["data"]["by"]["name"]
        console.print(
            f"{event['time'][:19]}  {event['type']:28} {event['jurisdiction']:12} {who:8} {event['subject']}"
        )


@events_app.command(
    "resend",
    epilog="例：jianyi events resend --since 2026-11-24    jianyi events resend intake --since 2026-11-24T08:00 --until 2026-11-24T12:00",
)
@plainly
def resend_events(
    service: Annotated[str, typer.Argument(help="只重发一个服务的")] = "",
    since: Annotated[str, typer.Option(help="从何时起发布的（北京时间）：日期，或日期和时刻")] = "",
    until: Annotated[str, typer.Option(help="到何时之前；不写则到现在")] = "",
) -> None:
    """把一段时间里发布过的事件从事件记录里重新发送一遍。已经收到的不会重复生效。"""
    from jianyi.client import Client

    if service:
        require_service(service)
    if not since:
        raise Problem("请用 --since 写明从何时起，例如 --since 2026-11-24。")
    period = {"since": _moment(since), **({"until": _moment(until)} if until else {})}
    client = Client.as_operator(settings())
    for name in [service] if service else PUBLISHERS:
        console.print(f"{name}：重新发送 {client.operate(name, 'resend', **period)['events']} 条事件。")
    console.print("下一步：jianyi doctor 查看是否已经发完。")


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Problem(f"“{text}”不是日期或时刻。请写成 2026-11-24 或 2026-11-24T08:00。") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).isoformat()
