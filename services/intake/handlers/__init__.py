"""What intake does: which function serves which command, query and event."""

from __future__ import annotations

from services.intake import hooks
from services.intake.events import catalogue
from services.intake.handlers import (
    choosing,
    drafting,
    handing_up,
    importing,
    key,
    listening,
    people,
    picking,
    posts,
    questions,
    review,
)
from services.intake.tables import key_list_store, metadata, store
from shared.contracts import intake as contracts
from shared.handlers import Handlers

handlers = Handlers(catalogue, metadata, hooks)
handlers.keeps("congress", "session", "delegation", "deputy", "unit", "practice", "office")

SUGGESTION, KEY_LIST = "件建议", "份重点建议名单"

handlers.creates(contracts.DRAFT)(drafting.draft)
handlers.changes(contracts.REVISE, store, SUGGESTION)(drafting.revise)
handlers.changes(contracts.DISCARD, store, SUGGESTION)(drafting.discard)
handlers.changes(contracts.INVITE, store, SUGGESTION)(drafting.invite)
handlers.changes(contracts.COSIGN, store, SUGGESTION)(drafting.cosign)
handlers.changes(contracts.DECLINE, store, SUGGESTION)(drafting.decline)
handlers.changes(contracts.TAKE_OUT_COSIGNERS, store, SUGGESTION)(drafting.take_out)
handlers.changes(contracts.ASK_DELEGATION, store, SUGGESTION)(drafting.ask_delegation)
handlers.changes(contracts.CONFIRM_FOR_DELEGATION, store, SUGGESTION)(drafting.confirm_for_delegation)
handlers.changes(contracts.SUBMIT, store, SUGGESTION)(drafting.submit)

handlers.changes(contracts.ACCEPT, store, SUGGESTION)(review.accept)
handlers.changes(contracts.RETURN, store, SUGGESTION)(review.return_to_deputy)
handlers.changes(contracts.LETTER, store, SUGGESTION)(review.treat_as_letter)
handlers.changes(contracts.ANSWER_LETTER, store, SUGGESTION)(review.answer_letter)
handlers.changes(contracts.HAND_UP, store, SUGGESTION)(handing_up.hand_up)
handlers.changes(contracts.TAKE_OVER, store, SUGGESTION)(handing_up.take_over)
handlers.changes(contracts.DECLINE_HAND_UP, store, SUGGESTION)(handing_up.decline)
handlers.changes(contracts.ANSWER_HAND_UP, store, SUGGESTION)(handing_up.answer)
handlers.query(contracts.HANDED_UP)(handing_up.handed_up)
handlers.changes(contracts.MERGE, store, SUGGESTION)(review.merge)
handlers.changes(contracts.SPLIT, store, SUGGESTION)(review.split)
handlers.changes(contracts.CORRECT, store, SUGGESTION)(review.correct)
handlers.changes(contracts.REPLACE_LEAD, store, SUGGESTION)(review.replace_lead)
handlers.changes(contracts.RENEW_PRACTICES, store, SUGGESTION)(review.renew_practices)

handlers.changes(contracts.PROPOSE_KEY, store, SUGGESTION)(key.propose)
handlers.changes(contracts.MAKE_KEY, store, SUGGESTION)(key.make_key)
handlers.changes(contracts.CHANGE_KEY_MARK, store, SUGGESTION)(key.change_mark)
handlers.changes(contracts.RELEASE_KEY, store, SUGGESTION)(key.release)
handlers.creates(contracts.DRAW_UP_KEY_LIST)(key.draw_up)
handlers.changes(contracts.PUT_IN_KEY_LIST, key_list_store, KEY_LIST)(key.put_in)
handlers.changes(contracts.TAKE_OUT_OF_KEY_LIST, key_list_store, KEY_LIST)(key.take_out)
handlers.changes(contracts.MOVE_KEY_LIST, key_list_store, KEY_LIST)(key.move)
handlers.changes(contracts.DISCARD_KEY_LIST, key_list_store, KEY_LIST)(key.discard)
handlers.changes(contracts.DECIDE_KEY_LIST, key_list_store, KEY_LIST)(key.decide)

handlers.creates(contracts.IMPORT_LEDGER)(importing.import_ledger)


handlers.on("suggestion.assigned.v1", "task.distributed.v1")(listening.suggestion_assigned)
handlers.on("deputy.recorded.v1")(listening.seat_vacated)
handlers.on("office.recorded.v1")(posts.office_changed)
handlers.on("unit.consulted.v1")(listening.unit_consulted)
handlers.on("suggestion.closed.v1")(listening.suggestion_closed)
handlers.on("suggestion.reopened.v1")(listening.suggestion_reopened)

handlers.query(contracts.SUGGESTION)(questions.suggestion)
handlers.query(contracts.VERSIONS)(questions.versions)
handlers.query(contracts.FINDINGS)(questions.findings_of)
handlers.query(contracts.REVIEW_LISTS)(choosing.review_lists)
handlers.query(contracts.MY_SUGGESTIONS)(questions.my_suggestions)
handlers.query(contracts.REVIEW_DESK)(questions.review_desk)
handlers.query(contracts.KEY_CANDIDATES)(key.candidates)
handlers.query(contracts.KEY_LISTS)(key.lists)
handlers.query(contracts.KEY_LIST)(key.list_with_lines)
handlers.query(contracts.WAITING)(questions.waiting)

people.declare(handlers)
picking.declare(handlers)
