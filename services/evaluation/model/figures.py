"""The figures people are judged by, kept as events come in and never counted on the page.

Source: docs/domain "Figures people are judged by". A suggestion puts at most one line into each figure of
its congress and of each unit that replies to it; `contributions` says which, as a pure function of the
evaluation. When it is saved, the difference to what it had put in before is added (`recount`): so a repeated
event adds nothing, a late one corrects what stands there, and the figures are the sum of all contributions at
any time.

A figure belongs to the year in which intake counts the suggestion, also when its reply comes later. Until
intake has told of the acceptance, and after it was merged into another, a suggestion is in no figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.evaluation.model.back_to_back import OF_JUDGEMENTS as OF_JUDGEMENTS
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.parts import REPLY_DEADLINES, UNSATISFIED, Task
from shared.reply_classes import SOLVED, means_of
from shared.terms import CONTACT_PHASES

OF_CONGRESS = ""  # owner of the congress's own figures; a unit's figures have the unit's id


@dataclass(frozen=True)
class Figure:
    """One figure: how it is called, and what is divided by what."""

    name: str
    label: str
    meaning: str


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "on_time",
            "按期办复率",
            "按期答复的建议÷已答复或答复期限已过的建议；几个单位分别答复的，都按期才算按期",
        ),
        Figure(
            "solved",
            "当年解决率",
            "当年答复为已经解决（A类）的建议÷当年交办的建议；当年回头看发现不实、重新办理的，以重新答复为准",
        ),
        Figure(
            "satisfied_process",
            "代表满意率（办理过程）",
            "对办理过程满意和基本满意的评价÷代表作出的评价；再次办理后以新的评价为准",
        ),
        Figure(
            "satisfied_result",
            "代表满意率（办理结果）",
            "对办理结果满意和基本满意的评价÷代表作出的评价；再次办理后以新的评价为准",
        ),
        Figure("face_to_face", "面商率", "与代表当面沟通过的建议÷交办的建议"),
        Figure("visited", "走访率", "办前、办中、办后都与代表沟通过的建议÷交办的建议"),
        Figure(
            "late_feedback",
            "逾期反馈率",
            "逾期交来的评价÷代表交来的评价；逾期的和没有交来的评价都不计入满意率",
        ),
        Figure(
            "matters_solved",
            "累计解决率",
            "到目前为止已经解决的建议（答复为A类，或者承诺事项全部销号）÷交办的建议",
        ),
        Figure("commitments_kept", "B类销号率", "已销号的承诺事项÷已到期或者已销号的承诺事项"),
    )
}

Key = tuple[str, int, str]  # owner, year, figure
Share = tuple[int, int]  # numerator, denominator


@dataclass(frozen=True)
class Change:
    """What one evaluation now has in a figure, and by how much that differs from before."""

    suggestion: str
    congress: str
    key: Key
    share: Share
    difference: Share
    on: date


def contributions(evaluation: Evaluation) -> dict[Key, Share]:
    """What a suggestion puts into which figures."""
    if not evaluation.year or evaluation.merged_into or not evaluation.replying:
        return {}
    shares: dict[Key, Share] = {}
    owners = {OF_CONGRESS: evaluation.replying}
    for task in evaluation.replying:
        owners.setdefault(task.unit.id, []).append(task)
    for owner, tasks in owners.items():
        for figure, share in _of_owner(evaluation, owner, tasks).items():
            if share[1]:
                shares[owner, evaluation.year, figure] = share
    return shares


def _of_owner(evaluation: Evaluation, owner: str, tasks: list[Task]) -> dict[str, Share]:
    units = {task.unit.id for task in tasks}
    talked = evaluation.talked if owner == OF_CONGRESS else units & set(evaluation.talked)
    promises = [
        c
        for c in evaluation.commitments.values()
        if (owner == OF_CONGRESS or c.unit in units) and c.is_due(evaluation.changed_on)
    ]
    return {
        "on_time": _on_time(evaluation, units),
        "solved": (int(all(_solved_in_year(evaluation, task) for task in tasks)), 1),
        "satisfied_process": _satisfied(judgement[0] for judgement in _judgements(evaluation, units)),
        "satisfied_result": _satisfied(judgement[1] for judgement in _judgements(evaluation, units)),
        "face_to_face": (int(bool(talked)), 1),
        "late_feedback": _late(evaluation, units),
        "matters_solved": (int(all(_is_solved(evaluation, task) for task in tasks)), 1),
        "visited": (int(_is_visited(evaluation, units)), 1),
        "commitments_kept": (sum(promise.kept for promise in promises), len(promises)),
    }


def _is_visited(evaluation: Evaluation, units: set[str]) -> bool:
    """Was there a talk in every phase (三访)? Of separate units it is enough for the suggestion when together they did."""
    found = {phase for unit, phases in evaluation.visits.items() if unit in units for phase in phases}
    return found >= CONTACT_PHASES.keys()


def _on_time(evaluation: Evaluation, units: set[str]) -> Share:
    due = [
        deadline
        for deadline in evaluation.deadlines.values()
        if deadline.kind in REPLY_DEADLINES and deadline.unit in units and deadline.counts
    ]
    return (int(not any(deadline.missed for deadline in due)), 1) if due else (0, 0)


def _solved_in_year(evaluation: Evaluation, task: Task) -> bool:
    """Is the unit's newest reply of the suggestion's own year of class A?"""
    replies = [reply for reply in evaluation.replies if reply.task == task.id]
    of_year = [r for r in replies if r.issued_on.year == evaluation.year and r.sent_back is None]
    if of_year:
        newest = max(of_year, key=lambda reply: reply.round)
        refuted = newest.rehandling is not None and newest.rehandling.refuted
        if refuted and newest.rehandling and newest.rehandling.ordered_on.year == evaluation.year:
            return False
        return newest.means_in(evaluation.year) == SOLVED
    on_paper = evaluation.ledger if not replies and task.role == "lead" else None
    if on_paper is None or (on_paper.replied_on and on_paper.replied_on.year != evaluation.year):
        return False
    return means_of(on_paper.reply_class, on_paper.means) == SOLVED


def _is_solved(evaluation: Evaluation, task: Task) -> bool:
    """By now: is the unit's newest reply of class A, or is all that it promised done?"""
    newest = evaluation.newest(task.id)
    if newest is None:
        return task.role == "lead" and evaluation.reply_means == SOLVED
    standing = (promise for promise in evaluation.commitments.values() if not promise.withdrawn)
    promises = [promise for promise in standing if promise.unit == task.unit.id]
    return newest.newest_means == SOLVED or (bool(promises) and all(promise.kept for promise in promises))


def _judgements(evaluation: Evaluation, units: set[str]) -> list[tuple[str, str]]:
    """(process, result) of each deputy's newest judgement on each unit; a ledger's word knows no process."""
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    lead = next((task for task in evaluation.replying if task.role == "lead"), None)
    if evaluation.ledger and evaluation.ledger.result and lead and lead.unit.id in units:
        deputy = evaluation.deputies[0].id if evaluation.deputies else ""
        newest[deputy, lead.unit.id] = ("", evaluation.ledger.result)
    for reply in sorted(evaluation.replies, key=lambda reply: reply.round):
        for form in reply.forms:
            if form.given and reply.unit.id in units:
                judgement = ("", "") if form.late else (form.process, form.result)
                newest[form.deputy.id, reply.unit.id] = judgement
    return list(newest.values())


def _late(evaluation: Evaluation, units: set[str]) -> Share:
    given = [
        form for reply in evaluation.replies if reply.unit.id in units for form in reply.forms if form.given
    ]
    return sum(form.late for form in given), len(given)


def _satisfied(judgements: Iterable[str]) -> Share:
    given = [judgement for judgement in judgements if judgement]
    return sum(judgement != UNSATISFIED for judgement in given), len(given)


def recount(evaluation: Evaluation) -> list[Change]:
    """What changed in the figures since the evaluation was last counted; from now on it counts as counted."""
    before = {_parsed(key): (share[0], share[1]) for key, share in evaluation.counted.items()}
    now = contributions(evaluation)
    evaluation.counted = {
        f"{owner}/{year}/{figure}": list(share) for (owner, year, figure), share in now.items()
    }
    changes = []
    for key in sorted(
        before.keys() | now.keys()
    ):  # one order for all, so that transactions do not wait in a ring
        was, share = before.get(key, (0, 0)), now.get(key, (0, 0))
        if was != share:
            difference = (share[0] - was[0], share[1] - was[1])
            changes.append(
                Change(evaluation.id, evaluation.congress, key, share, difference, evaluation.changed_on)
            )
    return changes


def _parsed(key: str) -> Key:
    owner, year, figure = key.split("/")
    return owner, int(year), figure


def percent(numerator: int, denominator: int) -> float | None:
    """In per cent with one decimal; None when there is nothing to divide by."""
    return round(100 * numerator / denominator, 1) if denominator else None
