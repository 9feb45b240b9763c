"""Is what a plugin answered what it says it is? A specification's classes say by their fields what may stand in them.

Python does not hold anybody to that, and the core computes with it outside of what catches a plugin's errors: so it is looked at
once, here, before anything is made of it.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

MOST_ANSWERS = 1000


class WrongAnswer(TypeError):
    """What was answered is not what the hook's specification says."""


def checked(answers: Any, wanted: type) -> list[Any]:
    """The answers in a list. Raises WrongAnswer for anything else than a list of `wanted`, sound in each field."""
    if answers is None:
        return []
    if not isinstance(answers, list | tuple):
        raise WrongAnswer(f"answered {type(answers).__name__} in place of a list")
    if len(answers) > MOST_ANSWERS:
        raise WrongAnswer(f"answered {len(answers)} things, {MOST_ANSWERS} are looked at")
    for answer in answers:
        if not isinstance(answer, wanted):
            raise WrongAnswer(f"answered {type(answer).__name__} in place of {wanted.__name__}")
        _look_at(answer)
    return list(answers)


def _look_at(answer: Any) -> None:
    """Each field of it, and of what it is made of."""
    if not is_dataclass(answer):
        return
    of: Any = type(answer)
    for name, hint in _hints(of).items():
        value = getattr(answer, name)
        if not _fits(value, hint):
            raise WrongAnswer(f"{type(answer).__name__}.{name} is no {_called(hint)}: {value!r:.60}")


@cache
def _hints(of: type) -> dict[str, Any]:
    hints = get_type_hints(of)
    return {field.name: hints[field.name] for field in fields(of)}


def _fits(value: Any, hint: Any) -> bool:
    origin, of = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in of)
    if origin in (tuple, list):
        return isinstance(value, list | tuple) and all(_fits(one, of[0]) for one in value)
    if origin in (dict, Mapping):
        return isinstance(value, Mapping) and all(
            _fits(key, of[0]) and _fits(one, of[1]) for key, one in value.items()
        )
    if origin is Callable:
        return callable(value)
    return isinstance(hint, type) and _is_plainly(value, hint)


def _is_plainly(value: Any, wanted: type) -> bool:
    """A yes is no number, a moment is no day, and what is not a number at all (NaN) does not count as one."""
    if wanted in (int, float):
        return isinstance(value, wanted | int) and not isinstance(value, bool) and math.isfinite(value)
    if wanted is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if wanted is str:
        return isinstance(value, str) and "\x00" not in value  # which no database keeps
    if not isinstance(value, wanted):
        return False
    _look_at(value)
    return True


def _called(hint: Any) -> str:
    return (
        hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")
    )
