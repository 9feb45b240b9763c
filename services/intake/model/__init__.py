"""What may happen to a suggestion before it is handed out: drafting, cosigning, review, numbers, key suggestions."""

from services.intake.model.entrance import Finding, findings
from services.intake.model.key_list import KEY_LIST_RULES, KeyLine, KeyList
from services.intake.model.numbers import numbered, series_of
from services.intake.model.parts import KeyMark, Person
from services.intake.model.rules import READERS, RULES
from services.intake.model.suggestion import Suggestion

__all__ = [
    "KEY_LIST_RULES", "READERS", "RULES", "Finding", "KeyLine", "KeyList", "KeyMark", "Person", "Suggestion", "findings",
    "numbered", "series_of",
]  # fmt: skip
