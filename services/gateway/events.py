"""Events of the gateway: of what is posted to systems outside. All else it passes on to who owns it."""

from marshmallow import fields as m

from shared.events import Catalogue

catalogue = Catalogue("gateway")

catalogue.event(
    "webhook.disabled",
    "A webhook was stopped by the system: its address answered 410, took nothing for 72 hours, or its owner lost the "
    "jurisdiction. Subject: the webhook.",
    {"owner": "0190a1b2-0000-7000-8000-0000000000e1", "description": "智慧人大平台", "reason": "接收方答复 410。"},
    owner=m.String(required=True), description=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
