"""Tests of overlays (OpenAPI Overlay 1.0): each action needs a reason and an effect."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest

from spec.diff.changes import compare
from spec.generator.__main__ import DEFAULT_SPEC, SPEC
from spec.generator.contract import load_contract, load_mapping
from spec.generator.overlays import OverlayError, apply_overlay

OVERLAYS = sorted((SPEC / "overlays").glob("*.yaml"))
DOCUMENT: dict[str, Any] = {
    "info": {"title": "T", "tags": ["a", "b", "c"]},
    "schemas": {"Color": {"enum": ["red", "blue"]}, "Size": {"enum": ["s"]}, "Name": {"type": "string"}},
}


def applied(*actions: dict[str, Any]) -> dict[str, Any]:
    """Return a small document after these actions."""
    document = copy.deepcopy(DOCUMENT)
    apply_overlay(document, {"overlay": "1.0.0", "actions": list(actions)})
    return document


def test_an_update_merges_objects_appends_to_arrays_and_replaces_the_rest() -> None:
    changed = applied(
        {
            "target": "$.info",
            "description": "The title is dull.",
            "update": {"title": "U", "tags": ["d"], "contact": {"name": "n"}},
        }
    )

    assert changed["info"] == {"title": "U", "tags": ["a", "b", "c", "d"], "contact": {"name": "n"}}


def test_an_action_applies_to_everything_that_matches() -> None:
    changed = applied({"target": "$.schemas[?@.enum].enum", "description": "They are renamed.", "remove": True})

    assert changed["schemas"] == {"Color": {}, "Size": {}, "Name": {"type": "string"}}


def test_several_items_of_one_array_can_be_removed() -> None:
    changed = applied({"target": "$.info.tags[0,2]", "description": "They are not used.", "remove": True})

    assert changed["info"]["tags"] == ["b"]


def test_an_update_of_several_targets_is_copied_to_each() -> None:
    changed = applied(
        {"target": "$.schemas[?@.enum]", "description": "Both say so.", "update": {"x-of": {"list": [1]}}},
        {"target": "$.schemas.Size", "description": "This one says more.", "update": {"x-of": {"list": [2]}}},
    )

    assert changed["schemas"]["Color"]["x-of"] == {"list": [1]}
    assert changed["schemas"]["Size"]["x-of"] == {"list": [1, 2]}


@pytest.mark.parametrize(
    ("action", "says"),
    [
        pytest.param({"target": "$.info", "update": {"title": "U"}}, "has no description", id="no reason"),
        pytest.param(
            {"target": "$.info", "description": " ", "update": {"title": "U"}},
            "has no description",
            id="a blank reason",
        ),
        pytest.param({"target": "$.nowhere", "description": "d", "remove": True}, "matches nothing", id="no match"),
        pytest.param(
            {"target": "$.info", "description": "d", "update": {"title": "T"}}, "changes nothing", id="no change"
        ),
        pytest.param({"target": "$.info", "description": "d"}, "either an update or", id="nothing to do"),
        pytest.param(
            {"target": "$.info", "description": "d", "update": {}, "remove": True}, "either an update or", id="both"
        ),
        pytest.param({"description": "d", "remove": True}, "no target", id="no target"),
        pytest.param({"target": "$.info[", "description": "d", "remove": True}, "no target", id="no path"),
        pytest.param({"target": "a.b", "description": "d", "remove": True}, "no target", id="a path from nowhere"),
        pytest.param({"target": 5, "description": "d", "remove": True}, "no target", id="a number for a path"),
        pytest.param({"target": "", "description": "d", "remove": True}, "no target", id="an empty path"),
        pytest.param({"target": "$.info", "description": "d", "remove": "yes"}, "neither true", id="a word for true"),
        pytest.param({"target": "$.info", "description": 5, "remove": True}, "no description", id="a number as reason"),
        pytest.param({"target": "$", "description": "d", "remove": True}, "remove the whole document", id="everything"),
        pytest.param({"target": "$", "description": "d", "update": []}, "replace the whole", id="all replaced"),
        pytest.param(
            {"target": "$.info", "description": "d", "updates": {"a": 1}},
            "no action has: updates",
            id="a misspelt member",
        ),
    ],
)
def test_an_action_without_reason_or_effect_is_refused_by_its_number(action: dict[str, Any], says: str) -> None:
    good = {"target": "$.info", "description": "Something else first.", "update": {"x": 1}}

    with pytest.raises(OverlayError, match=rf"action 2 .*{says}"):
        applied(good, action)


@pytest.mark.parametrize("action", ["oops", None, ["target"], 5], ids=repr)
def test_an_action_that_is_no_mapping_is_refused_by_its_number(action: Any) -> None:
    with pytest.raises(OverlayError, match=r"^mine\.yaml: action 1 is not a mapping"):
        apply_overlay(copy.deepcopy(DOCUMENT), {"overlay": "1.0.0", "actions": [action]}, "mine.yaml")


def test_members_of_an_extension_are_allowed_and_change_nothing() -> None:
    action = {"target": "$.info", "description": "d", "x-reason": [1], "update": {"title": "U"}}

    assert applied(action) == {**DOCUMENT, "info": {**DOCUMENT["info"], "title": "U"}}


PARAMETERS = [{"n": "f", "in": "q"}, {"n": "g", "in": "q"}, {"n": "h", "in": "header"}, {"n": "i", "in": "q"}]


@pytest.mark.parametrize(
    ("target", "left"),
    [
        pytest.param("$.p[?@.n=='f', ?@.in=='q']", "h", id="two filters that overlap"),
        pytest.param("$.p[0, 0]", "ghi", id="an index twice"),
        pytest.param("$.p[-1]", "fgh", id="the last"),
        pytest.param("$.p[-1, 3, 0]", "gh", id="the last by both its indices"),
        pytest.param("$.p[::-1]", "", id="a slice from the end"),
        pytest.param("$..[?@.in=='q']", "h", id="descendants"),
        pytest.param("$.p[?@.n=='g']['in']", "fghi", id="a member"),
    ],
)
def test_just_what_matches_is_removed_and_once(target: str, left: str) -> None:
    document = {"p": copy.deepcopy(PARAMETERS)}

    apply_overlay(document, {"overlay": "1.0.0", "actions": [{"target": target, "description": "d", "remove": True}]})

    assert "".join(each["n"] for each in document["p"]) == left


@pytest.mark.parametrize(
    ("target", "changed"),
    [
        pytest.param("$.a[0, -1, 0]", {"a": [[1, 9]], "b": {"b": [2]}}, id="an index three times"),
        pytest.param("$..b", {"a": [[1]], "b": [9]}, id="a match below a match"),
        pytest.param("$..[?length(@) == 1]", {"a": [[1, 9], 9], "b": [9]}, id="an array in an array"),
    ],
)
def test_an_update_reaches_each_match_once(target: str, changed: object) -> None:
    document: dict[str, Any] = {"a": [[1]], "b": {"b": [2]}}

    apply_overlay(document, {"overlay": "1.0.0", "actions": [{"target": target, "description": "d", "update": [9]}]})

    assert document == changed


@pytest.mark.parametrize("overlay", [{}, {"overlay": "1.0.0"}, {"overlay": "9", "actions": [{}]}])
def test_an_invalid_overlay_is_refused(overlay: dict[str, Any]) -> None:
    with pytest.raises(OverlayError, match="not an overlay"):
        apply_overlay(copy.deepcopy(DOCUMENT), overlay)


def test_every_overlay_of_the_project_applies_after_those_before_it() -> None:
    """Each of its actions has a reason and an effect: others are refused, as tested above."""
    unchanged = [
        file.name for number, file in enumerate(OVERLAYS) if contract_after(number) == contract_after(number + 1)
    ]

    assert unchanged == []


@cache
def contract_after(number: int) -> dict[str, Any]:
    """Return the contract after the first overlays."""
    if number == 0:
        return load_contract(DEFAULT_SPEC)
    contract = copy.deepcopy(contract_after(number - 1))
    apply_overlay(contract, load_mapping(OVERLAYS[number - 1]))
    return contract


def test_overlays_are_named_after_releases_and_applied_in_their_order() -> None:
    names = [file.stem for file in OVERLAYS]

    assert names == sorted(names, key=lambda name: [int(part) for part in name.split(".")])


# Whom each release breaks: 8.42 and 8.45, which mostly add, by one thing each. That 8.61 promises no field of an answer
# is left out of ours.
BREAKS: dict[str, dict[str, set[str] | None]] = {
    "8.35": {},
    "8.40": {"callers": None, "readers": None},
    "8.42": {"readers": {"Experiment.dataset_id", "Experiment.dataset_version_id"}},
    "8.45": {"callers": {"InvocationParams"}},
    "8.52": {"callers": None, "readers": {"GET /v2/spaces responses 404", "TemplateConfig.use_function_calling"}},
    "8.61": {},
}


@pytest.mark.programs
@pytest.mark.parametrize("number", range(len(OVERLAYS)), ids=[file.stem for file in OVERLAYS])
def test_a_release_breaks_those_that_it_is_known_to_break(number: int) -> None:
    broken: dict[str, set[str]] = {}
    for change in compare(contract_after(number), contract_after(number + 1)):
        for side, verdict in change.sides.items():
            if verdict == "breaking":
                broken.setdefault(side, set()).add(change.name.partition(": ")[0])

    expected = BREAKS[OVERLAYS[number].stem]
    assert broken.keys() == expected.keys()
    assert {side: broken[side] for side, names in expected.items() if names} == {
        side: names for side, names in expected.items() if names
    }
