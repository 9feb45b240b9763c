"""By when each party has to supervise a key suggestion: first after it was assigned, then again and again (Hunan 2023).

How many days is the place's to say (group `party_duties`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.supervision.model.calendar import chinese_date


@dataclass(frozen=True)
class NextDuty:
    """When a party is to supervise next, and how that was computed."""

    party: str
    due_on: date
    because: str


def next_duty(
    parties: Mapping[str, str], assigned_on: date | None, last_on: date | None, settings: Mapping[str, int]
) -> NextDuty | None:
    """The nearest duty of these parties (party → what the place calls it); None where nothing more is asked."""
    found = [
        duty
        for party, label in parties.items()
        if (duty := _of_party(party, label, assigned_on, last_on, settings))
    ]
    return min(found, key=lambda duty: duty.due_on, default=None)


def _of_party(
    party: str, label: str, assigned_on: date | None, last_on: date | None, settings: Mapping[str, int]
) -> NextDuty | None:
    first, every = settings[f"{party}_within"], settings[f"{party}_every"]
    if last_on is not None:
        if not every:
            return None
        because = f"上次督办（{chinese_date(last_on)}）起{every}天内再次{label}"
        return NextDuty(party, last_on + timedelta(days=every), f"{because}；期限由本级“督办期限”设置确定。")
    if assigned_on is None or not first:
        return None
    because = f"交办之日（{chinese_date(assigned_on)}）起{first}天内{label}"
    return NextDuty(party, assigned_on + timedelta(days=first), f"{because}；期限由本级“督办期限”设置确定。")
