# What people do with this project. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
SOURCES := layers/domain/python functions infra models scripts tests
PYTEST := $(BIN)/python -m pytest
TOOL_READY := node_modules/.tool-ready
WEB := frontend
WEB_READY := $(WEB)/node_modules/.web-ready
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/tools -type f 2>/dev/null) $(WEB)/index.html $(WEB)/vite.config.ts models/sleep-night.json
SITE := $(WEB)/dist/index.html
NPM := npm --prefix $(WEB) --no-update-notifier
STAGE ?= dev
TRAINING := .cache/training-venv
TRAINING_READY := $(TRAINING)/.ready
# One thread, so that sums come in the same order and a model is the same byte for byte.
TRAIN := env OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=layers/domain/python:. $(TRAINING)/bin/python -m
CHROMIUM := test -n "$$CHROMIUM" || command -v chromium chromium-browser google-chrome >/dev/null

.DEFAULT_GOAL := help
.PHONY: help run site demo test test-web check check-web e2e e2e-full bench-web screens web format lint types imports generated generate lint-cloud build build-here bench simulate verify lock clean deploy remove secrets migrate rollback cloud cloud-up cloud-gcp cloud-oci train evaluate smart-wake

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(RUN_READY) site ## Serve on http://127.0.0.1:8080 (PORT, DATA_DIR and docs/settings.md)
	@exec $(BIN)/python -m smartalarm.hosts.local

# The server runs without the web app, too; then it says so at /.
site:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(SITE); \
	else echo "npm is missing: the API is served without the web app, which needs Node >= 20.19 to build."; fi

web: $(SITE) ## Build the web app into frontend/dist

demo: $(DEV_READY) ## Set an alarm 10 s ahead, see it ring on three receivers, dismiss it, read the ledger
	@$(BIN)/python scripts/demo.py

test: $(DEV_READY) test-web ## All tests; what a machine lacks is named and skipped
	$(PYTEST) -n 2 --dist worksteal -m "not alone"
	$(PYTEST) -m alone

test-web: $(DEV_READY) $(SITE) ## The web app's tests, those in a real Chromium where there is one
	@$(NPM) run --silent sizes
	@$(NPM) run --silent test
	@$(MAKE) --no-print-directory e2e

e2e: $(DEV_READY) $(SITE) ## Each scenario of the web app once, in a real Chromium against the real local host
	@if $(CHROMIUM); then $(NPM) run --silent e2e; else echo "SKIPPED: no Chromium is found (CHROMIUM=/path/to/it), so no browser test ran."; fi

e2e-full: $(DEV_READY) $(SITE) ## More of them, longer: every screen x theme x language by axe, 50 rings on two devices, keyboard alone
	@FULL=1 $(NPM) run --silent e2e

bench-web: $(DEV_READY) $(SITE) ## Lighthouse, a heavy user's first and later pulls, time to an interactive Today
	@$(NPM) run --silent bench

screens: $(DEV_READY) $(SITE) ## Take pictures of all screens into docs/screens
	@$(NPM) run --silent screens

check: format lint types imports generated lint-cloud check-web ## Everything that needs no running code

check-web: $(WEB_READY)
	@$(NPM) run --silent check

format: $(DEV_READY)
	$(BIN)/ruff format --check $(SOURCES)

lint: $(DEV_READY)
	$(BIN)/ruff check $(SOURCES)

types: $(DEV_READY)
	$(BIN)/mypy layers/domain/python/smartalarm functions/*/handler.py scripts/*.py scripts/*/*.py tests

imports: $(DEV_READY)
	$(BIN)/lint-imports --no-cache

generated: $(DEV_READY)
	$(BIN)/python scripts/openapi.py --check
	$(BIN)/python scripts/settings_table.py --check
	$(BIN)/python scripts/cost_model.py --check
	$(BIN)/python scripts/time_vectors.py --check
	$(BIN)/python scripts/sync_vectors.py --check
	$(BIN)/python scripts/manifests.py --check

generate: $(DEV_READY) $(WEB_READY) ## Write every generated file anew, and format
	$(BIN)/ruff check --fix --exit-zero --quiet $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/python scripts/openapi.py
	@$(NPM) run --silent schema
	$(BIN)/python scripts/settings_table.py
	$(BIN)/python scripts/cost_model.py
	$(BIN)/python scripts/manifests.py

lint-cloud: $(DEV_READY) ## cfn-lint, sam validate and sam build on both AWS templates, and their resources counted
	@$(BIN)/python scripts/lint_cloud.py

build: $(DEV_READY) ## Build what is deployed on AWS, Google and Oracle into dist/
	@$(BIN)/python scripts/build.py --cloud all

build-here: $(DEV_READY) ## Build AWS's part for this machine, as the emulated cloud runs it, into dist/aws-emulated
	@$(BIN)/python scripts/build.py --here

bench: $(DEV_READY) ## Measure against what people would use instead (about fifteen minutes)
	@$(BIN)/python scripts/bench.py

simulate: $(DEV_READY) ## A long run of the ringing simulation (SEEDS=20)
	@$(BIN)/python tests/simulation/simulate.py --seeds $(or $(SEEDS),20)

verify: check build build-here test ## What CI runs
	@echo "Everything holds."

cloud: $(DEV_READY) ## Deploy to an emulated AWS with IAM enforced, and drive the product there from outside
	@$(BIN)/python scripts/cloud.py drive

cloud-up: $(DEV_READY) ## Deploy to an emulated AWS and stay up; prints the URLs (PORT=8090)
	@$(BIN)/python scripts/cloud.py up --port $(or $(PORT),8090)

cloud-gcp: $(DEV_READY) ## Run every function on Google's own runtime with PostgreSQL, and drive the product there
	@$(BIN)/python scripts/function_cloud.py gcp $(UP)

cloud-oci: $(DEV_READY) ## The same on Oracle's own runtime (both: UP=up stays up instead of driving it)
	@$(BIN)/python scripts/function_cloud.py oci $(UP)

deploy: $(DEV_READY) $(TOOL_READY) site ## Deploy to AWS: STAGE=dev (docs/deploy.md)
	@$(BIN)/python scripts/deploy.py deploy --stage $(STAGE)

remove: $(DEV_READY) $(TOOL_READY) ## Take a stage down; data and secret stay (YES=1: without asking)
	@$(BIN)/python scripts/deploy.py remove --stage $(STAGE) $(if $(YES),--yes)

secrets: $(DEV_READY) ## Make a stage's secret where it is missing
	@$(BIN)/python scripts/deploy.py secrets --stage $(STAGE) >/dev/null

rollback: $(TOOL_READY) ## Go back to an earlier deployment of a stage: TO=<timestamp>; without it, list them
	@node_modules/.bin/serverless $(if $(TO),rollback --timestamp $(TO),deploy list) --stage $(STAGE)

train: $(TRAINING_READY) ## Make both sleep models and their cards: DATA=walch_nights.csv.gz (QUICK=1: one seed)
	@$(TRAIN) models.training.train --data "$(or $(DATA),$(error Say where the nights are: make train DATA=walch_nights.csv.gz))" $(if $(QUICK),--quick) --unseen .cache/unseen

evaluate: $(TRAINING_READY) ## Compute every figure of the sleep models' cards anew: DATA=walch_nights.csv.gz
	@$(TRAIN) models.training.evaluate --data "$(or $(DATA),$(error Say where the nights are: make evaluate DATA=walch_nights.csv.gz))" $(if $(QUICK),--quick)

smart-wake: $(TRAINING_READY) ## Judge the smart wake on nights its model has not seen: DATA=walch_nights.csv.gz (after train: at once)
	@$(TRAIN) models.training.judge_waking --data "$(DATA)" --unseen .cache/unseen/unseen-live.npz $(if $(QUICK),--quick)

migrate: $(RUN_READY) ## Bring the SQL database of CONNECTION_STRING to this version's schema, before a roll-out
	@$(BIN)/python -m smartalarm.hosts.migrate

lock: ## Resolve and pin all dependencies again
	$(PYTHON) scripts/lock.py

clean: ## Remove what the targets above made, but not your data in .data
	rm -rf $(VENV) .cache build dist node_modules $(WEB)/dist $(WEB)/node_modules $(WEB)/test-results .serverless .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(TOOL_READY): package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: deploying needs Node >= 20."; exit 1; }
	@npm ci --no-audit --no-fund --silent
	@touch $@

$(WEB_READY): $(WEB)/package.json $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: the web app needs Node >= 20.19."; exit 1; }
	@echo "Installing what the web app needs (once, about half a minute) ..."
	@$(NPM) ci --no-audit --no-fund --silent
	@touch $@

$(SITE): $(WEB_READY) $(WEB_SOURCES)
	@echo "Building the web app ..."
	@$(NPM) run --silent build >$(WEB)/node_modules/.build.log 2>&1 || { cat $(WEB)/node_modules/.build.log; exit 1; }
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Smart Alarm needs Python >= 3.11; set PYTHON=/path/to/python3.11."; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(TRAINING_READY): requirements/training.lock
	@echo "Installing what training needs (once, about a minute) ..."
	@test -x $(TRAINING)/bin/python || $(PYTHON) -m venv $(TRAINING)
	@$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/training.lock
	@touch $@

$(RUN_READY): requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the server needs (once, about half a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python scripts/link_package.py
	@touch $@

$(DEV_READY): requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	@command -v node >/dev/null || echo "node is missing: tests that need Node >= 20 will be skipped, and say so."
	@echo "Installing what tests and checks need (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python scripts/link_package.py
	@touch $@ $(RUN_READY)
