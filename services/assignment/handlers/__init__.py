"""What assignment does: which function serves which command, query and event."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

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
from services.assignment.model import Handling
from services.assignment.practised import lay_down_steps
from services.assignment.stores import batch_store, bundle_store, check_store, store
from services.assignment.tables import metadata
from shared.contracts import Command
from shared.contracts import assignment as contracts
from shared.contracts import checks as of_checks
from shared.handlers import Answer, Handlers, Projection
from shared.work import Work

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

About = Callable[[Work, Handling, dict[str, Any]], Answer | None]


def about_a_handling(contract: Command) -> Callable[[About], About]:
    """A command about one handling. Steps that are still to come are laid down first: no command is too fast for them."""

    def declare(function: About) -> About:
        @wraps(function)
        def carry_out(work: Work, handling: Handling, data: dict[str, Any]) -> Answer | None:
            lay_down_steps(work, handling)
            return function(work, handling, data)

        handlers.changes(contract, store, SUGGESTION)(carry_out)
        return function

    return declare


handlers.creates(contracts.DRAW_UP)(assigning.draw_up)
handlers.changes(contracts.PUT_IN, batch_store, BATCH)(assigning.put_in)
handlers.changes(contracts.TAKE_OUT, batch_store, BATCH)(assigning.take_out)
handlers.changes(contracts.MOVE_BATCH, batch_store, BATCH)(assigning.move_batch)
handlers.changes(contracts.DISCARD_BATCH, batch_store, BATCH)(assigning.discard_batch)
handlers.changes(contracts.ISSUE_BATCH, batch_store, BATCH)(assigning.issue_batch)
about_a_handling(contracts.ASSIGN)(assigning.assign)

handlers.changes(contracts.CONSULT, batch_store, BATCH)(meetings.consult)
about_a_handling(contracts.ANSWER_CONSULTATION)(meetings.answer_consultation)
handlers.changes(contracts.SET_AGENDA, batch_store, BATCH)(meetings.set_agenda)
handlers.changes(contracts.ARRANGE, batch_store, BATCH)(meetings.arrange)
handlers.changes(contracts.RECORD_ATTENDANCE, batch_store, BATCH)(meetings.record_attendance)
handlers.changes(contracts.RECORD_MINUTES, batch_store, BATCH)(meetings.record_minutes)

about_a_handling(contracts.SIGN_FOR)(assigning.sign_for)
about_a_handling(contracts.ASK_RETURN)(assigning.ask_to_return)
about_a_handling(contracts.ADJUDICATE)(assigning.adjudicate)

about_a_handling(contracts.PLAN)(planning.make_plan)
about_a_handling(contracts.LOG_CONTACT)(planning.log_contact)
about_a_handling(contracts.AGREE_PLAN)(planning.agree_plan)
about_a_handling(contracts.COMPLETE_STEP)(planning.complete_step)
about_a_handling(contracts.CONFIRM_CONTACT)(planning.confirm_contact)
about_a_handling(contracts.ASK_EXTENSION)(planning.ask_extension)
about_a_handling(contracts.GRANT_EXTENSION)(planning.grant_extension)
about_a_handling(contracts.REFUSE_EXTENSION)(planning.refuse_extension)
about_a_handling(contracts.DISTRIBUTE)(planning.distribute)
about_a_handling(contracts.HAND_IN)(planning.hand_in)
about_a_handling(contracts.SEND_BACK)(planning.send_back)

about_a_handling(contracts.GIVE_OPINION)(replying.give_opinion)
about_a_handling(contracts.DRAFT_REPLY)(replying.draft_reply)
about_a_handling(contracts.ATTACH_FILE)(files.attach_file)
about_a_handling(contracts.REMOVE_FILE)(files.remove_file)
about_a_handling(contracts.APPROVE_REPLY)(replying.approve_reply)
about_a_handling(contracts.REJECT_REPLY)(replying.reject_reply)
about_a_handling(contracts.ISSUE_REPLY)(replying.issue_reply)
about_a_handling(contracts.COUNTERSIGN)(replying.countersign_reply)
about_a_handling(contracts.SUPPLEMENT)(replying.supplement_reply)
about_a_handling(contracts.SHOW_DRAFT)(replying.show_draft)
about_a_handling(contracts.COMMENT_DRAFT)(replying.comment_draft)
about_a_handling(contracts.REMARK)(replying.remark)
about_a_handling(contracts.ANSWER_REMARK)(replying.answer_remark)
about_a_handling(contracts.LOG_MEETING)(replying.log_meeting)
about_a_handling(contracts.CHANGE_CLASS)(replying.change_reply_class)
about_a_handling(contracts.OBJECT)(replying.object_to_class)
about_a_handling(contracts.DECIDE_OBJECTION)(replying.decide_objection)

handlers.on("task.signed.v1")(listening.task_signed)
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
