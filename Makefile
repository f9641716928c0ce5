# The two front doors: `make demo` and `make test`. Everything else helps them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The tests of a file share what is dear: a lane, a graded class. tests/conftest.py says which files come first.
ON_ALL_CORES := --numprocesses auto --dist loadfile --no-loadscope-reorder --max-worker-restart 0

.PHONY: demo docs test test-fast lint clean

demo: $(READY)
	$(BIN)/python -m grader.demo

docs: $(READY)
	$(BIN)/python docs/site/build.py site

test: lint
	$(BIN)/python -m pytest $(ON_ALL_CORES) --durations 40

test-fast: $(READY)
	$(BIN)/python -m pytest $(ON_ALL_CORES) -m "not slow"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(READY): requirements.lock pyproject.toml setup/debian.sh
	sh setup/debian.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 grader just_enough_calculus exercises solutions tests # as pip does: some machines let Python keep none
	touch $@

clean:
	rm -rf $(VENV) demo site
