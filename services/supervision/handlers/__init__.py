"""What supervision does: which function serves which command, query and event."""

from __future__ import annotations

from services.supervision.events import catalogue
from services.supervision.handlers import commands, daily, key_board, page, projecting, promises, questions
from services.supervision.model.telling import TELLS
from services.supervision.model.timeline import ENTRIES
from services.supervision.tables import PROJECTIONS, commitment_store, lines, metadata
from shared.contracts import supervision as contracts
from shared.handlers import Handlers, Projection

handlers = Handlers(catalogue, metadata)
handlers.keeps("unit", "practice")

LINE = "件建议"
COMMITMENT = "项承诺"
TICK_SECONDS = 600  # a tick that has nothing to do is one look at an index

handlers.changes(contracts.REMIND, lines, LINE)(commands.remind_units)
handlers.changes(contracts.LOG_SUPERVISION, lines, LINE)(commands.log_supervision)
handlers.changes(contracts.RECORD_COMMITMENT, lines, LINE)(promises.record_commitment)
for contract, function in (
    (contracts.REPORT_COMMITMENT, promises.report_commitment),
    (contracts.KEEP_COMMITMENT, promises.keep_commitment),
    (contracts.CONFIRM_COMMITMENT, promises.confirm_commitment),
    (contracts.REFUSE_COMMITMENT, promises.refuse_commitment),
    (contracts.SLIP_COMMITMENT, promises.slip_commitment),
    (contracts.DECIDE_SLIP, promises.decide_slip),
):
    handlers.changes(contract, commitment_store, COMMITMENT)(function)
handlers.creates(contracts.ANNOUNCE)(daily.announce_arrangement)
handlers.creates(contracts.TICK)(daily.tick)

handlers.query(contracts.LEDGER)(questions.ledger_page)
handlers.query(contracts.LEDGER_COUNTS)(questions.ledger_counts)
handlers.query(contracts.DUE)(questions.due_dates)
handlers.query(contracts.LINE)(page.ledger_line)
handlers.query(contracts.COMMITMENTS)(promises.commitments)
handlers.query(contracts.COMMITMENT_COUNTS)(promises.commitment_counts)
handlers.query(contracts.KEY_BOARD)(key_board.key_board)
handlers.query(contracts.REMINDERS)(page.reminders)
handlers.query(contracts.WAITING)(page.waiting)
handlers.query(contracts.CALENDAR)(daily.calendar)

# What others tell makes the ledger. What supervision itself tells comes back to it for the timeline alone, so that a
# timeline has one origin and can be built again like the rest.
for type in sorted(TELLS.keys() | ENTRIES.keys()):
    own = catalogue.by_name.get(type.rpartition(".")[0])
    handlers.on(type)(projecting.write_timeline if own else projecting.take_in)

handlers.projects(
    Projection(
        "ledger", PROJECTIONS, lambda: [(type, f) for type, functions in handlers.events.items() for f in functions],
        complete=projecting.remember_meanwhile, counters={"version": "count", "sequence": "keep"},
    )
)  # fmt: skip
handlers.every(TICK_SECONDS, contracts.TICK)
handlers.gauge(questions.deadlines_by_light)
