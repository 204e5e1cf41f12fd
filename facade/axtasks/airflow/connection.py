"""The settings of a client from a connection of Airflow, ours or the vendor's. Airflow is not imported here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from axtasks.config.credentials import RedactedDict
from axtasks.config.endpoint import DEFAULT_HOST
from axtasks.errors import ConfigurationError

from . import CONNECTION_TYPE, FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks import AsyncAxClient, AxClient
    from axtasks.contract.dialect import ContractChoice

C = TypeVar("C", "AxClient", "AsyncAxClient")

VENDOR_TYPE = "arize_ax"
# The names of fields in the vendor's extra, and ours.
VENDOR_FIELDS = {
    "space_id": "space",
    "default_space": "space",
    "region": "region",
    "api_host": "api_host",
    "api_scheme": "api_scheme",
    "ui_url": "ui_url",
}
# Those that paths are put behind.
URLS = frozenset({"base_url", "ui_url"})


class ConnectionFields(Protocol):
    """The fields of a connection that count."""

    conn_id: str
    conn_type: str | None
    host: str | None
    port: int | None
    password: str | None

    @property
    def extra_dejson(self) -> dict[str, object]:
        """The extra, read from JSON."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """The settings of a client, and what links need. Equal ones may share a client.

    Attributes:
        api_key: the key, which the repr leaves out.
        space: name or id of the space that names are looked up in.
        base_url: scheme and host of the server.
        api_host: its host, with a port where one is needed.
        api_scheme: https or http, for `api_host`.
        region: the account's region.
        contract: the dialect of the contract.
        ca_file: certificates of the authorities to trust.
        ui_url: the address of the space in the browser.
    """

    api_key: str = field(repr=False)
    space: str | None = None
    base_url: str | None = None
    api_host: str | None = None
    api_scheme: str | None = None
    region: str | None = None
    contract: str | None = None
    ca_file: str | None = None
    ui_url: str | None = None

    def make_client(self, kind: type[C]) -> C:
        """Return a new client.

        Raises:
            ConfigurationError: a setting cannot be used.
        """
        return kind(
            api_key=self.api_key,
            space=self.space,
            base_url=self.base_url,
            api_host=self.api_host,
            api_scheme=self.api_scheme,
            region=self.region,
            contract=cast("ContractChoice | None", self.contract),
            ca_file=self.ca_file,
        )


def connection_settings(connection: ConnectionFields) -> ConnectionSettings:
    """Return the settings of a connection.

    Raises:
        ConfigurationError: the connection is of another type, has no key, or has fields that are not known.
    """
    if connection.conn_type == VENDOR_TYPE:
        fields = _vendor_fields(connection)
    elif connection.conn_type == CONNECTION_TYPE:
        fields = _own_fields(connection)
    else:
        raise ConfigurationError(
            f"connection {connection.conn_id!r} is of type {connection.conn_type!r}: it has to be {CONNECTION_TYPE!r},"
            f" or the vendor's {VENDOR_TYPE!r}"
        )
    if not fields["api_key"]:
        raise ConfigurationError(f"connection {connection.conn_id!r} has no key: put it into the field of the password")
    return ConnectionSettings(**fields)


def _own_fields(connection: ConnectionFields) -> RedactedDict[str]:
    extra = _extra(connection)
    if unknown := sorted(extra.keys() - FIELDS.keys()):
        raise ConfigurationError(
            f"connection {connection.conn_id!r} has {', '.join(unknown)} in its extra, which is not known; there are:"
            f" {', '.join(FIELDS)}"
        )
    return RedactedDict({**extra, **_host(connection), "api_key": connection.password or ""})


def _vendor_fields(connection: ConnectionFields) -> RedactedDict[str]:
    extra = _extra(connection)
    fields = RedactedDict({ours: extra[name] for name, ours in VENDOR_FIELDS.items() if name in extra})
    fields |= _host(connection)
    if region := fields.get("region"):
        # Its form shows regions as the members of an enumeration.
        fields["region"] = region.lower().replace("_", "-")
        if fields.get("api_host") == DEFAULT_HOST:
            del fields["api_host"]
    fields["api_key"] = connection.password or extra.get("api_key", "")
    return fields


def _host(connection: ConnectionFields) -> Mapping[str, str]:
    if not connection.host:
        return {}
    if "://" in connection.host:
        return {"base_url": connection.host}
    return {"api_host": f"{connection.host}:{connection.port}" if connection.port else connection.host}


def _extra(connection: ConnectionFields) -> RedactedDict[str]:
    """Return the fields of the extra that have a value, by their names without the prefix of older forms."""
    prefix = f"extra__{connection.conn_type}__"
    fields = {name.removeprefix(prefix): str(value) for name, value in connection.extra_dejson.items() if value}
    return RedactedDict({name: value.rstrip("/") if name in URLS else value for name, value in fields.items()})
