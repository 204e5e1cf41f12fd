"""Archives with one planted difference from the contract each, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from axtasks.conformance import FindingKind

from tests.archives import entry_of, in_body, in_task

if TYPE_CHECKING:
    from tests.archives import Change, Har


class Plant(NamedTuple):
    """A change of an archive, and the finding expected for it."""

    change: Change
    kind: FindingKind
    path: str
    example: str | None
    operation: str = "list_tasks"


def without(name: str) -> Change:
    return in_body("/tasks", lambda body: body["tasks"][0].pop(name))


def in_configuration(**fields: Any) -> Change:
    def change(body: Any) -> None:
        task = next(task for task in body["tasks"] if task.get("run_configuration"))
        task["run_configuration"].update(fields)

    return in_body("/tasks", change)


def in_evaluator(**fields: Any) -> Change:
    def change(body: Any) -> None:
        next(task for task in body["tasks"] if task["evaluators"])["evaluators"][0].update(fields)

    return in_body("/tasks", change)


def answered(path: str, **response: Any) -> Change:
    return lambda har: entry_of(har, path)["response"].update(response)


def asked(method: str, path: str) -> Change:
    def change(har: Har) -> None:
        entry_of(har, "/spaces")["request"].update(method=method, url=f"http://mock.invalid{path}")

    return change


def content(text: str, media_type: str = "application/json") -> Har:
    return {"size": len(text), "mimeType": media_type, "text": text}


TASK, CONFIGURATION = "$.tasks[*]", "$.tasks[*].run_configuration"
PLANTS = {
    "a new field": Plant(in_task(owner="ada"), FindingKind.UNKNOWN_FIELD, f"{TASK}.owner", "ada"),
    "a new object": Plant(
        in_task(owner={"id": 1, "tags": ["x", None]}), FindingKind.UNKNOWN_FIELD, f"{TASK}.owner", "an object of 2"
    ),
    "a field with an odd name": Plant(
        in_task(**{"it's new": 1}), FindingKind.UNKNOWN_FIELD, f"{TASK}['it\\'s new']", "1"
    ),
    "a field less": Plant(without("created_at"), FindingKind.MISSING_FIELD, f"{TASK}.created_at", None),
    "a new value": Plant(in_task(type="dream"), FindingKind.UNKNOWN_VALUE, f"{TASK}.type", "dream"),
    "another type": Plant(in_task(name=7), FindingKind.WRONG_TYPE, f"{TASK}.name", "7"),
    "a type more": Plant(in_task(project_id=["a"]), FindingKind.WRONG_TYPE, f"{TASK}.project_id", "a list of 1"),
    "null": Plant(in_task(is_continuous=None), FindingKind.WRONG_TYPE, f"{TASK}.is_continuous", "null"),
    "a number for a word": Plant(in_task(type=3), FindingKind.WRONG_TYPE, f"{TASK}.type", "3"),
    "a text for an object": Plant(in_task(run_configuration="x"), FindingKind.WRONG_TYPE, CONFIGURATION, "x"),
    "a new variant": Plant(
        in_configuration(experiment_type="dream_up"),
        FindingKind.UNKNOWN_VARIANT,
        f"{CONFIGURATION}.experiment_type",
        "dream_up",
    ),
    "a number for the tag of a variant": Plant(
        in_configuration(experiment_type=3), FindingKind.WRONG_TYPE, f"{CONFIGURATION}.experiment_type", "3"
    ),
    "a new field in a variant": Plant(
        in_configuration(dreams=True), FindingKind.UNKNOWN_FIELD, f"{CONFIGURATION}.dreams", "true"
    ),
    "a value of another type in a map": Plant(
        in_evaluator(column_mappings={"input": 5}),
        FindingKind.WRONG_TYPE,
        f"{TASK}.evaluators[*].column_mappings.*",
        "5",
    ),
    "a status": Plant(
        answered("/spaces", status=418, content=content("{}", "application/problem+json")),
        FindingKind.STATUS,
        "",
        "418",
        "list_spaces",
    ),
    "a media type": Plant(
        answered("/spaces", content=content("<p>", "text/html; charset=utf-8")),
        FindingKind.MEDIA_TYPE,
        "",
        "text/html",
        "list_spaces",
    ),
    "no JSON": Plant(answered("/spaces", content=content("{")), FindingKind.WRONG_BODY, "$", None, "list_spaces"),
    "no body": Plant(answered("/spaces", content=content("")), FindingKind.WRONG_BODY, "$", None, "list_spaces"),
    "an unknown path": Plant(
        asked("GET", "/v2/dreams/RHJlYW06MQ=="), FindingKind.OPERATION, "", None, "GET /v2/dreams/RHJlYW06MQ=="
    ),
    "an unknown method": Plant(
        asked("PUT", "/v2/spaces/U3BhY2U6MQ=="), FindingKind.OPERATION, "", None, "PUT /v2/spaces/U3BhY2U6MQ=="
    ),
}
