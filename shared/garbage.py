"""Python's search for cycles that nothing leads to any more, as a program needs it that starts once and then answers people.

Left to itself it looks through everything there is, again and again while the program is loaded and every few hundred
commands after that: up to a quarter of a second each, in which nobody is answered.
"""

from __future__ import annotations

import gc

LOADING = 50_000  # new objects between two looks at them, while nearly all that is made stays
ANSWERING = 10_000  # the same while people are answered: a good many commands' worth


def while_loading() -> None:
    """Look seldom. Not never: a service that starts before its broker may wait for it for days."""
    gc.set_threshold(LOADING)


def when_loaded() -> None:
    """One last look at what is there now, while nobody waits: it is not looked through again."""
    gc.collect()
    gc.freeze()


def while_answering() -> None:
    """The services have started: what came with that stays as well."""
    gc.freeze()
    gc.set_threshold(ANSWERING)
