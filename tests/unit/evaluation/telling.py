"""What the other services tell evaluation, in short words: `office.accepts()`, `office.assigns()`, `office.replies()`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from harness import PROVINCE, TestNetwork, deputy

from shared.aggregate import new_id

A, B, STRANGER = new_id(), new_id(), new_id()  # lead deputy, cosigner, a deputy of the same congress
TAX, WATER = new_id(), new_id()
NAMES = {A: "代表甲", B: "代表乙", STRANGER: "代表丙", TAX: "省税务局", WATER: "省水利厅"}
ASSIGNED_ON = date(2023, 2, 20)


def named(id: str) -> dict[str, str]:
    return {"id": id, "name": NAMES[id]}


class Elsewhere:
    """Speaks for directory, intake, assignment and supervision about suggestions of the province."""

    def __init__(self, network: TestNetwork) -> None:
        self.network = network
        self.sequences: dict[str, int] = {}
        self.count = 0

    def tell(self, type: str, subject: str, **data: Any) -> None:
        self.sequences[subject] = self.sequences.get(subject, 0) + 1
        self.network.tell(type, subject, PROVINCE, self.sequences[subject], **data)
        self.network.settle()

    def accepts(self, id: str, year: int = 2023, cosigners: tuple[str, ...] = (B,)) -> None:
        self.count += 1
        self.tell(
            "suggestion.accepted.v1", id, title=f"关于第{self.count}件事的建议", number=f"第{self.count:04d}号", category="社会保障",
            year=year, lead=named(A), cosigners=[named(cosigner) for cosigner in cosigners],
        )  # fmt: skip

    def assigns(self, id: str, *units: str, lead: str = "", deputies: tuple[str, ...] = (A, B)) -> None:
        """To one lead unit with joint ones (`lead`), or to several separate units."""
        role = "joint" if lead else "separate"
        tasks = [
            {"task": task(id, unit), "unit": named(unit), "role": role, "assigned_on": "2023-02-20"}
            for unit in units
        ]
        if lead:
            tasks.insert(
                0, {"task": task(id, lead), "unit": named(lead), "role": "lead", "assigned_on": "2023-02-20"}
            )
        self.tell(
            "suggestion.assigned.v1", id, number="第0001号", title="（交办时的标题）", category="社会保障", batch="",
            assigned_on="2023-02-20", deputies=[named(d) for d in deputies], tasks=tasks,
        )  # fmt: skip

    def replies(self, id: str, unit: str = TAX, reply_class: str = "A", round: int = 1, role: str = "lead",
                on: date | None = None, deputies: tuple[str, ...] = (A, B), reply: str = "", results: tuple[dict[str, Any], ...] = (),
                publicity: str = "public") -> str:  # fmt: skip
        """Issued today, or, as an imported ledger says, `on` an earlier day. The reply's id."""
        reply = reply or new_id()
        on = on or self.network.clock.now().date()
        self.tell(
            "reply.issued.v1", id, task=task(id, unit), unit=named(unit), role=role, reply=reply, round=round,
            document_number="湘税建〔2023〕12号", reply_class=reply_class, publicity=publicity, text="……", contact="经办人甲",
            phone="0731-00000000", issued_on=on.isoformat(), deputies=[named(d) for d in deputies], commitments=[],
            missing_opinions=[], results=list(results),
        )  # fmt: skip
        return reply

    def supplements(
        self, id: str, reply: str, unit: str = TAX, solved: bool = True, deputies: tuple[str, ...] = (A, B)
    ) -> str:
        """The unit answers the deputies again, today: all is done, or, without `solved`, there is news. The answer's id."""
        supplement = new_id()
        self.tell(
            "reply.supplemented.v1", id, task=task(id, unit), unit=named(unit), role="lead", reply=reply, supplement=supplement,
            text="联合运维中心已经挂牌。", solved=solved, supplemented_on=self.network.clock.now().date().isoformat(),
            deputies=[named(d) for d in deputies],
        )  # fmt: skip
        return supplement

    def talks(self, id: str, unit: str = TAX, face_to_face: bool = True, phase: str = "during") -> None:
        self.tell(
            "contact.logged.v1", id, task=task(id, unit), unit=named(unit), role="lead", phase=phase,
            method="visit" if face_to_face else "phone", face_to_face=face_to_face, on="2023-03-15", deputies=[], notes="……",
        )  # fmt: skip

    def deadline(
        self,
        name: str,
        id: str,
        unit: str = TAX,
        kind: str = "reply",
        due_on: str = "2023-05-22",
        **more: Any,
    ) -> None:
        """`deadline.set`, `deadline.moved`, `deadline.met` or `reminder.sent` about the unit's deadline of a kind."""
        self.tell(
            f"{name}.v1",
            id,
            deadline=f"{id}/{unit}/{kind}",
            kind=kind,
            unit=named(unit),
            due_on=due_on,
            **more,
        )

    def judges(
        self, id: str, reply: str, seat: str = A, process: str = "satisfied", result: str = "satisfied"
    ) -> dict[str, Any]:
        who = deputy(NAMES[seat], seat)
        return self.network.do(
            who, "evaluation", "give_feedback", id, reply=reply, process=process, result=result
        )

    def measure(
        self, id: str, what: str = "taken", unit: str = TAX, rung: str = "talk", measure: str = ""
    ) -> str:
        """Supervision proposed, took or declined a measure about the suggestion. The measure's id."""
        measure = measure or new_id()
        document = (
            {"text": "请说明情况。", "document_number": "", "due_on": "2023-12-01"} if what == "taken" else {}
        )
        self.tell(f"measure.{what}.v1", id, measure=measure, unit=named(unit), rung=rung, **document)
        return measure

    def handled(self, unit: str = TAX, reply_class: str = "A", judged: str = "") -> tuple[str, str]:
        """A suggestion accepted, assigned and replied to today; judged the same by both deputies, if told. (id, reply)."""
        id = new_id()
        self.accepts(id)
        self.assigns(id, lead=unit)
        reply = self.replies(id, unit, reply_class)
        if judged:
            self.judges(id, reply, A, judged, judged)
            self.judges(id, reply, B, judged, judged)
        return id, reply

    def tomorrow(self, days: int = 1) -> None:
        self.network.clock.set(self.network.clock.now() + timedelta(days=days))


def task(id: str, unit: str) -> str:
    return f"{id[:17]}/{unit[-12:]}"
