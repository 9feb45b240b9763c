"""Settings of one process: `JIANYI_*` environment variables over a TOML file over the embedded defaults."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from shared.problems import Problem

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
    broker_url: str = ""  # amqp://…; empty: in memory
    database_url: str = ""  # postgresql://…; empty: SQLite files below home
    search_url: str = ""  # http://…; empty: tantivy below home
    secret: str = ""  # signs tokens; the same in all services of a network; embedded: made once below home
    log_level: str = "INFO"
    clock: str = "system"  # "case": callers with the secret may say what time it is (walks, demo data, tests)

    @property
    def embedded(self) -> bool:
        """True when all services share one process and its memory carries the events."""
        return not self.broker_url

    @property
    def broker(self) -> str:
        """The kombu URL of the broker; in memory, one named after the data folder so that two can live in a process."""
        return self.broker_url or f"memory://{self.home.resolve().as_posix().strip('/').replace('/', '-')}"

    def database(self, service: str) -> str:
        """The SQLAlchemy URL of one service's own data."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg2://", 1)
        return f"sqlite:///{self.home / 'data' / service}.db"

    @cached_property
    def signing_key(self) -> str:
        """The secret that tokens are signed with. Made and kept below `home` when embedded."""
        if self.secret:
            return self.secret
        if not self.embedded:
            raise BadSettings("没有设置 JIANYI_SECRET:各服务必须使用同一个签名密钥,请设置后重新启动。")
        path = self.home / "secret"
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


def load(environment: dict[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings. `JIANYI_CONFIG` may name a TOML file with the same keys in lower case.

    Raises BadSettings when a value has the wrong form.
    """
    environment = dict(os.environ) if environment is None else environment
    values: dict[str, object] = {}
    if file := environment.get("JIANYI_CONFIG"):
        try:
            values.update(tomllib.loads(Path(file).read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise BadSettings(f"读不出设置文件 {file}:{error}") from error
    for field in fields(Settings):
        given = environment.get(f"JIANYI_{field.name.upper()}")
        if given:
            values[field.name] = given
    values.update(overrides)
    unknown = set(values) - {field.name for field in fields(Settings)}
    if unknown:
        raise BadSettings(f"不认识的设置:{'、'.join(sorted(unknown))}。")
    for name, wanted in (("home", Path), ("port", int), ("proxies", int), ("metrics_port", int)):
        if name in values:
            try:
                values[name] = wanted(str(values[name]))
            except ValueError as error:
                raise BadSettings(f"JIANYI_{name.upper()} 应当是整数,现在是“{values[name]}”。") from error
    if not 0 <= int(str(values.get("proxies", 0))) <= MOST_PROXIES:
        raise BadSettings(f"JIANYI_PROXIES 应当在 0 到 {MOST_PROXIES} 之间:网关前面有几层反向代理。")
    return Settings(**values)  # type: ignore[arg-type]
