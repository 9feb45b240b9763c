"""Which faults happen when, all of it from a seed, so that a run can be repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

# How often each kind comes, against the others. What takes long to come back comes seldom.
KINDS = {
    "service killed": 10,
    "relay killed": 6,
    "broker node killed": 3,
    "database session ended": 5,
    "database backend killed": 2,
    "database killed": 2,
    "service paused": 6,
    "broker node paused": 5,
    "database paused": 3,
    "broker alarm": 2,
    "broker cut off": 5,
    "database cut off": 4,
    "search cut off": 2,
    "broker silent": 3,
    "database silent": 2,
    "broker slow": 2,
    "database slow": 2,
}
ALONE = 0.7  # so many of the faults come alone, the others with a second one of another part
LONGEST_HOLD, LONGEST_GAP = 3.0, 1.0  # seconds


@dataclass(frozen=True)
class Fault:
    """A fault, whom it strikes (one of as many as there are: `chance` of them), and how long it lasts."""

    kind: str
    chance: float
    hold: float

    def choose(self, victims: list[str]) -> str:
        return victims[int(self.chance * len(victims))]

    @property
    def part(self) -> str:
        """What it strikes; faults of one part do not come together."""
        return self.kind.split()[0].replace("relay", "service")


@dataclass(frozen=True)
class Round:
    """Faults that come together, after a while of peace."""

    gap: float
    faults: tuple[Fault, ...]


def rounds(seed: int) -> Iterator[Round]:
    """Without end. Every kind comes once before chance alone decides."""
    chance = random.Random(seed)
    first = list(KINDS)
    chance.shuffle(first)

    def fault(kind: str) -> Fault:
        return Fault(kind, chance.random(), chance.uniform(0.2, LONGEST_HOLD))

    def kinds() -> Iterator[str]:
        yield from first
        while True:
            yield from chance.choices(list(KINDS), list(KINDS.values()))

    coming = kinds()
    while True:
        one, other = fault(next(coming)), None
        if chance.random() > ALONE:
            other = fault(next(coming))
        together = other is not None and other.part != one.part
        for faults in ((one, other),) if together else ((one,), (other,)):
            if present := tuple(each for each in faults if each is not None):
                yield Round(chance.uniform(0, LONGEST_GAP), present)
