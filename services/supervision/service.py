"""Supervision on the network."""

from services.supervision.handlers import handlers
from shared.service import Backbone, Service


class SupervisionService(Service):
    """Keeps the ledger: deadlines and lights, reminders, supervision on site, commitments."""

    name = "supervision"
    backbone = Backbone(handlers)
