"""From the reply to the end: deputies judge, what does not satisfy is handled again, at last it is closed.

The rules are in `rules.py`, in words and as a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.evaluation.model.back_to_back import NAMED, FeedbackRules
from services.evaluation.model.kept import Kept
from services.evaluation.model.parts import (
    ClassChange,
    Commitment,
    Deadline,
    Form,
    LedgerEntry,
    Named,
    Rehandling,
    Reply,
    SentBack,
    Task,
)
from services.evaluation.model.reopening import named, told
from services.evaluation.model.rules import HEARING, OVERSEERS, RULES
from shared.clock import legal_date
from shared.identity import Actor
from shared.periods import USUAL_FEEDBACK, Period
from shared.problems import Invalid, WrongState
from shared.rules import Rules
from shared.terms import DECIDES, FEEDBACK_DECIDED_BY


@dataclass(kw_only=True)
class Evaluation(Kept):
    """How one suggestion was judged. Has the suggestion's id."""

    rules: ClassVar[Rules] = RULES

    # --- who is who -----------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its deputies, its units and who oversees the congress; for others it does not exist."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if any(reply.form_of(actor.seats) for reply in self.replies):
            found.add("answered_deputy")
        if any(deputy.id in actor.seats for deputy in self.deputies):
            found.add("deputy")
        if actor.units() & {id for task in self.tasks for id in (task.unit.id, *task.others)}:
            found.add("unit")
        if actor.has("system"):
            found.add("system")
        return frozenset(found)

    def hears(self, actor: Actor) -> bool:
        """Does the person hear how deputies judge, before units do?"""
        return bool(self.relations(actor) & {*HEARING, "system"})

    def called(self) -> str:
        return f"《{self.title}》" if self.title else ""

    def may_now(self, actor: Actor, today: date) -> list[dict[str, str]]:
        """What the person may do today: by the table, less what would be refused for this suggestion now.

        For who does not hear how deputies judge it is the same whether they have judged or not.
        """
        sends_back = self.may_be_sent_back if self.hears(actor) else self.stands
        possible = {
            "give_feedback": any(self.open_form(reply, actor.seats) for reply in self.replies),
            "order_rehandling": any(self.may_be_rehandled(reply) for reply in self.replies),
            "send_reply_back": any(sends_back(reply) for reply in self.replies),
            "reopen_suggestion": any(self.may_be_reopened(reply) for reply in self.replies),
            "judge_kept": any(self.may_judge_kept(reply, actor.seats) for reply in self.replies),
            "answer_kept": any(self.doubted()),
            "close_suggestion": not (self.to_rehandle() or self.waits_for_feedback(today)),
        }
        return [line for line in self.may(actor) if possible.get(line["command"], True)]

    # --- what other services tell ---------------------------------------------------------------------

    def accept(
        self, number: str, title: str, category: str, year: int, deputies: list[Named], now: datetime
    ) -> None:
        """Intake has accepted and numbered the suggestion. Its word on title and deputies is the last, corrections apart."""
        self.number, self.year, self.deputies = number, year, self._led(deputies)
        if not self.corrected_told:
            self.title, self.category = title, category
        self._settle(now)

    def begin(self, on: date, rules: FeedbackRules, period: Period = USUAL_FEEDBACK) -> None:
        """Its handling began on this day, and goes on by the rules that the place had then, whatever it changes later."""
        if self.begun_on is None or on < self.begun_on:
            self.begun_on = on
            if self.practices_on is None:
                self.feedback, self.feedback_period = rules, period

    def renew_practices(self, on: date, rules: FeedbackRules, period: Period = USUAL_FEEDBACK) -> bool:
        """It goes on by the rules of this day. False, and nothing changed, when a deputy has judged already: what was said was
        said in confidence of the rules that held then (背靠背)."""
        judged = any(form.given_on for reply in self.replies for form in reply.forms)
        if judged or (self.practices_on and on < self.practices_on):
            return False
        self.practices_on, self.feedback, self.feedback_period = on, rules, period
        return True

    def assign(self, told: int, tasks: list[Task], title: str, deputies: list[Named], now: datetime) -> bool:
        """Assignment has given it to units. False, and nothing changed, when a later one is known already."""
        if told <= self.assigned_told:
            return False
        self.assigned_told, self.assigned = told, tasks
        if not self.number:
            self.deputies = self._led(deputies)  # until intake's own event comes
            self.title = self.title if self.corrected_told else title
        self._settle(now)
        return True

    def receive_reply(self, reply: Reply, deputies: list[Named], by: Actor, now: datetime) -> bool:
        """A unit has replied: each deputy who got the reply has a form to give now. False when known already."""
        if any(known.id == reply.id for known in self.replies):
            return False
        reply.add_forms([Form(deputy) for deputy in deputies] + self.forwarded.pop(reply.id, []))
        reply.add_changes(self.reclassified.pop(reply.id, []))
        for supplement in self.supplemented.pop(reply.id, []):
            reply.add_supplement(supplement)
        self.replies.append(reply)
        if self.ledger and reply.round == 1 and not self.ledger.speaks_of(reply) and not self.published_on:
            self._drop_ledger(by, now)
        self._settle(now)
        self._ask(reply, reply.forms, reply.issued_on, by, now)
        return True

    def forward_reply(self, reply_id: str, deputies: list[Named], on: date, by: Actor, now: datetime) -> bool:
        """Deputies of a suggestion merged since got a reply too: each has a form to give. False when known already."""
        forms = [Form(deputy, sent_on=on) for deputy in deputies]
        reply = self.reply_of(reply_id)
        if reply is None:
            self.forwarded[reply_id] = [*self.forwarded.get(reply_id, []), *forms]
            return True
        new = reply.add_forms(forms)
        if not new:
            return False
        self._settle(now)
        self._ask(reply, new, on, by, now)
        return True

    def reclassify(self, reply_id: str, change: ClassChange, now: datetime) -> bool:
        """An office changed the class of a reply. False when known already."""
        reply = self.reply_of(reply_id)
        if reply is None:
            self.reclassified.setdefault(reply_id, []).append(change)
            return True
        is_new = reply.add_changes([change])
        self._settle(now)
        return is_new

    def talk(self, unit: str, phase: str, face_to_face: bool, now: datetime) -> bool:
        """A unit talked with deputies (三访), perhaps face to face (面商). False when nothing of it is new."""
        is_new = face_to_face and unit not in self.talked
        known = self.visits.setdefault(unit, [])
        if not is_new and phase in known:
            return False
        if is_new:
            self.talked = sorted([*self.talked, unit])
        self.visits[unit] = sorted({*known, phase})
        self._settle(now)
        return True

    def set_deadline(self, id: str, kind: str, unit: str, due_on: date, told: int, now: datetime) -> bool:
        """Supervision has set or moved a deadline. False when a later date is known already."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        if told <= deadline.told:
            return False
        deadline.kind, deadline.due_on, deadline.told = kind, due_on, told
        self._settle(now)
        return True

    def meet_deadline(
        self, id: str, kind: str, unit: str, due_on: date, done_on: date, late: bool, now: datetime
    ) -> None:
        """What was due has been done, in time or late."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        deadline.done_on, deadline.late = done_on, late
        self._settle(now)

    def find_overdue(self, id: str, kind: str, unit: str, due_on: date, now: datetime) -> None:
        """A reminder has found a deadline passed and still open."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        deadline.seen_open_on = max(deadline.seen_open_on or date.min, legal_date(now))
        self._settle(now)

    def promise(
        self, id: str, unit: str, told: int, now: datetime, due_on: date | None = None, kept: bool = False, withdrawn: bool = False
    ) -> None:  # fmt: skip
        """A promise was recorded or given a new date, or, with `kept`, closed; or withdrawn. `told`: the event's sequence."""
        commitment = self.commitments.setdefault(id, Commitment(unit))
        commitment.kept, commitment.withdrawn = commitment.kept or kept, commitment.withdrawn or withdrawn
        if due_on is not None and told > commitment.told:
            commitment.due_on, commitment.told = due_on, told
        self._settle(now)

    def count_due(self, now: datetime) -> None:
        """A day has begun: promises whose date has come count as due from now on."""
        self._settle(now)

    def merge(self, into: str, now: datetime) -> None:
        """It goes on within another suggestion: it leaves the figures, so that nothing counts twice."""
        self.merged_into = into
        self._settle(now)

    def correct(self, told: int, title: str, category: str, now: datetime) -> bool:
        """The liaison office corrected title or category. False when a later correction is known already."""
        if told <= self.corrected_told:
            return False
        self.corrected_told, self.title, self.category = told, title, category
        self._settle(now)
        return True

    def replace_lead(self, told: int, before: dict[str, str], lead: dict[str, str], now: datetime) -> None:
        """A cosigner leads it from now on, whose word counts as the lead deputy's."""
        self.succession.hear(told, before, lead)
        self.deputies = self._led(self.deputies)
        self._settle(now)

    def _led(self, deputies: list[Named]) -> list[Named]:
        lead = self.succession.lead
        return self.succession.after(deputies, Named(**lead) if lead and deputies else None)

    def make_key(self, told: int, is_key: bool, now: datetime) -> bool:
        """It is a key suggestion from now on, or none any more. False when something later is known already."""
        if told <= self.key_told:
            return False
        self.key_told, self.key = told, is_key
        self._settle(now)
        return True

    # --- commands -------------------------------------------------------------------------------------

    def give_feedback(self, reply_id: str, by: Actor, now: datetime, **judgement: str) -> Form:
        """A deputy judges a reply: once, for good. `judgement`: process, result and a comment on each. The form."""
        reply = self.reply_of(reply_id)
        own = reply.form_of(by.seats) if reply else None
        if reply is None or own is None:
            raise Invalid("没有找到这份答复。", {"reply": ["这份答复没有发给您，请重新选择。"]})
        if own.given:
            raise WrongState("您已经评价过这份答复。每份答复只评价一次，交出后不能更改。")
        form = self.open_form(reply, by.seats)
        if form is None:
            raise WrongState("这份答复正在再次办理或已有新的答复，请评价新的答复。")
        form.given_on = legal_date(now)
        form.late = form.given_on > self.last_day_for(reply, form)
        for name, value in judgement.items():
            setattr(form, name, value)
        is_first = form.unhappy and [f for f in reply.forms if f.unhappy] == [form]
        self._add("代表反馈（逾期）" if form.late else "代表反馈", by, now, reply.unit.name)
        self._settle(now)
        self.record(
            "feedback.given",
            now,
            by,
            **told(reply),
            deputy=named(form.deputy),
            given_on=form.given_on.isoformat(),
            complete=all(f.given for f in reply.forms),
            late=form.late,
            unsatisfied_rounds=self.dissatisfied_rounds(reply.task) if is_first else 0,
            **judgement,
        )
        if is_first:
            self._repeat_dissatisfaction(reply, by, now)
        return form

    def _repeat_dissatisfaction(self, reply: Reply, by: Actor, now: datetime) -> None:
        """The first word against a later reply to what did not satisfy before: the congress hears of it."""
        times = self.dissatisfied_rounds(reply.task)
        if times > 1:
            self.record(
                "dissatisfaction.repeated",
                now,
                by,
                **told(reply),
                times=times,
                since=legal_date(now).isoformat(),
            )

    def order_rehandling(self, reply_id: str, reason: str, by: Actor, now: datetime) -> None:
        """Have the unit handle the suggestion again: a deputy was not satisfied with its newest reply."""
        reply = self.reply_of(reply_id)
        if reply is None:
            raise Invalid("没有找到这份答复。", {"reply": ["没有找到这份答复，请重新选择。"]})
        if reply.rehandling or not self.is_newest(reply):
            raise WrongState(f"已经要求{reply.unit.name}再次办理这份答复。")
        if not self.may_be_rehandled(reply):
            raise WrongState("没有代表对这份答复表示不满意，不能要求再次办理。")
        self.require_no_names("reason", reason)
        reply.rehandling = Rehandling(legal_date(now), reason)
        self._add("要求再次办理", by, now, reason)
        self._settle(now)
        self.record(
            "rehandling.ordered",
            now,
            by,
            **told(reply),
            reason=reason,
            ordered_on=legal_date(now).isoformat(),
        )

    def send_reply_back(self, reply_id: str, reason: str, due_on: date, by: Actor, now: datetime) -> None:
        """Send a reply that is off the point back to its unit, with a new date: its forms lapse.

        Not a rehandling, and counted as none; so it is not possible any more once a deputy has judged the reply.
        """
        reply, today = self.reply_of(reply_id), legal_date(now)
        if reply is None:
            raise Invalid("没有找到这份答复。", {"reply": ["没有找到这份答复，请重新选择。"]})
        if not self.may_be_sent_back(reply):
            raise WrongState(
                "这份答复不能退回：已有代表评价、已要求再次办理，或者已有新的答复。代表不满意的，请要求再次办理（联工委）。"
            )
        if due_on <= today:
            raise Invalid("重新答复的期限有误。", {"due_on": ["重新答复的期限应当在今天之后。"]})
        reply.sent_back = SentBack(today, due_on, reason)
        self._add("退回重新答复", by, now, reason)
        self._settle(now)
        dates = {"refused_on": today.isoformat(), "due_on": due_on.isoformat()}
        self.record("reply.refused", now, by, **told(reply), role=reply.role, reason=reason, **dates)

    def close(self, note: str, measure: str, by: Actor, now: datetime) -> None:
        """Close the suggestion: see `rules.py`. While somebody is not satisfied, it has to be said what was done about it.

        Where units do not read with that how it was judged, what was said about it is for the congress alone.
        """
        if rejected := self.to_rehandle():
            units, who = "、".join(reply.unit.name for reply in rejected), DECIDES[self.feedback.decides]
            raise WrongState(
                f"{who}对{units}的{FEEDBACK_DECIDED_BY[self.feedback.by]}不满意，不能办结。请先要求再次办理（联工委）。"
            )
        if self.waits_for_feedback(legal_date(now)):
            silent, until = len({form.deputy.id for _, form in self.open_forms()}), self.feedback_until
            raise WrongState(
                f"还有{silent}位代表没有反馈，反馈期到{until:%Y-%m-%d}为止。全部反馈或者期满之后可以办结（联工委）。"
            )
        self.require_consequence(note, measure)
        self.require_no_names("note", note)
        self.closing_measure = measure
        is_unhappy = any(self.may_be_rehandled(reply) for reply in self.replies)
        self._close(legal_date(now), note, by, now, is_unhappy)

    def publish(self, with_feedback: bool, by: Actor, now: datetime) -> None:
        """Make text and replies public as their publicity allows, with the judgements or without."""
        if with_feedback and not self.is_known_to_units(legal_date(now)):
            wanted = "按本级规定，现在还不能让承办单位知道代表评价，公开时不能包括代表评价。"
            raise Invalid(wanted, {"with_feedback": [wanted]})
        self.published_on, self.with_feedback = legal_date(now), with_feedback
        self._add("公开", by, now, "" if with_feedback else "不公开代表评价")
        self._settle(now)
        self.record(
            "suggestion.published",
            now,
            by,
            published_on=self.published_on.isoformat(),
            with_feedback=with_feedback,
            judgements=self._public_judgements() if with_feedback else [],
        )

    def _public_judgements(self) -> list[dict[str, str]]:
        """The judgements on the newest public replies, as everybody may read them."""
        shown = [reply for reply in self.replies if self.is_newest(reply) and reply.publicity == "public"]
        with_names = self.feedback.names == NAMED
        return [
            {
                "reply": reply.id,
                "deputy": form.deputy.name if with_names else "",
                "process": form.process,
                "result": form.result,
            }
            for reply in shown
            for form in self.told_forms(reply)
        ]

    def honour(self, name: str, year: int, by: Actor, now: datetime) -> None:
        """It is one of the excellent suggestions of a year: told to all who show it."""
        self.honours = sorted({*self.honours, name})
        self._add(f"评为{name}", by, now)
        self.record("suggestion.honoured", now, by, name=name, year=year)

    def tell_experience(self, name: str, year: int, text: str, by: Actor, now: datetime) -> None:
        """Its author tells how it was written, for others to learn from."""
        self.record("experience.shared", now, by, name=name, year=year, text=text)

    def import_ledger(self, entry: LedgerEntry, by: Actor, now: datetime) -> bool:
        """Take over what an office's ledger says. False, and nothing changed, when the suggestion lives here.

        A reply that the ledger does not name, a form given, an order to handle again, or an earlier import
        each outweigh it: nobody judges for a deputy who can be asked.
        """
        asked = any(entry.replied_on is None or not entry.speaks_of(reply) for reply in self.replies)
        answered = any(reply.rehandling or any(form.given for form in reply.forms) for reply in self.replies)
        if asked or answered or self.ledger or self.closed_on or self.merged_into:
            return False
        self.ledger = entry
        self._add("导入台账", by, now)
        self._settle(now)
        if entry.closed_on:
            self._close(entry.closed_on, "按台账导入", by, now)
        return True

    # --- inside ---------------------------------------------------------------------------------------

    def _ask(self, reply: Reply, forms: list[Form], on: date, by: Actor, now: datetime) -> None:
        """Tell that these forms wait for their deputies, if they can be given now."""
        if not any(open is reply for open, _ in self.open_forms()):
            return
        self._add("送代表征询意见", by, now, reply.unit.name)
        self.record(
            "feedback.opened",
            now,
            by,
            **told(reply),
            deputies=[named(form.deputy) for form in forms],
            opened_on=on.isoformat(),
        )

    def _close(self, closed_on: date, note: str, by: Actor, now: datetime, is_unhappy: bool = False) -> None:
        self.closed_on, self.closing_note = closed_on, note
        self.closing_withheld = is_unhappy and self.is_silent
        told = not self.closing_withheld
        self._add("办结", by, now, note)
        self._settle(now)
        self.record(
            "suggestion.closed",
            now,
            by,
            closed_on=closed_on.isoformat(),
            reply_class=self.reply_class,
            means=self.reply_means,
            note=note if told else "",
            measure=self.closing_measure if told else "",
            measures=list(self.taken_since_unhappy()) if told else [],
            names=self.feedback.names,
            known_from=self.known_from.isoformat() if self.known_from else None,
        )

    def _drop_ledger(self, by: Actor, now: datetime) -> None:
        """A unit replies after the import: what the ledger said was premature, and deputies are asked."""
        self.ledger, self.closed_on, self.closing_note = None, None, ""
        self._add("台账导入的评价失效", by, now, "承办单位又作出答复")
