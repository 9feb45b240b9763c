# What people do with this project; `make` alone explains each target.
SHELL := /bin/sh
BIN := .venv/bin
# What `make test` runs, to be narrowed from outside: make test TESTS=tests/unit
TESTS ?=
# A bare machine speaks no UTF-8, and what we print is Chinese.
export PYTHONUTF8 := 1
# What was compiled once is not compiled again by each of the many processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
# Need no server, and disturb each other in nothing.
ALONE := tests/contract tests/unit
REAL := $(filter-out $(ALONE) %.py,$(wildcard tests/[a-z]*))
STORIES := $(addprefix tests/unit/,directory intake assignment supervision evaluation search)
.DEFAULT_GOAL := help
.PHONY: help run test walk walk-real bench soak lint lint-style lint-types contract docs lock clean

help: ## Explain the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: ## Set up what is missing and start the whole network on this computer (JIANYI_HOME, JIANYI_PORT)
	@scripts/bootstrap
	@$(BIN)/jianyi run

test: ## Prove everything, from nothing: embedded, and on real RabbitMQ, PostgreSQL, Elasticsearch and Chromium
	@scripts/bootstrap --dev
	@$(BIN)/python -m servers install
ifneq ($(TESTS),)
	@$(BIN)/python -m servers run --fast -- $(BIN)/python -m pytest $(TESTS)
else
	@echo "The rules and stories, embedded:"
	@$(BIN)/python -m pytest --numprocesses auto $(ALONE)
	@# Three at a time, on two processors too: they wait more than they work.
	@echo "On real parts, and with faults:"
	@$(BIN)/python -m servers run --fast -- $(BIN)/python -m pytest --numprocesses 3 $(REAL)
	@echo "The rules and stories again, on PostgreSQL:"
	@$(BIN)/python -m servers run --fast -- sh -c 'JIANYI_TEST_DATABASE_URL=$$JIANYI_DATABASE_URL exec $(BIN)/python -m pytest --numprocesses auto -m "not embedded" $(STORIES)'
endif

walk: ## Walk the real case of 2023 through its whole life, embedded
	@scripts/bootstrap
	@$(BIN)/jianyi walk

walk-real: ## The same, each service in a process of its own, on real servers that this starts
	@scripts/bootstrap
	@$(BIN)/python -m servers run -- $(BIN)/jianyi walk --real

bench: ## Measure speed and size, and print a table (takes a while)
	@scripts/bootstrap --dev
	@$(BIN)/python -m benchmarks

soak: ## Kill, pause and cut off all parts while people work, then count (MINUTES=20, FAULTS= ends after so many, SEED= repeats a run)
	@scripts/bootstrap --dev
	@$(BIN)/python -m servers install
	@$(BIN)/python -m soak

lint: ## Check style, types and the rule that no service imports another
	@scripts/bootstrap --dev
	@$(MAKE) --no-print-directory --jobs=2 lint-style lint-types

lint-style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@scripts/punctuation --check
	@$(BIN)/jianyi contract
	@$(BIN)/jianyi docs --check

lint-types:
	@$(BIN)/mypy
	@$(BIN)/lint-imports

contract: ## Check that no published event breaks for those who read it, and that the AsyncAPI document is in order
	@scripts/bootstrap --dev
	@$(BIN)/jianyi contract

docs: ## Write the generated documents anew
	@scripts/bootstrap --dev
	@$(BIN)/jianyi docs

lock: ## Write the lock files anew after a change of pyproject.toml or package.json
	@scripts/lock

clean: ## Remove what was made here: environment, assets, caches; the data of networks in var/ stays
	rm -rf .venv node_modules *.egg-info services/gateway/static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
