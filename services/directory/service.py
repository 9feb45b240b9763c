"""The directory on the network."""

from services.directory.handlers import handlers
from shared.service import Backbone, Service


class DirectoryService(Service):
    """Knows who is who: divisions, congresses, sessions, delegations, deputies, units, accounts."""

    name = "directory"
    backbone = Backbone(handlers)
