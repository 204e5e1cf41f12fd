"""The exceptions by which a task tells Airflow how it ended, from where each version of Airflow has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .task_outcome import OutcomeKind

try:
    from airflow.sdk.exceptions import (
        AirflowException,
        AirflowFailException,
        AirflowSensorTimeout,
        AirflowSkipException,
        AirflowTaskTimeout,
    )
except ImportError:  # before Airflow 3.2
    from airflow.exceptions import (  # type: ignore[attr-defined, no-redef]  # names of that version
        AirflowException,
        AirflowFailException,
        AirflowSensorTimeout,
        AirflowSkipException,
        AirflowTaskTimeout,
    )

if TYPE_CHECKING:
    from .task_outcome import TaskOutcome

__all__ = [
    "AirflowException",
    "AirflowFailException",
    "AirflowSensorTimeout",
    "AirflowTaskTimeout",
    "raise_for_outcome",
]

EXCEPTIONS = {
    OutcomeKind.SKIP: AirflowSkipException,
    OutcomeKind.FAIL: AirflowException,
    OutcomeKind.FAIL_FOR_GOOD: AirflowFailException,
}


def raise_for_outcome(outcome: TaskOutcome) -> None:
    """Raise the exception for the outcome of a task; none for a success."""
    if outcome.kind in EXCEPTIONS:
        raise EXCEPTIONS[outcome.kind](outcome.reason)
