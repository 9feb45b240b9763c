"""What came of suggestions (采纳转化): what units wrote of it in their replies, summed over a unit and over the congress by year.

Source: 转化为政策措施、规范性文件 (省水利厅, 2018); 采纳运用 (湖南省, 2022). The words are the unit's own, of each unit's newest reply alone:
what an earlier round said does not count beside it, nor does a reply that was sent back, or that a look-back found not so.
A suggestion counts in the year in which intake counts it, as in the figures. The sums are kept by adding differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.evaluation.model.figures import OF_CONGRESS
from services.evaluation.model.standing import Standing

SumKey = tuple[str, int, str, bool]  # owner, year, kind, is_public
Amounts = tuple[int, int, int]  # how many, money, people


@dataclass(frozen=True)
class Outcome:
    """One result of a reply, the `at`th. Public: the suggestion was published, and its reply is open to everybody."""

    suggestion: str
    congress: str
    reply: str
    at: int
    unit: str
    unit_name: str
    year: int
    kind: str
    text: str
    document: str
    money: int
    people: int
    is_public: bool


def outcomes(evaluation: Standing) -> Iterator[Outcome]:
    """What came of a suggestion by now."""
    if not evaluation.year or evaluation.merged_into or not any(r.results for r in evaluation.replies):
        return
    for task in evaluation.replying:
        reply = evaluation.newest(task.id)
        if reply is None or (reply.rehandling and reply.rehandling.refuted):
            continue
        is_public = evaluation.published_on is not None and reply.publicity == "public"
        for at, result in enumerate(reply.results):
            yield Outcome(
                evaluation.id, evaluation.congress, reply.id, at, reply.unit.id, reply.unit.name, evaluation.year,
                result.kind, result.text, result.document, result.money, result.people, is_public,
            )  # fmt: skip


def differences(before: set[Outcome], now: set[Outcome]) -> dict[SumKey, Amounts]:
    """What has to be added to the sums of the congress and of each unit."""
    found: dict[SumKey, Amounts] = {}
    for sign, some in ((-1, before - now), (1, now - before)):
        for one in some:
            for owner in (OF_CONGRESS, one.unit):
                key = (owner, one.year, one.kind, one.is_public)
                count, money, people = found.get(key, (0, 0, 0))
                found[key] = (count + sign, money + sign * one.money, people + sign * one.people)
    return {key: amounts for key, amounts in sorted(found.items()) if any(amounts)}
