"""Listed API keys: authentication, roles, and the spaces that a key can read (C44, C45)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known
from axtasks.mock.keys import Key, Role, read_key
from axtasks.mock.world.settings import Settings

from tests.conftest import BETA
from tests.mock.support import (
    ABSENT,
    DATASET_TASK,
    EXPERIMENT_TASK,
    MALFORMED_ID,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_TASK,
    Api,
    Json,
    Reply,
    run_path,
    task_path,
)

if TYPE_CHECKING:
    from axtasks.mock.jsontypes import JsonValue

    from tests.mock.doors import Door

pytestmark = pytest.mark.usefixtures("contract")

KEYS = (
    Key("the-admin", Role.ADMIN),
    Key("the-member"),
    Key("the-reader", Role.READ_ONLY),
    Key("the-former", Role.REVOKED),
    Key("the-european", Role.MEMBER, ("europe",)),
    Key("the-guest", Role.READ_ONLY, (known.DEMO_EU,)),
    Key("the-nobody", Role.ADMIN, ()),
)
CHAT, CHAT_EU = task_path(known.CHAT_QUALITY), task_path(known.CHAT_QUALITY_EU)

WRITES: list[tuple[str, str, Json]] = [
    ("POST", TASKS, PROJECT_TASK),
    ("PATCH", CHAT, {"name": "Another"}),
    ("DELETE", CHAT, ABSENT),
    ("POST", f"{CHAT}/trigger", {}),
    ("POST", run_path(known.CHAT_QUALITY_RUN, "cancel"), ABSENT),
]


@pytest.fixture
def mock(clock: Clock) -> Mock:
    """A mock with a list of keys."""
    return Mock(clock=clock, keys=KEYS)


def ask(api: Api, key: str, method: str, path: str, body: Json = ABSENT, *, query: str = "") -> Reply:
    """Return the response to a request with this key."""
    return api.send(method, path, body, query=query, headers=(("Authorization", f"Bearer {key}"),))


def test_a_path_with_needless_escapes_takes_a_key_too(api: Api) -> None:
    """Routers decode each segment: such a path led to the operation without a look at the key."""
    assert ask(api, "somebody", "GET", "/%76%32/spaces").status == 401
    assert [it["name"] for it in ask(api, "the-european", "GET", "/v%32/spaces").json["spaces"]] == ["europe"]


@pytest.mark.rule("C44")
@pytest.mark.parametrize(
    ("key", "status", "word"),
    [
        ("the-admin", 200, ""),
        ("the-member", 200, ""),
        ("the-reader", 200, ""),
        ("the-nobody", 200, ""),
        ("the-former", 401, "revoked"),
        ("somebody", 401, "unknown"),
        ("The-Admin", 401, "unknown"),
    ],
)
def test_who_is_let_in(api: Api, key: str, status: int, word: str) -> None:
    """Only listed keys that are not revoked are let in; the response does not repeat the key."""
    reply = ask(api, key, "GET", TASKS)

    assert (reply.status, word.encode() in reply.body) == (status, True)
    if status == 401:
        assert reply.header("www-authenticate") == "Bearer"
        assert key.encode() not in reply.body


def test_listed_keys_may_have_any_name(clock: Clock, door: Door) -> None:
    """A listed key is let in even if its text is `invalid`."""
    api = Api(Mock(clock=clock, keys=[Key("invalid")]), door)

    assert ask(api, "invalid", "GET", TASKS).status == 200
    assert ask(api, "k", "GET", TASKS).status == 401


@pytest.mark.rule("C45")
def test_read_only_keys_change_nothing(api: Api) -> None:
    """A write with a read-only key is a 403, before the body is checked."""
    before = api.get("/__mock/world").body

    for method, path, body in WRITES:
        for each in (body, {"nonsense": 1}):
            reply = ask(api, "the-reader", method, path, each)
            assert (method, path, reply.status) == (method, path, 403)
            assert (method, path, reply.json["title"]) == (method, path, "Access forbidden")
            assert "read-only" in reply.detail
    assert api.get("/__mock/world").body == before


@pytest.mark.rule("C45")
@pytest.mark.parametrize("key", ["the-admin", "the-member"])
def test_others_may_write(api: Api, key: str) -> None:
    """Keys of admins and members may write."""
    statuses = [ask(api, key, method, path, body).status for method, path, body in (WRITES[0], WRITES[1], WRITES[3])]

    assert statuses == [201, 200, 201]
    assert ask(api, key, "DELETE", CHAT).status == 204


ELSEWHERE = [
    (CHAT, 404),
    (CHAT_EU, 200),
    (f"{CHAT}/runs", 404),
    (f"{CHAT_EU}/runs", 200),
    (run_path(known.CHAT_QUALITY_RUN), 404),
    (f"/v2/spaces/{known.DEMO}", 404),
    (f"/v2/spaces/{known.DEMO_EU}", 200),
    (f"/v2/projects/{known.CHAT_PROD}", 404),
    (f"/v2/projects/{known.CHAT_PROD_EU}", 200),
    (f"/v2/datasets/{known.GOLDEN_SET}", 404),
    (f"/v2/datasets/{known.GOLDEN_SET_EU}", 200),
    (f"/v2/experiments/{known.BASELINE}", 404),
    (f"/v2/evaluators/{known.HALLUCINATION}", 404),
    (f"/v2/evaluators/{known.TOXICITY_EU}", 200),
]


@pytest.mark.rule("C45")
@pytest.mark.parametrize("key", ["the-european", "the-guest"])
def test_what_lies_in_other_spaces_is_not_there(api: Api, key: str) -> None:
    """For a restricted key a resource of another space gets the same response as an unknown one."""
    assert [(path, ask(api, key, "GET", path).status) for path, _ in ELSEWHERE] == ELSEWHERE
    reply, unknown = (ask(api, key, "GET", task_path(task)) for task in (known.CHAT_QUALITY, UNKNOWN_TASK))
    assert reply.detail == unknown.detail.replace(UNKNOWN_TASK, known.CHAT_QUALITY)


@pytest.mark.rule("C45")
def test_unreadable_comes_before_forbidden(api: Api) -> None:
    """A task that the key cannot read is a 404 and not a 403; a malformed id is a 400 first."""
    assert ask(api, "the-guest", "DELETE", CHAT).status == 404
    assert ask(api, "the-guest", "DELETE", CHAT_EU).status == 403
    assert ask(api, "the-guest", "DELETE", task_path(MALFORMED_ID)).status == 400


SEEN = {"spaces": (5, 1), "projects": (6, 1), "datasets": (3, 1), "experiments": (4, 0), "evaluators": (4, 1)}


@pytest.mark.rule("C45")
@pytest.mark.both_contracts
def test_lists_leave_out_the_rest(api: Api, contract: str) -> None:
    """Lists have only resources that the key can read, so none for a key without a space."""
    only_beta = {"evaluators": 2} if contract == BETA else {}
    keys = ("the-reader", "the-european", "the-nobody")

    counts = {name: [len(ask(api, key, "GET", f"/v2/{name}").json[name]) for key in keys] for name in SEEN}

    assert counts == {name: [every + only_beta.get(name, 0), some, 0] for name, (every, some) in SEEN.items()}


def test_pages_are_filled(api: Api) -> None:
    """Pages for a restricted key are full, and the last one says that it is the last."""
    page = ask(api, "the-european", "GET", TASKS, query="limit=1").json

    assert [task["id"] for task in page["tasks"]] == [known.CHAT_QUALITY_EU]
    assert page["pagination"] == {"has_more": False}


@pytest.mark.rule("C42", "C45")
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (TASKS, f"space_id={known.DEMO}", 404),
        (TASKS, f"project_id={known.CHAT_PROD}", 404),
        (TASKS, f"dataset_id={known.GOLDEN_SET}", 404),
        (TASKS, f"space_id={known.DEMO_EU}", 200),
    ],
)
def test_scopes_elsewhere(api: Api, path: str, query: str, status: int) -> None:
    """Tasks listed by a space, project or dataset that the key cannot read are a 404, as for an unknown one."""
    assert ask(api, "the-european", "GET", path, query=query).status == status


@pytest.mark.rule("C42", "C45")
@pytest.mark.both_contracts
def test_lookups_elsewhere(api: Api, contract: str) -> None:
    """Other lists by a space that the key cannot read: empty in the documents' contract, a 404 in the beta's (B3)."""
    reply = ask(api, "the-european", "GET", "/v2/projects", query=f"space_id={known.DEMO}")

    assert reply.status == (404 if contract == BETA else 200)


@pytest.mark.rule("C13", "C45")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        (PROJECT_TASK, "project_id"),
        (DATASET_TASK, "experiment_ids[0]"),
        (EXPERIMENT_TASK, "dataset_id"),
        ({**PROJECT_TASK, "project_id": known.CHAT_PROD_EU}, "evaluators[0].evaluator_id"),
    ],
    ids=["project", "dataset", "experiment", "evaluator"],
)
def test_references_elsewhere(api: Api, body: Json, field: str) -> None:
    """A body that refers to a resource that the key cannot read is a 404."""
    reply = ask(api, "the-european", "POST", TASKS, body)

    assert (reply.status, field in reply.detail) == (404, True), reply.detail


@pytest.mark.rule("C45")
def test_working_in_ones_own_space(api: Api) -> None:
    """In its own spaces a restricted key may do what its role allows."""
    body = {
        **PROJECT_TASK,
        "project_id": known.CHAT_PROD_EU,
        "evaluators": [{"evaluator_id": known.TOXICITY_EU}],
    }

    assert ask(api, "the-european", "POST", TASKS, body).status == 201
    assert ask(api, "the-guest", "POST", TASKS, body).status == 403


def test_a_world_lists_keys(clock: Clock, door: Door) -> None:
    """The keys of a world are in force, unless the mock is given others."""
    world = known.default_world()
    world.settings = Settings(keys=(Key("of-the-world"),))

    assert ask(Api(Mock(clock=clock, world=world), door), "of-the-world", "GET", TASKS).status == 200
    assert ask(Api(Mock(clock=clock, world=world), door), "other", "GET", TASKS).status == 401
    assert ask(Api(Mock(clock=clock, world=world, keys=[Key("other")]), door), "other", "GET", TASKS).status == 200


def test_the_control_plane_asks_for_no_key(api: Api) -> None:
    """The admin API needs no key, and shows everything."""
    ask(api, "the-european", "GET", TASKS)

    reply = api.send("GET", "/__mock/world", headers=())

    assert len(reply.json["spaces"]) == 5


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"key": "k"}, Key("k", Role.MEMBER)),
        ({"key": "k", "role": "read-only"}, Key("k", Role.READ_ONLY)),
        ({"key": "k", "role": "admin", "spaces": ["demo"]}, Key("k", Role.ADMIN, ("demo",))),
        ({"key": "k", "spaces": None}, Key("k")),
    ],
    ids=str,
)
def test_reading_keys(value: JsonValue, key: Key) -> None:
    """A key is read from an object; the default role is member."""
    assert read_key(value) == key


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("k", "has to be an object"),
        ({}, "key has to be text"),
        ({"key": ""}, "blanks"),
        ({"key": " k"}, "blanks"),
        ({"key": "k", "role": "boss"}, "admin, member, read-only, revoked"),
        ({"key": "k", "role": []}, "role has to be"),
        ({"key": "k", "spaces": "demo"}, "spaces has to be"),
        ({"key": "k", "spaces": [1]}, "spaces has to be"),
        ({"key": "k", "rule": "admin"}, "no rule"),
    ],
    ids=str,
)
def test_unreadable_keys(value: JsonValue, word: str) -> None:
    """A value that is no key is refused with the reason."""
    with pytest.raises(ValueError, match=re.escape(word)):
        read_key(value)


def test_a_key_is_listed_once() -> None:
    """Two entries for one key are refused."""
    with pytest.raises(ValueError, match="more than once"):
        Mock(keys=[Key("k"), Key("k", Role.ADMIN)])


@pytest.mark.parametrize("spaces", [("nowhere",), ("demo", "demo-usa")])
def test_a_key_for_a_space_that_is_not_there(spaces: tuple[str, ...]) -> None:
    """A key that is restricted to an unknown space is refused when the mock is made."""
    with pytest.raises(ValueError, match=spaces[-1]):
        Mock(keys=[Key("k", spaces=spaces)])


def test_keys_do_not_show() -> None:
    """The repr of a key does not have its text."""
    assert "secret" not in repr(Key("secret-token"))
