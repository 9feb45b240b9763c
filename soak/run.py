"""One soak: people live their lives while faults come by plan; after each it is measured when all works again; then
the network settles, and everything is counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

import structlog

from jianyi.lives import Life, Players
from soak.counting import Counting, Story, Unsettled
from soak.crowd import Crowd, Unkeyed
from soak.network import SoakNetwork
from soak.plan import Round, rounds
from soak.strike import Striker

log = structlog.get_logger()

PEOPLE, REST_SECONDS = 3, 0.5  # how many live at the same time, and rest between two lives
RECOVERY_SECONDS = 10.0  # longest from the part's return to the first life that goes all the way
ARRIVAL_SECONDS = 60.0
SETTLE_SECONDS = 120.0
UNKEYED = "代表无钥"


@dataclass
class Struck:
    """A fault that happened, whom it struck, and the seconds from the part's return until all worked again."""

    kind: str
    victim: str
    recovery: float


@dataclass
class Result:
    """What a soak counted. `findings`: a sentence for everything that is wrong, with its events and services."""

    struck: list[Struck] = field(default_factory=list)
    commands: int = 0
    events: int = 0
    lives: int = 0
    refused: int = 0  # answers that asked to try again later
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    contradictions: int = 0
    faulty_answers: int = 0  # of the kind 5xx that do not ask to try again later
    ended: int = 0  # processes that ended though nobody killed them
    settled_seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def recovery_seconds_max(self) -> float:
        return max((each.recovery for each in self.struck), default=0.0)

    def is_good(self) -> bool:
        return not self.findings


class Soak:
    """The people, the books and the plan of one run."""

    def __init__(
        self, network: SoakNetwork, say: Callable[[str], None] = lambda text: None,
        recovers_within: float = RECOVERY_SECONDS, people: int = PEOPLE,
    ) -> None:  # fmt: skip
        self.network, self.say, self.recovers_within, self.people = network, say, recovers_within, people
        self.counting, self.striker = Counting(network.settings), Striker(network)
        self.crowd_players, self.probe_players = network.cast("soak"), network.cast("probe")
        self.result, self._probes = Result(), count(1)
        self.probed: list[str] = []
        self.answered: list[str] = []
        self.undisturbed = self._quiet_story()

    def run(self, seed: int, enough: Callable[[Result], bool]) -> Result:
        """Strike until it is enough, settle and count."""
        done, unkeyed = threading.Event(), Unkeyed(self.network.system, "43", UNKEYED, rest=0.5)
        crowd = Crowd(
            self.crowd_players, "soak", at_least=1, threads=self.people, rest=REST_SECONDS, patient=True
        )
        with ThreadPoolExecutor(1) as pool, crowd:
            registering = pool.submit(unkeyed.go_on_until, done)
            try:
                for round in rounds(seed):
                    if enough(self.result):
                        break
                    self._carry_out(round)
            finally:
                done.set()
            registering.result()
        self._settle_and_count(crowd, unkeyed)
        self.counting.close()
        return self.result

    # --- faults -----------------------------------------------------------------------------------------------

    def _carry_out(self, round: Round) -> None:
        time.sleep(round.gap)
        victims = []
        with ExitStack() as stack:
            for fault in round.faults:
                victims.append(stack.enter_context(self.striker.strike(fault)))
            time.sleep(max(fault.hold for fault in round.faults))
        recovery = self._recovery(time.monotonic())
        kinds = [fault.kind for fault in round.faults]
        for kind, victim in zip(kinds, victims, strict=True):
            self.result.struck.append(Struck(kind, victim, recovery))
        told = " and ".join(f"{kind}: {victim}" for kind, victim in zip(kinds, victims, strict=True))
        self.say(f"{len(self.result.struck):4} {told}: works again after {recovery:.1f} s")
        if recovery > self.recovers_within:
            self.result.findings.append(
                f"{told}: at {time.strftime('%H:%M:%S')} it worked again only after {recovery:.1f} s"
            )
        self._revive_what_ended()

    def _recovery(self, returned: float) -> float:
        """Seconds until somebody's whole life has gone all the way, with its last event at its last consumer."""
        name = f"probe-{next(self._probes)}"
        try:
            self.probed.append(self._live(self.probe_players, name))
            self._await_arrival(self.probed[-1])
        except Exception as error:
            self.result.stuck += 1
            self.result.findings.append(f"stuck: {name}: {error!r}")
        return time.monotonic() - returned

    def _live(self, players: Players, name: str) -> str:
        return Life(players, name, lambda step, _: self.answered.append(f"{name}-{step}")).live(
            published=True
        )

    def _await_arrival(self, id: str) -> None:
        ends = time.monotonic() + ARRIVAL_SECONDS
        while not self.counting.arrived(id):
            if time.monotonic() > ends:
                raise TimeoutError(f"the events about {id} did not arrive within {ARRIVAL_SECONDS:.0f} s")
            time.sleep(0.02)

    def _revive_what_ended(self) -> None:
        for name, process in self.network.processes.running.items():
            if (code := process.poll()) is not None:
                self.result.ended += 1
                self.result.findings.append(f"{name} ended by itself with {code}")
                self.network.processes.start(name)

    # --- counting ---------------------------------------------------------------------------------------------

    def _quiet_story(self) -> Story:
        """The events of a life before anything happens."""
        id = self._live(self.probe_players, "probe-0")
        self.probed.append(id)
        self.counting.settle()
        return self.counting.stories([id])[id]

    def _settle_and_count(self, crowd: Crowd, unkeyed: Unkeyed) -> None:
        result = self.result
        self._revive_what_ended()
        self.network.processes.wait_until_ready()
        try:
            result.settled_seconds = self.counting.settle(SETTLE_SECONDS)
        except Unsettled as unsettled:
            result.stuck += len(left := str(unsettled).splitlines())
            result.findings += [f"stuck: {line}" for line in left]
        result.stuck += len(crowd.stuck)
        result.findings += [f"stuck: {life}" for life in crowd.stuck]
        self._count_events()
        self._count_commands([*crowd.answered, *self.answered])
        self._count_unkeyed(unkeyed)
        self._compare_stories([*crowd.ids, *self.probed])
        self._read_answers(crowd)
        result.lives = len(crowd.ids) + len(self.probed)
        result.events = self.counting.published_events()

    def _count_events(self) -> None:
        lost, doubled, others = (
            self.counting.lost_events(),
            self.counting.doubled_events(),
            self.counting.contradictions(),
        )
        self.result.lost += sum(finding.times for finding in lost)
        self.result.doubled += sum(finding.times for finding in doubled)
        self.result.contradictions += sum(finding.times for finding in others)
        self.result.findings += [*lost, *doubled, *others]

    def _count_commands(self, answered: list[str]) -> None:
        """Each accepted command took effect once."""
        kept = self.counting.carried_out("soak-") + self.counting.carried_out("probe-")
        lost = [key for key in answered if key not in kept]
        doubled = [key for key, times in kept.items() if times > 1]
        self.result.commands += len(answered)
        self._note(lost, doubled, "command")

    def _count_unkeyed(self, unkeyed: Unkeyed) -> None:
        """Those who ask once and without a key: accepted is once, refused at most once."""
        registered = self.counting.named("directory", "deputies", UNKEYED)
        lost = [name for name in unkeyed.accepted if registered[name] == 0]
        self.result.commands += len(unkeyed.accepted)
        self._note(lost, [name for name, times in registered.items() if times > 1], "command without a key")

    def _compare_stories(self, ids: list[str]) -> None:
        """The same events as in a life to which nothing happened."""
        lost, doubled = [], []
        for id, story in self.counting.stories(ids).items():
            lost += [f"{id}: {service} {type}" for service, type in (self.undisturbed - story)]
            doubled += [f"{id}: {service} {type}" for service, type in (story - self.undisturbed)]
        self._note(lost, doubled, "step of a life")

    def _note(self, lost: list[str], doubled: list[str], what: str) -> None:
        self.result.lost += len(lost)
        self.result.doubled += len(doubled)
        self.result.findings += [f"lost {what}: {each}" for each in lost]
        self.result.findings += [f"doubled {what}: {each}" for each in doubled]

    def _read_answers(self, crowd: Crowd) -> None:
        for answer in crowd.troubles:
            text = answer.data.decode(errors="replace")
            if answer.status == 503 and "请稍后再试" in text:
                self.result.refused += 1
            else:
                self.result.faulty_answers += 1
                self.result.findings.append(f"answer {answer.status}: {text[:300]}")
