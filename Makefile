# Roder. Each target makes .venv and installs what it needs; nothing but Python >= 3.11 and make is required.
#   make demo    real figures of three municipalities, reports written, web on http://127.0.0.1:8000
#   make test    all tests, browser tests included
#   make bench   benchmarks, with a table of ratios in bench/RESULTS.md
#   make lint    ruff, mypy, import contracts, known vulnerabilities
#   make screenshots   the pictures of docs/bilder, of demo data made for it (ARGS="--home MAPP" to use some that exist)
#   make walk ARGS="http://127.0.0.1:8000 LÖSENORD"   every page of a running demonstration, as every role

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

.PHONY: demo serve test bench lint lock clean screenshots walk

demo: $(VENV)/.base
	$(BIN)/roder demo $(ARGS)

serve: $(VENV)/.base
	$(BIN)/roder serve $(ARGS)

test: $(VENV)/.dev
	./scripts/install-test-tools
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)
	./scripts/test-on-installed-postgres $(BIN)/python

lint: $(VENV)/.dev
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.dev
	$(BIN)/pip-audit -r requirements/base.txt --disable-pip --require-hashes

screenshots: $(VENV)/.dev
	./scripts/install-test-tools
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

walk: $(VENV)/.dev
	./scripts/install-test-tools
	$(BIN)/python -m tests.browser.walk $(ARGS)

bench: $(VENV)/.bench
	$(BIN)/python -m bench $(ARGS)

# The locked, hashed lists are made with `make lock` and checked in.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Roder behöver Python 3.11 eller nyare (ange PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.base
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

lock: | $(VENV)/bin/python
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml requirements/build.in -o requirements/base.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --extra dev -c requirements/base.txt pyproject.toml requirements/build.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --extra bench -c requirements/base.txt pyproject.toml requirements/build.in -o requirements/bench.txt

clean:
	rm -rf $(VENV) out
