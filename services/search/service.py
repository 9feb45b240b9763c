"""Search on the network."""

from services.search import indexing

# Loads the dictionary, a quarter of a second in which nothing else can run: now, and not at the first search.
from services.search.engine import segmentation as segmentation
from services.search.handlers import handlers
from shared.service import Backbone, Service


class SearchBackbone(Backbone):
    """Opens the engine, whose library takes long to load, before anybody waits for an answer."""

    def setup(self) -> None:
        super().setup()
        indexing.engine_of(self.runtime.settings)


class SearchService(Service):
    """Finds suggestions: full text, similar earlier ones, the public index."""

    name = "search"
    backbone = SearchBackbone(handlers)
