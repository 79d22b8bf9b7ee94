"""Recommendations for one customer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import JsonAnswer
from api.customers import accesses, customer_keys
from api.deps import CustomerReader, PartsDep, RecorderDep, purpose_of
from api.errors import Refused
from api.parts import Parts
from hub.clock import iso
from hub.records import FeatureRow, Scalar

router = APIRouter(prefix="/v1/customers", tags=["customers"])

CustomerName = Annotated[str, Path(max_length=64, description="A customer key (cus_…) or a customer number.")]


@router.get("/{customer}/recommendations")
async def recommend_products(
    request: Request,
    customer: CustomerName,
    account: CustomerReader,
    parts: PartsDep,
    recorder: RecorderDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Rank products for a customer, best first, with the model's version and how old its features are."""
    views = dict.fromkeys(spec.view for spec in parts.features.specs())
    key = (await run_in_threadpool(customer_keys, [customer], account, parts.pseudonyms, parts.online, views))[0]
    purpose = purpose_of(request, account)
    await recorder.record(accesses(account, [key], "recommend", purpose, parts.clock))
    return JsonAnswer(await run_in_threadpool(_recommend, parts, key, limit))


def _recommend(parts: Parts, key: str, limit: int) -> dict[str, object]:
    recommender = parts.recommender()
    if recommender is None:
        raise Refused(503, "no_model", "No model is promoted yet: run `hub ml train` and `hub ml promote`.", 30)
    rows = _rows(parts, key)
    if not rows:
        raise Refused(404, "unknown_customer", "No features are known of this customer.")
    values: dict[str, Scalar] = {name: value for row in rows for name, value in row.values.items()}
    ranked = recommender.rank([values])[0][:limit]
    products = parts.products()
    return {
        "customer": key,
        "model_version": recommender.version,
        "features_as_of": iso(max(row.event_time_ms for row in rows)),
        "views": {row.view: {"as_of": iso(row.event_time_ms), "version": row.version} for row in rows},
        "products": [
            {
                "rank": rank,
                "product_id": item.product_id,
                "score": item.score,
                "model_version": item.model_version,
                "product": products.get(item.product_id),
            }
            for rank, item in enumerate(ranked, 1)
        ],
    }


def _rows(parts: Parts, key: str) -> list[FeatureRow]:
    views = dict.fromkeys(spec.view for spec in parts.features.specs())
    return [row for view in views if (row := parts.online.read(view, [key])[0]) is not None]
