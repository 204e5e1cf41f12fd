"""Tests that tables of the mock's tests have all operations and values of today's contracts."""

from __future__ import annotations

from typing import Any

import pytest
from axtasks.mock.contract import contract as contracts

from tests.conftest import BETA, DOCUMENTS
from tests.mock.contract.test_contract import ANSWERED, ANSWERED_TODAY
from tests.mock.contract.test_wire_values import VALUES, spelled
from tests.mock.faults.test_table import WRITES

# The values that only today's has.
PROVIDERS = ("OPEN_AI", "AZURE_OPEN_AI", "AWS_BEDROCK", "VERTEX_AI", "ANTHROPIC", "CUSTOM")
ONLY_BETA = {
    "EvaluatorType": ("HARNESS", "REMOTE"),
    "CodeConfigType": ("MANAGED", "CUSTOM"),
    "ManagedCodeEvaluator": (
        "MATCHES_REGEX",
        "JSON_PARSEABLE",
        "CONTAINS_ANY_KEYWORD",
        "CONTAINS_ALL_KEYWORDS",
        "EXACT_MATCH",
    ),
    "DataGranularity": ("SPAN", "TRACE", "SESSION"),
    "OptimizationDirection": ("MAXIMIZE", "MINIMIZE", "NONE"),
    "AiIntegrationProvider": (*PROVIDERS, "NVIDIA_NIM", "GEMINI", "LITELLM", "FIREWORKS", "TOGETHER_AI"),
    "AiIntegrationAuthType": ("DEFAULT", "PROXY_WITH_HEADERS", "BEARER_TOKEN", "OAUTH2_CLIENT_CREDENTIALS"),
    "LlmProvider": PROVIDERS,
    "IntegrationType": ("LLM", "AGENT", "EVALUATOR"),
    "ProjectType": ("APPLICATION", "HARNESS", "EXPERIMENT"),
}


@pytest.mark.parametrize("contract", [DOCUMENTS, BETA])
def test_no_value_is_left_out(contract: str) -> None:
    document: Any = contracts.of(contract).document
    schemas = document["components"]["schemas"]
    only_here = ONLY_BETA if contract == BETA else {}

    assert {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema} == {
        name: [*(spelled(value, contract) for value in VALUES.get(name, ())), *only_here.get(name, ())]
        for name in (*VALUES, *(name for name in only_here if name not in VALUES))
    }


def test_every_operation_is_called() -> None:
    cases = {case[0] for case in ANSWERED}

    assert set(contracts.of(DOCUMENTS).operations) == cases
    assert set(contracts.of(BETA).operations) == cases | {case[0] for case in ANSWERED_TODAY}


def test_every_write_loses_its_response() -> None:
    writing = {each.id for each in contracts.of(DOCUMENTS).operations.values() if each.method != "GET"}

    assert {write.operation for write in WRITES} == writing
