"""On PostgreSQL a query that forgets its congress reaches nothing of a neighbour's: each test asks without a condition."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from harness import PROVINCE, deputy, liaison, unit_clerk

from jianyi.processes import new_database
from servers.packages import postgresql_program
from services.intake.handlers import handlers as intake
from services.intake.tables import suggestions
from shared.aggregate import new_id
from shared.contracts import intake as contracts
from shared.database import Database
from shared.identity import Actor, Role
from shared.isolation import sight_of
from shared.migrations import migrate
from shared.postgresql import COUNTED
from shared.problems import Invalid, NotFound
from shared.settings import SERVICES, Settings

pytestmark = pytest.mark.real
NEIGHBOUR, COUNTY = "44", "43.01.81"
PUBLIC = Actor("public", "公众")


@pytest.fixture(scope="module")
def url():
    return new_database(os.environ["JIANYI_DATABASE_URL"])


@pytest.fixture
def network(network_of, monkeypatch, url):
    """A suggestion of each of three congresses, drafted and submitted by their deputies."""
    monkeypatch.setenv("JIANYI_TEST_DATABASE_URL", url)
    network = network_of("intake", "evaluation", "directory", today=date(2023, 1, 15))
    for congress in (PROVINCE, NEIGHBOUR, COUNTY):
        seat = new_id()
        network.tell(
            "deputy.recorded.v1",
            seat,
            congress,
            name="代表甲",
            delegation="",
            delegation_name="",
            active=True,
        )
        network.tell("session.recorded.v1", new_id(), congress, name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
        who = deputy("代表甲", seat, congress)
        id = network.do(
            who, "intake", "draft_suggestion", congress=congress, title="关于建立联合运维工作机制的建议", situation="各自运维。",
            analysis="责任不清。", proposals="建立中心。", kind="suggestion", category="社会保障",
        )["id"]  # fmt: skip
        network.do(who, "intake", "submit_suggestion", id)
    return network


def everything(work, params):
    """A question as nobody should write it."""
    return sorted(work.connection.scalars(sa.select(suggestions.c.congress)))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (liaison(), [PROVINCE]),
        (liaison(NEIGHBOUR), [NEIGHBOUR]),
        (liaison(COUNTY), [COUNTY]),
        (deputy("代表乙", new_id()), [PROVINCE]),
        (unit_clerk(new_id(), "43.01"), [PROVINCE]),  # the province assigns to the government of a city
        (unit_clerk(new_id(), COUNTY), [PROVINCE, COUNTY]),  # parts of a task are handed on to any depth
        (None, []),
        (Actor("operator", "运维甲", (Role("operator", ""),)), [PROVINCE, COUNTY, NEIGHBOUR]),
    ],
)
def test_an_unfiltered_question_finds_the_persons_own_congress(network, monkeypatch, who, seen):
    monkeypatch.setitem(intake.queries, "my_suggestions", (contracts.MY_SUGGESTIONS, everything))
    assert network.ask(who, "intake", "my_suggestions") == seen


def test_an_unfiltered_change_changes_the_own_rows_alone(network):
    database = network.runtimes["intake"].database
    with database.writing(sight_of(liaison())) as connection:
        connection = connection.execution_options(**COUNTED)
        assert connection.execute(sa.update(suggestions).values(title="改了")).rowcount == 1
        assert connection.execute(sa.delete(suggestions)).rowcount == 1
    with database.reading() as connection:  # the service itself, on the same pooled connection
        assert everything(SimpleNamespace(connection=connection), {}) == [COUNTY, NEIGHBOUR]


def test_nothing_can_be_written_for_a_neighbour(network):
    database = network.runtimes["intake"].database
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        database.writing(sight_of(liaison())) as connection,
    ):
        connection.execute(sa.update(suggestions).values(congress=NEIGHBOUR))


def test_the_log_of_a_neighbours_events_is_out_of_reach(network):
    runtime = network.runtimes["intake"]
    with runtime.database.reading(sight_of(liaison())) as connection:
        seen = set(connection.scalars(sa.select(runtime.tables["event_log"].c.jurisdiction)))
    assert seen == {PROVINCE}


def test_what_belongs_to_a_neighbours_suggestion_is_out_of_reach_with_it(network):
    runtime = network.runtimes["intake"]
    invitations = runtime.tables["invitations"]
    with runtime.database.writing() as connection:
        for congress in (PROVINCE, NEIGHBOUR):
            row = {
                "suggestion_id": suggestion_of(network, congress),
                "deputy_id": congress,
                "answer": "invited",
            }
            connection.execute(sa.insert(invitations), row)
    with runtime.database.reading(sight_of(liaison())) as connection:
        assert list(connection.scalars(sa.select(invitations.c.deputy_id))) == [PROVINCE]


def test_a_sight_ends_with_its_transaction(network):
    """Also when it was never used: connections go back to a pool, and the next one may be the service itself."""
    database = network.runtimes["intake"].database
    for _ in range(3):
        with database.reading(sight_of(PUBLIC)):
            pass
        with database.reading() as connection:
            assert len(everything(SimpleNamespace(connection=connection), {})) == 3


def test_a_stranger_at_the_database_finds_nothing(network, url):
    """The tables' owner, without what the services' connections begin with."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
    assert not network.runtimes["intake"].database.bypasses_isolation()
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM intake.suggestions")) == 0
    engine.dispose()


def test_a_backup_as_the_manual_says_holds_every_congress(network, url, tmp_path):
    """A dump without a sight fails: nobody finds out at the restore that a backup was empty."""
    manual = (Path(__file__).parents[3] / "docs/operators.md").read_text()
    dump, restore = (
        re.search(pattern, manual)[1] for pattern in (r"    (PGOPTIONS=.* pg_dump .*)", r"`(pg_restore .*)`")
    )
    programs = str(postgresql_program("pg_dump").parent)

    def run(command, database):
        environment = {**os.environ, "DATABASE_URL": database, "PATH": f"{programs}:{os.environ['PATH']}"}
        return subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    other = new_database(os.environ["JIANYI_DATABASE_URL"])
    assert run("pg_dump --file=nothing.sql $DATABASE_URL", url).returncode != 0
    for command, database in ((dump, url), (restore, other)):
        done = run(command, database)
        assert done.returncode == 0, done.stderr
    settings = Settings(home=tmp_path, database_url=other)
    database = Database(settings.database("intake"), "intake")
    for sight, seen in ((sight_of(liaison()), [PROVINCE]), ("*", [PROVINCE, COUNTY, NEIGHBOUR])):
        with database.reading(sight) as connection:
            assert everything(SimpleNamespace(connection=connection), {}) == seen
    database.close()


def test_what_is_public_stays_public(network):
    """A congress's totals are everybody's; a neighbour's unpublished suggestion does not exist."""
    runtime = network.runtimes["evaluation"]
    figures = runtime.tables["figures"]
    row = {"year": 2023, "figure": "solved", "numerator": 1, "denominator": 2, "changed_on": "2023-05-01"}
    with runtime.database.writing() as connection:
        for owner in ("", new_id()):
            connection.execute(sa.insert(figures).values(congress=NEIGHBOUR, owner=owner, **row))
    with runtime.database.reading(sight_of(liaison())) as connection:
        assert list(connection.scalars(sa.select(figures.c.owner))) == [""]
    with pytest.raises(NotFound):
        network.ask(liaison(), "intake", "suggestion", id=suggestion_of(network, NEIGHBOUR))


def suggestion_of(network, congress):
    with network.runtimes["intake"].database.reading() as connection:
        return connection.scalar(sa.select(suggestions.c.id).where(suggestions.c.congress == congress))


def test_a_login_that_a_neighbour_has_is_taken(network):
    operator = Actor("operator", "运维甲", (Role("operator", ""),))
    account = {"login": "jia", "name": "甲", "password": "a-long-password"}
    for path, name in (("43", "湖南省"), ("44", "广东省")):
        division = {
            "path": path,
            "code": f"{path}0000",
            "name": name,
            "level": "province",
            "parent": "",
            "has_congress": True,
        }
        network.do(operator, "directory", "register_divisions", divisions=[division])
    network.do(operator, "directory", "add_account", **account, roles=[{"role": "liaison", "congress": "44"}])

    with pytest.raises(Invalid, match="已有人使用"):
        network.do(
            liaison(), "directory", "add_account", **account, roles=[{"role": "liaison", "congress": "43"}]
        )


POLICIES = (
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = :s ORDER BY 1, 2"
)


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_and_tables_say_the_same(service, tmp_path):
    """Every table with a congress is kept apart, but for the register, which is open to whoever is signed in."""
    found = []
    for way in ("migrated", "created"):
        settings = Settings(home=tmp_path, database_url=new_database(os.environ["JIANYI_DATABASE_URL"]))
        if way == "migrated":
            migrate(service, settings)
        database = Database(settings.database(service), service)
        metadata = importlib.import_module(f"services.{service}.tables").metadata
        with database.writing() as connection:
            if way == "created":
                connection.execute(sa.text(f"CREATE SCHEMA {service}"))
                metadata.create_all(connection)
            found.append([tuple(row) for row in connection.execute(sa.text(POLICIES), {"s": service})])
        database.close()
    assert found[0] == found[1]
    kept = {row[0] for row in found[0]}
    register = {"copies"} | ({"congresses", "sessions", "delegations", "deputies", "units", "offices", "practices"} if service == "directory" else {"unit_tree"})  # fmt: skip
    assert {"intake": "invitations", "evaluation": "open_forms", "supervision": "timeline"}.get(
        service, "event_log"
    ) in kept
    with_congress = {table.name for table in metadata.tables.values() if "congress" in table.c}
    assert with_congress - register == kept - {
        "event_log", "invitations", "open_forms", "open_words", "timeline", "webhook_deliveries", "recipients", "contact_cards",
        "message_deliveries",
    }  # fmt: skip
