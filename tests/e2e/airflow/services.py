"""Airflow's services on this machine: api-server, scheduler with LocalExecutor, dag-processor and triggerers."""

from __future__ import annotations

import os
import re
import secrets
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.e2e.airflow.polling import until
from tests.e2e.airflow.rest import AirflowApi
from tests.e2e.proxies.support import HOST, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "build" / "airflow" / "bin" / "airflow"
START_SECONDS = 400.0
STOP_SECONDS = 20.0
COMMANDS = {
    "api-server": ("api-server", "--workers", "1"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""The commands of the services; there can be several triggerers, and one of each other."""


@dataclass
class Airflow:
    """Airflow with a home of its own; its services can be started, stopped and killed.

    Attributes:
        home: The folder of its DAGs, configuration, database and logs.
        port: The port of its api-server.
        connections: Airflow connections by id, each as JSON.
        processes: The running services by name.
    """

    home: Path
    port: int
    connections: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._secrets = {"API_AUTH__JWT_SECRET": secrets.token_hex(32), "API__SECRET_KEY": secrets.token_hex(32)}

    @property
    def url(self) -> str:
        """The address of the api-server."""
        return f"http://{HOST}:{self.port}"

    @property
    def database(self) -> Path:
        """The metadata database."""
        return self.home / "airflow.db"

    def environment(self) -> dict[str, str]:
        """Return the environment of every service and command."""
        settings = {
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__DAGS_FOLDER": str(self.home / "dags"),
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__PARALLELISM": "8",
            "CORE__MAX_ACTIVE_TASKS_PER_DAG": "64",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "API__HOST": HOST,
            "API__PORT": str(self.port),
            "API__BASE_URL": self.url,
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.database}",
            "DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            # The files do not change, so each is parsed once by one process.
            "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",
            "DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "30",
            "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "10",
            "TRIGGERER__JOB_HEARTBEAT_SEC": "2",
            # Without a Fernet key the database has plain values, so that a search finds a leaked key.
            "CORE__FERNET_KEY": "",
            **self._secrets,
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ARIZE"))}
        return {
            **inherited,
            "AIRFLOW_HOME": str(self.home),
            "NO_PROXY": HOST,
            "PYTHONWARNINGS": "ignore",
            **{f"AIRFLOW__{name}": value for name, value in settings.items()},
            **{f"AIRFLOW_CONN_{name.upper()}": value for name, value in self.connections.items()},
        }

    def command(self, *arguments: str, seconds: float = 120.0) -> str:
        """Run a command of Airflow, and return its standard output.

        Raises:
            AssertionError: The command failed.
        """
        done = subprocess.run(
            [PROGRAM, *arguments], env=self.environment(), capture_output=True, text=True, timeout=seconds, check=False
        )
        assert done.returncode == 0, f"airflow {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, service: str, name: str | None = None) -> None:
        """Start a service, with its output in a file in the home."""
        name = service if name is None else name
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [PROGRAM, *COMMANDS[service]],
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def halted(self, name: str) -> Iterator[None]:
        """Suspend a service and its children while the block lasts, once they do not lock the database."""
        group = self.processes[name].pid
        try:
            until(lambda: self._halt(group), seconds=60, what=f"{name} is halted without a lock on the database")
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def _halt(self, group: int) -> bool:
        """Suspend a process group, unless it has locked the database; return true if suspended."""
        os.killpg(group, signal.SIGSTOP)
        with closing(sqlite3.connect(self.database, timeout=60)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.killpg(group, signal.SIGCONT)
                return False
            database.rollback()
        return True

    def triggers_of_triggerers(self) -> Counter[int | None]:
        """Count the triggers by the id of their triggerer."""
        with self.open_database() as database:
            return Counter(triggerer for (triggerer,) in database.execute("SELECT triggerer_id FROM trigger"))

    def kill(self, name: str) -> None:
        """Kill a service and its children (SIGKILL)."""
        process = self.processes.pop(name)
        _kill_group(process.pid)
        process.wait()

    def stop(self) -> None:
        """Stop all services, with their children."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=STOP_SECONDS)
            _kill_group(process.pid)
            process.wait()
        self.processes.clear()

    def log_of(self, name: str) -> str:
        """Return the output of a service."""
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def open_files(self, name: str) -> int:
        """Return the largest number of files that a process of a service has open."""
        group = self.processes[name].pid
        folders = [path for path in Path("/proc").iterdir() if path.name.isdecimal()]
        members = [folder for folder in folders if _group_of(int(folder.name)) == group]
        return max(len(list((folder / "fd").iterdir())) for folder in members)

    def stored_triggers(self) -> list[str]:
        """Return the stored arguments of each trigger."""
        with self.open_database() as database:
            return [str(kwargs) for (kwargs,) in database.execute("SELECT kwargs FROM trigger")]

    @contextmanager
    def open_database(self) -> Iterator[sqlite3.Connection]:
        """Open the metadata database for reading."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            yield database

    def count_executed(self, dag: str, run_id: str, attempt: int) -> int:
        """Count the task processes of a DAG run and try whose end the scheduler has logged."""
        ids = rf"dag_id='{dag}', .*run_id='{re.escape(run_id)}', try_number={attempt}, "
        key = re.compile(f"Received executor event .*{ids}")
        return len(key.findall(self.log_of("scheduler")))

    def trigger_logs(self, dag: str, run_id: str) -> str:
        """Return the logs of the triggers of a DAG run, from all triggerers."""
        found = (self.home / "logs" / f"dag_id={dag}" / f"run_id={run_id}").rglob("*.trigger.*.log")
        return "".join(path.read_text(encoding="utf-8") for path in sorted(found))

    def task_log(self, dag: str, run_id: str, task: str, attempt: int) -> str:
        """Return the log of a try of a task."""
        folder = self.home / "logs" / f"dag_id={dag}" / f"run_id={run_id}" / f"task_id={task}"
        return (folder / f"attempt={attempt}.log").read_text(encoding="utf-8")


@contextmanager
def airflow(home: Path, connections: Mapping[str, str]) -> Iterator[tuple[Airflow, AirflowApi]]:
    """Run Airflow while the block lasts, which begins once all services are healthy."""
    services = Airflow(home, free_port(), connections)
    with ExitStack() as stack:
        stack.callback(services.stop)
        services.command("db", "migrate")
        with closing(sqlite3.connect(services.database)) as database:
            # With WAL readers do not wait for the writer, nor the writer for them.
            database.execute("PRAGMA journal_mode=WAL")
        for service in COMMANDS:
            services.start(service)
        http = stack.enter_context(httpx.Client(base_url=services.url, timeout=60, trust_env=False))
        api = AirflowApi(http)
        until(lambda: _is_healthy(services, api), seconds=START_SECONDS, what="all services are healthy")
        api.log_in()
        yield services, api


def _is_healthy(services: Airflow, api: AirflowApi) -> bool:
    """Return true if all services are healthy.

    Raises:
        RuntimeError: A service has ended.
    """
    for name, process in services.processes.items():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with status {process.returncode}:\n{services.log_of(name)[-4000:]}")
    return api.is_healthy()


def _group_of(process: int) -> int | None:
    """Return the process group of a process, or None if it has ended."""
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return None


def _kill_group(group: int) -> None:
    """Kill the rest of a process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
