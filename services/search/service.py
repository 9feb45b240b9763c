"""Search on the network."""

# Loads the dictionary, a quarter of a second in which nothing else can run: now, and not at the first search.
from services.search.engine import segmentation as segmentation
from services.search.handlers import handlers
from shared.service import Backbone, Service


class SearchService(Service):
    """Finds suggestions: full text, similar earlier ones, the public index."""

    name = "search"
    backbone = Backbone(handlers)
