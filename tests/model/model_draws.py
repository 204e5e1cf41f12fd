"""The strategy for calls of every kind."""

from __future__ import annotations

from tests.model.model_draws_lists import ListCalls
from tests.model.model_draws_runs import RunCalls
from tests.model.model_draws_tasks import TaskCalls


class CallDraws(TaskCalls, RunCalls, ListCalls):
    """Draws calls of every kind."""
