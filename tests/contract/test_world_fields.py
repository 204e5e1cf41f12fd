"""Tests of contract fields that the mock only stores and returns."""

from __future__ import annotations

import pytest
from axtasks.mock.worldfiles import schema as world_schema

CARRIED = {
    "spaces": {
        "default_llm_integration",
        "default_agent_runtime",
        "gradient_start_color",
        "gradient_end_color",
        "ml_models_enabled",
    },
    "experiments": {"experiment_traces_project_id"},
    "ai_integrations": {"base_url", "model_names", "headers", "provider_metadata"},
}


@pytest.mark.parametrize("place", world_schema.SHOWN)
def test_the_mock_has_an_attribute_for_every_other_field(place: str) -> None:
    assert set(world_schema.extra_fields(place)) == CARRIED.get(place, set())
