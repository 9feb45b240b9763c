"""A whole delegation's suggestion (全团建议): its head confirms it before it is handed in.

Source: 全团建议 are handed in in the delegation's name and handled with special care (Hunan 2022); 《代表法》: a delegation's
bills and suggestions are put forward in its name. What a deputy calls so alone is not the delegation's.
"""

from __future__ import annotations

from datetime import datetime

from services.intake.model.parts import Confirmation, Person
from services.intake.model.written import Written, named
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState


class OfDelegation(Written):
    """The part of a suggestion's life that concerns the delegation in whose name it is."""

    @property
    def is_confirmed(self) -> bool:
        return self.confirmation is not None and self.confirmation.answer == "confirmed"

    @property
    def asked_head(self) -> str:
        """The seat of the head whose word it waits for; empty where it waits for none."""
        waits = (
            self.confirmation and self.confirmation.answer == "asked" and self.state in ("draft", "returned")
        )
        return self.confirmation.head.id if waits and self.confirmation else ""

    def ask_delegation(self, head: Person | None, by: Actor, now: datetime) -> None:
        """The lead deputy puts it before the head of the delegation."""
        if not self.delegation_id:
            raise WrongState(f"{self.called()}不是代表团的建议，不需要团长确认。")
        if head is None:
            raise Invalid(f"{self.delegation}还没有登记团长。请联系联工委在名册里登记团长，再提请确认。")
        if self.is_confirmed:
            raise WrongState(f"{self.called()}已经由团长{head.name}确认，可以提交。")
        self.confirmation = Confirmation(head, legal_date(now))
        self.add("提请代表团确认", by, now, f"团长{head.name}")
        self.record("delegation.asked", now, by, delegation_id=self.delegation_id, head=named(head))

    def answer_delegation(self, agrees: bool, reason: str, by: Actor, now: datetime) -> None:
        """The head confirms that it is the delegation's, or says what stands against it."""
        if self.confirmation is None or self.confirmation.answer != "asked":
            raise WrongState(f"{self.called()}没有等待确认。")
        if not agrees and not reason:
            raise Invalid("请写明不同意的理由。", {"reason": ["不同意的，请写明理由，便于代表修改。"]})
        self.confirmation.answer = "confirmed" if agrees else "declined"
        self.confirmation.answered_on, self.confirmation.reason = legal_date(now), reason
        self.add("代表团确认" if agrees else "代表团没有同意", by, now, reason)
        self.record(
            "delegation.confirmed" if agrees else "delegation.declined", now, by, delegation_id=self.delegation_id,
            head=named(self.confirmation.head), reason=reason,
        )  # fmt: skip

    def void_confirmation(self) -> None:
        """The matter, or what shall be done, is another one now: the head has to be asked again."""
        if self.confirmation:
            self.confirmation.answer = "void"

    def require_confirmed(self) -> None:
        if self.delegation_id and not self.is_confirmed:
            waits = self.confirmation is not None and self.confirmation.answer == "asked"
            what = (
                f"请等团长{self.confirmation.head.name}确认"
                if waits and self.confirmation
                else "请先提请代表团确认"
            )
            raise WrongState(f"{self.called()}是{self.delegation}的全团建议，{what}，再提交。")
