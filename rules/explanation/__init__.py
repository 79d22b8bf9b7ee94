"""A decision told to people: in steps, in Korean and English, from what the decision itself holds."""

from rules.explanation.listing import scenario_info
from rules.explanation.records import Names, ScenarioInfo
from rules.explanation.story import Explanation, Step, explain

__all__ = ["Explanation", "Names", "ScenarioInfo", "Step", "explain", "scenario_info"]
