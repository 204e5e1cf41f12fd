"""Tests of pages: iteration goes on through all pages, each fetched on demand."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AxError, Limits, PermissionDeniedError, RepeatedCursorError, TooManyPagesError
from axtasks.contract.dialect import is_newer
from axtasks.extras import install_command
from axtasks.mock import default_world as known
from axtasks.pagination import resource_pages as kinds
from axtasks.pagination.page import AsyncPage, Page
from axtasks_api import models

from tests.dialects import BETA
from tests.unit.support import (
    CHAT_QUALITY,
    DEMO,
    RUN,
    TASK,
    Blocking,
    ClientKind,
    Recorder,
    Stage,
    Stopwatch,
    answer,
    async_client_over,
    client_over,
    one_after_another,
    outcome,
    page,
)

if TYPE_CHECKING:
    from axtasks import AsyncAxClient

    from tests.unit.support import Sent

pytestmark = pytest.mark.both_clients

# Each list there is: how it is asked for, the name of its items in the API, and their model.
Listed = tuple[str, Any, type[Page[Any]], Any]
LISTS: list[Listed] = [
    ("tasks", lambda ax: ax.tasks.list(), kinds.TaskPage, models.Task),
    ("task_runs", lambda ax: ax.tasks.list_runs(CHAT_QUALITY), kinds.TaskRunPage, models.TaskRun),
    ("spaces", lambda ax: ax.spaces.list(), kinds.SpacePage, models.Space),
    ("projects", lambda ax: ax.projects.list(), kinds.ProjectPage, models.Project),
    ("datasets", lambda ax: ax.datasets.list(), kinds.DatasetPage, models.Dataset),
    ("experiments", lambda ax: ax.experiments.list(), kinds.ExperimentPage, models.Experiment),
    ("evaluators", lambda ax: ax.evaluators.list(), kinds.EvaluatorPage, models.Evaluator),
]


def numbered(number: int) -> dict[str, Any]:
    return TASK | {"name": f"task {number}"}


def three_pages() -> Recorder:
    return one_after_another(
        page("tasks", numbered(1), numbered(2), cursor="b"),
        page("tasks", numbered(3), cursor="c"),
        page("tasks", numbered(4)),
    )


@pytest.mark.parametrize("case", LISTS, ids=[case[0] for case in LISTS])
def test_every_list_is_a_page_that_bears_the_name_of_the_api(
    case: Listed, stage: Stage, client_kind: ClientKind, contract: str
) -> None:
    name, ask, kind, model = case
    found = client_kind.ask(stage.recorder, ask)

    assert type(found).__name__ == f"{'' if client_kind is Blocking else 'Async'}{kind.__name__}"
    assert isinstance(found, Page if client_kind is Blocking else AsyncPage)
    assert kind.wire_name == name
    assert getattr(found, name) is found.items
    assert found.items
    assert all(isinstance(item, model) for item in found.items)
    assert [field.name for field in found.fields()] == [
        field.name for field in model.fields() if contract == BETA or not is_newer(model.__name__, field.name)
    ]
    assert found.to_dict()[name] == [item.to_dict() for item in found.items]


@pytest.mark.parametrize("case", LISTS, ids=[case[0] for case in LISTS])
def test_each_page_has_the_whole_time_of_a_call(case: Listed) -> None:
    """The caller's time between two pages does not count."""
    name, ask, _, _ = case
    stopwatch = Stopwatch()
    transport = one_after_another(page(name, cursor="b"), page(name, cursor="c"), page(name))

    for _ in ask(client_over(transport, clock=stopwatch.clock, timeout=5, contract="beta")).pages():
        stopwatch.now += 60

    assert [sent.timeout_seconds for sent in transport.sent] == [5, 5, 5]


@pytest.mark.parametrize("case", LISTS, ids=[case[0] for case in LISTS])
def test_iterating_over_any_list_gives_all_items(case: Listed, stage: Stage, client_kind: ClientKind) -> None:
    name, ask, kind, model = case
    items = client_kind.all_of(stage.recorder, ask)

    assert items
    assert {type(item) for item in items} == {model}
    assert kind.wire_name == name


def test_iterating_goes_on_through_all_pages_with_the_same_filters(stage: Stage, client_kind: ClientKind) -> None:
    tasks = client_kind.all_of(stage.recorder, lambda ax: ax.tasks.list(name="nightly-", space="archive", limit=50))

    assert [task.name for task in tasks] == [f"nightly-{number:03d}" for number in range(130, 0, -1)]
    lists = [sent.query for sent in stage.sent if sent.path == "/v2/tasks"]
    assert [sorted(query) for query in lists] == [
        ["limit", "name", "space_id"],
        *[["cursor", "limit", "name", "space_id"]] * 2,
    ]
    assert {query["space_id"] for query in lists} == {known.ARCHIVE}
    assert stage.calls.count("GET /v2/spaces") == 1


def test_a_page_is_fetched_only_when_it_is_reached() -> None:
    transport = three_pages()
    items = iter(client_over(transport).tasks.list())

    fetched = []
    for _ in range(4):
        next(items)
        fetched.append(len(transport.sent))

    assert fetched == [1, 1, 2, 3]
    assert [sent.query.get("cursor") for sent in transport.sent] == [None, "b", "c"]
    with pytest.raises(StopIteration):
        next(items)


def test_a_page_is_fetched_only_when_it_is_reached_when_awaiting() -> None:
    transport = three_pages()

    async def play() -> list[int]:
        found = await async_client_over(transport).tasks.list()
        return [len(transport.sent) async for _ in found]

    assert outcome(play()) == [1, 1, 2, 3]
    assert [sent.query.get("cursor") for sent in transport.sent] == [None, "b", "c"]


def test_leaving_early_fetches_nothing_more(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", numbered(1), numbered(2), cursor="b"))

    found = client_kind.ask(transport, lambda ax: ax.tasks.list())

    assert [task.name for task in found.items] == ["task 1", "task 2"]
    assert found.next_cursor == "b"
    assert len(transport.sent) == 1


def test_pages_can_be_gone_through_one_by_one() -> None:
    transport = three_pages()

    sizes = [(len(found.items), len(transport.sent)) for found in client_over(transport).tasks.list().pages()]

    assert sizes == [(2, 1), (1, 2), (1, 3)]


def test_pages_can_be_gone_through_one_by_one_when_awaiting() -> None:
    transport = three_pages()

    async def play() -> list[tuple[int, int]]:
        found = await async_client_over(transport).tasks.list()
        return [(len(one.items), len(transport.sent)) async for one in found.pages()]

    assert outcome(play()) == [(2, 1), (1, 2), (1, 3)]


def test_a_page_can_be_gone_through_twice() -> None:
    transport = one_after_another(page("tasks", numbered(1), cursor="b"), *[page("tasks", numbered(2))] * 2)
    found = client_over(transport).tasks.list()

    assert [task.name for task in found] == [task.name for task in found] == ["task 1", "task 2"]


def test_an_empty_page_in_the_middle_is_no_end(client_kind: ClientKind) -> None:
    transport = one_after_another(
        page("tasks", numbered(1), cursor="b"), page("tasks", cursor="c"), page("tasks", numbered(2))
    )

    assert [task.name for task in client_kind.all_of(transport, lambda ax: ax.tasks.list())] == ["task 1", "task 2"]


@pytest.mark.parametrize("way", [lambda found: found, lambda found: found.pages()], ids=["items", "pages"])
def test_for_over_a_page_of_the_awaiting_client_is_refused(way: Any, stage: Stage) -> None:
    found = outcome(stage.async_client().spaces.list())

    with pytest.raises(TypeError, match=r"comes from AsyncAxClient: use `async for`"):
        list(way(found))


@pytest.mark.parametrize("way", [lambda found: found, lambda found: found.pages()], ids=["items", "pages"])
def test_async_for_over_a_page_of_the_blocking_client_is_refused(way: Any, stage: Stage) -> None:
    found = stage.client().spaces.list()

    async def play() -> list[Any]:
        return [item async for item in way(found)]

    with pytest.raises(TypeError, match=r"comes from AxClient: use `for`"):
        outcome(play())


@pytest.mark.parametrize("circle", [{"": "a", "a": "a"}, {"": "a", "a": "b", "b": "a"}], ids=["at-once", "later"])
def test_a_cursor_that_comes_again_ends_the_iteration(circle: dict[str, str], client_kind: ClientKind) -> None:
    def circling(sent: Sent) -> httpx.Response:
        return page("tasks", TASK, cursor=circle[sent.query.get("cursor", "")])

    transport = Recorder(circling)

    with pytest.raises(RepeatedCursorError, match="the list of tasks goes in circles: cursor 'a'") as caught:
        client_kind.all_of(transport, lambda ax: ax.tasks.list())

    assert caught.value.cursor == "a"
    assert len(transport.sent) == len(circle)


@pytest.mark.parametrize(
    "last", [{"has_more": False}, {"has_more": False, "next_cursor": None}], ids=["absent", "null"]
)
def test_a_loop_over_cursors_ends_with_none(last: dict[str, Any]) -> None:
    transport = one_after_another(page("tasks", TASK, cursor="b"), answer({"tasks": [TASK], "pagination": last}))
    ax = client_over(transport)

    found = ax.tasks.list()
    while (cursor := found.pagination.next_cursor) is not None:
        found = ax.tasks.list(cursor=cursor)

    assert len(transport.sent) == 2
    assert found.to_dict()["pagination"] == last


def test_a_page_is_given_back_as_it_was_received(client_kind: ClientKind) -> None:
    received = {
        "tasks": [TASK | {"created_at": "2026-02-20T10:00:00Z", "novel": None}],
        "pagination": {"has_more": True, "next_cursor": "b", "total": 3},
        "took_ms": 5,
    }
    found = client_kind.ask(one_after_another(answer(received)), lambda ax: ax.tasks.list())

    assert found.to_dict() == received
    assert json.loads(found.to_json()) == received
    assert "\n" not in found.to_json()
    assert json.loads(found.to_json(indent=2)) == received
    assert found.to_json(indent=2).startswith('{\n  "tasks"')


def test_items_give_themselves_back_as_they_were_received(client_kind: ClientKind) -> None:
    received = RUN | {"created_at": "2026-03-01T14:30:00+01:00", "novel": [1]}
    run = client_kind.ask(one_after_another(answer(received)), lambda ax: ax.tasks.get_run(RUN["id"]))

    assert run.to_dict() == received
    assert json.loads(run.to_json()) == received
    assert run.created_at.utcoffset().total_seconds() == 3600


def test_text_beyond_ascii_is_written_as_it_is() -> None:
    found = client_over(one_after_another(page("tasks", TASK | {"name": "Qualität"}))).tasks.list()

    assert "Qualität" in found.to_json()


def test_fields_tell_names_types_and_what_may_be_absent_or_null() -> None:
    found = client_over(one_after_another(page("tasks", TASK))).tasks.list()

    fields = {field.name: field for field in found.fields()}

    assert (fields["id"].type, fields["id"].required, fields["id"].nullable) == ("str", True, False)
    assert (fields["query_filter"].type, fields["query_filter"].nullable) == ("str | None", True)
    assert not fields["project_id"].required


def test_a_page_becomes_a_data_frame_with_a_column_per_field(stage: Stage, client_kind: ClientKind) -> None:
    found = client_kind.ask(stage.recorder, lambda ax: ax.tasks.list(limit=5))

    frame = found.to_df()

    assert list(frame.columns) == [field.json_name for field in found.fields()]
    assert list(frame["name"]) == [task.name for task in found.items]
    assert len(frame) == 5


def test_unknown_fields_become_columns_at_the_end() -> None:
    transport = one_after_another(page("tasks", TASK, TASK | {"novel": 1}))

    frame = client_over(transport).tasks.list().to_df()

    assert list(frame.columns)[-1] == "novel"
    assert list(frame["novel"].isna()) == [True, False]


def test_an_empty_page_becomes_a_data_frame_without_rows() -> None:
    frame = client_over(one_after_another(page("tasks"))).tasks.list().to_df()

    assert frame.empty
    assert "name" in frame.columns


def test_without_pandas_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    found = stage.client().spaces.list()
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(ImportError, match=re.escape(f"to_df() needs pandas: {install_command('pandas')}")):
        found.to_df()


def test_a_page_says_what_it_is() -> None:
    first, last = client_over(three_pages()).tasks.list(), client_over(one_after_another(page("tasks"))).tasks.list()

    assert repr(first) == "<TaskPage of 2 tasks ('task 1', 'task 2'), more to come>"
    assert repr(last) == "<TaskPage of 0 tasks, the last one>"


def test_every_kind_of_page_is_tried_above() -> None:
    """Pages of today's contract are covered by the tests of its lookups."""
    of_today = {
        kinds.AiIntegrationPage,
        kinds.EvaluatorVersionPage,
        kinds.IntegrationPage,
        kinds.PromptPage,
        kinds.PromptVersionPage,
    }

    assert {case[2] for case in LISTS} | of_today == set(Page.__subclasses__())


def test_looking_a_name_up_keeps_to_the_pages_that_the_client_allows(client_kind: ClientKind) -> None:
    cursors = iter("abcdefgh")
    transport = Recorder(lambda _: page("tasks", cursor=next(cursors)))

    with pytest.raises(TooManyPagesError, match="more than 2 pages"):
        client_kind.ask(transport, lambda ax: ax.tasks.get("some task", space=DEMO), limits=Limits(pages=2))

    assert len(transport.sent) == 2


class SteppedServer:
    """A server that delivers pages on the test's command, and records requests."""

    def __init__(self, *, fails_at: str | None = None, endless: bool = False) -> None:
        self.asked: list[str | None] = []
        self.cancelled: list[str | None] = []
        self._fails_at = fails_at
        self._endless = endless

    async def handle(self, request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        self.asked.append(cursor)
        try:
            await asyncio.sleep(0)
            if self._endless and cursor is not None:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(cursor)
            raise
        if cursor is not None and cursor == self._fails_at:
            return answer({"title": "no", "status": 403}, 403)
        number = int(cursor or 1)
        return page(
            "tasks", *[numbered(10 * number + n) for n in (1, 2)], cursor=str(number + 1) if number < 3 else None
        )

    def client(self, **settings: Any) -> AsyncAxClient:
        return async_client_over(httpx.MockTransport(self.handle), **settings)


async def settle() -> None:
    """Let all pending work happen."""
    for _ in range(50):
        await asyncio.sleep(0)


def test_the_next_page_is_prefetched_while_this_one_is_read() -> None:
    """One page ahead, and no more."""
    server = SteppedServer()

    async def play() -> list[tuple[str, int]]:
        seen = []
        async for task in (await server.client().tasks.list()).all(prefetch=True):
            await settle()
            seen.append((task.name, len(server.asked)))
        return seen

    assert outcome(play()) == [
        *[("task 11", 2), ("task 12", 2)],
        *[("task 21", 3), ("task 22", 3)],
        *[("task 31", 3), ("task 32", 3)],
    ]
    assert server.asked == [None, "2", "3"]


def test_fetching_ahead_gives_the_same_as_fetching_when_reached() -> None:
    async def play(*, prefetch: bool) -> list[list[str]]:
        first = await SteppedServer().client().tasks.list()
        return [[task.name for task in each.items] async for each in first.pages(prefetch=prefetch)]

    assert outcome(play(prefetch=True)) == outcome(play(prefetch=False))


@pytest.mark.parametrize("stop", ["break", "error", "cancel"])
def test_leaving_a_loop_early_stops_prefetching(stop: str) -> None:
    server = SteppedServer(endless=True)

    async def go_through() -> None:
        async for _ in (await server.client().tasks.list()).all(prefetch=True):
            await settle()
            if stop == "break":
                break
            if stop == "error":
                raise ZeroDivisionError
            await asyncio.Event().wait()

    async def play() -> None:
        task = asyncio.ensure_future(go_through())
        await settle()
        if stop == "cancel":
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await settle()
        assert server.cancelled == ["2"]
        assert len(asyncio.all_tasks()) == 1

    outcome(play())


def test_an_error_of_a_prefetched_page_is_raised_when_it_is_reached() -> None:
    async def play(server: SteppedServer, **settings: Any) -> tuple[list[str], type[BaseException]]:
        seen = []
        try:
            async for task in (await server.client(**settings).tasks.list()).all(prefetch=True):
                await settle()
                seen.append(task.name)
        except AxError as error:
            return seen, type(error)
        raise AssertionError("nothing went wrong")

    first, second = ["task 11", "task 12"], ["task 21", "task 22"]
    assert outcome(play(SteppedServer(fails_at="3"))) == ([*first, *second], PermissionDeniedError)
    assert outcome(play(SteppedServer(), limits=Limits(pages=2))) == ([*first, *second], TooManyPagesError)


def test_an_error_of_a_prefetched_page_that_is_never_reached_is_ignored() -> None:
    async def play() -> None:
        async for _ in (await SteppedServer(fails_at="2").client().tasks.list()).all(prefetch=True):
            await settle()
            break
        await settle()

    outcome(play())


@pytest.mark.parametrize("way", ["all", "pages"])
def test_the_blocking_client_does_one_thing_at_a_time(way: str) -> None:
    found = client_over(three_pages()).tasks.list()

    with pytest.raises(TypeError, match="fetched ahead by AsyncAxClient alone"):
        getattr(found, way)(prefetch=True)
    assert [task.name for task in found.all()] == ["task 1", "task 2", "task 3", "task 4"]


@pytest.mark.parametrize(("entries", "cursor", "truth"), [(0, None, False), (0, "b", True), (1, None, True)])
@pytest.mark.parametrize("case", LISTS, ids=[case[0] for case in LISTS])
def test_a_page_is_true_if_it_has_items_or_a_next_page(
    case: Listed, entries: int, cursor: str | None, truth: bool, client_kind: ClientKind
) -> None:
    name, ask, _, model = case
    entry = {"tasks": TASK, "task_runs": RUN}.get(name, {"id": "a", "name": "b", "created_at": TASK["created_at"]})
    entry = entry | {field.json_name: "a" for field in model.fields() if field.required and field.type == "str"}
    entry |= {"updated_at": TASK["created_at"], "type": "template"} if name not in {"tasks", "task_runs"} else {}
    found = client_kind.ask(one_after_another(page(name, *[entry] * entries, cursor=cursor)), ask)

    assert bool(found) is truth
    assert bool(found.all()) is truth
    assert bool(found.pages()) is True


@pytest.mark.parametrize("use", [len, lambda found: found[0], lambda found: found[:1]], ids=["len", "index", "slice"])
@pytest.mark.parametrize(
    ("part", "named"),
    [
        (lambda found: found, ".items"),
        (lambda found: found.all(), "page.all()"),
        (lambda found: found.pages(), "page.pages()"),
    ],
    ids=["page", "all", "pages"],
)
def test_iterators_have_no_length_and_no_index(part: Any, named: str, use: Any, client_kind: ClientKind) -> None:
    found = client_kind.ask(three_pages(), lambda ax: ax.tasks.list())

    with pytest.raises(TypeError, match=f"as it is fetched while it is gone through: .*{re.escape(named)}"):
        use(part(found))


def test_the_list_of_a_page_goes_on_through_all_pages() -> None:
    found = client_over(three_pages()).tasks.list()

    assert [task.name for task in list(found)] == [f"task {number}" for number in (1, 2, 3, 4)]
