"""One service's own database: SQLite (WAL) embedded, a PostgreSQL schema in production."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from shared import event_log, postgresql
from shared.isolation import EVERYTHING, SETTING, keep_apart
from shared.pace import give_way
from shared.problems import Unavailable

# Not "nothing was saved": a connection may end after the server has committed and before it could say so.
AWAY = "数据库暂时无法使用，请稍后再试；刚才的操作可能没有保存，重复提交不会重复办理。"

BUSY = "别人正在办理相关的内容，您的操作没有保存，请再试一次。"

# A database that does not answer at all, nor refuses, is given up after so long (libpq's words for it).
STILL_THERE = {
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
LOCK_SECONDS = 2
DEADLOCK = "40P01"  # as PostgreSQL calls it; so also the next
LOCK_NOT_GOT = ("55P03", DEADLOCK)


class Busy(Exception):
    """Others hold what was to be locked."""


POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def backbone_tables(metadata: sa.MetaData) -> None:
    """Add the tables that the bus needs to a service's own metadata.

    event_log: every event this service published, for good, in order of `position`; outbox: positions not yet
    confirmed by the broker, put there by the log's trigger; inbox: events consumed; failures: consumed events that wait
    for another try, or are parked as dead letters; dropped: dead letters that an operator gave up, with the reason;
    rebuilds: how far each rebuild of a projection has come; positions: how far each other service's log has been
    consumed (embedded catch-up);
    command_keys: answers of commands by their key, so that a repeated one changes nothing; copies: what this
    service needs of other services' data.
    """
    log = sa.Table(
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
        # The day on which it was written: by it the log is divided into months.
        sa.Column("logged_on", sa.Date, nullable=False, server_default=sa.func.current_date()),
        sa.Index("event_log_subject", "subject"),
        sa.Index("event_log_trace", "trace"),
        sqlite_autoincrement=True,
    )
    keep_apart(metadata, "event_log", by=("jurisdiction",))
    outbox = sa.Table(
        "outbox",
        metadata,
        sa.Column("position", POSITION, primary_key=True, autoincrement=False),
        sa.Column("logged_on", sa.Date, nullable=False, server_default=sa.func.current_date()),
    )
    log.add_is_dependent_on(outbox)  # made first
    sa.event.listen(log, "after_create", event_log.prepare)
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
        sa.Column(
            "sequence", sa.Integer, nullable=False, server_default="0"
        ),  # in what order about one subject
        sa.Column(
            "cause", sa.String(8), nullable=False, server_default=""
        ),  # the same for what fails in the same way
        sa.Index("failures_subject", "subject"),
        sa.Index("failures_next", "next_at"),
        sa.Index("failures_cause", "cause"),
    )
    sa.Table(
        "dropped",
        metadata,
        sa.Column("event_id", sa.String(36), primary_key=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failed_at", sa.String(40), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("traceback", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("dropped_by", sa.String(64), nullable=False),
        sa.Column("dropped_at", sa.String(40), nullable=False),
    )
    sa.Table(
        "rebuilds",
        metadata,
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),  # running, done, failed
        sa.Column("started_at", sa.String(40), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column(
            "seen_at", sa.Float, nullable=False
        ),  # seconds since 1970: a running one writes it every so often
        sa.Column("progress", sa.JSON, nullable=False),  # {source: [position, of]}
        sa.Column("outcome", sa.JSON, nullable=False),  # counts, or why it failed
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


def unsent(tables: Mapping[str, sa.Table]) -> sa.Select[Any]:
    """What a service's outbox still has to send, oldest first: position, type, jurisdiction and body of each event."""
    log, outbox = tables["event_log"].c, tables["outbox"].c
    columns = (outbox.position, log.type, log.jurisdiction, log.body)
    same = (log.position == outbox.position) & (log.logged_on == outbox.logged_on)
    joined = tables["outbox"].join(tables["event_log"], same)
    return sa.select(*columns).select_from(joined).order_by(outbox.position)


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
            url = url.replace("postgresql+psycopg2", postgresql.DRIVER, 1)
            # Many rows for one statement travel together.
            options |= {"executemany_mode": "values_plus_batch"}
            own = f"-csearch_path={service} -c{SETTING}={EVERYTHING}"
            name = f"{service} {os.getpid()}"  # so that pg_stat_activity tells whose session it is
            options |= {
                "connect_args": {
                    "connection_factory": postgresql.Connection, "options": own, "application_name": name, "connect_timeout": 5, **STILL_THERE
                }
            }  # fmt: skip
        self.engine = sa.create_engine(
            url, pool_size=8, max_overflow=8, pool_timeout=10, pool_pre_ping=False, **options
        )
        # SQLite has one writer; greenlets must queue for it here, since a wait inside SQLite would stop them all.
        self._writer = threading.Lock()
        # Statements that are answered at once never wait: a long row of them would let nobody else go on.
        event.listen(self.engine, "before_cursor_execute", lambda *_: give_way())
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def writing(self, sight: str = EVERYTHING) -> Iterator[sa.Connection]:
        """A transaction that commits at the end of the block; durable when the block has been left.

        `sight`: which congresses' rows it reaches (see `shared.isolation`); the services themselves reach all.
        """
        if not self.is_sqlite:
            with self._connection(sight) as connection, connection.begin():
                yield connection
            return
        # In this order: who waits for its turn to write must not keep a connection from those who read.
        with self._writer, self._connection(sight) as connection:
            connection.execution_options(jianyi_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self, sight: str = EVERYTHING) -> Iterator[sa.Connection]:
        """A connection to read with; nothing is kept. Each statement sees what is committed when it begins.

        `sight`: as for `writing`.
        """
        with self._connection(sight) as connection:
            if self.is_sqlite:
                yield connection
                connection.rollback()
                return
            driver: Any = connection.connection.dbapi_connection
            driver.alone = True
            try:
                yield connection
            finally:
                driver.alone = False

    @contextmanager
    def apart(self) -> Iterator[sa.Connection]:
        """A connection for a long piece of work with temporary tables, which go with it: it is closed, not given back."""
        with self._connection(EVERYTHING) as connection:
            try:
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def nobody_else_writes(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> Iterator[None]:
        """A transaction on a connection of `apart`, in which nobody else changes these tables; who reads does not wait.

        Raises Busy after LOCK_SECONDS: who waits for a lock makes others wait behind.
        """
        if self.is_sqlite:
            with self._writer:
                connection.execution_options(jianyi_begin="BEGIN IMMEDIATE")
                try:
                    with connection.begin():
                        yield
                finally:
                    connection.execution_options(jianyi_begin="BEGIN")
            return
        with connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            names = ", ".join(f'"{self.service}"."{table.name}"' for table in tables)
            try:
                connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "pgcode", "") in LOCK_NOT_GOT:
                    raise Busy from error
                raise
            yield

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Of all processes of this service one at a time is inside; the others wait. Embedded there is but one."""
        if self.is_sqlite:
            yield
            return
        with self.writing() as connection:
            lock = sa.text("SELECT pg_advisory_xact_lock(hashtext(:what || current_schema()))")
            connection.execute(lock, {"what": what})
            yield

    @contextmanager
    def _connection(self, sight: str) -> Iterator[sa.Connection]:
        try:
            connection = self.engine.connect()
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise Unavailable(_sentence(error)) from error
        try:
            if not self.is_sqlite:
                narrowed: Any = connection.connection.dbapi_connection
                narrowed.sight = sight if sight != EVERYTHING else ""
            yield connection
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated or _is_outage(error):
                self.engine.dispose()  # every pooled connection is as dead as this one
                raise Unavailable(_sentence(error)) from error
            if getattr(error.orig, "pgcode", "") == DEADLOCK:  # undone: the next try may get through
                raise Unavailable(BUSY) from error
            raise
        finally:
            connection.close()

    def let_tell(self, connection: sa.Connection, congresses: set[str]) -> None:
        """Let a person's transaction write what it has to tell at these congresses, also outside of the person's sight.

        What somebody has done, and was allowed to, belongs to the congress of the thing that was changed: a deputy's own
        account, before its seat is claimed, stands where the deputy has no role yet.
        """
        if self.is_sqlite or not congresses:
            return
        narrowed: Any = connection.connection.dbapi_connection
        if narrowed.sight and (more := congresses - set(narrowed.sight.split(","))):
            sight = ",".join((narrowed.sight, *sorted(more)))
            connection.execute(sa.select(sa.func.set_config(SETTING, sight, True)))

    def bypasses_isolation(self) -> bool:
        """May the database's user ignore row-level security?"""
        if self.is_sqlite:
            return False
        role = sa.text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        with self.reading() as connection:
            return bool(connection.scalar(role))

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
        return "磁盘已满，您的操作没有保存，请联系运维人员清理磁盘后再试。"
    if any(sign in text for sign in ("readonly database", "unable to open database file", "disk I/O error")):
        return "数据库文件不能读写，您的操作没有保存，请联系运维人员检查数据目录的权限和磁盘。"
    return AWAY


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
