"""Features, declared once: one file per view; computation, documentation, checks and serving derive from it."""

from __future__ import annotations

from hub.records import FeatureSpec
from lakehouse.features import customer_activity, customer_profile, customer_scores
from lakehouse.features.build import build_features
from lakehouse.features.serve import features_of, materialize

__all__ = ["DeclaredFeatures", "build_features", "feature_specs", "features_of", "materialize"]


def feature_specs() -> list[FeatureSpec]:
    """Return every feature, in order of declaration."""
    return [
        *(item.spec for item in customer_profile.FEATURES),
        *(item.spec for item in customer_activity.FEATURES),
        *customer_scores.SPECS,
    ]


class DeclaredFeatures:
    """The hub's FeatureCatalog."""

    def specs(self) -> list[FeatureSpec]:
        """Return every feature, in order of declaration."""
        return feature_specs()
