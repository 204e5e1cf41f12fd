"""The two clients: their settings, and the groups of their methods.

Lazy client attributes: `client.tasks` is imported and created on first access.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from axtasks_api.dialect import DIALECTS

from .concurrency import Uncopied
from .config.credentials import Secret
from .config.hooks import parse_hooks
from .config.options import Clock
from .config.settings import (
    ProfileSource,
    parse_name_memory,
    parse_on_ambiguous,
    parse_retry,
    parse_strict,
    parse_timeouts,
    resolve_settings,
)
from .engine.context import ClientContext
from .errors import ConfigurationError
from .transport.base import AsyncTransport, SyncTransport

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from opentelemetry.trace import TracerProvider

    from .config.hooks import Hooks
    from .config.http_client import AsyncHttpClient, HttpClient
    from .config.options import Limits, NameMemory, RetryPolicy, Timeouts
    from .config.settings import OnAmbiguous, Settings
    from .contract.dialect import Contract, ContractChoice
    from .engine.drivers import AsyncDriver, SyncDriver
    from .pagination.cursor import Spellable
    from .resources import bindings

HttpClientT = TypeVar("HttpClientT")
TransportT = TypeVar("TransportT")


def _read_profile(name: str, *, environment: Mapping[str, str], need_key: bool) -> Mapping[str, object]:
    """Read a profile; imported late, since most clients have none."""
    from .profiles import read_profile

    return read_profile(name, environment=environment, need_key=need_key)


def _raw(driver: SyncDriver) -> bindings.Raw:
    from .resources.bindings import Raw

    return Raw(driver)


def _async_raw(driver: AsyncDriver) -> bindings.AsyncRaw:
    from .resources.bindings import AsyncRaw

    return AsyncRaw(driver)


class Client(Uncopied, ABC, Generic[HttpClientT, TransportT]):
    """Base class of both clients: how they are set up.

    Each setting is taken from its argument, else from the environment, else from the profile if one is named, else it
    has a default. At most one of `base_url`, `api_host`, `single_host`, `region` and `base_domain` may be given.

    Args:
        api_key: the API key (`ARIZE_API_KEY`).
        api_key_file: a file that holds it (`ARIZE_API_KEY_FILE`); at most one of the three may be given.
        api_key_command: a program that prints it, as a list of words or as text, which is split into words; no shell
            sees it. It is run once, at the first request (`ARIZE_API_KEY_COMMAND`).
        space: name or id of the space to look names up in when a call gives none (`ARIZE_SPACE`), or `ALL_SPACES`.
        base_url: scheme and host of the server, such as `http://127.0.0.1:8765`.
        api_host: host of the server, with a port where one is needed (`ARIZE_API_HOST`; api.arize.com).
        api_scheme: https or http (`ARIZE_API_SCHEME`; https).
        single_host: host of a private deployment (`ARIZE_SINGLE_HOST`).
        single_port: its port (`ARIZE_SINGLE_PORT`).
        region: the account's region, such as eu-west-1a (`ARIZE_REGION`).
        base_domain: the domain of a private deployment, whose API is at `api.<domain>` (`ARIZE_BASE_DOMAIN`).
        ca_file: certificates, as PEM, of the authorities to trust instead of the usual ones (`ARIZE_CA_FILE`). The
            certificate of the server is always checked.
        allow_http: whether the key may be sent unencrypted to another machine (`ARIZE_ALLOW_HTTP`).
        contract: the dialect of the contract that the server speaks (`ARIZE_TASKS_CONTRACT`): "documents", "beta" for
            the newer one, or "auto" to detect it from the server's responses (auto).
        profile: a profile of the vendor's command line to fall back on, as in `~/.arize/profiles/<profile>.toml`.
        timeout: the most seconds that a call may take in all (120), or `Timeouts`, which also limit connecting (10)
            and each wait for data (30).
        retry: when a request is sent again, as a `RetryPolicy`; `RetryPolicy(attempts=1)` never does. Without it
            `ARIZE_TASKS_ATTEMPTS` says how often a request may be sent (4).
        on_ambiguous: what becomes of a write whose response was lost: "reconcile" finds out by reading, "raise" raises
            an AmbiguousOutcomeError at once.
        strict: whether a response that is not as the contract says, with a field, a value or a variant that it does
            not know or without a field that it requires, raises a ContractViolationError; for contract tests.
        hooks: functions that are called for each attempt, its end, each retry and each poll of a run, as `Hooks`.
        tracing: whether spans for OpenTelemetry are made (extra `otel`), or the `TracerProvider` to make them with.
        limits: the most to take from a server, as `Limits`: bytes of a response, pages of a list.
        remember_names: whether a name that was looked up counts for the next calls of this client as well, or how many
            names for how long, as `NameMemory` (1024 names for 300 seconds). `update` and `delete` look their task up
            each time.
        default_headers: headers to send with every request, such as one that a gateway asks for. Those that the client
            sets itself are refused.
        http_client: an `httpx.Client`, or for `AsyncAxClient` an `httpx.AsyncClient`, to send with: for proxies,
            certificates or tests; a client of httpx2 will do as well. It is not closed by `close()`. Whether it checks
            certificates is up to it.
        clock: how to tell the time and let it pass; for tests.

    Raises:
        ConfigurationError: the key is missing or unusable, or it is not clear which server is meant.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        api_key_file: str | os.PathLike[str] | None = None,
        api_key_command: str | Sequence[str] | None = None,
        space: str | None = None,
        base_url: str | None = None,
        api_host: str | None = None,
        api_scheme: str | None = None,
        single_host: str | None = None,
        single_port: int | None = None,
        region: str | None = None,
        base_domain: str | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        allow_http: bool | None = None,
        contract: ContractChoice | None = None,
        profile: str | None = None,
        timeout: float | Timeouts | None = None,
        retry: RetryPolicy | None = None,
        on_ambiguous: OnAmbiguous = "reconcile",
        strict: bool = False,
        hooks: Hooks | None = None,
        tracing: TracerProvider | bool = False,
        limits: Limits | None = None,
        remember_names: NameMemory | bool = True,
        default_headers: Mapping[str, str] | None = None,
        http_client: HttpClientT | None = None,
        clock: Clock | None = None,
    ) -> None:
        key = Secret(api_key) if api_key else None
        # A traceback that shows local variables must not show the key.
        del api_key
        settings = resolve_settings(
            {
                "api_key": key,
                "api_key_file": api_key_file,
                "api_key_command": api_key_command,
                "space": space,
                "base_url": base_url,
                "api_host": api_host,
                "api_scheme": api_scheme,
                "single_host": single_host,
                "single_port": single_port,
                "region": region,
                "base_domain": base_domain,
                "ca_file": ca_file,
                "allow_http": allow_http,
                "contract": contract,
            },
            timeout=timeout,
            retry=retry,
            on_ambiguous=on_ambiguous,
            limits=limits,
            remember_names=remember_names,
            default_headers=default_headers,
            profile=None if profile is None else ProfileSource(profile, _read_profile),
        )
        context = ClientContext.fresh(settings, clock or Clock(), hooks=parse_hooks(hooks), strict=parse_strict(strict))
        if tracing is not False:
            from .engine.tracing import tracing_of

            context = context._replace(tracing=tracing_of(tracing, settings))
        self._start(context, self._make_transport(settings, http_client))

    def __init_subclass__(cls) -> None:
        # Python 3.13 takes the indentation out of docstrings, so none is added.
        cls.__doc__ = cls.__doc__ and f"{cls.__doc__}{(Client.__doc__ or '').partition('set up.')[2]}"

    def with_options(
        self,
        *,
        timeout: float | Timeouts | None = None,
        retry: RetryPolicy | None = None,
        on_ambiguous: OnAmbiguous | None = None,
        strict: bool | None = None,
        hooks: Hooks | None = None,
        remember_names: NameMemory | bool | None = None,
    ) -> Self:
        """Return this client with other options, for one call or for many.

        It shares the connections, and is closed with them; what one of the two learns of the server, the other knows.

        Args:
            timeout: the most seconds that a call may take in all, or `Timeouts`; as before when left out.
            retry: when a request is sent again; as before when left out.
            on_ambiguous: what becomes of a write whose response was lost; as before when left out.
            strict: whether a response that is not as the contract says is an error; as before when left out.
            hooks: functions that are called for requests, in place of the hooks before; those when left out.
            remember_names: whether names are remembered, or how many for how long; as before when left out.

        Raises:
            ConfigurationError: an option cannot be used.
        """
        old = self._context.settings
        settings = old._replace(
            timeouts=old.timeouts if timeout is None else parse_timeouts(timeout),
            retry=old.retry if retry is None else parse_retry(retry),
            on_ambiguous=old.on_ambiguous if on_ambiguous is None else parse_on_ambiguous(on_ambiguous),
            names=old.names if remember_names is None else parse_name_memory(remember_names),
        )
        other = object.__new__(type(self))
        # With what a subclass has set, and without the groups of methods that belong to this client.
        kept = (name for name in vars(self) if not isinstance(getattr(type(self), name, None), cached_property))
        vars(other).update((name, vars(self)[name]) for name in kept)
        context = self._context._replace(
            settings=settings,
            strict=self._context.strict if strict is None else parse_strict(strict),
            hooks=self._context.hooks if hooks is None else parse_hooks(hooks),
        )
        other._start(context, self._transport)
        return other

    @property
    def contract(self) -> Contract | None:
        """The dialect that requests are written in, "documents" or "beta"; None while that is still to be learnt."""
        return self._context.dialect.contract

    def wire_dict(self, model: Spellable) -> dict[str, Any]:
        """The JSON object of a model, as the server spells its values; as `to_dict()` while that is not known."""
        contract = self.contract
        return model.to_dict() if contract is None else model.to_dict(DIALECTS[contract].spelling)

    def without_key(self, content: bytes, *, is_cut: bool = False) -> bytes:
        """Return content with `***` in place of the key, in either case and escaped, if it has 8 characters or more.

        Content that was cut may end with the beginning of the key, which is left out.
        """
        return self._context.settings.api_key.redact(content, is_cut=is_cut)

    @staticmethod
    def _check_http_client(http_client: object, *, awaits: bool) -> None:
        """Raise ConfigurationError for another kind of http_client, which would fail in the middle of a call."""
        is_usable = hasattr(http_client, "build_request") and hasattr(http_client, "aclose") is awaits
        if http_client is not None and not is_usable:
            needed = "AsyncClient" if awaits else "Client"
            raise ConfigurationError(f"http_client has to be an httpx.{needed} here, not {type(http_client).__name__}")

    def _start(self, context: ClientContext, transport: TransportT) -> None:
        self._context = context
        self._transport = transport
        self.base_url = context.settings.base_url
        self.space = context.settings.space

    @abstractmethod
    def _make_transport(self, settings: Settings, http_client: HttpClientT | None) -> TransportT:
        """Make the transport that sends the requests."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {getattr(self, 'base_url', 'no server yet')}>"


class AxClient(Client["HttpClient", SyncTransport]):
    """A client for the Arize AX Tasks API."""

    request = cached_property(lambda self: _raw(self._driver).request)

    @cached_property
    def tasks(self) -> bindings.Tasks:
        """The methods for tasks and their runs."""
        from .resources.bindings import Tasks

        return Tasks(self._driver)

    @cached_property
    def spaces(self) -> bindings.Spaces:
        """The methods for spaces."""
        from .resources.bindings import Spaces

        return Spaces(self._driver)

    @cached_property
    def projects(self) -> bindings.Projects:
        """The methods for projects."""
        from .resources.bindings import Projects

        return Projects(self._driver)

    @cached_property
    def datasets(self) -> bindings.Datasets:
        """The methods for datasets."""
        from .resources.bindings import Datasets

        return Datasets(self._driver)

    @cached_property
    def experiments(self) -> bindings.Experiments:
        """The methods for experiments."""
        from .resources.bindings import Experiments

        return Experiments(self._driver)

    @cached_property
    def evaluators(self) -> bindings.Evaluators:
        """The methods for evaluators."""
        from .resources.bindings import Evaluators

        return Evaluators(self._driver)

    @cached_property
    def ai_integrations(self) -> bindings.AiIntegrations:
        """The methods for AI integrations."""
        from .resources.bindings import AiIntegrations

        return AiIntegrations(self._driver)

    @cached_property
    def integrations(self) -> bindings.Integrations:
        """The methods for integrations of all kinds."""
        from .resources.bindings import Integrations

        return Integrations(self._driver)

    @cached_property
    def prompts(self) -> bindings.Prompts:
        """The methods for prompts and their versions."""
        from .resources.bindings import Prompts

        return Prompts(self._driver)

    @property
    def _driver(self) -> SyncDriver:
        """The driver that runs the flows of this client."""
        from .engine.drivers import SyncDriver

        return SyncDriver(self._context, self._transport)

    def _make_transport(self, settings: Settings, http_client: HttpClient | None) -> SyncTransport:
        self._check_http_client(http_client, awaits=False)
        return SyncTransport(settings, http_client)

    def close(self) -> None:
        """Close the connections. Closing twice is fine; calls after it raise a ConfigurationError."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class AsyncAxClient(Client["AsyncHttpClient", AsyncTransport]):
    """A client for the Arize AX Tasks API whose methods are awaited."""

    request = cached_property(lambda self: _async_raw(self._driver).request)

    @cached_property
    def tasks(self) -> bindings.AsyncTasks:
        """The methods for tasks and their runs."""
        from .resources.bindings import AsyncTasks

        return AsyncTasks(self._driver)

    @cached_property
    def spaces(self) -> bindings.AsyncSpaces:
        """The methods for spaces."""
        from .resources.bindings import AsyncSpaces

        return AsyncSpaces(self._driver)

    @cached_property
    def projects(self) -> bindings.AsyncProjects:
        """The methods for projects."""
        from .resources.bindings import AsyncProjects

        return AsyncProjects(self._driver)

    @cached_property
    def datasets(self) -> bindings.AsyncDatasets:
        """The methods for datasets."""
        from .resources.bindings import AsyncDatasets

        return AsyncDatasets(self._driver)

    @cached_property
    def experiments(self) -> bindings.AsyncExperiments:
        """The methods for experiments."""
        from .resources.bindings import AsyncExperiments

        return AsyncExperiments(self._driver)

    @cached_property
    def evaluators(self) -> bindings.AsyncEvaluators:
        """The methods for evaluators."""
        from .resources.bindings import AsyncEvaluators

        return AsyncEvaluators(self._driver)

    @cached_property
    def ai_integrations(self) -> bindings.AsyncAiIntegrations:
        """The methods for AI integrations."""
        from .resources.bindings import AsyncAiIntegrations

        return AsyncAiIntegrations(self._driver)

    @cached_property
    def integrations(self) -> bindings.AsyncIntegrations:
        """The methods for integrations of all kinds."""
        from .resources.bindings import AsyncIntegrations

        return AsyncIntegrations(self._driver)

    @cached_property
    def prompts(self) -> bindings.AsyncPrompts:
        """The methods for prompts and their versions."""
        from .resources.bindings import AsyncPrompts

        return AsyncPrompts(self._driver)

    @property
    def _driver(self) -> AsyncDriver:
        """The driver that runs the flows of this client."""
        from .engine.drivers import AsyncDriver

        return AsyncDriver(self._context, self._transport)

    def _make_transport(self, settings: Settings, http_client: AsyncHttpClient | None) -> AsyncTransport:
        self._check_http_client(http_client, awaits=True)
        return AsyncTransport(settings, http_client)

    async def close(self) -> None:
        """Close the connections. Closing twice is fine; calls after it raise a ConfigurationError."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()
