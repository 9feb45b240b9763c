"""W3C trace context: one trace id follows a command through services and events.

`traceparent` says in which trace a step stands and under which other step; it travels with every call and event.
`tracestate` is what the tracing systems of others have noted on the way: it is handed on unread.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

# A version that comes after 00 may have more parts at its end; these four stay.
_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_STATE_FORM = re.compile(r"[\x20-\x7e]{1,512}")

_tracestate: ContextVar[str] = ContextVar("tracestate", default="")


def new_trace() -> str:
    """A `traceparent` that begins a trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child(traceparent: str | None) -> str:
    """A `traceparent` for a step within a trace; begins a new one when none, or a malformed one, is given."""
    if not (found := _FORM.fullmatch(traceparent or "")):
        return new_trace()
    # Of the flags, what version 00 knows: whether the caller keeps its part of the trace.
    return f"00-{found[1]}-{secrets.token_hex(8)}-{int(found[3], 16) & 1:02x}"


def is_trace(traceparent: str | None) -> bool:
    """Does it name a trace that can be joined?"""
    return _FORM.fullmatch(traceparent or "") is not None


def trace_id(traceparent: str) -> str:
    """The 32 hexadecimal digits that name the trace."""
    return traceparent[3:35]


def tracestate() -> str:
    """What the current step hands on; empty when its trace began here, or nobody has noted anything."""
    return _tracestate.get()


def carry(state: str | None) -> None:
    """Let the current step hand this on; what no `tracestate` may look like is dropped."""
    _tracestate.set(state if state and _STATE_FORM.fullmatch(state) else "")
