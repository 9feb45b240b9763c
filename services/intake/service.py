"""Intake on the network."""

from services.intake.handlers import handlers
from shared.service import Backbone, Service


class IntakeService(Service):
    """Takes in suggestions: drafts, cosigning, submission, review, numbers."""

    name = "intake"
    backbone = Backbone(handlers)
