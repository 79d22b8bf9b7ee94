"""The vocabulary of behaviour: every event type, what it means and its properties.

One declaration serves the sources that emit, the scenario language that checks names
while a marketer types, and the documentation. Senders may use types that are not here
(custom events); a scenario that names one is warned, not refused.
"""

from __future__ import annotations

import msgspec

from hub.records import DataClass


class Property(msgspec.Struct, frozen=True):
    """One property of an event type. ``dtype``: str, int, float, bool or list."""

    name: str
    dtype: str
    description: str = ""
    data_class: DataClass = DataClass.INTERNAL


class EventType(msgspec.Struct, frozen=True):
    """One type of event, in the past tense."""

    name: str
    description: str
    properties: tuple[Property, ...] = ()

    def property_names(self) -> frozenset[str]:
        """Return the names of the declared properties."""
        return frozenset(p.name for p in self.properties)


def _type(name: str, description: str, **properties: str) -> EventType:
    parsed = ((prop, *text.split(": ", 1)) for prop, text in properties.items())
    return EventType(name, description, tuple(Property(prop, dtype, text) for prop, dtype, text in parsed))


_SESSION = "str: session of the browser or app"
_PRODUCT = "str: product id as in master data"
_PRODUCT_TYPE = "str: deposit, savings, subscription_savings, loan, card, car_insurance, life_insurance, fund"

EVENT_TYPES: dict[str, EventType] = {
    t.name: t
    for t in (
        # web and app
        _type("session.started", "A web or app session began.", session_id=_SESSION, platform="str: web, ios, android"),
        _type("session.ended", "A session ended by logout, close or 30 idle minutes.", session_id=_SESSION),
        _type("screen.viewed", "A page or screen was shown.", session_id=_SESSION, screen="str: name of the screen"),
        _type(
            "product.viewed",
            "A page about one product was shown.",
            session_id=_SESSION,
            product_id=_PRODUCT,
            product_type=_PRODUCT_TYPE,
            page="str: detail, rate, compare, maturity, yield",
        ),
        _type(
            "application.started",
            "A form to subscribe was opened.",
            session_id=_SESSION,
            product_id=_PRODUCT,
            product_type=_PRODUCT_TYPE,
        ),
        _type(
            "product.subscribed",
            "A product was bought or opened.",
            product_id=_PRODUCT,
            product_type=_PRODUCT_TYPE,
            amount="int: won",
            matures_on="str: ISO date, where the product matures",
        ),
        _type(
            "product.enquired",
            "A question about a product, on any channel.",
            product_id=_PRODUCT,
            product_type=_PRODUCT_TYPE,
            via="str: web, call, branch",
        ),
        _type(
            "quote.requested",
            "An insurance premium was calculated.",
            quote_id="str: quote",
            line="str: car, life, health",
            premium="int: won a year",
        ),
        _type(
            "quote.followed_up",
            "A subscription enquiry or application after a quote.",
            quote_id="str: quote",
            step="str: enquiry, application",
        ),
        _type("customer.identified", "A login: an anonymous id and a customer are one person.", session_id=_SESSION),
        _type(
            "contact.changed",
            "Address, account, phone or password was changed.",
            field="str: address, account, phone, password",
            via="str: web, call, branch",
        ),
        _type(
            "closing_page.viewed", "A page about closing an account or transferring out was shown.", session_id=_SESSION
        ),
        # money
        _type(
            "transaction.posted",
            "Money moved on an account or card.",
            account_id="str: account pseudonym",
            amount="int: won, positive",
            direction="str: in, out",
            method="str: transfer, card, atm, auto_debit, pos",
            category="str: leaf of the memo taxonomy",
            counterparty="str: merchant, employer or institution; persons are redacted",
            counterparty_kind="str: merchant, employer, institution, person, unknown",
            brand="str: merchant brand",
            balance="int: won after the posting",
        ),
        _type(
            "card.limit_exceeded",
            "A card purchase was declined for its limit.",
            account_id="str: card pseudonym",
            amount="int: won",
            limit="int: won",
        ),
        _type(
            "security.traded",
            "A security order was filled.",
            symbol="str: ticker",
            side="str: buy, sell",
            quantity="int: shares",
            price="int: won",
        ),
        # speech and text
        _type(
            "call.ended",
            "A call-centre call ended and was transcribed.",
            call_id="str: call",
            direction="str: inbound, outbound",
            duration_s="int: seconds",
            language="str: ko, en",
        ),
        _type(
            "intent.expressed",
            "A caller said what they want.",
            call_id="str: call",
            intent="str: leaf of the intent taxonomy",
            sentence="str: redacted sentence",
            confidence="float: 0 to 1",
        ),
        _type(
            "life_event.detected",
            "A call or a memo shows a life event.",
            life_event="str: marriage, moving, birth, study_abroad, job_change, retirement",
            source="str: call, memo",
            call_id="str: call",
            sentence="str: redacted sentence or memo",
            confidence="float: 0 to 1",
        ),
        _type(
            "complaint.made",
            "A caller complained.",
            call_id="str: call",
            object="str: about what",
            sentence="str: redacted sentence",
            confidence="float: 0 to 1",
        ),
        # insurance, branch, staff
        _type(
            "claim.filed",
            "An insurance claim was filed.",
            claim_id="str: claim",
            line="str: car, life, health",
            accident_type="str: type of accident",
            amount="int: won",
        ),
        _type(
            "claim.reviewed",
            "A claim changed its review state.",
            claim_id="str: claim",
            state="str: under_review, paid, refused",
        ),
        _type(
            "payout.enquired",
            "Somebody asked about payout or cancellation.",
            accident_type="str: type of accident",
            via="str: web, call, branch",
        ),
        _type("branch_visit.ended", "A branch visit ended.", branch="str: branch", purpose="str: purpose"),
        _type(
            "loan_review.started", "A loan application went into review.", review_id="str: review", product_id=_PRODUCT
        ),
        _type(
            "document.received",
            "A document of a review arrived.",
            review_id="str: review",
            document="str: kind of document",
        ),
        _type(
            "remittance.started",
            "Staff started a foreign-currency remittance.",
            staff_id="str: staff",
            currency="str: ISO 4217",
            amount="int: in that currency",
        ),
        # what the hub itself says
        _type(
            "consent.granted",
            "The customer consented to a purpose.",
            purpose="str: marketing_offers, profiling, service",
        ),
        _type(
            "consent.withdrawn", "The customer withdrew a consent.", purpose="str: marketing_offers, profiling, service"
        ),
        _type(
            "features.updated",
            "New values of one feature view.",
            view="str: view",
            values="object: feature name to value",
            version="str: version of the producer",
        ),
        _type(
            "offer.delivered",
            "A channel took over an offer.",
            decision_id="str: decision",
            channel="str: delivery channel",
        ),
        _type("offer.opened", "The customer opened an offer.", decision_id="str: decision"),
        _type(
            "offer.accepted",
            "The customer took an offer.",
            decision_id="str: decision",
            product_id=_PRODUCT,
            value="float: won",
        ),
        _type("offer.declined", "The customer refused an offer.", decision_id="str: decision"),
    )
}

CONSENT_PURPOSES = ("marketing_offers", "profiling", "service")
