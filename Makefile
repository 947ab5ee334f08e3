# Every target works on a fresh machine that has Python (3.10 or newer), make and git: it creates .venv, installs what
# it needs into it once, and runs.  `make help` lists the targets.
#
# PYTHON=python3.12 chooses the interpreter; a .venv of another interpreter is then rebuilt.  Without PYTHON an existing
# .venv is kept.

.PHONY: help demo test lint types golden language functions pipeline examples bench clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin

# What tells one interpreter from another: its version and where it is installed.
IDENTITY := import sys; print(sys.version.split()[0], sys.base_prefix)
ifeq ($(origin PYTHON),undefined)
PYTHON := python3
STALE := $(shell test ! -e $(VENV)/.python || $(BIN)/python -c '' 2>/dev/null || echo stale)
else
STALE := $(shell test ! -e $(VENV)/.python || \
	test "$$($(PYTHON) -c '$(IDENTITY)' 2>/dev/null)" = "$$(cat $(VENV)/.python)" || echo stale)
endif

# The programs under test are written as users write: they may do what the project itself does not.
USERS := tests/programs/*.py
ADBENCH := tests/adbench/objectives_numpy.py
RUFF_OPTIONS := --isolated --line-length 120 --target-version py310 --select E,F,W,I,UP,B,C4 --ignore B905 \
	--per-file-ignores '$(USERS):B,$(USERS):C4,$(USERS):UP,$(USERS):E731,$(USERS):E741,benchmarks/primals.py:B' \
	--per-file-ignores '$(ADBENCH):B,$(ADBENCH):E741,$(ADBENCH):I'

help:             ## show this list
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

demo: $(VENV)/.examples ## differentiate a small program and print what comes out
	$(BIN)/python examples/demo.py

test: $(VENV)/.test ## run the tests
	$(BIN)/python -m pytest -q -n auto --dist worksteal

lint: $(VENV)/.dev ## check the style with ruff
	$(BIN)/ruff check $(RUFF_OPTIONS) .

types: $(VENV)/.dev ## check the types with mypy --strict
	$(BIN)/mypy --strict s2sad

golden: $(VENV)/.test ## write tests/golden again; review the diff
	$(BIN)/python -m tests.golden.regenerate

language: $(VENV)/.test ## write docs/language.md again
	$(BIN)/python -m s2sad.language > docs/language.md

functions: $(VENV)/.test ## write docs/functions.md again
	$(BIN)/python -m s2sad.functions > docs/functions.md

pipeline: $(VENV)/.test ## draw docs/pipeline.svg again
	$(BIN)/python docs/pipeline.py > docs/pipeline.svg

examples: $(VENV)/.examples ## run every example; what they print and draw goes to examples/out
	@$(MAKE) -s -k $(patsubst examples/%.py,example-%,$(shell grep -l '^def main' examples/*.py))

# Name, seconds, and the last line that the example prints.  The matrices are small: threads would wait for one another.
example-%: $(VENV)/.examples
	@mkdir -p examples/out
	@start=$$(date +%s); \
	OMP_NUM_THREADS=1 $(BIN)/python -u examples/$*.py > examples/out/$*.txt 2>&1 || \
	{ echo "$* failed:"; tail -n 20 examples/out/$*.txt; exit 1; }; \
	head=$$(printf '%-20s%4d s  ' $* $$(($$(date +%s) - start))); \
	tail -n 1 examples/out/$*.txt | fold -s -w 92 | sed "1s/^/$$head/; 2,\$$s/^/$$(printf '%28s' '')/"

bench: $(VENV)/.bench ## measure; prints tables
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.inplace
	$(BIN)/python -m benchmarks.packages
	$(BIN)/python -m benchmarks.recognisable
	$(BIN)/python -m benchmarks.functions

clean:            ## remove .venv and what the tools left behind
	rm -rf $(VENV) build dist examples/out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# One stamp for the environment, one for each set of packages in it.
$(VENV)/.python: $(STALE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "s2sad needs Python 3.10 or newer")'
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@$(PYTHON) -c '$(IDENTITY)' > $@

$(VENV)/.test $(VENV)/.examples $(VENV)/.bench $(VENV)/.dev: $(VENV)/.%: $(VENV)/.python setup.cfg pyproject.toml
	$(BIN)/python -m pip install -q -e '.[$*]'
	@touch $@

.PHONY: stale
stale:
	@echo "$(VENV) belongs to another Python; rebuilding it"
