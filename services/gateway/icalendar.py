"""A calendar as other programs read it: iCalendar (RFC 5545), whole days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, the line break not counted


@dataclass(frozen=True)
class Happening:
    """One entry, both days included. `uid` is the same for the same entry, `sequence` rises when it has changed."""

    uid: str
    summary: str
    since: date
    until: date
    description: str
    sequence: int


def write(name: str, happenings: Iterable[Happening], now: datetime) -> bytes:
    """The calendar as a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jianyi//Year//ZH",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for one in happenings:
        lines += [
            "BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{one.since:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.until + timedelta(days=1):%Y%m%d}", f"SUMMARY:{_text(one.summary)}",
            f"DESCRIPTION:{_text(one.description)}", f"SEQUENCE:{one.sequence}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _text(text: str) -> str:
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, escaped)
    return text


def _folded(line: str) -> Iterator[bytes]:
    """A long line goes on in the next one behind a space; no sign is cut in two."""
    part = b""
    for sign in line:
        encoded = sign.encode()
        if len(part) + len(encoded) > LONGEST_LINE:
            yield part
            part = b" "
        part += encoded
    yield part
