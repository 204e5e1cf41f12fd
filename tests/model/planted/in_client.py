"""Bugs to plant in the client."""

from __future__ import annotations

from .bug import PlantedBug

NAMES = (
    PlantedBug(
        "names-match-in-any-case",
        "names are matched exactly, case included",
        "resolution/lookup.py",
        "for item in items if item.name == name}",
        "for item in items if item.name.lower() == name.lower()}",
    ),
    PlantedBug(
        "first-of-several-is-taken",
        "a name that several resources have is an error",
        "resolution/lookup.py",
        "    if len(matches) <= 1:",
        "    if matches:",
    ),
    PlantedBug(
        "only-the-first-page-is-searched",
        "names are looked up over all pages",
        "resolution/lookup.py",
        "kind.wire_name))\n        return response\n",
        "kind.wire_name))\n        return None\n",
    ),
    PlantedBug(
        "default-space-is-forgotten",
        "names are looked up in the client's default space",
        "resolution/resolver.py",
        "    space = context.settings.space\n    if space is None or",
        "    space = None\n    if space is None or",
    ),
    PlantedBug(
        "renamed-task-is-remembered",
        "D25: a renamed resource is looked up again",
        "resources/tasks.py",
        "            context.names.invalidate(TASK.noun, ids=(task_id,), names=(name,))\n",
        "            context.names.invalidate(TASK.noun)\n",
    ),
    PlantedBug(
        "any-base64-is-an-id",
        "D1: what is no id is a name",
        "resolution/ids.py",
        'r"([A-Z][A-Za-z0-9]*):[0-9]+(?::.*)?"',
        'r"([^:]*):.*"',
    ),
    PlantedBug(
        "projects-are-of-any-kind",
        "D6: an id of another kind is refused before anything is sent",
        "resolution/ids.py",
        '    "Dataset": "dataset",\n',
        "",
    ),
    PlantedBug(
        "evaluator-by-name-and-by-id",
        "C7: an evaluator stands at most once in a list, however it is written",
        "inputs/evaluators.py",
        "        item.evaluator_id = evaluator_id\n    _refuse_duplicates(resolved)\n",
        "        item.evaluator_id = evaluator_id\n",
    ),
    PlantedBug(
        "evaluators-of-the-caller-are-changed",
        "arguments stay as they are",
        "inputs/evaluators.py",
        "resolved = [copy.copy(item) for item in evaluators]",
        "resolved = list(evaluators)",
    ),
)
BODIES = (
    PlantedBug(
        "null-leaves-the-filter-alone",
        "C16: None clears the filter",
        "resources/tasks.py",
        '            "query_filter": query_filter,\n',
        '            "query_filter": query_filter or UNSET,\n',
    ),
    PlantedBug(
        "rate-of-zero-is-not-sent",
        "what was given is sent",
        "resources/create_task.py",
        '            "sampling_rate": unset_if_none(sampling_rate),\n',
        '            "sampling_rate": sampling_rate or UNSET,\n',
    ),
    PlantedBug(
        "code-task-is-created-as-template-task",
        "the type that was asked for is created",
        "inputs/task_bodies.py",
        "template = task_type is models.TaskType.TEMPLATE_EVALUATION",
        "template = task_type in evaluation_types()",
    ),
    PlantedBug(
        "sources-are-mixed-up",
        "C19, C29, C30: what does not apply is refused before anything is written",
        "inputs/task_bodies.py",
        "excluded = ONLY_OVER_PROJECT if over_dataset else ONLY_OVER_DATASET",
        "excluded = ONLY_OVER_DATASET if over_dataset else ONLY_OVER_PROJECT",
    ),
    PlantedBug(
        "thirty-days-are-refused",
        "C26: exactly 30 days is allowed",
        "validation.py",
        "    if length > LONGEST_WINDOW:\n",
        "    if length >= LONGEST_WINDOW:\n",
    ),
)
PAGES_AND_WAITING = (
    PlantedBug(
        "next-page-is-the-first",
        "a page continues where the one before ended",
        "resources/tasks.py",
        "                cursor=at,\n",
        "                cursor=UNSET if cursor is None else cursor,\n",
    ),
    PlantedBug(
        "awaited-pages-end-too-early",
        "both clients give all pages",
        "pagination/page.py",
        "            while page is not None:\n",
        "            while page is not None and (page is self._first or page.next_cursor):\n",
    ),
    PlantedBug(
        "cancelled-runs-are-waited-for",
        "C34: completed, failed and cancelled runs have ended",
        "polling/outcome.py",
        "return status_of(run) in {None, models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING}",
        "return status_of(run) not in {models.TaskRunStatus.COMPLETED, models.TaskRunStatus.FAILED}",
    ),
    PlantedBug(
        "cancelled-run-is-no-failure",
        "raise_on_failure raises for cancelled runs",
        "polling/outcome.py",
        "if not raise_on_failure or run.status == models.TaskRunStatus.COMPLETED:",
        "if not raise_on_failure or run.status != models.TaskRunStatus.FAILED:",
    ),
)
FAILURES = (
    PlantedBug(
        "throttling-is-final",
        "D10: a 429 is tried again",
        "engine/retry.py",
        "    TOO_MANY_REQUESTS: FailureKind.NOT_SENT,\n",
        "    TOO_MANY_REQUESTS: FailureKind.FINAL,\n",
    ),
    PlantedBug(
        "lost-answer-is-sent-again",
        "D10, D11: a trigger whose answer was lost is not sent again",
        "engine/retry.py",
        "        return FailureKind.NOT_SENT if unsent else FailureKind.UNKNOWN\n",
        "        return FailureKind.NOT_SENT\n",
    ),
    PlantedBug(
        "gateway-error-means-not-done",
        "D10: a write behind a 502 may have been carried out",
        "engine/retry.py",
        "    BAD_GATEWAY: FailureKind.UNKNOWN,\n",
        "    BAD_GATEWAY: FailureKind.NOT_SENT,\n",
    ),
    PlantedBug(
        "lost-deletion-is-an-error",
        "D11: a deletion that happened is a success",
        "reconcile/tasks.py",
        "        except NotFoundError:\n            return Applied(None)\n",
        "        except NotFoundError:\n            return NotObserved()\n",
    ),
    PlantedBug(
        "namesake-passes-for-the-created-task",
        "D10: a task of the same name that was there before is not the one just created",
        "reconcile/tasks.py",
        "                if _is_since(task, earliest) and has_values(task, fields):\n",
        "                if task.name == self.body.name:\n",
    ),
    PlantedBug(
        "any-update-passes-for-ours",
        "D11: an update happened when the task has its values",
        "reconcile/tasks.py",
        "        if has_values(task, self.body.to_dict()):\n",
        "        if has_values(task, self.body.to_dict()) or task.updated_at > self.before.updated_at:\n",
    ),
)
ONCE = (
    PlantedBug(
        "failed-run-counts-as-done",
        "a run that failed is triggered again",
        "reconcile/run_states.py",
        "    return RunState.FAILED if run.status == models.TaskRunStatus.FAILED else RunState.CANCELLED\n",
        "    return RunState.DONE if run.status == models.TaskRunStatus.FAILED else RunState.CANCELLED\n",
    ),
    PlantedBug(
        "key-compares-only-the-start",
        "a run has the key if both its ends are less than a second away",
        "reconcile/run_search.py",
        "        return self.window is None or has_bounds(run, self.window)\n",
        "        return self.window is None or run.data_start_time == self.window[0]\n",
    ),
    PlantedBug(
        "older-run-passes-for-another-caller",
        "only runs since `since` count, after a trigger too",
        "reconcile/run_search.py",
        "        until = key.earliest if until is None else max(key.earliest, until)\n",
        "        until = key.earliest if until is None else until\n",
    ),
    PlantedBug(
        "empty-window-is-triggered-again",
        "windows that were empty are settled",
        "backfill/planner.py",
        "        if settled is None or (self._retry_failed and window not in self._tried):\n",
        "        if settled is None or ((self._retry_failed or settled.state is RunState.EMPTY) and window not in"
        " self._tried):\n",
    ),
    PlantedBug(
        "window-that-was-cut-short-counts-as-done",
        "a window whose run ended at its limit is halved, or reported",
        "backfill/history.py",
        "    return items is not None and (items >= max_spans or items == DEFAULT_MAX_SPANS)\n",
        "    return items is not None and items > max_spans\n",
    ),
)
IN_CLIENT = (*NAMES, *BODIES, *PAGES_AND_WAITING, *FAILURES, *ONCE)
