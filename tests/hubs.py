"""What the processes of a network log of hubs that were blocked."""

from __future__ import annotations

import json
from typing import Any

from jianyi.processes import Processes
from shared.hub import ASLEEP

BLOCKED_SECONDS = 0.4  # three tests at a time on two processors: a quarter of a second is the machine's


def blocks(processes: Processes) -> list[dict[str, Any]]:
    """All of them, with the process."""
    found = []
    for name in processes.commands:
        for line in (processes.logs / f"{name}.log").read_text(errors="replace").splitlines():
            if '"hub blocked"' in line:
                found.append({"process": name, **json.loads(line)})
    return found


def blocked(processes: Processes, since: int = 0) -> list[str]:
    """Those after the first `since`, leaving out what the machine did: it gave the processor to others, or woke a process late
    that waited, while no thread of it was busy.
    """
    return [
        f"{block['process']}: {block['seconds']} s, {block['starved']} of it starved\n{block['stack']}"
        for block in blocks(processes)[since:]
        if block["seconds"] - block["starved"] > BLOCKED_SECONDS and block["stack"] != ASLEEP
    ]
