# Everything is set up inside the checkout: target/, .venv/, node_modules/. Needs Rust (rustup), Node >= 20, Python >= 3.10.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

STAMPS := target/stamps
VENV := .venv/bin
EMULATOR := target/debug/tencent-im-emulator
export TENCENT_IM_EMULATOR := $(CURDIR)/$(EMULATOR)
# What does not depend on each other, two at a time: one alone seldom keeps two cores busy. The output of each comes whole
# where make can do that; macOS has an older one.
SIDE_BY_SIDE := -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.PHONY: help
help: ## This list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'

# --- set-up ---------------------------------------------------------------------------------------------------------

$(STAMPS)/node: package-lock.json package.json
	npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

$(STAMPS)/python: tests/python/requirements.txt
	python3 -m venv .venv
	$(VENV)/pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
	@mkdir -p $(@D) && touch $@

$(STAMPS)/wasm-target:
	rustup target add wasm32-unknown-unknown
	@mkdir -p $(@D) && touch $@

# --- builds: cargo knows what is up to date --------------------------------------------------------------------------

.PHONY: emulator python node edge build generate
emulator:
	cargo build --quiet -p tencent-im-emulator

python: $(STAMPS)/python
	VIRTUAL_ENV=$(CURDIR)/.venv $(VENV)/maturin develop --quiet --manifest-path bindings-python/Cargo.toml $(PYTHON_PROFILE)

edge: $(STAMPS)/node $(STAMPS)/wasm-target
	npm run --silent build --workspace bindings-wasm

node: edge
	npm run --silent build --workspace bindings-node

build: emulator python node edge ## Builds the emulator and the three packages.

generate: ## Writes the files that are generated from the core's tables.
	cargo run --quiet -p tencent-im-typegen

# --- what a person runs ----------------------------------------------------------------------------------------------

.PHONY: demo test test-rust test-python test-node test-edge test-generated test-vectors
demo: build ## Imports 20,000 accounts by the command line, and a thousand by each of four runtimes, into the emulator.
	$(VENV)/python tests/demo/demo.py

test: ## Passes every test.
	@rm -rf target/vectors-run
	$(MAKE) $(SIDE_BY_SIDE) build
	$(MAKE) test-generated
	$(MAKE) test-rust
	$(MAKE) test-python
	$(MAKE) test-edge
	$(MAKE) test-node
	$(MAKE) test-vectors
	$(MAKE) lint

test-generated:
	cargo run --quiet -p tencent-im-typegen -- --check

test-rust:
	cargo test --quiet -p tencent-im-core -p tencent-im-typegen -p tencent-im-emulator -p tencent-im-python -p tencent-im-node

test-python:
	$(VENV)/python -m pytest -q tests/python

test-edge:
	npm run --silent test --workspace tests/edge
	npm run --silent test:next --workspace tests/edge

test-node:
	npm run --silent test --workspace tests/node

test-vectors:
	$(VENV)/python tests/check_vectors.py

# Type checkers and linters of one language beside those of another.
.PHONY: lint lint-rust lint-python lint-js
lint: $(STAMPS)/python $(STAMPS)/node ## Formatters, linters and type checkers, warnings as errors.
	$(MAKE) $(SIDE_BY_SIDE) lint-rust lint-python lint-js

lint-rust:
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings

lint-python: $(STAMPS)/python $(STAMPS)/node
	$(VENV)/ruff check bindings-python tests
	$(VENV)/ruff format --check bindings-python tests
	$(VENV)/mypy --config-file bindings-python/pyproject.toml
	node_modules/.bin/pyright --project tests/python --pythonpath $(VENV)/python

lint-js: $(STAMPS)/node
	npm run --silent lint

# --- long runs --------------------------------------------------------------------------------------------------------

.PHONY: soak-import
soak-import: emulator python ## Kills imports at random moments while requests fail, and resumes each to its end: 100 times.
	$(VENV)/python tests/soak/kill_imports.py $(SOAK_ARGS)

FUZZ_SECONDS ?= 120
.PHONY: fuzz
fuzz: ## Fuzzes what reads UserSigs and webhooks, two minutes each: rustup toolchain install nightly, cargo install cargo-fuzz.
	for target in $(basename $(notdir $(wildcard tests/fuzz/fuzz_targets/*.rs))); do \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz $$target -- -max_len=6000 -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done

# --- benchmarks: release builds, in an environment of their own ---------------------------------------------------------

BENCH := $(CURDIR)/target/bench-venv/bin
BENCH_WHEELS := target/bench-wheels

$(STAMPS)/bench-node: tests/bench/package-lock.json tests/bench/package.json
	npm ci --prefix tests/bench --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

$(STAMPS)/bench-python: tests/bench/requirements.txt
	python3 -m venv target/bench-venv
	$(BENCH)/pip install --quiet --disable-pip-version-check -r tests/bench/requirements.txt
	@mkdir -p $(@D) && touch $@

# As a wheel: `maturin develop` would put the release build into the package's directory, in place of the tests' own.
.PHONY: bench-build bench-usersig bench-calls bench-import bench-webhooks bench-workers
bench-build: node $(STAMPS)/bench-node $(STAMPS)/bench-python
	cargo build --quiet --release -p tencent-im-bench -p tencent-im-emulator
	@rm -rf $(BENCH_WHEELS)
	for crate in bindings-python tests/bench/calls/bare; do \
		$(BENCH)/maturin build --quiet --release --manifest-path $$crate/Cargo.toml --out $(BENCH_WHEELS); \
	done
	$(BENCH)/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(BENCH_WHEELS)/*.whl

bench-usersig: bench-build ## UserSigs a second, by every package and by the official ones.
	cd tests/bench && $(BENCH)/python -m usersig.run $(BENCH_ARGS)

bench-import: bench-build ## Accounts a second by import_many, and its memory.
	cd tests/bench && $(BENCH)/python -m imports.run $(BENCH_ARGS)

bench-calls: bench-build ## Calls a second against the bare transports; what waiting calls cost.
	cd tests/bench && $(BENCH)/python -m calls.run $(BENCH_ARGS)

bench-webhooks: bench-build ## Webhook events a second, against servers that answer a constant.
	cd tests/bench && $(BENCH)/python -m webhooks.run $(BENCH_ARGS)

bench-workers: edge $(STAMPS)/bench-python ## The cold start of a worker: with the client, with webhooks, with both.
	cd tests/bench && $(BENCH)/python -m workers.run $(BENCH_ARGS)
