# What a person runs and what CI runs. Each target sets up what it needs; a second time nothing is done twice.
PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8501
UPGRADE ?=
INSTALL := $(PY) -m pip install --disable-pip-version-check --quiet --require-hashes
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help run build check test long bench lock clean

help:  ## what can be run
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 12

run: .venv/run.stamp  ## install, build a release from what ships, serve http://localhost:8501
	@$(PY) -m pipelines build --if-changed
	@echo "Serving on http://localhost:$(PORT) (Ctrl+C ends it)"
	@TRACKER_FACE=$${TRACKER_FACE:-both} exec $(PY) -m streamlit run app.py \
		--server.port $(PORT) --server.headless true

build: .venv/run.stamp  ## build a release and make it the current one
	@$(PY) -m pipelines build

check: .venv/test.stamp  ## format, lint, types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

test: .venv/test.stamp  ## all tests but the slow ones, in a real browser too
	@$(PY) tests/browser/chromium.py
	@$(PY) -m pytest -n auto --dist loadfile -m "not clock and not slow"
	@$(PY) -m pytest -m "clock and not slow"

long: .venv/test.stamp  ## the slow tests, journeys of staff and journalists, two hundred kills
	@$(PY) tests/browser/chromium.py
	@$(PY) -m pytest -n auto --dist loadfile -m "slow and not clock"
	@$(PY) -m pytest -m "slow and clock"
	@$(PY) -m pytest -o addopts=--strict-markers tests/long

bench: .venv/test.stamp  ## how long things take: builds, reruns, many readers, first charts, memory
	@$(PY) tests/browser/chromium.py
	@$(PY) -m tests.bench

lock: .venv/bin/python  ## write the lock files anew (UPGRADE=--upgrade moves everything that may move)
	@$(PY) -m pip install --disable-pip-version-check --quiet "$$(grep '^uv==' tests/requirements.txt)"
	@$(COMPILE) requirements.txt --output-file requirements.lock
	@$(COMPILE) tests/requirements.txt --constraints requirements.lock --output-file tests/requirements.lock

clean:  ## remove the virtual environment; releases and imports stay
	rm -rf .venv

.venv/bin/python:
	@echo "[1/3] Making the virtual environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python cannot make virtual environments here. Debian, Ubuntu: apt install python3-venv"; \
		exit 1; }

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "[2/3] Installing the locked requirements (a minute or two the first time)"
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/test.stamp: .venv/run.stamp tests/requirements.lock
	@echo "[3/3] Installing what the tests need"
	@$(INSTALL) -r tests/requirements.lock
	@touch $@
