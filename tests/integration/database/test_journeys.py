"""On PostgreSQL changes travel with what is asked next, or with the commit; nothing else is different for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg2
import pytest
import sqlalchemy as sa

from jianyi.processes import new_database
from shared.database import Database
from shared.postgresql import COUNTED, Connection
from shared.problems import Unavailable

pytestmark = pytest.mark.real

THINGS = sa.Table(
    "things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
)


@pytest.fixture
def database() -> Iterator[Database]:
    url = new_database(os.environ["JIANYI_DATABASE_URL"])
    database = Database(url.replace("postgresql://", "postgresql+psycopg2://"), "made_up")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE SCHEMA made_up")
    THINGS.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def journeys(database, monkeypatch) -> list[str]:
    made: list[str] = []
    plain = Connection.say

    def say(self, cursor, statement):
        plain(self, cursor, statement)
        made.append(cursor.query.decode())

    monkeypatch.setattr(Connection, "say", say)
    return made


def add(connection: sa.Connection, *ids: int) -> None:
    for id in ids:
        connection.execute(sa.insert(THINGS), {"id": id, "name": f"第{id}件"})


def there(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(sa.select(THINGS.c.id).order_by(THINGS.c.id)))


def test_a_transaction_that_only_changes_is_one_journey(database, journeys):
    with database.writing() as connection:
        add(connection, 1, 2)
        connection.execute(sa.update(THINGS).where(THINGS.c.id == 2).values(name="改了 100%"))
    [journey] = journeys
    assert [part.split()[0] for part in journey.split("; ")] == [
        "BEGIN",
        "INSERT",
        "INSERT",
        "UPDATE",
        "COMMIT",
    ]
    with database.reading() as connection:
        assert connection.scalar(sa.select(THINGS.c.name).where(THINGS.c.id == 2)) == "改了 100%"


def test_many_rows_at_once_and_many_changes_at_once(database, journeys):
    changed = sa.update(THINGS).where(THINGS.c.id == sa.bindparam("b_id"))
    with database.writing() as connection:
        connection.execute(sa.insert(THINGS), [{"id": id, "name": ""} for id in range(1200)])
        connection.execute(changed, [{"b_id": id, "name": "新"} for id in range(1200)])
    assert len(journeys) == 1 and len(there(database)) == 1200
    with database.reading() as connection:
        assert set(connection.scalars(sa.select(THINGS.c.name))) == {"新"}


def test_what_is_asked_sees_what_was_said_before(database, journeys):
    with database.writing() as connection:
        add(connection, 1)
        assert connection.scalar(sa.select(sa.func.count()).select_from(THINGS)) == 1
        assert len(journeys) == 1


def test_nothing_said_is_nothing_sent(database, journeys):
    with database.writing():
        pass
    assert journeys == []


def test_a_change_that_fails_undoes_all_and_is_told_at_the_latest_at_the_end(database):
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        add(connection, 1, 2, 1)
    assert there(database) == []
    with database.writing() as connection:
        add(connection, 3)
    assert there(database) == [3]


def test_what_was_given_up_is_forgotten(database):
    with pytest.raises(KeyError), database.writing() as connection:
        add(connection, 1)
        raise KeyError
    with database.writing() as connection:
        add(connection, 2)
    assert there(database) == [2]


def test_within_a_savepoint_only_its_own_changes_are_undone(database):
    with database.writing() as connection:
        add(connection, 1)
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            add(connection, 2, 1)
        add(connection, 3)
    assert there(database) == [1, 3]


def test_who_counts_is_told(database):
    with database.writing() as connection:
        add(connection, 1, 2)
        gone = sa.delete(THINGS).where(THINGS.c.id > 0).execution_options(**COUNTED)
        assert connection.execute(gone).rowcount == 2


def test_a_session_that_ends_takes_what_waited_with_it(database):
    with pytest.raises(Unavailable), database.writing() as connection:
        add(connection, 1)
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        add(connection, 2)
        killer = psycopg2.connect(database.url.replace("+psycopg2", ""))
        with killer, killer.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", (pid,))
        killer.close()
    assert there(database) == []


def test_while_reading_each_question_sees_what_others_have_committed(database):
    with database.reading() as connection:
        count = sa.select(sa.func.count()).select_from(THINGS)
        assert connection.scalar(count) == 0
        with database.writing() as other:
            add(other, 1)
        assert connection.scalar(count) == 1
