"""Decisions, receipts and what customers did with them, back into the lake."""

from __future__ import annotations

from airflow.sdk import dag, task

from infra.airflow.defaults import DECISIONS, DEFAULT_ARGS, START, pool_of


@dag(
    schedule="*/15 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["gold"],
)
def decisions() -> None:
    """Land decisions and receipts, then join outcomes to them."""

    @task(pool=pool_of("gold.decisions"), outlets=[DECISIONS])
    def land() -> dict[str, int]:
        from infra.jobs import decisions

        return decisions.land()

    @task(pool=pool_of("gold.decisions"))
    def measure() -> dict[str, int]:
        from infra.jobs import decisions

        return decisions.land_outcomes()

    land() >> measure()


decisions()
