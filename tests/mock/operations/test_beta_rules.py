"""Every rule that only the beta contract has, by its id: refusals with their status, and accepted requests."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from axtasks.mock import default_world as known
from axtasks.mock import load_world
from axtasks.mock.world.model import AiIntegration

from tests.conftest import BETA
from tests.mock.cases import Case, Cases
from tests.mock.support import (
    ABSENT,
    DATASET_TASK,
    EXPERIMENT_TASK,
    MALFORMED_ID,
    NOW,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_ID,
    Api,
    Json,
    run_path,
    task_path,
)

pytestmark = pytest.mark.one_contract(BETA)

CASES = Cases()
create, update, trigger, refused, behaviour = (
    CASES.create,
    CASES.update,
    CASES.trigger,
    CASES.refused,
    CASES.behaviour,
)

CHAT = task_path(known.CHAT_QUALITY)
NIGHTLY = task_path(known.NIGHTLY_SUMMARIES)
UNKNOWN_EVALUATOR = "RXZhbHVhdG9yOjk5OmFCY0Q="  # Evaluator:99:aBcD
UNKNOWN_INTEGRATION = "TGxtSW50ZWdyYXRpb246OTk6YUJjRA=="  # LlmIntegration:99:aBcD


def mapping(*query_ids: str, **changes: Json) -> dict[str, Json]:
    """Return an evaluator whose only variable is mapped to these filters."""
    mappings = [{"variable_name": "input", "query_ids": [*query_ids], "attribute_path": "attributes.input.value"}]
    return {"evaluator_id": known.HALLUCINATION, "query_mappings": mappings, **changes}


def filters(*ids: str, **more: Json) -> dict[str, Json]:
    """Return named filters."""
    return {"filters": [{"id": each, "filter": f"name = '{each}'"} for each in ids], **more}


def traced(query_filters: Json, *evaluators: Json) -> dict[str, Json]:
    """Return a task with named filters."""
    return {**PROJECT_TASK, "query_filters": query_filters, "evaluators": list(evaluators) or [mapping()]}


def calling(integration_id: str) -> dict[str, Json]:
    """Return a task that calls an agent."""
    configuration = {
        "experiment_type": "agent_call",
        "integration_id": integration_id,
        "input_template": {"q": "{{q}}"},
    }
    return {**EXPERIMENT_TASK, "run_configuration": configuration}


def pinned(version_id: str) -> dict[str, Json]:
    """Return a task whose evaluator is pinned to a version."""
    evaluator = {"evaluator_id": known.HALLUCINATION, "evaluator_version_id": version_id}
    return {**PROJECT_TASK, "evaluators": [evaluator]}


def as_sent(api: Api, method: str, path: str, body: Json) -> Json:
    """Return the problem for a body that is sent unchanged."""
    reply = api.send_bytes(method, path, body.encode(), headers=_JSON)
    assert reply.status == 400
    return reply.wire


_JSON = (("Authorization", "Bearer some-key"), ("Content-Type", "application/json"))


@behaviour("B1-values are answered in upper case")
def _(api: Api) -> None:
    task, run = api.get(NIGHTLY).wire, api.post(f"{NIGHTLY}/trigger", {"experiment_name": "x"}).wire

    assert (task["type"], run["status"]) == ("RUN_EXPERIMENT", "PENDING")
    configuration = task["run_configuration"]
    assert configuration["experiment_type"] == "LLM_GENERATION"
    assert [each["role"] for each in configuration["messages"]] == ["SYSTEM", "USER"]
    assert configuration["input_variable_format"] == "MUSTACHE"
    assert "which is PENDING, is" in api.post(f"{NIGHTLY}/trigger", {"experiment_name": "x"}).wire["detail"]


@behaviour("B1-the documents' spelling is refused in a body")
def _(api: Api) -> None:
    problem = as_sent(api, "POST", TASKS, '{"name": "x", "type": "run_experiment"}')

    assert problem["detail"].startswith("type has to be one of TEMPLATE_EVALUATION, CODE_EVALUATION, RUN_EXPERIMENT")


@behaviour("B1-the documents' spelling is refused inside a run configuration")
def _(api: Api) -> None:
    body = '{"run_configuration": {"experiment_type": "llm_generation", "ai_integration_id": "x", "messages": []}}'

    problem = as_sent(api, "PATCH", NIGHTLY, body)

    expected = "experiment_type has to be one of LLM_GENERATION, TEMPLATE_EVALUATION, AGENT_CALL"
    assert problem["detail"] == f"run_configuration.{expected}"


@behaviour("B1-the documents' spelling is refused in a query")
def _(api: Api) -> None:
    reply = api.send_bytes("GET", TASKS, query="type=run_experiment")

    assert (reply.status, reply.wire["error_code"]) == (400, "INVALID_REQUEST")


@behaviour("B1-words that stand elsewhere are left alone")
def _(api: Api) -> None:
    task = api.created({**PROJECT_TASK, "name": "run_experiment", "query_filter": "pending"})

    assert (task["name"], task["query_filter"]) == ("run_experiment", "pending")


@behaviour("B2-a run that completed has no reason")
def _(api: Api) -> None:
    run = api.triggered(known.GOLDEN_REVIEW)
    assert run["failure_reason"] is None
    api.mock.clock.advance(10)

    assert (api.run(run["id"])["status"], api.run(run["id"])["failure_reason"]) == ("completed", None)


@behaviour("B2-a run that was cancelled on request says so")
def _(api: Api) -> None:
    run = api.triggered(known.GOLDEN_REVIEW)

    assert "on request" in api.post(run_path(run["id"], "cancel")).json["failure_reason"]


@behaviour("B2-a run that had nothing to do says why")
def _(api: Api) -> None:
    for window, reason in ((("2026-03-20", "2026-03-21"), "No data"), (("2026-03-01", "2026-03-07"), None)):
        body = {f"data_{name}_time": f"{day}T00:00:00Z" for name, day in zip(("start", "end"), window, strict=True)}
        for again in (reason, reason or "override_evaluations"):
            run = api.triggered(known.CHAT_QUALITY, body)
            api.mock.clock.advance(10)
            found = api.run(run["id"])["failure_reason"]
            assert found is None if again is None else again in found


@behaviour("B2-an experiment that had nothing to run says why")
def _(api: Api) -> None:
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "empty", "example_ids": ["nowhere"]})
    api.mock.clock.advance(10)

    assert "no examples" in api.run(run["id"])["failure_reason"]


@behaviour("B2-an experiment whose integration cannot be used says so")
def _(api: Api) -> None:
    world = api.mock.state.world
    used = world.ai_integrations.remove(known.OPENAI_MAIN)
    assert isinstance(used, AiIntegration)
    world.add(replace(used, is_usable=False))
    run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "locked out"})
    api.mock.clock.advance(10)

    assert "credentials" in api.run(run["id"])["failure_reason"]


@behaviour("B2-a run that failed says why")
def _(api: Api) -> None:
    api.send("PUT", "/__mock/lifecycle", {"default": "immediate failed"})
    run = api.triggered(known.GOLDEN_REVIEW)

    assert "broke" in api.run(run["id"])["failure_reason"]


for name, scope in (
    ("spaces", "org_id"),
    ("projects", "space_id"),
    ("datasets", "space_id"),
    ("experiments", "dataset_id"),
    ("experiments", "space_id"),
    ("evaluators", "space_id"),
):

    @behaviour(f"B3-{name} of a {scope} that is not there")
    def _(api: Api, name: str = name, scope: str = scope) -> None:
        reply = api.get(f"/v2/{name}", **{scope: UNKNOWN_ID})

        assert (reply.status, scope in reply.detail) == (404, True)
        assert api.get(f"/v2/{name}", **{scope: MALFORMED_ID}).status == 400


@behaviour("B3-an organization that no space belongs to")
def _(api: Api) -> None:
    for number in (11111, 99999):
        identifier = base64.b64encode(f"Organization:{number}".encode()).decode()
        assert api.get("/v2/spaces", org_id=identifier).status == 404


@behaviour("B3-a scope that is there")
def _(api: Api) -> None:
    assert len(api.get("/v2/spaces", org_id=known.ORGANIZATION).json["spaces"]) == 5
    assert api.get("/v2/projects", space_id=known.SANDBOXES[0]).status == 200


@behaviour("B4-experiments of a space")
def _(api: Api) -> None:
    found = api.get("/v2/experiments", space_id=known.DEMO).json["experiments"]

    assert {each["space_id"] for each in found} == {known.DEMO}
    assert api.get("/v2/experiments", space_id=known.DEMO_EU).json["experiments"] == []


@behaviour("B4-experiments of a space and a dataset")
def _(api: Api) -> None:
    reply = api.get("/v2/experiments", space_id=known.DEMO, dataset_id=known.GOLDEN_SET)

    assert (reply.status, "exclude each other" in reply.detail) == (400, True)


@behaviour("B4-an experiment without a dataset")
def _(api: Api) -> None:
    api.mock.replace_world(load_world("spaces: [{name: s}]\nexperiments: [{name: loose}]\n", start=NOW))

    (found,) = api.get("/v2/experiments").json["experiments"]

    assert (found["dataset_id"], found["dataset_version_id"], found["integration_id"]) == (None, None, None)
    assert api.get(f"/v2/experiments/{found['id']}").json == found


create("B5-malformed integration", calling(MALFORMED_ID), 400, "run_configuration.integration_id")
create("B5-unknown integration", calling(UNKNOWN_INTEGRATION), 404, "run_configuration.integration_id")
create("B5-integration of a model", calling(known.OPENAI_MAIN), 422, "run_configuration.integration_id", "an agent")
create("B5-no integration", calling(known.GOLDEN_SET), 422, "run_configuration.integration_id", "dataset")
create(
    "B5-integration of an agent for a generation",
    {
        **EXPERIMENT_TASK,
        "run_configuration": {**EXPERIMENT_TASK["run_configuration"], "ai_integration_id": known.SUPPORT_AGENT},
    },
    422,
    "run_configuration.ai_integration_id",
    "not of an agent",
)
update(
    "B5-integration of a model on update",
    NIGHTLY,
    {"run_configuration": calling(known.OPENAI_MAIN)["run_configuration"]},
    422,
    "an agent",
)
create(
    "B5-no input template",
    {**EXPERIMENT_TASK, "run_configuration": {"experiment_type": "agent_call", "integration_id": known.SUPPORT_AGENT}},
    400,
    "run_configuration.input_template is required",
)


@behaviour("B5-an agent is called, and its experiment says whose it is")
def _(api: Api) -> None:
    task = api.created(calling(known.SUPPORT_AGENT))
    assert task["run_configuration"] == calling(known.SUPPORT_AGENT)["run_configuration"]

    run = api.triggered(task["id"], {"experiment_name": "agent"})
    api.mock.clock.advance(10)

    experiment = api.get(f"/v2/experiments/{api.run(run['id'])['experiment_id']}").json
    assert (experiment["integration_id"], experiment["space_id"]) == (known.SUPPORT_AGENT, known.DEMO)


create("B6-no filters", traced({"filters": []}), 400, "query_filters.filters needs at least 1")
create("B6-six filters", traced(filters(*"ABCDEA", expression="A")), 400, "query_filters.filters")
create("B6-an id beyond E", traced(filters("F")), 400, "query_filters.filters[0].id")
create("B6-two filters without an expression", traced(filters("A", "B")), 400, "query_filters.expression is required")
create("B6-a filter of 2001 characters", traced({"filters": [{"id": "A", "filter": "x" * 2001}]}), 400, "2000")
create("B6-an expression of 513 characters", traced(filters("A", expression="A" * 513)), 400, "512")
create("B6-an id twice", traced(filters("A", "A", expression="A")), 422, "query_filters.filters[1].id", "already")
for expression, why in (
    ("A AND C", "the task has no filter C, only A, B"),
    ("A B", "B is one too many"),
    ("A AND", "missing at its end"),
    ("(A OR B", "not closed"),
    ("A && B", "& is one too many"),
    ("(A B)", "B is one too many"),
    ("(A (B))", "( is one too many"),
    ("()", "something is missing before )"),
    ("and A", "something is missing before and"),
    ("", "missing at its end"),
):
    create(f"B6-the expression {expression!r}", traced(filters("A", "B", expression=expression)), 422, why)
create(
    "B6-an expression of nothing but 512 parentheses",
    traced(filters("A", expression="(" * 512)),
    422,
    "missing at its end",
)


@behaviour("B6-filters are kept as given")
def _(api: Api) -> None:
    given = filters(*"ABCDE", expression="(A and not B) OR C AND NOT (D OR E)")

    assert api.created(traced(given))["query_filters"] == given


@behaviour("B6-a single filter is its own expression")
def _(api: Api) -> None:
    assert api.created(traced(filters("C")))["query_filters"] == filters("C", expression="C")


@behaviour("B6-filters are replaced and cleared")
def _(api: Api) -> None:
    path = task_path(api.created(traced(filters("A")))["id"])

    assert api.patch(path, {"query_filters": filters("B")}).json["query_filters"] == filters("B", expression="B")
    plain = api.patch(path, {"query_filters": None, "evaluators": [{"evaluator_id": known.RELEVANCE}]}).json
    assert (plain["query_filters"], plain["evaluators"][0]["query_mappings"]) == (None, None)


create("B7-both kinds of filters", {**traced(filters("A")), "query_filter": "x"}, 400, "exclude each other")
update(
    "B7-filters over a stored filter", CHAT, {"query_filters": filters("A"), "evaluators": [mapping()]}, 400, "exclude"
)
update(
    "B7-both kinds on update",
    CHAT,
    {"query_filters": filters("A"), "evaluators": [mapping()], "query_filter": "x"},
    400,
    "exclude each other",
)


@behaviour("B7-a filter gives way to filters when it is cleared")
def _(api: Api) -> None:
    body = {"query_filter": None, "query_filters": filters("A"), "evaluators": [mapping("A")]}

    task = api.patch(CHAT, body).json

    assert (task["query_filter"], task["query_filters"]) == (None, filters("A", expression="A"))
    assert task["evaluators"][0]["query_mappings"] == mapping("A")["query_mappings"]
    assert api.patch(CHAT, {"query_filter": "x"}).status == 400


create("B8-mappings without filters", {**PROJECT_TASK, "evaluators": [mapping()]}, 400, "without query_filters")
create("B8-filters without mappings", traced(filters("A"), PROJECT_TASK["evaluators"][0]), 400, "is required")
create(
    "B8-some without mappings", traced(filters("A"), mapping(), {"evaluator_id": known.RELEVANCE}), 400, "evaluators[1]"
)
create("B8-mappings and a filter", traced(filters("A"), mapping(query_filter="x")), 400, "excludes query_filter")
create(
    "B8-mappings and columns",
    traced(filters("A"), mapping(column_mappings={"a": "b"})),
    400,
    "excludes column_mappings",
)
create("B8-no mapping at all", traced(filters("A"), mapping(query_mappings=[])), 400, "query_mappings")
update("B8-mappings for a task without filters", CHAT, {"evaluators": [mapping()]}, 400, "without query_filters")
update(
    "B8-filters for a task without mappings",
    CHAT,
    {"query_filters": filters("A"), "query_filter": None},
    400,
    "required",
)
update(
    "B8-mappings for a task without filters, of an evaluator that is not there",
    CHAT,
    {"evaluators": [mapping(evaluator_id=UNKNOWN_EVALUATOR)]},
    400,
    "without query_filters",
)


@behaviour("B8-what is null is not there")
def _(api: Api) -> None:
    nulls = {"query_filter": None, "column_mappings": None, "evaluator_version_id": None}

    (evaluator,) = api.created(traced(filters("A"), mapping(**nulls)))["evaluators"]

    assert evaluator == {**mapping(**nulls), "evaluator_name": "Hallucination Eval"}


create(
    "B9-a filter that is not there", traced(filters("A"), mapping("A", "B")), 422, "the task has no filter B, only A"
)
create("B9-no letter", traced(filters("A"), mapping("a")), 400, "query_ids[0]")


@behaviour("B9-filters that are taken away")
def _(api: Api) -> None:
    path = task_path(api.created(traced(filters("A"), mapping("A")))["id"])

    reply = api.patch(path, {"query_filters": filters("B")})

    assert (reply.status, "the task has no filter A" in reply.detail) == (422, True)


create(
    "B10-a version of another evaluator", pinned(known.RELEVANCE_VERSION), 422, "evaluator_version_id", "Hallucination"
)
create("B10-malformed version", pinned(MALFORMED_ID), 400, "evaluators[0].evaluator_version_id")
create("B10-no version", pinned(known.RELEVANCE), 422, "evaluators[0].evaluator_version_id")


@behaviour("B10-a version, and the latest")
def _(api: Api) -> None:
    task = api.created(pinned(known.HALLUCINATION_VERSION))
    assert task["evaluators"][0]["evaluator_version_id"] == known.HALLUCINATION_VERSION

    latest = api.patch(task_path(task["id"]), {"evaluators": [{"evaluator_id": known.HALLUCINATION}]}).json
    assert latest["evaluators"][0]["evaluator_version_id"] is None


SCOPES = """
spaces: [{name: s}]
projects: [{name: p}]
evaluators:
  - {name: of spans, data_scope: span}
  - {name: of traces, data_scope: trace}
  - {name: of sessions, data_scope: session}
  - {name: of any}
  - {name: one, type: code}
  - {name: two, type: code}
"""


def small(api: Api) -> tuple[dict[str, Json], dict[str, str]]:
    """Return a task to create in a small world, and the ids of its evaluators by name."""
    api.mock.replace_world(load_world(SCOPES, start=NOW))
    (project,) = api.get("/v2/projects").json["projects"]
    evaluators = {each["name"]: each["id"] for each in api.get("/v2/evaluators").json["evaluators"]}
    return {**PROJECT_TASK, "project_id": project["id"]}, evaluators


for names, status in (
    (["of traces"], 201),
    (["of traces", "of any"], 201),
    (["of traces", "of sessions"], 422),
    (["of spans"], 422),
):

    @behaviour(f"B11-mappings for evaluators {' and '.join(names)}")
    def _(api: Api, names: list[str] = names, status: int = status) -> None:
        body, evaluators = small(api)
        given = [mapping(evaluator_id=evaluators[name]) for name in names]

        assert api.post(TASKS, {**body, "query_filters": filters("A"), "evaluators": given}).status == status


for names, status in ((["of spans", "of any"], 201), (["of traces"], 422), (["of spans", "of traces"], 422)):

    @behaviour(f"B11-no mappings for evaluators {' and '.join(names)}")
    def _(api: Api, names: list[str] = names, status: int = status) -> None:
        body, evaluators = small(api)

        reply = api.post(TASKS, {**body, "evaluators": [{"evaluator_id": evaluators[name]} for name in names]})

        assert reply.status == status


@behaviour("B12-two evaluators of custom code")
def _(api: Api) -> None:
    body, evaluators = small(api)
    two = [{"evaluator_id": evaluators[name]} for name in ("one", "two")]

    reply = api.post(TASKS, {**body, "type": "code_evaluation", "evaluators": two})
    assert (reply.status, "at most one" in reply.detail) == (422, True)

    task = api.created({**body, "type": "code_evaluation", "evaluators": two[:1]})
    assert api.patch(task_path(task["id"]), {"evaluators": two}).status == 422


trigger("B13-a quote in the name", NIGHTLY, {"experiment_name": 'a "b"'}, 400, "experiment_name")
trigger("B13-a backslash in the name", NIGHTLY, {"experiment_name": "a\\b"}, 400, "experiment_name")
trigger("B13-a name of 256 characters", NIGHTLY, {"experiment_name": "x" * 256}, 400, "experiment_name", "255")
trigger("B13-no name", NIGHTLY, {"experiment_name": ""}, 400, "experiment_name needs at least 1")
trigger("B13-a filter that is no text", NIGHTLY, {"experiment_name": "x", "query_filter": None}, 400, "query_filter")


@behaviour("B13-a long name and a filter")
def _(api: Api) -> None:
    assert api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x" * 255, "query_filter": "a = 1"})


for method, path, body, status, code in (
    ("POST", TASKS, {}, 400, "INVALID_REQUEST"),
    ("GET", task_path(MALFORMED_ID), ABSENT, 400, "MALFORMED_IDENTIFIER"),
    ("POST", TASKS, {**PROJECT_TASK, "project_id": MALFORMED_ID}, 400, "MALFORMED_IDENTIFIER"),
    ("PATCH", CHAT, {"run_configuration": {}}, 400, "FIELD_NOT_APPLICABLE"),
    ("POST", f"{task_path(known.GOLDEN_REVIEW)}/trigger", {"data_end_time": "x"}, 400, "FIELD_NOT_APPLICABLE"),
    ("POST", run_path(known.CHAT_QUALITY_RUN, "cancel"), ABSENT, 400, "RUN_ENDED"),
    ("GET", task_path(UNKNOWN_ID), ABSENT, 404, "RESOURCE_NOT_FOUND"),
    ("GET", "/v2/nothing", ABSENT, 404, "OPERATION_NOT_FOUND"),
    ("PUT", TASKS, ABSENT, 405, "METHOD_NOT_ALLOWED"),
    ("PATCH", CHAT, {"name": "Golden Set Review"}, 422, "NAME_TAKEN"),
    ("POST", f"{CHAT}/trigger", {"data_start_time": "x"}, 422, "UNPROCESSABLE_ENTITY"),
):

    @behaviour(f"B14-{method} {path.partition('/v2/')[2].partition('/')[0]} is {code}")
    def _(  # noqa: PLR0917  # one argument for each part of a case
        api: Api, method: str = method, path: str = path, body: Json = body, status: int = status, code: str = code
    ) -> None:
        reply = api.send(method, path, body)

        assert (reply.status, reply.wire["error_code"]) == (status, code)


@behaviour("B15-what spaces say")
def _(api: Api) -> None:
    space = api.get(f"/v2/spaces/{known.DEMO}").json

    assert (space["organization_id"], space["is_private"]) == (known.ORGANIZATION, False)


@behaviour("B15-evaluators of further types")
def _(api: Api) -> None:
    found = api.get("/v2/evaluators", space_id=known.DEMO).wire["evaluators"]

    assert [each["type"] for each in found] == ["REMOTE", "HARNESS", "CODE", "TEMPLATE", "TEMPLATE"]
    assert api.get(f"/v2/evaluators/{known.ACCEPTANCE}").wire["type"] == "HARNESS"


@behaviour("B15-evaluators of further types are not for tasks")
def _(api: Api) -> None:
    reply = api.post(TASKS, {**DATASET_TASK, "evaluators": [{"evaluator_id": known.REMOTE_JUDGE}]})

    assert (reply.status, reply.wire["detail"].partition(": ")[2]) == (
        422,
        '"Remote Judge" is a REMOTE evaluator, but TEMPLATE_EVALUATION tasks take TEMPLATE evaluators',
    )


AGENT_TASK = {
    **EXPERIMENT_TASK,
    "run_configuration": {
        "experiment_type": "agent_call",
        "integration_id": known.SUPPORT_AGENT,
        "input_template": {"q": "{{ dataset.input }} {{output}}", "more": [{"deep": "{{dataset.a b}}"}, 5]},
    },
}


@behaviour("B17-a template that names the dataset")
def _(api: Api) -> None:
    created = api.post(TASKS, AGENT_TASK)

    expected = {"q": "{{input }} {{output}}", "more": [{"deep": "{{a b}}"}, 5]}
    assert (created.status, created.json["run_configuration"]["input_template"]) == (201, expected)


@behaviour("B18-a parameter that the contract lacks")
def _(api: Api) -> None:
    configuration = {**EXPERIMENT_TASK["run_configuration"], "invocation_parameters": {"seed": 1}}

    reply = api.post(TASKS, {**EXPERIMENT_TASK, "run_configuration": configuration})

    assert (reply.status, "seed" in reply.detail) == (400, True)


@behaviour("B19-create")
def _(api: Api) -> None:
    reply = api.post(TASKS, {**PROJECT_TASK, "name": "Golden Set Review"})

    assert (reply.status, reply.wire["error_code"]) == (422, "NAME_TAKEN")


@behaviour("B20-an evaluator in one of its versions")
def _(api: Api) -> None:
    path = f"/v2/evaluators/{known.HALLUCINATION}"
    versions = [each["id"] for each in api.get(f"{path}/versions").json["evaluator_versions"]]

    assert versions == [known.HALLUCINATION_VERSION, known.EARLIER_HALLUCINATION_VERSION]
    assert api.get(path).json["version"]["id"] == versions[0]
    assert [api.get(path, version_id=each).json["version"]["id"] for each in versions] == versions
    assert [api.get(f"/v2/evaluator-versions/{each}").json["id"] for each in versions] == versions
    assert "version" not in api.get("/v2/evaluators").json["evaluators"][0]
    assert api.get(path, version_id=known.RELEVANCE_VERSION).status == 404


@behaviour("B20-a prompt in one of its versions")
def _(api: Api) -> None:
    path = f"/v2/prompts/{known.SUMMARIZE}"
    earlier, latest = known.SUMMARIZE_VERSIONS

    assert "version" not in api.get("/v2/prompts").json["prompts"][0]
    assert [each["id"] for each in api.get(f"{path}/versions").json["prompt_versions"]] == [latest, earlier]
    assert api.get(f"/v2/prompt-versions/{earlier}").json["prompt_id"] == known.SUMMARIZE
    assert api.get(path).json["version"]["id"] == api.get(path, label="production").json["version"]["id"] == latest
    assert api.get(path, version_id=earlier).json["version"]["labels"] == []
    assert api.get(path, version_id=earlier, label="production").detail == (
        f"prompt {known.SUMMARIZE} has no version with version_id {earlier} and label production"
    )


@behaviour("B21-an agent is no model")
def _(api: Api) -> None:
    models = {each["id"] for each in api.get("/v2/ai-integrations").json["ai_integrations"]}
    agents = [each["id"] for each in api.get("/v2/integrations", type="agent").json["integrations"]]

    assert models == {known.OPENAI_MAIN, known.ANTHROPIC_SPARE}
    assert agents == [known.SUPPORT_AGENT]
    assert api.get(f"/v2/integrations/{known.OPENAI_MAIN}").json["type"] == "llm"
    assert api.get(f"/v2/ai-integrations/{known.SUPPORT_AGENT}").status == 404


@behaviour("B22-projects by kind")
def _(api: Api) -> None:
    found = {kind: api.get("/v2/projects", project_type=kind).wire["projects"] for kind in ("APPLICATION", "HARNESS")}

    assert ({each["project_type"] for each in found["APPLICATION"]}, found["HARNESS"]) == ({"APPLICATION"}, [])


@pytest.mark.parametrize("case", CASES.parameters())
def test_rule(api: Api, case: Case) -> None:
    """A rule of the beta contract holds; the id of the test case has the rule's id."""
    case.play(api)
