"""One service's own database: SQLite (WAL) embedded, a PostgreSQL schema in production."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from shared.problems import Unavailable

POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def backbone_tables(metadata: sa.MetaData) -> None:
    """Add the tables that the bus needs to a service's own metadata.

    event_log: every event this service published, for good, in order of `position`; outbox: positions not yet
    confirmed by the broker; inbox: events consumed; failures: consumed events that wait for another try, or are
    parked as dead letters; positions: how far each other service's log has been consumed (embedded catch-up);
    command_keys: answers of commands by their key, so that a repeated one changes nothing; copies: what this
    service needs of other services' data.
    """
    sa.Table(
        "event_log",
        metadata,
        sa.Column("position", POSITION, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("jurisdiction", sa.String(32), nullable=False),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("trace", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Index("event_log_subject", "subject"),
        sa.Index("event_log_trace", "trace"),
        sqlite_autoincrement=True,
    )
    sa.Table("outbox", metadata, sa.Column("position", POSITION, primary_key=True, autoincrement=False))
    sa.Table(
        "inbox",
        metadata,
        sa.Column("event_id", sa.String(36), primary_key=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("trace", sa.String(32), nullable=False),
        sa.Column("handled_at", sa.String(40), nullable=False),
        sa.Index("inbox_trace", "trace"),
    )
    sa.Table(
        "failures",
        metadata,
        sa.Column("event_id", sa.String(36), primary_key=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Float),  # seconds since 1970; empty once parked
        sa.Column("failed_at", sa.String(40), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("traceback", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Index("failures_subject", "subject"),
        sa.Index("failures_next", "next_at"),
    )
    sa.Table(
        "positions",
        metadata,
        sa.Column("source", sa.String(32), primary_key=True),
        sa.Column("position", POSITION, nullable=False),
    )
    sa.Table(
        "command_keys",
        metadata,
        sa.Column("key", sa.String(128), primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("command", sa.String(64), nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    sa.Table(
        "copies",
        metadata,
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Index("copies_congress", "congress", "kind"),
    )


class Database:
    """Connections to one service's data. `writing()` commits when its block ends, and rolls back on any error."""

    def __init__(self, url: str, service: str) -> None:
        self.url, self.service = url, service
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {
            "json_serializer": lambda value: orjson.dumps(value).decode(),
            "json_deserializer": orjson.loads,
        }
        if self.is_sqlite:
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            options |= {
                "poolclass": QueuePool,
                "connect_args": {"check_same_thread": False, "isolation_level": None},
            }
        else:
            options |= {"connect_args": {"options": f"-csearch_path={service}", "connect_timeout": 5}}
        self.engine = sa.create_engine(
            url, pool_size=8, max_overflow=8, pool_timeout=10, pool_pre_ping=False, **options
        )
        # SQLite has one writer; greenlets must queue for it here, since a wait inside SQLite would stop them all.
        self._writer = threading.Lock()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that commits at the end of the block; durable when the block has been left."""
        with self._connection() as connection:
            if not self.is_sqlite:
                with connection.begin():
                    yield connection
                return
            with self._writer:
                connection.execution_options(jianyi_begin="BEGIN IMMEDIATE")
                with connection.begin():
                    yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with; nothing is kept."""
        with self._connection() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        try:
            connection = self.engine.connect()
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise Unavailable(_sentence(error)) from error
        try:
            yield connection
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated or _is_outage(error):
                self.engine.dispose()  # every pooled connection is as dead as this one
                raise Unavailable(_sentence(error)) from error
            raise
        finally:
            connection.close()

    def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        with self.reading() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a commit has reached the disk, also when the power is cut
    cursor.execute("PRAGMA busy_timeout=5000")  # for other processes, such as a backup
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # Python's driver would begin late and as a reader, and a reader that becomes a writer may be refused.
    connection.exec_driver_sql(connection.get_execution_options().get("jianyi_begin", "BEGIN"))


def _sentence(error: sa.exc.SQLAlchemyError) -> str:
    text = str(error)
    if "disk is full" in text or "No space left" in text:
        return "磁盘已满,您的操作没有保存,请联系运维人员清理磁盘后再试。"
    if any(sign in text for sign in ("readonly database", "unable to open database file", "disk I/O error")):
        return "数据库文件不能读写,您的操作没有保存,请联系运维人员检查数据目录的权限和磁盘。"
    return "数据库暂时无法使用,您的操作没有保存,请稍后再试。"


def _is_outage(error: sa.exc.DBAPIError) -> bool:
    """Is the server gone, shutting down, or the disk full, rather than the statement wrong?"""
    text = str(error.orig)
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError) and any(
        sign in text
        for sign in (
            "closed the connection",
            "connection already closed",
            "terminating connection",
            "could not connect",
            "Connection refused",
            "the database system is",
            "disk is full",
            "No space left",
            "disk I/O error",
            "readonly database",
            "unable to open database file",
        )
    )
