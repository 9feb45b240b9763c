"""The settings of a place, as the model's rules take them."""

from __future__ import annotations

from datetime import date

from services.evaluation.model.back_to_back import FeedbackRules
from shared.periods import Period, period_laid_down
from shared.work import Work


def feedback_rules(work: Work, congress: str, on: date) -> FeedbackRules:
    """How the congress handles feedback, as of a day."""
    return FeedbackRules(**work.practices.settings("feedback", congress, on=on))


def feedback_period(work: Work, congress: str, on: date) -> Period:
    """How long deputies have for their judgement, as the congress has laid it down (group `deadlines`), as of a day."""
    return period_laid_down(work.practices.settings("deadlines", congress, on=on), "feedback")
