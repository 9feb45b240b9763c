"""Units asked in advance whether a suggestion is their business (预征求意见), so that disagreements show before the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.assignment.model.distributing import Chain
from services.assignment.model.people import Unit
from services.assignment.model.task import Consultation
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid


@dataclass(kw_only=True)
class Consulting(Chain):
    """The handling of one suggestion, as far as units are asked about it before they have it."""

    def consult(self, units: list[Unit], answer_by: date | None, by: Actor, now: datetime) -> list[Unit]:
        """Ask units that were not asked yet. Returns those. A unit's own office (a government's, or a system's) is asked with it."""
        today, asked = legal_date(now), {consultation.unit.id for consultation in self.consultations}
        if answer_by and answer_by < today:
            raise Invalid("答复期限已经过去。", {"answer_by": ["请填写今天或以后的日期。"]})
        new = [unit for unit in units if unit.id not in asked] if self.state == "waiting" else []
        for unit in new:
            self.consultations.append(Consultation(unit, today, answer_by, desk=unit.desk))
            told = answer_by.isoformat() if answer_by else None
            desk = {"desk": unit.desk} if unit.desk else {}
            self.record(
                "unit.consulted",
                now,
                by,
                unit=unit.as_data(),
                asked_on=today.isoformat(),
                answer_by=told,
                **desk,
            )
        return new

    def answer_consultation(self, agrees: bool, words: str, by: Actor, now: datetime) -> None:
        """A unit says whether it will take it. Until the assignment it may say otherwise."""
        if not agrees and not words:
            raise Invalid("请说明为什么不承办。", {"words": ["不同意承办的，请写明理由和建议的承办单位。"]})
        own = [consultation for consultation in self.consultations if self.is_asked(consultation, by)]
        for consultation in own:
            consultation.agrees, consultation.words = agrees, words
            consultation.answered_on, consultation.answered_by = legal_date(now), by.name
            self.record(
                "consultation.answered", now, by, unit=consultation.unit.as_data(), agrees=agrees, words=words,
                answered_on=legal_date(now).isoformat(),
            )  # fmt: skip

    def doubts(self, chosen: list[Unit]) -> list[str]:
        """What those of the chosen units that were asked have against it, or have not said yet: for the office to weigh, no
        bar. Where another unit was chosen instead, the disagreement is settled."""
        ids = {unit.id for unit in chosen}
        said = [
            f"{c.unit.name}不同意承办：{c.words}" if c.agrees is False else f"{c.unit.name}还没有答复"
            for c in self.consultations
            if not c.agrees and c.unit.id in ids
        ]
        return said if self.state == "waiting" else []
