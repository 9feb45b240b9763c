"""What a look-back finds not so, or a deputy of a promise called kept, is handled again, though it was closed (重新办理).

The rules are in `rules.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from services.evaluation.model.back_to_back import OF_JUDGEMENTS
from services.evaluation.model.consequences import Consequences
from services.evaluation.model.parts import Ending, LookedAt, Named, Rehandling, Reply
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState

SO = "true"


class Reopening(Consequences):
    """The part of an evaluation that begins again after its end."""

    def look_at(self, lookback: str, finding: str, words: str, on: date) -> None:
        """A look-back has found something; a later word of the same one takes the place of the earlier."""
        known = next((looked for looked in self.not_so if looked.lookback == lookback), None)
        if known and known.reopened_on:
            return
        if known:
            self.not_so.remove(known)
        if finding != SO:
            self.not_so.append(LookedAt(lookback, finding, words, on))

    def reopen(self, reply_id: str, reason: str, due_on: date, by: Actor, now: datetime) -> None:
        """Have the unit handle it again, by a day: how it was closed and published stays on record."""
        reply, today = self.reply_of(reply_id), legal_date(now)
        if reply is None:
            raise Invalid("没有找到这份答复。", {"reply": ["没有找到这份答复，请重新选择。"]})
        if not self.may_be_reopened(reply):
            raise WrongState(
                "没有回头看发现这件建议落实不到位，也没有代表认为承诺没有兑现，或者已经要求重新办理。请先登记回头看结果（联工委）。"
            )
        if due_on <= today:
            raise Invalid("重新答复的期限有误。", {"due_on": ["重新答复的期限应当在今天之后。"]})
        self.require_no_names("reason", reason)
        looked = next((one for one in self.not_so if one.reopened_on is None), None)
        if looked:
            looked.reopened_on = today
        judged = {
            key: share for key, share in self.counted.items() if key.rpartition("/")[2] in OF_JUDGEMENTS
        }
        self.endings.append(
            Ending(
                self.closed_on, self.closing_note, self.closing_measure, self.published_on, today, self.closing_withheld,
                self.known_from, judged,
            )
        )  # fmt: skip
        self.closed_on = self.published_on = None
        self.closing_note, self.closing_measure, self.with_feedback = "", "", False
        self.closing_withheld = False
        reply.rehandling = Rehandling(today, reason, refuted=True)
        self._add("重新办理", by, now, reason)
        self._settle(now)
        self.record(
            "suggestion.reopened", now, by, **told(reply), reason=reason, reopened_on=today.isoformat(),
            due_on=due_on.isoformat(), lookback=looked.lookback if looked else "",
        )  # fmt: skip

    def reply_of(self, id: str) -> Reply | None:
        return next((reply for reply in self.replies if reply.id == id), None)

    def require_no_names(self, field: str, text: str) -> None:
        """Units read this: it says what is to be done, and not who was unhappy."""
        judged = {form.deputy for reply in self.replies for form in reply.forms}
        shown = [deputy.name for deputy in (*self.deputies, *judged) if deputy.name and deputy.name in text]
        if shown:
            wanted = f"承办单位会看到这段文字，请不要写出代表姓名（{'、'.join(dict.fromkeys(shown))}），只写要做什么。"
            raise Invalid(wanted, {field: [wanted]})


def told(reply: Reply) -> dict[str, Any]:
    """A reply, as events name it."""
    return {"reply": reply.id, "task": reply.task, "unit": named(reply.unit), "round": reply.round}


def named(named: Named) -> dict[str, str]:
    return {"id": named.id, "name": named.name}
