"""The command line `jianyi`."""

from __future__ import annotations

import os
import sys
import warnings


def main() -> None:
    """Entry point. Commands that start services have eventlet patch the standard library before anything else is loaded."""
    # A bare machine has no UTF-8 locale; the messages are Chinese all the same.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    # Known, and said in docs/dependencies.md; an operator can do nothing about it.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # loopback names must not depend on a name server
    if len(sys.argv) > 1 and sys.argv[1] in ("run", "serve"):
        from shared import garbage, green

        garbage.while_loading()
        green.patch()
    from jianyi.cli.commands import app

    app()
