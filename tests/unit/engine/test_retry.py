"""Tests of the plain functions that decide whether and after which delay to retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import (
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidArgumentError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RetryPolicy,
    TransportError,
    UndecodableBodyError,
)
from axtasks.engine.decode import error_for
from axtasks.engine.retry import FailureKind, RetryBudget, classify, is_transient

if TYPE_CHECKING:
    from collections.abc import Mapping

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract


def refusal(status: int, headers: Mapping[str, str] | None = None, method: str = "POST") -> AxError:
    error = error_for(status, operation_id="create_task", problem=None, headers=headers or {}, content=b"")
    return error.about(method=method, path="/v2/tasks", headers=headers or {})


def undecodable(*, is_json: bool) -> AxError:
    return UndecodableBodyError("no", status_code=200, operation_id="o", request_id=None, body="", is_json=is_json)


def too_large(method: str) -> AxError:
    error = ResponseTooLargeError("no", status_code=200, operation_id="o", request_id=None)
    return error.about(method=method, path="/v2/tasks", headers={})


FAILURES: dict[str, tuple[AxError, FailureKind]] = {
    "never-connected": (ConnectionFailedError("no", operation_id="o"), FailureKind.NOT_SENT),
    "too-slow": (RequestTimeoutError("no", operation_id="o"), FailureKind.UNKNOWN),
    "out-of-time": (DeadlineExceededError("no", operation_id="o"), FailureKind.NOT_SENT),
    "cut-off": (TransportError("no", operation_id="o"), FailureKind.UNKNOWN),
    "damaged": (undecodable(is_json=False), FailureKind.UNKNOWN),
    "not-of-the-contract": (undecodable(is_json=True), FailureKind.FINAL),
    "too-large-to-read": (too_large("GET"), FailureKind.FINAL),
    "too-large-of-a-write": (too_large("POST"), FailureKind.UNKNOWN),
    "closed-client": (ConfigurationError("closed"), FailureKind.FINAL),
    "argument": (InvalidArgumentError("no"), FailureKind.FINAL),
    "408": (refusal(408), FailureKind.UNKNOWN),
    "429": (refusal(429), FailureKind.NOT_SENT),
    "429-with-wait": (refusal(429, {"retry-after": "3"}), FailureKind.NOT_SENT),
    "500": (refusal(500), FailureKind.FAILED_AFTER_RECEIPT),
    "500-with-wait": (refusal(500, {"retry-after": "3"}), FailureKind.FAILED_AFTER_RECEIPT),
    "502": (refusal(502), FailureKind.UNKNOWN),
    "503": (refusal(503), FailureKind.UNKNOWN),
    "503-with-wait": (refusal(503, {"retry-after": "3"}), FailureKind.NOT_SENT),
    "503-with-nonsense": (refusal(503, {"retry-after": "soon"}), FailureKind.UNKNOWN),
    "504": (refusal(504), FailureKind.UNKNOWN),
    "504-with-wait": (refusal(504, {"retry-after": "3"}), FailureKind.UNKNOWN),
    **{
        str(status): (refusal(status), FailureKind.FINAL)
        for status in (301, 302, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 422, 425, 501, 505, 511)
    },
    **{str(status): (refusal(status), FailureKind.UNKNOWN) for status in (507, 508, 520, 522, 524, 529)},
    **{
        f"{status}-of-a-read": (refusal(status, method="GET"), FailureKind.FINAL)
        for status in (507, 508, 520, 522, 524, 529)
    },
}


def test_a_failure_says_what_became_of_the_request() -> None:
    assert {name: classify(error) for name, (error, _) in FAILURES.items()} == {
        name: failure for name, (_, failure) in FAILURES.items()
    }
    assert {name for name, (error, _) in FAILURES.items() if not is_transient(error)} == {
        name for name, (_, failure) in FAILURES.items() if failure is FailureKind.FINAL
    }


@pytest.mark.parametrize("jitter", [0.0, 0.25, 1.0])
def test_pauses_grow_and_are_any_share_of_the_longest(jitter: float) -> None:
    longest = {1: 0.5, 2: 1, 3: 2, 4: 4, 5: 8, 6: 8, 60: 8, 10**9: 8}
    policy = RetryPolicy(jitter=lambda: jitter)

    assert {attempt: policy.pause(attempt) for attempt in longest} == {
        attempt: jitter * seconds for attempt, seconds in longest.items()
    }


@pytest.mark.parametrize("asked", [0, 0.0, 3, 3600])
def test_the_word_of_the_server_comes_before_ones_own(asked: float) -> None:
    assert RetryPolicy(jitter=lambda: 0.5).pause(1, retry_after_seconds=asked) == asked


def test_pauses_differ_by_themselves() -> None:
    policy = RetryPolicy()
    pauses = {policy.pause(5) for _ in range(50)}

    assert len(pauses) > 40
    assert all(0 <= pause <= 8 for pause in pauses)


@pytest.mark.parametrize("value", [0, -1, "2", None, True], ids=repr)
def test_a_policy_of_nonsense_is_refused(value: Any) -> None:
    for name in ("attempts", "first_pause", "longest_pause", "jitter"):
        with pytest.raises(InvalidArgumentError, match=rf"retry\.{name} has to be"):
            RetryPolicy(**{name: value})


def test_a_storm_of_failures_uses_the_budget_up() -> None:
    budget = RetryBudget()

    assert [budget.take() for _ in range(102)].count(True) == 100
    assert budget.left == 0


def test_further_attempts_that_succeed_cost_nothing() -> None:
    budget = RetryBudget()

    for _ in range(1000):
        assert budget.take()
        budget.record_success(is_retry=True)

    assert budget.left == RetryBudget.FULL


def test_successes_fill_the_budget_little_by_little_and_never_above_full() -> None:
    budget = RetryBudget()
    while budget.take():
        pass

    for _ in range(4):
        budget.record_success(is_retry=False)
    assert not budget.take()
    budget.record_success(is_retry=False)
    assert budget.take()

    for _ in range(2000):
        budget.record_success(is_retry=False)
    assert budget.left == RetryBudget.FULL
