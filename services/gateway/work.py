"""What waits for one person, from all services, by date: for the REST route and the first page alike."""

from __future__ import annotations

from typing import Any

from services.gateway.calls import Calls
from shared.contracts import assignment, evaluation, intake, supervision
from shared.problems import Problem

SOURCES = {
    "intake": intake.WAITING,
    "assignment": assignment.WAITING,
    "supervision": supervision.WAITING,
    "evaluation": evaluation.WAITING,
}
MOST_DATED = 500  # as many as supervision tells the deadlines of at once

# Which deadline a piece of work has to be done by, where it is not the suggestion's next one.
DEADLINES = {
    "sign_for": ("sign_for", "part_sign_for"),
    "hand_in_part": ("part",),
    "give_opinion": ("joint_opinion",),
    "give_feedback": ("feedback",),
    "draft_reply": ("renewed_reply", "second_reply", "extended_reply", "reply"),
    "approve_reply": ("renewed_reply", "second_reply", "extended_reply", "reply"),
    "issue_reply": ("renewed_reply", "second_reply", "extended_reply", "reply"),
    "make_plan": ("extended_reply", "reply"),
    "complete_step": ("step",),
}

Line = dict[str, Any]


def my_work(calls: Calls) -> dict[str, Any]:
    """{work: [{suggestion, title, command, what, due_on, light, …}], unanswered: [services]}, most urgent first.

    A service that does not answer leaves the others' work as it is.
    """
    answers = calls.gather({service: (query, {}) for service, query in SOURCES.items()})
    lines = [dict(line) for answer in answers.values() if not isinstance(answer, Problem) for line in answer]
    unanswered = [service for service, answer in answers.items() if isinstance(answer, Problem)]
    suggestions = list(dict.fromkeys(line["suggestion"] for line in lines if line.get("suggestion")))[
        :MOST_DATED
    ]
    due: dict[str, list[Line]] = {}
    if suggestions:
        answer = calls.gather({"due": (supervision.DUE, {"suggestions": suggestions})})["due"]
        if not isinstance(answer, Problem):
            due = answer
        elif "supervision" not in unanswered:
            unanswered.append("supervision")
    for line in lines:
        line |= _deadline(line, due.get(line.get("suggestion", ""), []))
    return {"work": sorted(lines, key=_urgency), "unanswered": unanswered}


def _deadline(line: Line, deadlines: list[Line]) -> Line:
    """{due_on, light, deadline} of the deadline that the work is for; empty ones where there is none."""
    fitting = [d for d in deadlines if not (_unit(line) and _unit(d)) or _unit(line) == _unit(d)]
    kinds = DEADLINES.get(line.get("command", ""))
    if kinds:
        fitting = [d for d in fitting if d.get("kind") in kinds]
    if not fitting:
        return {
            "due_on": line.get("due_on") or "",
            "light": line.get("light") or "",
            "deadline": line.get("deadline") or "",
        }
    return nearest_deadline(fitting)


def nearest_deadline(deadlines: list[Line]) -> Line:
    """{due_on, light, deadline} of the one that comes first; empty where there is none."""
    if not deadlines:
        return {}
    first = min(deadlines, key=lambda d: str(d["due_on"]))
    return {
        "due_on": first["due_on"],
        "light": first.get("light") or "",
        "deadline": first.get("label") or "",
    }


def _unit(thing: Line) -> str:
    """The id of the unit that a line or a deadline is about; some name it beside the id."""
    unit = thing.get("unit") or ""
    return str(unit.get("id", "")) if isinstance(unit, dict) else str(unit)


def _urgency(line: Line) -> tuple[str, str]:
    return line["due_on"] or "9999", str(line.get("since") or "9999")
