"""The life of one suggestion, told by the events of the other services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from harness import PROVINCE, TestNetwork, envelope

from shared.aggregate import new_id
from shared.clock import at

SERVICES = {
    "dissatisfaction.repeated": "evaluation",
    "suggestion.closed": "evaluation",
    "suggestion.published": "evaluation",
    "suggestion.assigned": "assignment",
}
OF_SUBJECT = {
    "suggestion": "intake", "cosigner": "intake", "task": "assignment", "return": "assignment", "plan": "assignment",
    "contact": "assignment", "opinion": "assignment", "reply": "assignment", "extension": "assignment",
    "steps": "assignment", "step": "assignment", "feedback": "evaluation", "rehandling": "evaluation", "remark": "assignment",
}  # fmt: skip


def person(name: str) -> dict[str, str]:
    return {"id": new_id(), "name": name}


class Life:
    """One suggestion with its people; each method is one event, returned and told to the network."""

    def __init__(
        self, network: TestNetwork, congress: str = PROVINCE, title: str = "关于联合运维的建议"
    ) -> None:
        self.network, self.congress, self.title = network, congress, title
        self.id = new_id()
        self.lead, self.cosigner = person("代表甲"), person("代表乙")
        self.tax, self.water = person("省税务局"), person("省水利厅")
        self.task, self.joint_task = new_id(), new_id()
        self.reply, self.second_reply = new_id(), new_id()
        self.told: list[dict[str, Any]] = []
        self._counted: Counter[str] = Counter()

    def tell(
        self, name: str, on: date, /, *, hour: int = 10, settle: bool = True, **data: Any
    ) -> dict[str, Any]:
        service = SERVICES.get(name) or OF_SUBJECT[name.partition(".")[0]]
        self._counted[service] += 1
        moment: datetime = at(on, hour)
        event = envelope(f"{name}.v1", self.id, self.congress, self._counted[service], moment, data)
        event |= {"source": f"/jianyi/{service}", "time": moment.isoformat().replace("+00:00", "Z")}
        self.told.append(event)
        self.network.on(on, hour)
        if settle:
            self.network.deliver([event])
            self.network.settle()
        return event

    # --- steps ----------------------------------------------------------------------------------------------

    def drafted(self, on: date) -> None:
        self.tell("suggestion.drafted", on, hour=8, lead=self.lead)
        self.tell("cosigner.invited", on, hour=9, deputy=self.cosigner)
        self.tell("cosigner.accepted", on, hour=10, deputy=self.cosigner)

    def content(self) -> dict[str, Any]:
        return {
            "title": self.title, "situation": "……", "analysis": "……", "proposals": "……", "kind": "suggestion",
            "category": "社会保障", "lead": self.lead, "cosigners": [self.cosigner], "delegation": "",
            "session": "第十四届一次会议", "during_session": True,
        }  # fmt: skip

    def submitted(self, on: date, times: int = 1) -> None:
        self.tell(
            "suggestion.submitted", on, hour=11, **self.content(), submitted_on=on.isoformat(), times=times
        )

    def accepted(self, on: date, ordinal: int = 1) -> None:
        self.tell(
            "suggestion.accepted", on, **self.content(), number=f"第十四届一次会议第{ordinal:04d}号", ordinal=ordinal,
            year=on.year, submitted_on="2023-01-14", accepted_on=on.isoformat(),
        )  # fmt: skip

    def of_task(
        self, task: str = "", unit: dict[str, str] | None = None, role: str = "lead"
    ) -> dict[str, Any]:
        return {"task": task or self.task, "unit": unit or self.tax, "role": role}

    def of_joint(self) -> dict[str, Any]:
        return self.of_task(self.joint_task, self.water, "joint")

    def assigned(self, on: date, tasks: list[dict[str, Any]] | None = None, hour: int = 15) -> None:
        own = tasks if tasks is not None else [self.of_task(), self.of_joint()]
        self.tell(
            "suggestion.assigned", on, hour=hour, number="第十四届一次会议第0001号", title=self.title, category="社会保障",
            assigned_on=on.isoformat(), batch="", deputies=[self.lead, self.cosigner],
            tasks=[{"assigned_on": on.isoformat(), **task} for task in own],
        )  # fmt: skip

    def signed(self, on: date, task: dict[str, Any] | None = None) -> None:
        self.tell("task.signed", on, **(task or self.of_task()), signed_on=on.isoformat())

    def opined(self, on: date) -> None:
        self.tell("opinion.given", on, **self.of_joint(), text="同意。", given_on=on.isoformat())

    def replied(
        self, on: date, round: int = 1, reply_class: str = "A", promises: tuple[Any, ...] = (), **task: Any
    ) -> None:
        self.tell(
            "reply.issued", on, hour=16, **(task or self.of_task()), reply=self.reply if round == 1 else self.second_reply,
            round=round, document_number=f"湘税建〔2023〕{round}号", reply_class=reply_class, publicity="public", text="……",
            contact="经办人甲", phone="0731-00000000", issued_on=on.isoformat(), deputies=[self.lead, self.cosigner],
            commitments=[dict(zip(("text", "due_on", "done_when", "leader"), p, strict=False)) for p in promises],
            missing_opinions=[],
        )  # fmt: skip

    def judged(
        self,
        on: date,
        deputy: dict[str, str],
        result: str,
        round: int = 1,
        complete: bool = False,
        unsatisfied_rounds: int = 0,
        process_comment: str = "",
    ) -> None:
        self.tell(
            "feedback.given", on, reply=self.reply if round == 1 else self.second_reply, task=self.task, unit=self.tax,
            round=round, deputy=deputy, process="satisfied", result=result, process_comment=process_comment, result_comment="请继续。",
            given_on=on.isoformat(), complete=complete, unsatisfied_rounds=unsatisfied_rounds,
        )  # fmt: skip

    def rehandled(self, on: date) -> None:
        self.tell(
            "rehandling.ordered", on, reply=self.reply, task=self.task, unit=self.tax, round=1, reason="请深入现场。",
            ordered_on=on.isoformat(),
        )  # fmt: skip
        self.tell(
            "task.reopened", on, **self.of_task(), round=2, reason="请深入现场。", reopened_on=on.isoformat()
        )

    def closed(self, on: date) -> None:
        self.tell("suggestion.closed", on, closed_on=on.isoformat(), reply_class="A", note="")

    def published(self, on: date, with_feedback: bool = True) -> None:
        self.tell("suggestion.published", on, published_on=on.isoformat(), with_feedback=with_feedback)

    def up_to_assignment(self) -> Life:
        self.drafted(date(2023, 1, 13))
        self.submitted(date(2023, 1, 14))
        self.accepted(date(2023, 1, 20))
        self.assigned(date(2023, 2, 20))
        return self

    def whole(self) -> Life:
        """The life of an unhappy suggestion, from the draft to its publication."""
        self.up_to_assignment()
        self.signed(date(2023, 2, 22))
        self.signed(date(2023, 2, 23), self.of_joint())
        self.tell(
            "plan.made",
            date(2023, 3, 1),
            **self.of_task(),
            handler="经办人甲",
            plan="调研。",
            reply_by="2023-05-10",
        )
        self.opined(date(2023, 3, 17))
        self.tell(
            "extension.requested",
            date(2023, 4, 1),
            **self.of_task(),
            reason="涉及面广",
            requested_on="2023-04-01",
        )
        self.tell("extension.granted", date(2023, 4, 3), **self.of_task(), reason="")
        self.replied(date(2023, 5, 15), reply_class="B", promises=(("建成联合运维中心", "2023-12-31"),))
        self.judged(date(2023, 5, 18), self.cosigner, "satisfied")
        self.judged(date(2023, 5, 19), self.lead, "unsatisfied", complete=True)
        self.rehandled(date(2023, 5, 22))
        self.replied(date(2023, 6, 19), round=2)
        self.judged(date(2023, 6, 25), self.lead, "satisfied", round=2)
        self.judged(date(2023, 6, 26), self.cosigner, "basically", round=2, complete=True)
        self.closed(date(2023, 7, 3))
        self.published(date(2023, 7, 5))
        return self


@pytest.fixture
def network(network_of: Callable[..., TestNetwork]) -> TestNetwork:
    return network_of("supervision", today=date(2023, 1, 13))


@pytest.fixture
def life(network: TestNetwork) -> Life:
    return Life(network)


@pytest.fixture
def another_life(network: TestNetwork) -> Callable[..., Life]:
    return lambda **more: Life(network, **more)
