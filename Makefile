# tp53annot: `make demo` and `make test` set up everything they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SOURCE ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all lint format typecheck check bench resources docs build clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tp53annot needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	@touch $@

install: $(VENV)/.installed ## set up a virtual environment with tp53annot in it

demo: $(VENV)/.installed ## run the main job on the shipped example and say where the report is
	@$(BIN)/tp53annot demo -o demo-report --force

test: $(VENV)/.installed ## run the everyday tests
	@$(BIN)/python -m pytest -q -n auto -m "not exhaustive"

test-all: $(VENV)/.installed ## run every test, the long ones too
	@$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/.dev ## ruff (style, complexity) and the import layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/check_house.py

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

typecheck: $(VENV)/.dev ## mypy --strict
	@$(BIN)/mypy

check: lint typecheck test ## everything a change must pass

bench: $(VENV)/.dev ## the benchmarks, tables into docs/
	@$(BIN)/python -m benchmarks

resources: $(VENV)/.installed ## rebuild resources/ from raw sources (SOURCE=dir)
	@$(BIN)/python scripts/build_resources.py --source $(SOURCE)

docs: $(VENV)/.dev ## build the documentation into site/
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check mkdocs
	@$(BIN)/mkdocs build --strict --quiet

build: $(VENV)/.dev ## wheel and sdist into dist/
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	@$(BIN)/python -m build --outdir dist .

clean: ## remove what was made
	rm -rf $(VENV) build dist site demo-report *.egg-info
