# Everything a newcomer needs; `make help` lists it. Nothing outside .venv, .work and var/ is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
UV     ?= uv

.DEFAULT_GOAL := help
.PHONY: help run test check proof bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/ready ## start Narthex with demo data on http://127.0.0.1:8000/
	@exec $(BIN)/narthex serve

# Compiled once, instead of by each of the many processes that tests start, where containers forbid it.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/ready-dev check ## everything: check, unit, database, mail, browser
	@$(BIN)/python -m tests.machine
	@$(BIN)/python -m pytest

check: $(VENV)/ready-dev ## ruff, mypy strict, import contracts, flows and templates compile
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/narthex check

proof: $(VENV)/ready-dev ## every path of every flow, over HTTP and in Chromium; in minutes
	@$(BIN)/narthex paths --criteria transitions,guards,pairs,limits --browser

bench: $(VENV)/ready-dev ## ratios measured in one run; no pass or fail
	@$(BIN)/python -m tests.bench

lock: ## resolve the dependencies anew (needs uv); hashes, no download addresses, no swig
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra postgres --extra redis --extra production pyproject.toml requirements/build.in -o requirements/run.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --all-extras -c requirements/run.lock pyproject.toml requirements/build.in -o requirements/dev.lock
	$(PYTHON) requirements/drop.py swig requirements/run.lock requirements/dev.lock

clean: ## remove the environment and what tests left behind, not var/
	rm -rf $(VENV) .work

$(VENV)/ready: requirements/run.lock pyproject.toml $(wildcard app/translations/*/LC_MESSAGES/*.po)
	@test -x $(BIN)/python || { echo "Making $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the locked dependencies ..."
	@$(PIP) -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/pybabel --quiet compile --directory app/translations
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements/dev.lock
	@echo "Installing the locked test tools ..."
	@$(PIP) -r requirements/dev.lock
	@touch $@
