"""From the first draft to the submission: what the deputies do with a suggestion."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Self

from services.intake.model.delegation import OfDelegation
from services.intake.model.entrance import Finding
from services.intake.model.parts import Invitation, Person, VoiceUsed
from services.intake.model.written import CONTENT_LABELS, named
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState

AGREED_TO = {"title", "proposals"}  # what a cosigner says yes to
MOST_OPINIONS = 20
CHANGED_LABELS = CONTENT_LABELS | {
    "basis": "调研情况", "proposed_units": "建议承办单位", "several_years": "分年办理", "opinions": "选民意见",
}  # fmt: skip


class Draft(OfDelegation):
    """A suggestion in its deputies' hands: drafting, cosigning (附议), submission."""

    @classmethod
    def draft(cls, congress: str, lead: Person, by: Actor, now: datetime, **content: Any) -> Self:
        """A new draft. Its text stays private until it is submitted."""
        suggestion = cls(id=new_id(), congress=congress, lead=lead, **content)
        suggestion.add("起草", by, now)
        suggestion.record("suggestion.drafted", now, by, lead=named(lead))
        return suggestion

    def revise(self, by: Actor, now: datetime, **content: Any) -> None:
        """Change the text. A returned suggestion keeps its history, so that the office sees what changed since.

        Who cosigned said yes to a matter and to what shall be done: when title or proposals change, they are asked again.
        """
        changed = [name for name, value in content.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, content[name])
        if self.state == "returned" and changed:
            self.add("修改", by, now, "、".join(CHANGED_LABELS[name] for name in changed))
        if AGREED_TO & set(changed):
            self.void_confirmation()
            for invitation in self.invitations:
                if invitation.answer == "accepted":
                    invitation.ask(legal_date(now), None, "asked_again")
                    self._tell_invited(invitation, by, now)

    def take_in(self, voice: VoiceUsed) -> None:
        """Use a voter's opinion: its words stand among the opinions, and what becomes of the suggestion is told back."""
        self.voices.append(voice)
        if voice.words not in self.opinions and len(self.opinions) < MOST_OPINIONS:
            self.opinions.append(voice.words)

    def discard(self, by: Actor, now: datetime) -> None:
        """Give a draft up that was never submitted. Who was asked to cosign hears of it."""
        self.state = "discarded"
        self.void_confirmation()
        asked = [i.deputy for i in self.invitations if i.answer != "declined"]
        self.record("suggestion.discarded", now, by, deputies=[named(deputy) for deputy in asked])
        self.add("删除草稿", by, now)

    def invite(self, deputies: list[Person], answer_by: date | None, by: Actor, now: datetime) -> None:
        """Invite deputies of the same congress to cosign; who declined or let the day pass may be invited again."""
        today = legal_date(now)
        if answer_by and answer_by < today:
            raise Invalid("答复期限已经过去。", {"answer_by": ["请填写今天或以后的日期。"]})
        for deputy in deputies:
            if deputy.id == self.lead.id:
                raise Invalid("领衔代表不能邀请自己附议。", {"deputies": ["领衔代表不能邀请自己附议。"]})
            standing = next((i for i in self.invitations if i.deputy.id == deputy.id), None)
            if standing is None:
                standing = Invitation(deputy, today, answer_by=answer_by)
                self.invitations.append(standing)
            elif standing.answer == "declined" or standing.has_lapsed(today):
                standing.ask(today, answer_by)
            else:
                continue  # invited already: a repeat changes nothing
            self._tell_invited(standing, by, now)

    def _tell_invited(self, invitation: Invitation, by: Actor, now: datetime) -> None:
        until = invitation.answer_by.isoformat() if invitation.answer_by else None
        again = invitation.answer == "asked_again"
        self.record(
            "cosigner.invited", now, by, deputy=named(invitation.deputy), answer_by=until, again=again
        )

    def cosign(self, by: Actor, now: datetime) -> None:
        """The invited deputy accepts."""
        invitation = self.invitation_of(by)
        if invitation.has_lapsed(legal_date(now)):
            raise WrongState(
                f"附议邀请已于{invitation.answer_by}截止。需要附议的，请领衔代表{self.lead.name}重新邀请。"
            )
        invitation.answered("accepted", legal_date(now))
        self.record("cosigner.accepted", now, by, deputy=named(invitation.deputy))

    def decline(self, reason: str, by: Actor, now: datetime) -> None:
        """The invited deputy declines, or one who had accepted withdraws before submission."""
        invitation = self.invitation_of(by)
        invitation.answered("declined", legal_date(now))
        self.record("cosigner.declined", now, by, deputy=named(invitation.deputy), reason=reason)

    def take_out(self, deputies: list[str], by: Actor, now: datetime) -> None:
        """The lead deputy goes on without some who were invited or had cosigned."""
        standing = {i.deputy.id: i for i in self.invitations if i.answer != "declined"}
        if unknown := [id for id in deputies if id not in standing]:
            raise Invalid("只能移出已经邀请的代表。", {"deputies": [f"没有邀请过：{'、'.join(unknown)}"]})
        for id in deputies:
            standing[id].answered("declined", legal_date(now))
            self.record("cosigner.removed", now, by, deputy=named(standing[id].deputy))

    def submit(
        self,
        session: str,
        during_session: bool,
        year: int,
        by: Actor,
        now: datetime,
        bars: Collection[str] = (),
        local: Sequence[Finding] = (),
    ) -> None:
        """Hand the suggestion in: during the session (大会期间) or between sessions (闭会期间).

        Invitations that nobody answered lapse: a cosigner is one who said so. Raises Invalid for what the congress bars.

        `local`: what the place's own plugins have found.
        """
        if silent := [i.deputy.name for i in self.invitations if i.answer == "asked_again"]:
            raise Invalid(
                f"正文改动以后，附议代表{'、'.join(silent)}还没有重新同意。请等他们答复，或者移出附议后再提交。"
            )
        self.require_confirmed()
        findings = [*self.findings(bars), *local]
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
            **({"split_from": self.split_from} if self.split_from else {}),
        )  # fmt: skip
