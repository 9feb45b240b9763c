"""What supervision does: which function serves which command, query and event."""

from __future__ import annotations

from services.supervision import hooks
from services.supervision.events import catalogue
from services.supervision.handlers import (
    analysis,
    board,
    circulars,
    columns,
    commands,
    coordinating,
    daily,
    escalating,
    hearings,
    key_board,
    ladder,
    look_backs,
    page,
    projecting,
    promises,
    questions,
    supervising,
    sweeps,
    words,
    year,
)
from services.supervision.model.telling import TELLS
from services.supervision.model.timeline import ENTRIES
from services.supervision.tables import (
    PROJECTIONS,
    circular_store,
    column_store,
    commitment_store,
    coordination_store,
    demand_store,
    hearing_store,
    lines,
    look_back_store,
    measure_store,
    metadata,
    sweep_store,
    visit_store,
    year_store,
)
from shared.contracts import supervision as contracts
from shared.handlers import Handlers, Projection

handlers = Handlers(catalogue, metadata, hooks)
handlers.keeps("unit", "practice", "office", "session")

LINE = "件建议"
COMMITMENT = "项承诺"
VISIT = "次督办安排"
DEMAND = "项要求"
MEASURE = "项督办措施"
CIRCULAR = "份通报"
LOOK_BACK = "次回头看"
YEAR = "份年度日历"
HEARING = "次审议"
SWEEP = "次定期督办"
TICK_SECONDS = 600  # a tick that has nothing to do is one look at an index

handlers.changes(contracts.REMIND, lines, LINE)(commands.remind_units)
handlers.changes(contracts.PLAN_SUPERVISION, lines, LINE)(supervising.plan_supervision)
handlers.changes(contracts.ANSWER_SUPERVISION, visit_store, VISIT)(supervising.answer_supervision)
handlers.changes(contracts.CANCEL_SUPERVISION, visit_store, VISIT)(supervising.cancel_supervision)
handlers.changes(contracts.LOG_SUPERVISION, lines, LINE)(supervising.log_supervision)
handlers.changes(contracts.RECORD_INSTRUCTION, lines, LINE)(supervising.record_instruction)
handlers.changes(contracts.ASK_PROGRESS, lines, LINE)(supervising.ask_progress)
handlers.changes(contracts.REPORT_PROGRESS, lines, LINE)(supervising.report_progress)
handlers.changes(contracts.ANSWER_DEMAND, demand_store, DEMAND)(supervising.answer_demand)
handlers.changes(contracts.SETTLE_DEMAND, demand_store, DEMAND)(supervising.settle_demand)
handlers.changes(contracts.RETURN_DEMAND, demand_store, DEMAND)(supervising.return_demand)
handlers.changes(contracts.PROPOSE_MEASURE, lines, LINE)(ladder.propose_measure)
handlers.changes(contracts.DECIDE_MEASURE, measure_store, MEASURE)(ladder.decide_measure)
handlers.changes(contracts.ANSWER_MEASURE, measure_store, MEASURE)(ladder.answer_measure)
handlers.changes(contracts.END_MEASURE, measure_store, MEASURE)(ladder.end_measure)
handlers.changes(contracts.RECORD_COMMITMENT, lines, LINE)(promises.record_commitment)
for contract, function in (
    (contracts.REPORT_COMMITMENT, promises.report_commitment),
    (contracts.KEEP_COMMITMENT, promises.keep_commitment),
    (contracts.CONFIRM_COMMITMENT, promises.confirm_commitment),
    (contracts.REFUSE_COMMITMENT, promises.refuse_commitment),
    (contracts.SLIP_COMMITMENT, promises.slip_commitment),
    (contracts.DECIDE_SLIP, promises.decide_slip),
    (contracts.WITHDRAW_COMMITMENT, promises.withdraw_commitment),
):
    handlers.changes(contract, commitment_store, COMMITMENT)(function)
handlers.creates(contracts.DRAW_UP_CIRCULAR)(circulars.draw_up_circular)
handlers.changes(contracts.ISSUE_CIRCULAR, circular_store, CIRCULAR)(circulars.issue_circular)
handlers.changes(contracts.DISCARD_CIRCULAR, circular_store, CIRCULAR)(circulars.discard_circular)
handlers.creates(contracts.LOG_COORDINATION)(coordinating.log_coordination)
handlers.changes(contracts.FINISH_SHARE, coordination_store, "次协调")(coordinating.finish_share)
handlers.creates(contracts.RELEASE_COLUMN)(columns.release_column)
handlers.changes(contracts.WITHDRAW_COLUMN, column_store, "期专栏")(columns.withdraw_column)
handlers.creates(contracts.DRAW_LOOK_BACK)(look_backs.draw_look_back)
handlers.changes(contracts.RECORD_FINDING, look_back_store, LOOK_BACK)(look_backs.record_finding)
handlers.changes(contracts.END_LOOK_BACK, look_back_store, LOOK_BACK)(look_backs.end_look_back)
handlers.creates(contracts.PLAN_HEARING)(hearings.plan_hearing)
handlers.changes(contracts.CHANGE_HEARING, hearing_store, HEARING)(hearings.change_hearing)
handlers.changes(contracts.SUBMIT_HEARING_REPORT, hearing_store, HEARING)(hearings.submit_hearing_report)
handlers.changes(contracts.RECORD_HEARING, hearing_store, HEARING)(hearings.record_hearing)
handlers.changes(contracts.CANCEL_HEARING, hearing_store, HEARING)(hearings.cancel_hearing)
handlers.changes(contracts.REPORT_HEARING, hearing_store, HEARING)(hearings.report_hearing)
handlers.creates(contracts.SCHEDULE_SWEEP)(sweeps.schedule_sweep)
handlers.changes(contracts.NOTE_SWEEP, sweep_store, SWEEP)(sweeps.note_sweep)
handlers.changes(contracts.END_SWEEP, sweep_store, SWEEP)(sweeps.end_sweep)
handlers.changes(contracts.CANCEL_SWEEP, sweep_store, SWEEP)(sweeps.cancel_sweep)
handlers.creates(contracts.DRAW_UP_YEAR)(year.draw_up_year)
handlers.changes(contracts.CHANGE_YEAR_ENTRY, year_store, YEAR)(year.change_year_entry)
handlers.changes(contracts.REMOVE_YEAR_ENTRY, year_store, YEAR)(year.remove_year_entry)
handlers.changes(contracts.RELEASE_YEAR_ENTRY, year_store, YEAR)(year.release_year_entry)
handlers.changes(contracts.FINISH_YEAR_ENTRY, year_store, YEAR)(year.finish_year_entry)
handlers.changes(contracts.ADD_YEAR_ENTRY, year_store, YEAR)(year.add_year_entry)
handlers.creates(contracts.ANNOUNCE)(daily.announce_arrangement)
handlers.creates(contracts.TICK)(daily.tick)

handlers.query(contracts.LEDGER)(questions.ledger_page)
handlers.query(contracts.LEDGER_COUNTS)(questions.ledger_counts)
handlers.query(contracts.DUE)(questions.due_dates)
handlers.query(contracts.LINE)(page.ledger_line)
handlers.query(contracts.COMMITMENTS)(promises.commitments)
handlers.query(contracts.COMMITMENT_COUNTS)(promises.commitment_counts)
handlers.query(contracts.KEY_BOARD)(key_board.key_board)
handlers.query(contracts.BOARD)(board.supervision_board)
handlers.query(contracts.DEMANDS)(board.demands)
handlers.query(contracts.SUPERVISION_LOG)(board.supervision_log)
handlers.query(contracts.ANALYSIS)(analysis.analysis)
handlers.query(contracts.MEASURES)(ladder.measures)
handlers.query(contracts.MEASURE)(ladder.measure)
handlers.query(contracts.CIRCULARS)(circulars.circulars)
handlers.query(contracts.CIRCULAR)(circulars.circular)
handlers.query(contracts.COORDINATIONS)(coordinating.coordinations)
handlers.query(contracts.COLUMNS)(columns.columns)
handlers.query(contracts.LOOK_BACKS)(look_backs.look_backs)
handlers.query(contracts.LOOK_BACK)(look_backs.look_back)
handlers.query(contracts.HEARINGS)(hearings.hearings)
handlers.query(contracts.HEARING)(hearings.hearing)
handlers.query(contracts.SWEEPS)(sweeps.sweeps)
handlers.query(contracts.SWEEP)(sweeps.sweep)
handlers.query(contracts.YEAR_PLAN)(year.year_plan)
handlers.query(contracts.DEPUTY_WORDS_OF)(words.deputy_words)
handlers.query(contracts.REMINDERS)(page.reminders)
handlers.query(contracts.WAITING)(page.waiting)
handlers.query(contracts.CALENDAR)(daily.calendar)

# What others tell makes the ledger. What supervision itself tells comes back to it for the timeline alone, so that a
# timeline has one origin and can be built again like the rest.
for type in sorted(TELLS.keys() | ENTRIES.keys()):
    own = catalogue.by_name.get(type.rpartition(".")[0])
    handlers.on(type)(projecting.write_timeline if own else projecting.take_in)

# Tells nobody but the offices: on no timeline, and no fact of the line.
handlers.on("dissatisfaction.repeated.v1")(escalating.take_up_dissatisfaction)
handlers.on("feedback.given.v1")(escalating.take_up_first_word)
handlers.on(*words.HEARD)(words.take_in_words)
handlers.on("score.announced.v1")(ladder.take_up_rank)
handlers.on("rectification.demanded.v1")(supervising.take_up_rectification)

handlers.on("session.recorded.v1")(year.follow_session)
handlers.on("practice.recorded.v1")(year.follow_practice)
handlers.on("batch.drawn.v1", "batch.moved.v1", "meeting.prepared.v1")(year.follow_meeting)
handlers.on("batch.discarded.v1")(year.forget_meeting)

handlers.projects(
    Projection(
        "ledger", PROJECTIONS, lambda: [(type, f) for type, functions in handlers.events.items() for f in functions],
        complete=projecting.remember_meanwhile, counters={"version": "count", "sequence": "keep"},
    )
)  # fmt: skip
handlers.every(TICK_SECONDS, contracts.TICK)
handlers.gauge(questions.deadlines_by_light)
