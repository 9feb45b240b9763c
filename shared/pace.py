"""For work that takes long: give way to the others of the process, or be done beside them.

Knows no eventlet: where a hub is watched (`shared.hub`), that says how; elsewhere, in tests and on the command line,
nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_ways: dict[str, Callable[..., Any]] = {}


def give_way() -> None:
    """Let the others go on, if they have waited for a while. For each round of a loop that takes long."""
    if _ways:
        _ways["give_way"]()


def aside(function: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
    """Call a function that takes long in a thread of its own. It may share nothing with others meanwhile."""
    if not _ways:
        return function(*args, **options)
    result: R = _ways["aside"](function, *args, **options)
    return result


def among_others(give_way: Callable[[], None], aside: Callable[..., Any]) -> None:
    """From now on there are others, and this is how they are let go on."""
    _ways.update(give_way=give_way, aside=aside)


def alone() -> None:
    """From now on there are no others."""
    _ways.clear()
