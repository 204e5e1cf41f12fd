"""Tests of the name cache: never used for what cannot be undone, and never the cause of an error.

A cached id may only be out of date in one way: it belongs to the resource that had the name at the lookup.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import (
    AmbiguousNameError,
    AxError,
    ConfigurationError,
    ConflictError,
    InvalidArgumentError,
    NameMemory,
    NotApplicableError,
    NotFoundError,
    UnknownNameError,
)
from axtasks.config.options import DEFAULT_ENTRIES, DEFAULT_SECONDS
from axtasks.engine.caches import CachedId, NameCache, NameKey
from axtasks.mock import default_world as known

from tests.unit.support import (
    CHAT_PROD,
    CHAT_QUALITY,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    RUN,
    START,
    TASK,
    ClientKind,
    Recorder,
    Stage,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.unit.support import Sent

MONITOR, REVIEW = "Chat Quality Monitor", "Golden Set Review"


def trigger(task: str = MONITOR, **arguments: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.trigger_run(task, **{"space": "demo", **arguments})


def get(task: str = MONITOR, **arguments: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.get(task, **{"space": "demo", **arguments})


def other_client(stage: Stage) -> Any:
    """Return another client of the same server, whose requests are not recorded."""
    return client_over(stage.door, space="demo")


def meanwhile(stage: Stage, act: Callable[[Any], object]) -> Callable[[Any], Any]:
    """Return a step in which another client acts. A read of a space by its id marks it in the record."""

    def step(ax: Any) -> Any:
        act(other_client(stage))
        # Others shall not get this world.
        stage.mock.clock.advance(1)
        return ax.spaces.get(DEMO)

    return step


def after(stage: Stage) -> list[str]:
    """Return the requests since the other client acted."""
    return stage.calls[stage.calls.index(f"GET /v2/spaces/{DEMO}") + 1 :]


# -- how many requests a call takes -----------------------------------------------------------------------------------

TASKS, TRIGGER = "GET /v2/tasks", f"POST /v2/tasks/{CHAT_QUALITY}/trigger"
COSTS: list[tuple[str, list[Callable[[Any], Any]], list[str]]] = [
    ("trigger-by-id", [trigger(CHAT_QUALITY)], [TRIGGER]),
    ("trigger-by-name-and-space-id", [trigger(space=DEMO)], [TASKS, TRIGGER]),
    ("trigger-by-names", [trigger()], ["GET /v2/spaces", TASKS, TRIGGER]),
    ("trigger-remembered", [trigger(), trigger()], ["GET /v2/spaces", TASKS, TRIGGER, TRIGGER]),
    (
        "update-by-id",
        [lambda ax: ax.tasks.update(CHAT_QUALITY, sampling_rate=0.5)],
        [f"PATCH /v2/tasks/{CHAT_QUALITY}"],
    ),
    (
        "update-by-name",
        [lambda ax: ax.tasks.update(MONITOR, space=DEMO, sampling_rate=0.5)],
        [TASKS, f"PATCH /v2/tasks/{CHAT_QUALITY}"],
    ),
    ("get-remembered", [get(), get()], ["GET /v2/spaces", TASKS, *[f"GET /v2/tasks/{CHAT_QUALITY}"] * 2]),
    (
        "list-remembered",
        [get(), lambda ax: ax.tasks.list_runs(MONITOR, space="demo")],
        ["GET /v2/spaces", TASKS, f"GET /v2/tasks/{CHAT_QUALITY}", f"GET /v2/tasks/{CHAT_QUALITY}/runs"],
    ),
    (
        "experiments-remembered",
        [lambda ax: ax.experiments.get("baseline", dataset="golden-set", space="demo")] * 2,
        [
            *["GET /v2/spaces", "GET /v2/datasets", "GET /v2/experiments"],
            *[f"GET /v2/experiments/{known.BASELINE}"] * 2,
        ],
    ),
]


@pytest.mark.parametrize(("calls", "sent"), [case[1:] for case in COSTS], ids=[case[0] for case in COSTS])
def test_no_more_is_asked_than_has_to_be(
    calls: list[Callable[[Any], Any]], sent: list[str], stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.in_turn(stage.recorder, *calls)

    assert stage.calls == sent


def test_a_copy_of_a_client_shares_its_memory(stage: Stage) -> None:
    client = stage.client()

    client.tasks.get(MONITOR, space="demo")
    client.with_options(timeout=5).tasks.get(MONITOR, space="demo")

    assert stage.calls[3:] == [f"GET /v2/tasks/{CHAT_QUALITY}"]


def test_a_client_does_not_know_what_another_one_looked_up(stage: Stage) -> None:
    for _ in range(2):
        stage.client().tasks.get(MONITOR, space="demo")

    assert stage.calls[:3] == stage.calls[3:]


# -- what is not taken from memory ------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [{"remember_names": False}, {"remember_names": NameMemory(seconds=1e-9)}], ids=str)
def test_memory_can_be_switched_off(
    off: dict[str, Any], stage: Stage, client_kind: ClientKind, stopwatch: Stopwatch
) -> None:
    def pass_time(ax: Any) -> Any:
        stopwatch.now += 1
        return get()(ax)

    client_kind.in_turn(stage.recorder, get(), pass_time, clock=stopwatch.clock, **off)

    assert stage.calls[:3] == stage.calls[3:]


def test_memory_can_be_switched_off_for_one_call(stage: Stage) -> None:
    client = stage.client()
    client.tasks.get(MONITOR, space="demo")
    stage.forget()

    client.with_options(remember_names=False).tasks.get(MONITOR, space="demo")

    assert stage.calls == ["GET /v2/spaces", TASKS, f"GET /v2/tasks/{CHAT_QUALITY}"]


@pytest.mark.parametrize(
    "destroy",
    [
        pytest.param(lambda ax: ax.tasks.delete(MONITOR, space="demo"), id="delete"),
        pytest.param(lambda ax: ax.tasks.update(MONITOR, space="demo", name="Renamed"), id="rename"),
        pytest.param(lambda ax: ax.tasks.update(MONITOR, space="demo", query_filter=None), id="overwrite"),
    ],
)
def test_an_irreversible_call_looks_the_name_up_again(
    destroy: Callable[[Any], Any], stage: Stage, client_kind: ClientKind
) -> None:
    """Task and space are both looked up, whatever the cache holds."""
    made: list[str] = []

    def swap(other: Any) -> None:
        other.tasks.update(CHAT_QUALITY, name="Kept")
        made.append(
            other.tasks.create_evaluation_task(
                MONITOR, task_type="template_evaluation", project=CHAT_PROD, evaluators=[HALLUCINATION]
            ).id
        )

    client_kind.in_turn(stage.recorder, get(), meanwhile(stage, swap), destroy)

    assert after(stage)[:2] == ["GET /v2/spaces", TASKS]
    assert [sent.path.replace("%3D", "=") for sent in stage.writes] == [f"/v2/tasks/{made[0]}"]
    assert other_client(stage).tasks.get(CHAT_QUALITY).name == "Kept"


# -- what a client changes itself -------------------------------------------------------------------------------------


def rename(ax: Any) -> Any:
    return ax.tasks.update(CHAT_QUALITY, name="Renamed")


def delete(ax: Any) -> Any:
    return ax.tasks.delete(CHAT_QUALITY)


def delete_by_hand(ax: Any) -> Any:
    return ax.request("DELETE", f"/v2/tasks/{CHAT_QUALITY}")


@pytest.mark.parametrize("change", [rename, delete, delete_by_hand])
def test_a_name_is_looked_up_again_after_a_rename_or_deletion(
    change: Callable[[Any], Any], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(UnknownNameError):
        client_kind.in_turn(stage.recorder, get(), change, get())


def test_a_name_given_to_another_task_leads_there_at_once(stage: Stage, client_kind: ClientKind) -> None:
    """A copy of the client with an empty cache does so, too."""
    found = client_kind.in_turn(
        stage.recorder,
        get(),
        get(REVIEW),
        rename,
        lambda ax: ax.with_options(remember_names=False).tasks.update(REVIEW, space="demo", name=MONITOR),
        get(),
    )

    assert found.id == known.GOLDEN_REVIEW


def test_a_created_task_is_what_its_name_leads_to(stage: Stage, client_kind: ClientKind) -> None:
    made = client_kind.in_turn(
        stage.recorder,
        get(),
        meanwhile(stage, lambda other: other.tasks.delete(CHAT_QUALITY)),
        lambda ax: ax.tasks.create_run_experiment_task(
            MONITOR, dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION
        ),
        get(),
    )

    assert made.type == "run_experiment"


@pytest.mark.both_clients
def test_a_lookup_during_a_rename_is_not_cached(client_kind: ClientKind) -> None:
    """The response comes from before the change, which this client makes while the lookup is under way."""
    clients: list[Any] = []

    def script(sent: Sent) -> httpx.Response:
        if sent.method == "GET" and sent.path == "/v2/tasks":
            clients[0].names.invalidate("task", ids=(CHAT_QUALITY,))
            return page("tasks", TASK)
        return answer(TASK)

    transport = Recorder(script)

    def note(ax: Any) -> Any:
        clients.append(ax._context)
        return get(space=DEMO)(ax)

    client_kind.in_turn(transport, note, get(space=DEMO))

    assert transport.calls.count(TASKS) == 2


# -- what others change -----------------------------------------------------------------------------------------------


def give_name_to_new(other: Any, **arguments: Any) -> Any:
    return other.tasks.create_evaluation_task(
        MONITOR, task_type="template_evaluation", project=CHAT_PROD, evaluators=[HALLUCINATION], **arguments
    )


def test_a_task_that_somebody_renamed_is_still_what_the_remembered_name_leads_to(
    stage: Stage, client_kind: ClientKind
) -> None:
    """This is the cost of the cache, limited to its lifetime."""
    found = client_kind.in_turn(stage.recorder, get(), meanwhile(stage, rename), get())

    assert (found.id, found.name) == (CHAT_QUALITY, "Renamed")


@pytest.mark.both_clients
@pytest.mark.parametrize("call", [get(), trigger(data_start_time=START)], ids=["get", "trigger"])
def test_a_deleted_task_whose_name_is_another_ones_is_looked_up_again(
    call: Callable[[Any], Any], stage: Stage, client_kind: ClientKind
) -> None:
    made: list[str] = []

    def swap(other: Any) -> None:
        other.tasks.delete(CHAT_QUALITY)
        made.append(give_name_to_new(other).id)

    found = client_kind.in_turn(stage.recorder, get(), meanwhile(stage, swap), call)

    assert made[0] in {found.id, getattr(found, "task_id", None)}
    # Once in vain, then all names anew, then once more.
    assert [path for path in after(stage) if not path.endswith((TASKS, "GET /v2/spaces"))][-1].count(made[0]) == 1
    assert len(after(stage)) == 4


@pytest.mark.both_clients
def test_a_restarted_call_has_all_its_arguments(stage: Stage, client_kind: ClientKind) -> None:
    """Iterators are included, though they can be read only once."""

    def swap(other: Any) -> None:
        other.tasks.delete(known.GOLDEN_REVIEW)
        other.tasks.create_evaluation_task(
            REVIEW,
            task_type="template_evaluation",
            dataset=GOLDEN_SET,
            evaluators=[HALLUCINATION],
            experiment_ids=[known.BASELINE],
        )

    client_kind.in_turn(
        stage.recorder,
        get(REVIEW),
        meanwhile(stage, swap),
        trigger(REVIEW, experiment_ids=(each for each in [known.BASELINE])),
    )

    assert [sent.json for sent in stage.writes] == [{"experiment_ids": [known.BASELINE]}] * 2


def test_a_deleted_task_whose_name_is_one_of_another_type_is_looked_up_again(
    stage: Stage, client_kind: ClientKind
) -> None:
    """By the cached task's type, the fields would not even apply."""

    def swap(other: Any) -> None:
        other.tasks.delete(CHAT_QUALITY)
        other.tasks.create_run_experiment_task(MONITOR, dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION)

    run = client_kind.in_turn(
        stage.recorder, trigger(), meanwhile(stage, swap), trigger(experiment_name="second", max_examples=1)
    )

    assert run.task_id != CHAT_QUALITY


@pytest.mark.both_clients
@pytest.mark.parametrize(
    ("call", "error", "sent"),
    [
        (trigger(experiment_name="second"), NotApplicableError, f"GET /v2/tasks/{CHAT_QUALITY}"),
        (
            trigger("Nightly Summaries", experiment_name="baseline"),
            ConflictError,
            f"POST /v2/tasks/{known.NIGHTLY_SUMMARIES}/trigger",
        ),
    ],
    ids=["by-the-client", "by-the-server"],
)
def test_a_refusal_of_an_existing_resource_is_final(
    call: Callable[[Any], Any], error: type[AxError], sent: str, stage: Stage, client_kind: ClientKind
) -> None:
    """The name may belong to another task by now: the cached id stays valid while its task exists."""
    with pytest.raises(error):
        client_kind.in_turn(stage.recorder, get(), get("Nightly Summaries"), meanwhile(stage, rename), call)

    assert after(stage) == [sent]


@pytest.mark.both_clients
def test_a_call_is_restarted_only_once(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError):
        client_kind.in_turn(
            stage.recorder, get(), meanwhile(stage, lambda other: other.tasks.delete(CHAT_QUALITY)), get()
        )

    assert len(after(stage)) == 4


def test_a_call_that_may_have_been_applied_is_not_restarted(client_kind: ClientKind) -> None:
    """It was refused as not found only after an attempt without a response."""
    gone = answer({"title": "Gone", "status": 404}, 404)
    transport = Recorder(
        lambda sent: {
            TASKS: page("tasks", TASK),
            f"GET /v2/tasks/{CHAT_QUALITY}": answer(TASK),
        }.get(f"{sent.method} {sent.path}", gone)
    )
    lost = iter([answer({"title": "Oops", "status": 500}, 500), gone])
    plain = transport._answer
    assert not isinstance(plain, Stage)
    transport._answer = lambda sent: next(lost) if sent.is_write else plain(sent)

    with pytest.raises(AxError):
        client_kind.in_turn(
            transport, get(space=DEMO), lambda ax: ax.tasks.trigger_run(MONITOR, space=DEMO), on_ambiguous="raise"
        )

    assert transport.calls.count(TASKS) == 1
    assert len(transport.writes) == 1


def test_a_name_that_becomes_ambiguous_is_told_once_it_is_looked_up(
    client_kind: ClientKind, stopwatch: Stopwatch
) -> None:
    spaces = [{"id": DEMO, "name": "demo", "description": "", "created_at": "2026-01-05T09:00:00.000Z"}]
    twin = spaces[0] | {"id": known.DEMO_EU}
    transport = Recorder(lambda sent: page("spaces", *spaces) if sent.path == "/v2/spaces" else answer(spaces[0]))

    def later(seconds: float) -> Callable[[Any], Any]:
        def step(ax: Any) -> Any:
            spaces[1:] = [twin]
            stopwatch.now += seconds
            return ax.spaces.get("demo")

        return step

    with pytest.raises(AmbiguousNameError):
        client_kind.in_turn(
            transport, lambda ax: ax.spaces.get("demo"), later(1), later(DEFAULT_SECONDS), clock=stopwatch.clock
        )

    assert transport.calls.count("GET /v2/spaces") == 2


PROJECT = {"id": CHAT_PROD, "name": "p", "space_id": DEMO, "created_at": "2026-01-05T09:00:00.000Z"}


@pytest.mark.parametrize(("group", "item"), [("projects", PROJECT), ("tasks", TASK)], ids=["projects", "tasks"])
def test_an_empty_list_within_what_was_remembered_is_asked_for_again(
    group: str, item: dict[str, Any], client_kind: ClientKind
) -> None:
    """A server of the documents' dialect answers with an empty list for a space that is gone."""
    found = [[{"id": DEMO, "name": "demo"}], [{"id": known.DEMO_EU, "name": "demo"}]]
    given = {"description": "", "created_at": "2026-01-05T09:00:00.000Z"}
    lists = iter([[item], [], [item]])
    spaces = iter(found)
    transport = Recorder(
        lambda sent: (
            page("spaces", *[it | given for it in next(spaces)])
            if sent.path == "/v2/spaces"
            else page(group, *next(lists))
        )
    )

    def listed(ax: Any) -> Any:
        return getattr(ax, group).list(space="demo")

    assert len(client_kind.in_turn(transport, listed, listed).items) == 1
    assert [sent.query.get("space_id") for sent in transport.sent] == [None, DEMO, DEMO, None, known.DEMO_EU]


def test_an_empty_list_is_what_it_is_where_nothing_was_remembered(client_kind: ClientKind) -> None:
    transport = one_after_another(page("projects"))

    assert client_kind.ask(transport, lambda ax: ax.projects.list(space=DEMO)).items == []


# -- how long, and how much -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("memory", "seconds", "is_known"),
    [
        (True, DEFAULT_SECONDS - 1, True),
        (True, DEFAULT_SECONDS, False),
        (NameMemory(seconds=10), 9, True),
        (NameMemory(seconds=10), 10, False),
        (NameMemory(seconds=float("inf")), 1e9, True),
    ],
    ids=str,
)
def test_cached_names_expire_after_their_lifetime(
    memory: NameMemory | bool, seconds: float, is_known: bool, stage: Stage, stopwatch: Stopwatch
) -> None:
    """The client's clock counts; a lookup in the cache does not extend the lifetime."""
    client = stage.client(clock=stopwatch.clock, remember_names=memory, space="demo")

    for _ in range(3):
        client.tasks.get(MONITOR)
        stopwatch.now += seconds / 2

    assert stage.calls.count(TASKS) == (1 if is_known else 2)


def known_names(names: NameCache, memory: NameMemory, *wanted: str) -> list[bool]:
    return [names.find(NameKey("task", DEMO, name), memory, now=0) is not None for name in wanted]


def test_the_least_recently_used_names_are_dropped() -> None:
    names, memory = NameCache(), NameMemory(entries=2)

    def remember(name: str) -> None:
        names.store(NameKey("task", DEMO, name), CachedId(name, 0), memory, changes=names.changes)

    remember("a")
    remember("b")
    assert known_names(names, memory, "a") == [True]
    remember("c")

    assert known_names(names, memory, "a", "b", "c") == [True, False, True]


def test_a_client_remembers_no_more_names_than_it_may(stage: Stage, client_kind: ClientKind) -> None:
    client_kind.in_turn(
        stage.recorder,
        *[get(name, space=DEMO) for name in (MONITOR, REVIEW, MONITOR)],
        remember_names=NameMemory(entries=1),
    )

    assert stage.calls.count(TASKS) == 3


def test_only_the_entries_that_misled_a_call_are_dropped() -> None:
    """A misled call keeps the entries that another call has looked up since."""
    names, memory, key = NameCache(), NameMemory(), NameKey("task", DEMO, "a")
    stale, fresh = CachedId("old", 0), CachedId("new", 1)
    names.store(key, stale, memory, changes=0)
    names.store(key, fresh, memory, changes=0)

    names.evict(key, stale)
    assert names.find(key, memory, now=1) is fresh
    names.evict(key, fresh)
    assert names.find(key, memory, now=1) is None


def test_names_of_other_kinds_and_places_are_kept_apart(stage: Stage, client_kind: ClientKind) -> None:
    found = [
        client_kind.in_turn(stage.recorder, get(), get(space="demo-eu")).id,
        client_kind.in_turn(stage.recorder, lambda ax: ax.projects.get("chat-prod", space="demo"), get()).id,
    ]

    assert found == [known.CHAT_QUALITY_EU, CHAT_QUALITY]


def test_threads_share_one_memory() -> None:
    """Many threads look up, rename and forget at once; every id is right, and the size limit holds."""
    tasks = [TASK | {"id": f"task-{number}", "name": f"task {number}"} for number in range(8)]

    def script(sent: Sent) -> httpx.Response:
        if sent.path == "/v2/tasks":
            return page("tasks", *[it for it in tasks if it["name"] == sent.query["name"]])
        return answer(next(it for it in tasks if sent.path.endswith(it["id"])))

    transport = Recorder(script)
    client = client_over(transport, remember_names=NameMemory(entries=4))

    def work(seed: int) -> bool:
        name = f"task {seed % 8}"
        if seed % 5 == 0:
            client._context.names.invalidate("task", names=(name,))
        found = client.tasks.get(name, space=DEMO)
        return found.name == name

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(160)))
    assert len(client._context.names._entries) <= 4


def test_tasks_of_an_event_loop_share_one_memory(stage: Stage) -> None:
    async def run() -> set[str]:
        client = stage.async_client()
        await client.tasks.get(MONITOR, space="demo")
        found = await asyncio.gather(*[client.tasks.get(MONITOR, space="demo") for _ in range(8)])
        return {task.id for task in found}

    assert asyncio.run(run()) == {CHAT_QUALITY}
    assert len(stage.calls) == 2 + 9


# -- how it is set up -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, 5, "yes", {"seconds": 5}], ids=repr)
def test_invalid_cache_settings_are_refused(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"remember_names has to be True, False or NameMemory"):
        client_over(one_after_another(), remember_names=given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"entries": 0}, "remember_names.entries has to be a whole number of at least 1"),
        ({"entries": 1.5}, "remember_names.entries has to be a whole number"),
        ({"seconds": 0}, "remember_names.seconds has to be a positive number of seconds"),
        ({"seconds": "5"}, "remember_names.seconds has to be a positive number of seconds"),
    ],
    ids=str,
)
def test_a_cache_needs_a_positive_size(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        NameMemory(**given)


def test_the_cache_has_default_limits() -> None:
    assert NameMemory() == NameMemory(entries=1024, seconds=300)
    assert (DEFAULT_ENTRIES, DEFAULT_SECONDS) == (1024, 300)


def test_a_404_for_an_id_of_the_caller_is_final(client_kind: ClientKind) -> None:
    """Only cached ids can mislead: a 404 for the caller's own id is final."""
    transport = one_after_another(answer({"title": "Gone", "status": 404}, 404))

    with pytest.raises(NotFoundError):
        client_kind.ask(transport, trigger(CHAT_QUALITY))


def test_a_trigger_by_a_remembered_name_sends_what_it_was_asked_to(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK), answer(RUN, 201), answer(RUN, 201))

    client_kind.in_turn(transport, trigger(space=DEMO), trigger(space=DEMO, max_spans=5))

    assert [sent.json for sent in transport.writes] == [{}, {"max_spans": 5}]
