"""What intake asks plugins. Answers are proposals: the core checks and counts them, and leaves out what makes no sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.model.duties import Duty
from services.intake.model.pick_list import Picking
from shared.plugins import hookspec

__all__ = ["DraftFinding", "Duty", "Picking"]


@dataclass(frozen=True)
class DraftFinding:
    """What a place would object to in a text: in which field, in words for the deputy, and how to mend it.

    `key` is its name among the plugin's findings (small letters, digits and _, at most 20), `label` its name in a few words for the
    review desk. `field` is title, situation, analysis or proposals. `bars`: the suggestion is not taken until it is mended.
    """

    key: str
    label: str
    field: str
    sentence: str
    mend: str
    bars: bool = False


@hookspec
def validate_draft(
    text: Mapping[str, str], kind: str, category: str, settings: dict[str, Any]
) -> list[DraftFinding]:
    """What there is to say about a text beside the core's own findings (`services/intake/model/entrance.py`).

    Asked of the congress's plugins while a deputy writes, when the suggestion is handed in, and for who reviews it. `text` has title,
    situation, analysis and proposals, some of them empty while somebody is writing; `kind` and `category` are empty when they are not
    chosen yet. What the deputy gets stands among the core's findings; a finding that names no such field is left out.
    """
    raise NotImplementedError


@hookspec
def station_duties(month: int, settings: dict[str, Any]) -> list[Duty]:
    """What the deputies of a station have to do in a month or a year: reception days, people visited.

    Asked for the congress of the station, whatever level its deputies are of; `month` is the one that is running, from 1 to 12.
    """
    raise NotImplementedError


@hookspec
def sponsor_picks(settings: dict[str, Any]) -> list[Picking]:
    """How the government's office recommends suggestions to leaders who pick those to sponsor (领办): how many to each, and
    within how many days the leader picks. Where nothing answers, no such lists are drawn up. Asked of the congress's plugins.
    """
    raise NotImplementedError
