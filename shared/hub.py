"""Watches eventlet's hub: what blocks it stops every greenlet of the process.

What is long and our own gives way or is done beside the hub (`shared.pace`). The watch finds what does not:
a greenlet turns regularly and measures how late it was woken. A thread of the operating system, which nothing green can
stop, looks when the turn stays away, and keeps the stack of what the process is doing then; the greenlet logs it.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import eventlet
import eventlet.tpool
import structlog
from eventlet.patcher import original

from shared import pace

log = structlog.get_logger()

TURN_SECONDS = 0.05
OVERDUE_SECONDS = 0.08  # since the last turn: time to give way
BLOCKED_SECONDS = 0.2  # from here on it is logged, with the stack; time without a processor not counted
MOST_FRAMES = 12  # of the stack, the innermost
ASLEEP = "asleep: woken late"  # in place of the hub's stack when it only waited
WAITING = (
    "eventlet/hubs/poll.py",
    "eventlet/hubs/epolls.py",
    "eventlet/tpool.py",
    "/queue.py",
    "/threading.py",
)

_thread: Any = original("_thread")  # the system's own: not a greenlet
_sleep: Callable[[float], None] = original("time").sleep


@dataclass(frozen=True)
class Block:
    """Once that the hub did not turn. `starved`: of the seconds, those in which the system gave the processor to others."""

    seconds: float
    starved: float
    stack: str


@dataclass
class HubWatch:
    """One per process, however many services run in it."""

    on_block: Callable[[Block], None] = lambda block: None
    _worst: dict[str, float] = field(default_factory=dict)  # by reader
    _turned_at: float = 0.0
    _seen: str = ""
    _running: bool = False
    _thread: int = 0

    def start(self) -> None:
        """Watch from now on the thread that calls this; a second call changes nothing."""
        if self._running:
            return
        self._running, self._turned_at = True, time.monotonic()
        self._thread = _thread.get_ident()
        self._queue = Path(f"/proc/self/task/{_thread.get_native_id()}/schedstat")
        self._greenlet = eventlet.spawn(self._turn)
        pace.among_others(self.give_way, eventlet.tpool.execute)
        _thread.start_new_thread(self._look, (self._greenlet,))

    def give_way(self) -> None:
        """Let greenlets that are due go on, if they have been waiting for a while."""
        late = time.monotonic() - self._turned_at > OVERDUE_SECONDS
        if late and _thread.get_ident() == self._thread:
            eventlet.sleep(0)

    def stop(self) -> None:
        if self._running:
            self._running = False
            pace.alone()
            self._greenlet.kill()

    def worst_since_last(self, reader: str) -> float:
        """The longest delay in seconds since this reader asked the last time."""
        worst = self._worst.get(reader, 0.0)
        self._worst[reader] = 0.0
        return worst

    def _turn(self) -> None:
        starved = self._starved()
        while True:
            self._seen, self._turned_at = "", time.monotonic()
            eventlet.sleep(TURN_SECONDS)
            late = max(time.monotonic() - self._turned_at - TURN_SECONDS, 0.0)
            before, starved = starved, self._starved()
            for reader in self._worst:
                self._worst[reader] = max(self._worst[reader], late)
            waited = min(starved - before, late)
            if late - waited > BLOCKED_SECONDS:  # a crowded machine is not our doing
                self._tell(Block(late, waited, self._seen))

    def _tell(self, block: Block) -> None:
        log.warning(
            "hub blocked", seconds=round(block.seconds, 3), starved=round(block.starved, 3), stack=block.stack
        )
        self.on_block(block)

    def _look(self, mine: Any) -> None:
        while self._running and mine is self._greenlet:
            if not self._seen and time.monotonic() - self._turned_at > BLOCKED_SECONDS:
                self._seen = _what_runs(sys._current_frames(), self._thread)
            _sleep(TURN_SECONDS)

    def _starved(self) -> float:
        """For how long this thread would have run and did not get a processor, as Linux tells it."""
        try:
            return int(self._queue.read_text().split()[1]) / 1e9
        except OSError:
            return 0.0


def _what_runs(frames: dict[int, FrameType], hub: int) -> str:
    """The stack of the hub's thread; where that only waits, those of other threads that may keep the interpreter from it."""
    stack = _stack(frames[hub]) if hub in frames else "?"
    if not _waits(frames.get(hub)):
        return stack
    busy = [
        frame
        for thread, frame in frames.items()
        if thread not in (hub, _thread.get_ident()) and not _waits(frame)
    ]
    return "\n".join([ASLEEP, *map(_stack, busy)])


def _waits(frame: FrameType | None) -> bool:
    """For something to happen outside, or for work."""
    return frame is None or frame.f_code.co_filename.endswith(WAITING)


def _stack(frame: FrameType) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_stack(frame))
    # Who imports is of interest, not how importing works.
    lines = [line for line in frames if not line.filename.startswith("<frozen importlib")][:MOST_FRAMES]
    return "\n".join(f"{line.filename}:{line.lineno} {line.name}" for line in lines)


watch = HubWatch()
