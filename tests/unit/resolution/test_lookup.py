"""Tests of evaluators that are looked up together, with the fewest requests that give the same certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AmbiguousNameError, Limits, UnknownNameError

from tests.unit.support import CHAT_PROD, DEMO, TASK, ClientKind, Recorder, answer, page

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.unit.support import Json, Sent

NAMES = ["Accuracy", "Brevity", "Clarity"]


def evaluator(name: str, number: int) -> Json:
    return {
        "id": f"evaluator-{number}",
        "name": name,
        "type": "template",
        "space_id": DEMO,
        "description": None,
        "created_at": "2026-01-05T09:00:00.000Z",
        "updated_at": "2026-01-05T09:00:00.000Z",
        "created_by_user_id": None,
    }


class Space:
    """A server with evaluators and a page size."""

    def __init__(self, *names: str, most: int = 100) -> None:
        self.evaluators = [evaluator(name, number) for number, name in enumerate(names)]
        self.most = most
        self.transport = Recorder(self.answer)

    def answer(self, sent: Sent) -> httpx.Response:
        """Return the response to a request."""
        if sent.path != "/v2/evaluators":
            return answer(TASK, 201 if sent.is_write else 200)
        part = sent.query.get("name", "").casefold()
        found = [it for it in self.evaluators if part in it["name"].casefold()]
        begin = int(sent.query.get("cursor", 0))
        end = begin + self.most
        return page("evaluators", *found[begin:end], cursor=str(end) if end < len(found) else None)

    @property
    def looks(self) -> list[str]:
        """The name filter of each list request; an empty text for a request without one."""
        return [sent.query.get("name", "") for sent in self.transport.sent if sent.path == "/v2/evaluators"]

    @property
    def written(self) -> list[str]:
        """The evaluator ids that were sent."""
        (sent,) = self.transport.writes
        return [it["evaluator_id"] for it in sent.json["evaluators"]]


def create(*evaluators: str) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_evaluation_task(
        "Fresh", task_type="template_evaluation", project=CHAT_PROD, evaluators=evaluators, space=DEMO
    )


def update(*evaluators: str) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.update(TASK["id"], evaluators=evaluators, space=DEMO)


@pytest.mark.parametrize("write", [create, update])
def test_several_names_take_one_list_of_all_resources(write: Callable[..., Any], client_kind: ClientKind) -> None:
    space = Space("Other", *NAMES)

    client_kind.ask(space.transport, write("Clarity", "Accuracy", "Brevity"))

    assert space.looks == [""]
    assert space.written == ["evaluator-3", "evaluator-1", "evaluator-2"]


def test_one_name_is_looked_up_by_itself(client_kind: ClientKind) -> None:
    space = Space(*NAMES)

    client_kind.ask(space.transport, create("Clarity"))

    assert space.looks == ["Clarity"]


@pytest.mark.parametrize("limits", [None, Limits(pages=1)], ids=["any-pages", "one-page"])
def test_where_one_page_has_not_all_each_name_is_looked_up(limits: Limits | None, client_kind: ClientKind) -> None:
    """A second evaluator of the same name may be on a later page."""
    space = Space(*NAMES, "Other", most=3)

    client_kind.ask(space.transport, create(*NAMES), limits=limits)

    assert space.looks[0] == ""
    assert sorted(space.looks[1:]) == NAMES
    assert space.written == ["evaluator-0", "evaluator-1", "evaluator-2"]


@pytest.mark.parametrize("most", [100, 3], ids=["on-one-page", "on-a-later-page"])
def test_a_name_that_two_bear_is_ambiguous_wherever_they_stand(most: int, client_kind: ClientKind) -> None:
    space = Space(*NAMES, "Accuracy", most=most)

    with pytest.raises(AmbiguousNameError, match="2 evaluators are named 'Accuracy'") as caught:
        client_kind.ask(space.transport, create("Brevity", "Accuracy"))

    assert caught.value.candidates == ("evaluator-0", "evaluator-3")
    assert space.transport.writes == []


# Of names that contain the one that was looked for, those alone.
AVAILABLE = {"accuracy": ["Accuracy", "Accuracy 2"], "Acc": ["Accuracy", "Accuracy 2"], "Accuracy ": ["Accuracy 2"]}


@pytest.mark.parametrize("name", ["Acuracy", "accuracy", "Acc", "Nothing like it", "Accuracy "])
def test_an_unknown_name_among_several_is_told_as_a_single_one_is(name: str, client_kind: ClientKind) -> None:
    alone, among = Space(*NAMES, "Accuracy 2"), Space(*NAMES, "Accuracy 2")

    with pytest.raises(UnknownNameError) as single:
        client_kind.ask(alone.transport, create(name))
    with pytest.raises(UnknownNameError) as several:
        client_kind.ask(among.transport, create("Brevity", name))

    assert str(several.value) == str(single.value)
    assert vars(several.value) == vars(single.value)
    assert (single.value.resource_type, single.value.resource_name) == ("evaluator", name)
    assert single.value.available_names == AVAILABLE.get(name, [*NAMES, "Accuracy 2"])
    assert among.looks == [""]
    assert among.transport.writes == []


@pytest.mark.parametrize(
    ("given", "there", "said"),
    [
        pytest.param(
            "Caf\u00e9", "Cafe\u0301", r"named 'Caf\\xe9' in space .*; did you mean 'Cafe\\u0301'", id="accents"
        ),
        pytest.param("a b", "a\u00a0b", r"named 'a b' in space .*; did you mean 'a\\xa0b'", id="blanks"),
        pytest.param("\u3042 b", "\u3042\u3000b", r"named '\\u3042 b' .*; did you mean '\\u3042\\u3000b'", id="wide"),
        pytest.param("ab", "a\u200bb", r"named 'ab' .*; did you mean 'a\\u200bb'", id="nothing seen"),
        pytest.param("Caf\u00e9", "Caf\u00e9s", "named 'Caf\u00e9' .*; did you mean 'Caf\u00e9s'", id="another look"),
    ],
)
def test_names_that_look_the_same_are_told_apart(given: str, there: str, said: str, client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError, match=said):
        client_kind.ask(Space(there).transport, create(given))


def test_of_several_unknown_names_the_first_is_told(client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError, match="no evaluator is named 'Wit'"):
        client_kind.ask(Space(*NAMES).transport, create("Clarity", "Wit", "Charm"))


@pytest.mark.parametrize(
    ("second", "looks"),
    [
        pytest.param(["Brevity", "Accuracy"], [], id="all-remembered"),
        pytest.param(["Brevity", "Clarity"], ["Clarity"], id="one-is-new"),
        pytest.param(["Brevity", "Clarity", "Depth"], [""], id="two-are-new"),
    ],
)
def test_cached_names_are_not_looked_up(second: list[str], looks: list[str], client_kind: ClientKind) -> None:
    space = Space(*NAMES, "Depth")

    client_kind.in_turn(space.transport, create("Accuracy", "Brevity"), create(*second))

    assert space.looks[1:] == looks


def test_ids_are_not_looked_up(client_kind: ClientKind) -> None:
    space = Space(*NAMES)
    known = "RXZhbHVhdG9yOjEyOmFCY0Q="

    client_kind.ask(space.transport, create(known, "Brevity"))

    assert space.looks == ["Brevity"]
    assert space.written == [known, "evaluator-1"]
