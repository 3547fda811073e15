# Every target builds the environment first; a second call installs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What only the benchmark compares with; apart from the locked environment
RIVALS := $(VENV)/rivals

.DEFAULT_GOAL := help
.PHONY: help env run test soak bench lint fmt lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

env: $(STAMP) ## Install everything into .venv, and nothing else

$(STAMP): requirements.lock pyproject.toml
	@echo "[1/3] Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "[2/3] Installing the locked packages (about a minute the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements.lock
	@echo "[3/3] Installing fermata itself"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: env ## Start the talking demo on http://127.0.0.1:8080
	@FERMATA_DEMO=1 exec $(BIN)/fermata serve

test: env ## Lint, types, import contracts and all tests, with one summary
	@$(BIN)/python tests/check.py

soak: env ## The long forms: hundred rounds, many seeds, and mutants that the tests have to notice
	@$(BIN)/python -m pytest -m soak tests
	@$(BIN)/python -m tests.mutation

bench: env ## Latency as ratios against anchors in the same run
	@[ -d $(RIVALS) ] || $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --target $(RIVALS) \
		"$$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"])')" \
		|| echo "Duckling cannot be installed here; the comparison goes without it"
	@PYTHONPATH=$(RIVALS) $(BIN)/python -m tests.bench

lint: env ## Ruff, mypy and import contracts only
	@$(BIN)/python tests/check.py --no-tests

fmt: env ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: env ## Resolve requirements.lock anew from pyproject.toml
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv
	@$(VENV)/lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock
	@$(VENV)/lock/bin/uv pip compile --group mutation --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file tests/mutation/requirements.lock

clean: ## Remove the environment, caches and the demo's data
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find bot booking_core integrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
