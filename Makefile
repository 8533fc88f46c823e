# What a fresh machine with Python >= 3.11, venv and make needs: `make run`, `make test`.

PYTHON ?= python3
UV ?= uv
PYTEST_ARGS ?= -n 2

# A moved clone is installed anew, as programs in .venv/bin name their place.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUN_STAMP := .venv/.installed-run-$(HERE)
DEV_STAMP := .venv/.installed-dev-$(HERE)
AUDIT_STAMP := .venv/.installed-audit-$(HERE)
LOCKS := requirements/run.lock requirements/embedded.lock requirements/redis.lock
INSTALL := service/embedded/install.py
BIN := .venv/bin

# A venv whose Python has gone is no venv.
ifneq ($(shell test -x $(BIN)/python && echo there),there)
BROKEN := broken
endif

unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP
export PYTHONNOUSERSITE := 1

.DEFAULT_GOAL := help
.PHONY: help messages run test check mutations audit faults soak compose-test clean lock broken

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | while IFS='#' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

run: $(RUN_STAMP)  ## start everything here: Postgres, Redis, web, worker, scheduler; Ctrl-C stops it
	@exec $(BIN)/python -m service.embedded

test: $(DEV_STAMP)  ## the whole test suite
	@exec $(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(DEV_STAMP)  ## format, lint, types, import contracts, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@exec $(BIN)/python -m pytest $(PYTEST_ARGS)

messages: $(RUN_STAMP)  ## bring the catalogues of the dashboard's languages up to date; lists what waits for a translation
	@exec $(BIN)/python -m service.web.languages

mutations: $(DEV_STAMP)  ## break each guard by one line, see its tests fail (ONLY=words, REPORT=file)
	@exec $(BIN)/python -m tests.mutations

audit: $(AUDIT_STAMP)  ## known vulnerabilities of the requirements, and their bill of materials (CycloneDX)
	@exec $(BIN)/python requirements/audit.py

faults: $(DEV_STAMP)  ## the fault matrix on the real processes: SEED=… FAULT=F1,F7 TIMINGS=production REPORT=file
	@code=0; $(BIN)/python -m tests.faults || code=$$?; \
	if [ "$$code" -le 1 ] && [ -z "$$FAULT$$TIMINGS" ]; then $(BIN)/python -m tests.faults.timing || code=1; fi; exit $$code

soak: $(DEV_STAMP)  ## half the load and a random fault every 20 to 40 s: MINUTES=30 SEED=… REPORT=file
	@exec $(BIN)/python -m tests.faults.soak

compose-test:  ## the production shape for real: up, submit, decide, restart and kill each service, down
	@exec $(PYTHON) tests/compose/run.py

clean:  ## remove .venv, caches and the state of `make run`
	@if test -x $(BIN)/python; then $(BIN)/python -m service.embedded clean; else $(PYTHON) -m service.embedded clean; fi
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

lock:  ## write the lock files anew (needs uv)
	@UV="$(UV)" sh requirements/lock.sh

$(RUN_STAMP): $(LOCKS) pyproject.toml $(INSTALL) $(BROKEN)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "replydesk: $(PYTHON) is missing or older than Python 3.11: set PYTHON=... to a newer one" >&2; exit 1; }
	@$(PYTHON) -I $(INSTALL) run $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.lock
	@$(PYTHON) -I $(INSTALL) dev $@

$(AUDIT_STAMP): $(RUN_STAMP) requirements/audit.lock
	@$(PYTHON) -I $(INSTALL) audit $@
