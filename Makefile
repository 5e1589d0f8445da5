# What a person needs. Each step leaves its result behind and is done again only when something before it changed.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"
PACKAGES := .venv/.packages
EDITABLE := .venv/.liuke
MODULES := frontend/node_modules/.package-lock.json
BUILT := liuke/core/static/.built
COLLECTED := liuke/static/staticfiles.json
TEXTS := liuke/locale/zh_Hans/LC_MESSAGES/django
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
NPM := ../$(BIN)/python ../tools/npm.py

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: $(EDITABLE) $(COLLECTED) $(TEXTS).mo ## set up everything: packages, front end, translations

run: setup ## set up, fill in demo data, serve on http://127.0.0.1:8000
	@$(BIN)/liuke demo
	@$(BIN)/liuke serve

test: setup ## set up, run the whole suite (ARGS="-k name" for a part)
	@$(BIN)/python tools/suite.py $(ARGS)

check: setup ## style, types, floors, missing migrations, translations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/liuke makemigrations --check --dry-run
	$(BIN)/liuke texts check

bench: setup ## measure speed at scale
	@$(BIN)/python -m bench $(ARGS)

prove: setup ## proofs too long for the suite: crawl, fuzzing, scripts, kills, a crowd, a backup, mutations
	@$(BIN)/python -m prove $(ARGS)

wheel: setup ## build the wheel into dist/
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

lock: $(PACKAGES) ## write the lock files anew (UPGRADE=--upgrade for newer versions)
	$(UV) $(UPGRADE) pyproject.toml --output-file requirements.lock
	$(UV) $(UPGRADE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(UV) $(UPGRADE) --group node --output-file requirements-node.lock

.PHONY: help setup run test check bench prove wheel lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Liuke needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv

$(PACKAGES): requirements-dev.lock | .venv/bin/python
	@echo "Installing Python packages …"
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(EDITABLE): pyproject.toml $(PACKAGES)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(MODULES): frontend/package.json frontend/package-lock.json | $(PACKAGES)
	@echo "Installing front-end packages …"
	@cd frontend && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): $(FRONTEND) $(MODULES)
	@echo "Building the front end …"
	@cd frontend && $(NPM) run --silent build
	@touch $@

$(COLLECTED): $(BUILT) $(EDITABLE)
	@rm -rf liuke/static
	@LIUKE_COLLECT=1 $(BIN)/liuke collectstatic --noinput --verbosity 0

$(TEXTS).mo: $(TEXTS).po $(EDITABLE)
	@$(BIN)/liuke texts compile
