"""Figures of several places together: summed up over the levels, without telling the few of one place.

Source: docs/domain, "Figures roll up: township → county → city → province". A congress tells its own figures alone, and who is
above adds up; a suggestion is in the figures of one congress, so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shared.events import ROOT

Share = tuple[int, int]


def place_below(congress: str, path: str) -> str:
    """In which place one level below a congress another congress lies; itself where it is that place."""
    words = path.split(".")
    return ".".join(words[: 1 if congress == ROOT else len(congress.split(".")) + 1])


def summed(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return sum(numerator for numerator, _ in found), sum(denominator for _, denominator in found)


def by_place(congress: str, told: Mapping[str, Share]) -> dict[str, Share]:
    """What each place one level below has, with all below it. `told`: of each congress below, its own."""
    places: dict[str, list[Share]] = {}
    for path, share in told.items():
        places.setdefault(place_below(congress, path), []).append(share)
    return {place: summed(shares) for place, shares in places.items()}


def too_few(denominators: Mapping[str, int], least: int) -> set[str]:
    """The places that are not shown singly: those with fewer than `least`; and as many of the next ones as it takes for the
    hidden ones together to have that many, for else who knows the sum could work out the one that is missing."""
    some: Sequence[tuple[int, str]] = sorted((count, place) for place, count in denominators.items() if count)
    hidden: set[str] = set()
    together = 0
    for count, place in some:
        if count >= least and (not hidden or (together >= least and len(hidden) > 1)):
            break
        hidden.add(place)
        together += count
    return hidden
