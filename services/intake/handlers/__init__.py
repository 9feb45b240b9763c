"""What intake does: which function serves which command, query and event."""

from __future__ import annotations

from services.intake.events import catalogue
from services.intake.handlers import drafting, importing, listening, questions, review
from services.intake.tables import metadata, store
from shared.contracts import intake as contracts
from shared.handlers import Handlers

handlers = Handlers(catalogue, metadata)
handlers.keeps("congress", "session", "delegation", "deputy", "unit", "practice")

SUGGESTION = "件建议"

handlers.creates(contracts.DRAFT)(drafting.draft)
handlers.changes(contracts.REVISE, store, SUGGESTION)(drafting.revise)
handlers.changes(contracts.DISCARD, store, SUGGESTION)(drafting.discard)
handlers.changes(contracts.INVITE, store, SUGGESTION)(drafting.invite)
handlers.changes(contracts.COSIGN, store, SUGGESTION)(drafting.cosign)
handlers.changes(contracts.DECLINE, store, SUGGESTION)(drafting.decline)
handlers.changes(contracts.SUBMIT, store, SUGGESTION)(drafting.submit)

handlers.changes(contracts.ACCEPT, store, SUGGESTION)(review.accept)
handlers.changes(contracts.RETURN, store, SUGGESTION)(review.return_to_deputy)
handlers.changes(contracts.LETTER, store, SUGGESTION)(review.treat_as_letter)
handlers.changes(contracts.MERGE, store, SUGGESTION)(review.merge)
handlers.changes(contracts.SPLIT, store, SUGGESTION)(review.split)
handlers.changes(contracts.MAKE_KEY, store, SUGGESTION)(review.make_key)
handlers.creates(contracts.IMPORT_LEDGER)(importing.import_ledger)

handlers.on("suggestion.assigned.v1", "task.distributed.v1")(listening.suggestion_assigned)
handlers.on("suggestion.closed.v1")(listening.suggestion_closed)

handlers.query(contracts.SUGGESTION)(questions.suggestion)
handlers.query(contracts.VERSIONS)(questions.versions)
handlers.query(contracts.FINDINGS)(questions.findings_of)
handlers.query(contracts.MY_SUGGESTIONS)(questions.my_suggestions)
handlers.query(contracts.REVIEW_DESK)(questions.review_desk)
handlers.query(contracts.WAITING)(questions.waiting)
