"""The event log and the outbox in the database itself: what is logged is to be sent, and the log is kept by months.

    INSERT INTO event_log ──trigger──▶ outbox ──relay, once confirmed──▶ (empty)
         └─ PostgreSQL: event_log_2026_11, event_log_2026_12, …, and event_log_other for what falls outside of them

The trigger spares every command a second statement, and makes it impossible to log an event that is not sent. The
months can be detached and archived one by one; a question that names positions and days reads only its own month.
SQLite has no partitions: there the log is one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from shared.clock import legal_date
from shared.isolation import statements as kept_apart

if TYPE_CHECKING:
    from shared.database import Database

MONTHS_AHEAD = 2
PAGE = 500  # events in one answer
COLUMNS = "position, event_id, type, subject, jurisdiction, time, trace, body"

SQLITE_TRIGGER = """
CREATE TRIGGER fill_outbox AFTER INSERT ON event_log BEGIN
    INSERT INTO outbox (position, logged_on) VALUES (new.position, new.logged_on);
END
"""

POSTGRESQL_TRIGGER = (
    """
    CREATE FUNCTION fill_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO {schema}.outbox (position, logged_on) VALUES (new.position, new.logged_on);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER fill_outbox AFTER INSERT ON event_log FOR EACH ROW EXECUTE FUNCTION fill_outbox()",
)

POSTGRESQL_MONTHS = (
    """
    CREATE TABLE event_log_by_month (LIKE event_log INCLUDING DEFAULTS, PRIMARY KEY (position, logged_on))
    PARTITION BY RANGE (logged_on)
    """,
    "CREATE TABLE event_log_other PARTITION OF event_log_by_month DEFAULT",
    "INSERT INTO event_log_by_month SELECT * FROM event_log",
    "ALTER SEQUENCE event_log_position_seq OWNED BY event_log_by_month.position",
    "DROP TABLE event_log",
    "ALTER TABLE event_log_by_month RENAME TO event_log",
    "CREATE INDEX event_log_subject ON event_log (subject)",
    "CREATE INDEX event_log_trace ON event_log (trace)",
    *POSTGRESQL_TRIGGER,
)


def prepare(log: sa.Table, connection: sa.Connection, **_: Any) -> None:
    """Give a new event log its trigger and, on PostgreSQL, its months."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(SQLITE_TRIGGER)
    else:
        _divide(connection)


def _divide(connection: sa.Connection) -> None:
    schema = connection.scalar(sa.text("SELECT current_schema()"))
    for statement in POSTGRESQL_MONTHS:
        connection.exec_driver_sql(statement.replace("{schema}", f'"{schema}"'))


def upgrade(connection: sa.Connection) -> None:
    """Bring an event log that has neither to this form, with what is in it. For the services' migrations."""
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE_UPGRADE:
            connection.exec_driver_sql(statement)
    else:
        for table in ("event_log", "outbox"):
            added = f"ALTER TABLE {table} ADD COLUMN logged_on date NOT NULL DEFAULT CURRENT_DATE"
            connection.exec_driver_sql(added)
        _divide(connection)
        for statement in kept_apart("event_log", by=("jurisdiction",)):
            connection.exec_driver_sql(statement)


_SQLITE_UPGRADE = (
    """
    CREATE TABLE event_log_new (
        position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, event_id VARCHAR(36) NOT NULL, type VARCHAR(64) NOT NULL,
        subject VARCHAR(36) NOT NULL, jurisdiction VARCHAR(32) NOT NULL, time VARCHAR(40) NOT NULL,
        trace VARCHAR(32) NOT NULL, body TEXT NOT NULL, logged_on DATE NOT NULL DEFAULT (CURRENT_DATE)
    )
    """,
    f"INSERT INTO event_log_new ({COLUMNS}) SELECT {COLUMNS} FROM event_log",
    "DROP TABLE event_log",
    "ALTER TABLE event_log_new RENAME TO event_log",
    "CREATE INDEX event_log_subject ON event_log (subject)",
    "CREATE INDEX event_log_trace ON event_log (trace)",
    "CREATE TABLE outbox_new (position INTEGER PRIMARY KEY NOT NULL, logged_on DATE NOT NULL DEFAULT (CURRENT_DATE))",
    "INSERT INTO outbox_new (position) SELECT position FROM outbox",
    "DROP TABLE outbox",
    "ALTER TABLE outbox_new RENAME TO outbox",
    SQLITE_TRIGGER,
)


def page(database: Database, log: sa.Table, after: int, types: list[str]) -> list[dict[str, Any]]:
    """[{position, event}] of these types after a position, oldest first, at most PAGE."""
    query = sa.select(log.c.position, log.c.body).where(log.c.position > after, log.c.type.in_(types))
    with database.reading() as connection:
        rows = connection.execute(query.order_by(log.c.position).limit(PAGE)).all()
    return [{"position": row.position, "event": orjson.loads(row.body)} for row in rows]


def end(database: Database, log: sa.Table) -> int:
    """The position of the last event; 0 without any."""
    with database.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(log.c.position))) or 0


def open_months(database: Database) -> None:
    """Make the log's partitions of this month and the next ones, where they are missing.

    A month whose events have come before its partition stays in `event_log_other`.
    """
    if database.is_sqlite:
        return
    with database.reading() as connection:
        missing = [
            month for month in _months(legal_date(datetime.now(UTC))) if not _is_there(connection, month[0])
        ]
    if not missing:
        return
    with database.alone("months"), database.writing() as connection:
        for name, first, following in missing:
            came_before = connection.scalar(_CAME_BEFORE, {"first": first, "following": following})
            if not came_before and not _is_there(connection, name):
                connection.exec_driver_sql(
                    f"CREATE TABLE {name} PARTITION OF event_log FOR VALUES FROM ('{first}') TO ('{following}')"
                )


def _months(today: date) -> Iterator[tuple[str, date, date]]:
    """Name, first day and the next month's first day, of each month that has to be open."""
    first = today.replace(day=1)
    for _ in range(MONTHS_AHEAD + 1):
        following = (first + timedelta(days=31)).replace(day=1)
        yield f"event_log_{first:%Y_%m}", first, following
        first = following


def _is_there(connection: sa.Connection, name: str) -> bool:
    return bool(connection.scalar(sa.text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}))


_CAME_BEFORE = sa.text(
    "SELECT EXISTS (SELECT FROM event_log_other WHERE logged_on >= :first AND logged_on < :following)"
)
