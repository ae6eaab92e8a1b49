# Needs: GNU make, a POSIX shell, Python 3.11 or newer with its venv module. Everything else comes with `make setup`.
# Arguments for the command behind a target go in ARGS: make test ARGS="-k calendar"

.DEFAULT_GOAL := help
.PHONY: help setup demo test faults lint types bench up flow clean

BIN := .venv/bin
STAMP := .venv/.stamp

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

setup: $(STAMP) ## make .venv with everything pinned; nothing to do when nothing changed

demo: setup ## run the demonstration
	@exec $(BIN)/duban demo $(ARGS)

up: setup ## run the three services here, embedded
	@exec $(BIN)/duban up $(ARGS)

test: setup ## all tests but the long fault tests
	@exec $(BIN)/python -m pytest $(ARGS)

faults: setup ## the long fault tests
	@exec $(BIN)/python -m pytest -m faults $(ARGS)

lint: setup types ## ruff, import contracts, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=. $(BIN)/lint-imports

types: setup ## mypy
	$(BIN)/python -m mypy

bench: setup ## measure
	@exec $(BIN)/python -m tests.bench $(ARGS)

flow: setup ## the files of the README's flow list, with their lengths
	@exec $(BIN)/python -m tests.architecture.flow

clean: ## remove what the tools made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python that is new enough and whole: on a bare Debian python3 has no ensurepip until python3-venv is there.
# A folder whose pip does not answer is what an interrupted setup left behind.
$(STAMP): requirements.txt requirements-dev.txt pyproject.toml
	@set -e; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  found=; bare=; \
	  for python in python3.13 python3.12 python3.11 python3; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	    if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$python; break; fi; \
	    bare=$$python; \
	  done; \
	  rm -rf .venv; \
	  if [ -n "$$found" ]; then \
	    echo "making .venv with $$found"; $$found -m venv .venv; \
	  elif [ -z "$$bare" ]; then \
	    echo 'Python 3.11 or newer is needed: none of python3.13 python3.12 python3.11 python3 is.' >&2; exit 1; \
	  elif $$bare -m virtualenv --version >/dev/null 2>&1; then \
	    echo "making .venv with $$bare and virtualenv"; $$bare -m virtualenv -q .venv; \
	  else \
	    echo "$$bare cannot make a virtual environment: its venv module is missing." >&2; \
	    echo 'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; \
	  fi; \
	fi
	@echo 'installing the pinned requirements'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
