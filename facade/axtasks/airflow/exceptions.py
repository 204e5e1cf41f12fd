"""The exceptions by which a task tells Airflow how it ended, from where each version of Airflow has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .verdict import Verdict

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
    from .verdict import Ruling

__all__ = ["AirflowException", "AirflowFailException", "AirflowSensorTimeout", "AirflowTaskTimeout", "raise_for_ruling"]

EXCEPTIONS = {
    Verdict.SKIP: AirflowSkipException,
    Verdict.FAIL: AirflowException,
    Verdict.FAIL_FOR_GOOD: AirflowFailException,
}


def raise_for_ruling(ruling: Ruling) -> None:
    """Raise the exception of a verdict; nothing for a success."""
    if ruling.verdict in EXCEPTIONS:
        raise EXCEPTIONS[ruling.verdict](ruling.reason)
