"""What is beyond a level's powers goes up (转交上级), with an explanation to its deputy, and the answer comes back.

The office above takes it over and answers, or says why it does not: then the office below decides anew. It sees this one
suggestion of the congress below, and of it what a unit would see.
"""

from __future__ import annotations

from datetime import datetime

from services.intake.model.parts import HandUp
from services.intake.model.written import Written
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import WrongState


class HandedUp(Written):
    """The part of a suggestion's life that is another level's."""

    def hand_up_to(self, congress: str, name: str, explanation: str, by: Actor, now: datetime) -> None:
        self.state, self.hand_up = "handed_up", HandUp(congress, name, legal_date(now), explanation)
        self.add("转交上级", by, now, f"转交{name}。{explanation}")
        self.record("handup.made", now, by, to=congress, to_name=name, reason=explanation)

    def take_over(self, note: str, by: Actor, now: datetime) -> None:
        hand_up = self._handed_up("waiting")
        hand_up.answer, hand_up.taken_on = "taken", legal_date(now)
        self.add("上级已接收", by, now, note)
        self.record("handup.taken", now, by, to=hand_up.to, to_name=hand_up.to_name, reason=note)

    def decline_hand_up(self, reason: str, by: Actor, now: datetime) -> None:
        """It is not for the level above either: the office below has it on its desk again."""
        hand_up = self._handed_up("waiting")
        hand_up.answer, hand_up.answered_on, hand_up.words = "declined", legal_date(now), reason
        self.state = "submitted"
        self.add("上级没有接收", by, now, f"{hand_up.to_name}：{reason}")
        self.record("handup.declined", now, by, to=hand_up.to, to_name=hand_up.to_name, reason=reason)

    def answer_hand_up(self, answer: str, by: Actor, now: datetime) -> None:
        """What came of it, for its deputies and the office below. Once, for good."""
        hand_up = self._handed_up("taken")
        hand_up.answer, hand_up.answered_on, hand_up.words = "answered", legal_date(now), answer
        self.add("上级已答复", by, now, hand_up.to_name)
        self.record("handup.answered", now, by, to=hand_up.to, to_name=hand_up.to_name, answer=answer)

    def _handed_up(self, answer: str) -> HandUp:
        assert self.hand_up is not None
        if self.hand_up.answer != answer:
            now = {"waiting": "还没有接收", "taken": "已经接收", "answered": "已经答复"}[self.hand_up.answer]
            raise WrongState(f"{self.called()}{self.hand_up.to_name}{now}，不能这样办理。")
        return self.hand_up
