"""Events of the gateway: none. It passes on what others are told to do, and tells nothing itself."""

from shared.events import Catalogue

catalogue = Catalogue("gateway")
