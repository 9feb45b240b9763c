"""Settings of one process: `JIANYI_*` environment variables over a TOML file over the embedded defaults."""

from __future__ import annotations

import ipaddress
import os
import random
import re
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shared.problems import Problem, system_words

SERVERS = ("broker_url", "database_url", "search_url")  # the real parts: a network has all of them or none
SERVICES = ("directory", "intake", "assignment", "supervision", "evaluation", "search", "gateway")

MOST_PROXIES = 5


class BadSettings(Problem):
    """A setting that cannot be used; the sentence names it."""


@dataclass(frozen=True)
class Settings:
    """What differs between a laptop and a province. With no URL given everything is embedded."""

    home: Path = Path("var")  # folder for embedded data
    port: int = 8000  # the gateway's HTTP port
    host: str = "127.0.0.1"  # the address that the gateway and the metrics ports listen on
    proxies: int = 0  # how many reverse proxies stand in front of the gateway; their X-Forwarded-For and -Proto are believed
    metrics_port: int = 0  # 0: the gateway's port + 1 and up, one for each service
    broker_url: str = ""  # amqp://…; of a cluster all nodes: amqp://a;amqp://b; empty: in memory
    database_url: str = ""  # postgresql://…; empty: SQLite files below home
    search_url: str = ""  # http://…; empty: tantivy below home
    broker_management_url: str = ""  # http://USER:PASSWORD@HOST:15672; only for `jianyi subscriber`
    secret: str = ""  # signs tokens; the same in all services of a network; embedded: made once below home
    webhook_networks: str = (
        ""  # own networks that webhooks may reach, as 10.1.0.0/16,…; empty: the internet alone
    )
    smtp_url: str = ""  # smtp[s]://USER:PASSWORD@HOST:PORT; empty: nobody gets mail
    mail_from: str = ""  # the address from which it comes
    sms_url: str = ""  # https://…: the gateway to which short messages are handed; empty: nobody gets any
    sms_key: str = ""  # what that gateway knows us by
    public_url: str = ""  # how people reach the pages, for what leaves the network: https://…
    log_level: str = "INFO"
    clock: str = "system"  # "case": callers with the secret may say what time it is (walks, demo data, tests)
    demo: bool = True  # embedded: Hunan, a demo year and accounts whose password everybody knows

    @property
    def embedded(self) -> bool:
        """True when all services share one process and its memory carries the events."""
        return not self.broker_url

    @property
    def has_demo(self) -> bool:
        """True where the demo is filled in and its accounts are offered: never on real servers, never in a told case."""
        return self.demo and self.embedded and self.clock == "system"

    @cached_property
    def broker(self) -> str:
        """The kombu URL of the broker; in memory, one named after the data folder so that two can live in a process.

        Of a cluster's nodes each process begins with another, and goes on to the next when its own is away.
        """
        if not self.broker_url:
            return f"memory://{self.home.resolve().as_posix().strip('/').replace('/', '-')}"
        nodes = self.broker_url.split(";")
        return ";".join(random.sample(nodes, len(nodes)))

    def database(self, service: str) -> str:
        """The SQLAlchemy URL of one service's own data."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg2://", 1)
        return f"sqlite:///{self.home / 'data' / service}.db"

    def metrics_port_of(self, service: str) -> int:
        """Where one service has its metrics and says whether it is well."""
        return self.metrics_port or self.port + 1 + SERVICES.index(service)

    @property
    def key_file(self) -> Path:
        """Where an embedded network keeps the secret that it made."""
        return self.home / "secret"

    @cached_property
    def signing_key(self) -> str:
        """The secret that tokens are signed with. Made and kept below `home` when embedded."""
        if self.secret:
            return self.secret
        if not self.embedded:
            raise BadSettings("没有设置 JIANYI_SECRET：各服务必须使用同一个签名密钥，请设置后重新启动。")
        path = self.key_file
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                os.link(
                    draft, path
                )  # atomic: of two processes that start at once, one wins and both read the same
            except FileExistsError:
                return path.read_text()
            finally:
                draft.unlink()
        return path.read_text()


def load(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings. `JIANYI_CONFIG` may name a TOML file with the same keys in lower case.

    Raises BadSettings when a value cannot be used.
    """
    environment = dict(os.environ) if environment is None else environment
    given: dict[str, tuple[str, object]] = {}  # what the person who set it calls it, and the value
    if file := environment.get("JIANYI_CONFIG"):
        given = {name: (f"{file} 里的 {name}", value) for name, value in _read(Path(file)).items()}
    for name in _FORMS:
        if value := environment.get(f"JIANYI_{name.upper()}"):
            given[name] = (f"JIANYI_{name.upper()}", value)
    settings = Settings(**{name: _usable(name, *found) for name, found in given.items()})  # type: ignore[arg-type]
    _require_fitting(settings)
    return settings


def unknown_variables(environment: dict[str, str]) -> list[str]:
    """Variables that look like ours and are not: a misspelt one would be ignored without a word."""
    known = {f"JIANYI_{name.upper()}" for name in _FORMS} | OTHER_VARIABLES
    return sorted(name for name in environment if name.startswith("JIANYI_") and name not in known)


def _read(file: Path) -> dict[str, object]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"读不出设置文件 {file}(JIANYI_CONFIG):{system_words(error)}。") from error
    except ValueError as error:
        raise BadSettings(f"设置文件 {file} 不是正确的 TOML(UTF-8):{error}。") from error
    if unknown := sorted(set(values) - set(_FORMS)):
        raise BadSettings(
            f"{file} 里有不认识的设置：{'、'.join(unknown)}。可以设置的有：{'、'.join(_FORMS)}。"
        )
    return values


def _usable(name: str, called: str, value: object) -> object:
    read, wanted = _FORMS[name]
    try:
        # A TOML file may say 8000 or "8000", true or "yes"; the environment has only strings.
        return read({True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value))
    except (ValueError, KeyError) as error:
        # A URL or a secret may contain what is nobody's business in a log.
        shown = (
            ""
            if name in (*SERVERS, "broker_management_url", "secret", "smtp_url", "sms_url", "sms_key")
            else f"，现在是“{value}”"
        )
        raise BadSettings(f"{called} 应当是{wanted}{shown}。") from error


def _require_fitting(settings: Settings) -> None:
    """Raises BadSettings unless the settings fit together."""
    missing = [f"JIANYI_{name.upper()}" for name in SERVERS if not getattr(settings, name)]
    if 0 < len(missing) < len(SERVERS):
        raise BadSettings(
            f"还缺 {'、'.join(missing)}。消息队列、数据库、检索三项要么都设置（集群），要么都不设置（内嵌）。"
        )
    if settings.smtp_url and not settings.mail_from:
        raise BadSettings("还缺 JIANYI_MAIL_FROM：设了 JIANYI_SMTP_URL，就要说明邮件从哪个地址发出。")
    if settings.metrics_port and settings.embedded:
        raise BadSettings(
            f"内嵌时不设 JIANYI_METRICS_PORT:{len(SERVICES)} 个服务在一个进程里，各用 JIANYI_PORT 后面的一个端口。"
        )
    if not settings.metrics_port and settings.port + len(SERVICES) > LAST_PORT:
        raise BadSettings(
            f"JIANYI_PORT 最大 {LAST_PORT - len(SERVICES)}：后面 {len(SERVICES)} 个端口用于指标和健康检查。"
        )


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return read


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return read


def _networks(text: str) -> str:
    return ",".join(str(ipaddress.ip_network(part.strip())) for part in text.split(",") if part.strip())


LAST_PORT = 65535
_YES_NO = {"yes": True, "no": False}
# How each setting is read, and what it should be in the words of who sets it wrong.
_FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "home": (Path, "一个文件夹"),
    "port": (_number(1, LAST_PORT), f" 1 到 {LAST_PORT} 的整数"),
    "host": (_matching(r"[\w.-]+"), "一个本机地址，如 127.0.0.1 或 0.0.0.0"),
    "proxies": (_number(0, MOST_PROXIES), f" 0 到 {MOST_PROXIES} 的整数：网关前面有几层反向代理"),
    "metrics_port": (_number(0, LAST_PORT), f" 0 到 {LAST_PORT} 的整数"),
    "broker_url": (
        _matching(r"amqps?://[^;]+(;amqps?://[^;]+)*"),
        " amqp:// 或 amqps:// 开头的地址（集群的几个节点用分号隔开）",
    ),
    "database_url": (_matching(r"postgresql://.+"), " postgresql:// 开头的地址"),
    "search_url": (_matching(r"https?://.+"), " http:// 或 https:// 开头的地址"),
    "broker_management_url": (_matching(r"https?://.+"), " http:// 或 https:// 开头的地址"),
    "secret": (_matching(r"(?s).{32,}"), "至少 32 个随机字符"),
    "webhook_networks": (_networks, "用逗号隔开的网段，如 10.1.0.0/16,192.168.5.0/24"),
    "smtp_url": (_matching(r"smtps?://.+"), " smtp:// 或 smtps:// 开头的地址"),
    "mail_from": (_matching(r"[^\s@<>]+@[\w.-]+"), "一个邮箱地址"),
    "sms_url": (_matching(r"https?://.+"), " http:// 或 https:// 开头的地址"),
    "sms_key": (_matching(r"[\x21-\x7e]+"), "一串没有空格的英文字符"),
    "public_url": (_matching(r"https?://[^\s]+[^\s/]"), " http:// 或 https:// 开头、末尾没有 / 的地址"),
    "log_level": (_matching("DEBUG|INFO|WARNING|ERROR"), " DEBUG、INFO、WARNING 或 ERROR"),
    "clock": (_matching("system|case"), " system 或 case"),
    "demo": (_YES_NO.__getitem__, " yes 或 no"),
}
OTHER_VARIABLES = {"JIANYI_CONFIG", "JIANYI_CACHE", "JIANYI_CHROMIUM", "JIANYI_TEST_DATABASE_URL"}
