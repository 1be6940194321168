# FinBrain's commands. `make` alone lists them.
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?=
ARGS ?=
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run dev shell seed test test-fast test-long coverage lint validate format lock retrain screenshots up upgrade down clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

run: ## install, start everything and serve http://localhost:8000 (PORT=8123 serves elsewhere)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run

dev: ## the same with autoreload and DEBUG
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run --dev

shell: ## a Python shell with the models, on the databases that run here (or starts them)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded manage.py shell $(ARGS)

seed: ## add a person with 1,000 expenses and say how to sign in; for development only
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded -m benchmarks.sample $(ARGS)

test: ## run the tests with engines of their own (ARGS="-k dashboard" for some of them)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest --durations=10 $(ARGS)

test-fast: ## run the tests that need no browser and a few seconds at most
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m "not browser and not faults and not slow" $(ARGS)

test-long: ## run those that take many minutes of made-up input, and nothing else
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m long --durations=0 $(ARGS)

coverage: ## run the tests without a browser and report the lines that none of them reached
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m "not browser" --cov $(ARGS)

lint: ## style, formatting, types, spelling, words, import directions, deployment settings, missing migrations
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/typos
	$(BIN)/python scripts/check_words.py --docs
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_deploy.py
	$(BIN)/python -m finbrain.embedded manage.py makemigrations --check --dry-run

validate: ## check Dockerfile, compose.yaml, Kubernetes and GitHub files, and types in JavaScript (installs 230 MB the first time)
	@PYTHON="$(PYTHON)" scripts/install.sh validate
	@scripts/validate.sh

format: ## format code and templates, and fix what ruff can fix
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 2 templates

lock: ## write requirements*.txt from requirements*.in (ARGS=--upgrade takes the newest of all)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@scripts/lock.sh $(ARGS)

retrain: ## train the model anew from seed data and approved corrections (ARGS="--dry-run" to look first)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded manage.py retrain $(ARGS)

screenshots: ## take the pictures of README and the user guide (ARGS=--all: of every page, into test-results/screenshots/)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m scripts.screenshots $(ARGS)

up: ## serve https://localhost with docker compose, or https://$SITE_HOST (ARGS="--profile monitoring" for Grafana too)
	docker compose $(ARGS) up --build --detach

upgrade: ## let the version that is checked out take over from what `make up` started; MongoDB, Valkey and the proxy go on
	docker compose build
	docker compose run --rm --no-deps prepare
	docker compose up --detach --no-deps $(ARGS) web scheduler

down: ## stop what `make up` started; its volumes stay
	docker compose --profile monitoring down

clean: ## remove the environment and caches; your data in .data/ stays
	rm -rf .venv node_modules .coverage .pytest_cache .hypothesis .ruff_cache .import_linter_cache .data/static .data/static.stamp
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
