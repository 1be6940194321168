# FinBrain's commands. `make` alone lists them.
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?=
ARGS ?=
WORKERS ?= 2
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run dev shell seed test test-fast test-long coverage bench lint scan validate format lock retrain screenshots up upgrade down clean

help: ## list all commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

run: ## install FinBrain and serve it at http://localhost:8000 (PORT=8123 changes the port)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run

dev: ## the same as run, with autoreload and DEBUG
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@FINBRAIN_MAKE=1 exec $(BIN)/python -m finbrain.run --dev

shell: ## open a Python shell with the models, on the running embedded engines (or start them)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded manage.py shell $(ARGS)

seed: ## add a sample person with 1,000 expenses and print how to sign in (development only)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded -m benchmarks.sample $(ARGS)

test: ## run all tests in 2 processes, each on its own embedded engines (ARGS="-k dashboard" selects some)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal --durations=10 $(ARGS)

test-fast: ## run the tests that need no browser and take a few seconds at most
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m "not browser and not faults and not slow" $(ARGS)

test-long: ## run only the tests with many minutes of generated input
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m long --durations=0 $(ARGS)

coverage: ## run the tests without a browser and list the lines that they don't cover
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m pytest -m "not browser" --cov $(ARGS)

bench: ## measure what requests cost and how that grows, and write the tables in docs/benchmarks.md (ARGS="--against COMMIT" compares)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m benchmarks.bench $(ARGS)
	@test -n "$(ARGS)" || $(BIN)/python -m benchmarks.growth

lint: ## check style, formatting, types, spelling, words, import directions, deployment settings and migrations
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

scan: ## look for weaknesses with bandit, wapiti and MDN's HTTP Observatory (ARGS=code, site or headers for one of them)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@scripts/scan.sh $(ARGS)

validate: ## check Docker, Kubernetes and GitHub files, and JavaScript types (installs 230 MB the first time)
	@PYTHON="$(PYTHON)" scripts/install.sh validate
	@scripts/validate.sh

format: ## format code and templates, and fix what ruff can fix
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 2 templates

lock: ## write requirements*.txt from requirements*.in (ARGS=--upgrade for the newest versions)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@scripts/lock.sh $(ARGS)

retrain: ## retrain the model on the training files and approved corrections (ARGS="--dry-run" stores nothing)
	@PYTHON="$(PYTHON)" scripts/install.sh run
	@$(BIN)/python -m finbrain.embedded manage.py retrain $(ARGS)

screenshots: ## take the pictures of README and the user guide (ARGS=--all: of every page, into test-results/screenshots/)
	@PYTHON="$(PYTHON)" scripts/install.sh dev
	@$(BIN)/python -m scripts.screenshots $(ARGS)

up: ## serve https://localhost or https://$SITE_HOST with docker compose (ARGS="--profile monitoring" adds Grafana)
	docker compose $(ARGS) up --build --detach

upgrade: ## replace what `make up` started with the checked-out version; MongoDB, Valkey and the proxy keep running
	docker compose build
	docker compose run --rm --no-deps prepare
	docker compose up --detach --no-deps $(ARGS) web scheduler

down: ## stop what `make up` started, and keep its volumes
	docker compose --profile monitoring down

clean: ## delete the environment and caches, and keep your data in .data/
	rm -rf .venv node_modules .coverage .pytest_cache .hypothesis .ruff_cache .import_linter_cache .data/static .data/static.stamp
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
