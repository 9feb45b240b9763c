"""Tables of evaluation: the evaluations themselves, and beside them what lists and figures are read from.

Saving an evaluation brings all of it up to date in the same transaction, so that nothing can be forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.evaluation.model.appraisal import Appraisal
from services.evaluation.model.award import Award
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.figures import Change, Key, recount
from services.evaluation.model.grading import YearGrade
from services.evaluation.model.outcomes import outcomes as outcomes_of
from services.evaluation.model.patterns import Flag
from services.evaluation.model.score import UnitScore
from services.evaluation.open_words import keep_rows, open_words_table, words_of
from services.evaluation.outcome_tables import keep_outcomes, outcome_tables
from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.statements import insert_into
from shared.store import Store, state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "open_forms", of="evaluations")
keep_apart(metadata, "open_words", of="evaluations")
keep_apart(
    metadata, "scores", "form_marks", "flags", "appraisals", "appraisal_seats", "tallies", "awards", "grades"
)
keep_apart(metadata, "evaluations", shown="state = 'published'")
keep_apart(metadata, "figures", shown="owner = ''")  # a congress's totals are everybody's
keep_apart(metadata, "told_figures", shown="true")  # likewise
keep_apart(metadata, "tellings")
# The list behind a figure holds what is published, for everybody.
keep_apart(
    metadata,
    "contributions",
    shown="EXISTS (SELECT FROM evaluations e WHERE e.id = suggestion_id AND e.state = 'published')",
)

evaluations = sa.Table(
    "evaluations",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("title", sa.String(128), nullable=False),
    sa.Column("category", sa.String(32), nullable=False),
    sa.Column("changed_on", sa.String(10), nullable=False),
    # What the liaison office has to do, as a command; while deputies answer: await_feedback, and until when.
    sa.Column("next_step", sa.String(24), nullable=False),
    sa.Column("feedback_until", sa.String(10), nullable=False),
    # From when on units may know how it was judged, empty for not yet or never; in groups of how many at least; and
    # whether everybody may, since it was published.
    sa.Column("known_from", sa.String(10), nullable=False),
    sa.Column("told_least", sa.Integer, nullable=False),
    sa.Column("shows_judgement", sa.Boolean, nullable=False),
    # Whether it was closed before: what it then put into figures of judgements is in its endings.
    sa.Column("reopened", sa.Boolean, nullable=False, server_default=sa.false()),
    # When the next promise comes to count as due; empty for none.
    sa.Column("next_promise_on", sa.String(10), nullable=False),
    sa.Index("evaluations_next", "congress", "next_step", "feedback_until"),
    sa.Index("evaluations_promise", "next_promise_on"),
    sa.Index("evaluations_reopened", "congress", "reopened"),
)

# Deputies of each suggestion: whose it is.
participants = sa.Table(
    "participants",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Index("participants_deputy", "deputy_id"),
)

# Forms that deputies may give now; a form that was given or has lapsed is no longer here.
open_forms = sa.Table(
    "open_forms",
    metadata,
    sa.Column("reply_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(128), nullable=False),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Index("open_forms_deputy", "deputy_id", "since"),
    sa.Index("open_forms_suggestion", "suggestion_id"),
)

open_words = open_words_table(metadata)

# What each suggestion puts into each figure: the list behind it. `owner`: a unit, or empty for the congress.
contributions = sa.Table(
    "contributions",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("owner", sa.String(36), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("figure", sa.String(24), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("numerator", sa.Integer, nullable=False),
    sa.Column("denominator", sa.Integer, nullable=False),
    sa.Index("contributions_list", "congress", "owner", "year", "figure", "suggestion_id"),
)

# The sums of the contributions, kept by adding differences: a page reads one row and counts nothing.
figures = sa.Table(
    "figures",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(36), primary_key=True),
    sa.Column("figure", sa.String(24), primary_key=True),
    sa.Column("numerator", sa.Integer, nullable=False),
    sa.Column("denominator", sa.Integer, nullable=False),
    sa.Column("changed_on", sa.String(10), nullable=False),
    sa.Index("figures_changed", "owner", "changed_on"),
)

outcomes, outcome_sums = outcome_tables(metadata)

# What each congress has told of its own figures, this network's and those that are linked to it: summed up over places.
told_figures = sa.Table(
    "told_figures",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("figure", sa.String(24), primary_key=True),
    sa.Column("numerator", sa.Integer, nullable=False),
    sa.Column("denominator", sa.Integer, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),  # sequence of the event
    sa.Index("told_figures_year", "year", "congress"),
)
# What was told last of a congress of this network, so that nothing is told twice.
tellings = sa.Table(
    "tellings",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    # Their sums, by which is found cheaply what has to be told again.
    sa.Column("numerators", sa.BigInteger, nullable=False),
    sa.Column("denominators", sa.BigInteger, nullable=False),
)

scores = sa.Table(
    "scores",
    metadata,
    *state_columns(),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False),  # for a decision on an objection
    sa.Index("scores_year", "congress", "year"),
    sa.Index("scores_waits", "congress", "waits"),
)


# Forms given lately, as far as strange patterns look at them; the judgement is not here. See model/patterns.py.
form_marks = sa.Table(
    "form_marks",
    metadata,
    sa.Column("reply_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Column("deputy_name", sa.String(64), nullable=False),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("given_at", sa.String(32), nullable=False),
    sa.Column("origin", sa.String(24), nullable=False),
    sa.Column("words", sa.String(24), nullable=False),
    sa.Column("looked", sa.Boolean, nullable=False),
    sa.Index("form_marks_looked", "looked", "given_at"),
    sa.Index("form_marks_account", "congress", "account", "given_at"),
    sa.Index("form_marks_origin", "congress", "origin"),
    sa.Index("form_marks_words", "congress", "words"),
)
# Accounts that deputies used for something else than judging.
account_uses = sa.Table("account_uses", metadata, sa.Column("account", sa.String(64), primary_key=True))

flags = sa.Table(
    "flags",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Index("flags_state", "congress", "state"),
)


appraisals = sa.Table(
    "appraisals",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Index("appraisals_congress", "congress", "on"),
)
# Who may cast a ballot, and whether it was done.
appraisal_seats = sa.Table(
    "appraisal_seats",
    metadata,
    sa.Column("appraisal_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("has_cast", sa.Boolean, nullable=False),
    sa.Index("appraisal_seats_deputy", "deputy_id", "has_cast"),
)
# The sums of the ballots of each unit. A single ballot is written nowhere: a row for each would be written together with
# who cast it, and tell by that whose it is.
tallies = sa.Table(
    "tallies",
    metadata,
    sa.Column("appraisal_id", sa.String(36), primary_key=True),
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("ballots", sa.Integer, nullable=False),
    sa.Column("marks", sa.JSON, nullable=False),
    sa.Column("opinions", sa.JSON, nullable=False),
    sa.Index("tallies_unit", "unit_id"),
)


grades = sa.Table(
    "grades",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("office_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Index("grades_year", "congress", "year", "office_id"),
    sa.Index("grades_unit", "unit_id", "year"),
)

awards = sa.Table(
    "awards",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Index("awards_year", "congress", "state", "year"),
)


def _evaluation_columns(evaluation: Evaluation) -> dict[str, Any]:
    until = evaluation.feedback_until
    return {
        "state": evaluation.state,
        "number": evaluation.number,
        "title": evaluation.title,
        "category": evaluation.category,
        "changed_on": evaluation.changed_on.isoformat(),
        "next_step": evaluation.next_step,
        "feedback_until": until.isoformat() if until else "",
        "known_from": _text(evaluation.known_from),
        "told_least": evaluation.told_least,
        "shows_judgement": bool(evaluation.published_on and evaluation.with_feedback),
        "reopened": bool(evaluation.endings),
        "next_promise_on": _text(evaluation.next_promise_on),
    }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


class EvaluationStore(Store[Evaluation]):
    """Saves evaluations together with their lists and with their difference in the figures."""

    def save(self, connection: sa.Connection, aggregate: Evaluation) -> None:
        changes = recount(aggregate)
        super().save(connection, aggregate)
        self._keep_lists(connection, aggregate, changes)

    def save_alone(self, connection: sa.Connection, aggregate: Evaluation) -> None:
        """Save an evaluation whose lists and figures are right already."""
        super().save(connection, aggregate)

    def keep_derived(self, connection: sa.Connection, aggregate: Evaluation) -> None:
        """Save the lists and the difference in the figures alone: for a rebuild of what is derived."""
        self._keep_lists(connection, aggregate, recount(aggregate))

    def _keep_lists(
        self, connection: sa.Connection, evaluation: Evaluation, changes: Sequence[Change]
    ) -> None:
        self._keep_participants(connection, evaluation)
        evaluation.listed_forms = keep_rows(
            connection, open_forms, evaluation.listed_forms, _forms_of(evaluation)
        )
        evaluation.listed_words = keep_rows(
            connection, open_words, evaluation.listed_words, words_of(evaluation)
        )
        _keep_figures(connection, changes)
        now = set(outcomes_of(evaluation))
        if now != evaluation.listed_outcomes:
            keep_outcomes(connection, outcomes, outcome_sums, evaluation.listed_outcomes, now)
            evaluation.listed_outcomes = now

    def _build(self, row: Any) -> Evaluation:
        evaluation = super()._build(row)
        # What the tables beside hold now, so that saving writes only what differs.
        evaluation.listed_forms = {(reply.id, form.deputy.id) for reply, form in evaluation.open_forms()}
        evaluation.listed_words = {(told.id, word.deputy.id) for _, told, word in evaluation.open_words()}
        evaluation.listed_deputies = {deputy.id for deputy in evaluation.deputies}
        evaluation.listed_outcomes = set(outcomes_of(evaluation))
        return evaluation

    def _keep_participants(self, connection: sa.Connection, evaluation: Evaluation) -> None:
        now = {deputy.id for deputy in evaluation.deputies}
        if now == evaluation.listed_deputies:
            return
        of_this = participants.c.suggestion_id == evaluation.id
        if gone := evaluation.listed_deputies - now:
            connection.execute(sa.delete(participants).where(of_this, participants.c.deputy_id.in_(gone)))
        if new := sorted(now - evaluation.listed_deputies):
            rows = [{"suggestion_id": evaluation.id, "deputy_id": deputy} for deputy in new]
            connection.execute(sa.insert(participants), rows)
        evaluation.listed_deputies = now


def _forms_of(evaluation: Evaluation) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of open forms, by reply and deputy."""
    return {
        (reply.id, form.deputy.id): {
            "reply_id": reply.id, "deputy_id": form.deputy.id, "suggestion_id": evaluation.id, "unit_id": reply.unit.id,
            "unit_name": reply.unit.name, "since": reply.sent_on(form).isoformat(),
        }
        for reply, form in evaluation.open_forms()
    }  # fmt: skip


def _score_columns(score: UnitScore) -> dict[str, Any]:
    return {"unit_id": score.unit.id, "year": score.year, "waits": score.waits_for_decision}


store = EvaluationStore(evaluations, Evaluation, _evaluation_columns)
score_store = Store(scores, UnitScore, _score_columns)
appraisal_store = Store(
    appraisals, Appraisal, lambda appraisal: {"state": appraisal.state, "on": appraisal.on.isoformat()}
)
award_store = Store(awards, Award, lambda award: {"state": award.state, "year": award.year})
grade_store = Store(
    grades, YearGrade,
    lambda grade: {"state": grade.state, "year": grade.year, "office_id": grade.office.id, "unit_id": grade.unit.id},
)  # fmt: skip
flag_store = Store(flags, Flag, lambda flag: {"state": flag.state})


def _keep_figures(connection: sa.Connection, changes: Sequence[Change]) -> None:
    """Write what evaluations put into the figures, and add the differences to the sums."""
    if not changes:
        return
    _write_contributions(connection, changes)
    sums: dict[tuple[str, Key], list[Any]] = defaultdict(lambda: [0, 0, ""])
    for change in changes:
        total = sums[change.congress, change.key]
        total[0] += change.difference[0]
        total[1] += change.difference[1]
        total[2] = max(total[2], change.on.isoformat())
    rows = [
        {
            "congress": congress,
            "owner": owner,
            "year": year,
            "figure": figure,
            "numerator": numerator,
            "denominator": denominator,
            "changed_on": on,
        }
        for (congress, (owner, year, figure)), (numerator, denominator, on) in sorted(sums.items())
    ]
    connection.execute(_add_to_figures(connection.dialect.name), rows)


def _write_contributions(connection: sa.Connection, changes: Sequence[Change]) -> None:
    t = contributions.c
    rows = []
    for change in changes:
        owner, year, figure = change.key
        numerator, denominator = change.share
        if denominator:
            rows.append(
                {
                    "suggestion_id": change.suggestion,
                    "congress": change.congress,
                    "owner": owner,
                    "year": year,
                    "figure": figure,
                    "numerator": numerator,
                    "denominator": denominator,
                }
            )
        else:
            same = (
                t.suggestion_id == change.suggestion,
                t.owner == owner,
                t.year == year,
                t.figure == figure,
            )
            connection.execute(sa.delete(contributions).where(*same))
    if rows:
        connection.execute(_set_contribution(connection.dialect.name), rows)


# The two statements are built once: building takes as long as carrying them out.


@cache
def _set_contribution(dialect: str) -> Any:
    """Insert a contribution, or replace its numbers."""
    insert = insert_into(contributions, dialect)
    return insert.on_conflict_do_update(
        index_elements=list(contributions.primary_key),
        set_={"numerator": insert.excluded.numerator, "denominator": insert.excluded.denominator},
    )


@cache
def _add_to_figures(dialect: str) -> Any:
    """Insert a figure, or add to it: in the database, so that two who add at once both count."""
    insert, t = insert_into(figures, dialect), figures.c
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=list(figures.primary_key),
        set_={
            "numerator": t.numerator + new.numerator,
            "denominator": t.denominator + new.denominator,
            "changed_on": sa.case((new.changed_on > t.changed_on, new.changed_on), else_=t.changed_on),
        },
    )
