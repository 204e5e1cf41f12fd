"""The hook of the connection type `ax_tasks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

from axtasks.errors import AxError

from . import CONNECTION_TYPE, FIELDS, HIDDEN_FIELDS, HOOK_NAME, RELABELED
from .connection import connection_settings

if TYPE_CHECKING:
    from axtasks import AsyncAxClient, AxClient

    from .connection import ConnectionSettings


class AxTasksHook(BaseHook):
    """Clients from a connection of type `ax_tasks`, or from the vendor's type `arize_ax`.

    Args:
        ax_conn_id: the id of the connection.
    """

    conn_name_attr = "ax_conn_id"
    default_conn_name = "ax_tasks_default"
    conn_type = CONNECTION_TYPE
    hook_name = HOOK_NAME

    def __init__(self, ax_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.ax_conn_id = ax_conn_id

    def settings(self) -> ConnectionSettings:
        """Return the settings of the connection.

        Raises:
            ConfigurationError: the connection has no key, or a field that cannot be used.
        """
        return connection_settings(self.get_connection(self.ax_conn_id))

    async def asettings(self) -> ConnectionSettings:
        """Return the settings of the connection, on the event loop of a triggerer."""
        return connection_settings(await self.aget_connection(self.ax_conn_id))

    def get_conn(self) -> AxClient:
        """Return a new client, which the caller closes."""
        from axtasks import AxClient

        return self.settings().make_client(AxClient)

    def get_async_conn(self) -> AsyncAxClient:
        """Return a new client for asyncio, which the caller closes."""
        from axtasks import AsyncAxClient

        return self.settings().make_client(AsyncAxClient)

    def test_connection(self) -> tuple[bool, str]:
        """Return whether the server lets the key in, and what to show."""
        try:
            with self.get_conn() as ax:
                ax.spaces.list(limit=1)
        except AxError as error:
            return False, str(error)
        return True, "The key is good: a space was listed"

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, object]:
        """Return the fields of the form, for Airflow before 3.2; later ones read them from the provider info."""
        from wtforms import StringField  # type: ignore[import-untyped]  # it has no types

        return {name: StringField(label) for name, (label, _) in FIELDS.items()}

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, object]:
        """Return how the form shows the common fields, for Airflow before 3.2."""
        return {"hidden_fields": list(HIDDEN_FIELDS), "relabeling": dict(RELABELED), "placeholders": {}}
