"""Evaluation on the network."""

from services.evaluation.handlers import handlers
from shared.service import Backbone, Service


class EvaluationService(Service):
    """Asks deputies, has things handled again, closes, publishes, keeps figures and scores."""

    name = "evaluation"
    backbone = Backbone(handlers)
