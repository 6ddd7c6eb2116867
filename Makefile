# Blåljus. `make run` and `make test` do all set-up; they need Python 3.11 or newer, and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
OUT ?= build/demo
LIMIT ?= 60
mutants: LIMIT = 900
BIN := .venv/bin
RUN_ENV := BLALJUS_MODE=demo BLALJUS_DATABASE_URL=sqlite:///$(abspath $(DATA))/blaljus.sqlite \
	BLALJUS_PORT=$(PORT) BLALJUS_BASE_URL=http://127.0.0.1:$(PORT)

.PHONY: help run test check fix migrate migration demo bench bench-planner mutants docs screenshots lock clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The locks are complete: pip need not, and an older pip must not, look for newer releases (--no-deps).
.venv/run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

run: .venv/run ## Serve Höör's demo; PORT=8000 and DATA=data may be set
	@mkdir -p $(DATA)
	@$(RUN_ENV) $(BIN)/blaljus serve --demo --with-worker

test: .venv/dev ## Run every test: both databases, real mail, a real browser
	@tests/prepare.sh
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: .venv/dev ## Run everything a machine can judge, but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates

fix: .venv/dev ## Put formatting right
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .
	$(BIN)/python tests/update_catalogue.py

coverage: .venv/dev ## Run the tests and show which lines they never reach
	@tests/prepare.sh
	$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=term $(ARGS)

migrate: .venv/run ## Bring the database of DATA to the newest form
	@mkdir -p $(DATA)
	@$(RUN_ENV) $(BIN)/blaljus migrate

migration: .venv/run ## Begin a migration: NAME=what-it-does
	@test -n "$(NAME)" || { echo "Say what it does: make migration NAME=add-something"; exit 2; }
	$(BIN)/python -m blaljus.store.new_migration "$(NAME)"

demo: .venv/run ## Play a term of Höör into a folder: OUT=build/demo
	@$(BIN)/blaljus demo --out $(OUT)

bench: .venv/dev ## Measure, as ratios in one run
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

bench-planner: .venv/dev ## Measure the planner: SUITE=folder, VERIFY=program, LIMIT=seconds may be set
	@$(BIN)/python bench/planner.py --seconds $(LIMIT) $(if $(SUITE),--suite $(SUITE),--seeds 3) \
		$(if $(VERIFY),--verify $(VERIFY))
	@$(BIN)/python bench/planner_repair.py

mutants: .venv/dev ## Make small mistakes in domain/ and planner/ and count those that tests notice: LIMIT=seconds, SEED=number
	@tests/prepare.sh
	@$(BIN)/python bench/mutation/run.py --limit $(LIMIT) --seed $(or $(SEED),1)

screenshots: .venv/dev ## Draw the pictures of the README anew
	@tests/prepare.sh
	$(BIN)/python docs/make_screenshots.py

docs: .venv/run ## Write the parts of docs/ that follow from the code
	$(BIN)/python docs/make_reference.py

lock: .venv/dev ## Lock the newest dependencies that pyproject.toml allows (needs uv)
	printf 'flit_core==3.12.0\n' | uv pip compile --universal --generate-hashes --no-annotate \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet \
		--python-version 3.11 pyproject.toml - -o requirements.lock
	uv pip compile --universal --generate-hashes --no-annotate \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet \
		--python-version 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what the other targets made, but the data
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*
