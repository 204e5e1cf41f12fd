"""Tests of the plugin in other projects, by the output of pytest there."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib import import_module
from pkgutil import walk_packages

import axtasks
import axtasks_api
import pytest
from axtasks.extras import install_command

pytest_plugins = ["pytester"]

# Imported once: pytester forgets after each run what was first imported in it.
IMPORTED = [
    import_module(each.name)
    for package in (axtasks, axtasks_api)
    for each in walk_packages(package.__path__, f"{package.__name__}.")
    if not each.name.startswith(("axtasks.airflow.", "axtasks.cli", "axtasks.demo"))
    and not each.name.endswith("__main__")
]

# Without plugins that take longer to load than these tests to run.
OTHERS = ("schemathesis", "hypothesispytest", "cacheprovider")
STRICT = ("--strict-markers", "--strict-config", "-W", "error", *(f"-pno:{name}" for name in OTHERS))
SMALL = "spaces: [{name: lab}]\n"


def run(pytester: pytest.Pytester, text: str, *arguments: str) -> pytest.RunResult:
    """Run pytest on a project with this one file of tests; warnings are errors in it."""
    pytester.makepyfile(text)
    return pytester.runpytest_inprocess(*STRICT, "-pno:xdist", *arguments)


def setup_errors(pytester: pytest.Pytester, text: str) -> list[str]:
    """Return the setup error of each test in a project's one file."""
    pytester.makepyfile(text)
    reports = pytester.inline_run(*STRICT, "-pno:xdist").getreports("pytest_runtest_logreport")
    return [report.longreprtext for report in reports if report.when == "setup" and report.failed]


def test_fixtures_are_listed_with_what_they_are_for(pytester: pytest.Pytester) -> None:
    """`pytest --fixtures` and `--markers` describe all of them."""
    fixtures = run(pytester, "", "--fixtures").stdout.str()

    for name in ("ax_mock", "ax_contract", "ax_mock_server", "ax_client", "async_ax_client", "ax_environment"):
        assert f"\n{name} -- " in fixtures or f"\n{name}" in fixtures
    assert "no docstring" not in fixtures.partition("ax_tasks")[2]
    run(pytester, "", "--markers").stdout.fnmatch_lines(["@pytest.mark.ax_world(source=None, *, seed=0, *"])


def test_nothing_is_left_of_an_earlier_test(pytester: pytest.Pytester) -> None:
    """Each test has its own world, journal, clock and port."""
    run(
        pytester,
        """
        import pytest

        seen = set()

        @pytest.mark.parametrize("turn", range(3))
        def test_turn(turn, ax_client, ax_mock, ax_mock_server):
            assert ax_mock.journal.count() == 0
            ax_client.tasks.delete("Golden Set Review")
            ax_mock.clock.advance(3600)
            assert ax_mock_server.is_listening
            assert ax_mock not in seen
            seen.add(ax_mock)
        """,
    ).assert_outcomes(passed=3)


@pytest.mark.programs
def test_on_several_workers(pytester: pytest.Pytester) -> None:
    """The tests of a project can run in parallel."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(4))
        def test_turn(turn, ax_client, ax_environment, ax_mock):
            from axtasks import AxClient

            with AxClient() as outside:
                outside.tasks.trigger_run("Golden Set Review")
            ax_mock.journal.assert_called("trigger_task_run", times=1)
        """
    )

    pytester.runpytest_subprocess(*STRICT, "-pno:anyio", "-n", "2").assert_outcomes(passed=4)


def test_under_anyio(pytester: pytest.Pytester) -> None:
    """Async tests use the same fixture; no connection is left open."""
    run(
        pytester,
        """
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        async def test_awaited(async_ax_client, ax_mock):
            run = await async_ax_client.tasks.trigger_run("Golden Set Review")
            assert (await async_ax_client.tasks.wait_for_run(run.id)).status == "completed"
            ax_mock.journal.assert_called("trigger_task_run", times=1)
        """,
    ).assert_outcomes(passed=1)


def test_nothing_is_left_open(pytester: pytest.Pytester) -> None:
    """All fixtures together leave neither sockets nor threads behind, also after a failed test."""
    result = run(
        pytester,
        """
        import threading

        before = threading.enumerate()

        def test_failing(ax_client, async_ax_client, ax_mock_server, ax_environment):
            assert threading.enumerate() != before
            assert ax_mock_server is None

        def test_afterwards():
            assert threading.enumerate() == before
        """,
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*ResourceWarning*")


def test_a_call_that_was_not_made(pytester: pytest.Pytester) -> None:
    """The failure shows the line of the test and the nearest calls, without frames of the journal."""
    result = run(
        pytester,
        """
        def test_it(ax_client, ax_mock):
            ax_client.tasks.trigger_run("Golden Set Review", max_spans=3)
            ax_mock.journal.assert_called("trigger_task_run", task="Golden Set Revue", max_spans=5)
        """,
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       ax_mock.journal.assert_called("trigger_task_run", task="Golden Set Revue", max_spans=5)',
            "E*expected at least one call of trigger_task_run with task='Golden Set Revue', max_spans=5, found 0",
            "E*no task is named 'Golden Set Revue'; did you mean 'Golden Set Review'?",
            "E*the nearest other calls, and what is different about them:",
            "E*#3 trigger_task_run: POST * -> 201 (task is 'Golden Set Review'; max_spans is 3)",
        ]
    )
    result.stdout.no_fnmatch_line("*raise AssertionError*")


def test_worlds_in_files_and_several_markers(pytester: pytest.Pytester) -> None:
    """A file is found beside the test; an outer marker supplies the options that the closest one omits."""
    (pytester.mkpydir("inner") / "world.yaml").write_text(SMALL, encoding="utf-8")
    (pytester.path / "inner" / "test_it.py").write_text(
        """
import pathlib
import pytest

pytestmark = pytest.mark.ax_world("world.yaml", lifecycle="manual")

def names(ax_client):
    return [space.name for space in ax_client.spaces.list()]

def test_from_the_module(ax_client, ax_mock):
    assert (names(ax_client), str(ax_mock.starting_lifecycles.default)) == (["lab"], "manual")

@pytest.mark.ax_world(pathlib.Path("world.yaml"), lifecycle="immediate")
def test_from_both(ax_client, ax_mock):
    assert (names(ax_client), str(ax_mock.starting_lifecycles.default)) == (["lab"], "immediate")

@pytest.mark.ax_world(None)
class TestGroup:
    @pytest.mark.ax_world(seed=3)
    def test_from_all_three(self, ax_client, ax_mock):
        assert "demo" in names(ax_client)
        assert str(ax_mock.starting_lifecycles.default) == "manual"
""",
        encoding="utf-8",
    )

    pytester.runpytest_inprocess(*STRICT).assert_outcomes(passed=3)


NO_SENSE = {
    "sede=1": "there is no 'sede'; did you mean 'seed'?",
    "nothing=1": "there is no 'nothing', only source, seed, *",
    "'a.yaml', 'b.yaml'": "it takes one world, not 2; everything else is given by name",
    "'a.yaml', source='b.yaml'": "the world is given twice",
    "5": "source has to be str or Path or mapping, not 5",
    "seed=True": "seed has to be int, not True",
    "faults=3": "faults has to be str or list or tuple, not 3",
    "'missing.yaml'": "*missing.yaml: cannot be read: No such file or directory",
    "'spaces: 3'": "*spaces: has to be an array, not 3",
    "{'nothing': []}": "*nothing*",
    "lifecycle='often'": "a lifecycle is immediate, time:SECONDS, reads:N or manual, not *",
    "lifecycle='manual', run_seconds=1": "run_seconds and lifecycle say the same thing: give one of them",
    "run_seconds=-1": "run_seconds has to be between 0 and *, not -1",
    "clock_start='yesterday'": "clock_start has to be a date and time with an offset, such as *",
    "faults='fault=earthquake'": "*earthquake*",
    "limit='fast'": "*fast*",
    "keys=[{'key': 'k', 'role': 'king'}]": "role has to be one of *king*",
    "keys=[5]": "a key has to be *",
    "keys=['k', 'k']": "the same API key is listed more than once",
}


def test_markers_that_make_no_sense(pytester: pytest.Pytester) -> None:
    """The error of the test names the mistake in one line, without a traceback."""
    tests = (f"@pytest.mark.ax_world({marker})\ndef test_{at}(ax_client): pass\n" for at, marker in enumerate(NO_SENSE))

    said = setup_errors(pytester, "import pytest\n" + "".join(tests))

    for (marker, message), why in zip(NO_SENSE.items(), said, strict=True):
        assert fnmatchcase(why, f"@pytest.mark.ax_world: {message}"), marker
        assert "\n" not in why, marker


def test_without_the_extra(pytester: pytest.Pytester) -> None:
    """Each fixture names the missing extra; other tests run."""
    pytester.makeconftest(
        """
        import importlib.util

        before = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *more: None if name == "uvicorn" else before(name, *more)

        def pytest_unconfigure():
            importlib.util.find_spec = before
        """
    )
    fixtures = ("ax_mock", "ax_mock_server", "ax_client", "async_ax_client", "ax_environment")
    tests = "".join(f"def test_{fixture}({fixture}): pass\n" for fixture in fixtures)

    result = run(pytester, f"{tests}def test_other(): pass")

    result.assert_outcomes(errors=len(fixtures), passed=1)
    needs = f"the fixture * needs uvicorn: {install_command('mock').replace('[', '[[]').replace('mock]', 'mock[]]')}"
    result.stdout.fnmatch_lines([needs] * len(fixtures))


@pytest.mark.programs
def test_a_run_without_the_fixtures_loads_nothing(pytester: pytest.Pytester) -> None:
    """An installed plugin that is not used loads no module of the mock."""
    pytester.makepyfile(
        """
        import sys

        def test_it():
            heavy = {"httpx", "attrs", "httptools", "uvicorn", "yaml", "jsonschema_rs", "axtasks_api"}
            assert {name.partition(".")[0] for name in sys.modules} & heavy == set()
            assert not [name for name in sys.modules if name.startswith("axtasks.mock")]
        """
    )

    pytester.runpytest_subprocess(*STRICT, "-pno:anyio", "-pno:xdist").assert_outcomes(passed=1)


def test_fixtures_can_be_replaced(pytester: pytest.Pytester) -> None:
    """The server and the clients use a project's own `ax_mock`."""
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def ax_mock():
            from axtasks.testing import Mock
            return Mock(lifecycle="immediate")
        """
    )

    run(
        pytester,
        """
        def test_it(ax_mock, ax_mock_server, ax_client):
            assert ax_mock_server.mock is ax_mock
            assert str(ax_mock.starting_lifecycles.default) == "immediate"
            ax_client.spaces.list()
            ax_mock.journal.assert_called("list_spaces")
        """,
    ).assert_outcomes(passed=1)


SERVED = """
    def test_served(ax_mock, ax_contract):
        assert ax_mock.contract == ax_contract == "{}"
"""


def test_the_contract_of_a_project(pytester: pytest.Pytester) -> None:
    """The ini option sets the contract of a project's mocks; the default is the documents'."""
    run(pytester, SERVED.format("documents")).assert_outcomes(passed=1)
    run(pytester, SERVED.format("beta"), "-o", "ax_contract=beta").assert_outcomes(passed=1)


def test_the_contract_of_a_test(pytester: pytest.Pytester) -> None:
    """A marker sets it for one test, and an overridden fixture for each in turn."""
    run(
        pytester,
        """
        import pytest

        @pytest.mark.ax_world(contract="beta")
        def test_marked(ax_mock):
            assert ax_mock.contract == "beta"

        class TestBoth:
            @pytest.fixture(params=["documents", "beta"])
            def ax_contract(self, request):
                return request.param

            def test_it(self, ax_mock, ax_contract):
                assert ax_mock.contract == ax_contract
        """,
    ).assert_outcomes(passed=3)


def test_a_contract_that_is_none(pytester: pytest.Pytester) -> None:
    """The error lists the contracts there are."""
    result = run(pytester, "def test_it(ax_mock): pass", "-o", "ax_contract=gamma")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the contract has to be one of documents, beta, not 'gamma'*"])
