# make demo   see pipedrive-sql answer four questions
# make test   run all tests
# make bench  measure prices and work, a few minutes
# All set up .venv by themselves and need only Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv

.PHONY: demo test bench setup clean

demo: setup
	@$(VENV)/bin/python examples/demo.py

test: setup
	$(VENV)/bin/python -m pytest -n auto --dist loadfile

bench: setup
	@$(VENV)/bin/python -m bench

setup: $(VENV)/.installed

# pip 25.1 is the first that reads dependency groups; quiet twice hides warnings too.
$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "pipedrive-sql needs Python 3.11 or newer, and $(PYTHON) is" \
	    "$$($(PYTHON) -V 2>&1). Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(VENV)/bin/python -m pip install --quiet --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
