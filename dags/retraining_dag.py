"""Retrain the product model on what was known before the run's date, and score with the champion."""

from __future__ import annotations

from airflow.sdk import Param, dag, task

from infra.airflow.defaults import DEFAULT_ARGS, SCORES, START, pool_of


@dag(
    schedule="0 3 * * 1",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["model"],
    params={
        "cut": Param("", type="string", description="ISO date up to which data may be used; empty: the logical date.")
    },
)
def retraining() -> None:
    """Train, register, score, refresh the online store."""

    @task
    def retrain(params: dict[str, str] | None = None, logical_date: object = None) -> dict[str, object]:
        from infra.jobs import learning

        return learning.retrain((params or {}).get("cut") or str(logical_date))

    @task(pool=pool_of("gold.feature_history"), outlets=[SCORES])
    def score(params: dict[str, str] | None = None, logical_date: object = None) -> dict[str, int]:
        from infra.jobs import learning

        return learning.score((params or {}).get("cut") or str(logical_date))

    @task
    def materialize() -> dict[str, int]:
        from infra.jobs import behavior

        return behavior.materialize()

    retrain() >> score() >> materialize()


retraining()
