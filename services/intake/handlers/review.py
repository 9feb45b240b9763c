"""What the liaison office decides on what was submitted."""

from __future__ import annotations

from typing import Any

from services.intake import tables
from services.intake.handlers import voices
from services.intake.handlers.choosing import require_category, require_reasons
from services.intake.model import Suggestion, numbered, series_of
from services.intake.tables import store
from shared.problems import Invalid
from shared.work import Work


def accept(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> dict[str, Any]:
    series = series_of(suggestion.session, suggestion.during_session)
    ordinal = tables.next_number(work.connection, suggestion.congress, series)
    number = numbered(series, ordinal)
    require_category(work, suggestion.congress, data["category"], kept=suggestion.category)
    suggestion.accept(number, ordinal, data["kind"], data["category"], work.actor, work.now)
    voices.follow(work, suggestion)
    return {"number": number}


def return_to_deputy(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    reasons = require_reasons(work, suggestion.congress, data["reason_codes"])
    suggestion.return_to_deputy(reasons, data["reason"], work.actor, work.now)
    voices.follow(work, suggestion)


def treat_as_letter(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    reasons = require_reasons(work, suggestion.congress, data["reason_codes"])
    suggestion.treat_as_letter(reasons, data["reason"], data["receiver"], work.actor, work.now)
    voices.follow(work, suggestion)


def answer_letter(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.answer_letter(data["answer"], work.actor, work.now)


def merge(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    main = store.get(work.connection, data["into"], lock=True)
    if main is None or not main.relations(work.actor):
        raise Invalid("没有找到要并入的建议。", {"into": ["没有找到这件建议，请重新选择。"]})
    suggestion.merge_into(main, data["reason"], work.actor, work.now)
    if main.id != suggestion.id:
        voices.go_on_with(work, suggestion, main)
        work.save(store, main)


def split(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> dict[str, Any]:
    born = suggestion.split(data["parts"], data["reason"], work.actor, work.now)
    for new in born:
        work.save(store, new)
        tables.write_invitations(work.connection, new)
    voices.go_on_with(work, suggestion, born[0])
    return {"parts": [new.id for new in born]}


def correct(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    require_category(work, suggestion.congress, data["category"], kept=suggestion.category)
    suggestion.correct(data["title"], data["kind"], data["category"], data["reason"], work.actor, work.now)


def renew_practices(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    suggestion.renew_practices(data["reason"], work.actor, work.now)


def replace_lead(work: Work, suggestion: Suggestion, data: dict[str, Any]) -> None:
    is_cosigner = data["deputy"] in [cosigner.id for cosigner in suggestion.cosigners]
    successor = work.copies.get("deputy", data["deputy"]) if is_cosigner else None
    if successor and not successor.get("active", True):
        sentence = f"{successor['name']}的代表资格也已经终止，不能接替领衔。"
        raise Invalid(sentence, {"deputy": [sentence]})
    suggestion.replace_lead(data["deputy"], data["reason"], work.actor, work.now)
    tables.write_invitations(work.connection, suggestion)
