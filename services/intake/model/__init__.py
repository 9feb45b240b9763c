"""What may happen to a suggestion before it is handed out: drafting, cosigning, review, numbers, key suggestions."""

from services.intake.model.entrance import Finding, findings
from services.intake.model.numbers import numbered, series_of
from services.intake.model.parts import KeyMark, Person
from services.intake.model.rules import READERS, RULES
from services.intake.model.suggestion import Suggestion

__all__ = [
    "READERS",
    "RULES",
    "Finding",
    "KeyMark",
    "Person",
    "Suggestion",
    "findings",
    "numbered",
    "series_of",
]
