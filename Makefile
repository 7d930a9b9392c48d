# ImaGGen for robots. `make help` lists the commands; `make demo` is the one to try first.
#
# Everything is installed into .venv; stamps in it remember which steps are done, so that second
# runs start at once. `make clean` starts over.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
LOGS := build/logs
QUIETLY := tools/quietly.sh
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# Picture and sentence of the demo; any others may be given: make demo IMAGE=my.jpg TEXT="..."
IMAGE ?= examples/coffee.jpg
TEXT ?= The saucer is round.
OUT ?= out/demo

INTERFACES := $(wildcard imaggen_interfaces/*.* imaggen_interfaces/*/* overlays/*/*.* \
	overlays/*/*/*) tools/build_interfaces.py
ROOMS := $(filter-out imaggen_interfaces/%,$(wildcard imaggen_*/__init__.py))

export AMENT_PREFIX_PATH := $(CURDIR)/$(VENV)
# Nodes of other people in the same network are none of our business.
export ROS_AUTOMATIC_DISCOVERY_RANGE ?= LOCALHOST

# A sourced ROS, or a shell started from another environment of these wheels, must not leak in.
unexport PYTHONPATH _ROS_WHEELS_BOOTSTRAP_COMPLETE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.package ## virtual environment, dependencies, interfaces
	@tools/system_packages.sh

demo: setup ## gesture about a picture; writes bag, plan, pictures and video to out/demo
	@$(BIN)/imaggen say "$(TEXT)" --image "$(IMAGE)" --out "$(OUT)"

test: setup $(VENV)/.hub lint ## linters, type checks and all tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: setup ## ruff, mypy and the import contract
	@$(QUIETLY) "checking style (ruff)" $(LOGS)/ruff.log $(BIN)/ruff check .
	@$(QUIETLY) "checking format (ruff)" $(LOGS)/format.log $(BIN)/ruff format --check .
	@$(QUIETLY) "checking types (mypy)" $(LOGS)/mypy.log $(BIN)/mypy
	@$(QUIETLY) "checking the rooms' arrows" $(LOGS)/imports.log $(BIN)/lint-imports

bench: setup ## measure how long the stages take
	@for script in benchmarks/*.py; do echo "==> $$script"; $(BIN)/python $$script || exit 1; done

lock: ## renew requirements.txt from setup.py and requirements.in (needs uv)
	uv pip compile --quiet --universal --python-version 3.10 --upgrade --no-annotate \
		--no-emit-package imaggen requirements.in --output-file requirements.txt

clean: ## remove everything that make and the demo have made
	rm -rf $(VENV) build install log out *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.dependencies: requirements.txt
	@python=$$(PYTHON="$(PYTHON)" tools/find_python.sh) && \
		{ [ -x $(BIN)/python ] && $(BIN)/python -c "" 2>/dev/null || \
		$(QUIETLY) "making a virtual environment with $$python" $(LOGS)/venv.log \
			$$python -m venv --clear $(VENV); }
	@$(QUIETLY) "installing the dependencies (about 2 GB, some minutes the first time)" \
		$(LOGS)/dependencies.log $(PIP) install --requirement requirements.txt
	@touch $@

$(VENV)/.interfaces: $(VENV)/.dependencies $(INTERFACES)
	@$(QUIETLY) "building the ROS interfaces (about a minute the first time)" \
		$(LOGS)/interfaces.log $(BIN)/python tools/build_interfaces.py
	@touch $@

$(VENV)/.package: $(VENV)/.interfaces setup.py setup.cfg pyproject.toml $(ROOMS)
	@$(QUIETLY) "installing imaggen" $(LOGS)/package.log \
		$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Heavy and optional: without it the tests of the hub back ends are skipped.
$(VENV)/.hub: $(VENV)/.package requirements-hub.txt
	@if $(QUIETLY) "installing torch for the tests of the hub back ends (about 1 GB)" \
		$(LOGS)/hub.log $(PIP) install --requirement requirements-hub.txt \
			--constraint requirements.txt; \
		then touch $@; else echo "torch cannot be had here: these tests will be skipped"; fi
