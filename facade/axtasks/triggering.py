"""What is asked of `trigger_runs`, and what comes of each item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import AxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from axtasks_api_beta.models import TaskRun


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRequest:
    """One run to trigger. Its fields are the arguments of `trigger_run`, where they are explained."""

    task: str = field(kw_only=False)
    space: str | None = None
    data_start_time: datetime | None = None
    data_end_time: datetime | None = None
    max_spans: int | None = None
    override_evaluations: bool | None = None
    experiment_ids: Sequence[str] | None = None
    experiment_name: str | None = None
    dataset_version_id: str | None = None
    max_examples: int | None = None
    example_ids: Sequence[str] | None = None
    evaluation_task_ids: Sequence[str] | None = None
    tracing_metadata: Mapping[str, object] | None = None
    query_filter: str | None = None


@dataclass(frozen=True, slots=True)
class TriggerOutcome:
    """What came of one request to trigger a run: a run, or an error.

    Attributes:
        request: what was asked for.
        outcome: the run that was queued, or why there is none.
    """

    request: TriggerRequest
    outcome: TaskRun | AxError

    @property
    def run(self) -> TaskRun | None:
        """The run that was queued; None if there is none."""
        return None if isinstance(self.outcome, AxError) else self.outcome

    @property
    def error(self) -> AxError | None:
        """Why there is no run; None if there is one."""
        return self.outcome if isinstance(self.outcome, AxError) else None

    def result(self) -> TaskRun:
        """The run that was queued.

        Raises:
            AxError: there is none; the error says why.
        """
        if isinstance(self.outcome, AxError):
            raise self.outcome
        return self.outcome
