"""The commands, each with help, an example, a word on what it did, and an exit code that tells the truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from jianyi.cli.dead_letters import dead_letters_app
from jianyi.cli.events import events_app
from jianyi.cli.plain import complaints, console, plainly, require_service, settings
from jianyi.cli.plugins import plugin_app
from jianyi.cli.rebuilding import rebuild
from jianyi.cli.subscribers import subscriber_app
from shared.problems import Problem
from shared.settings import SERVICES

app = typer.Typer(
    name="jianyi", help="建议：各级人大代表建议工作的网络。", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_show_locals=False, pretty_exceptions_enable=False,
)  # fmt: skip
import_app = typer.Typer(help="导入：把办公室的台账读进来。", no_args_is_help=True)
export_app = typer.Typer(help="导出：写成可以打印的表格。", no_args_is_help=True)
account_app = typer.Typer(help="账号。", no_args_is_help=True)
for sub, name in (
    (import_app, "import"), (export_app, "export"), (dead_letters_app, "dead-letters"), (events_app, "events"),
    (account_app, "account"), (subscriber_app, "subscriber"), (plugin_app, "plugin"),
):  # fmt: skip
    app.add_typer(sub, name=name)


@app.command(epilog="例：jianyi run    (或 JIANYI_PORT=8100 JIANYI_HOME=var2 jianyi run)")
@plainly
def run() -> None:
    """在一台电脑上启动整个网络（内嵌方式），并在后台填入一个示范年度。Ctrl-C 停止，再次启动一切照旧。"""
    from jianyi.running import run_embedded

    run_embedded(settings(), console)


@app.command(epilog="例：jianyi serve intake")
@plainly
def serve(service: Annotated[str, typer.Argument(help=f"服务名：{'、'.join(SERVICES)}")]) -> None:
    """单独启动一个服务（需要 JIANYI_BROKER_URL、JIANYI_DATABASE_URL 等设置）。"""
    from jianyi.running import serve_alone

    require_service(service)
    serve_alone(service, settings(), console)


@app.command(epilog="例：jianyi migrate    升级前先运行一次")
@plainly
def migrate() -> None:
    """把各服务的数据表升级到当前版本，并建好各服务的消息队列。可以重复运行。"""
    from jianyi.running import migrate_all

    table = Table("服务", "原版本", "现版本", title="数据表")
    for service, before, now in migrate_all(settings()):
        table.add_row(service, before or "（新建）", now)
    console.print(table)
    console.print("已是最新版本。下一步：jianyi run（内嵌），或各服务 jianyi serve 服务名。")


class WalkedPractice(StrEnum):
    """Places whose practices can be walked through."""

    HUNAN = "hunan"
    CIVIL_AFFAIRS = "civil-affairs"
    LIUYANG = "liuyang"


@app.command(
    epilog="例：jianyi walk    jianyi walk --practice liuyang    (或 make walk-real：各服务独立进程，真实的消息队列、数据库和检索)"
)
@plainly
def walk(
    practice: Annotated[
        WalkedPractice | None,
        typer.Option(help="改走一地的做法：湖南大督办、民政分类办理、浏阳三定三访和背靠背"),
    ] = None,
    real: Annotated[
        bool, typer.Option("--real", help="各服务独立进程，用 JIANYI_*_URL 指定的真实服务器")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="走完以后不停止，可用浏览器查看")] = False,
) -> None:
    """走一遍 2023 年社保费信息系统联合运维建议的全过程，每一步由该做的人来做，并列出随后发生的事件。"""
    from jianyi.walk import walk_through

    if not walk_through(
        settings(), console, real=real, keep=keep, practice=practice.value if practice else ""
    ):
        raise typer.Exit(1)


@import_app.command("ledger", epilog="例：jianyi import ledger 台账.xlsx --congress 43.01.81")
@plainly
def import_ledger(
    file: Annotated[Path, typer.Argument(help="台账工作簿（.xlsx）")],
    congress: Annotated[str, typer.Option(help="人大的区划代码，如 43.01.81")],
) -> None:
    """导入办公室的台账：全部正确才导入；有错时写出同名的“…-有误.xlsx”，逐行说明错在哪里、怎样改。重复导入不会重复。"""
    from jianyi.client import Client

    answer = Client.as_office(settings(), congress).import_ledger(file, congress)
    if answer.errors_file:
        complaints.print(
            f"[red]没有导入：[/red]{answer.bad_rows} 行有误。已写出 {answer.errors_file}，请按“导入问题”一列修改后再导入。"
        )
        raise typer.Exit(1)
    console.print(
        f"已导入 {answer.added} 件，原有 {answer.known} 件未变。下一步：在台账页面查看，或 jianyi export ledger。"
    )


@export_app.command("ledger", epilog="例：jianyi export ledger 台账.xlsx --congress 43.01.81 --year 2026")
@plainly
def export_ledger(
    file: Annotated[Path, typer.Argument(help="要写的工作簿（.xlsx）")],
    congress: Annotated[str, typer.Option(help="人大的区划代码")],
    year: Annotated[int, typer.Option(help="年份；0 为全部")] = 0,
) -> None:
    """把台账写成办公室可以打印的工作簿。"""
    from jianyi.client import Client

    count = Client.as_office(settings(), congress).export_ledger(file, congress, year)
    console.print(f"已写出 {file}（{count} 字节）。下一步：用表格软件打开、核对、打印。")


app.command(
    "rebuild", epilog="例：jianyi rebuild ledger    jianyi rebuild copies intake    jianyi rebuild all"
)(rebuild)


@account_app.command(
    "add", epilog="例：jianyi account add zhang --name 张工 --role liaison --congress 43.01.81"
)
@plainly
def add_account(
    login: str,
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[
        str,
        typer.Option(
            help="deputy、liaison、distributing、handler、unit_head、supervisor、standing_leader、government_leader、committee、operator、integrator"
        ),
    ],
    congress: Annotated[str, typer.Option(help="人大的区划代码")] = "",
    unit: Annotated[str, typer.Option(help="承办单位编号")] = "",
    seat: Annotated[str, typer.Option(help="代表编号")] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="至少 8 个字符")
    ] = "",
) -> None:
    """开立一个账号。"""
    from jianyi.client import Client

    roles = [{"role": role, "congress": congress, "unit": unit, "seat": seat}]
    answer = Client.as_system(settings()).command(
        "/accounts", login=login, name=name, password=password, roles=roles
    )
    console.print(f"已开立账号 {login}（编号 {answer['id']}）。下一步：用它在登录页登录。")
    for told in answer.get("codes", ()):
        console.print(
            f"{told['name']}的认领码（只显示这一次）：{told['code']}。请当面交给代表本人，登录后到“认领席位”填写。"
        )


@app.command(epilog="例：jianyi doctor")
@plainly
def doctor() -> None:
    """检查这台电脑和网络：设置、数据库、消息队列、检索、各服务是否就绪。"""
    from jianyi.doctor import examine

    if not examine(settings(), console):
        raise typer.Exit(1)


@app.command(epilog="例：jianyi docs --check", hidden=True)
@plainly
def docs(check: Annotated[bool, typer.Option("--check", help="只检查是否最新")] = False) -> None:
    """由代码生成文档：事件的说明、合约、JSON Schema 和 AsyncAPI。"""
    from jianyi.documents import write_documents

    stale = write_documents(Path(__file__).parent.parent.parent / "docs", check=check)
    if check and stale:
        raise Problem(f"文档不是最新：{'、'.join(stale)}。请运行 make docs。")
    console.print("文档是最新的。" if not stale else f"已写出：{'、'.join(stale)}。")


@app.command(epilog="例：jianyi contract", hidden=True)
@plainly
def contract() -> None:
    """核对事件合约：已发布的没有改坏，AsyncAPI 文档通过官方检查。"""
    from jianyi.contract.asyncapi import faults
    from jianyi.documents import require_unbroken

    folder = Path(__file__).parent.parent.parent / "docs"
    published = require_unbroken(folder)
    if found := faults(folder / "asyncapi.json"):
        raise Problem("docs/asyncapi.json 有误：\n" + "\n".join(f"- {fault}" for fault in found))
    console.print(f"合约没有改坏：已发布的 {len(published['events'])} 种事件都照旧。")
