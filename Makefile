# From Momentum to Adam. `make book` builds the course, `make test` proves it; `make` lists the rest.
SHELL := bash
.SHELLFLAGS := -o pipefail -ec
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
# wherever they stand below chapters/: main pages, excursions, exercises, decks
NOTEBOOKS = $(shell find chapters -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' | sort)
export PYTHONUNBUFFERED := 1

.PHONY: help book serve lab quick test lint types notebooks links browser bench references claims clean clean-venv

help:           ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

book: $(READY)  ## execute the notebooks and build the book to _build/html
	@$(BIN)/python book/build.py

serve: book     ## build, serve on localhost and open the book (PORT=8000)
	@$(BIN)/python book/serve.py --port $(PORT)

lab: $(READY)   ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=chapters $(if $(filter 0,$(shell id -u)),--allow-root)

quick: lint types  ## under a minute: style, types, all tests without browser or build
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test: quick browser notebooks  ## everything: quick, claims of all notebooks, builds, real browser
	@$(BIN)/python -m pytest -n 2 -m slow

lint: $(READY)  ## check the style and the format of all code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)  ## check the types of the scripts
	@$(BIN)/python -m tools.typecheck

notebooks: $(READY)  ## run every notebook and compare what its claims print
	@$(BIN)/python -m pytest --nbval-lax --nbval-current-env -p no:cacheprovider -q -n 2 --dist loadfile $(NOTEBOOKS)

links: $(READY)  ## ask the web whether links that leave the book lead somewhere
	@$(BIN)/python -m book.check_links

browser: $(READY)
	@$(BIN)/python -m tools.browser

bench: $(READY) browser  ## measure: live figures, sweeps, page weight, builds
	@$(BIN)/python -m benchmarks.run

references: $(READY)  ## record what the real libraries compute, and compare
	@$(BIN)/python tests/references/record.py

claims: $(READY)  ## run every notebook and keep the outputs of its claims
	@$(BIN)/python book/claims.py $(NOTEBOOKS)

# One stamp for the environment: it is made again when a pin changes.
$(READY): requirements.txt book/constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.11 book")'
	@test -x $(BIN)/python || { echo "making the virtual environment .venv"; $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

clean:          ## remove what was built
	rm -rf _build .pytest_cache .ruff_cache .hypothesis *.egg-info

clean-venv: clean  ## remove the virtual environment too
	rm -rf .venv
