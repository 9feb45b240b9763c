"""`jianyi subscriber`: accounts with which other systems read events straight from RabbitMQ."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from jianyi.cli.plain import console, plainly, settings

subscriber_app = typer.Typer(help="订阅账号：别的系统直接从消息队列读取事件。", no_args_is_help=True)


@subscriber_app.command(
    "add", epilog="例：jianyi subscriber add oa-changsha --jurisdiction 43.01 --types 'suggestion.*'"
)
@plainly
def add_subscriber(
    name: Annotated[str, typer.Argument(help="名称，如 oa-changsha")],
    jurisdiction: Annotated[str, typer.Option(help="区划代码：该区划及其以下；cn 为全国")],
    types: Annotated[
        list[str] | None, typer.Option(help="事件，如 suggestion.* 或 reply.issued；可重复；不写为全部")
    ] = None,
    judgements: Annotated[bool, typer.Option(help="也接收代表评价（办结之前不得让承办单位知道）")] = False,
) -> None:
    """开立一个订阅账号：只能读一个区划及其以下的事件，不能读别的，不能发布。"""
    from jianyi.client import Client
    from jianyi.subscribers import Subscribers, binding_keys

    found = settings()
    subscribers = Subscribers(found)
    keys = binding_keys(jurisdiction, types or [], judgements)
    place = Client.as_system(found).get(f"/congresses/{jurisdiction}")["short"]
    address = subscribers.add(name, keys)
    console.print(f"已开立订阅账号 {name}：{place}及以下，{'、'.join(types or ['全部事件'])}。")
    console.print("其中也有没有公开的内容（草稿、办理经过等），请只交给有权知道的系统。")
    _show(name, address)


@subscriber_app.command("list", epilog="例：jianyi subscriber list")
@plainly
def list_subscribers() -> None:
    """列出订阅账号：各读什么，有多少事件在等它。"""
    from jianyi.subscribers import Subscribers

    table = Table("名称", "读取", "等待（条）", "连接中的读取者")
    rows = Subscribers(settings()).all()
    for row in rows:
        table.add_row(row.name, "\n".join(row.keys), str(row.waiting), str(row.consumers))
    console.print(table if rows else "没有订阅账号。开立：jianyi subscriber add 名称 --jurisdiction 区划代码")


@subscriber_app.command("password", epilog="例：jianyi subscriber password oa-changsha")
@plainly
def change_password(name: str) -> None:
    """换一个密码。旧密码立即失效，已有的连接断开；等待的事件不变。"""
    from jianyi.subscribers import Subscribers

    _show(name, Subscribers(settings()).password(name))


@subscriber_app.command("remove", epilog="例：jianyi subscriber remove oa-changsha")
@plainly
def remove_subscriber(name: str) -> None:
    """取消一个订阅账号，连同等它的事件。"""
    from jianyi.subscribers import Subscribers

    Subscribers(settings()).remove(name)
    console.print(f"已取消订阅账号 {name}，它的连接已断开。查看其余：jianyi subscriber list")


def _show(name: str, address: str) -> None:
    console.print(f"地址（含密码，只显示这一次）：{address}", markup=False)
    console.print(f"队列：sub.{name}")
    console.print("主机名请改成对方连得到的。下一步：把地址、队列和 docs/integrators.md 交给对方。")
