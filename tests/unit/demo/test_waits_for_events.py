"""Who plays the demo gives one command after another, and waits for what comes with events in between."""

from __future__ import annotations

import pytest

from jianyi.insider import Insider
from shared.contracts import evaluation
from shared.identity import SYSTEM
from shared.problems import Invalid, NotAllowed, NotFound, Problem, WrongState
from shared.settings import Settings


class BehindTheTimes:
    """The network, where a service has not yet heard of what makes a command possible."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.asked = problem, 0

    def call(self, *_: object, **__: object) -> dict[str, str]:
        self.asked += 1
        if self.asked == 1:
            raise self.problem
        return {"state": "open"}


@pytest.mark.parametrize("problem", [Invalid("没有这样的单位"), NotFound("没有"), WrongState("还没有答复"), NotAllowed("只有收到答复的代表可以")])  # fmt: skip
def test_what_is_refused_before_the_event_has_arrived_is_given_again(tmp_path, problem):
    network = BehindTheTimes(problem)
    insider = Insider(network, Settings(home=tmp_path))
    assert insider.do(SYSTEM, evaluation.GIVE_FEEDBACK, "id")["state"] == "open"
    assert network.asked == 2
