"""What can happen to a network on real servers, done on purpose; what was harmed runs again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from jianyi.processes import Processes
from servers.server import Server


@contextmanager
def killed_service(processes: Processes, name: str) -> Iterator[None]:
    """kill -9 of one service, which is started again when the block ends."""
    processes.kill(name)
    try:
        yield
    finally:
        processes.start(name)


@contextmanager
def killed(server: Server) -> Iterator[None]:
    """kill -9 of a server with all its children, as a power cut would end it; it is started when the block ends."""
    server.kill()
    try:
        yield
    finally:
        server.start()


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """A server that was shut down as an administrator would; it is started when the block ends."""
    server.stop()
    try:
        yield
    finally:
        server.start()


def cut_off(database_url: str, most: int = 1000) -> int:
    """The database ends sessions of this network's services, busy ones first. Returns how many."""
    ends = """
        SELECT pg_terminate_backend(pid) FROM
        (SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
         ORDER BY state = 'idle', random() LIMIT %s) AS chosen
    """
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(ends, (most,))
        return cursor.rowcount
