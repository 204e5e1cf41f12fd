"""Pages of a list, and iteration over all of them."""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from axtasks_api import models
from axtasks_api.codec import json_text
from axtasks_api.types import UNSET, Unset

from axtasks.contract.dialect import AUTO, Dialect
from axtasks.engine.drivers import AsyncDriver, SyncDriver
from axtasks.engine.effects import Driver, Flow, get_driver
from axtasks.extras import install_command
from axtasks.validation import text

from .cursor import ListResponse, follow
from .unsized import Unsized

if TYPE_CHECKING:
    import asyncio

    import pandas as pd
    from axtasks_api.codec import Field, Model
    from axtasks_api.models import (
        Dataset,
        Evaluator,
        Experiment,
        Project,
        Space,
        Task,
        TaskRun,
    )

    from axtasks.engine.context import ClientContext

ItemT = TypeVar("ItemT", bound="Model")
PageT = TypeVar("PageT", bound="Page[Any]")

# Sends the request for the page at a cursor, within the call that the context is of.
Fetch = Callable[["ClientContext", str | Unset], Flow[ListResponse]]


def first_page(context: ClientContext, page_type: type[PageT], fetch: Fetch, *, cursor: str | None) -> Flow[PageT]:
    """Fetch the page at a cursor, or the first one when None."""
    response = yield from fetch(context, UNSET if cursor is None else text("cursor", cursor))
    return page_type(response, fetch=fetch, driver=(yield from get_driver()))


class Page(Unsized, Generic[ItemT]):
    """One page of a list. Iterating over it goes on through all later pages; `items` is this page alone.

    It is true if it has items or a next page.

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
        self.pagination = response.pagination

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
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
        return f"<{type(self).__name__} of {len(self.items)} {self.wire_name}, {more}>"

    def __bool__(self) -> bool:
        return bool(self.items or self.next_cursor)

    def _advice(self) -> str:
        return f".items is the list of this page, {_all_of(self._driver, 'page')} that of all pages"

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the page after this one; None on the last page."""
        return self.pagination.next_cursor or None

    def pages(self, *, prefetch: bool = False) -> PageIterator[Self]:
        """This page and all later ones, for `for` or `async for`; each is fetched when it is reached.

        Args:
            prefetch: whether each is fetched while the one before is gone through, which takes an `AsyncAxClient`.

        Raises:
            TypeError: fetching ahead was asked of an `AxClient`, which does one thing at a time.
        """
        return PageIterator(self, self._driver, prefetch=prefetch)

    def all(self, *, prefetch: bool = False) -> ItemIterator[ItemT]:
        """The items of this page and of all later ones, for `for` or `async for`, as iterating over the page gives.

        Args:
            prefetch: whether each page is fetched while the items of the one before are gone through, which takes an
                `AsyncAxClient`.

        Raises:
            TypeError: fetching ahead was asked of an `AxClient`, which does one thing at a time.
        """
        return ItemIterator(self, self._driver, prefetch=prefetch)

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self.all())

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return aiter(self.all())

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

    def to_df(self) -> pd.DataFrame:
        """This page as a pandas DataFrame: a row per item, a column per field, in the order of the contract.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(f"to_df() needs pandas: {install_command('pandas')}") from error
        rows = [item.to_dict() for item in self.items]
        names = [field.json_name for field in self.fields()]
        extra = [name for row in rows for name in row if name not in names]
        return pd.DataFrame(rows, columns=[*names, *dict.fromkeys(extra)])


def _all_of(driver: Driver | None, name: str) -> str:
    """Return the expression for the list of all that is gone through."""
    return f"[each async for each in {name}]" if isinstance(driver, AsyncDriver) else f"list({name})"


class PageIterator(Unsized, Generic[PageT]):
    """A page and all later ones, for `for` or `async for`."""

    def __init__(self, first: PageT, driver: Driver | None, *, prefetch: bool = False) -> None:
        if prefetch and isinstance(driver, SyncDriver):
            raise TypeError("AxClient does one thing at a time: pages are fetched ahead by AsyncAxClient alone")
        self._first = first
        self._driver = driver
        self._prefetch = prefetch

    def __bool__(self) -> bool:
        # There is always a first page.
        return True

    def _advice(self) -> str:
        return f"{_all_of(self._driver, 'page.pages()')} is the list of all pages"

    def __iter__(self) -> Iterator[PageT]:
        driver = self._driver
        if isinstance(driver, AsyncDriver):
            raise TypeError("this page comes from AsyncAxClient: use `async for`")
        page = self._first
        followed: set[str] = set()
        yield page
        if not isinstance(driver, SyncDriver):
            self._end_without_client()
            return
        while (cursor := self._cursor_after(page, followed, driver)) is not None:
            page = driver.call(page.next_page, cursor)
            yield page

    async def __aiter__(self) -> AsyncGenerator[PageT]:
        driver = self._driver
        if driver is None:
            yield self._first
            self._end_without_client()
            return
        if not isinstance(driver, AsyncDriver):
            raise TypeError("this page comes from AxClient: use `for`")
        page: PageT | None = self._first
        followed: set[str] = set()
        prefetched: asyncio.Task[PageT | None] | None = None
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

    async def _after(self, page: PageT, followed: set[str], driver: AsyncDriver) -> PageT | None:
        """Fetch the page after a page; None after the last."""
        cursor = self._cursor_after(page, followed, driver)
        return None if cursor is None else await driver.call(page.next_page, cursor)

    def _cursor_after(self, page: PageT, followed: set[str], driver: Driver) -> str | None:
        most_pages = driver.context.settings.limits.pages
        return follow(page.response, followed, page.wire_name, most_pages=most_pages)

    def _end_without_client(self) -> None:
        """Raise TypeError if a page that was unpickled has a next page."""
        if (cursor := self._first.next_cursor) is not None:
            raise TypeError(
                "this page was unpickled, so it has no client to fetch the next page with: give that cursor to the"
                f" list method of a client, cursor={cursor!r}"
            )


async def _cancel(task: asyncio.Task[Any]) -> None:
    """Cancel a task, wait for its end and ignore its outcome."""
    import asyncio

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class ItemIterator(Unsized, Generic[ItemT]):
    """The items of a page and of all later ones."""

    def __init__(self, first: Page[ItemT], driver: Driver | None, *, prefetch: bool = False) -> None:
        self._first = first
        self._driver = driver
        self._pages = PageIterator(first, driver, prefetch=prefetch)

    def __bool__(self) -> bool:
        return bool(self._first)

    def _advice(self) -> str:
        return f"{_all_of(self._driver, 'page.all()')} is the list of all items"

    def __iter__(self) -> Iterator[ItemT]:
        for page in self._pages:
            yield from page.items

    async def __aiter__(self) -> AsyncGenerator[ItemT]:
        pages = aiter(self._pages)
        try:
            async for page in pages:
                for item in page.items:
                    yield item
        finally:
            # Leaving the loop cancels the prefetch at once, not when the generator is garbage-collected.
            await pages.aclose()


class TaskPage(Page["Task"]):
    """A page of tasks."""

    wire_name = "tasks"
    item_name = "Task"

    @property
    def tasks(self) -> list[Task]:
        """The tasks of this page."""
        return self.items


class TaskRunPage(Page["TaskRun"]):
    """A page of runs."""

    wire_name = "task_runs"
    item_name = "TaskRun"

    @property
    def task_runs(self) -> list[TaskRun]:
        """The runs of this page."""
        return self.items


class SpacePage(Page["Space"]):
    """A page of spaces."""

    wire_name = "spaces"
    item_name = "Space"

    @property
    def spaces(self) -> list[Space]:
        """The spaces of this page."""
        return self.items


class ProjectPage(Page["Project"]):
    """A page of projects."""

    wire_name = "projects"
    item_name = "Project"

    @property
    def projects(self) -> list[Project]:
        """The projects of this page."""
        return self.items


class DatasetPage(Page["Dataset"]):
    """A page of datasets."""

    wire_name = "datasets"
    item_name = "Dataset"

    @property
    def datasets(self) -> list[Dataset]:
        """The datasets of this page."""
        return self.items


class ExperimentPage(Page["Experiment"]):
    """A page of experiments."""

    wire_name = "experiments"
    item_name = "Experiment"

    @property
    def experiments(self) -> list[Experiment]:
        """The experiments of this page."""
        return self.items


class EvaluatorPage(Page["Evaluator"]):
    """A page of evaluators."""

    wire_name = "evaluators"
    item_name = "Evaluator"

    @property
    def evaluators(self) -> list[Evaluator]:
        """The evaluators of this page."""
        return self.items
