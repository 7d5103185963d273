# Needs python3 (3.11 or newer, with venv), make and the package index; everything else is set up here.
.DELETE_ON_ERROR:
.PHONY: setup serve test check integration browser docs lock bench bench-check

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
HEALTHCHAIN := benchmarks/.healthchain/.set-up

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

serve: $(STAMP)
	$(BIN)/myeloma-cds serve

check: $(STAMP)
	$(BIN)/ruff check cds_service fhir_mappings benchmarks tests
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

# Against a real R4 server; needs node (20 or newer) and npm, and says so when they are not here. Part of `make test` as well.
integration: $(STAMP)
	$(BIN)/python -m pytest -n 2 -rs tests/integration

# Clicks through the pages with Debian's chromium (apt-get install chromium) and writes the pictures of the docs.
browser: $(STAMP)
	MYELOMA_CDS_PICTURES=docs/images $(BIN)/python -m pytest -rs tests/browser

# The documentation as pages, in build/docs.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx --quiet --fail-on-warning --builder html docs build/docs

$(VENV)/.docs: requirements-docs.lock $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@

# Needs no network but for setting up HealthChain in an environment of its own, and goes on without it. wrk is used when it is there.
bench: $(STAMP) $(HEALTHCHAIN)
	$(BIN)/python -m benchmarks.run

bench-check: $(STAMP)
	$(BIN)/python -m benchmarks.check

$(HEALTHCHAIN): requirements-bench.lock
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock \
	  || { echo "HealthChain could not be installed; the bench goes on without it."; rm -rf $(@D)/bin; }
	@touch $@

# The HTTP surface at length, from docs/openapi.yaml; `make test` does the same with few examples.
fuzz: $(STAMP)
	FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),2000) $(BIN)/python -m pytest -n 2 --show-capture=no tests/protocol/test_openapi.py

# Run after a change of the dependencies in pyproject.toml. The locks hold for every platform and Python from 3.11 on.
lock: $(STAMP)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group build \
	  --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group build \
	  --group test --group check --extra postgres -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group docs \
	  -c requirements-dev.lock pyproject.toml -o requirements-docs.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --group bench -o requirements-bench.lock
