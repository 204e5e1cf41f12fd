"""The kinds of pages, each with its list under the name it has in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .paging import Page

if TYPE_CHECKING:
    from axtasks_api_beta.models import Dataset, Evaluator, Experiment, Project, Space, Task, TaskRun


class TaskPage(Page["Task"]):
    """A page of tasks."""

    wire_name = "tasks"
    item_name = "Task"

    @property
    def tasks(self) -> list[Task]:
        """The tasks of this page."""
        return self.items


class TaskRunPage(Page["TaskRun"]):
    """A page of runs."""

    wire_name = "task_runs"
    item_name = "TaskRun"

    @property
    def task_runs(self) -> list[TaskRun]:
        """The runs of this page."""
        return self.items


class SpacePage(Page["Space"]):
    """A page of spaces."""

    wire_name = "spaces"
    item_name = "Space"

    @property
    def spaces(self) -> list[Space]:
        """The spaces of this page."""
        return self.items


class ProjectPage(Page["Project"]):
    """A page of projects."""

    wire_name = "projects"
    item_name = "Project"

    @property
    def projects(self) -> list[Project]:
        """The projects of this page."""
        return self.items


class DatasetPage(Page["Dataset"]):
    """A page of datasets."""

    wire_name = "datasets"
    item_name = "Dataset"

    @property
    def datasets(self) -> list[Dataset]:
        """The datasets of this page."""
        return self.items


class ExperimentPage(Page["Experiment"]):
    """A page of experiments."""

    wire_name = "experiments"
    item_name = "Experiment"

    @property
    def experiments(self) -> list[Experiment]:
        """The experiments of this page."""
        return self.items


class EvaluatorPage(Page["Evaluator"]):
    """A page of evaluators."""

    wire_name = "evaluators"
    item_name = "Evaluator"

    @property
    def evaluators(self) -> list[Evaluator]:
        """The evaluators of this page."""
        return self.items
