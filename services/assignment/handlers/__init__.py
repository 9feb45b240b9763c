"""What assignment does: which function serves which command, query and event."""

from __future__ import annotations

from services.assignment import (
    board,
    bundles,
    checks,
    files,
    hooks,
    meetings,
    progress,
    questions,
    records,
    sections,
    systems,
    tables,
    tree,
)
from services.assignment.events import catalogue
from services.assignment.handlers import assigning, listening, planning, replying
from services.assignment.stores import batch_store, bundle_store, check_store, store
from services.assignment.tables import metadata
from shared.contracts import assignment as contracts
from shared.contracts import checks as of_checks
from shared.handlers import Handlers, Projection

handlers = Handlers(catalogue, metadata, hooks)
handlers.keeps("congress", "unit", "deputy", "practice", "office")
handlers.on("unit.recorded.v1")(tree.keep)
handlers.projects(
    Projection(
        "unit_tree", (tables.unit_tree,), lambda: [("unit.recorded.v1", tree.keep)], sources=("directory",)
    )
)
handlers.on("account.changed.v1")(sections.keep_clerks)
handlers.projects(
    Projection(
        "unit_clerks", (tables.unit_clerks,), lambda: [("account.changed.v1", sections.keep_clerks)], sources=("directory",)
    )
)  # fmt: skip

SUGGESTION, BATCH, BUNDLE, CHECK = "件建议", "个批次", "个打捆办理", "项内部督查"

handlers.creates(contracts.DRAW_UP)(assigning.draw_up)
handlers.changes(contracts.PUT_IN, batch_store, BATCH)(assigning.put_in)
handlers.changes(contracts.TAKE_OUT, batch_store, BATCH)(assigning.take_out)
handlers.changes(contracts.MOVE_BATCH, batch_store, BATCH)(assigning.move_batch)
handlers.changes(contracts.DISCARD_BATCH, batch_store, BATCH)(assigning.discard_batch)
handlers.changes(contracts.ISSUE_BATCH, batch_store, BATCH)(assigning.issue_batch)
handlers.changes(contracts.ASSIGN, store, SUGGESTION)(assigning.assign)

handlers.changes(contracts.CONSULT, batch_store, BATCH)(meetings.consult)
handlers.changes(contracts.ANSWER_CONSULTATION, store, SUGGESTION)(meetings.answer_consultation)
handlers.changes(contracts.SET_AGENDA, batch_store, BATCH)(meetings.set_agenda)
handlers.changes(contracts.ARRANGE, batch_store, BATCH)(meetings.arrange)
handlers.changes(contracts.RECORD_ATTENDANCE, batch_store, BATCH)(meetings.record_attendance)
handlers.changes(contracts.RECORD_MINUTES, batch_store, BATCH)(meetings.record_minutes)

handlers.changes(contracts.SIGN_FOR, store, SUGGESTION)(assigning.sign_for)
handlers.changes(contracts.ASK_RETURN, store, SUGGESTION)(assigning.ask_to_return)
handlers.changes(contracts.ADJUDICATE, store, SUGGESTION)(assigning.adjudicate)

handlers.changes(contracts.PLAN, store, SUGGESTION)(planning.make_plan)
handlers.changes(contracts.LOG_CONTACT, store, SUGGESTION)(planning.log_contact)
handlers.changes(contracts.AGREE_PLAN, store, SUGGESTION)(planning.agree_plan)
handlers.changes(contracts.COMPLETE_STEP, store, SUGGESTION)(planning.complete_step)
handlers.changes(contracts.CONFIRM_CONTACT, store, SUGGESTION)(planning.confirm_contact)
handlers.changes(contracts.ASK_EXTENSION, store, SUGGESTION)(planning.ask_extension)
handlers.changes(contracts.GRANT_EXTENSION, store, SUGGESTION)(planning.grant_extension)
handlers.changes(contracts.REFUSE_EXTENSION, store, SUGGESTION)(planning.refuse_extension)
handlers.changes(contracts.DISTRIBUTE, store, SUGGESTION)(planning.distribute)
handlers.changes(contracts.HAND_IN, store, SUGGESTION)(planning.hand_in)
handlers.changes(contracts.SEND_BACK, store, SUGGESTION)(planning.send_back)

handlers.changes(contracts.GIVE_OPINION, store, SUGGESTION)(replying.give_opinion)
handlers.changes(contracts.DRAFT_REPLY, store, SUGGESTION)(replying.draft_reply)
handlers.changes(contracts.ATTACH_FILE, store, SUGGESTION)(files.attach_file)
handlers.changes(contracts.REMOVE_FILE, store, SUGGESTION)(files.remove_file)
handlers.changes(contracts.APPROVE_REPLY, store, SUGGESTION)(replying.approve_reply)
handlers.changes(contracts.REJECT_REPLY, store, SUGGESTION)(replying.reject_reply)
handlers.changes(contracts.ISSUE_REPLY, store, SUGGESTION)(replying.issue_reply)
handlers.changes(contracts.COUNTERSIGN, store, SUGGESTION)(replying.countersign_reply)
handlers.changes(contracts.SUPPLEMENT, store, SUGGESTION)(replying.supplement_reply)
handlers.changes(contracts.SHOW_DRAFT, store, SUGGESTION)(replying.show_draft)
handlers.changes(contracts.COMMENT_DRAFT, store, SUGGESTION)(replying.comment_draft)
handlers.changes(contracts.REMARK, store, SUGGESTION)(replying.remark)
handlers.changes(contracts.ANSWER_REMARK, store, SUGGESTION)(replying.answer_remark)
handlers.changes(contracts.LOG_MEETING, store, SUGGESTION)(replying.log_meeting)
handlers.changes(contracts.CHANGE_CLASS, store, SUGGESTION)(replying.change_reply_class)
handlers.changes(contracts.OBJECT, store, SUGGESTION)(replying.object_to_class)
handlers.changes(contracts.DECIDE_OBJECTION, store, SUGGESTION)(replying.decide_objection)

handlers.on("ledger.imported.v1")(listening.ledger_imported)
handlers.on("suggestion.accepted.v1")(listening.suggestion_accepted)
handlers.on("suggestion.corrected.v1")(listening.suggestion_corrected)
handlers.on("lead.replaced.v1")(listening.lead_replaced)
handlers.on("practices.renewed.v1")(listening.practices_renewed)
handlers.on("suggestion.designated.v1", "key.changed.v1", "key.released.v1")(listening.suggestion_designated)
handlers.on("office.recorded.v1")(listening.office_changed)
handlers.on("suggestion.merged.v1")(listening.suggestion_merged)
handlers.on("suggestion.closed.v1")(listening.suggestion_closed)
handlers.on("suggestion.published.v1")(listening.suggestion_published)
handlers.on("rehandling.ordered.v1")(listening.rehandling_ordered)
handlers.on("suggestion.reopened.v1")(listening.suggestion_reopened)
handlers.on("reply.refused.v1")(listening.reply_refused)
handlers.on("commitment.recorded.v1", "commitment.kept.v1", "commitment.withdrawn.v1")(listening.promise_told)
handlers.on("deadline.set.v1", "deadline.moved.v1")(listening.deadline_told)

handlers.creates(contracts.MAKE_BUNDLE)(bundles.make_bundle)
handlers.changes(contracts.PUT_IN_BUNDLE, bundle_store, BUNDLE)(bundles.put_in)
handlers.changes(contracts.TAKE_OUT_OF_BUNDLE, bundle_store, BUNDLE)(bundles.take_out)
handlers.changes(contracts.LINK_WORK, bundle_store, BUNDLE)(bundles.link_work)
handlers.changes(contracts.END_BUNDLE, bundle_store, BUNDLE)(bundles.end_bundle)

handlers.creates(of_checks.LOG_CHECK)(checks.log_check)
handlers.changes(of_checks.SETTLE_CHECK, check_store, CHECK)(checks.settle_check)

handlers.creates(of_checks.TELL_PROGRESS)(progress.tell_progress)
handlers.every(3600, of_checks.TELL_PROGRESS)

handlers.creates(of_checks.FOLLOW_POSTS)(listening.follow_posts)
handlers.every(3600, of_checks.FOLLOW_POSTS)

handlers.query(of_checks.CHECKS)(checks.checks)
handlers.query(contracts.BUNDLES)(bundles.bundles)
handlers.query(contracts.BUNDLE)(bundles.bundle)
handlers.query(contracts.LINKED_WORK)(bundles.linked_work)
handlers.query(contracts.HANDLING)(questions.handling)
handlers.query(contracts.ATTACHMENT)(files.attachment)
handlers.query(contracts.UNIT_TASKS)(questions.unit_tasks)
handlers.query(contracts.DESK)(questions.desk)
handlers.query(contracts.BATCHES)(questions.batches)
handlers.query(contracts.BATCH)(questions.batch)
handlers.query(contracts.CONTACTS_DUE)(questions.contacts_due)
handlers.query(contracts.BATCH_BY_UNIT)(meetings.batch_by_unit)
handlers.query(contracts.WAITING)(questions.waiting)
handlers.query(contracts.UNITS_BELOW)(systems.units_below)
handlers.query(contracts.SYSTEM_TASKS)(systems.system_tasks)
handlers.query(contracts.UNIT_BOARD)(board.unit_board)
handlers.query(contracts.TASK_RECORDS)(records.task_records)
handlers.query(contracts.UNIT_SECTIONS)(sections.unit_sections)
