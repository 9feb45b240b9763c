"""A time limit that holds for other people's code, whether it computes for ever or waits for ever."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import eventlet
from eventlet.patcher import is_monkey_patched, original

# For one hook of one plugin: what it has to know it is given, so it computes and does not wait.
LIMIT_SECONDS = 0.5
LOOK_SECONDS = 0.05

_thread: Any = original("_thread")  # the system's own: not a greenlet
_sleep: Callable[[float], None] = original("time").sleep


class Overtime(BaseException):
    """Raised inside of what takes too long. No Exception, so that it is not caught by the way."""


@dataclass(eq=False)
class _Run:
    """A hook that is running: in which thread, from which frame on, and until when it may."""

    thread: int
    frame: FrameType
    until: float


_runs: list[_Run] = []
_lock: Any = _thread.allocate_lock()
_is_watching = False


def within_limit(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """What the function answers. Raises Overtime in it, and so here, when it takes longer than LIMIT_SECONDS.

    Code that computes is interrupted by a thread that watches; code that waits, where waiting lets others go on, by the hub.
    A call into C that does not come back is interrupted when it does.
    """
    run = _Run(_thread.get_ident(), sys._getframe(), time.monotonic() + LIMIT_SECONDS)
    waits = eventlet.Timeout(LIMIT_SECONDS, Overtime()) if is_monkey_patched("time") else None
    _begin(run)
    try:
        try:
            return function(**arguments)
        finally:
            _end(run)
    except Overtime:
        _end(run)  # it may have come in the middle of ending
        raise
    finally:
        if waits:
            waits.cancel()


def _begin(run: _Run) -> None:
    global _is_watching
    with _lock:
        _runs.append(run)
        if not _is_watching:
            _is_watching = True
            _thread.start_new_thread(_look, ())


def _end(run: _Run) -> None:
    with _lock:
        if run in _runs:
            _runs.remove(run)


def _look() -> None:
    """Until nothing has run for a while: who takes too long is interrupted, again and again if need be."""
    global _is_watching
    idle = 0
    while True:
        _sleep(LOOK_SECONDS)
        with _lock:
            idle = 0 if _runs else idle + 1
            if idle > 100:
                _is_watching = False
                return
            now = time.monotonic()
            frames = sys._current_frames() if any(now > run.until for run in _runs) else {}
            for run in _runs:
                if now > run.until and _is_in(frames.get(run.thread), run.frame):
                    # Only while its own frame is on the thread's stack: another greenlet's work is not disturbed.
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(run.thread), ctypes.py_object(Overtime)
                    )


def _is_in(frame: FrameType | None, wanted: FrameType) -> bool:
    while frame is not None:
        if frame is wanted:
            return True
        frame = frame.f_back
    return False
