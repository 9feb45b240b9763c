"""Secrets of webhooks, and the signatures made with them.

A secret is derived from the network's own and is kept nowhere: who reads the database cannot sign.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from standardwebhooks import Webhook


def secret_of(signing_key: str, webhook: str, generation: int) -> str:
    """The secret of one webhook's one generation, as receivers keep it."""
    text = f"jianyi webhook {webhook} {generation}"
    return (
        "whsec_" + base64.b64encode(hmac.digest(signing_key.encode(), text.encode(), hashlib.sha256)).decode()
    )


def headers(secrets: list[str], id: str, at: float, body: str) -> dict[str, str]:
    """The headers that name and sign a message: with one signature for each secret that is valid now."""
    moment = datetime.fromtimestamp(int(at), UTC)
    signatures = " ".join(Webhook(secret).sign(id, moment, body) for secret in secrets)
    return {"webhook-id": id, "webhook-timestamp": str(int(at)), "webhook-signature": signatures}
