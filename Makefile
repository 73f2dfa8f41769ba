# A newcomer's commands. `make demo` and `make test` work on a bare Debian 12 with a Swift toolchain.

SWIFT ?= swift
# The release carries the Swift runtime: it starts faster and runs where no toolchain is.
RELEASE = --configuration release --static-swift-stdlib --product perennial
PROGRAM = .build/release/perennial

.PHONY: help setup build demo test lint record

help:
	@echo "make demo    set up, build, and run the nightly job on the demo company"
	@echo "make test    set up, build, and run all tests"
	@echo "make build   build the release, $(PROGRAM)"
	@echo "make lint    check the code's format"
	@echo "make record  record the expected files of the tests anew (fails while doing so)"

setup:
	@sh .ci/setup

build: setup
	$(SWIFT) build $(RELEASE)

demo: build
	$(PROGRAM) demo demo-company
	$(PROGRAM) run nightly

test: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

record: setup
	PERENNIAL_RECORD=1 $(SWIFT) test
