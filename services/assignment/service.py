"""Assignment on the network."""

from services.assignment.handlers import handlers
from shared.service import Backbone, Service


class AssignmentService(Service):
    """Brings suggestions to units: batches, tasks, returns, plans, contacts, opinions, replies."""

    name = "assignment"
    backbone = Backbone(handlers)
