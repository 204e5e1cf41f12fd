"""Links from a task instance to pages of Arize AX, where the connection has the extra `ui_url`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey


class Linked(Protocol):
    """An operator that knows the addresses of its first run."""

    task_url: str
    experiment_url: str


class AxTaskLink(BaseOperatorLink):
    """The page of the task."""

    name = "Arize AX task"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002  # the base's names
        """Return the address; empty where it is not known."""
        return cast("Linked", operator).task_url


class AxExperimentLink(BaseOperatorLink):
    """The page of the experiment that the run created."""

    name = "Arize AX experiment"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002  # the base's names
        """Return the address; empty where it is not known."""
        return cast("Linked", operator).experiment_url
