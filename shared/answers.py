"""Is what a plugin answered what it says it is? A specification's classes say by their fields what may stand in them.

Python does not hold anybody to that, and the core computes with it outside of what catches a plugin's errors: so it is looked at
once, here, before anything is made of it.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache, reduce
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
    of: Any = type(answer)
    for name, usual, fits, hint in _fields(of):
        value = getattr(answer, name)
        if value is not usual and not fits(value):
            raise WrongAnswer(f"{of.__name__}.{name} is no {_called(hint)}: {value!r:.60}")


Fits = Callable[[Any], bool]


@cache
def _fields(of: type) -> tuple[tuple[str, Any, Fits, Any], ...]:
    """(name, its default, does a value fit, its hint) of each field; made once for each class, for commands wait for it."""
    if not is_dataclass(of):
        return ()
    hints, found = get_type_hints(of), []
    for field in fields(of):
        hint = hints[field.name]
        fits = _fits(hint)
        # Most fields are left as they are; a class of a plugin's own may have a default that does not fit.
        found.append((field.name, field.default if fits(field.default) else MISSING, fits, hint))
    return tuple(found)


def _fits(hint: Any) -> Fits:
    """What tells whether a value is of this kind."""
    origin, of = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda value: True
    if origin in (Union, types.UnionType):
        return reduce(_either, map(_fits, of))
    if origin in (tuple, list):
        each = _fits(of[0])
        return lambda value: isinstance(value, list | tuple) and all(map(each, value))
    if origin in (dict, Mapping):
        key, item = map(_fits, of)
        return lambda value: isinstance(value, Mapping) and all(key(k) and item(v) for k, v in value.items())
    if origin is Callable:
        return callable
    return _PLAIN.get(hint) or _is_sound(hint)


def _either(one: Fits, other: Fits) -> Fits:
    return lambda value: one(value) or other(value)


def _is_sound(wanted: type) -> Fits:
    def fits(value: Any) -> bool:
        if value is None or not isinstance(value, wanted):
            return value is None and wanted is type(None)
        _look_at(value)
        return True

    return fits


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value  # which no database keeps


def _is_number(value: Any) -> bool:
    """A yes is no number, and what is not a number at all (NaN) does not count as one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_PLAIN: Mapping[Any, Fits] = {
    str: _is_text,
    bool: lambda value: value is True or value is False,
    int: lambda value: type(value) is int,
    float: _is_number,
    date: lambda value: isinstance(value, date) and not isinstance(value, datetime),  # a moment is no day
}


def _called(hint: Any) -> str:
    return (
        hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")
    )
