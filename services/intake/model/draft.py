"""From the first draft to the submission: what the deputies do with a suggestion."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from services.intake.model.parts import Invitation, Person
from services.intake.model.written import CONTENT_LABELS, Written, named
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid


class Draft(Written):
    """A suggestion in its deputies' hands: drafting, cosigning (附议), submission."""

    @classmethod
    def draft(cls, congress: str, lead: Person, by: Actor, now: datetime, **content: Any) -> Self:
        """A new draft. Its text stays private until it is submitted."""
        suggestion = cls(id=new_id(), congress=congress, lead=lead, **content)
        suggestion.add("起草", by, now)
        suggestion.record("suggestion.drafted", now, by, lead=named(lead))
        return suggestion

    def revise(self, by: Actor, now: datetime, **content: str) -> None:
        """Change the text. A returned suggestion keeps its history, so that the office sees what changed since."""
        changed = [name for name, value in content.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, content[name])
        if self.state == "returned" and changed:
            self.add("修改", by, now, "、".join(CONTENT_LABELS[name] for name in changed))

    def discard(self, by: Actor, now: datetime) -> None:
        """Give a draft up that was never submitted."""
        self.state = "discarded"
        self.add("删除草稿", by, now)

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
            self.record("cosigner.invited", now, by, deputy=named(deputy))

    def cosign(self, by: Actor, now: datetime) -> None:
        """The invited deputy accepts."""
        invitation = self.invitation_of(by)
        invitation.answer, invitation.answered_on = "accepted", legal_date(now)
        self.record("cosigner.accepted", now, by, deputy=named(invitation.deputy))

    def decline(self, reason: str, by: Actor, now: datetime) -> None:
        """The invited deputy declines, or one who had accepted withdraws before submission."""
        invitation = self.invitation_of(by)
        invitation.answer, invitation.answered_on = "declined", legal_date(now)
        self.record("cosigner.declined", now, by, deputy=named(invitation.deputy), reason=reason)

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
        self.add("提交", by, now, f"第{self.times_submitted}次提交" if self.times_submitted > 1 else "")
        self.record(
            "suggestion.submitted", now, by, **self.content(), session=session, during_session=during_session,
            submitted_on=self.submitted_on.isoformat(), times=self.times_submitted, findings=self.found,
        )  # fmt: skip
