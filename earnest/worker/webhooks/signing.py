"""The headers by which an endpoint knows that a delivery is ours: Standard Webhooks, through its library."""

import math
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from earnest.worker.webhooks.endpoint import Endpoint


def headers_of(endpoint: Endpoint, message_id: str, body: str, now: float) -> dict[str, str]:
    """A signature for each secret, the time in whole Unix seconds; made anew for every attempt, with the same id."""
    second = math.floor(now)
    at = datetime.fromtimestamp(second, UTC)
    signatures = [Webhook(secret.reveal()).sign(message_id, at, body) for secret in endpoint.secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(signatures),
    }
