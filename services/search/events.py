"""Search publishes nothing: it is a projection of what the others publish."""

from shared.events import Catalogue

catalogue = Catalogue("search")
