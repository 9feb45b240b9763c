"""What units write: joint opinions, drafts and replies, and what an office has to say of a reply afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from services.assignment.model.approving import USUAL, Approval, Approving, Countersignature, Review
from services.assignment.model.distributing import Chain
from services.assignment.model.people import Person, named
from services.assignment.model.reply import (
    ClassChange,
    Commitment,
    Draft,
    Objection,
    Reply,
    Result,
    SentBack,
    Supplement,
)
from services.assignment.model.task import Opinion, Promise, Task
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.reply_classes import PROMISED, means_of


class Replying(Chain):
    """The part of a handling that leads to the reply."""

    # --- opinions and replies ---------------------------------------------------------------------------------

    def give_opinion(self, task_id: str, text: str, by: Actor, now: datetime) -> None:
        """A joint unit's written opinion, for the lead unit's reply to cover."""
        task, today = self.task_for("give_opinion", task_id, by), legal_date(now)
        task.opinions.append(Opinion(text, today, by.name))
        task.enter("opinion_given", today)
        self.tell("opinion.given", "提出会办意见", task, by, now, text=text, given_on=today.isoformat())

    def missing_opinions(self) -> list[str]:
        """Names of the joint units that have not given their opinion."""
        return [task.unit.name for task in self.live_tasks if task.role == "joint" and not task.opinions]

    def draft_reply(
        self, task_id: str, draft: dict[str, Any], by: Actor, now: datetime, approving: Approving = USUAL
    ) -> None:
        """Draft the reply or change the draft, also an approved one: it goes through all steps of approval (again)."""
        task, today = self.task_for("draft_reply", task_id, by), legal_date(now)
        commitments = [Commitment(**commitment) for commitment in draft.pop("commitments")]
        letter = draft["reply_class"]
        if means_of(letter, draft.get("means", "")) == PROMISED and not commitments:
            wanted = f"{letter}类答复要写明承诺事项和完成期限。"
            raise Invalid(f"{letter}类答复缺少承诺事项。", {"commitments": [wanted]})
        _require_future(commitments, today)
        missing = self.missing_opinions() if task.role == "lead" else []
        if missing and not draft["without_opinions"]:
            sentence = f"{'、'.join(missing)}还没有提出会办意见；请等待，或者说明为什么不等。"
            raise Invalid("会办意见没有收齐。", {"without_opinions": [sentence]})
        if (unfinished := self.missing_parts(task)) and not draft["without_opinions"]:
            sentence = f"{'、'.join(unfinished)}还没有报送办理情况；请等待，或者说明为什么不等。"
            raise Invalid("下面的单位没有全部报送。", {"without_opinions": [sentence]})
        if own := by.rank_at(task.desks):  # the account says of what rank its holder is
            draft["drafted_rank"] = own
        results = [Result(**result) for result in draft.pop("results", ())]
        joint = [other.unit for other in self.live_tasks if other.role == "joint" and other.signed_on]
        needed = joint if approving.countersign and task.role == "lead" else []
        review = Review(list(approving.steps), to_countersign=needed)
        task.drafts.append(
            Draft(
                task.round, commitments=commitments, drafted_on=today, drafted_by=by.name, results=results, review=review, **draft,
            )
        )  # fmt: skip
        task.enter("drafted", today)
        rank = {"rank": draft["drafted_rank"]} if draft.get("drafted_rank") else {}
        self.tell("reply.drafted", "起草答复", task, by, now, round=task.round, **rank)

    def approve_reply(self, task_id: str, by: Actor, now: datetime) -> None:
        task = self.task_for("approve_reply", task_id, by)
        draft, today = task.drafts[-1], legal_date(now)
        review, step = draft.review, draft.review.step
        place, of = len(review.approvals) + 1, len(review.steps) or 1
        is_last = review.is_last
        review.approvals.append(Approval(step.name, by.name, today))
        if is_last:
            draft.approved_on, draft.approved_by = today, by.name
            task.enter("approved", today)
        self.tell(
            "reply.approved",
            f"{step.name}：同意答复",
            task,
            by,
            now,
            round=task.round,
            step=place,
            of=of,
            step_name=step.name,
        )

    def countersign_reply(self, task_id: str, agrees: bool, note: str, by: Actor, now: datetime) -> None:
        """A joint unit countersigns the lead unit's draft, or says what it does not agree with (会签)."""
        task = self.task_for("countersign_reply", task_id, by)
        lead = self.draft_to_countersign(task)
        assert lead is not None
        if not agrees and not note:
            raise Invalid("请写明意见。", {"note": ["不同意时请写明意见。"]})
        signature = Countersignature(task.unit, agrees, note, legal_date(now), by.name)
        lead.drafts[-1].review.countersigned.append(signature)
        self.tell("reply.countersigned", "会签答复稿", task, by, now, note, round=lead.round, agrees=agrees)

    def reject_reply(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        """Send the draft back. Why is for the unit alone to know: the history that deputies see says only that."""
        task = self.task_for("reject_reply", task_id, by)
        task.drafts[-1].rejected_reason = reason
        task.enter(task.before_draft, legal_date(now))
        self.add("退回重写答复", by, now, task.unit.name)
        self.record("reply.rejected", now, by, **task.as_data(), round=task.round, reason=reason)
        self.restate()

    def issue_reply(
        self, task_id: str, document_number: str, members: list[Person], by: Actor, now: datetime
    ) -> Reply:
        """Send the approved reply, numbered, to every deputy; `members` of the delegation that get it for reading."""
        task, today = self.task_for("issue_reply", task_id, by), legal_date(now)
        draft = task.drafts[-1]
        _require_future(draft.commitments, today)
        reply = Reply(
            new_id(), task.round, document_number, draft.reply_class, draft.publicity, draft.text, draft.contact, draft.phone,
            today, self.answered, draft.commitments, self.missing_opinions() if task.role == "lead" else [],
            results=draft.results, attachments=task.attachments, means=draft.means, class_words=draft.class_words,
            copied_to=[member for member in members if member.id not in {one.id for one in self.answered}],
        )  # fmt: skip
        task.attachments = []
        self.add_reply(task, reply, by, now)
        return reply

    # --- after the reply --------------------------------------------------------------------------------------

    def send_back(
        self, task_id: str, reply_id: str, reason: str, due_on: date, on: date, by: Actor, now: datetime
    ) -> bool:
        """The office found the reply off the point: the unit replies anew, in the same round. False when it is too late."""
        task = next((task for task in self.tasks if task.id == task_id), None)
        if task is None or task.state != "replied" or task.replies[-1].id != reply_id or self.merged_into:
            return False
        task.replies[-1].sent_back = SentBack(on, due_on, reason, by.name)
        task.enter("sent_back", on)
        self.add("退回重新答复", by, now, task.unit.name, reason)
        self.restate()
        return True

    def supplement_reply(self, task_id: str, text: str, solved: bool, by: Actor, now: datetime) -> None:
        """Answer the deputies again when what was promised is done, or when there is news; also when all is closed.

        That a B becomes an A is for the office to say: `change_reply_class`.
        """
        task, today = self.task_for("supplement_reply", task_id, by), legal_date(now)
        reply = task.replies[-1]
        if solved and reply.meaning != PROMISED:
            wrong = f"办理结果是{reply.reply_class}类，没有承诺要兑现。"
            raise Invalid(wrong, {"solved": [wrong]})
        if solved and self.promises_left(task):
            wrong = "还有承诺没有销号，不能写明全部兑现。"
            raise Invalid(wrong, {"solved": [wrong]})
        supplement = Supplement(new_id(), text, today, by.name, solved)
        reply.supplements.append(supplement)
        self.tell(
            "reply.supplemented", "补充答复代表", task, by, now, reply=reply.id, supplement=supplement.id, text=text,
            solved=solved, supplemented_on=today.isoformat(), deputies=named(reply.deputies),
        )  # fmt: skip

    def promise(self, id: str, unit: str, kept_on: date | None, withdrawn: bool = False) -> None:
        """Supervision tells of a promise, that it was kept, or that it stands no more; in whatever order."""
        known = self.promises.setdefault(id, Promise(unit))
        known.kept_on, known.withdrawn = known.kept_on or kept_on, known.withdrawn or withdrawn

    def promises_left(self, task: Task) -> bool:
        return any(promise.unit == task.unit.id and promise.is_left for promise in self.promises.values())

    def change_reply_class(
        self, task_id: str, reply_class: str, reason: str, by: Actor, now: datetime, means: str = "", words: str = "",
    ) -> None:  # fmt: skip
        """The supervising office changes the class of the reply that stands, also of a closed suggestion. What the letter
        means, and its `words`, are the place's."""
        task = self.task_for("change_reply_class", task_id, by)
        reply = task.replies[-1]
        if reply.reply_class == reply_class:
            wrong = f"办理结果已经是{reply_class}类，没有变化。"
            raise Invalid(wrong, {"reply_class": [wrong]})
        self._reclassify(task, reply, (reply_class, means, words), "调整办理结果", reason, by, now)

    def object_to_class(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        """The unit does not agree with the changed class; the change holds until the office has decided."""
        task = self.task_for("object_to_class", task_id, by)
        task.replies[-1].classes[-1].objection = Objection(reason, legal_date(now), by.name)
        self.tell(
            "objection.made", "对办理结果调整提出异议", task, by, now, reason, reply=task.replies[-1].id
        )

    def decide_objection(self, task_id: str, uphold: bool, reason: str, by: Actor, now: datetime) -> None:
        """Restore the class before the change, or keep the changed one."""
        task = self.task_for("decide_objection", task_id, by)
        reply = task.replies[-1]
        change, objection = reply.classes[-1], reply.open_objection
        assert objection is not None
        objection.decision, objection.decision_reason = "upheld" if uphold else "declined", reason
        objection.decided_on, objection.decided_by = legal_date(now), by.name
        self.tell(
            "objection.decided", "异议成立" if uphold else "异议不成立", task, by, now, reason, reply=reply.id, upheld=uphold,
        )  # fmt: skip
        if uphold:
            restored = (change.before, change.before_means, change.before_words)
            self._reclassify(task, reply, restored, "恢复办理结果", reason, by, now)

    def _reclassify(
        self,
        task: Task,
        reply: Reply,
        new: tuple[str, str, str],
        what: str,
        reason: str,
        by: Actor,
        now: datetime,
    ) -> None:
        today, before = legal_date(now), reply.reply_class
        change = ClassChange(before, new[0], reason, today, by.name)
        change.before_means, change.before_words = reply.means, reply.class_words
        reply.classes.append(change)
        reply.reply_class, reply.means, reply.class_words = new
        self.tell(
            "reply.reclassified", f"{what}：{before}类改为{reply.reply_class}类", task, by, now, reason, reply=reply.id,
            round=reply.round, before=before, reply_class=reply.reply_class, means=reply.meaning,
            class_words=reply.class_words, changed_on=today.isoformat(),
        )  # fmt: skip

    # --- inside -----------------------------------------------------------------------------------------------

    def add_reply(self, task: Task, reply: Reply, by: Actor, now: datetime) -> None:
        task.replies.append(reply)
        task.enter("replied", reply.issued_on)
        if later := [step for step in task.steps if step.counted_from == "replied" and step.is_open]:
            for step in later:
                step.start("replied", reply.issued_on)
            self.tell_steps(task, by, now)
        self.tell(
            "reply.issued", "答复代表", task, by, now, reply=reply.id, round=reply.round,
            document_number=reply.document_number, reply_class=reply.reply_class, means=reply.meaning,
            class_words=reply.class_words, publicity=reply.publicity, text=reply.text,
            contact=reply.contact, phone=reply.phone, issued_on=reply.issued_on.isoformat(), deputies=named(reply.deputies),
            commitments=[vars(c) | {"due_on": c.due_on.isoformat()} for c in reply.commitments],
            missing_opinions=reply.missing_opinions, results=[vars(result) for result in reply.results],
            attachments=[file.as_data() for file in reply.attachments], copied_to=named(reply.copied_to),
        )  # fmt: skip

    def forward_replies(self, deputies: list[Person], by: Actor, now: datetime) -> None:
        """Send the replies that stand to deputies who joined after they were issued; a later one reaches them anyway."""
        for task in self.live_tasks if deputies else ():
            if task.state != "replied":
                continue
            reply = task.replies[-1]
            reply.deputies = [*reply.deputies, *deputies]
            self.tell(
                "reply.forwarded", "将答复送并案代表", task, by, now, reply=reply.id, round=reply.round,
                forwarded_on=legal_date(now).isoformat(), deputies=named(deputies),
            )  # fmt: skip


def _require_future(commitments: list[Commitment], today: date) -> None:
    if late := [str(n) for n, commitment in enumerate(commitments, 1) if commitment.due_on <= today]:
        sentence = f"第{'、'.join(late)}项承诺的完成期限应当在今天之后。"
        raise Invalid(sentence, {"commitments": [sentence]})
