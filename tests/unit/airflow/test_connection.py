"""Tests of client settings read from an Airflow connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from axtasks import AxClient, ConfigurationError
from axtasks.airflow import get_provider_info
from axtasks.airflow.connection import ConnectionSettings, connection_settings

from tests import planted

KEY = planted.UNIT


@dataclass
class ConnectionOfAirflow:
    """An Airflow connection with a fixed set of fields."""

    conn_id: str = "ax"
    conn_type: str | None = "ax_tasks"
    host: str | None = None
    port: int | None = None
    password: str | None = KEY
    extra_dejson: dict[str, object] = field(default_factory=dict)


VENDOR: dict[str, Any] = {"conn_type": "arize_ax"}
SETTINGS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a key alone", {}, {}),
    (
        "all fields",
        {"extra_dejson": {"space": "demo", "region": "eu-west-1a", "contract": "beta", "ca_file": "/ca.pem"}},
        {"space": "demo", "region": "eu-west-1a", "contract": "beta", "ca_file": "/ca.pem"},
    ),
    ("a server", {"extra_dejson": {"base_url": "https://ax"}}, {"base_url": "https://ax"}),
    ("a host with a port", {"host": "ax.internal", "port": 8443}, {"api_host": "ax.internal:8443"}),
    ("a URL in the field of the host", {"host": "https://ax"}, {"base_url": "https://ax"}),
    ("fields that are empty", {"extra_dejson": {"space": "", "region": None}}, {}),
    ("fields with a prefix", {"extra_dejson": {"extra__ax_tasks__space": "demo"}}, {"space": "demo"}),
    ("links", {"extra_dejson": {"ui_url": "https://ui/space/"}}, {"ui_url": "https://ui/space"}),
    (
        "slashes at the end, which belong to paths and names",
        {"extra_dejson": {"space": "demo/", "ca_file": "/certificates/", "base_url": "https://ax/"}},
        {"space": "demo/", "ca_file": "/certificates/", "base_url": "https://ax"},
    ),
    ("the vendor's, a key alone", VENDOR, {}),
    ("the vendor's key in the extra", {**VENDOR, "password": None, "extra_dejson": {"api_key": KEY}}, {}),
    (
        "the vendor's, all fields",
        {
            **VENDOR,
            "host": "127.0.0.1:8765",
            "extra_dejson": {"space_id": "demo", "api_scheme": "http", "max_past_years": 2},
        },
        {"space": "demo", "api_host": "127.0.0.1:8765", "api_scheme": "http"},
    ),
    (
        "the vendor's region as its form shows it, beside the usual host",
        {**VENDOR, "host": "api.arize.com", "extra_dejson": {"extra__arize_ax__region": "US_CENTRAL_1A"}},
        {"region": "us-central-1a"},
    ),
]


@pytest.mark.parametrize(("fields", "settings"), [pytest.param(*case[1:], id=case[0]) for case in SETTINGS])
def test_fields_of_a_connection_become_settings(fields: dict[str, Any], settings: dict[str, Any]) -> None:
    found = connection_settings(ConnectionOfAirflow(**fields))

    assert found == ConnectionSettings(KEY, **settings)
    assert KEY not in repr(found)


def test_a_client_is_made_of_them() -> None:
    settings = connection_settings(ConnectionOfAirflow(extra_dejson={"base_url": "https://ax", "space": "demo"}))

    with settings.make_client(AxClient) as ax:
        assert (ax.base_url, ax.space) == ("https://ax", "demo")


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("another type", {"conn_type": "http"}, "'ax' is of type 'http': it has to be 'ax_tasks', or the vendor's"),
    ("no key", {"password": None}, "'ax' has no key: put it into the field of the password"),
    ("the vendor's without a key", {**VENDOR, "password": ""}, "has no key"),
    ("a field that is not known", {"extra_dejson": {"spaces": "demo"}}, "has spaces in its extra.*there are: space,"),
]


@pytest.mark.parametrize(("fields", "said"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_invalid_connections_are_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        connection_settings(ConnectionOfAirflow(**fields))


def test_the_provider_is_named_as_the_distribution() -> None:
    """Airflow compares the two, and leaves out a provider where they differ."""
    info: Any = get_provider_info()

    assert info["package-name"] == "ax-tasks"
    (connection,) = info["connection-types"]
    assert set(connection["conn-fields"]) == {"space", "region", "base_url", "contract", "ca_file", "ui_url"}
