"""State that outlives the process: one SQLite file, written before a request is answered.

What a request changed is one transaction, on disk before the answer goes out. A process that is killed therefore loses
nothing that it acknowledged, and leaves nothing half-written behind.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .ids import IdKind, derived
from .jsontypes import JsonObject, as_object, as_text, as_whole
from .operations.rendering import encode
from .problems import RefusalError
from .simulation.state import read_orders, written_orders
from .world.resource_types import TYPES
from .world.settings import Settings
from .world.world import World
from .worldfiles.document import Document
from .worldfiles.settings import read_settings, written_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .simulation.state import State

APPLICATION_ID = 0x41785461  # "AxTa"
VERSION = 2
WITHOUT_VERSIONS = 1
"""The format of files whose evaluators need not have a version."""
FIRST_NUMBER = 1_000_000
RNG_STATE = "<626I"
PRIMARY_CODE = 0xFF  # of what SQLite tells of an error
TABLES = """
CREATE TABLE resources (
    kind TEXT NOT NULL, id TEXT NOT NULL, serial INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
PUT = "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?)"
NOTE = "INSERT OR REPLACE INTO facts VALUES (?, ?)"


class StateFileError(RefusalError, ValueError):
    """A state file that cannot be used, and why: at the start, or by a request that is refused for it."""

    def __init__(self, message: str) -> None:
        super().__init__(HTTPStatus.INSUFFICIENT_STORAGE, message)

    def __str__(self) -> str:
        return self.detail


class StateFile(AbstractContextManager["StateFile"]):
    """A state kept in a file, which no other process can use in the meantime.

    Kept are the world, the moves of the clock, the seed, what new identifiers are made from, and which lifecycles were
    ordered for runs. `with` closes it.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._world: World | None = None
        self._course: _Course | None = None
        self._inode: int | None = None
        self.is_resumed = False
        """True if a mock went on from a state that was in the file already."""
        try:
            # Requests are answered one after another, but not all by one thread.
            # The path is absolute, as SQLite takes `:memory:` and `file:...` for more than names.
            place = self._path.absolute()
            self._database = sqlite3.connect(place, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StateFileError(f"cannot open the state file {self._path}: {error}") from error
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise
        self._inode = self._present_inode()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def attach(self, state: State) -> None:
        """Give the state what the file keeps; a new file gets what the state has."""
        with self._reading():
            is_new = self._database.execute("SELECT 1 FROM facts").fetchone() is None
        if is_new:
            self.commit(state)
        else:
            self.restore(state)
            self.is_resumed = True

    def restore(self, state: State) -> None:
        """Give the state what the file keeps, which is what there was at the last commit."""
        with self._reading():
            facts = dict(self._database.execute("SELECT name, value FROM facts"))
            state.world = self._kept_world()
            _recall(state, as_object(json.loads(facts["state"])), facts["dice"])
        self._adopt(state)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, struct.error, sqlite3.Error, msgspec.ValidationError) as error:
            raise StateFileError(f"the state file {self._path} is damaged: {error}") from error

    def commit(self, state: State) -> None:
        """Write what has changed since the last time, or everything when the world is another one.

        Raises:
            StateFileError: it could not be written, and why.
        """
        world, is_another = state.world, state.world is not self._world
        changed = {
            kind: [it.id for _, it in world.tables[kind].as_put()] if is_another else changes.ids()
            for kind, changes in world.changes.items()
        }
        if not is_another and not any(changed.values()) and _course(state) == self._course:
            return
        with self._transaction() as database:
            if is_another:
                database.execute("DELETE FROM resources")
            for each in TYPES:
                table, kind = world.tables[each.kind], each.kind.name
                for identifier in changed[each.kind]:
                    thing = table.get(identifier)
                    if thing is None:
                        database.execute("DELETE FROM resources WHERE kind = ? AND id = ?", (kind, identifier))
                    else:
                        record = encode(msgspec.to_builtins(thing)).decode()
                        database.execute(PUT, (kind, identifier, table.serial_of(identifier), record))
            _note_facts(database, state)
        self._adopt(state)

    def _adopt(self, state: State) -> None:
        """Note that the file has the state as it is now."""
        self._world, self._course = state.world, _course(state)
        for changes in state.world.changes.values():
            changes.watch()
            changes.forget()

    def _kept_world(self) -> World:
        world = World()
        for each in TYPES:
            table = world.tables[each.kind]
            rows = self._database.execute(
                "SELECT serial, record FROM resources WHERE kind = ? ORDER BY serial", (each.kind.name,)
            )
            for serial, record in rows:
                table.serial = serial - 1
                world.add(msgspec.convert(json.loads(record), each.model))
        return world

    def _prepare(self) -> None:
        """Take the file for this process alone; make its tables when it is new."""
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("BEGIN EXCLUSIVE").execute("COMMIT")
            identity = self._number("application_id"), self._number("user_version")
            if identity == (0, 0) and not self._number("schema_version"):
                self._database.execute("PRAGMA journal_mode = WAL")
                with self._transaction() as database:
                    for statement in TABLES.split(";"):
                        database.execute(statement)
                    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                    database.execute(f"PRAGMA user_version = {VERSION}")
            elif identity[0] != APPLICATION_ID:
                raise StateFileError(f"{self._path} is a database, but not a state file of the mock")
            elif identity[1] == WITHOUT_VERSIONS:
                self._add_versions()
            elif identity[1] != VERSION:
                raise StateFileError(
                    f"the state file {self._path} has format {identity[1]}, but this version of the mock reads "
                    f"format {VERSION}; start with another file, or remove this one"
                )
            self._database.execute("PRAGMA synchronous = FULL")
            finding = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE
            if code == sqlite3.SQLITE_BUSY:
                raise StateFileError(f"the state file {self._path} is in use by another process") from error
            if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
                raise StateFileError(f"{self._path} is not a state file, or a damaged one: {error}") from error
            raise StateFileError(f"cannot open the state file {self._path}: {error}") from error
        if finding != "ok":
            raise StateFileError(f"the state file {self._path} is damaged: {finding}")

    def _add_versions(self) -> None:
        """Bring a file of the first format up to date: an evaluator without a version gets one."""
        with self._transaction() as database:
            kept = database.execute("SELECT id, serial, record FROM resources WHERE kind = ?", (IdKind.EVALUATOR.name,))
            for identifier, serial, kept_record in kept.fetchall():
                evaluator = as_object(json.loads(kept_record))
                if not evaluator.get("version_ids"):
                    version = derived(IdKind.EVALUATOR_VERSION, FIRST_NUMBER + serial, 0)
                    record = encode({**evaluator, "version_ids": [version]}).decode()
                    database.execute(PUT, (IdKind.EVALUATOR.name, identifier, serial, record))
            database.execute(f"PRAGMA user_version = {VERSION}")

    def _present_inode(self) -> int | None:
        """Return the inode of the path: a file that was deleted goes on to be written, and nobody can find it again."""
        try:
            return self._path.stat().st_ino
        except OSError:
            return None

    def _number(self, pragma: str) -> int:
        return int(self._database.execute(f"PRAGMA {pragma}").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing."""
        if self._inode is not None and self._inode != self._present_inode():
            raise StateFileError(f"the state file {self._path} was deleted or replaced while it was in use")
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StateFileError(f"cannot write the state file {self._path}: {error}") from error


_Course = tuple[timedelta, datetime, Settings, JsonObject]


def _course(state: State) -> _Course:
    """Return what else is kept and can change while the world does not."""
    return state.clock.advanced, state.continued_at, state.world.settings, written_orders(state.lifecycles)


def _note_facts(database: sqlite3.Connection, state: State) -> None:
    """Write the facts about the state as a whole."""
    facts: JsonObject = {
        "seed": state.seed,
        "now": state.now.isoformat(),
        "advanced": state.clock.advanced.total_seconds(),
        "continued_at": state.continued_at.isoformat(),
        "settings": written_settings(state.world.settings),
        "orders": written_orders(state.lifecycles),
        "numbers": {kind.name: number for kind, number in state.world.numbers.items()},
        "serials": {each.kind.name: state.world.tables[each.kind].serial for each in TYPES},
    }
    version, internal, _ = state.rng.getstate()
    database.execute(NOTE, ("state", encode(facts).decode()))
    database.execute(NOTE, ("dice", struct.pack(RNG_STATE, version, *internal)))


def _recall(state: State, facts: JsonObject, rng: bytes) -> None:
    """Make all that true again."""
    numbers, serials = as_object(facts["numbers"]), as_object(facts["serials"])
    state.world.numbers.update({IdKind[name]: as_whole(number) for name, number in numbers.items()})
    for each in TYPES:
        state.world.tables[each.kind].serial = as_whole(serials.get(each.kind.name, 0))
    state.seed = as_whole(facts["seed"])
    version, *internal = struct.unpack(RNG_STATE, rng)
    state.rng.setstate((version, tuple(internal), None))
    state.world.settings = read_settings(Document(facts), as_object(facts["settings"]), Settings())
    if "orders" in facts:  # files of earlier versions have none
        state.lifecycles = read_orders(as_object(facts["orders"]), state.lifecycles.default)
    state.continued_at = datetime.fromisoformat(as_text(facts["continued_at"]))
    moment = datetime.fromisoformat(as_text(facts["now"]))
    state.clock.resume(timedelta(seconds=float(str(facts["advanced"]))), moment)
    state.now = state.clock.now()
