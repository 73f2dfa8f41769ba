# A newcomer's commands. `make demo` and `make test` work on a bare Debian 12 with a Swift toolchain.

SWIFT ?= swift
# The release carries the Swift runtime: it starts faster and runs where no toolchain is.
RELEASE = --configuration release --static-swift-stdlib --product perennial
PROGRAM = .build/release/perennial

# Sizes of the benchmark: S and M are 100,000 and a million subscription periods, L five million.
SIZES ?= S M
ROUNDS ?= 3

.PHONY: help setup build demo test lint record bench bench-check

help:
	@echo "make demo    set up, build, and run the nightly job on the demo company"
	@echo "make test    set up, build, and run all tests"
	@echo "make build   build the release, $(PROGRAM)"
	@echo "make lint    check the code's format"
	@echo "make record  record the expected files of the tests anew (fails while doing so)"
	@echo "make bench   measure the program and its peers in turns: make bench SIZES=\"S M L\" ROUNDS=5"
	@echo "make bench-check  the tiny benchmark once: do all programs agree on the figures?"

setup:
	@sh .ci/setup

build: setup
	$(SWIFT) build $(RELEASE)

demo: build
	$(PROGRAM) demo demo-company --exports-only
	$(PROGRAM) run nightly

# What drives the program drives the release: that is what people run, and it is several times faster.
test: build
	@sh .ci/setup test
	$(SWIFT) build --build-tests
	@SWIFT="$(SWIFT)" PERENNIAL_PROGRAM="$(CURDIR)/$(PROGRAM)" PERENNIAL_ALL_PARTS=1 .ci/test

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

record: setup
	PERENNIAL_RECORD=1 $(SWIFT) test

bench: build
	@sh .ci/setup bench
	@python3 Benchmarks/bench.py --program $(PROGRAM) --sizes "$(SIZES)" --rounds $(ROUNDS)

# A machine that cannot install the peers is no fault of the change that is checked.
bench-check: build
	@if sh .ci/setup bench; then python3 Benchmarks/bench.py --program $(PROGRAM) --check; \
	else echo "bench-check: skipped, its programs are missing"; fi
