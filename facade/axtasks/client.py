"""The two clients: how they are set up, and what they offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from . import resources
from .config import resolve_settings
from .core import Clock, Core
from .drivers import AsyncDriver, SyncDriver
from .transport import AsyncTransport, SyncTransport

if TYPE_CHECKING:
    from types import TracebackType

    import httpx

HttpClientT = TypeVar("HttpClientT")


class Client(ABC, Generic[HttpClientT]):
    """What both clients have in common: how they are set up.

    Each setting is taken from its argument, else from the environment, else from the profile if one is named, else it
    has a default. At most one of `base_url`, `api_host`, `single_host`, `region` and `base_domain` may be given.

    Args:
        api_key: the API key (`ARIZE_API_KEY`).
        space: name or id of the space that names are looked up in when a call gives none (`ARIZE_SPACE`).
        base_url: scheme and host of the server, such as `http://127.0.0.1:8765`.
        api_host: host of the server, with a port where one is needed (`ARIZE_API_HOST`; api.arize.com).
        api_scheme: https or http (`ARIZE_API_SCHEME`; https).
        single_host: host of a private deployment (`ARIZE_SINGLE_HOST`).
        single_port: its port (`ARIZE_SINGLE_PORT`).
        region: the account's region, such as eu-west-1a (`ARIZE_REGION`).
        base_domain: the domain of a private deployment, whose API is at `api.<domain>` (`ARIZE_BASE_DOMAIN`).
        profile: a profile of the vendor's command line to fall back on, as in `~/.arize/profiles/<profile>.toml`.
        timeout: the most seconds that connecting, sending and each wait for data may take (30).
        http_client: an `httpx.Client`, or for `AsyncAxClient` an `httpx.AsyncClient`, to send with: for proxies,
            certificates or tests. It is not closed by `close()`.
        clock: how to tell the time and let it pass; for tests.

    Raises:
        ConfigurationError: the key is missing or unusable, or it is not clear which server is meant.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        space: str | None = None,
        base_url: str | None = None,
        api_host: str | None = None,
        api_scheme: str | None = None,
        single_host: str | None = None,
        single_port: int | None = None,
        region: str | None = None,
        base_domain: str | None = None,
        profile: str | None = None,
        timeout: float | None = None,
        http_client: HttpClientT | None = None,
        clock: Clock | None = None,
    ) -> None:
        settings = resolve_settings(
            {
                "api_key": api_key,
                "space": space,
                "base_url": base_url,
                "api_host": api_host,
                "api_scheme": api_scheme,
                "single_host": single_host,
                "single_port": single_port,
                "region": region,
                "base_domain": base_domain,
            },
            timeout_seconds=timeout,
            profile=profile,
        )
        self.base_url = settings.base_url
        self.space = settings.space
        self._connect(Core(settings, clock or Clock()), http_client)

    def __init_subclass__(cls) -> None:
        cls.__doc__ = f"{cls.__doc__}\n\n    {(Client.__doc__ or '').partition('set up.')[2].strip()}\n"

    @abstractmethod
    def _connect(self, core: Core, http_client: HttpClientT | None) -> None:
        """Makes the groups of methods."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.base_url}>"


class AxClient(Client["httpx.Client"]):
    """A client for the Arize AX Tasks API."""

    def _connect(self, core: Core, http_client: httpx.Client | None) -> None:
        self._transport = SyncTransport(core.settings, http_client)
        driver = SyncDriver(core, self._transport)
        self.tasks = resources.Tasks(driver)
        self.spaces = resources.Spaces(driver)
        self.projects = resources.Projects(driver)
        self.datasets = resources.Datasets(driver)
        self.experiments = resources.Experiments(driver)
        self.evaluators = resources.Evaluators(driver)
        self.request = resources.Raw(driver).request

    def close(self) -> None:
        """Closes the connections. Closing twice is fine; calls after it raise a ConfigurationError."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncAxClient(Client["httpx.AsyncClient"]):
    """A client for the Arize AX Tasks API whose methods are awaited."""

    def _connect(self, core: Core, http_client: httpx.AsyncClient | None) -> None:
        self._transport = AsyncTransport(core.settings, http_client)
        driver = AsyncDriver(core, self._transport)
        self.tasks = resources.AsyncTasks(driver)
        self.spaces = resources.AsyncSpaces(driver)
        self.projects = resources.AsyncProjects(driver)
        self.datasets = resources.AsyncDatasets(driver)
        self.experiments = resources.AsyncExperiments(driver)
        self.evaluators = resources.AsyncEvaluators(driver)
        self.request = resources.AsyncRaw(driver).request

    async def close(self) -> None:
        """Closes the connections. Closing twice is fine; calls after it raise a ConfigurationError."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
