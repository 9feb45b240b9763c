"""What there is to say about a text: the core's findings, and those of the place's own plugins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.intake.handlers.choosing import reasons_at
from services.intake.hooks import DraftFinding
from services.intake.model import Finding, Suggestion, findings
from services.intake.model.entrance import PARTS
from shared.terms import FINDINGS
from shared.work import Work

FIELDS = ("title", *PARTS)
MOST = 20  # findings of plugins: more than that helps nobody to write
KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")
MOST_SIGNS = 200


def checks_of(work: Work, suggestion: Suggestion) -> dict[str, Any] | None:
    """What there is to say about the text, for who may still change it or decides on it; None for the others."""
    told = {"draft": "lead_deputy", "returned": "lead_deputy", "submitted": "liaison"}.get(suggestion.state)
    if told not in suggestion.relations(work.actor):
        return None
    text, kind, category = suggestion.text(), suggestion.kind, suggestion.category
    found = found_in(work, suggestion.congress, text, kind, category)
    return checklist(found, reasons_at(work, suggestion.congress))


def found_in(
    work: Work, congress: str, text: Mapping[str, str], kind: str, category: str
) -> list[tuple[Finding, str]]:
    """[(finding, its name in a few words)], the core's first."""
    core = [(found, FINDINGS[found.code]) for found in findings(text, congress, bars_at(work, congress))]
    return [*core, *local_ones(work, congress, text, kind, category)]


def local_ones(
    work: Work, congress: str, text: Mapping[str, str], kind: str, category: str
) -> list[tuple[Finding, str]]:
    """What the plugins that are on at the congress today object to; what makes no sense is left out."""
    parts = {part: text.get(part, "") for part in FIELDS}
    asked = work.ask_plugins(
        "validate_draft", congress, "", None, text=parts, kind=kind, category=category
    )  # fmt: skip
    return [
        (
            Finding(f"{plugin}.{own.key}", own.field, own.sentence[:MOST_SIGNS], own.mend[:MOST_SIGNS], own.bars is True),
            own.label[:30],
        )
        for plugin, own in asked if _makes_sense(own)
    ][:MOST]  # fmt: skip


def _makes_sense(own: DraftFinding) -> bool:
    words = (own.key, own.label, own.field, own.sentence, own.mend)
    return (
        all(isinstance(word, str) for word in words)
        and KEY.fullmatch(own.key) is not None
        and own.field in FIELDS
        and bool(own.label.strip() and own.sentence.strip())
    )


def bars_at(work: Work, congress: str) -> tuple[str, ...]:
    """Codes of the findings that the congress does not let pass today."""
    return tuple(work.practices.settings("entrance", congress)["bars"])


def label_of(work: Work, code: str) -> str:
    """What the review desk calls a finding that was kept with its code alone; a plugin's by the practice's name."""
    plugin = code.partition(".")[0]
    practice = work.known_practices.get(plugin)
    return FINDINGS.get(code) or (practice.label if practice else "本地要求")


def checklist(found: list[tuple[Finding, str]], reasons: Mapping[str, str]) -> dict[str, Any]:
    """{findings, reasons}: what was found, and all reasons for not accepting, with whether something speaks for each."""
    codes = {finding.code for finding, _ in found}
    return {
        "findings": [{**asdict(finding), "label": label} for finding, label in found],
        "reasons": [
            {"code": code, "label": label, "found": code in codes}
            for code, label in reasons.items() if code != "other"
        ],
    }  # fmt: skip
