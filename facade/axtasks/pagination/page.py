"""Pages of a list, and iteration over all of them: `for` those of `AxClient`, `async for` those of `AsyncAxClient`."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, NamedTuple, Self, TypeVar, cast

from axtasks_api import models
from axtasks_api.codec import json_text, shorten
from axtasks_api.types import UNSET, Unset

from axtasks.contract.dialect import AUTO, Dialect
from axtasks.engine.drivers import AsyncDriver, SyncDriver
from axtasks.engine.effects import Driver, Flow, get_driver
from axtasks.validation import text

from .cursor import ListResponse, follow, next_cursor
from .unsized import AsyncLoop, BlockingLoop, Unsized

if TYPE_CHECKING:
    import asyncio

    import pandas as pd
    from axtasks_api.codec import Field, Model
    from axtasks_api.models import PaginationMetadata

    from axtasks.engine.context import ClientContext

BlockingT = TypeVar("BlockingT")
AwaitedT = TypeVar("AwaitedT")
ItemT = TypeVar("ItemT", bound="Model")
AnyPageT = TypeVar("AnyPageT", bound="ListedPage[Any]")
PageT = TypeVar("PageT", bound="Page[Any]")
AsyncPageT = TypeVar("AsyncPageT", bound="AsyncPage[Any]")

# Sends the request for the page at a cursor, within the call that the context is of.
Fetch = Callable[["ClientContext", str | Unset], Flow[ListResponse]]


# Public attributes of pages that are for other modules, not for people.
_FOR_MODULES = ("item_name", "next_page", "wire_name")


class Paged(Generic[BlockingT, AwaitedT]):
    """The type of what flows return where the clients differ: the first for `AxClient`, the second for the other."""


class PageKinds(NamedTuple, Generic[PageT, AsyncPageT]):
    """The classes of the pages of a list, for either client."""

    blocking: type[PageT]
    awaited: type[AsyncPageT]


def first_page(
    context: ClientContext, kinds: PageKinds[PageT, AsyncPageT], fetch: Fetch, *, cursor: str | None
) -> Flow[Paged[PageT, AsyncPageT]]:
    """Fetch the page at a cursor, or the first one when None."""
    response = yield from fetch(context, UNSET if cursor is None else text("cursor", cursor))
    driver = yield from get_driver()
    kind: type[ListedPage[Any]] = kinds.awaited if isinstance(driver, AsyncDriver) else kinds.blocking
    return cast("Paged[PageT, AsyncPageT]", kind(response, fetch=fetch, driver=driver))


class ListedPage(Unsized, Generic[ItemT]):
    """One page of a list, whichever client it came from. It is true if it has items or a next page.

    Attributes:
        items: the items of this page; the list also stands under the name it has in the API.
        pagination: whether there is more, and the cursor to go on with.
        response: the whole response as a model.
    """

    wire_name: ClassVar[str]
    item_name: ClassVar[str]

    def __init__(self, response: ListResponse, *, fetch: Fetch, driver: Driver) -> None:
        self._hold(response)
        self._fetch = fetch
        self._driver: Driver | None = driver
        self._dialect = driver.context.dialect

    def _hold(self, response: ListResponse) -> None:
        self.response = response
        self.items: list[ItemT] = getattr(response, self.wire_name)

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        for name, value in vars(self).items():
            setattr(other, name, value)
        return other

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # It goes on with the client of this page.
        other = copy.copy(self)
        other._hold(copy.deepcopy(self.response, memo))  # noqa: SLF001  # its own
        return other

    def __getstate__(self) -> dict[str, Any]:
        # Without the way on: the client is of this process.
        return {"response": self.response, "contract": self._dialect.contract}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._hold(state["response"])
        self._driver = None
        self._dialect = Dialect(state["contract"] or AUTO)

    def __repr__(self) -> str:
        more = "more to come" if self.next_cursor else "the last one"
        names = [
            shorten(repr(getattr(item, "name", None) or getattr(item, "id", "")), most=24) for item in self.items[:3]
        ]
        first = f" ({', '.join([*names, *(['...'] if len(self.items) > len(names) else [])])})" if names else ""
        return f"<{type(self).__name__} of {len(self.items)} {self.wire_name}{first}, {more}>"

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name[0] != "_" and name not in _FOR_MODULES]

    def __bool__(self) -> bool:
        return bool(self.items or self.next_cursor)

    def _advice(self) -> str:
        return f".items is the list of this page, {self._all_of('page')} that of all pages"

    @abstractmethod
    def _all_of(self, name: str) -> str:
        """Return the expression for the list of all that is gone through under a name."""

    @property
    def pagination(self) -> PaginationMetadata:
        """The part of the response that tells of later pages."""
        return self.response.pagination

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the page after this one; None on the last page."""
        return next_cursor(self.response)

    def next_page(self, context: ClientContext, cursor: str) -> Flow[Self]:
        """Fetch the page at a cursor."""
        response = yield from self._fetch(context, cursor)
        return type(self)(response, fetch=self._fetch, driver=(yield from get_driver()))

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of this page as it was received."""
        return self.response.to_dict()

    def to_json(self, *, indent: int | None = None) -> str:
        """The JSON text of this page.

        Args:
            indent: spaces per level; one line when left out.
        """
        return json_text(self.to_dict(), indent=indent)

    def fields(self) -> tuple[Field, ...]:
        """The fields of an item by the server's contract: names, types, and whether they may be absent or null."""
        model: type[Model] = getattr(models, self.item_name)
        return tuple(self._dialect.fields_of(model))

    def _frame(self, items: Sequence[ItemT], *, flatten: bool) -> pd.DataFrame:
        from .frame import data_frame

        return data_frame([item.to_dict() for item in items], self.fields(), flatten=flatten)


class Page(ListedPage[ItemT], BlockingLoop):
    """One page of a list. Iterating over it goes on through all later pages; `items` is this page alone."""

    def _all_of(self, name: str) -> str:
        return f"list({name})"

    def pages(self, *, prefetch: Literal[False] = False) -> PageIterator[Self]:
        """This page and all later ones, for `for`; each is fetched when it is reached.

        Args:
            prefetch: only for pages of `AsyncAxClient`; this client does one thing at a time.

        Raises:
            TypeError: fetching ahead was asked for.
        """
        _refuse_prefetch(prefetch=prefetch)
        return PageIterator(self, self._driver)

    def all(self, *, prefetch: Literal[False] = False) -> ItemIterator[ItemT]:
        """The items of this page and of all later ones, for `for`, as iterating over the page gives.

        Args:
            prefetch: only for pages of `AsyncAxClient`; this client does one thing at a time.

        Raises:
            TypeError: fetching ahead was asked for.
        """
        _refuse_prefetch(prefetch=prefetch)
        return ItemIterator(self)

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self.all())

    def to_df(self, *, all_pages: bool = False, flatten: bool = False) -> pd.DataFrame:
        """A pandas DataFrame: a row per item, a column per field of the server's contract, in its order.

        Times are in UTC, counts are nullable integers, flags are booleans.

        Args:
            all_pages: whether later pages are fetched too.
            flatten: whether nested objects become columns of their own, such as `run_configuration.model_name`.

        Raises:
            ImportError: pandas is not installed.
        """
        return self._frame(list(self) if all_pages else self.items, flatten=flatten)


def _refuse_prefetch(*, prefetch: bool) -> None:
    if prefetch:
        raise TypeError("AxClient does one thing at a time: pages are fetched ahead by AsyncAxClient alone")


class AsyncPage(ListedPage[ItemT], AsyncLoop):
    """One page of a list, of `AsyncAxClient`. `async for` goes on through all later pages; `items` is this one."""

    def _all_of(self, name: str) -> str:
        return f"[each async for each in {name}]"

    def pages(self, *, prefetch: bool = False) -> AsyncPageIterator[Self]:
        """This page and all later ones, for `async for`; each is fetched when it is reached.

        Args:
            prefetch: whether each is fetched while the one before is gone through.
        """
        return AsyncPageIterator(self, self._driver, prefetch=prefetch)

    def all(self, *, prefetch: bool = False) -> AsyncItemIterator[ItemT]:
        """The items of this page and of all later ones, for `async for`, as iterating over the page gives.

        Args:
            prefetch: whether each page is fetched while the items of the one before are gone through.
        """
        return AsyncItemIterator(self, prefetch=prefetch)

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return aiter(self.all())

    def to_df(self, *, flatten: bool = False) -> pd.DataFrame:
        """This page as a pandas DataFrame: a row per item, a column per field of the server's contract, in its order.

        Times are in UTC, counts are nullable integers, flags are booleans.

        Args:
            flatten: whether nested objects become columns of their own, such as `run_configuration.model_name`.

        Raises:
            ImportError: pandas is not installed.
        """
        return self._frame(self.items, flatten=flatten)


class PagesFrom(Unsized, Generic[AnyPageT]):
    """A page and all later ones."""

    def __init__(self, first: AnyPageT, driver: Driver | None) -> None:
        self._first = first
        self._driver = driver

    def __bool__(self) -> bool:
        # There is always a first page.
        return True

    def _advice(self) -> str:
        return f"{self._first._all_of('page.pages()')} is the list of all pages"  # noqa: SLF001  # of this module

    def _cursor_after(self, page: AnyPageT, followed: set[str], driver: Driver) -> str | None:
        most_pages = driver.context.settings.limits.pages
        return follow(page.response, followed, page.wire_name, most_pages=most_pages)

    def _end_without_client(self) -> None:
        """Raise TypeError if a page that was unpickled has a next page."""
        if (cursor := self._first.next_cursor) is not None:
            raise TypeError(
                "this page was unpickled, so it has no client to fetch the next page with: give that cursor to the"
                f" list method of a client, cursor={cursor!r}"
            )


class PageIterator(PagesFrom[PageT], BlockingLoop):
    """A page and all later ones, for `for`."""

    def __iter__(self) -> Iterator[PageT]:
        page, driver = self._first, self._driver
        followed: set[str] = set()
        yield page
        if not isinstance(driver, SyncDriver):
            self._end_without_client()
            return
        while (cursor := self._cursor_after(page, followed, driver)) is not None:
            page = driver.call(page.next_page, cursor)
            yield page


class AsyncPageIterator(PagesFrom[AsyncPageT], AsyncLoop):
    """A page and all later ones, for `async for`."""

    def __init__(self, first: AsyncPageT, driver: Driver | None, *, prefetch: bool = False) -> None:
        super().__init__(first, driver)
        self._prefetch = prefetch

    async def __aiter__(self) -> AsyncGenerator[AsyncPageT]:
        driver = self._driver
        if not isinstance(driver, AsyncDriver):
            yield self._first
            self._end_without_client()
            return
        page: AsyncPageT | None = self._first
        followed: set[str] = set()
        prefetched: asyncio.Task[AsyncPageT | None] | None = None
        try:
            while page is not None:
                if self._prefetch:
                    # Imported late: it takes longer to import than all of the blocking client.
                    import asyncio

                    prefetched = asyncio.ensure_future(self._after(page, followed, driver))
                yield page
                # An error of the prefetch is raised here, in place of the page.
                page = await (prefetched or self._after(page, followed, driver))
        finally:
            if prefetched is not None:
                await _cancel(prefetched)

    async def _after(self, page: AsyncPageT, followed: set[str], driver: AsyncDriver) -> AsyncPageT | None:
        """Fetch the page after a page; None after the last."""
        cursor = self._cursor_after(page, followed, driver)
        return None if cursor is None else await driver.call(page.next_page, cursor)


async def _cancel(task: asyncio.Task[Any]) -> None:
    """Cancel a task, wait for its end and ignore its outcome."""
    import asyncio

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class ItemIterator(BlockingLoop, Generic[ItemT]):
    """The items of a page and of all later ones, for `for`."""

    def __init__(self, first: Page[ItemT]) -> None:
        self._pages = first.pages()
        self._first = first

    def __bool__(self) -> bool:
        return bool(self._first)

    def _advice(self) -> str:
        return "list(page.all()) is the list of all items"

    def __iter__(self) -> Iterator[ItemT]:
        for page in self._pages:
            yield from page.items


class AsyncItemIterator(AsyncLoop, Generic[ItemT]):
    """The items of a page and of all later ones, for `async for`."""

    def __init__(self, first: AsyncPage[ItemT], *, prefetch: bool) -> None:
        self._pages = first.pages(prefetch=prefetch)
        self._first = first

    def __bool__(self) -> bool:
        return bool(self._first)

    def _advice(self) -> str:
        return "[each async for each in page.all()] is the list of all items"

    async def __aiter__(self) -> AsyncGenerator[ItemT]:
        pages = aiter(self._pages)
        try:
            async for page in pages:
                for item in page.items:
                    yield item
        finally:
            # Leaving the loop cancels the prefetch at once, not when the generator is garbage-collected.
            await pages.aclose()
