"""The world a mock starts with: the resources that the documents' examples name, and others to get lost among.

Everything happened between January and March 2026, at the times that the documents' examples show.

Two evaluators and an integration are of kinds that only the beta contract has; the documents' does not show them.

Names repeat on purpose: `europe` has a project, a dataset and a task of the same names as `demo`, `sandbox` and
`workshop` have a project of one name, and `archive` is full of tasks. No name of a space is part of another's, and the
newest things are in `demo`: published clients look a space up by a part of its name, and take the first that is found.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from axtasks.mock import ids
from axtasks.mock.contract import vocabulary
from axtasks.mock.ids import IdKind
from axtasks.mock.world.model import ACTING_USER

from .model import (
    AiIntegration,
    AttachedEvaluator,
    Counts,
    Dataset,
    DatasetVersion,
    Evaluator,
    Experiment,
    Project,
    Prompt,
    Space,
    Task,
    TaskRun,
)
from .world import World

ORGANIZATION = "T3JnYW5pemF0aW9uOjEyMzQ1"
DEMO = "U3BhY2U6NDkzOkJaSkc="
DEMO_EU = ids.encode(IdKind.SPACE, 494, "EuQ7")
SANDBOXES = (ids.encode(IdKind.SPACE, 495, "s4Nd"), ids.encode(IdKind.SPACE, 496, "b0xX"))
ARCHIVE = ids.encode(IdKind.SPACE, 497, "4rCh")

CHAT_PROD = "TW9kZWw6MTIzOmFCY0Q="
SUPPORT_BOT = ids.encode(IdKind.PROJECT, 124, "sUpB")
CHAT_PROD_EU = ids.encode(IdKind.PROJECT, 125, "cHeU")
NIGHTLY_JOBS = ids.encode(IdKind.PROJECT, 128, "nJ0b")

GOLDEN_SET = "RGF0YXNldDo1NjpxUndY"
GOLDEN_SET_VERSION = "RGF0YXNldFZlcnNpb246MTphQmNE"
REGRESSION_SET = ids.encode(IdKind.DATASET, 57, "rEg5")
GOLDEN_SET_EU = ids.encode(IdKind.DATASET, 58, "gEuT")

BASELINE = "RXhwZXJpbWVudDoxOmFCY0Q="
CANDIDATE = ids.encode(IdKind.EXPERIMENT, 2, "cAnD")
NIGHTLY_EXPERIMENT = ids.encode(IdKind.EXPERIMENT, 3, "nIgH")
REGRESSION_EXPERIMENT = ids.encode(IdKind.EXPERIMENT, 4, "rEgE")

HALLUCINATION = "RXZhbHVhdG9yOjEyOmFCY0Q="
RELEVANCE = ids.encode(IdKind.EVALUATOR, 13, "rElV")
JSON_SHAPE = ids.encode(IdKind.EVALUATOR, 14, "jSoN")
TOXICITY_EU = ids.encode(IdKind.EVALUATOR, 15, "tOxE")
ACCEPTANCE = ids.encode(IdKind.EVALUATOR, 16, "aCcP")
REMOTE_JUDGE = ids.encode(IdKind.EVALUATOR, 17, "rJdg")
FIRST_EVALUATOR_VERSION = 12345
HALLUCINATION_VERSION = ids.encode(IdKind.EVALUATOR_VERSION, FIRST_EVALUATOR_VERSION, "eVv0")
EARLIER_HALLUCINATION_VERSION = ids.encode(IdKind.EVALUATOR_VERSION, FIRST_EVALUATOR_VERSION - 1, "eVvA")
RELEVANCE_VERSION = ids.encode(IdKind.EVALUATOR_VERSION, FIRST_EVALUATOR_VERSION + 1, "eVv1")

OPENAI_MAIN = "TGxtSW50ZWdyYXRpb246MTI6YUJjRA=="
ANTHROPIC_SPARE = ids.encode(IdKind.AI_INTEGRATION, 13, "aNtH")
SUPPORT_AGENT = ids.encode(IdKind.AI_INTEGRATION, 14, "sAgT")

SUMMARIZE = ids.encode(IdKind.PROMPT, 1, "sUmM")
TRANSLATE = ids.encode(IdKind.PROMPT, 2, "tRaN")
TRANSLATE_VERSION = ids.encode(IdKind.PROMPT_VERSION, 3, "tRv1")
SUMMARIZE_VERSIONS = tuple(ids.encode(IdKind.PROMPT_VERSION, number, f"sUv{number}") for number in (1, 2))

CHAT_QUALITY = "T25saW5lVGFzazo0NTpxUndY"
CHAT_QUALITY_RUN = "VGFza1J1bjo5OTpxUndY"
NIGHTLY_SUMMARIES = ids.encode(IdKind.TASK, 46, "nSuM")
GOLDEN_REVIEW = ids.encode(IdKind.TASK, 47, "gRev")
SUPPORT_CHECKS = ids.encode(IdKind.TASK, 48, "sChk")
CHAT_QUALITY_EU = ids.encode(IdKind.TASK, 49, "cQeU")
FIRST_ARCHIVED_NUMBER = 1000
ARCHIVED_TASKS = 130

COLUMN_MAPPINGS = {"input": "attributes.input.value", "output": "attributes.output.value"}


def _at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def default_world() -> World:
    """A new copy of the default world."""
    world = World()
    _add_spaces_and_projects(world)
    _add_datasets(world)
    _add_experiments(world)
    _add_evaluators(world)
    _add_archive(world)
    _add_tasks(world)
    _add_runs(world)
    return world


@cache
def unchanged_default_world() -> World:
    """The default world that mocks make copies of; it is made once, and nobody may change it."""
    return default_world()


def _add_spaces_and_projects(world: World) -> None:
    for identifier, name, description, day in (
        (DEMO, "demo", "Where the examples live", 5),
        (DEMO_EU, "europe", "The same for Europe", 6),
        (SANDBOXES[0], "sandbox", "For trying things out", 7),
        (SANDBOXES[1], "workshop", "For trying out more", 8),
        (ARCHIVE, "archive", "Tasks that have had their day", 9),
    ):
        world.add(Space(identifier, name, description, _at(1, day), ORGANIZATION))
    for identifier, name, space_id, day in (
        (CHAT_PROD_EU, "chat-prod", DEMO_EU, 7),
        (ids.encode(IdKind.PROJECT, 126, "pLa1"), "playground", SANDBOXES[0], 8),
        (ids.encode(IdKind.PROJECT, 127, "pLa2"), "playground", SANDBOXES[1], 8),
        (NIGHTLY_JOBS, "nightly-jobs", ARCHIVE, 9),
        (CHAT_PROD, "chat-prod", DEMO, 10),
        (SUPPORT_BOT, "support-bot", DEMO, 11),
    ):
        world.add(Project(identifier, name, space_id, _at(1, day)))
    for integration_id, name, model, provider, is_agent in (
        (OPENAI_MAIN, "openai-main", "gpt-4o", vocabulary.OPEN_AI, False),
        (ANTHROPIC_SPARE, "anthropic-spare", "claude-sonnet-4-5", vocabulary.ANTHROPIC, False),
        (SUPPORT_AGENT, "support-agent", "support-agent", vocabulary.OPEN_AI, True),
    ):
        at = _at(1, 5)
        world.add(AiIntegration(integration_id, name, DEMO, at, at, ACTING_USER, model, provider, is_agent=is_agent))
    for prompt_id, version_ids, name, text in (
        (SUMMARIZE, SUMMARIZE_VERSIONS, "summarize", "Sum up {{input}} in one sentence"),
        (TRANSLATE, (TRANSLATE_VERSION,), "translate", "Translate {{input}} into {{language}}"),
    ):
        world.add(Prompt(prompt_id, name, DEMO, _at(1, 12), _at(1, 13), ACTING_USER, version_ids, text=text))


def _version(identifier: str, name: str, dataset_id: str, at: datetime, count: int) -> DatasetVersion:
    examples = tuple(f"example-{number:03d}" for number in range(1, count + 1))
    return DatasetVersion(identifier, name, dataset_id, at, at, examples)


def _add_datasets(world: World) -> None:
    eu = _version(ids.encode(IdKind.DATASET_VERSION, 4, "gEu1"), "v1", GOLDEN_SET_EU, _at(1, 6), 60)
    world.add(Dataset(GOLDEN_SET_EU, "golden-set", DEMO_EU, _at(1, 6), _at(1, 6), (eu,)))
    golden = _version(GOLDEN_SET_VERSION, "v1", GOLDEN_SET, _at(1, 7), 120)
    world.add(Dataset(GOLDEN_SET, "golden-set", DEMO, _at(1, 7), _at(1, 8), (golden,)))
    versions = (
        _version(ids.encode(IdKind.DATASET_VERSION, 2, "rEv1"), "v1", REGRESSION_SET, _at(1, 12), 30),
        _version(ids.encode(IdKind.DATASET_VERSION, 3, "rEv2"), "v2", REGRESSION_SET, _at(1, 20), 45),
    )
    world.add(Dataset(REGRESSION_SET, "regression-set", DEMO, _at(1, 12), _at(1, 20), versions))


def _add_experiments(world: World) -> None:
    regression_version = ids.encode(IdKind.DATASET_VERSION, 2, "rEv1")
    for identifier, name, dataset_id, version_id, made_at in (
        (BASELINE, "baseline", GOLDEN_SET, GOLDEN_SET_VERSION, _at(1, 9)),
        (CANDIDATE, "candidate-b", GOLDEN_SET, GOLDEN_SET_VERSION, _at(2, 2)),
        (REGRESSION_EXPERIMENT, "baseline", REGRESSION_SET, regression_version, _at(1, 14)),
        (NIGHTLY_EXPERIMENT, "nightly-2026-03-09", GOLDEN_SET, GOLDEN_SET_VERSION, _at(3, 9, 2)),
    ):
        world.add(Experiment(identifier, name, dataset_id, version_id, made_at, made_at + timedelta(minutes=30)))


def _add_evaluators(world: World) -> None:
    template, code = vocabulary.TEMPLATE_EVALUATOR, vocabulary.CODE_EVALUATOR
    for number, (identifier, name, kind, space_id, description) in enumerate(
        (
            (HALLUCINATION, "Hallucination Eval", template, DEMO, "Does the answer say more than its sources?"),
            (RELEVANCE, "Relevance Eval", template, DEMO, "Does the answer meet the question?"),
            (JSON_SHAPE, "JSON Shape", code, DEMO, "Is the answer an object with the right keys?"),
            (TOXICITY_EU, "Toxicity Eval", template, DEMO_EU, None),
            (ACCEPTANCE, "Acceptance Harness", vocabulary.HARNESS_EVALUATOR, DEMO, "Does the agent do what it is for?"),
            (REMOTE_JUDGE, "Remote Judge", vocabulary.REMOTE_EVALUATOR, DEMO, "What do others say of the answer?"),
        )
    ):
        made_at = _at(1, 9 if space_id == DEMO_EU else 10 + number)
        version_id = ids.encode(IdKind.EVALUATOR_VERSION, FIRST_EVALUATOR_VERSION + number, f"eVv{number}")
        world.add(
            Evaluator(
                identifier,
                name,
                kind,
                space_id,
                description,
                made_at,
                made_at + timedelta(days=1),
                ACTING_USER,
                (EARLIER_HALLUCINATION_VERSION, version_id) if identifier == HALLUCINATION else (version_id,),
            )
        )


def _attached(identifier: str, name: str) -> tuple[AttachedEvaluator, ...]:
    return (AttachedEvaluator(identifier, name, None, dict(COLUMN_MAPPINGS)),)


def _evaluation(
    identifier: str, name: str, space_id: str, at: datetime, task_type: str = vocabulary.TEMPLATE_EVALUATION
) -> Task:
    return Task(
        id=identifier,
        name=name,
        type=task_type,
        space_id=space_id,
        created_at=at,
        updated_at=at + timedelta(milliseconds=500),
        created_by_user_id=ACTING_USER,
    )


def _add_archive(world: World) -> None:
    for number in range(1, ARCHIVED_TASKS + 1):
        identifier = ids.encode(IdKind.TASK, FIRST_ARCHIVED_NUMBER + number, f"a{number:03d}")
        task = _evaluation(identifier, f"nightly-{number:03d}", ARCHIVE, _at(1, 11) + timedelta(hours=number))
        task.project_id = NIGHTLY_JOBS
        task.evaluators = _attached(RELEVANCE, "Relevance Eval")
        world.add(task)


def _add_tasks(world: World) -> None:
    chat_eu = _evaluation(CHAT_QUALITY_EU, "Chat Quality Monitor", DEMO_EU, _at(2, 19, 10))
    chat_eu.project_id, chat_eu.sampling_rate, chat_eu.is_continuous = CHAT_PROD_EU, 0.1, True
    chat_eu.evaluators = _attached(TOXICITY_EU, "Toxicity Eval")
    world.add(chat_eu)

    chat = _evaluation(CHAT_QUALITY, "Chat Quality Monitor", DEMO, _at(2, 20, 10))
    chat.project_id, chat.sampling_rate, chat.is_continuous = CHAT_PROD, 1, True
    chat.query_filter = "metadata.environment = 'production'"
    chat.evaluators = _attached(HALLUCINATION, "Hallucination Eval")
    world.add(chat)

    review = _evaluation(GOLDEN_REVIEW, "Golden Set Review", DEMO, _at(2, 21, 10))
    review.dataset_id, review.experiment_ids = GOLDEN_SET, (BASELINE,)
    review.evaluators = _attached(HALLUCINATION, "Hallucination Eval")
    world.add(review)

    checks = _evaluation(SUPPORT_CHECKS, "Support Answer Checks", DEMO, _at(2, 22, 10), vocabulary.CODE_EVALUATION)
    checks.project_id, checks.sampling_rate = SUPPORT_BOT, 0.5
    checks.evaluators = _attached(JSON_SHAPE, "JSON Shape")
    world.add(checks)

    nightly = _evaluation(NIGHTLY_SUMMARIES, "Nightly Summaries", DEMO, _at(2, 24, 10), vocabulary.RUN_EXPERIMENT)
    nightly.dataset_id = GOLDEN_SET
    nightly.run_configuration = {
        "experiment_type": vocabulary.LLM_GENERATION,
        "ai_integration_id": OPENAI_MAIN,
        "model_name": "gpt-4o",
        "messages": [
            {"role": vocabulary.SYSTEM_ROLE, "content": "Answer in one sentence."},
            {"role": vocabulary.USER_ROLE, "content": "{{input}}"},
        ],
        "input_variable_format": vocabulary.MUSTACHE,
    }
    world.add(nightly)


def _ended(identifier: str, task_id: str, status: str, created_at: datetime, counts: Counts) -> TaskRun:
    return TaskRun(
        id=identifier,
        task_id=task_id,
        status=status,
        created_at=created_at,
        created_by_user_id=ACTING_USER,
        run_started_at=created_at + timedelta(seconds=1),
        run_finished_at=created_at + timedelta(minutes=5, seconds=22),
        counts=counts,
    )


def _add_runs(world: World) -> None:
    chat = _ended(CHAT_QUALITY_RUN, CHAT_QUALITY, vocabulary.COMPLETED, _at(3, 1, 14, 30), Counts(4850, 12, 138))
    chat.data_start_time, chat.data_end_time = _at(2, 22, 14, 30), _at(3, 1, 14, 30)
    world.add(chat)

    cancelled = _ended(
        ids.encode(IdKind.TASK_RUN, 100, "cEuR"), CHAT_QUALITY_EU, vocabulary.CANCELLED, _at(3, 2), Counts()
    )
    cancelled.data_start_time, cancelled.data_end_time = _at(2, 23, 10), _at(3, 2)
    world.add(cancelled)

    failed = _ended(
        ids.encode(IdKind.TASK_RUN, 101, "fEuR"), CHAT_QUALITY_EU, vocabulary.FAILED, _at(3, 4), Counts(40, 60, 0)
    )
    failed.data_start_time, failed.data_end_time = _at(3, 2), _at(3, 4)
    world.add(failed)

    nightly = _ended(
        ids.encode(IdKind.TASK_RUN, 102, "nSuR"),
        NIGHTLY_SUMMARIES,
        vocabulary.COMPLETED,
        _at(3, 9, 2),
        Counts(119, 1, 0),
    )
    nightly.experiment_id = NIGHTLY_EXPERIMENT
    world.add(nightly)
