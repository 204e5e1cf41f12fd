"""Fixtures with the contracts as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import axtasks_api
import pytest
import yaml

SPEC = Path(__file__).parents[2] / "spec" / "openapi.yaml"


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    """Return `spec/openapi.yaml` as plain data."""
    loaded: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def contract_of_beta() -> dict[str, Any]:
    """Return the contract of the newer dialect as plain data."""
    bundle = Path(axtasks_api.__file__).with_name("openapi.beta.json")
    loaded: dict[str, Any] = json.loads(bundle.read_text(encoding="utf-8"))
    return loaded
