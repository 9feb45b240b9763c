"""Makes a process green: eventlet in place of the standard library's blocking calls. Before any other import."""

from __future__ import annotations

import warnings


def patch() -> None:
    """Patch the standard library and psycopg2, so that a waiting query or socket does not stop the other greenlets."""
    warnings.filterwarnings(
        "ignore", message="Mandatory delivery was requested"
    )  # an unanswered call times out
    import eventlet

    eventlet.monkey_patch()
    from eventlet.support import psycopg2_patcher

    psycopg2_patcher.make_psycopg_green()
