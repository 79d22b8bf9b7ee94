"""Call recordings: landed in the vault, transcribed in batches, redacted and read."""

from __future__ import annotations

from airflow.sdk import Param, dag, task

from infra.airflow.defaults import CALLS, DEFAULT_ARGS, START, pool_of


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
    """Land what is new, plan batches of what has no transcript, transcribe each batch."""

    @task(pool=pool_of("bronze.calls"))
    def land(params: dict[str, str] | None = None) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.land_calls((params or {}).get("source", ""))

    @task
    def plan(params: dict[str, int] | None = None) -> list[list[str]]:
        from infra.jobs import feeds

        return feeds.plan_calls((params or {}).get("batch", 40))

    @task(outlets=[CALLS], max_active_tis_per_dagrun=1)
    def transcribe(batch: list[str]) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.refine_calls(batch)

    planned = plan()
    land() >> planned
    transcribe.expand(batch=planned)


calls()
