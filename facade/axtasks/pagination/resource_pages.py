"""Pages by the resources on them: for each, what its pages have in common, and the class of either client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .page import AsyncPage, ListedPage, Page

if TYPE_CHECKING:
    from axtasks_api.models import (
        AiIntegration,
        Dataset,
        Evaluator,
        EvaluatorVersion,
        Experiment,
        Integration,
        Project,
        Prompt,
        PromptVersion,
        Space,
        Task,
        TaskRun,
    )


class ListedTasks(ListedPage["Task"]):
    """The part that pages of tasks have in common."""

    wire_name = "tasks"
    item_name = "Task"

    @property
    def tasks(self) -> list[Task]:
        """The tasks of this page."""
        return self.items


class TaskPage(ListedTasks, Page["Task"]):
    """A page of tasks."""


class AsyncTaskPage(ListedTasks, AsyncPage["Task"]):
    """A page of tasks, of `AsyncAxClient`."""


class ListedTaskRuns(ListedPage["TaskRun"]):
    """The part that pages of runs have in common."""

    wire_name = "task_runs"
    item_name = "TaskRun"

    @property
    def task_runs(self) -> list[TaskRun]:
        """The runs of this page."""
        return self.items


class TaskRunPage(ListedTaskRuns, Page["TaskRun"]):
    """A page of runs."""


class AsyncTaskRunPage(ListedTaskRuns, AsyncPage["TaskRun"]):
    """A page of runs, of `AsyncAxClient`."""


class ListedSpaces(ListedPage["Space"]):
    """The part that pages of spaces have in common."""

    wire_name = "spaces"
    item_name = "Space"

    @property
    def spaces(self) -> list[Space]:
        """The spaces of this page."""
        return self.items


class SpacePage(ListedSpaces, Page["Space"]):
    """A page of spaces."""


class AsyncSpacePage(ListedSpaces, AsyncPage["Space"]):
    """A page of spaces, of `AsyncAxClient`."""


class ListedProjects(ListedPage["Project"]):
    """The part that pages of projects have in common."""

    wire_name = "projects"
    item_name = "Project"

    @property
    def projects(self) -> list[Project]:
        """The projects of this page."""
        return self.items


class ProjectPage(ListedProjects, Page["Project"]):
    """A page of projects."""


class AsyncProjectPage(ListedProjects, AsyncPage["Project"]):
    """A page of projects, of `AsyncAxClient`."""


class ListedDatasets(ListedPage["Dataset"]):
    """The part that pages of datasets have in common."""

    wire_name = "datasets"
    item_name = "Dataset"

    @property
    def datasets(self) -> list[Dataset]:
        """The datasets of this page."""
        return self.items


class DatasetPage(ListedDatasets, Page["Dataset"]):
    """A page of datasets."""


class AsyncDatasetPage(ListedDatasets, AsyncPage["Dataset"]):
    """A page of datasets, of `AsyncAxClient`."""


class ListedExperiments(ListedPage["Experiment"]):
    """The part that pages of experiments have in common."""

    wire_name = "experiments"
    item_name = "Experiment"

    @property
    def experiments(self) -> list[Experiment]:
        """The experiments of this page."""
        return self.items


class ExperimentPage(ListedExperiments, Page["Experiment"]):
    """A page of experiments."""


class AsyncExperimentPage(ListedExperiments, AsyncPage["Experiment"]):
    """A page of experiments, of `AsyncAxClient`."""


class ListedEvaluators(ListedPage["Evaluator"]):
    """The part that pages of evaluators have in common."""

    wire_name = "evaluators"
    item_name = "Evaluator"

    @property
    def evaluators(self) -> list[Evaluator]:
        """The evaluators of this page."""
        return self.items


class EvaluatorPage(ListedEvaluators, Page["Evaluator"]):
    """A page of evaluators."""


class AsyncEvaluatorPage(ListedEvaluators, AsyncPage["Evaluator"]):
    """A page of evaluators, of `AsyncAxClient`."""


class ListedAiIntegrations(ListedPage["AiIntegration"]):
    """The part that pages of AI integrations have in common."""

    wire_name = "ai_integrations"
    item_name = "AiIntegration"

    @property
    def ai_integrations(self) -> list[AiIntegration]:
        """The AI integrations of this page."""
        return self.items


class AiIntegrationPage(ListedAiIntegrations, Page["AiIntegration"]):
    """A page of AI integrations."""


class AsyncAiIntegrationPage(ListedAiIntegrations, AsyncPage["AiIntegration"]):
    """A page of AI integrations, of `AsyncAxClient`."""


class ListedIntegrations(ListedPage["Integration"]):
    """The part that pages of integrations have in common."""

    wire_name = "integrations"
    item_name = "Integration"

    @property
    def integrations(self) -> list[Integration]:
        """The integrations of this page."""
        return self.items


class IntegrationPage(ListedIntegrations, Page["Integration"]):
    """A page of integrations."""


class AsyncIntegrationPage(ListedIntegrations, AsyncPage["Integration"]):
    """A page of integrations, of `AsyncAxClient`."""


class ListedPrompts(ListedPage["Prompt"]):
    """The part that pages of prompts have in common."""

    wire_name = "prompts"
    item_name = "Prompt"

    @property
    def prompts(self) -> list[Prompt]:
        """The prompts of this page."""
        return self.items


class PromptPage(ListedPrompts, Page["Prompt"]):
    """A page of prompts."""


class AsyncPromptPage(ListedPrompts, AsyncPage["Prompt"]):
    """A page of prompts, of `AsyncAxClient`."""


class ListedEvaluatorVersions(ListedPage["EvaluatorVersion"]):
    """The part that pages of versions of an evaluator have in common."""

    wire_name = "evaluator_versions"
    item_name = "EvaluatorVersion"

    @property
    def evaluator_versions(self) -> list[EvaluatorVersion]:
        """The versions of an evaluator of this page."""
        return self.items


class EvaluatorVersionPage(ListedEvaluatorVersions, Page["EvaluatorVersion"]):
    """A page of versions of an evaluator."""


class AsyncEvaluatorVersionPage(ListedEvaluatorVersions, AsyncPage["EvaluatorVersion"]):
    """A page of versions of an evaluator, of `AsyncAxClient`."""


class ListedPromptVersions(ListedPage["PromptVersion"]):
    """The part that pages of versions of a prompt have in common."""

    wire_name = "prompt_versions"
    item_name = "PromptVersion"

    @property
    def prompt_versions(self) -> list[PromptVersion]:
        """The versions of a prompt of this page."""
        return self.items


class PromptVersionPage(ListedPromptVersions, Page["PromptVersion"]):
    """A page of versions of a prompt."""


class AsyncPromptVersionPage(ListedPromptVersions, AsyncPage["PromptVersion"]):
    """A page of versions of a prompt, of `AsyncAxClient`."""
