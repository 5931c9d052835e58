# SPDX-License-Identifier: Apache-2.0
#
# The front door. Each target is one script in Tools/scripts that can be read and run on its own.

PREFIX ?= /usr/local
DESTDIR ?=
SECONDS ?= 60
SERVICE ?= opensnoop
KERNEL ?= 6.12
FILTER ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-guest test-all-kernels kernels-lock build install bench fuzz format check generate generate-check clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: ## set this machine up, build skep, and watch opensnoop for 15 seconds
	@Tools/scripts/run.sh $(SERVICE)

test: ## set this machine up and run every test: pure, this kernel, guest kernels
	@Tools/scripts/test.sh

test-guest: ## run the kernel checks in guests of KERNEL (default 6.12; 5.10,6.1), those whose names hold FILTER
	@Tools/scripts/test-guest.sh "$(KERNEL)" "$(FILTER)"

test-all-kernels: ## run the kernel checks on every kernel that can be had; writes docs/support.md
	@Tools/scripts/test-guest.sh all

kernels-lock: ## fetch the newest kernel of every series; writes Tools/kernels.lock
	@swift build --product skep
	@.build/debug/skep kernels fetch all --lock Tools/kernels.lock --update-lock

build: ## leave the programs in bin/ and the prebuilt services in share/skep/
	@Tools/scripts/build.sh

install: build ## install below PREFIX (default /usr/local), staged below DESTDIR
	@Tools/scripts/install.sh "$(DESTDIR)" "$(PREFIX)"

bench: build ## measure side by side with the peers; writes docs/benchmarks.md
	@Tools/scripts/bench.sh

fuzz: ## run each fuzzer for SECONDS (default 60)
	@Tools/scripts/fuzz.sh "$(SECONDS)"

format: ## format the sources in place
	@Tools/scripts/format.sh write

check: generate-check ## formatting, lint, generated files
	@Tools/scripts/format.sh check

generate: ## make the generated sources anew
	@Tools/scripts/generate.sh write

generate-check: ## fail when a generated source is not what its generator makes
	@Tools/scripts/generate.sh check

clean: ## remove everything that was built
	@rm -rf .build .build-guests bin share Examples/.build Fuzz/.build Benchmarks/.build Tools/*/.build
