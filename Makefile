# Every target needs only git, make and Python >= 3.11; what it installs stays in .venv.
# make demo ARGS=--no-serve · make test ARGS="-k deciles" · make test CHECKS=no (pytest alone)
# make test PART=database · PART=once · PART=pure · PART=faces · PART=browser · PART=spark: together every test

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup spark sdks demo test fast types lint house docs bench locks

VENV := .venv
PYTHON := $(VENV)/bin/python
ARGS ?=
CHECKS ?= yes
# What a database cannot change: pure code, faces (commands in a home of their own), and what a
# browser draws.
PURE := tests/core tests/science tests/architecture tests/warehouse \
  $(addprefix tests/understand/,cohorts/rules economics/rules paths/test_rules.py ranks/rules) \
  $(addprefix tests/understand/ltv/test_,cdnow.py contract_runs.py exact.py exchange.py models.py online_retail.py purchases.py \
    report.py terms.py thresholds.py values.py windows.py) \
  $(addprefix tests/collect/connectors/test_,ecforce.py ends.py files.py formats.py guests.py lines.py packed_files.py \
    parsing.py rakuten_older.py workbook.py yahoo.py) \
  $(addprefix tests/act/journeys/test_,ready_rules.py rehearsing_rules.py rules.py) \
  tests/act/pressure/test_rules.py $(addprefix tests/act/messages/test_,following_rules.py records.py rendering.py replaying.py) \
  tests/collect/products/test_rules.py tests/decide/holdouts/test_rules.py tests/decide/strategies/test_rules.py $(addprefix tests/measure/,experiments/test_pooling.py experiments/test_rules.py experiments/test_targeting_rules.py experiments/test_winning.py indicators/test_rules.py practices/test_rules.py initiatives/test_rules.py channels/test_rules.py referrals/test_rules.py team/test_rules.py trials/test_rules.py touches/test_rules.py reviews/test_rules.py) \
  $(addprefix tests/decide/segments/test_rules_,compiling.py events.py reading.py) \
  tests/collect/quality/test_alarms.py tests/collect/life_stages/test_rules.py \
  tests/decide/exports/test_rules.py tests/decide/exports/test_rhythms.py \
  $(addprefix tests/,accounts/test_rules.py act/confirmations/test_rules.py act/forms/test_rules.py act/deliveries/test_rules.py collect/customers/test_rules.py \
    collect/webhooks/test_rules.py project/chores/test_rules.py protect/audit/test_rules.py protect/consent/test_rules.py) \
  $(addprefix tests/collect/inbox/test_,messages.py reading.py) $(addprefix tests/plumbing/test_,cursor.py problems.py sent.py) \
  $(addprefix tests/project/test_,environment.py openapi.py showing.py snapshot_shelf.py swapping.py translations.py)
# What goes through the database in one place only, where rooms that are tested on both ask it:
# figures, which the warehouse counts, and pages.
ONCE := $(filter-out $(PURE),$(wildcard tests/measure/*/test_*.py)) tests/project/pages tests/project/erasing/test_faces.py \
  $(addprefix tests/project/test_,check.py export.py looking.py outliving.py printing.py real_log.py refresh.py role_matrix.py selection.py settings.py) \
  $(addprefix tests/decide/segments/test_,segments.py live.py live_events.py) $(addprefix tests/accounts/test_,commands.py services.py) \
  tests/collect/products/test_products.py tests/collect/life_stages/test_saying.py tests/decide/exports/test_labels.py tests/decide/exports/test_schedules.py \
  $(filter-out $(PURE),$(wildcard tests/decide/strategies/test_*.py)) \
  $(addprefix tests/act/messages/test_,channels.py other_channels.py previewing.py) tests/act/journeys/test_rehearsing.py \
  $(filter-out $(PURE),$(wildcard tests/understand/*/test_*.py tests/collect/quality/test_*.py)) \
  $(filter-out $(PURE),$(wildcard tests/collect/connectors/test_*.py)) tests/collect/orders \
  $(wildcard $(foreach face,views faces sign_in,tests/accounts/test_$(face).py tests/protect/*/test_$(face).py tests/act/*/test_$(face).py)) \
  tests/project/test_api.py tests/project/test_shell.py tests/act/messages/test_asking_dns.py \
  $(addprefix tests/,project/test_timeline.py act/campaigns/test_campaigns.py act/forms/test_wording.py act/confirmations/test_services.py)
BROWSER := tests/browser
FACES := tests/docs tests/project/simulation tests/project/test_cli.py tests/project/test_cli_demo.py \
  tests/project/test_inbox_kills.py tests/project/test_sdks.py tests/project/erasing/test_restoring.py \
  tests/project/test_api_edges.py
SPARK := tests/project/spark
PART ?= $(if $(JOREN_TEST_DATABASE_URL),database,all)
TESTS_all :=
TESTS_database := $(addprefix --ignore=,$(PURE) $(ONCE) $(FACES) $(BROWSER) $(SPARK))
TESTS_pure := $(PURE)
TESTS_once := $(ONCE)
TESTS_faces := $(FACES)
TESTS_browser := $(BROWSER)
TESTS_spark := $(SPARK)
TESTS = $(if $(filter undefined,$(origin TESTS_$(PART))),$(error there is no part $(PART)),$(TESTS_$(PART)))

export PYTHONUNBUFFERED := 1
# Without compiled modules each process of a test, and each command, starts many times slower.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(VENV)/installed ## make .venv with the locked versions and joren itself
spark: $(VENV)/spark ## add Apache Spark to .venv: 450 MB, and it needs Java
sdks: $(VENV)/sdks/installed ## the SDKs that tests send events with, each in a folder of its own
demo: setup ## build the demo shop, import it, report its value, serve it at 127.0.0.1:8000
	$(VENV)/bin/joren demo $(ARGS)

test: setup sdks $(if $(filter yes,$(CHECKS)),lint types) ## every check and every test
	$(PYTHON) -m pytest $(TESTS) $(ARGS)

fast: setup ## the tests that need no database, in seconds
	$(PYTHON) -m pytest -q -m "not slow" $(wildcard $(PURE)) $(shell find tests -name 'test_*rules*.py') $(ARGS)

types: setup ## mypy --strict
	$(PYTHON) -m mypy

lint: setup ## ruff: mistakes and form
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

house: setup ## the architecture: floors, stairs, doors, sizes, names
	$(PYTHON) -m pytest -q tests/architecture $(ARGS)

docs: setup ## the docs against the code: commands, settings, routes, links
	$(PYTHON) -m pytest -q tests/docs $(ARGS)

bench: setup ## the figures of bench/README.md, as ratios
	$(PYTHON) -m bench $(ARGS)

locks: setup ## write requirements/*.txt anew, newest versions first
	scripts/lock --upgrade

$(VENV)/locked: requirements/dev.txt
	scripts/environment $(VENV) $<
	@touch $@

SDKS := $(wildcard requirements/sdks/*.txt)
NPM_LOCK := requirements/sdks/npm/package-lock.json

# Of the SDKs for browsers and Node there are no wheels: where npm is at hand, it installs what its
# lock says.
$(VENV)/sdks/installed: $(SDKS) $(NPM_LOCK) | $(VENV)/installed
	rm -rf $(VENV)/sdks
	set -e; for lock in $(SDKS); do scripts/install $(VENV) $$lock \
	  --target $(VENV)/sdks/$$(basename $$lock .txt); done
	mkdir -p $(VENV)/sdks/npm && cp $(dir $(NPM_LOCK))*.json $(VENV)/sdks/npm
	! command -v npm >/dev/null || npm ci --prefix $(VENV)/sdks/npm --ignore-scripts --no-audit \
	  --no-fund --silent
	@touch $@

# The commands and plugins that pyproject.toml names become known by installing joren itself.
$(VENV)/installed: $(VENV)/locked pyproject.toml
	$(PYTHON) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Of pyspark there is no wheel, so that it alone is built here.
$(VENV)/spark: requirements/spark.txt $(VENV)/installed
	scripts/install $(VENV) $< --no-binary pyspark
	@touch $@
