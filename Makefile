# SPDX-License-Identifier: GPL-2.0-only
# mdev-sdk. `make help` lists the targets.

BUILD := build

include tools/install/vendor.mk

demo: deps ## packages, build, generate, boot, show: the whole way in one command
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/demo.sh

# With CI=true the quick tests are followed by what there is time for, and this is when time began.
ifneq ($(filter check,$(MAKECMDGOALS)),)
export MDK_CHECK_BEGAN := $(shell date +%s)
endif

check: deps ## packages and all quick tests; ends with 'N passed, N failed, N skipped'
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/run quick

check-full: deps ## check, and what takes longer; goes on after an interruption. HALF=nested|debug, ANEW=1
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/run full $(if $(HALF),--half '$(HALF)') $(if $(ANEW),--anew)

check-fresh: deps ## check in a new Debian 12 with an empty cache (a chroot made by mmdebstrap)
	$(Q)tests/fresh.sh

deps: ## list the Debian packages that are needed and install those that are missing
	$(Q)tools/deps.sh

# In a fresh clone what is missing is said before a compiler says it.
tools: paths $(if $(wildcard mdev-sdk),,build-packages) ## the command ./mdev-sdk and the conformance suite
	$(Q)$(MAKE) -s --no-print-directory -C tools all
	$(Q)$(MAKE) -s --no-print-directory -C tools/poke O=$(CURDIR)/$(BUILD)/host/conform
	$(Q)$(MAKE) -s --no-print-directory -C tools/fuzz O=$(CURDIR)/$(BUILD)/host/conform

build-packages:
	$(Q)tools/deps.sh --say build

# For the places of GNU's makefiles.
export prefix bindir libdir datadir docdir mandir zshdir

install: $(if $(M),modules_install,tools) ## the command to prefix=/usr/local, or another; with M= as modules_install
	$(Q)$(if $(M),:,tools/install/install install)

uninstall: ## takes away what install and modules_install put there
	$(Q)tools/install/install uninstall

dist: ## a tarball of what git knows, to dist/: it builds, installs and packs elsewhere
	$(Q)tools/deb/tarball

deb-all:
	$(Q)tools/deb/make

compat: deps ## what builds and passes on each kernel, to docs/compat.md
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tools/docs/compat-page

kernels-good: deps ## check-full with the archive's newest kernel; if it passes, note it in tests/kernels.txt
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)./mdev-sdk kernel newest --update
	$(Q)tests/run full
	$(Q)tests/kernels-good.sh

bench: deps ## instructions for each access, beside the kernel's own sample; to docs/evidence/bench.md
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/bench/run

bench-nic: deps ## frames a second beside a tap device; to docs/evidence/nic-throughput.txt
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/bench/nic

fuzz-coverage: deps ## what suite, tests and fuzzer reach, to docs/evidence/fuzz-coverage.md; TIME=3m each
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/fuzz/coverage

fuzz-planted: deps ## what the fuzzer finds of a stranger's mistakes, to docs/evidence/fuzz-planted.md
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/fuzz/planted --evidence

fuzz-hours: deps ## an hour and more in each of our drivers, to docs/evidence/fuzz-hours.md; DRIVERS="vrng mtty"
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/fuzz/hours $(DRIVERS)

fuzz-stream: deps ## streams of a migration for our drivers, to docs/evidence/fuzz-stream.md; DRIVERS="mtty nic", RUNS=N
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/fuzz/streams $(DRIVERS)

migrate-kernels: deps ## which tests of a migration pass on 6.1, 6.12 and the newest, to docs/evidence/migrate-kernels.md
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/migrate/kernels

fuzz-debug: deps ## events in guests on the debug kernel, to docs/evidence/fuzz-debug.md; EVENTS=1000000 a driver, JOBS=N guests at a time
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)tests/fuzz/debug --evidence

docs: tools ## the reference of the headers, to build/docs/html (needs the packages of make deps)
	$(Q)tools/docs/build

evidence: deps ## pictures of a guest's screen to docs/evidence, registers to docs/vgpu-stub.md
	$(Q)$(MAKE) --no-print-directory tools
	$(Q)KEEP=$(CURDIR)/docs/evidence tests/run quick nested-display
	$(Q)tools/docs/vgpu-page

test-counts: ## how many results each case had, from the last runs, to tests/counts.txt; look at it with git diff
	$(Q)tests/record counts

test-durations: ## how long each case took in the last runs, to tests/durations.txt: the longest start first
	$(Q)tests/record durations

transcripts-update: tools ## write what tests/transcripts expects anew; look at it with git diff
	$(Q)tests/transcripts.sh update

coccicheck-results: tools ## what the rules find in kernels and vendors' trees (VENDORS=DIR), and in pairs (PAIRS=DIR); writes docs
	$(Q)VENDORS='$(VENDORS)' PAIRS='$(PAIRS)' tools/cocci/results

lint: ## the house rules, compilers' warnings, sparse, cppcheck, shellcheck
	$(Q)tools/lint/run

errors: tools ## write docs/errors.md from tools/mdev-sdk/common/errors.txt
	$(Q)./mdev-sdk explain --markdown >docs/errors.md

clean-all:
	rm -rf $(BUILD) mdev-sdk

.PHONY: bench bench-nic fuzz-coverage fuzz-planted fuzz-hours fuzz-stream fuzz-debug migrate-kernels compat kernels-good evidence demo check check-full check-fresh deps docs \
	tools build-packages install uninstall dist deb-all lint errors clean-all transcripts-update test-counts test-durations \
	coccicheck-results
