"""Search on the network."""

from services.search.handlers import handlers
from shared.service import Backbone, Service


class SearchService(Service):
    """Finds suggestions: full text, similar earlier ones, the public index."""

    name = "search"
    backbone = Backbone(handlers)
