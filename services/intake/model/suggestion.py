"""A suggestion from the first draft to its number: what may happen to it, and who may do it.

Source of the steps: docs/domain "Life of a suggestion", 2 and 3; 《代表法》and the offices' practice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model import entrance
from services.intake.model.numbers import ordinal_of, session_of
from services.intake.model.parts import Invitation, KeyMark, KeyProposal, Person, Step, Version
from services.intake.model.rules import READERS, RULES
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rules
from shared.terms import KINDS, NOT_ACCEPTED_REASONS


@dataclass(kw_only=True)
class Suggestion(Governed):
    """One deputy's suggestion: one matter (一事一案), with situation, analysis and concrete proposals (003)."""

    rules: ClassVar[Rules] = RULES

    state: str = "draft"
    title: str
    situation: str
    analysis: str
    proposals: str
    kind: str
    category: str
    lead: Person
    delegation: str = ""  # name of the delegation whose own suggestion it is; empty for a deputy's
    opinions: list[str] = field(default_factory=list)  # of voters, that it grew from
    invitations: list[Invitation] = field(default_factory=list)
    session: str = ""
    during_session: bool = False
    submitted_on: date | None = None
    times_submitted: int = 0
    found: list[str] = field(default_factory=list)  # codes of the findings with which it was submitted last
    number: str = ""
    year: int = 0
    merged_into: str = ""
    closed_on: date | None = None  # as evaluation told
    key: KeyMark | None = None
    key_proposals: list[KeyProposal] = field(default_factory=list)
    units: list[str] = field(
        default_factory=list
    )  # ids of the units that have it or watch over it, as assignment told
    units_told: int = 0  # in its event of this sequence
    history: list[Step] = field(default_factory=list)
    returned: list[Version] = field(default_factory=list)  # texts that were returned, the first one first

    # --- who is who -------------------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Drafts are their deputies' alone; from submission on the liaison office sees the suggestion, and once it was
        accepted those who have to read it: the congress's other offices and the units that handle it."""
        found = set()
        if self.lead.id in actor.seats:
            found.add("lead_deputy")
        for invitation in self.invitations:
            if invitation.deputy.id in actor.seats and invitation.answer != "declined":
                found.add("cosigner" if invitation.answer == "accepted" else "invited")
        if self.state not in ("draft", "discarded") and actor.has("liaison", self.congress):
            found.add("liaison")
        if self.state in ("accepted", "merged"):
            found |= {role for role in READERS if actor.has(role, self.congress)}
            if actor.units("handler", "unit_head", "distributing") & set(self.units):
                found.add("unit")
        if actor.has("system"):
            found.add("system")
        return frozenset(found)

    def called(self) -> str:
        return f"《{self.title}》"

    def may(self, actor: Actor) -> list[dict[str, str]]:
        """As the table says, less what would be refused for this suggestion now."""
        impossible = {"make_key", "propose_key"} if self.key else {"change_key_mark", "release_key"}
        if self.closed_on:
            impossible |= {"merge_suggestion", "correct_suggestion", "propose_key", "make_key"}
        return [line for line in super().may(actor) if line["command"] not in impossible]

    @property
    def cosigners(self) -> list[Person]:
        """The deputies who accepted, in the order in which they were invited."""
        return [invitation.deputy for invitation in self.invitations if invitation.answer == "accepted"]

    @property
    def deputies(self) -> list[Person]:
        """Everybody who gets the reply: the lead deputy and the cosigners."""
        return [self.lead, *self.cosigners]

    # --- drafting and cosigning -------------------------------------------------------------------------------

    @classmethod
    def draft(cls, congress: str, lead: Person, by: Actor, now: datetime, **content: Any) -> Suggestion:
        """A new draft. Its text stays private until it is submitted."""
        suggestion = cls(id=new_id(), congress=congress, lead=lead, **content)
        suggestion._add("起草", by, now)
        suggestion.record("suggestion.drafted", now, by, lead=_named(lead))
        return suggestion

    def revise(self, by: Actor, now: datetime, **content: str) -> None:
        """Change the text. A returned suggestion keeps its history, so that the office sees what changed since."""
        changed = [name for name, value in content.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, content[name])
        if self.state == "returned" and changed:
            self._add("修改", by, now, "、".join(CONTENT_LABELS[name] for name in changed))

    def discard(self, by: Actor, now: datetime) -> None:
        """Give a draft up that was never submitted."""
        self.state = "discarded"
        self._add("删除草稿", by, now)

    def invite(self, deputies: list[Person], by: Actor, now: datetime) -> None:
        """Invite deputies of the same congress to cosign; one who declined may be invited again."""
        for deputy in deputies:
            if deputy.id == self.lead.id:
                raise Invalid("领衔代表不能邀请自己附议。", {"deputies": ["领衔代表不能邀请自己附议。"]})
            standing = next((i for i in self.invitations if i.deputy.id == deputy.id), None)
            if standing is None:
                self.invitations.append(Invitation(deputy, legal_date(now)))
            elif standing.answer == "declined":
                standing.answer, standing.invited_on, standing.answered_on = "invited", legal_date(now), None
            else:
                continue  # invited already: a repeat changes nothing
            self.record("cosigner.invited", now, by, deputy=_named(deputy))

    def cosign(self, by: Actor, now: datetime) -> None:
        """The invited deputy accepts."""
        invitation = self._invitation_of(by)
        invitation.answer, invitation.answered_on = "accepted", legal_date(now)
        self.record("cosigner.accepted", now, by, deputy=_named(invitation.deputy))

    def decline(self, reason: str, by: Actor, now: datetime) -> None:
        """The invited deputy declines, or one who had accepted withdraws before submission."""
        invitation = self._invitation_of(by)
        invitation.answer, invitation.answered_on = "declined", legal_date(now)
        self.record("cosigner.declined", now, by, deputy=_named(invitation.deputy), reason=reason)

    def findings(self, bars: Collection[str] = ()) -> list[entrance.Finding]:
        """What the office would object to in the text as it is now; `bars` are codes that the congress lets not pass."""
        return entrance.findings(self.text(), self.congress, bars)

    def submit(
        self,
        session: str,
        during_session: bool,
        year: int,
        by: Actor,
        now: datetime,
        bars: Collection[str] = (),
    ) -> None:
        """Hand the suggestion in: during the session (大会期间) or between sessions (闭会期间).

        Invitations that nobody answered lapse: a cosigner is one who said so. Raises Invalid for what the congress bars.
        """
        findings = self.findings(bars)
        if barred := [finding for finding in findings if finding.bars]:
            errors: dict[str, list[str]] = {}
            for finding in barred:
                errors.setdefault(finding.field, []).append(f"{finding.sentence}{finding.mend}")
            raise Invalid("还不能提交：本级人大要求先改好下面列出的问题。", errors)
        self.found = list(dict.fromkeys(finding.code for finding in findings))
        self.state, self.session, self.during_session, self.year = "submitted", session, during_session, year
        self.submitted_on = legal_date(now)
        self.times_submitted += 1
        self.invitations = [i for i in self.invitations if i.answer != "invited"]
        self._add("提交", by, now, f"第{self.times_submitted}次提交" if self.times_submitted > 1 else "")
        self.record(
            "suggestion.submitted", now, by, **self.content(), session=session, during_session=during_session,
            submitted_on=self.submitted_on.isoformat(), times=self.times_submitted, findings=self.found,
        )  # fmt: skip

    # --- review -----------------------------------------------------------------------------------------------

    def accept(self, number: str, ordinal: int, kind: str, category: str, by: Actor, now: datetime) -> None:
        """Accept and number (立案编号). The office may correct kind and category; the correction leaves a trace."""
        self._correct({"kind": kind, "category": category}, "受理时更正", by, now)
        self.state, self.number = "accepted", number
        self._add("受理立案", by, now, number)
        assert self.submitted_on is not None
        self.record(
            "suggestion.accepted", now, by, **self.content(), number=number, ordinal=ordinal, session=self.session,
            year=self.year, during_session=self.during_session, submitted_on=self.submitted_on.isoformat(),
            accepted_on=legal_date(now).isoformat(),
        )  # fmt: skip

    def return_to_deputy(self, reason_codes: list[str], reason: str, by: Actor, now: datetime) -> None:
        """Return it with the reasons and how to mend it; the deputy may submit it again. The text stays for comparison."""
        assert self.submitted_on is not None
        self.state = "returned"
        self.returned.append(Version(self.submitted_on, legal_date(now), reason, self.text()))
        self._add("退回修改", by, now, f"{_labels(reason_codes)}。{reason}")
        self.record(
            "suggestion.returned",
            now,
            by,
            reason_code=reason_codes[0],
            reason_codes=reason_codes,
            reason=reason,
        )

    def treat_as_letter(self, reason_codes: list[str], reason: str, by: Actor, now: datetime) -> None:
        """Not a suggestion: pass it on as a letter (转作来信)."""
        self.state = "lettered"
        self._add("转作来信", by, now, f"{_labels(reason_codes)}。{reason}")
        self.record(
            "suggestion.lettered",
            now,
            by,
            reason_code=reason_codes[0],
            reason_codes=reason_codes,
            reason=reason,
        )

    def changes(self) -> list[dict[str, str]]:
        """What is other than when it was returned last: [{part, label, before, after}]."""
        if not self.returned:
            return []
        before, now = self.returned[-1].text, self.text()
        return [
            {"part": part, "label": label, "before": before[part], "after": now[part]}
            for part, label in CONTENT_LABELS.items()
            if before[part] != now[part]
        ]

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
        suggestion._add("导入台账", by, now, row["number"])
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
        if main.id == self.id:
            raise Invalid("不能并入自己。", {"into": ["请选择另一件建议。"]})
        if main.congress != self.congress or main.state != "accepted":
            raise Invalid("只能并入本级已立案的建议。", {"into": ["只能并入本级已立案的建议。"]})
        if main.closed_on:
            closed = f"{main.number}已于{main.closed_on}办结，不能再并入；请选择没有办结的建议，或者单独办理这一件。"
            raise Invalid("要并入的建议已经办结。", {"into": [closed]})
        self.state, self.merged_into = "merged", main.id
        self._add("并案", by, now, f"并入{main.number}")
        main._add("并案", by, now, f"并入{self.called()}")
        self.record(
            "suggestion.merged", now, by, into=main.id, into_number=main.number,
            deputies=[_named(deputy) for deputy in self.deputies], reason=reason,
        )  # fmt: skip

    def split(self, parts: list[dict[str, Any]], reason: str, by: Actor, now: datetime) -> list[Suggestion]:
        """Split into submitted suggestions of one matter each (分案). Returns them; this one ends here."""
        if len(parts) < 2:
            raise Invalid("分案至少要分成两件。", {"parts": ["至少两件。"]})
        born = []
        for part in parts:
            new = Suggestion(
                id=new_id(), congress=self.congress, lead=self.lead, kind=self.kind, category=self.category,
                delegation=self.delegation, invitations=[i for i in self.invitations if i.answer == "accepted"], **part,
            )  # fmt: skip
            new.submit(self.session, self.during_session, self.year, by, now)
            born.append(new)
        self.state = "split"
        self._add("分案", by, now, reason)
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
            self._add(f"更正{CONTENT_LABELS[name]}", by, now, f"原为{KINDS.get(old, old)}。{reason}")
            setattr(self, name, wanted[name])
        if before:
            self.record(
                "suggestion.corrected", now, by, title=self.title, kind=self.kind, category=self.category,
                before=before, reason=reason,
            )  # fmt: skip
        return bool(before)

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

    def make_key(self, mark: KeyMark, by: Actor, now: datetime) -> None:
        """A key suggestion (重点处理建议), picked by the chairpersons' meeting and grouped under a theme (003)."""
        if against := self.against_key():
            raise WrongState(against)
        self.key = mark
        self._add("确定为重点处理建议", by, now, mark.theme)
        self.record("suggestion.designated", now, by, **mark.as_data())

    def change_key_mark(self, mark: KeyMark, reason: str, by: Actor, now: datetime) -> None:
        """Another theme, or others who supervise and sponsor it: somebody left office, or the division of work changed."""
        if self.key is None:
            raise WrongState(f"{self.called()}不是重点建议。")
        before, self.key = self.key, mark
        self._add("调整重点督办", by, now, reason)
        self.record("key.changed", now, by, **mark.as_data(), before=before.as_data(), reason=reason)

    def release_key(self, reason: str, by: Actor, now: datetime) -> None:
        """It is a key suggestion no more; that it was one stays in the history."""
        if self.key is None:
            raise WrongState(f"{self.called()}不是重点建议。")
        before, self.key = self.key, None
        for proposal in self.key_proposals:
            proposal.is_settled = True
        self._add("取消重点建议", by, now, reason)
        self.record("key.released", now, by, theme=before.theme, reason=reason)

    # --- inside -----------------------------------------------------------------------------------------------

    def text(self) -> dict[str, str]:
        """Title, the three parts, kind and category."""
        return {name: getattr(self, name) for name in CONTENT_LABELS}

    def content(self) -> dict[str, Any]:
        """Text and people, as events carry them."""
        return {
            **self.text(),
            "lead": _named(self.lead),
            "cosigners": [_named(deputy) for deputy in self.cosigners],
            "delegation": self.delegation,
        }

    def _invitation_of(self, actor: Actor) -> Invitation:
        return next(i for i in self.invitations if i.deputy.id in actor.seats and i.answer != "declined")

    def _add(self, what: str, by: Actor, now: datetime, reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, reason))


CONTENT_LABELS = {
    "title": "标题", "situation": "情况", "analysis": "分析", "proposals": "具体意见", "kind": "类型", "category": "类别",
}  # fmt: skip


SHORTEST_TITLE = 5
NOT_IN_LEDGER = "（台账导入，无正文）"


def _labels(reason_codes: list[str]) -> str:
    return "、".join(NOT_ACCEPTED_REASONS[code] for code in reason_codes)


def _named(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name}
