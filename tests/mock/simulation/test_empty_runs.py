"""Outcomes of runs that find no work: in the documents' contract, in the beta, and by a world's setting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axtasks.mock import default_world as known
from axtasks.mock.world.model import AiIntegration
from axtasks.mock.world.settings import Settings

from tests.conftest import BETA, DOCUMENTS
from tests.mock.support import Api, Json, task_path

LABELLED, UNMATCHED, UNKNOWN, LOCKED_OUT = SITUATIONS = (
    "all labelled",
    "nothing matched",
    "examples that are not there",
    "unusable credentials",
)
COMPLETED = {
    LABELLED: ("completed", 0, 0, 120),
    UNMATCHED: ("completed", 0, 0, 0),
    UNKNOWN: ("completed", 0, 0, 2),
    LOCKED_OUT: ("failed", 0, 0, 0),
}
CANCELLED = dict.fromkeys(SITUATIONS, ("cancelled", 0, 0, 0))
REASONS = {
    LABELLED: "override_evaluations",
    UNMATCHED: "No data",
    UNKNOWN: "no examples",
    LOCKED_OUT: "credentials",
}
ATTEMPT = {"experiment_name": "without work"}
FUTURE = {"data_start_time": "2026-03-20T00:00:00Z", "data_end_time": "2026-03-21T00:00:00Z"}
TRIGGERS: dict[str, tuple[str, Json]] = {
    LABELLED: (known.GOLDEN_REVIEW, {}),
    UNMATCHED: (known.CHAT_QUALITY, FUTURE),
    UNKNOWN: (known.NIGHTLY_SUMMARIES, {**ATTEMPT, "example_ids": ["nowhere", "nothing"]}),
    LOCKED_OUT: (known.NIGHTLY_SUMMARIES, ATTEMPT),
}


def without_work(api: Api, situation: str, order: str | None = None) -> Json:
    """Return a run of a situation, once it has ended.

    Args:
        api: a client of the mock.
        situation: one of SITUATIONS.
        order: the lifecycle that is ordered for the run.
    """
    task_id, body = TRIGGERS[situation]
    if situation == LABELLED:
        api.triggered(task_id, body)
        api.mock.clock.advance(10)
    if situation == LOCKED_OUT:
        integrations = api.mock.world.ai_integrations
        integration = integrations.remove(known.OPENAI_MAIN)
        assert isinstance(integration, AiIntegration)
        api.mock.world.add(replace(integration, is_usable=False))
    if order is not None:
        api.send("PUT", "/__mock/lifecycle", {"next": order})
    run = api.triggered(task_id, body)
    api.mock.clock.advance(10)
    return api.run(run["id"])


def outcome(run: Json) -> tuple[str, int, int, int]:
    """Return the status of a run and its counts."""
    return run["status"], run["num_successes"], run["num_errors"], run["num_skipped"]


@pytest.mark.rule("C37")
@pytest.mark.one_contract(DOCUMENTS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_by_the_documents(api: Api, situation: str) -> None:
    """A run without work completes and skips all; one without usable credentials fails."""
    assert outcome(without_work(api, situation)) == COMPLETED[situation]


@pytest.mark.rule("B16")
@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_by_the_beta(api: Api, situation: str) -> None:
    """A run without work ends cancelled with empty counts and a reason."""
    run = without_work(api, situation)

    assert outcome(run) == CANCELLED[situation]
    assert REASONS[situation] in run["failure_reason"]


@pytest.mark.both_contracts
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(("setting", "expected"), [("completed", COMPLETED), ("cancelled", CANCELLED)])
def test_the_setting_of_a_world_overrides_the_contract(api: Api, situation: str, setting: str, expected: Json) -> None:
    """`empty_runs` in the settings of a world overrides the contract."""
    api.send("PATCH", "/__mock/world", {"settings": {"empty_runs": setting}})

    assert outcome(without_work(api, situation)) == expected[situation]


@pytest.mark.one_contract(BETA)
def test_the_reason_of_a_failure(api: Api) -> None:
    """A run that fails for missing credentials has a reason, and one that completes has none."""
    api.send("PATCH", "/__mock/world", {"settings": {"empty_runs": "completed"}})

    assert "credentials" in without_work(api, LOCKED_OUT)["failure_reason"]
    assert without_work(api, LABELLED)["failure_reason"] is None


@pytest.mark.both_contracts
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("ordered", ["failed", "cancelled"])
def test_an_ordered_outcome(api: Api, situation: str, ordered: str) -> None:
    """A run that is ordered to fail or to be cancelled does so, with work or without."""
    status, *evaluated, _ = outcome(without_work(api, situation, f"immediate {ordered}"))

    assert (status, evaluated) == (ordered, [0, 0])


@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize(("ordered", "reason"), [("failed", "broke"), ("cancelled", "on request")])
def test_the_reason_of_an_ordered_outcome(api: Api, ordered: str, reason: str) -> None:
    """The reason of an ordered outcome does not name the data."""
    assert reason in without_work(api, UNMATCHED, f"immediate {ordered}")["failure_reason"]


@pytest.mark.parametrize(("setting", "has_experiment"), [("completed", True), ("cancelled", False)])
def test_the_experiment_of_a_run_without_examples(api: Api, setting: str, has_experiment: bool) -> None:
    """A run that completes has an empty experiment; a cancelled run has none, and its name stays free."""
    api.send("PATCH", "/__mock/world", {"settings": {"empty_runs": setting}})

    run = without_work(api, UNKNOWN)

    assert run["run_started_at"] is not None
    assert [each["id"] for each in api.get("/v2/experiments", name=ATTEMPT["experiment_name"]).json["experiments"]] == (
        [run["experiment_id"]] if has_experiment else []
    )
    again = api.post(task_path(known.NIGHTLY_SUMMARIES, "trigger"), TRIGGERS[UNKNOWN][1]).status
    assert again == (409 if has_experiment else 201)


def test_an_impossible_setting() -> None:
    """`empty_runs` cannot be `failed`."""
    with pytest.raises(ValueError, match="empty_runs has to be one of completed, cancelled, not 'failed'"):
        Settings(empty_runs="failed")
