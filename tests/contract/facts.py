"""The facts of the documents, as tables that `spec/openapi.yaml` is compared with.

The tables are written from the documents, never from the spec, so that a slip in the spec cannot hide in its own test.
They depart from the documents only where `docs/explanation/decisions.md` says so:

- create and update may also answer 409 (J1), every operation 405, and those with a body 413 and 415 (J33);
- `input_variable_format` may be left out (I2), and the optional fields of an evaluator may be null (J16);
- `experiment_name` has at least one character (J22), and an update at least one field (C14);
- responses take fields that the contract does not know, so what a request and a response share stands twice (I16).

A field is written `name: type`, an optional one `name?: type`, followed by the JSON Schema keywords that limit it.
Types are `string`, `date-time` (a string of that format), `Task` (another schema), `Task[]` (an array), `map<string>`
(an object with such values), `object` (a free one), `any` and `const:user` (that one value); `|null` stands behind what
may be null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

Limits: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a schema, or one parameter; `limits` holds JSON Schema keywords."""

    name: str
    type: str
    required: bool
    limits: Limits


@dataclass(frozen=True, slots=True)
class Schema:
    """One object schema. `extra` is True if it takes properties that it does not name."""

    name: str
    fields: tuple[Field, ...]
    extra: bool
    limits: Limits = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Union:
    """One choice between schemas; `tags` maps the discriminator's values, where there is a discriminator."""

    name: str
    keyword: str
    members: tuple[str, ...]
    discriminator: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    tag: str
    request: str | None
    request_required: bool
    success: int
    response: str | None
    errors: tuple[int, ...]
    parameters: tuple[tuple[str, Field], ...]
    """Each with its place, `path` or `query`."""


def _field(line: str) -> Field:
    name, type_, *limits = line.split()
    pairs = (limit.split("=", 1) for limit in limits)
    name = name.removesuffix(":")
    required = not name.endswith("?")
    return Field(name.removesuffix("?"), type_, required, MappingProxyType({k: json.loads(v) for k, v in pairs}))


def _fields(text: str) -> tuple[Field, ...]:
    return tuple(_field(line) for line in text.strip().splitlines())


def _request(name: str, text: str, **limits: int) -> Schema:
    return Schema(name, _fields(text), extra=False, limits=MappingProxyType(limits))


def _response(name: str, text: str) -> Schema:
    return Schema(name, _fields(text), extra=True)


# --- enums -----------------------------------------------------------------------------------------------------------

ENUMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "TaskType": ("template_evaluation", "code_evaluation", "run_experiment"),
        "TaskRunStatus": ("pending", "running", "completed", "failed", "cancelled"),
        "MessageRole": ("user", "assistant", "system", "tool"),
        "InputVariableFormat": ("f_string", "mustache", "none"),
        "ToolCallType": ("function",),
        "ResponseFormatType": ("text", "json_object", "json_schema"),
        "EvaluatorType": ("template", "code"),
    }
)

# --- request schemas: strict -----------------------------------------------------------------------------------------

_CREATE_EVALUATION = """
    name:             string                 minLength=1
    type:             const:{type}           default="{type}"
    evaluators:       TaskEvaluatorInput[]   minItems=1
    project_id?:      string
    dataset_id?:      string
    experiment_ids?:  string[]
    sampling_rate?:   number                 minimum=0 maximum=1
    is_continuous?:   boolean
    query_filter?:    string
"""

# What a request and a response hold alike. The stored twin has another name, refers to other twins, and takes more.
_SHARED = (
    _request(
        "LlmGenerationRunConfig",
        """
        experiment_type:         const:llm_generation   default="llm_generation"
        ai_integration_id:       string
        model_name?:             string
        messages:                LLMMessage[]           minItems=1
        input_variable_format?:  InputVariableFormat
        invocation_parameters?:  InvocationParams
        provider_parameters?:    object                 default={}
        tool_config?:            ToolConfig
        prompt_version_id?:      string|null
        """,
    ),
    _request(
        "TemplateEvaluationRunConfig",
        """
        experiment_type:          const:template_evaluation   default="template_evaluation"
        ai_integration_id:        string
        model_name?:              string
        template:                 string                      minLength=1
        provide_explanation:      boolean
        classification_choices?:  map<number>
        column_mapping?:          map<string>
        evaluator_version_id?:    string|null
        invocation_parameters?:   InvocationParams
        provider_parameters?:     object                      default={}
        """,
    ),
    _request(
        "LLMMessage",
        """
        role:           MessageRole
        content?:       string|null
        tool_call_id?:  string
        tool_calls?:    ToolCall[]
        """,
    ),
    _request(
        "ToolCall",
        """
        id?:       string
        type:      ToolCallType
        function:  ToolCallFunction
        """,
    ),
    _request(
        "ToolCallFunction",
        """
        name:       string
        arguments:  string
        """,
    ),
    _request(
        "ToolConfig",
        """
        tools?:        object[]
        tool_choice?:  any
        """,
    ),
    _response(
        "InvocationParams",
        """
        temperature?:            number
        top_p?:                  number
        frequency_penalty?:      number
        presence_penalty?:       number
        max_tokens?:             integer
        max_completion_tokens?:  integer
        top_k?:                  integer
        thinking_budget?:        integer
        stop?:                   string[]
        response_format?:        ResponseFormat
        tool_config?:            ToolConfig
        thinking_level?:         string
        reasoning_effort?:       string
        verbosity?:              string
        """,
    ),
    _request(
        "ResponseFormat",
        """
        type?:         ResponseFormatType         default="text"
        json_schema?:  ResponseFormatJsonSchema
        """,
    ),
    _request(
        "ResponseFormatJsonSchema",
        """
        name?:         string
        description?:  string
        schema?:       object
        strict?:       boolean   default=false
        """,
    ),
)

REQUESTS: tuple[Schema, ...] = (
    _request(
        "TaskEvaluatorInput",
        """
        evaluator_id:      string
        query_filter?:     string|null
        column_mappings?:  map<string>|null
        """,
    ),
    _request("CreateTemplateEvaluationTaskRequest", _CREATE_EVALUATION.format(type="template_evaluation")),
    _request("CreateCodeEvaluationTaskRequest", _CREATE_EVALUATION.format(type="code_evaluation")),
    _request(
        "CreateRunExperimentTaskRequest",
        """
        name:               string                 minLength=1
        type:               const:run_experiment   default="run_experiment"
        dataset_id:         string
        run_configuration:  RunConfiguration
        """,
    ),
    _request(
        "UpdateEvaluationTaskRequest",
        """
        name?:           string                 minLength=1
        sampling_rate?:  number                 minimum=0 maximum=1
        is_continuous?:  boolean
        query_filter?:   string|null
        evaluators?:     TaskEvaluatorInput[]   minItems=1
        """,
        minProperties=1,
    ),
    _request(
        "UpdateRunExperimentTaskRequest",
        """
        name?:               string   minLength=1
        run_configuration?:  RunConfiguration
        """,
        minProperties=1,
    ),
    _request(
        "TriggerEvaluationTaskRunRequest",
        """
        data_start_time?:       date-time
        data_end_time?:         date-time
        max_spans?:             integer     minimum=1 default=10000
        override_evaluations?:  boolean     default=false
        experiment_ids?:        string[]    minItems=1
        """,
    ),
    _request(
        "TriggerRunExperimentTaskRunRequest",
        """
        experiment_name:       string     minLength=1
        dataset_version_id?:   string
        example_ids?:          string[]   minItems=1
        max_examples?:         integer    minimum=1
        tracing_metadata?:     map<string>
        evaluation_task_ids?:  string[]
        """,
    ),
    *_SHARED,
)

# --- response schemas: tolerant --------------------------------------------------------------------------------------

TWINS: Mapping[str, str] = MappingProxyType({schema.name: f"Stored{schema.name}" for schema in _SHARED})


def _stored_type(type_: str) -> str:
    base = type_.removesuffix("[]")
    return TWINS.get(base, base) + type_[len(base) :]


def _stored(schema: Schema) -> Schema:
    fields = tuple(replace(f, type=_stored_type(f.type)) for f in schema.fields)
    return replace(schema, name=TWINS[schema.name], fields=fields, extra=True)


def _page(wire: str, item: str) -> Schema:
    return _response(f"{item}ListResponse", f"{wire}: {item}[]\npagination: PaginationMetadata")


RESPONSES: tuple[Schema, ...] = (
    _response(
        "Task",
        """
        id:                  string
        name:                string
        type:                TaskType
        project_id?:         string|null
        dataset_id?:         string|null
        sampling_rate?:      number|null   minimum=0 maximum=1
        is_continuous:       boolean
        query_filter:        string|null
        evaluators:          TaskEvaluator[]
        experiment_ids:      string[]
        run_configuration?:  StoredRunConfiguration|null
        last_run_at:         date-time|null
        created_at:          date-time
        updated_at:          date-time
        created_by_user_id:  string|null
        """,
    ),
    _response(
        "TaskEvaluator",
        """
        evaluator_id:     string
        evaluator_name:   string
        query_filter:     string|null
        column_mappings:  map<string>|null
        """,
    ),
    _response(
        "TaskRun",
        """
        id:                  string
        task_id:             string
        experiment_id?:      string|null
        status:              TaskRunStatus
        run_started_at:      date-time|null
        run_finished_at:     date-time|null
        data_start_time:     date-time|null
        data_end_time:       date-time|null
        num_successes:       integer
        num_errors:          integer
        num_skipped:         integer
        created_at:          date-time
        created_by_user_id:  string|null
        """,
    ),
    _page("tasks", "Task"),
    _page("task_runs", "TaskRun"),
    _page("spaces", "Space"),
    _page("projects", "Project"),
    _page("datasets", "Dataset"),
    _page("experiments", "Experiment"),
    _page("evaluators", "Evaluator"),
    _response(
        "PaginationMetadata",
        """
        has_more:      boolean
        next_cursor?:  string
        """,
    ),
    _response(
        "Problem",
        """
        title:      string
        status:     integer
        type?:      uri-reference
        detail?:    string
        instance?:  uri-reference
        """,
    ),
    _response(
        "Space",
        """
        id:           string
        name:         string
        description:  string
        created_at:   date-time
        """,
    ),
    _response(
        "Project",
        """
        id:          string
        name:        string
        space_id:    string
        created_at:  date-time
        """,
    ),
    _response(
        "Dataset",
        """
        id:          string
        name:        string
        space_id:    string
        created_at:  date-time
        updated_at:  date-time
        versions?:   DatasetVersion[]
        """,
    ),
    _response(
        "DatasetVersion",
        """
        id:          string
        name:        string
        dataset_id:  string
        created_at:  date-time
        updated_at:  date-time
        """,
    ),
    _response(
        "Experiment",
        """
        id:                             string
        name:                           string
        dataset_id:                     string
        dataset_version_id:             string
        created_at:                     date-time
        updated_at:                     date-time
        experiment_traces_project_id?:  string
        """,
    ),
    _response(
        "Evaluator",
        """
        id:                  string
        name:                string
        description?:        string|null
        type:                EvaluatorType
        space_id:            string
        created_at:          date-time
        updated_at:          date-time
        created_by_user_id:  string|null
        """,
    ),
    *(_stored(schema) for schema in _SHARED),
)

SCHEMAS: tuple[Schema, ...] = REQUESTS + RESPONSES

# --- unions ----------------------------------------------------------------------------------------------------------


def _tagged(name: str, discriminator: str, tags: dict[str, str]) -> Union:
    return Union(name, "oneOf", tuple(tags.values()), discriminator, MappingProxyType(tags))


UNIONS: tuple[Union, ...] = (
    _tagged(
        "CreateTaskRequest",
        "type",
        {
            "template_evaluation": "CreateTemplateEvaluationTaskRequest",
            "code_evaluation": "CreateCodeEvaluationTaskRequest",
            "run_experiment": "CreateRunExperimentTaskRequest",
        },
    ),
    Union("UpdateTaskRequest", "anyOf", ("UpdateEvaluationTaskRequest", "UpdateRunExperimentTaskRequest")),
    Union("TriggerTaskRunRequest", "anyOf", ("TriggerEvaluationTaskRunRequest", "TriggerRunExperimentTaskRunRequest")),
    _tagged(
        "RunConfiguration",
        "experiment_type",
        {"llm_generation": "LlmGenerationRunConfig", "template_evaluation": "TemplateEvaluationRunConfig"},
    ),
    _tagged(
        "StoredRunConfiguration",
        "experiment_type",
        {"llm_generation": "StoredLlmGenerationRunConfig", "template_evaluation": "StoredTemplateEvaluationRunConfig"},
    ),
)

# --- operations ------------------------------------------------------------------------------------------------------

# id, method, path, tag, body (`!` where it is required), success status, success schema
_CALLS = """
    list_tasks       GET    /v2/tasks                       tasks       -                     200 TaskListResponse
    create_task      POST   /v2/tasks                       tasks       CreateTaskRequest!    201 Task
    get_task         GET    /v2/tasks/{task_id}             tasks       -                     200 Task
    update_task      PATCH  /v2/tasks/{task_id}             tasks       UpdateTaskRequest!    200 Task
    delete_task      DELETE /v2/tasks/{task_id}             tasks       -                     204 -
    trigger_task_run POST   /v2/tasks/{task_id}/trigger     tasks       TriggerTaskRunRequest 201 TaskRun
    list_task_runs   GET    /v2/tasks/{task_id}/runs        task_runs   -                     200 TaskRunListResponse
    get_task_run     GET    /v2/task-runs/{run_id}          task_runs   -                     200 TaskRun
    cancel_task_run  POST   /v2/task-runs/{run_id}/cancel   task_runs   -                     200 TaskRun
    list_spaces      GET    /v2/spaces                      spaces      -                     200 SpaceListResponse
    get_space        GET    /v2/spaces/{space_id}           spaces      -                     200 Space
    list_projects    GET    /v2/projects                    projects    -                     200 ProjectListResponse
    get_project      GET    /v2/projects/{project_id}       projects    -                     200 Project
    list_datasets    GET    /v2/datasets                    datasets    -                     200 DatasetListResponse
    get_dataset      GET    /v2/datasets/{dataset_id}       datasets    -                     200 Dataset
    list_experiments GET    /v2/experiments                 experiments -                     200 ExperimentListResponse
    get_experiment   GET    /v2/experiments/{experiment_id} experiments -                     200 Experiment
    list_evaluators  GET    /v2/evaluators                  evaluators  -                     200 EvaluatorListResponse
    get_evaluator    GET    /v2/evaluators/{evaluator_id}   evaluators  -                     200 Evaluator
"""

# The documented error statuses; `+` marks the ones we add.
_ERRORS = """
    list_tasks         400  401  403  404 +405                      429
    create_task        400  401  403  404 +405 +409 +413 +415  422  429
    get_task           400  401       404 +405                      429
    update_task        400  401  403  404 +405 +409 +413 +415  422  429
    delete_task        400  401  403  404 +405                      429
    trigger_task_run   400  401  403  404 +405  409 +413 +415  422  429
    list_task_runs     400  401  403  404 +405                      429
    get_task_run       400  401       404 +405                      429
    cancel_task_run    400  401  403  404 +405                      429
    list_spaces        400  401  403      +405                      429
    get_space          400  401  403  404 +405                      429
    list_projects      400  401  403      +405                      429
    get_project        400  401  403  404 +405                      429
    list_datasets      400  401  403      +405                      429
    get_dataset        400  401       404 +405                      429
    list_experiments   400  401  403      +405                      429
    get_experiment     400  401       404 +405                      429
    list_evaluators    400  401  403      +405                      429
    get_evaluator      400  401       404 +405                      429
"""

# The query parameters; the path parameters stand in the paths.
_QUERIES = """
    list_tasks        space_id space_name name project_id dataset_id type limit cursor
    list_task_runs    status limit cursor
    list_spaces       org_id name limit cursor
    list_projects     space_id space_name name limit cursor
    list_datasets     space_id space_name name limit cursor
    list_experiments  dataset_id name limit cursor
    list_evaluators   space_id space_name name limit cursor
    get_evaluator     version_id
"""

_PARAMETERS: Mapping[str, Field] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in _fields(
            """
            space_id?:    string
            space_name?:  string         maxLength=255
            org_id?:      string
            name?:        string         maxLength=255
            project_id?:  string
            dataset_id?:  string
            version_id?:  string
            type?:        TaskType
            status?:      TaskRunStatus
            limit?:       integer        minimum=1 maximum=100 default=50
            cursor?:      string
            """
        )
    }
)


def _rows(text: str) -> Iterable[list[str]]:
    return (line.split() for line in text.strip().splitlines())


def _operations() -> Iterable[Operation]:
    errors = {id_: tuple(int(status.removeprefix("+")) for status in statuses) for id_, *statuses in _rows(_ERRORS)}
    queries = {id_: tuple(("query", _PARAMETERS[name]) for name in names) for id_, *names in _rows(_QUERIES)}
    for id_, method, path, tag, body, success, response in _rows(_CALLS):
        in_path = (part.strip("{}") for part in path.split("/") if part.startswith("{"))
        yield Operation(
            id=id_,
            method=method,
            path=path,
            tag=tag,
            request=None if body == "-" else body.removesuffix("!"),
            request_required=body.endswith("!"),
            success=int(success),
            response=None if response == "-" else response,
            errors=errors[id_],
            parameters=(*(("path", _field(f"{name}: string")) for name in in_path), *queries.get(id_, ())),
        )


OPERATIONS: tuple[Operation, ...] = tuple(_operations())
