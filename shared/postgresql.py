"""How a service speaks to PostgreSQL: with as few journeys there and back as possible.

A journey costs more than what most statements do at its end. So these travel with the next statement that has an
answer, or with the commit: the beginning of a transaction, what narrows it to some congresses' rows, and each INSERT,
UPDATE and DELETE whose outcome nobody asks for. Nothing else changes: they are carried out in the order in which they
were said, and one that fails is reported by what it travelled with, and with that undoes the transaction.

Who reads how many rows a statement has met says so: `statement.execution_options(**COUNTED)`.
"""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

from shared.isolation import SETTING

DRIVER = "postgresql+jianyi"
COUNTED = {"jianyi_counted": True}


class Connection(connection):
    """Begins and ends transactions itself: for the driver it is in autocommit.

    `sight`: what a transaction is narrowed to; empty where it is not. `alone`: each statement is a transaction by
    itself, and goes at once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocommit = True
        self.sight, self.alone = "", False
        self.waiting: list[bytes] = []

    def say(self, cursor: Any, statement: bytes) -> None:
        """Carry out a statement, and before it whatever waits."""
        words = [*self._opening(), *self.waiting, statement]
        self.waiting.clear()
        cursor.execute(b"; ".join(words))

    def commit(self) -> None:
        if self.waiting or self._has_begun():
            with self.cursor() as cursor:
                self.say(cursor, b"COMMIT")

    def rollback(self) -> None:
        self.waiting.clear()
        if self._has_begun():
            with self.cursor() as cursor:
                cursor.execute("ROLLBACK")

    def _has_begun(self) -> bool:
        return bool(self.get_transaction_status() != TRANSACTION_STATUS_IDLE)

    def _opening(self) -> list[bytes]:
        if self._has_begun():
            return []
        begin = [] if self.alone else [b"BEGIN"]
        narrow = [f"SELECT set_config('{SETTING}', '{self.sight}', true)".encode()] if self.sight else []
        return begin + narrow


class Dialect(PGDialect_psycopg2):
    """SQLAlchemy's, for such connections."""

    supports_statement_cache = True
    supports_sane_rowcount = supports_sane_multi_rowcount = False  # only where it is asked for

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        said = cursor.mogrify(statement, parameters)
        if _can_wait(cursor.connection, context):
            cursor.connection.waiting.append(said)
        else:
            cursor.connection.say(cursor, said)

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """What waits belongs to the savepoint: when it fails, that is undone, and the transaction can go on."""
        if connection.connection.dbapi_connection.waiting:
            try:
                connection.exec_driver_sql("SELECT")
            except Exception:
                self.do_rollback_to_savepoint(connection, name)
                raise
        super().do_release_savepoint(connection, name)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        cursor.connection.say(cursor, statement.encode())

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        each = [cursor.mogrify(statement, one) for one in parameters]
        if _can_wait(cursor.connection, context):
            cursor.connection.waiting += each
        else:
            cursor.connection.say(cursor, b"; ".join(each))


registry.register(DRIVER.replace("+", "."), __name__, "Dialect")


def _can_wait(to: Connection, context: Any) -> bool:
    """Is it a change without an answer, and nobody counts the rows?"""
    changes = (
        context is not None
        and context.compiled
        and (context.isinsert or context.isupdate or context.isdelete)
    )
    if not changes or to.alone or context.compiled.effective_returning:
        return False
    return not context.execution_options.keys() & COUNTED.keys()
