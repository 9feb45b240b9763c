"""Brings a service's tables to the newest version, with Alembic, each service with a history of its own."""

from __future__ import annotations

import importlib
from pathlib import Path

import sqlalchemy as sa

from shared.database import Database
from shared.event_log import open_months
from shared.problems import Problem
from shared.settings import Settings

# The gateway's and every other service's history: services/SERVICE/migrations/versions/0001_….py


def folder_of(service: str) -> Path:
    """Where a service's history lies."""
    return Path(importlib.import_module(f"services.{service}").__path__[0]) / "migrations"


def newest(service: str) -> str:
    """The revision that the code wants, as 0003: read from the file names, without loading Alembic."""
    return max((path.name[:4] for path in (folder_of(service) / "versions").glob("[0-9]*.py")), default="")


def current(database: Database) -> str:
    """The revision that the database has; empty for a new one."""
    with database.reading() as connection:
        if not sa.inspect(connection).has_table("alembic_version", schema=_schema(database)):
            return ""
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""


def migrate(service: str, settings: Settings) -> tuple[str, str]:
    """Upgrade one service. Returns (revision before, revision now). Safe to run twice, and from two processes at once."""
    database = Database(settings.database(service), service)
    try:
        if not database.is_sqlite:
            with database.writing() as connection:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('jianyi.migrate'))"))
                connection.execute(sa.text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
        before, wanted = current(database), newest(service)
        if before > wanted:
            raise Problem(
                f"{service} 的数据表是版本 {before}，比这个程序认识的 {wanted} 新。请运行新版本的程序，或恢复升级前的备份。"
            )
        if before != wanted:
            _upgrade(service, database)
        open_months(database)
        return before, wanted
    finally:
        database.close()


def _upgrade(service: str, database: Database) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(folder_of(service)))
    script = ScriptDirectory.from_config(config)
    context = EnvironmentContext(
        config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)
    )
    with database.writing() as connection, context:
        if not database.is_sqlite:  # two that migrate at once: the second finds nothing to do
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('jianyi.migrate'))"))
        context.configure(connection=connection, render_as_batch=database.is_sqlite)
        context.run_migrations()


def differences(service: str, database: Database) -> list[object]:
    """What the service's tables in the code have that the database has not, or the other way round."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    metadata = importlib.import_module(f"services.{service}.tables").metadata
    with database.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def draft(service: str, message: str, settings: Settings) -> Path:
    """Write the next revision of a service's history from what its tables in the code have changed. For developers."""
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.runtime.migration import MigrationContext

    metadata = importlib.import_module(f"services.{service}.tables").metadata
    migrate(service, settings)
    before = newest(service)
    previous = f'"{before}"' if before else "None"
    number = f"{int(before or 0) + 1:04d}"
    database = Database(settings.database(service), service)
    with database.reading() as connection:
        operations = produce_migrations(MigrationContext.configure(connection), metadata)
    database.close()
    assert operations.upgrade_ops is not None
    body = render_python_code(operations.upgrade_ops, render_as_batch=bool(before))
    path = folder_of(service) / "versions" / f"{number}_{message.replace(' ', '_')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'"""{message.capitalize()}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "{number}"\ndown_revision = {previous}\n\n\n' + f"def upgrade() -> None:\n    {body}\n",
        encoding="utf-8",
    )
    return path


def _schema(database: Database) -> str | None:
    return None if database.is_sqlite else database.service
