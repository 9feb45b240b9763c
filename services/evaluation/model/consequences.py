"""What followed when a reply did not satisfy: measures that supervision took, and what closing asks for.

Source: Liuyang 2022 (不满意的……限令承办单位重新办理并对相关负责人进行约谈；情节严重的，启动专题询问). Nobody closes with a measure that was
never taken, and none is left undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.evaluation.model.parts import Named, TakenMeasure
from services.evaluation.model.standing import Standing
from shared.problems import Invalid, WrongState
from shared.terms import MEASURES, NO_MEASURE

PROPOSED, TAKEN = "proposed", "taken"
FOLLOWS = (
    "talk",
    "inquiry",
    "accountability",
)  # on what does not satisfy; the lower rungs are about dates, too
ON_RECORD = tuple(name for name in MEASURES if name not in (NO_MEASURE, "disclosure"))  # supervision has them


class Consequences(Standing):
    """The part of an evaluation that knows the measures about the suggestion."""

    def hear_of_measure(self, id: str, unit: Named, rung: str, state: str, on: date) -> bool:
        """Supervision proposed, took or declined a measure. False when known, or when a later word is known already."""
        known = self.measures.get(id)
        if known and (state == PROPOSED or known.state == state):
            return False
        self.measures[id] = TakenMeasure(unit, rung, state, on)
        return True

    def taken_since_unhappy(self) -> dict[str, TakenMeasure]:
        """Measures that were taken for a unit on the day on which its reply did not satisfy, or later, by their ids."""
        since = self._unhappy_since()
        return {
            id: one
            for id, one in sorted(self.measures.items())
            if one.state == TAKEN and one.unit.id in since and one.on >= since[one.unit.id]
        }

    def require_consequence(self, note: str, measure: str) -> None:
        """What was done about those who were not satisfied: a measure that was really taken, or a reason for none."""
        self._require_decided()
        if measure in ON_RECORD:
            self._require_taken(measure)
        if not any(self.may_be_rehandled(reply) for reply in self.replies):
            return
        if self._dissatisfied_again() and not measure:
            wanted = f"代表再次不满意：请选择已经采取的措施（{'、'.join(MEASURES.values())}）。"
            raise Invalid(wanted, {"measure": [wanted]})
        if not note and measure in ("", NO_MEASURE):
            wanted = (
                "仍有代表不满意：请选择已经采取的措施，或者在办结说明中写明不采取措施的理由和后续处理情况。"
            )
            raise Invalid(wanted, {"note": [wanted]})

    def _require_decided(self) -> None:
        unhappy = self._unhappy_since()
        waiting = [
            f"{MEASURES[one.rung]}（{one.unit.name}）"
            for _, one in sorted(self.measures.items())
            if one.state == PROPOSED and one.rung in FOLLOWS and one.unit.id in unhappy
        ]
        if waiting:
            raise WrongState(
                f"代表不满意，建议采取的措施还没有决定：{'、'.join(waiting)}。请先在“督办措施”中决定采取或者不采取，再办结（联工委）。"
            )

    def _require_taken(self, measure: str) -> None:
        """The measure is among those taken, and each unit that did not satisfy again has one."""
        taken = self.taken_since_unhappy().values()
        with_one = {one.unit.id for one in taken}
        without = [unit for unit in self._dissatisfied_again() if unit.id not in with_one]
        if any(one.rung == measure for one in taken) and not without:
            return
        names = "、".join(unit.name for unit in without or self._unhappy_units())
        known = (
            "、".join(f"{MEASURES.get(one.rung, '亮灯')}（{one.unit.name}，{one.on}）" for one in taken)
            or "无"
        )
        wanted = (
            f"督办措施中没有因代表不满意而对{names or '承办单位'}采取{MEASURES[measure]}的记录（已采取的：{known}）。"
            "请先在“督办措施”中决定采取，或者改选已经采取的措施；不采取的，选“不采取措施”并写明理由。"
        )
        raise Invalid(wanted, {"measure": [wanted]})

    def _unhappy_since(self) -> dict[str, date]:
        """Units whose replies did not satisfy somebody, with the first day on which that was said."""
        since: dict[str, date] = {}
        for unit, day in self._unhappy_words():
            since[unit.id] = min(day, since.get(unit.id, day))
        return since

    def _unhappy_units(self) -> list[Named]:
        return list({unit.id: unit for unit, _ in self._unhappy_words()}.values())

    def _unhappy_words(self) -> Iterator[tuple[Named, date]]:
        for reply in self.replies:
            if self._rejected_on_paper(reply):
                yield reply.unit, reply.issued_on
            yield from ((reply.unit, form.given_on) for form in reply.forms if form.unhappy and form.given_on)

    def _dissatisfied_again(self) -> list[Named]:
        return [task.unit for task in self.tasks if self.dissatisfied_rounds(task.id) > 1]
