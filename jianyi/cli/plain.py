"""What every command does alike: speak, read the settings, and refuse in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import typer
from rich.console import Console

from shared import logs
from shared.problems import Problem, system_words
from shared.settings import SERVICES, Settings, load

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """A refusal becomes a sentence on standard error and exit code 1, not a traceback."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Problem as problem:
            complaints.print(f"[red]没有办成：[/red]{problem.detail}")
            for field, sentences in problem.errors.items():
                complaints.print(f"  {field}：{sentences}")
            raise typer.Exit(1) from problem
        except OSError as error:
            complaints.print(f"[red]没有办成：[/red]{error.filename or ''} {system_words(error)}。")
            raise typer.Exit(1) from error
        except KeyboardInterrupt as interrupt:
            raise typer.Exit(130) from interrupt

    return command


def settings() -> Settings:
    """The settings, with logging set up by them."""
    found = load()
    logs.configure(found.log_level, pretty=complaints.is_terminal)
    return found


def require_service(name: str) -> None:
    """Refuse a name that no service has."""
    if name not in SERVICES:
        raise Problem(f"没有“{name}”这个服务。服务有：{'、'.join(SERVICES)}。")
