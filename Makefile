# FinBrain's commands. `make` alone lists them.
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?=
ARGS ?=
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run dev test lint validate format retrain screenshots up upgrade down clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

run: ## install, start everything and serve http://localhost:8000 (PORT=8123 serves elsewhere)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run

dev: ## the same with autoreload and DEBUG
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run --dev

test: ## run the tests with engines of their own (ARGS="-k dashboard" for some of them)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest $(ARGS)

lint: ## style, formatting, import directions, deployment settings, missing migrations
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_deploy.py
	$(BIN)/python -m finbrain.embedded manage.py makemigrations --check --dry-run

validate: ## check Dockerfile, compose.yaml, Kubernetes and GitHub files, and types in JavaScript (installs 230 MB the first time)
	@PYTHON="$(PYTHON)" scripts/install.sh validate
	@scripts/validate.sh

format: ## format the code and fix what ruff can fix
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

retrain: ## train the model anew from seed data and approved corrections (ARGS="--dry-run" to look first)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded manage.py retrain $(ARGS)

screenshots: ## take pictures of every page of the running site, into test-results/screenshots/
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python scripts/screenshots.py $(ARGS)

up: ## serve https://localhost with docker compose, or https://$SITE_HOST (ARGS="--profile monitoring" for Grafana too)
	docker compose $(ARGS) up --build --detach

upgrade: ## let the version that is checked out take over from what `make up` started; MongoDB, Valkey and the proxy go on
	docker compose build
	docker compose run --rm --no-deps prepare
	docker compose up --detach --no-deps $(ARGS) web scheduler

down: ## stop what `make up` started; its volumes stay
	docker compose --profile monitoring down

clean: ## remove the environment and caches; your data in .data/ stays
	rm -rf .venv node_modules .pytest_cache .hypothesis .ruff_cache .import_linter_cache .data/static .data/static.stamp
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
