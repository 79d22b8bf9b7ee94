"""The model registry: MLflow versions with aliases ``champion`` and ``challenger``."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import lightgbm
import msgspec
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from hub.errors import Permanent, Transient
from hub.records import ModelVersion
from ml.encoding import Encoder
from ml.recommend import LightGbmRecommender
from ml.train import Fitted

CHAMPION = "champion"
CHALLENGER = "challenger"
_EXPERIMENT = "product-propensity"


class Registry:
    """Versions of one model in MLflow.

    Args:
        tracking_uri: MLflow tracking server or database.
        artifact_root: where artifacts go when the tracking store is a database of ours.
        name: registered model name.
    """

    def __init__(self, tracking_uri: str, artifact_root: str, name: str) -> None:
        self.name = name
        self._artifact_root = artifact_root
        logging.getLogger("mlflow").setLevel(logging.ERROR)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        self._client = MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)

    def register(self, fitted: Fitted, data_versions: dict[str, int], created_ms: int) -> ModelVersion:
        """Register a model and give it its alias; the same training data twice give one version.

        The first model that passes its gates becomes champion; a later one that passes
        becomes challenger, until ``promote``.
        """
        digest = fitted.training_set.digest
        existing = self._by_digest(digest)
        if existing is not None:
            return existing
        run_id = self._log_run(fitted, data_versions, digest)
        version = self._create_version(run_id, fitted, data_versions, digest, created_ms)
        if all(fitted.gates.values()):
            self._client.set_registered_model_alias(self.name, CHALLENGER if self.champion() else CHAMPION, version)
        return self.get(version)

    def promote(self, version: str) -> ModelVersion:
        """Make a version champion. Raises Permanent (``gates_not_met``, ``unknown_model``)."""
        model = self.get(version)
        failed = [gate for gate, met in model.gates.items() if not met]
        if failed:
            raise Permanent(
                f"Model {self.name} version {version} does not meet: {', '.join(failed)}.", reason="gates_not_met"
            )
        self._client.set_registered_model_alias(self.name, CHAMPION, version)
        if model.alias == CHALLENGER:
            self._client.delete_registered_model_alias(self.name, CHALLENGER)
        return self.get(version)

    def champion(self) -> ModelVersion | None:
        """Return the version that decides at present."""
        try:
            return self._model(self._client.get_model_version_by_alias(self.name, CHAMPION))
        except MlflowException:
            return None

    def get(self, version: str) -> ModelVersion:
        """Return one version. Raises Permanent (``unknown_model``)."""
        try:
            return self._model(self._client.get_model_version(self.name, version))
        except MlflowException as error:
            raise Permanent(f"There is no version {version} of model {self.name}.", reason="unknown_model") from error

    def versions(self) -> list[ModelVersion]:
        """Return all versions, newest first."""
        found = self._client.search_model_versions(f"name = '{self.name}'")
        return sorted((self._model(v) for v in found), key=lambda v: -int(v.version))

    def load(self, version: str) -> LightGbmRecommender:
        """Load a version for serving. Raises Transient when its files cannot be fetched."""
        entry = self._client.get_model_version(self.name, version)
        try:
            folder = Path(self._client.download_artifacts(entry.run_id, "model"))
        except (MlflowException, OSError) as error:
            raise Transient(
                f"The files of model {self.name} version {version} cannot be read.", reason="model_away"
            ) from error
        booster = lightgbm.Booster(model_file=str(folder / "booster.txt"))
        encoder = msgspec.json.decode((folder / "encoder.json").read_bytes(), type=Encoder)
        return LightGbmRecommender(booster, encoder, f"{self.name}/{version}")

    def load_champion(self) -> LightGbmRecommender | None:
        """Load the champion, None when there is none yet."""
        champion = self.champion()
        return self.load(champion.version) if champion else None

    def _by_digest(self, digest: str) -> ModelVersion | None:
        return next((v for v in self.versions() if self._tags(v.version).get("training_set") == digest), None)

    def _tags(self, version: str) -> dict[str, Any]:
        return dict(self._client.get_model_version(self.name, version).tags)

    def _log_run(self, fitted: Fitted, data_versions: dict[str, int], digest: str) -> str:
        run = self._client.create_run(self._experiment_id(), tags={"training_set": digest})
        run_id = str(run.info.run_id)
        for key, value in msgspec.to_builtins(fitted.options).items():
            self._client.log_param(run_id, key, value)
        for key, value in fitted.metrics.items():
            self._client.log_metric(run_id, key, value)
        for table, version in data_versions.items():
            self._client.log_param(run_id, f"data.{table}", version)
        with tempfile.TemporaryDirectory() as folder:
            fitted.booster.save_model(str(Path(folder) / "booster.txt"))
            (Path(folder) / "encoder.json").write_bytes(msgspec.json.encode(fitted.training_set.encoder))
            self._client.log_artifacts(run_id, folder, "model")
        self._client.set_terminated(run_id)
        return run_id

    def _experiment_id(self) -> str:
        experiment = self._client.get_experiment_by_name(_EXPERIMENT)
        if experiment is not None:
            return str(experiment.experiment_id)
        return str(self._client.create_experiment(_EXPERIMENT, artifact_location=self._artifact_root or None))

    def _create_version(
        self, run_id: str, fitted: Fitted, data_versions: dict[str, int], digest: str, created_ms: int
    ) -> str:
        try:
            self._client.create_registered_model(self.name)
        except MlflowException:
            self._client.get_registered_model(self.name)
        tags = {
            "training_set": digest,
            "created_ms": str(created_ms),
            "data_versions": msgspec.json.encode(data_versions).decode(),
            "metrics": msgspec.json.encode(fitted.metrics).decode(),
            "gates": msgspec.json.encode(fitted.gates).decode(),
        }
        source = f"{self._client.get_run(run_id).info.artifact_uri}/model"
        return str(self._client.create_model_version(self.name, source, run_id, tags=tags).version)

    def _model(self, entry: Any) -> ModelVersion:  # noqa: ANN401 - MLflow's entity is untyped
        tags = entry.tags
        aliases = list(self._client.get_model_version(self.name, entry.version).aliases)
        return ModelVersion(
            name=self.name,
            version=str(entry.version),
            alias=CHAMPION if CHAMPION in aliases else next(iter(aliases), None),
            created_ms=int(tags.get("created_ms", "0")),
            data_versions=msgspec.json.decode(tags.get("data_versions", "{}")),
            metrics=msgspec.json.decode(tags.get("metrics", "{}")),
            gates=msgspec.json.decode(tags.get("gates", "{}")),
        )
