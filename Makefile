# Every target works alone on a fresh clone with Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= runs/yangtze

.PHONY: demo test test-long check format bench docs data lock clean help

help:
	@echo "make demo       set up, plan the Yangtze River Economic Belt, print where the report is"
	@echo "make test       all checks and tests (under 8 minutes on 2 cores)"
	@echo "make check      style, types, import contract, spelling only"
	@echo "make test-long  long simulations"
	@echo "make bench      benchmarks"
	@echo "make docs       build the documentation site into site/"
	@echo "make data SOURCE=DIR   rebuild the compiled Yangtze dataset from the source files"
	@echo "make lock       write the lock files anew"

$(VENV)/.run: requirements/run.txt pyproject.toml tools/setup_venv.sh
	@sh tools/setup_venv.sh $(PYTHON) $(VENV) requirements/run.txt
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml tools/setup_venv.sh
	@sh tools/setup_venv.sh $(PYTHON) $(VENV) requirements/test.txt
	@touch $@ $(VENV)/.run

$(VENV)/.docs: requirements/docs.txt $(VENV)/.test
	@sh tools/setup_venv.sh $(PYTHON) $(VENV) requirements/docs.txt
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/clusterbelt run yangtze --out $(OUT) --lang both

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: check
	$(BIN)/pytest -n auto -m "not long"

test-long: $(VENV)/.test
	$(BIN)/pytest -m long

$(VENV)/.bench: requirements/bench.txt $(VENV)/.test
	@sh tools/setup_venv.sh $(PYTHON) $(VENV) requirements/bench.txt
	@touch $@

bench: $(VENV)/.bench
	$(BIN)/pytest benchmarks -o testpaths=benchmarks --benchmark-only

docs: $(VENV)/.docs
	$(BIN)/mkdocs build --strict

data: $(VENV)/.test
	@test -n "$(SOURCE)" || { echo "say where the source files are: make data SOURCE=DIR"; exit 2; }
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/data.txt
	$(BIN)/python tools/build_yangtze.py "$(SOURCE)"

lock: $(VENV)/.test
	$(BIN)/pip install --quiet uv
	sh tools/lock.sh $(BIN)/uv

clean:
	rm -rf $(VENV) runs site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
