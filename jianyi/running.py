"""Runs the network: embedded on one computer, or one service alone. Loaded only in a green process (see shared/green)."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from shared import garbage, migrations
from shared.clock import legal_date
from shared.problems import Problem
from shared.settings import SERVICES, Settings

log = structlog.get_logger()

DEMO_BEGUN = "demo-begun"  # a file in the data folder: some accounts in it are open to everybody
HOW_TO_SIGN_IN = (
    "登录页列出示范账号，密码都是 [bold]jianyi-demo[/bold]，例如 hunan-liaison（省人大联工委）、hunan-deputy1（代表）。\n"
    "  示范账号人人可登录；正式使用请设 JIANYI_DEMO=no 并另选 JIANYI_HOME"
)
HOW_TO_BEGIN = "没有示范账号。首个账号：jianyi account add 登录名 --name 姓名 --role operator"


def migrate_all(settings: Settings) -> list[tuple[str, str, str]]:
    """Bring all services' tables up to date; with a broker, declare the queues, so that no event can miss one.

    Returns [(service, revision before, revision now)].
    """
    done = [(service, *migrations.migrate(service, settings)) for service in SERVICES]
    if not settings.embedded:
        import importlib

        from shared.bus.consumer import EventConsumer
        from shared.runtime import Runtime

        for service in SERVICES:
            handlers = importlib.import_module(f"services.{service}.handlers").handlers
            EventConsumer(Runtime(handlers, settings)).declare()
    return done


def serve_alone(service: str, settings: Settings, console: Console) -> None:
    """One service in this process, until it is told to stop."""
    if settings.embedded:
        raise Problem(
            "单独启动一个服务，需要 JIANYI_BROKER_URL、JIANYI_DATABASE_URL、JIANYI_SEARCH_URL 和 JIANYI_SECRET。"
            "只用一台电脑时：jianyi run。"
        )
    assert settings.signing_key  # says what to do where there is none
    from jianyi.network import RunningNetwork

    network = RunningNetwork(settings, (service,))
    _start(network)
    console.print(
        f"{service} 已启动，指标和健康检查在 http://{settings.host}:{network.backbone(service).metrics_port}/readyz"
    )
    network.run_until_stopped()


def run_embedded(settings: Settings, console: Console) -> None:
    """The whole network in this process; with the demo, on first start Hunan's congresses and a year of suggestions."""
    began = time.monotonic()
    with owned(settings.home):
        if (settings.home / DEMO_BEGUN).exists() and not settings.demo:
            raise Problem(
                f"{settings.home} 里有示范账号，密码人人都知道，不能用于正式工作。请另选一个空的 JIANYI_HOME。"
            )
        migrate_all(settings)
        from jianyi.network import RunningNetwork

        network = RunningNetwork(settings)
        _start(network)
        demo = Demo(network, settings, console) if settings.has_demo else None
        if demo:
            demo.prepare()
        console.print(
            f"[bold]建议网络已就绪[/bold]（用时 {time.monotonic() - began:.1f} 秒）：http://{settings.host}:{settings.port}"
        )
        console.print(f"  登录：{HOW_TO_SIGN_IN if demo else HOW_TO_BEGIN}")
        console.print(f"  数据：{settings.home}    接口：/api/docs    健康检查：/healthz    停止：Ctrl-C")
        network.run_until_stopped(also=demo.fill if demo else None)
    console.print("已停止。再次启动一切照旧。")


def _start(network: Any) -> None:
    """Start a network that then answers people for long."""
    garbage.when_loaded()
    network.start()
    garbage.while_answering()


@contextmanager
def owned(home: Path) -> Iterator[None]:
    """Hold a data folder for this process: two on one would each miss the events of the other."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "running").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem(
                f"{home.resolve()} 里的网络已经在运行。要再运行一个，请另选 JIANYI_HOME 和 JIANYI_PORT。"
            ) from error
        yield


class Demo:
    """Hunan and a believable year. A marker file says that the year is complete; without it, playing goes on."""

    def __init__(self, network: Any, settings: Settings, console: Console) -> None:
        from jianyi.insider import Insider

        self.settings, self.console = settings, console
        self.insider = Insider(network.backbone("directory").network, settings)
        self.complete = settings.home / "demo-complete"

    def prepare(self) -> None:
        """What must be there before the address is printed: the congresses, and an account to sign in with."""
        if not self.complete.exists():
            from jianyi.demo import cast

            (
                self.settings.home / DEMO_BEGUN
            ).touch()  # before the first account that everybody can sign in with
            cast.register_hunan(self.insider)
            cast.open_accounts(self.insider, [cast.OPERATOR])

    def fill(self) -> None:
        """Play the year in the background, with a progress bar."""
        if self.complete.exists():
            return
        try:
            self._fill()
        except Exception as error:  # the network goes on without its demo; the operator is told why
            log.error("demo year stopped", error=repr(error))
            self.console.print(f"[red]示范年度没有填完：[/red]{error}\n重新启动会接着填。")

    def _fill(self) -> None:
        from jianyi.demo import cast
        from jianyi.demo.year import Year

        today = legal_date(datetime.now(UTC))
        columns = (
            TextColumn("示范年度"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
        )
        with Progress(*columns, console=self.console) as progress:
            bar = progress.add_task("登记单位、代表和账号", total=None)
            stages: dict[str, cast.Stage] = {}
            units: dict[str, str] = {}
            for path in cast.CONGRESSES:
                stages[path] = cast.raise_stage(self.insider, path, today.year, units)
                cast.open_accounts(self.insider, cast.accounts_of(stages[path]))
            progress.update(bar, description="代表建议")
            year = Year(
                self.insider,
                stages,
                today,
                lambda done, total: progress.update(bar, completed=done, total=total),
            )
            year.play()
        self.complete.write_text(datetime.now(UTC).isoformat())
        self.console.print("示范年度已填好：省、长沙、浏阳和三个镇，各种进度的建议都有。")
