"""W3C trace context: one trace id follows a command through services and events."""

from __future__ import annotations

import secrets


def new_trace() -> str:
    """A `traceparent` that begins a trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child(traceparent: str | None) -> str:
    """A `traceparent` for a step within a trace; begins a new one when none, or a malformed one, is given."""
    parts = (traceparent or "").split("-")
    if len(parts) != 4 or len(parts[1]) != 32 or len(parts[2]) != 16:
        return new_trace()
    return f"00-{parts[1]}-{secrets.token_hex(8)}-{parts[3]}"


def trace_id(traceparent: str) -> str:
    """The 32 hexadecimal digits that name the trace."""
    return traceparent[3:35]
