"""Tests of dialect detection: learnt from responses, probed once, or guessed and corrected."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AmbiguousOutcomeError,
    AuthenticationError,
    BadRequestError,
    ConnectionFailedError,
    DeadlineExceededError,
    Hooks,
    InvalidArgumentError,
    NotInContractError,
    RetryPolicy,
    TaskRunStatus,
    TaskType,
    UnprocessableEntityError,
)
from axtasks.contract.dialect import BETA, CONTRACTS, DOCUMENTS, Dialect
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockTransport

from tests.dialects import SPELLED, spelling_of
from tests.unit.support import (
    CHAT_PROD,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    RUN,
    START,
    TASK,
    ClientKind,
    Json,
    Recorder,
    Sent,
    Stopwatch,
    answer,
    async_client_over,
    client_over,
    one_after_another,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.models.task_type import TaskTypeText

# These tests say for themselves what is spoken.
pytestmark = pytest.mark.one_contract

AUTO = {"contract": "auto"}
PAGINATION = {"has_more": False, "next_cursor": None}
NO_TASKS = {"tasks": [], "pagination": PAGINATION}
NO_EVALUATORS = {"evaluators": [], "pagination": PAGINATION}
EVALUATOR = {
    "id": HALLUCINATION,
    "name": "Hallucination Eval",
    "type": "template",
    "space_id": DEMO,
    "created_at": "2026-01-10T09:00:00.000Z",
    "updated_at": "2026-01-10T09:00:00.000Z",
    "created_by_user_id": None,
}
SPACE = {"id": DEMO, "name": "demo", "description": "template_evaluation", "created_at": "2026-01-05T09:00:00.000Z"}
NOT_UNDERSTOOD = {"title": "Invalid request parameters", "status": 400, "detail": "type is none of the known"}


def in_capitals(document: Json) -> Json:
    """Return JSON of the documents' dialect in the spelling of the newer one."""
    if isinstance(document, list):
        return [in_capitals(item) for item in document]
    if not isinstance(document, dict):
        return document
    return {
        key: spelling_of(BETA).get(value, value) if key in SPELLED and isinstance(value, str) else in_capitals(value)
        for key, value in document.items()
    }


def create(client: Any, **more: Any) -> Any:
    """Create a task from ids alone, so that no name is looked up."""
    given = {"task_type": "template_evaluation", "evaluators": [HALLUCINATION], "project": CHAT_PROD, **more}
    return client.tasks.create_evaluation_task("Fresh", **given)


def list_by_type(client: Any) -> Any:
    """List the tasks of a type."""
    return client.tasks.list(task_type="run_experiment", space=DEMO)


def noting(known: list[Any], call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap a call so that the client's known contract is recorded before it."""

    def noted(client: Any) -> Any:
        known.append(client.contract)
        return call(client)

    return noted


@dataclass
class Server:
    """A server of one dialect, which refuses the spelling of the other.

    Attributes:
        contract: its dialect.
        tasks: the tasks that lists show.
        evaluators: the evaluators that lists show.
        task: the task that is there to be read.
        refusal: the status of a refused spelling.
        in_between: responses given instead, by the number of the request from 1.
    """

    contract: str
    tasks: list[Json] = field(default_factory=list)
    evaluators: list[Json] = field(default_factory=list)
    task: Json = field(default_factory=lambda: TASK)
    refusal: int = 400
    in_between: dict[int, httpx.Response] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.answer)

    def answer(self, sent: Sent) -> httpx.Response:
        """Return the response to a request."""
        if (given := self.in_between.get(len(self.recorder.sent))) is not None:
            return given
        said = [
            sent.query.get("type"),
            sent.query.get("status"),
            *([] if not sent.body else [json.loads(sent.body).get("type")]),
        ]
        if any(word in self.foreign for word in said):
            return answer(NOT_UNDERSTOOD | {"status": self.refusal}, self.refusal)
        return self.told(self.content(sent))

    @property
    def foreign(self) -> set[str]:
        """The spellings of the other dialect."""
        return set(spelling_of(BETA).values() if self.contract == DOCUMENTS else spelling_of(BETA))

    def content(self, sent: Sent) -> Json:
        """Return the content of a response, in the documents' dialect."""
        if sent.is_write:
            return RUN if sent.path.endswith("/trigger") else TASK
        lists = {
            "/v2/tasks": NO_TASKS | {"tasks": [] if "type" in sent.query else self.tasks},
            "/v2/evaluators": NO_EVALUATORS | {"evaluators": self.evaluators},
            "/v2/experiments": {"experiments": [], "pagination": PAGINATION},
        }
        if sent.path in lists:
            return lists[sent.path]
        items = {"spaces": SPACE, "task-runs": RUN}
        return items.get(sent.path.split("/")[2], self.task)

    def told(self, document: Json) -> httpx.Response:
        """Return a response in the server's dialect."""
        return answer(in_capitals(document) if self.contract == BETA else document)

    @property
    def written(self) -> list[str]:
        """The types of the tasks in create requests, as they were spelled."""
        return [json.loads(sent.body)["type"] for sent in self.recorder.writes]


STORED = {
    "experiment_type": "llm_generation",
    "ai_integration_id": HALLUCINATION,
    "messages": [],
    "input_variable_format": "mustache",
}
# Answers that show the dialect: what is asked for, and what is answered.
SHOWING: dict[str, tuple[Callable[[Any], Any], Json]] = {
    "a task": (lambda ax: ax.tasks.get(CHAT_QUALITY), TASK),
    "tasks": (lambda ax: ax.tasks.list(space=DEMO), NO_TASKS | {"tasks": [TASK]}),
    "a run": (lambda ax: ax.tasks.get_run(CHAT_QUALITY_RUN), RUN),
    "runs": (lambda ax: ax.tasks.list_runs(CHAT_QUALITY), {"task_runs": [RUN], "pagination": PAGINATION}),
    "a run that was cancelled": (lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN), RUN | {"status": "cancelled"}),
    "an evaluator": (lambda ax: ax.evaluators.get(HALLUCINATION), EVALUATOR),
    "evaluators": (lambda ax: ax.evaluators.list(), NO_EVALUATORS | {"evaluators": [EVALUATOR]}),
    "a role, where the type is new": (
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        TASK | {"type": "vibe_check", "run_configuration": STORED | {"messages": [{"role": "user", "content": "hi"}]}},
    ),
    "a tag, where the type is new": (
        lambda ax: ax.tasks.get(CHAT_QUALITY),
        TASK | {"type": "vibe_check", "run_configuration": STORED},
    ),
}
SILENT: dict[str, tuple[Callable[[Any], Any], Json]] = {
    "a space": (lambda ax: ax.spaces.get(DEMO), SPACE),
    "a name that looks like a value": (
        lambda ax: ax.spaces.get(DEMO),
        SPACE | {"name": "TEMPLATE_EVALUATION", "status": "PENDING"},
    ),
    "an empty list": (lambda ax: ax.tasks.list(space=DEMO), NO_TASKS),
    "a value of neither": (lambda ax: ax.tasks.get(CHAT_QUALITY), TASK | {"type": "Template_Evaluation"}),
    "an unknown value in capitals": (lambda ax: ax.tasks.get(CHAT_QUALITY), TASK | {"type": "VIBE_CHECK"}),
}


class TestLearning:
    @pytest.mark.parametrize("served", [DOCUMENTS, BETA], ids=["in small letters", "in capitals"])
    def test_the_first_answer_that_shows_it_says_the_dialect(self, client_kind: ClientKind, served: str) -> None:
        for name, (call, document) in SHOWING.items():
            answered = Server(served).told(document)
            known: list[str | None] = []

            client_kind.in_turn(one_after_another(answered, answered), noting(known, call), noting(known, call), **AUTO)

            assert known == [None, served], name

    @pytest.mark.parametrize("case", SILENT)
    def test_responses_that_both_dialects_share_do_not_settle_the_dialect(self, case: str) -> None:
        call, document = SILENT[case]
        client = client_over(Recorder(lambda _: answer(document)), **AUTO)

        call(client)

        assert client.contract is None

    def test_a_given_contract_is_kept(self) -> None:
        client = client_over(Server(BETA, tasks=[TASK]).recorder, contract=DOCUMENTS)

        assert client.tasks.get(CHAT_QUALITY).type is TaskType.TEMPLATE_EVALUATION
        assert client.contract == DOCUMENTS

    def test_a_copy_with_other_options_knows_what_the_first_has_learnt_and_the_other_way_round(self) -> None:
        first = client_over(Server(BETA).recorder, **AUTO)
        second = first.with_options(timeout=5)

        second.tasks.get(CHAT_QUALITY)

        assert (first.contract, second.contract, first.with_options().contract) == (BETA, BETA, BETA)

    def test_another_client_detects_the_dialect_by_itself(self) -> None:
        server = Server(BETA)
        client_over(server.recorder, **AUTO).tasks.get(CHAT_QUALITY)

        assert client_over(server.recorder, **AUTO).contract is None

    def test_reading_after_a_lost_write_detects_the_dialect(self) -> None:
        server = Server(BETA, in_between={1: answer({}, 500), 2: answer(in_capitals(RUN | {"status": "cancelled"}))})
        client = client_over(server.recorder, **AUTO)

        client.tasks.cancel_run(CHAT_QUALITY_RUN)

        assert client.contract == BETA


class TestRequests:
    @pytest.mark.parametrize(
        ("contract", "spelled"), [(DOCUMENTS, "template_evaluation"), (BETA, "TEMPLATE_EVALUATION")]
    )
    def test_a_request_is_spelled_as_the_server_does(
        self, client_kind: ClientKind, contract: str, spelled: str
    ) -> None:
        server = Server(contract)

        client_kind.ask(server.recorder, create, contract=contract)

        assert server.recorder.calls == ["POST /v2/tasks"]
        assert server.written == [spelled]

    @pytest.mark.parametrize("given", ["run_experiment", "RUN_EXPERIMENT", TaskType.RUN_EXPERIMENT])
    def test_a_filter_is_given_in_either_spelling(self, given: TaskTypeText | TaskType) -> None:
        server = Server(BETA)

        client_over(server.recorder, contract=BETA).tasks.list(task_type=given, space=DEMO)

        assert server.recorder.sent[0].query["type"] == "RUN_EXPERIMENT"

    @pytest.mark.parametrize("given", [LLM_CONFIGURATION, in_capitals(LLM_CONFIGURATION)], ids=["small", "capitals"])
    @pytest.mark.parametrize("served", [DOCUMENTS, BETA])
    def test_a_run_configuration_is_given_in_either_spelling(self, served: str, given: Json) -> None:
        server = Server(served)

        client_over(server.recorder, contract=served).tasks.create_run_experiment_task(
            "Fresh", dataset=GOLDEN_SET, run_configuration=given
        )

        sent = json.loads(server.recorder.sent[0].body)["run_configuration"]
        small = (sent["experiment_type"], sent["messages"][0]["role"], sent["input_variable_format"])
        assert small == (
            ("llm_generation", "user", "mustache") if served == DOCUMENTS else ("LLM_GENERATION", "USER", "MUSTACHE")
        )

    def test_values_come_back_in_the_documents_spelling(self) -> None:
        client = client_over(Server(BETA).recorder, contract=BETA)

        task, run = client.tasks.get(CHAT_QUALITY), client.tasks.get_run(CHAT_QUALITY_RUN)

        assert (task.type, run.status) == ("template_evaluation", "running")
        assert (task.type, run.status) == (TaskType.TEMPLATE_EVALUATION, TaskRunStatus.RUNNING)
        assert hash(run.status) == hash("running")
        assert task.to_dict()["type"] == "template_evaluation"


class TestAsking:
    def test_nothing_is_asked_for_a_request_that_both_write_alike(self, client_kind: ClientKind) -> None:
        server = Server(BETA)

        client_kind.in_turn(
            server.recorder,
            lambda ax: ax.spaces.get(DEMO),
            lambda ax: ax.tasks.update(CHAT_QUALITY, name="Renamed"),
            lambda ax: ax.tasks.trigger_run(CHAT_QUALITY),
            **AUTO,
        )

        assert "GET /v2/tasks" not in server.recorder.calls

    @pytest.mark.both_clients
    @pytest.mark.parametrize("call", [create, list_by_type], ids=["a creation", "a filter"])
    @pytest.mark.parametrize("served", [DOCUMENTS, BETA])
    def test_one_task_is_asked_for_once_before_the_first_that_both_write_differently(
        self, client_kind: ClientKind, served: str, call: Callable[[Any], Any]
    ) -> None:
        server = Server(served, tasks=[TASK])

        client_kind.in_turn(server.recorder, call, call, **AUTO)

        assert server.recorder.sent[0].query == {"limit": "1"}
        assert len(server.recorder.sent) == 3

    def test_an_evaluator_is_asked_for_where_there_is_no_task(self) -> None:
        server = Server(BETA, evaluators=[EVALUATOR])
        client = client_over(server.recorder, **AUTO)

        create(client)

        assert server.recorder.calls == ["GET /v2/tasks", "GET /v2/evaluators", "POST /v2/tasks"]
        assert (client.contract, server.written) == (BETA, ["TEMPLATE_EVALUATION"])

    def test_looking_names_up_may_show_it_so_that_nothing_is_asked(self) -> None:
        server = Server(BETA, evaluators=[EVALUATOR])
        client = client_over(server.recorder, **AUTO)

        create(client, evaluators=["Hallucination Eval"], space=DEMO)

        assert server.recorder.calls == ["GET /v2/evaluators", "POST /v2/tasks"]

    @pytest.mark.parametrize("status", [400, 403, 404, 422])
    def test_a_key_that_may_not_read_tasks_may_read_evaluators(self, status: int) -> None:
        server = Server(BETA, evaluators=[EVALUATOR], in_between={1: answer({}, status)})
        client = client_over(server.recorder, **AUTO)

        create(client)

        assert server.written == ["TEMPLATE_EVALUATION"]

    def test_an_answer_to_the_question_that_cannot_be_read_is_no_end(self) -> None:
        server = Server(DOCUMENTS, evaluators=[EVALUATOR], in_between={1: answer({"tasks": 7})})

        create(client_over(server.recorder, **AUTO))

        assert server.written == ["template_evaluation"]

    def test_a_refused_key_ends_the_call_before_anything_is_written(self, client_kind: ClientKind) -> None:
        server = Server(DOCUMENTS, in_between={1: answer({}, 401)})

        with pytest.raises(AuthenticationError):
            client_kind.ask(server.recorder, create, **AUTO)
        assert server.recorder.calls == ["GET /v2/tasks"]

    def test_the_question_is_sent_again_as_any_read_is(self) -> None:
        server = Server(BETA, tasks=[TASK], in_between={1: answer({}, 503)})

        create(client_over(server.recorder, retry=RetryPolicy(first_pause=0.001), **AUTO))

        assert server.recorder.calls == ["GET /v2/tasks", "GET /v2/tasks", "POST /v2/tasks"]

    def test_a_strict_client_does_not_fail_for_what_it_only_asked_to_learn(self) -> None:
        server = Server(DOCUMENTS, tasks=[TASK | {"colour": "red"}])

        assert create(client_over(server.recorder, strict=True, **AUTO)).name == TASK["name"]

    def test_hooks_are_told_of_the_question(self) -> None:
        told: list[str] = []
        server = Server(BETA, tasks=[TASK])

        create(client_over(server.recorder, hooks=Hooks(on_request=lambda event: told.append(event.operation)), **AUTO))

        assert told == ["list_tasks", "create_task"]

    def test_many_threads_ask_once(self) -> None:
        server = Server(BETA, tasks=[TASK])
        client = client_over(server.recorder, **AUTO)
        together = Barrier(8)

        def work(number: int) -> None:
            together.wait()
            (create if number % 2 else list_by_type)(client.with_options())

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))

        assert sum(sent.query == {"limit": "1"} for sent in server.recorder.sent) == 1
        assert server.written == ["TEMPLATE_EVALUATION"] * 4

    def test_many_tasks_of_a_loop_ask_once(self) -> None:
        server = Server(BETA)
        asked = asyncio.Event()

        class Slow(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if request.url.query == b"limit=1":
                    asked.set()
                    for _ in range(20):
                        await asyncio.sleep(0)
                return await server.recorder.handle_async_request(request)

        async def run() -> None:
            client = async_client_over(Slow(), **AUTO)
            await asyncio.gather(*(create(client) for _ in range(8)))

        asyncio.run(run())

        assert server.recorder.calls[:2] == ["GET /v2/tasks", "GET /v2/evaluators"]
        assert len(server.recorder.sent) - len(server.recorder.writes) == 2

    def test_after_a_failed_probe_the_waiting_calls_probe_concurrently(self) -> None:
        """Sequential probes would each wait for a server that cannot be reached."""

        async def run() -> list[object]:
            together, requests = asyncio.Barrier(3), 0

            class Unreached(httpx.AsyncBaseTransport):
                async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
                    nonlocal requests
                    requests += 1
                    if requests == 1:
                        # Until the others wait.
                        await asyncio.sleep(0)
                    else:
                        async with asyncio.timeout(60):
                            await together.wait()
                    raise httpx.ConnectError("refused")

            client = async_client_over(Unreached(), **AUTO)
            return list(await asyncio.gather(*(create(client) for _ in range(4)), return_exceptions=True))

        assert [type(each) for each in asyncio.run(run())] == [ConnectionFailedError] * 4

    def test_a_call_does_not_wait_for_the_question_of_another_beyond_its_time(self) -> None:
        client = client_over(Server(BETA, tasks=[TASK]).recorder, clock=Stopwatch().clock, **AUTO)

        with (
            client._context.dialect.detection_lock.acquire(1),
            pytest.raises(DeadlineExceededError, match="before it was known how to write create_task"),
        ):
            create(client.with_options(timeout=0.05))
        assert create(client).name == TASK["name"]

    def test_an_awaited_call_does_not_wait_beyond_its_time_either(self) -> None:
        async def run() -> None:
            client = async_client_over(Server(BETA, tasks=[TASK]).recorder, clock=Stopwatch().clock, **AUTO)
            async with client._context.dialect.detection_lock.acquire_async(1):
                with pytest.raises(DeadlineExceededError):
                    await create(client.with_options(timeout=0.05))
            await create(client)

        asyncio.run(run())


class TestAnAccountThatShowsNothing:
    @pytest.mark.parametrize("call", [create, list_by_type], ids=["a creation", "a filter"])
    def test_it_counts_as_one_of_the_documents(self, client_kind: ClientKind, call: Callable[[Any], Any]) -> None:
        server = Server(DOCUMENTS)
        known: list[str] = []

        client_kind.in_turn(server.recorder, call, noting(known, call), **AUTO)

        assert known == [DOCUMENTS]
        assert len(server.recorder.sent) == 4, "two questions, and each request once"

    @pytest.mark.parametrize("call", [create, list_by_type], ids=["a creation", "a filter"])
    @pytest.mark.parametrize("refusal", [400, 422])
    def test_a_refusal_is_followed_by_the_other_spelling_once_and_what_worked_is_remembered(
        self, client_kind: ClientKind, refusal: int, call: Callable[[Any], Any]
    ) -> None:
        server = Server(BETA, refusal=refusal)
        known: list[str] = []

        client_kind.in_turn(server.recorder, call, noting(known, call), **AUTO)

        assert known == [BETA]
        assert len(server.recorder.sent) == 5, "two questions, one refusal, and what worked twice"

    def test_the_other_spelling_is_no_retry_but_hooks_are_told(self) -> None:
        told: list[float] = []
        server = Server(BETA)
        hooks = Hooks(on_retry=lambda event: told.append(event.pause_seconds))
        client = client_over(server.recorder, retry=RetryPolicy(attempts=1), hooks=hooks, **AUTO)

        create(client)

        assert told == [0]
        assert client._context.budget.left == client._context.budget.FULL

    @pytest.mark.parametrize(
        ("first", "second", "raised"),
        [
            pytest.param(400, 400, "first", id="malformed in both"),
            pytest.param(400, 422, "second", id="understood in the other"),
            pytest.param(422, 400, "first", id="understood in the first"),
            pytest.param(400, 409, "second", id="taken in the other"),
        ],
    )
    def test_of_two_refusals_the_one_that_says_more_is_raised_and_tells_of_the_other(
        self, client_kind: ClientKind, first: int, second: int, raised: str
    ) -> None:
        refusals = {3: answer({"detail": "first"}, first), 4: answer({"detail": "second"}, second)}
        server = Server(DOCUMENTS, in_between=refusals)

        with pytest.raises(Exception, match=raised) as caught:
            client_kind.ask(server.recorder, create, **AUTO)

        assert "the other spelling" in caught.value.__notes__[0]
        assert server.written == ["template_evaluation", "TEMPLATE_EVALUATION"]

    def test_a_refusal_is_final_where_the_dialect_was_detected(self) -> None:
        server = Server(DOCUMENTS, tasks=[TASK], in_between={2: answer({}, 400)})

        with pytest.raises(BadRequestError):
            create(client_over(server.recorder, **AUTO))
        assert server.written == ["template_evaluation"]

    @pytest.mark.parametrize("served", [DOCUMENTS, BETA])
    def test_a_refusal_is_final_where_the_dialect_was_given(self, served: str) -> None:
        server = Server(served, in_between={1: answer({}, 422)})

        with pytest.raises(UnprocessableEntityError):
            create(client_over(server.recorder, contract=served))
        assert len(server.written) == 1

    def test_a_refusal_after_a_lost_response_is_final(self, client_kind: ClientKind) -> None:
        """The first attempt may have been applied, so nothing else is written."""
        server = Server(BETA, in_between={3: answer({}, 500), 4: answer(NO_TASKS)})

        with pytest.raises((BadRequestError, AmbiguousOutcomeError)):
            client_kind.ask(server.recorder, create, retry=RetryPolicy(attempts=2, first_pause=0.001), **AUTO)
        assert server.written == ["template_evaluation"] * 2

    @pytest.mark.parametrize("passing", [429, 503])
    def test_a_refusal_that_follows_one_that_surely_did_nothing_is_put_right(self, passing: int) -> None:
        server = Server(BETA, in_between={3: answer({}, passing, retry_after="0")})

        create(client_over(server.recorder, retry=RetryPolicy(attempts=2), **AUTO))

        assert server.written == ["template_evaluation", "template_evaluation", "TEMPLATE_EVALUATION"]

    @pytest.mark.parametrize("status", [401, 403, 404, 409])
    def test_other_refusals_are_the_last_word(self, status: int) -> None:
        server = Server(BETA, in_between={3: answer({}, status)})

        with pytest.raises(Exception, match=str(status)):
            create(client_over(server.recorder, **AUTO))
        assert len(server.written) == 1

    def test_it_is_read_until_it_shows_the_dialect(self) -> None:
        server = Server(BETA)
        client = client_over(server.recorder, **AUTO)
        client._context.dialect.assume()

        client.tasks.get(CHAT_QUALITY)

        assert client.contract == BETA

    def test_the_other_spelling_may_be_repeated_as_any_request(self) -> None:
        server = Server(BETA, in_between={4: answer({}, 429, retry_after="0")})

        create(client_over(server.recorder, retry=RetryPolicy(attempts=2), **AUTO))

        assert server.written == ["template_evaluation", "TEMPLATE_EVALUATION", "TEMPLATE_EVALUATION"]


QUERY_FILTERS = {"filters": [{"id": "A", "filter": "x = 1"}]}
MAPPED = {
    "evaluator_id": HALLUCINATION,
    "query_mappings": [{"variable_name": "input", "query_ids": ["A"], "attribute_path": "x"}],
}
AGENT = {"experiment_type": "agent_call", "integration_id": HALLUCINATION, "input_template": {"text": "{{input}}"}}
VERSION = "RXZhbHVhdG9yVmVyc2lvbjoxMjM0NQ=="
# What only the newer dialect has: a call, what it is called, and whether a task has to be read to know.
NEW: dict[str, tuple[Callable[[Any], Any], list[str]]] = {
    "named filters": (
        lambda ax: create(ax, query_filters=QUERY_FILTERS, evaluators=[MAPPED]),
        ["query_filters", "evaluators[0].query_mappings"],
    ),
    "a version of an evaluator": (
        lambda ax: create(ax, evaluators=[{"evaluator_id": HALLUCINATION, "evaluator_version_id": VERSION}]),
        ["evaluators[0].evaluator_version_id"],
    ),
    "an agent": (
        lambda ax: ax.tasks.create_run_experiment_task("Fresh", dataset=GOLDEN_SET, run_configuration=AGENT),
        ["run_configuration agent_call"],
    ),
    "named filters of an update": (
        lambda ax: ax.tasks.update(CHAT_QUALITY, query_filters=None),
        ["query_filters"],
    ),
    "an agent of an update": (
        lambda ax: ax.tasks.update(CHAT_QUALITY, run_configuration=AGENT),
        ["run_configuration agent_call"],
    ),
    "the filter of an experiment": (
        lambda ax: ax.tasks.trigger_run(CHAT_QUALITY, experiment_name="x", query_filter="a = 1"),
        ["query_filter"],
    ),
    "the experiments of a space": (lambda ax: ax.experiments.list(space=DEMO), ["list_experiments by space_id"]),
}


class TestWhatOnlyOneOfThemHas:
    @pytest.mark.parametrize("case", NEW)
    def test_it_is_refused_before_anything_is_sent(self, client_kind: ClientKind, case: str) -> None:
        call, lacking = NEW[case]
        server = Server(DOCUMENTS)

        with pytest.raises(NotInContractError) as caught:
            client_kind.ask(server.recorder, call, contract=DOCUMENTS)

        assert server.recorder.sent == []
        assert (caught.value.contract, list(caught.value.lacking)) == (DOCUMENTS, lacking)
        for words in (", ".join(lacking), "not in the documents' contract", 'contract="documents"', 'contract="beta"'):
            assert words in str(caught.value)

    @pytest.mark.parametrize("case", NEW)
    def test_it_is_refused_before_anything_is_written_where_the_dialect_is_learnt(
        self, client_kind: ClientKind, case: str
    ) -> None:
        task = TASK | {"type": "run_experiment", "dataset_id": GOLDEN_SET, "project_id": None}
        server = Server(DOCUMENTS, tasks=[TASK], task=task if "experiment" in case else TASK)

        with pytest.raises(NotInContractError, match=r"as its answers show: leave (it|them) out$"):
            client_kind.ask(server.recorder, NEW[case][0], **AUTO)
        assert server.recorder.writes == []

    def test_an_account_that_shows_nothing_is_told_what_to_do(self) -> None:
        server = Server(BETA)

        with pytest.raises(NotInContractError, match=r'since the account shows nothing.*or give contract="beta" if'):
            client_over(server.recorder, **AUTO).tasks.create_run_experiment_task(
                "Fresh", dataset=GOLDEN_SET, run_configuration=AGENT
            )
        assert server.recorder.writes == []

    @pytest.mark.parametrize("case", [case for case in NEW if "update" not in case and "filter of" not in case])
    def test_the_newer_dialect_takes_it(self, client_kind: ClientKind, case: str) -> None:
        server = Server(
            BETA, in_between={1: answer({"experiments": [], "pagination": PAGINATION})} if "space" in case else {}
        )

        client_kind.ask(server.recorder, NEW[case][0], contract=BETA)

        assert len(server.recorder.sent) == 1

    def test_errors_name_valid_fields_in_the_dialect_of_the_server(self) -> None:
        ax = client_over(Server(DOCUMENTS, tasks=[TASK]).recorder, space=DEMO, **AUTO)

        with pytest.raises(Exception, match="valid are name, sampling_rate") as caught:
            ax.tasks.update(TASK["name"], run_configuration=LLM_CONFIGURATION)
        assert "query_filters" not in str(caught.value)

    def test_a_failure_reason_is_empty_where_the_server_has_none(self) -> None:
        without = client_over(Server(DOCUMENTS).recorder, **AUTO).tasks.get_run(CHAT_QUALITY_RUN)
        told = answer(in_capitals(RUN | {"status": "failed", "failure_reason": "no quota"}))
        failed = client_over(Recorder(lambda _: told), **AUTO).tasks.get_run(CHAT_QUALITY_RUN)

        assert not without.failure_reason
        assert failed.failure_reason == "no quota"


NEWER_WORDS = ("agent_call", "AgentCallRunConfig", "query_mappings", "evaluator_version_id")
REFUSED_CONTENT: dict[str, Callable[[Any], Any]] = {
    "a field of an evaluator": lambda ax: create(ax, evaluators=[{"evaluator_id": HALLUCINATION, "colour": 1}]),
    "a kind of configuration": lambda ax: ax.tasks.update("x", run_configuration={"experiment_type": "agent"}),
    "no configuration": lambda ax: ax.tasks.update("x", run_configuration=5),
}


class TestWhatIsTold:
    """Tests of messages and fields, which use the names of the server's dialect."""

    @pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in REFUSED_CONTENT.items()])
    @pytest.mark.parametrize("choice", CONTRACTS)
    def test_in_messages(self, call: Callable[[Any], Any], choice: str) -> None:
        """Documents' names stand alone where that dialect is known; where none is, the newer names are marked."""
        with pytest.raises(InvalidArgumentError) as caught:
            call(client_over(Recorder(lambda _: answer(TASK)), contract=choice))

        told = [word for word in NEWER_WORDS if word in str(caught.value)]
        assert bool(told) == (choice != DOCUMENTS)
        assert [word for word in told if f"{word} (beta)" in str(caught.value)] == (told if choice == "auto" else [])

    @pytest.mark.parametrize(("choice", "near"), [(DOCUMENTS, False), (BETA, True)])
    def test_in_what_may_have_been_meant(self, choice: str, near: bool) -> None:
        """Suggestions hold only fields that the server's dialect takes."""
        evaluator = {"evaluator_id": HALLUCINATION, "query_maping": []}

        with pytest.raises(InvalidArgumentError) as caught:
            create(client_over(Recorder(lambda _: answer(TASK)), contract=choice), evaluators=[evaluator])

        assert ("did you mean 'query_mappings'?" in str(caught.value)) is near

    @pytest.mark.parametrize("served", [DOCUMENTS, BETA])
    def test_in_fields(self, served: str) -> None:
        """Pages, results and data frames have the fields of the dialect."""
        ax = client_over(MockTransport(Mock(contract=served)), contract=served)
        page = ax.tasks.list_runs(CHAT_QUALITY)

        told = [
            [field.name for field in page.fields()],
            [field.name for field in page.items[0].fields()],
            list(page.to_df().columns),
        ]
        assert ["failure_reason" in names for names in told] == [served == BETA] * 3


def test_the_dialects_can_be_chosen_by_their_names() -> None:
    assert CONTRACTS == ("documents", "beta", "auto")
    assert [Dialect(contract).contract for contract in CONTRACTS] == ["documents", "beta", None]


@dataclass
class Story:
    """Tests of all operations of a user against the whole mock of one dialect."""

    mock: Mock

    async def play(self, **settings: Any) -> Any:
        """Create, trigger, wait, list and delete."""
        client = async_client_over(MockTransport(self.mock), **settings)
        task = await create(client)
        run = await client.tasks.trigger_run(task.id, data_start_time=START.replace(day=1))
        ended = await client.tasks.wait_for_run(run.id, poll_interval=0.01)
        runs = await client.tasks.list_runs(task.id, status="completed")
        await client.tasks.delete(task.id)
        return client.contract, ended.status, [item.id for item in runs.items] == [run.id]


@pytest.mark.parametrize("choice", CONTRACTS)
@pytest.mark.parametrize("served", [DOCUMENTS, BETA])
def test_the_whole_mock_of_a_dialect_is_spoken_to(served: str, choice: str) -> None:
    if choice not in {"auto", served}:
        return
    mock = Mock(contract=served, run_seconds=0, clock=MockClock(now=START, frozen=True))

    assert asyncio.run(Story(mock).play(contract=choice)) == (served, "completed", True)
