"""Makes a process green: eventlet in place of the standard library's blocking calls. Before any other import."""

from __future__ import annotations

import ctypes
import warnings
from contextlib import suppress
from typing import Any

SOON_SECONDS = 0.0005
M_ARENA_MAX, ARENAS = -8, 2  # as glibc's mallopt has it


def patch() -> None:
    """Patch the standard library and psycopg2, so that a waiting query or socket does not stop the other greenlets."""
    warnings.filterwarnings(
        "ignore", message="Mandatory delivery was requested"
    )  # an unanswered call times out
    import eventlet

    eventlet.monkey_patch()
    _share_memory()
    _make_psycopg2_green()


def _share_memory() -> None:
    """Let the threads beside the hub (`eventlet.tpool`) share what they gave back.

    Each would keep some ten megabytes of its own: an embedded network took twice the memory after its first lives.
    """
    with suppress(OSError, AttributeError):  # not glibc: nothing to do
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _make_psycopg2_green() -> None:
    from eventlet.hubs import trampoline
    from eventlet.patcher import original
    from psycopg2 import OperationalError, extensions

    select: Any = original("select").select  # the system's own

    def wait(connection: Any, timeout: float = -1) -> None:
        """Wait for PostgreSQL's answer.

        Most answers are there within a fraction of a millisecond, sooner than the way through the hub and back takes;
        so each is first awaited for that long on the spot. Longer waits let the other greenlets go on.
        """
        while (state := connection.poll()) != extensions.POLL_OK:
            handle = connection.fileno()
            if state == extensions.POLL_READ:
                if handle >= 1024 or not select([handle], [], [], SOON_SECONDS)[0]:
                    trampoline(handle, read=True)
            elif state == extensions.POLL_WRITE:
                trampoline(handle, write=True)
            else:
                raise OperationalError(f"poll answered {state!r}")

    extensions.set_wait_callback(wait)
