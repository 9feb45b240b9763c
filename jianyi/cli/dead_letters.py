"""`jianyi dead-letters`: what could not be handled, why, and what to do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Column, Table

from jianyi.cli.plain import complaints, console, plainly, require_service, settings
from shared.clock import CHINA
from shared.problems import Invalid, Problem
from shared.settings import SERVICES

dead_letters_app = typer.Typer(help="死信：反复处理失败而搁置的事件。", no_args_is_help=True)

Cause = Annotated[str, typer.Option(help="一种原因的全部死信；代号见 list --by-cause")]
Service = Annotated[str, typer.Argument(help=f"服务名：{'、'.join(SERVICES)}")]
EventId = Annotated[str, typer.Argument(help="事件编号；也可以改用 --cause")]


def _client() -> Any:
    from jianyi.client import Client

    return Client.as_operator(settings())


@dead_letters_app.command("list", epilog="例：jianyi dead-letters list --by-cause")
@plainly
def list_dead_letters(
    waiting: Annotated[bool, typer.Option(help="也列出还会重试的")] = False,
    by_cause: Annotated[bool, typer.Option("--by-cause", help="按原因归类")] = False,
) -> None:
    """列出各服务的死信。"""
    client = _client()
    if by_cause:
        _show_causes([row for service in SERVICES for row in client.operate(service, "causes")])
        return
    table = Table("服务", Column("事件编号", no_wrap=True), "类型", "事项", "次数", "时间", "原因")
    rows = [row for service in SERVICES for row in client.operate(service, "dead_letters", waiting=waiting)]
    for row in rows:
        table.add_row(
            row["service"], row["event_id"], row["type"], row["subject"], str(row["attempts"]), _at(row["failed_at"]),
            row["error"][:80],
        )  # fmt: skip
    console.print(table if rows else "没有死信。")
    if rows:
        console.print(
            "查看：jianyi dead-letters show 服务 事件编号；重放：jianyi dead-letters replay 服务 事件编号；按原因归类：--by-cause"
        )


def _show_causes(rows: list[dict[str, Any]]) -> None:
    table = Table("服务", Column("代号", no_wrap=True), "类型", "原因", "封数", "最早", "最近")
    for row in rows:
        table.add_row(
            row["service"], row["cause"], row["type"], row["error"], str(row["count"]), _at(row["first"]), _at(row["last"])
        )  # fmt: skip
    console.print(table if rows else "没有死信。")
    if rows:
        console.print("排除原因以后全部重放：jianyi dead-letters replay 服务 --cause 代号")


@dead_letters_app.command("show", epilog="例：jianyi dead-letters show search 0190a1b2-…")
@plainly
def show_dead_letter(service: Service, event_id: str) -> None:
    """显示一封死信：事件全文、出错位置、次数和时间。"""
    require_service(service)
    row = _client().operate(service, "dead_letter", event_id=event_id)
    console.print(f"{row['type']}  {row['event_id']}  尝试 {row['attempts']} 次  {_at(row['failed_at'])}")
    console.print(f"原因 {row['cause']}：{row['error']}", markup=False)
    if row["behind"]:
        console.print(f"同一事项还有 {row['behind']} 个事件在它后面等待。")
    console.print_json(data=row["body"])
    console.print(row["traceback"], markup=False)
    console.print(
        f"排除原因以后重放：jianyi dead-letters replay {service} {event_id}\n"
        f"不再需要时丢弃：jianyi dead-letters drop {service} {event_id} --reason 原因"
    )


@dead_letters_app.command("replay", epilog="例：jianyi dead-letters replay search --cause 1f2e3d4c")
@plainly
def replay_dead_letters(service: Service, event_id: EventId = "", cause: Cause = "") -> None:
    """再试一次：一封死信，或者一种原因的全部（按先后次序）。"""
    require_service(service)
    _require_one(event_id, cause)
    if cause:
        _replay_cause(service, cause)
        return
    if not _client().operate(service, "replay", event_id=event_id)["done"]:
        raise Problem("重放仍然失败，死信保留。用 jianyi dead-letters show 查看原因。")
    console.print("已重放，死信已消除。看看还有没有：jianyi dead-letters list")


def _replay_cause(service: str, cause: str) -> None:
    client, done = _client(), 0
    failed: list[list[str]] = []
    with Progress(console=console, transient=True) as bar:
        task, answer = bar.add_task("重放", total=None), {"left": 1}
        while answer["left"]:
            answer = client.operate(service, "replay_cause", cause=cause, skip=failed)
            done, failed = done + answer["done"], failed + answer["failed"]
            bar.update(task, total=done + len(failed) + answer["left"], completed=done + len(failed))
    remained = sum(
        row["count"] for row in client.operate(service, "causes") if row["cause"] == cause or failed
    )
    console.print(f"已重放 {done} 封。")
    if failed:
        complaints.print(
            f"[red]没有全部办成：[/red]{len(failed)} 个事项仍然失败，{service} 还有 {remained} 封死信"
            "（失败的后面，同一事项的没有再试）。看原因：jianyi dead-letters list --by-cause"
        )
        raise typer.Exit(1)


@dead_letters_app.command("drop", epilog="例：jianyi dead-letters drop search 0190a1b2-… --reason 测试数据")
@plainly
def drop_dead_letters(
    service: Service,
    event_id: EventId = "",
    cause: Cause = "",
    reason: Annotated[str, typer.Option(help="丢弃的原因，和事件一起保留")] = "",
) -> None:
    """丢弃一封死信，或者一种原因的全部。事件、原因、谁、何时都会保留；在它后面等待的照常继续。"""
    require_service(service)
    _require_one(event_id, cause)
    answer = _client().operate(service, "drop", event_id=event_id, cause=cause, reason=reason)
    console.print(f"已丢弃 {answer['dropped']} 封。记录：jianyi dead-letters dropped")


@dead_letters_app.command("dropped", epilog="例：jianyi dead-letters dropped")
@plainly
def list_dropped() -> None:
    """列出丢弃过的死信：原因、谁、何时。"""
    client = _client()
    table = Table(
        "服务", Column("事件编号", no_wrap=True), "类型", "丢弃时间", "谁", "丢弃的原因", "当时的错误"
    )
    rows = [row for service in SERVICES for row in client.operate(service, "dropped")]
    for row in rows:
        table.add_row(
            row["service"], row["event_id"], row["type"], _at(row["dropped_at"]), row["dropped_by"], row["reason"],
            row["error"][:80],
        )  # fmt: skip
    console.print(table if rows else "没有丢弃过死信。")


def _require_one(event_id: str, cause: str) -> None:
    if bool(event_id) == bool(cause):
        raise Invalid("请写一个事件编号，或者用 --cause 写一种原因的代号（只写其中一个）。")


def _at(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
