"""Looks at everything that a network needs, and says of each whether it is well and what to do if not."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable

import urllib3
from rich.console import Console

from shared import migrations
from shared.database import Database
from shared.problems import Problem, system_words
from shared.settings import SERVICES, Settings, unknown_variables

LEAST_FREE_BYTES = 500 * 1024 * 1024


def examine(settings: Settings, console: Console) -> bool:
    """Print a line per thing looked at. Returns True when all is well."""
    well = True
    for name, look in _looks(settings):
        try:
            console.print(f"[green]正常[/green] {name}：{look()}")
        except (Problem, OSError) as problem:
            well = False
            told = problem.detail if isinstance(problem, Problem) else system_words(problem)
            console.print(f"[red]问题[/red] {name}：{told}")
    console.print("一切正常。" if well else "请按上面的说明处理，再运行一次 jianyi doctor。")
    return well


def _looks(settings: Settings) -> list[tuple[str, Callable[[], str]]]:
    looks = [
        ("Python", lambda: sys.version.split()[0]),
        ("设置", _variables),
        (
            "方式",
            lambda: (
                "内嵌（一台电脑，一个进程）"
                if settings.embedded
                else "集群（消息队列、数据库、检索各自独立）"
            ),
        ),
        ("签名密钥", lambda: _secret(settings)),
        ("数据目录", lambda: _home(settings)),
        ("数据库", lambda: _databases(settings)),
        ("消息队列", lambda: _broker(settings)),
        ("检索", lambda: _search(settings)),
    ]
    return [
        *looks,
        *((f"服务 {service}", lambda service=service: _service(settings, service)) for service in SERVICES),
    ]


def _variables() -> str:
    if unknown := unknown_variables(dict(os.environ)):
        raise Problem(f"不认识的环境变量 {'、'.join(unknown)} 不起作用，请检查拼写。")
    config = os.environ.get("JIANYI_CONFIG")
    return f"环境变量和 {config}" if config else "环境变量"


def _secret(settings: Settings) -> str:
    if settings.embedded and not settings.secret and not settings.key_file.exists():
        return "还没有，首次启动时生成"
    return f"{len(settings.signing_key)} 个字符"


def _home(settings: Settings) -> str:
    if not settings.home.exists():
        return f"{settings.home}（还没有，首次启动时建立）"
    if not os.access(settings.home, os.W_OK):
        raise Problem(f"{settings.home} 不能写入，请检查权限。")
    free = shutil.disk_usage(settings.home).free
    if free < LEAST_FREE_BYTES:
        raise Problem(f"{settings.home} 所在磁盘只剩 {free // 2**20} MB，请清理。")
    return f"{settings.home}，剩余 {free // 2**30} GB"


def _databases(settings: Settings) -> str:
    behind = []
    for service in SERVICES:
        if not settings.database_url and not (settings.home / "data" / f"{service}.db").exists():
            return "还没有数据，首次启动时建立"
        database = Database(settings.database(service), service)
        try:
            have, wanted = migrations.current(database), migrations.newest(service)
            if have > wanted:
                raise Problem(f"{service} 的数据表比这个程序新（{have} > {wanted}），请运行新版本的程序。")
            if have < wanted:
                behind.append(service)
            if database.bypasses_isolation():
                raise Problem(
                    "数据库用户是超级用户，或者可以绕过行级安全：各级人大的数据只剩程序一道防线。请换用普通用户（见运维手册）。"
                )
        finally:
            database.close()
    if behind:
        raise Problem(f"{'、'.join(behind)} 的数据表不是最新，请运行 jianyi migrate。")
    return "各服务的数据表都是最新"


def _broker(settings: Settings) -> str:
    if settings.embedded:
        return "内存（内嵌）"
    import kombu
    from kombu.exceptions import OperationalError

    try:
        with kombu.Connection(settings.broker, connect_timeout=3) as connection:
            connection.connect()
            return str(connection.as_uri())
    except (OSError, OperationalError) as error:
        raise Problem(f"连不上消息队列：{error}。请检查 JIANYI_BROKER_URL 和 RabbitMQ。") from error


def _search(settings: Settings) -> str:
    if not settings.search_url:
        return "tantivy（内嵌）"
    try:
        health = urllib3.request(
            "GET", f"{settings.search_url}/_cluster/health", timeout=3, retries=False
        ).json()
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise Problem(f"连不上 Elasticsearch:{error}。请检查 JIANYI_SEARCH_URL。") from error
    if health["status"] == "red":
        raise Problem("Elasticsearch 状态为 red，请查看其日志。")
    return f"Elasticsearch，状态 {health['status']}"


def _service(settings: Settings, service: str) -> str:
    port = settings.metrics_port_of(service)
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((settings.host, port)) != 0:
            raise Problem(f"没有在本机端口 {port} 运行。启动：jianyi run，或 jianyi serve {service}。")
    try:
        answer = urllib3.request(
            "GET", f"http://{settings.host}:{port}/readyz", timeout=5, retries=False
        ).json()
        if answer["service"] != service:
            raise ValueError(answer["service"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"本机端口 {port} 上是别的程序，请换一个 JIANYI_PORT。") from error
    if not answer["ok"]:
        raise Problem(f"还没有就绪：{answer['trouble']}")
    return f"就绪（端口 {port}）"
