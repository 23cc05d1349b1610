# Thin names for what ./run, ./test and the tools do.
PYTHON = .venv/bin/python

.PHONY: run test lint format bench bench-web profile latency lock

run:
	./run

test:
	./test

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) manage.py makemigrations --check --dry-run
	FOOLBREEDER_PRODUCTION=1 SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

format:
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench:
	$(PYTHON) manage.py bench

bench-web:
	$(PYTHON) -m tests.load $(ARGUMENTS)

PRESET ?= mnist-cppn-published
profile:
	$(PYTHON) manage.py profile $(PRESET)

lock:
	sed '/"torch/d' pyproject.toml > .data/pyproject.toml
	cd .data && uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes pyproject.toml -o ../requirements.lock
	cd .data && uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes --extra dev pyproject.toml -o ../requirements-dev.lock

latency:
	$(PYTHON) -m pytest -q tests/browser/measure_latency.py tests/browser/measure_mosaic.py
