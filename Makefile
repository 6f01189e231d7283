# SPDX-License-Identifier: GPL-2.0-only
# mdev-sdk. `make help` lists the targets.

# Without KVER it is as .config says (make menuconfig), without .config 6.1.
export KVER KDIR M MDK_OUT MDK_CONFIG DEFCONFIG DESTDIR
BUILD := build
Q := @

# With M= this makefile builds a vendor's tree and nothing else.
ifneq ($(M),)
all: module
else
all: tools framework ## build the command and the framework (the default)
endif

help: ## list the targets
	$(Q)echo 'make [target] [KVER=6.1|6.12|newest|6.1-cloud|6.12-cloud] [KDIR=headers] [M=driver] [W=1] [C=2]'
	$(Q)sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 22

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

# A path that make or kbuild would take apart is said before either does. $$M: whatever is in it.
paths:
	$(Q)framework/build.sh paths

paths-of-M:
	$(Q)framework/build.sh paths "$$M"

tools: paths ## the command ./mdev-sdk and the conformance suite
	$(Q)$(MAKE) -s --no-print-directory -C tools all
	$(Q)$(MAKE) -s --no-print-directory -C tools/poke O=$(CURDIR)/$(BUILD)/host/conform
	$(Q)$(MAKE) -s --no-print-directory -C tools/fuzz O=$(CURDIR)/$(BUILD)/host/conform

framework: tools ## the kernel modules, to build/<release>/framework
	$(Q)framework/build.sh framework

module: paths-of-M tools
	$(Q)framework/build.sh module "$$M"

install: paths-of-M tools ## framework, and the driver in M=, to where modprobe finds them; for the kernel that runs
	$(Q)framework/install.sh install $(if $(M),"$$M")

uninstall: tools ## takes away what install put there
	$(Q)framework/install.sh uninstall

dkms: ## what a customer's machine needs of the SDK, as a folder for DKMS: build/dkms/mdev-sdk-VERSION
	$(Q)tools/dkms/make

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

menuconfig: ## choose options of the framework, to .config
	$(Q)tools/config/kconfig $@

defconfig: ## .config with the defaults, or what DEFCONFIG=file says
	$(Q)tools/config/kconfig $@

savedefconfig: ## what differs from the defaults, to the file defconfig
	$(Q)tools/config/kconfig $@

oldconfig: ## .config again, asking for what it does not say
	$(Q)tools/config/kconfig $@

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

coccicheck: tools ## the rules of tools/cocci over M=, or all own trees; MODE=, COCCI=, J=, V=1
	$(Q)MODE='$(MODE)' COCCI='$(COCCI)' J='$(J)' V='$(V)' tools/cocci/run $(if $(M),'$(M)')

coccicheck-results: tools ## what the rules find in kernels and vendors' trees (VENDORS=DIR), and in pairs (PAIRS=DIR); writes docs
	$(Q)VENDORS='$(VENDORS)' PAIRS='$(PAIRS)' tools/cocci/results

lint: ## the house rules, compilers' warnings, sparse, cppcheck, shellcheck
	$(Q)tools/lint/run

errors: tools ## write docs/errors.md from tools/mdev-sdk/common/errors.txt
	$(Q)./mdev-sdk explain --markdown >docs/errors.md

print-release:
	$(Q)framework/build.sh release

clean: ## remove what was built, here or in M=
ifneq ($(M),)
	$(Q)framework/build.sh clean '$(M)'
else
	rm -rf $(BUILD) mdev-sdk
endif

.PHONY: all paths paths-of-M bench bench-nic fuzz-coverage fuzz-planted compat kernels-good evidence help demo check check-full check-fresh deps docs tools framework module \
	install uninstall dkms \
	lint errors print-release clean menuconfig defconfig savedefconfig oldconfig \
	transcripts-update test-counts test-durations coccicheck coccicheck-results
