"""Intake as a consumer that takes each event by itself, in a transaction of its own: to compare with batches."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the process."""
    from shared.bus import consumer

    consumer.BATCH, consumer.LINGER_SECONDS = 1, 0.0
    sys.argv = ["jianyi", "serve", "intake"]
    from jianyi.cli.commands import app

    app()


if __name__ == "__main__":
    from shared.green import patch

    patch()
    main()
