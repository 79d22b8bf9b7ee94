"""Call recordings: landed in the vault, transcribed by as many workers as there are, then redacted and read in turn."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task, task_group

from infra.airflow.defaults import CALLS, DEFAULT_ARGS, START, URGENT, WHENEVER, on_speech_workers, pool_of

SCHEDULED = "scheduled"


def _is_scheduled(dag_run: Any) -> bool:  # noqa: ANN401 - Airflow's run
    return dag_run is not None and str(dag_run.run_type).endswith(SCHEDULED)


@dag(
    schedule="*/10 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["feed", "speech"],
    params={
        "source": Param(
            "", type="string", description="Folder of recordings with sidecars; empty: HUB_HOME/source/calls."
        ),
        "batch": Param(40, type="integer", minimum=1, description="Recordings one mapped task transcribes."),
    },
)
def calls() -> None:
    """Land what is new, plan batches of what has no transcript, fresh calls first, and bring each batch to silver."""

    @task(pool=pool_of("bronze.calls"), priority_weight=URGENT, weight_rule="absolute")
    def land(params: dict[str, str] | None = None, dag_run: Any = None) -> dict[str, int]:  # noqa: ANN401 - Airflow's run
        from infra.jobs import feeds

        return feeds.land_calls((params or {}).get("source", ""), is_scheduled=_is_scheduled(dag_run))

    @task(priority_weight=URGENT, weight_rule="absolute")
    def plan_fresh(params: dict[str, int] | None = None) -> list[list[str]]:
        from infra.jobs import feeds

        return feeds.plan_fresh_calls((params or {}).get("batch", 40))

    @task(priority_weight=URGENT, weight_rule="absolute")
    def plan_backfill(planned: list[list[str]], params: dict[str, int] | None = None) -> list[list[str]]:
        from infra.jobs import feeds

        return feeds.plan_old_calls((params or {}).get("batch", 40), planned)

    @task(priority_weight=URGENT, weight_rule="absolute")
    def stop_backfill_at(dag_run: Any = None) -> int:  # noqa: ANN401 - Airflow's run
        from infra.jobs import feeds

        return feeds.backfill_until_ms() if _is_scheduled(dag_run) else 0

    @task(**on_speech_workers(), weight_rule="absolute")
    def transcribe(batch: list[str], not_after_ms: int = 0) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.transcribe_calls(batch, not_after_ms)

    @task(outlets=[CALLS], pool=pool_of("silver.events"), weight_rule="absolute")
    def refine(batch: list[str], transcribed: dict[str, int]) -> dict[str, int]:
        from infra.jobs import feeds

        return {} if "left" in transcribed else feeds.refine_calls(batch)

    def bring(name: str, batches: Any, weight: int, not_after_ms: Any = 0) -> None:  # noqa: ANN401 - what plan will return
        @task_group(group_id=name)
        def one(batch: list[str]) -> None:
            heard = transcribe.override(priority_weight=weight)(batch, not_after_ms)
            refine.override(priority_weight=weight)(batch, heard)

        one.expand(batch=batches)

    landed, fresh = land(), plan_fresh()
    landed >> [fresh, until_ms := stop_backfill_at()]
    bring("fresh", fresh, URGENT)
    bring("backfill", plan_backfill(fresh), WHENEVER, until_ms)


calls()
