"""Offers as POST requests. ``Idempotency-Key`` carries the decision id, so a receiver drops repeats."""

from __future__ import annotations

import httpx
import msgspec
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from hub.errors import Permanent, Transient
from hub.records import Decision, Receipt
from rules.delivery.offer import offer_of

RETRIED = frozenset({408, 409, 423, 425, 429})
REFERENCE_HEADER = "X-Reference"


class WebhookDelivery:
    """``hub.ports.Delivery`` over HTTP.

    2xx is a receipt. 408, 409, 423, 425, 429 and 5xx are tried again, then Transient; so are connections
    that fail. Everything else is Permanent: the receiver will never take this offer.
    """

    name = "webhook"

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = 5.0,
        attempts: int = 3,
        longest_wait_s: float = 2.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url
        self._client = httpx.Client(timeout=timeout_s, transport=transport, follow_redirects=False)
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=0.1, max=longest_wait_s),
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )

    def hand_over(self, decision: Decision, now_ms: int) -> Receipt:
        """Post the offer.

        Raises:
            Transient: the receiver is away or busy.
            Permanent: the receiver refuses this offer.
        """
        reference = self._retrying(self._post, decision)
        return Receipt(decision_id=decision.decision_id, channel=self.name, handed_over_ms=now_ms, reference=reference)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _post(self, decision: Decision) -> str:
        headers = {"Content-Type": "application/json", "Idempotency-Key": decision.decision_id}
        try:
            answer = self._client.post(self._url, content=msgspec.json.encode(offer_of(decision)), headers=headers)
        except httpx.TransportError as error:
            raise Transient(
                f"The webhook did not answer: {type(error).__name__}.",
                reason="webhook_away",
                decision_id=decision.decision_id,
            ) from error
        if answer.is_success:
            return str(answer.headers.get(REFERENCE_HEADER, answer.status_code))[:200]
        message = f"The webhook answered {answer.status_code}."
        if answer.status_code in RETRIED or answer.is_server_error:
            raise Transient(message, reason="webhook_busy", decision_id=decision.decision_id)
        raise Permanent(message, reason="webhook_refused", decision_id=decision.decision_id)
