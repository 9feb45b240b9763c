"""A PostgreSQL cluster of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import closing

import psycopg2
from psycopg2 import sql

from servers.packages import postgresql_program
from servers.server import LOOPBACK, Server, ServerFailed

ADMINISTRATOR = "postgres"
OWNER = "jianyi"  # not a superuser: row-level security does not hold for superusers


class PostgreSQL(Server):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": breaks off what clients are doing, and shuts down cleanly

    @property
    def url(self) -> str:
        return self.url_of(OWNER)

    def url_of(self, database: str) -> str:
        return f"postgresql://{OWNER}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self) -> None:
        data = self.home / "data"
        if (data / "PG_VERSION").exists():
            return
        # A folder left by an initdb that was broken off is of no use, and initdb would refuse it.
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if user := unprivileged_user():
            os.chown(data, user.pw_uid, user.pw_gid)
        initdb = [str(postgresql_program("initdb")), "--pgdata", str(data), "--username", ADMINISTRATOR]
        initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C"]
        if self.fast:
            initdb.append("--no-sync")
        done = subprocess.run(
            without_root(initdb),
            cwd=data,
            capture_output=True,
            text=True,
            env=os.environ | self.environment(),
        )
        if done.returncode:
            raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",  # their paths may not be longer than about 100 characters
            "max_connections": "300",  # eight services, each with a pool and its overflow, and the tests' own
        }
        if self.fast:
            # Nothing is lost when the server is killed, only when the whole machine loses power.
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return without_root([str(postgresql_program()), "-D", str(self.home / "data"), *options])

    def environment(self) -> dict[str, str]:
        return {"LC_ALL": "C", "HOME": str(self.home)}

    def is_ready(self) -> bool:
        try:
            if not self._administrate("SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
                self._administrate(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
            if not self._administrate("SELECT 1 FROM pg_database WHERE datname = %s", OWNER):
                self.new_database(OWNER)
        except psycopg2.OperationalError:
            return False
        return True

    def new_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self._administrate(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        )
        return self.url_of(name)

    def delete_database(self, name: str) -> None:
        """Delete it together with the connections that are still open to it."""
        self._administrate(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administrate(self, statement: str | sql.Composable, *values: str) -> Sequence[tuple[object, ...]]:
        connection = psycopg2.connect(
            host=LOOPBACK, port=self.port, user=ADMINISTRATOR, dbname="postgres", connect_timeout=2
        )
        with closing(connection), connection.cursor() as cursor:
            connection.autocommit = True  # databases cannot be made inside a transaction
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else ()


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run as: PostgreSQL refuses to run as root. None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerFailed(
        "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody."
    )


def without_root(command: list[str]) -> list[str]:
    """The command, run as an unprivileged user when we are root.

    It keeps one right of root's, to pass through folders of others: the data may lie below one that only root
    may enter, such as root's home or a test's temporary folder.
    """
    user = unprivileged_user()
    if user is None:
        return command
    identity = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *identity, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", *command]
