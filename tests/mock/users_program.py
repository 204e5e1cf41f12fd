"""Program of `test_another_type`: use users, a type of resource that a copy of the code has, and print the results."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import Any
from urllib.parse import quote

import httpx
from axtasks.mock import Mock, MockRequest, MockServer, MockTransport, WorldFileError, dump_world, load_world
from axtasks.mock.jsontypes import as_list, as_object
from axtasks.mock.storage import StateFile

WORLD = """
spaces: [{name: mine}, {name: other}]
projects: [{name: p, space: mine}]
evaluators: [{name: judge, space: mine}]
users:
  - {name: a, space: mine, template: "Say {x}", evaluator: judge, mood: calm}
  - {name: b, space: other, template: Hi}
tasks: [{name: t, project: p, evaluators: [judge]}]
task_runs: [{task: t, mood: cross}]
"""
KEYS = "settings: {keys: [{key: guest, spaces: [mine]}]}\n"
Json = Any


def answer(mock: Mock, path: str, *, query: str = "", key: str = "any") -> tuple[int, Json]:
    response = mock.handle(MockRequest("GET", path, query, (("Authorization", f"Bearer {key}"),)))
    return response.status, json.loads(response.body)


def names(listed: Json) -> list[str]:
    return [each["name"] for each in listed["users"]]


def path_of(mock: Mock, name: str) -> str:
    listed = answer(mock, "/__mock/world")[1]["users"]
    return next(f"/v2/users/{quote(each['id'], safe='')}" for each in listed if each["name"] == name)


def at_each_door(mock: Mock, path: str) -> list[Json]:
    found = [answer(mock, path)[1]]
    headers = {"Authorization": "Bearer any"}
    with httpx.Client(transport=MockTransport(mock), base_url="http://mock", headers=headers) as client:
        found.append(client.get(path).json())
    with MockServer(mock) as server, httpx.Client(base_url=server.url, headers=headers) as client:
        found.append(client.get(path).json())
    return found


def shown(user: Json, mock: Mock) -> Json:
    judge = mock.world.evaluators.all()[0]
    assert user.pop("space_id") in {space.id for space in mock.world.spaces.all()}
    return {
        **{name: value for name, value in user.items() if name not in {"id", "created_at"}},
        "evaluator_id": judge.name if user["evaluator_id"] == judge.id else user["evaluator_id"],
    }


def kept(file: str) -> list[str]:
    with closing(StateFile(file)) as store:
        Mock(world=load_world(WORLD), store=store)
    with closing(StateFile(file)) as store:
        return names(answer(Mock(store=store), "/v2/users")[1])


def asserted(mock: Mock) -> list[Json]:
    journal = mock.journal
    journal.clear()
    answer(mock, path_of(mock, "a"))
    found = [len(journal.assert_called("get_user", times=1, user=it)) for it in ("a", "mine/a")]
    try:
        journal.assert_called("get_user", user="b")
    except AssertionError as error:
        return [*found, str(error).rpartition("(")[2].strip(")")]
    return found


def refused(*items: str) -> list[str]:
    found = []
    for item in items:
        try:
            load_world(f"spaces: [{{name: mine}}]\nusers: [{item}]\n")
        except WorldFileError as error:
            found.append(f"{error.where}: {error.message}")
    return found


def main() -> None:
    mock, guarded = Mock(world=load_world(WORLD)), Mock(world=load_world(KEYS + WORLD))
    run = answer(mock, "/__mock/world")[1]["task_runs"][0]["id"]
    judge = mock.world.evaluators.all()[0].id
    dumped = dump_world(mock.world)
    document, schema = answer(mock, "/__mock/openapi.json")[1], answer(mock, "/__mock/world", query="format=schema")[1]
    schemas = document["components"]["schemas"]
    told = {
        "listed at each door": list(map(names, at_each_door(mock, "/v2/users"))),
        "got at each door": [shown(each, mock) for each in at_each_door(mock, path_of(mock, "a"))],
        "listed by evaluator": names(answer(mock, "/v2/users", query=f"evaluator_id={quote(judge)}")[1]),
        "listed by part of a name": names(answer(mock, "/v2/users", query="name=B")[1]),
        "unknown": answer(mock, "/v2/users/VXNlcjo5OTphQmNE")[0],
        "mood of a run": answer(mock, f"/v2/task-runs/{quote(run, safe='')}")[1]["mood"],
        "reloaded": dump_world(load_world(dumped)) == dumped,
        "dumped": {name: as_object(as_list(dumped["users"])[0])[name] for name in ("name", "template", "mood")},
        "kept": kept(sys.argv[1]),
        "hidden": [
            names(answer(guarded, "/v2/users", key="guest")[1]),
            answer(guarded, path_of(guarded, "b"), key="guest")[0],
        ],
        "asserted": asserted(mock),
        "described": [
            "users" in schemas["World"]["properties"],
            "users" in schemas["Census"]["required"],
            "template" in schema["properties"]["users"]["items"]["properties"],
        ],
        "refused": refused("{name: a}", "{name: a, template: Hi, evaluator: nobody}"),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
