"""A suggestion under review and after it: accepted, returned, merged, split, corrected, made a key one.

Source of the steps: docs/domain "Life of a suggestion", 2 and 3; 《代表法》and the offices' practice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake.model.draft import Draft
from services.intake.model.hand_up import HandedUp
from services.intake.model.numbers import ordinal_of, session_of
from services.intake.model.parts import Invitation, KeyMark, KeyProposal, Letter, Person, Picked, Version
from services.intake.model.written import CONTENT_LABELS, named
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.terms import KINDS


@dataclass(kw_only=True)
class Suggestion(HandedUp, Draft):
    """One deputy's suggestion: one matter (一事一案), with situation, analysis and concrete proposals (003)."""

    # --- review -----------------------------------------------------------------------------------------------

    def accept(self, number: str, ordinal: int, kind: str, category: str, by: Actor, now: datetime) -> None:
        """Accept and number (立案编号). The office may correct kind and category; the correction leaves a trace."""
        self._correct({"kind": kind, "category": category}, "受理时更正", by, now)
        self.state, self.number = "accepted", number
        self.add("受理立案", by, now, number)
        assert self.submitted_on is not None
        self.record(
            "suggestion.accepted", now, by, **self.content(), number=number, ordinal=ordinal, session=self.session,
            year=self.year, during_session=self.during_session, submitted_on=self.submitted_on.isoformat(),
            accepted_on=legal_date(now).isoformat(),
        )  # fmt: skip

    def return_to_deputy(self, reasons: dict[str, str], reason: str, by: Actor, now: datetime) -> None:
        """Return it with the reasons ({code: label}) and how to mend it; the deputy may submit it again. The text stays for comparison."""
        assert self.submitted_on is not None
        self.state = "returned"
        self.returned.append(Version(self.submitted_on, legal_date(now), reason, self.text()))
        self.add("退回修改", by, now, f"{'、'.join(reasons.values())}。{reason}")
        codes = list(reasons)
        self.record(
            "suggestion.returned", now, by, reason_code=codes[0], reason_codes=codes, reason=reason,
        )  # fmt: skip

    def treat_as_letter(
        self, reasons: dict[str, str], reason: str, receiver: str, by: Actor, now: datetime
    ) -> None:
        """Not a suggestion, or nobody's any more: pass it on as a letter (转作来信) to who can answer it."""
        if self.state == "returned" and not self.is_left_alone:
            raise WrongState(f"{self.called()}已退回代表修改，等代表再次提交以后再办理。")
        self.state = "lettered"
        self.letter = Letter(receiver, legal_date(now))
        self.add(
            "转作来信",
            by,
            now,
            f"{'、'.join(reasons.values())}。{reason}{f'转{receiver}。' if receiver else ''}",
        )
        codes = list(reasons)
        self.record(
            "suggestion.lettered", now, by, reason_code=codes[0], reason_codes=codes, reason=reason,
            receiver=receiver,
        )  # fmt: skip

    def answer_letter(self, answer: str, by: Actor, now: datetime) -> None:
        """What came of the letter, for its deputies to know."""
        letter = self.letter = self.letter or Letter("", legal_date(now))  # from before letters were kept
        if letter.answered_on:
            raise WrongState(f"这封来信已于{letter.answered_on}答复。")
        letter.answer, letter.answered_on = answer, legal_date(now)
        self.add("答复来信", by, now, answer)
        self.record("letter.answered", now, by, receiver=letter.receiver, answer=answer)

    @classmethod
    def imported(cls, congress: str, lead: Person, cosigners: list[Person], row: dict[str, Any], by: Actor, now: datetime) -> Suggestion:  # fmt: skip
        """A suggestion of an office's old ledger: numbered there, its text not in the sheet."""
        on = row["assigned_on"] or legal_date(now)
        suggestion = cls(
            id=new_id(), congress=congress, lead=lead, title=row["title"], situation=NOT_IN_LEDGER, analysis=NOT_IN_LEDGER,
            proposals=NOT_IN_LEDGER, kind="suggestion", category=row["category"] or "政务服务", delegation=row["delegation"],
            state="accepted", number=row["number"], year=on.year, session=session_of(row["number"]), submitted_on=on,
            during_session=True, times_submitted=1, invitations=[Invitation(c, on, "accepted", on) for c in cosigners],
        )  # fmt: skip
        suggestion.add("导入台账", by, now, row["number"])
        suggestion.record(
            "suggestion.accepted", now, by, **suggestion.content(), number=suggestion.number,
            ordinal=ordinal_of(suggestion.number), session=suggestion.session, year=suggestion.year, during_session=True,
            submitted_on=on.isoformat(), accepted_on=on.isoformat(),
        )  # fmt: skip
        return suggestion

    def merge_into(self, main: Suggestion, reason: str, by: Actor, now: datetime) -> None:
        """Merge with an accepted one of the same content (并案); each deputy still gets an answer."""
        if self.closed_on:
            raise WrongState(f"{self.called()}已于{self.closed_on}办结，不能再并案。")
        if self.key:
            raise WrongState(
                f"{self.called()}是重点建议，并入别的建议就没有人督办了。请把内容相同的并入这一件，或者先“取消重点建议”。"
            )
        if main.id == self.id:
            raise Invalid("不能并入自己。", {"into": ["请选择另一件建议。"]})
        if main.congress != self.congress or main.state != "accepted":
            raise Invalid("只能并入本级已立案的建议。", {"into": ["只能并入本级已立案的建议。"]})
        if main.closed_on:
            closed = f"{main.number}已于{main.closed_on}办结，不能再并入；请选择没有办结的建议，或者单独办理这一件。"
            raise Invalid("要并入的建议已经办结。", {"into": [closed]})
        self.state, self.merged_into = "merged", main.id
        self.add("并案", by, now, f"并入{main.number}")
        main.add("并案", by, now, f"并入{self.called()}")
        main.voices_joined += [*(used.id for used in self.voices), *self.voices_joined]
        self._hand_on_proposals(main, by, now)
        self.record(
            "suggestion.merged", now, by, into=main.id, into_number=main.number,
            deputies=[named(deputy) for deputy in self.deputies], reason=reason,
        )  # fmt: skip

    def _hand_on_proposals(self, main: Suggestion, by: Actor, now: datetime) -> None:
        """Who proposed it as a key suggestion proposed the matter, which goes on with the main one."""
        if main.against_key():
            return
        for proposal in self.key_proposals:
            if not proposal.is_settled:
                main.key_proposals.append(replace(proposal))
                main.record("key.proposed", now, by, reason=proposal.reason)
        main.picked = main.picked or self.picked

    def split(self, parts: list[dict[str, Any]], reason: str, by: Actor, now: datetime) -> list[Suggestion]:
        """Split into submitted suggestions of one matter each (分案). Returns them; this one ends here.

        What stands behind the text is behind each of them. The voters' opinions go with the first: each is told back once.
        """
        if len(parts) < 2:
            raise Invalid("分案至少要分成两件。", {"parts": ["至少两件。"]})
        if len({part["title"] for part in parts}) < len(parts):
            raise Invalid("分出的各件标题相同。", {"parts": ["请给每一件写自己的标题，一事一案。"]})
        born: list[Suggestion] = []
        for part in parts:
            new = Suggestion(
                id=new_id(), congress=self.congress, lead=self.lead, kind=self.kind, category=self.category,
                delegation=self.delegation, delegation_id=self.delegation_id, confirmation=self.confirmation,
                invitations=[replace(i) for i in self.invitations if i.answer == "accepted"], split_from=self.id,
                basis=self.basis, proposed_units=list(self.proposed_units), several_years=self.several_years,
                opinions=list(self.opinions), voices=[] if born else list(self.voices), **part,
            )  # fmt: skip
            new.add("分案", by, now, f"由{self.called()}分出。{reason}")
            new.submit(self.session, self.during_session, self.year, by, now)
            born.append(new)
        self.state, self.split_into = "split", [new.id for new in born]
        self.add("分案", by, now, reason)
        self.record("suggestion.split", now, by, parts=[new.id for new in born], reason=reason)
        return born

    def correct(self, title: str, kind: str, category: str, reason: str, by: Actor, now: datetime) -> None:
        """Correct title, kind or category of what was accepted already, with a trace. What is empty stays as it is."""
        if self.closed_on:
            raise WrongState(f"{self.called()}已于{self.closed_on}办结，不能再更正。")
        if 0 < len(title) < SHORTEST_TITLE:
            raise Invalid("标题太短。", {"title": [f"至少要写 {SHORTEST_TITLE} 个字。"]})
        if not self._correct({"title": title, "kind": kind, "category": category}, reason, by, now):
            raise Invalid("没有需要更正的内容。", {"title": ["标题、类型和类别都与现在的相同。"]})

    def _correct(self, wanted: dict[str, str], reason: str, by: Actor, now: datetime) -> bool:
        """False when nothing is other than it was."""
        before = {
            name: getattr(self, name)
            for name, value in wanted.items()
            if value not in ("", getattr(self, name))
        }
        for name, old in before.items():
            self.add(f"更正{CONTENT_LABELS[name]}", by, now, f"原为{KINDS.get(old, old)}。{reason}")
            setattr(self, name, wanted[name])
        if before:
            self.record(
                "suggestion.corrected", now, by, title=self.title, kind=self.kind, category=self.category,
                before=before, reason=reason,
            )  # fmt: skip
        return bool(before)

    def replace_lead(self, deputy: str, reason: str, by: Actor, now: datetime) -> None:
        """A cosigner leads from now on, for the lead deputy's seat fell vacant."""
        if not self.needs_lead:
            raise WrongState(
                f"{self.called()}的领衔代表{self.lead.name}仍在任，或者建议已经办结，不需要更换。"
            )
        new = next((cosigner for cosigner in self.cosigners if cosigner.id == deputy), None)
        if new is None:
            raise Invalid("只能由附议代表接替领衔。", {"deputy": ["请从已经附议的代表中选择。"]})
        before, self.lead, self.lead_is_vacant = self.lead, new, False
        self.invitations = [i for i in self.invitations if i.deputy.id != new.id]
        self.add("更换领衔代表", by, now, f"原为{before.name}。{reason}")
        self.record("lead.replaced", now, by, lead=named(new), before=named(before), reason=reason)

    # --- key suggestions ----------------------------------------------------------------------------------------

    def against_key(self) -> str:
        """What stands against making it a key suggestion; empty when nothing does."""
        if self.state != "accepted":
            return f"{self.called()}现在是“{self.rules.states[self.state]}”，不能确定为重点建议。"
        if self.closed_on:
            return f"{self.called()}已于{self.closed_on}办结，不能再确定为重点建议。"
        if self.key:
            return f"{self.called()}已于{self.key.decided_on}确定为重点建议（{self.key.theme}）；需要改动请“调整重点督办”。"
        return ""

    @property
    def is_key_candidate(self) -> bool:
        return not self.against_key() and any(not proposal.is_settled for proposal in self.key_proposals)

    def propose_key(self, reason: str, by: Actor, now: datetime) -> None:
        """Propose it as a candidate; several may, each with a reason of their own. It is the offices' to know."""
        if against := self.against_key():
            raise WrongState(against)
        self.key_proposals.append(KeyProposal(by.name, legal_date(now), reason))
        self.record("key.proposed", now, by, reason=reason)

    def pick_for(self, office_id: str, leader: str, by: Actor, now: datetime) -> None:
        """A government leader picked it to sponsor it (领办): of a key suggestion the mark says so, any other is proposed."""
        reason = f"{leader}从推荐件目录中选定领办。"
        if self.key:
            if self.key.sponsor_id != office_id:
                self.change_key_mark(self.key.sponsored_by(office_id, leader), reason, by, now)
            return
        self.picked = Picked(office_id, leader, legal_date(now))
        self.propose_key(reason, by, now)

    def make_key(self, mark: KeyMark, by: Actor, now: datetime) -> None:
        """A key suggestion (重点处理建议), picked by the chairpersons' meeting and grouped under a theme (003)."""
        if against := self.against_key():
            raise WrongState(against)
        self.key = mark
        self.add("确定为重点处理建议", by, now, mark.theme)
        self.record("suggestion.designated", now, by, **mark.as_data())

    def change_key_mark(self, mark: KeyMark, reason: str, by: Actor, now: datetime) -> None:
        """Another theme, or others who supervise and sponsor it: somebody left office, or the division of work changed."""
        if self.key is None:
            raise WrongState(f"{self.called()}不是重点建议。")
        before, self.key = self.key, mark
        self.add("调整重点督办", by, now, reason)
        self.record("key.changed", now, by, **mark.as_data(), before=before.as_data(), reason=reason)

    def follow_office(self, id: str, name: str, reason: str, by: Actor, now: datetime) -> bool:
        """A post on its mark is held by somebody else now: the duty passes on. False where nothing is other than it was."""
        if self.key is None or self.closed_on:
            return False
        mark = self.key.with_office(id, name)
        if mark == self.key:
            return False
        self.change_key_mark(mark, f"职务变动，现为{name}。{reason}", by, now)
        return True

    def release_key(self, reason: str, by: Actor, now: datetime) -> None:
        """It is a key suggestion no more; that it was one stays in the history."""
        if self.key is None:
            raise WrongState(f"{self.called()}不是重点建议。")
        before, self.key, self.picked = self.key, None, None
        for proposal in self.key_proposals:
            proposal.is_settled = True
        self.add("取消重点建议", by, now, reason)
        self.record("key.released", now, by, theme=before.theme, reason=reason)

    def renew_practices(self, reason: str, by: Actor, now: datetime) -> None:
        """What began under earlier practices goes on by those of today, because somebody says so and why."""
        if self.closed_on:
            raise WrongState(f"{self.called()}已经办结，不再改按新做法。")
        if not self.units_told:
            raise WrongState(f"{self.called()}还没有交办，交办时自然按当天的做法办理。")
        self.practices_on = legal_date(now)
        self.add("改按新做法", by, now, reason)
        self.record("practices.renewed", now, by, held_on=self.practices_on.isoformat(), reason=reason)


SHORTEST_TITLE = 5
NOT_IN_LEDGER = "（台账导入，无正文）"
