# Two commands do everything on a bare machine with Python 3.11+ and make:  make demo   make test
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

# Hundreds of short runs of the same program: let the first one leave it compiled for the others.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check setup lock bench templates pictures

demo: setup ## a demo home with an invented month of filled sheets, its nights run one by one
	@$(BIN)/daybook demo demo

test: setup ## every test
	@$(BIN)/python -m pytest -n auto

check: setup ## what CI runs beside the tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 / Daybook needs Python 3.11+: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "这个 Python 缺少 venv,请安装 python3-venv / this Python lacks venv: install python3-venv"; exit 1; }
	@echo "正在准备环境(只在第一次)… / setting up (first time only) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

templates: setup ## blank forms again from the rules
	@$(BIN)/daybook forms template

bench: setup ## ratios against bare calamine and a plain pandas script
	@$(BIN)/python -m bench.night

pictures: setup ## docs/pictures again from a demo (needs LibreOffice and poppler-utils)
	@$(BIN)/python -m bench.pictures

lock: ## pins every dependency with its hashes, naming no host (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
