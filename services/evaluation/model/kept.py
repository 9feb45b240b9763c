"""Was it kept? A unit says that all that its reply promised is done; each deputy who got the reply says whether it is so.

Source: docs/domain "Life of a suggestion", 11 (a promise is followed until it is kept, and the deputies are answered again). What
deputies say is for the congress alone, as their judgements are before the end, whatever the place tells units later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.evaluation.model.parts import KeptWord, Reply, Supplement
from services.evaluation.model.reopening import Reopening, named, told
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState


class Kept(Reopening):
    """The part of an evaluation that asks deputies about promises."""

    def supplement(self, reply_id: str, supplement: Supplement, now: datetime) -> bool:
        """A unit has answered that all is done. False when known already."""
        reply = self.reply_of(reply_id)
        if reply is None:
            self.supplemented[reply_id] = [*self.supplemented.get(reply_id, []), supplement]
            return True
        is_new = reply.add_supplement(supplement)
        self._settle(now)
        return is_new

    def open_words(self) -> Iterator[tuple[Reply, Supplement, KeptWord]]:
        """What deputies may say now: of the newest answer to a reply that stands. What was not said of an earlier one lapses."""
        if self.state == "merged":
            return
        for reply in self.replies:
            if self.is_current(reply):
                yield from (
                    (reply, supplement, word)
                    for supplement in reply.supplements[-1:]
                    for word in supplement.words
                    if word.said_on is None and word.deputy.id not in self.succession.former
                )

    def may_judge_kept(self, reply: Reply, seats: frozenset[str]) -> bool:
        return any(of is reply and word.deputy.id in seats for of, _, word in self.open_words())

    def may_answer_kept(self, reply: Reply) -> bool:
        return any(of is reply for of in self.doubted())

    def judge_kept(self, reply_id: str, kept: str, words: str, by: Actor, now: datetime) -> None:
        """A deputy says, once, whether what was promised is done; who says that it is not says what is missing."""
        reply = self.reply_of(reply_id)
        if reply is None or not any(w.deputy.id in by.seats for s in reply.supplements for w in s.words):
            raise Invalid("没有找到这份答复。", {"reply": ["这份答复没有请您评价承诺兑现，请重新选择。"]})
        found = next(
            ((s, w) for of, s, w in self.open_words() if of is reply and w.deputy.id in by.seats), None
        )
        if found is None:
            raise WrongState("您已经评价过承诺兑现，或者这份答复正在重新办理。每次补充答复只评价一次。")
        if kept != "kept" and not words:
            raise Invalid("请写明哪些承诺没有兑现。", {"words": ["没有全部兑现的，请写明哪些没有兑现。"]})
        supplement, word = found
        word.kept, word.words, word.said_on = kept, words, legal_date(now)
        self._add("代表评价承诺兑现", by, now, reply.unit.name)
        self._settle(now)
        self.record(
            "supplement.judged", now, by, **told(reply), supplement=supplement.id, deputy=named(word.deputy), kept=kept, words=words,
            judged_on=word.said_on.isoformat(),
        )  # fmt: skip

    def answer_kept(self, reply_id: str, text: str, by: Actor, now: datetime) -> None:
        """The office tells those who say that it is not done what it has found out, or what it has the unit do."""
        reply = self.reply_of(reply_id)
        if reply is None:
            raise Invalid("没有找到这份答复。", {"reply": ["没有找到这份答复，请重新选择。"]})
        if not self.may_answer_kept(reply):
            raise WrongState("没有等待答复的代表意见：没有代表认为这份答复的承诺没有兑现，或者已经答复。")
        supplement = reply.supplements[-1]
        doubts = reply.doubts
        for word in doubts:
            word.answer = text
        self._add("答复代表对承诺兑现的意见", by, now, reply.unit.name)
        self._settle(now)
        for word in doubts:
            self.record(
                "doubt.answered", now, by, **told(reply), supplement=supplement.id, deputy=named(word.deputy), text=text,
                answered_on=legal_date(now).isoformat(),
            )  # fmt: skip
