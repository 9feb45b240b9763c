"""`jianyi rebuild`: derives data anew from the event logs while the network works."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn

from jianyi.cli.plain import complaints, console, plainly, require_service, settings
from shared.problems import Problem
from shared.settings import SERVICES

LOOK_SECONDS = 0.3
LABELS = {
    "ledger": "台账",
    "figures": "指标",
    "search": "检索",
    "copies": "名册副本",
    "addressees": "消息收件人",
    "unit_tree": "单位层级",
    "unit_clerks": "处室联络员",
    "activity_sums": "代表活动合计",
    "told_figures": "下级指标",
    "account_uses": "账户使用情况",
}


@plainly
def rebuild(
    what: Annotated[
        str,
        typer.Argument(
            help=f"{'、'.join(f'{name}（{label}）' for name, label in LABELS.items())}或 all（全部）"
        ),
    ],
    service: Annotated[str, typer.Argument(help="只重建一个服务的")] = "",
) -> None:
    """从各服务的事件记录重新推出数据，完成后一次换上；其间网络照常工作，查到的是原来的数据。"""
    from jianyi.client import Client

    if what not in (*LABELS, "all"):
        raise Problem(f"没有“{what}”可以重建。可以重建：{'、'.join((*LABELS, 'all'))}。")
    if service:
        require_service(service)
    client = Client.as_operator(settings())
    wanted = [
        (name, projection)
        for name in ([service] if service else SERVICES)
        for projection in client.operate(name, "projections")
        if what in (projection, "all")
    ]
    if not wanted:
        raise Problem(f"{service} 没有“{what}”可以重建。")
    outcomes = [_rebuild_one(client, name, projection) for name, projection in wanted]
    if not all(outcomes):
        raise typer.Exit(1)


def _rebuild_one(client: Any, service: str, what: str) -> bool:
    """Begin it, show how far it is, and say what came of it."""
    client.operate(service, "rebuild", what=what)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}
        while (found := client.operate(service, "rebuild_status", what=what))["state"] == "running":
            for source, (position, of) in found["progress"].items():
                if source not in tasks:
                    tasks[source] = bar.add_task(f"{LABELS[what]}（{service}）← {source}")
                bar.update(tasks[source], completed=position, total=of)
            time.sleep(LOOK_SECONDS)
    if found["state"] == "done":
        console.print(f"已重建 {what}（{service}）：{_in_words(found['outcome'])}。")
        return True
    why = found["outcome"].get("why", "服务中断了，原来的数据没有改变，请重新运行。")
    complaints.print(f"[red]没有办成：[/red]{what}（{service}）{why}")
    return False


def _in_words(outcome: dict[str, int]) -> str:
    """`{read, milliseconds, indexed}` and, for each table, the rows that were not as they should be."""
    rest = {k: v for k, v in outcome.items() if k not in ("read", "milliseconds", "indexed")}
    differing = {table: count for table, count in rest.items() if count}
    told = [f"读了 {outcome['read']} 条记录，换上用 {outcome['milliseconds']} 毫秒"]
    if "indexed" in outcome:
        told.append(f"索引 {outcome['documents']} 件")
    words = "、".join(f"{table} {count} 行" for table, count in differing.items())
    return "，".join([*told, f"有改变的：{words}" if words else "与原来完全一致"])
