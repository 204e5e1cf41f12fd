#!/bin/sh
# Builds the sdist and the wheel and uses them in empty environments, the wheel first bare, then with the mock.
# `make install-check` calls it.
# What it needs from the network it gets with pip. PYTHON says which Python the environments are made with.
set -eu

PYTHON=${PYTHON:-python3}
MOST_DISTRIBUTIONS=10
START_SECONDS=20

root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
server=

tidy() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || :
        wait "$server" 2>/dev/null || :
    fi
    rm -rf "$work"
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "install-check: $*" >&2
    exit 1
}

# An empty environment at $1.
make_environment() {
    "$PYTHON" -m venv "$1"
}

install() {
    environment=$1
    shift
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

# How many distributions are installed at $1 besides pip and setuptools, and how large their files are.
measure() {
    "$1/bin/python" - <<'PYTHON'
from importlib.metadata import distributions

found = [d for d in distributions() if d.metadata["Name"].lower() not in {"pip", "setuptools"}]
paths = {file.locate() for d in found for file in d.files or () if file.suffix != ".pyc"}
size = sum(path.stat().st_size for path in paths if path.is_file())
print(len(found), f"{size / 1e6:.1f}")
PYTHON
}

# Outside the checkout, so that nothing but what is installed can be imported.
cd "$work"
unset PYTHONPATH
for variable in $(env | sed -n 's/^\(ARIZE_[A-Z_]*\)=.*/\1/p'); do
    unset "$variable"
done

echo "Building the wheel"
make_environment builder
builder/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir wheels "$root"
set -- wheels/*.whl
[ $# -eq 1 ] && [ -f "$1" ] || fail "expected one wheel, got: $*"
wheel=$work/$1
version=$(basename "$wheel" | cut -d- -f2)

echo "Building the sdist, and installing it"
install builder hatchling
(cd "$root" && "$work/builder/bin/python" -m hatchling build --target sdist --directory "$work/sdists" >/dev/null)
rm -rf builder
make_environment source
install source sdists/*.tar.gz
source/bin/ax --version | grep -q "^ax $version (ax-tasks)$" || fail "the sdist does not make this version of ax"
rm -rf source

echo "Installing it bare"
make_environment bare
install bare "$wheel"
bare/bin/python - <<'PYTHON'
from pathlib import Path

import axtasks
import axtasks_api

for package in (axtasks, axtasks_api):
    home = Path(package.__file__).parent
    assert "site-packages" in home.parts, home
    assert (home / "py.typed").is_file(), home
with axtasks.AxClient(api_key="any") as ax:
    assert ax.base_url == "https://api.arize.com", ax.base_url
for name in axtasks.__all__:
    getattr(axtasks, name)
PYTHON
said=$(bare/bin/ax --version)
[ "$said" = "ax $version (ax-tasks)" ] || fail "ax --version says '$said', the wheel is $version"
if said=$(bare/bin/ax mock serve --port 0 2>&1); then
    fail "ax mock serve runs without the extra"
fi
case $said in
    *"pip install '"*".whl[mock]'"*) ;;
    *) fail "ax mock serve without the extra does not say what to install: $said" ;;
esac
measured=$(measure bare)
count=${measured% *}
[ "$count" -le "$MOST_DISTRIBUTIONS" ] || fail "$count distributions; $MOST_DISTRIBUTIONS is the most"
echo "  $count distributions, ${measured#* } MB"

echo "Installing it with the mock"
make_environment mocking
install mocking "$wheel[mock]"
mocking/bin/ax mock serve --port 0 --run-seconds 0 >served 2>complaints &
server=$!
waited=0
until grep -q '^Listening on ' served; do
    kill -0 "$server" 2>/dev/null || fail "ax mock serve ended: $(cat served complaints)"
    [ "$waited" -lt "$START_SECONDS" ] || fail "ax mock serve is not up after $START_SECONDS seconds"
    sleep 1
    waited=$((waited + 1))
done
url=$(sed -n 's/^Listening on //p' served)
mocking/bin/python - "$url" <<'PYTHON'
import sys

from axtasks import AxClient

with AxClient(api_key="any", base_url=sys.argv[1], space="demo") as ax:
    run = ax.tasks.trigger_run("Golden Set Review")
    run = ax.tasks.wait_for_run(run.id, timeout=30)
    assert run.status == "completed", run.status
PYTHON
kill "$server"
wait "$server" || fail "ax mock serve did not end well: $(cat complaints)"
server=
measured=$(measure mocking)

echo "Using its pytest plugin"
mkdir project
awk 'taking && /^```$/ { exit } taking { print } /^```python$/ { taking = 1 }' "$root/docs/guides/pytest.md" \
    >project/test_page.py
grep -q '^def test_' project/test_page.py || fail "the page on pytest shows no test first"
install mocking pytest
(cd project && ../mocking/bin/python -m pytest -q -W error --strict-markers) || fail "the test of the page on pytest does not pass"
install mocking pytest-asyncio
cat >project/test_awaited.py <<'PYTHON'
import pytest


@pytest.mark.asyncio
async def test_awaited(async_ax_client, ax_mock):
    run = await async_ax_client.tasks.trigger_run("Golden Set Review")
    assert (await async_ax_client.tasks.wait_for_run(run.id)).status == "completed"
    ax_mock.journal.assert_called("trigger_task_run", times=1)
PYTHON
# The option is one that the library wants to be told.
(cd project && ../mocking/bin/python -m pytest -q -W error --strict-markers \
    -o asyncio_default_fixture_loop_scope=function) || fail "awaited tests do not pass"
echo "  ${measured% *} distributions, ${measured#* } MB"
echo "The wheel of $version works in empty environments"
