"""What intake asks plugins. Answers are proposals: the core checks and counts them, and leaves out what makes no sense."""

from __future__ import annotations

from typing import Any

from services.intake.model.duties import Duty
from shared.plugins import hookspec

__all__ = ["Duty"]


@hookspec
def station_duties(month: int, settings: dict[str, Any]) -> list[Duty]:
    """What the deputies of a station have to do in a month or a year: reception days, people visited.

    Asked for the congress of the station, whatever level its deputies are of; `month` is the one that is running, from 1 to 12.
    """
    raise NotImplementedError
