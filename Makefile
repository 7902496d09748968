# `make book` and `make test` set up all that they need first; a second run sets up nothing.

PYTHON := .venv/bin/python
PRESS := $(PYTHON) -m bookpress
READY := .venv/.ready
CHECKERS := .venv/.checkers
RIVALS := .venv/.bench
LOCKED := pyproject.toml uv.lock .ci/setup.sh
NODE_LOCKS := src/bookpress/validators/node/package-lock.json tests/workflows/node/package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup setup-check book proof check status watch test test-fast lint bench doctor clean distclean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(READY)  ## install what building needs (book and test do it themselves)

setup-check: $(CHECKERS)  ## install the validators as well (Debian; test does it itself)

book: $(READY)  ## every edition, checked, in build/
	$(PRESS) build

proof: $(CHECKERS)  ## every edition, judged by the validators: a verdict each
	$(PRESS) build --strict

check: $(READY)  ## what is wrong with the manuscript, by file and line, in a second
	$(PRESS) check

status: $(READY)  ## parts and chapters: status, words, pages, budgets
	$(PRESS) status

watch: $(READY)  ## rebuild while writing, with a preview on 127.0.0.1
	$(PRESS) watch

test: $(READY) $(CHECKERS)  ## all tests of the press and of this book
	$(PYTHON) -m pytest $(ARGS)

test-fast: $(READY)  ## the tests for daily use: no network, no validators, under a minute
	$(PYTHON) -m pytest -m "not slow" -n logical $(ARGS)

lint: $(READY)  ## ruff, formatting, types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

bench: $(READY) $(RIVALS)  ## our speed and memory beside pandoc's own ways to a PDF
	$(PYTHON) tests/bench/bench.py $(ARGS)

doctor: $(READY)  ## every tool and library, and what to type if one is missing
	$(PRESS) doctor

clean:  ## empty build/; what make has set up stays
	find build -mindepth 1 -maxdepth 1 ! -name README.md ! -name .setup -exec rm -rf {} +

distclean: clean  ## also remove what make has set up
	rm -rf build/.setup .venv

$(READY): $(LOCKED)
	.ci/setup.sh
	@touch $@

$(CHECKERS): $(READY) $(NODE_LOCKS)
	.ci/setup.sh checkers
	@touch $@

$(RIVALS): $(READY)
	.ci/setup.sh bench
	@touch $@
