# SPDX-License-Identifier: GPL-2.0-only
# A driver's tree, and the framework, as a program. Called by build.sh; by hand:
#   make -f framework/user/user.mk SAN=address|thread|none|coverage|fuzzer [TREE=DIR OUT=DIR
#	[PROGRAM=server|fuzz|stream] [MAIN="FILE..."]] [BUILD=DIR]
# The framework's objects are built once for each sanitizer, below BUILD; the tree's below OUT.
# TREE/Kbuild is read as it is: obj-m, NAME-y, ccflags-y, CFLAGS_FILE.o; so is TREE/.config.

top := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
SAN ?= address
CC := $(if $(filter fuzzer,$(SAN)),clang,gcc)
user := $(top)/framework/user
BUILD ?= $(top)/build/user
fw := $(BUILD)/$(SAN)
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:

san-address := -fsanitize=address,undefined -fno-sanitize-recover=all
san-thread := -fsanitize=thread
san-none :=
san-coverage := --coverage
# What is optimized has no lines of its own for what it joins, such as two ways to return.
optimize-coverage := -O0
# libFuzzer is clang's. What the tree and the rooms below it reach counts, not what the shim does.
san-fuzzer := $(san-address)
counts-fuzzer := -fsanitize=fuzzer-no-link -fno-sanitize-coverage=stack-depth,trace-cmp
trace-fuzzer := -fsanitize-coverage=trace-cmp
ifeq ($(origin san-$(SAN)),undefined)
$(error SAN=$(SAN): found '$(SAN)', needed is address, thread, none, coverage or fuzzer)
endif

# As a kernel is compiled, where that changes what a program means.
flags := $(san-$(SAN)) -std=gnu11 $(or $(optimize-$(SAN)),-O1) -g \
	 -fno-omit-frame-pointer -fno-strict-aliasing \
	 -fno-strict-overflow -funsigned-char -fno-common -fno-optimize-sibling-calls -pthread \
	 -MMD -MP
warnings := -Wall -Wno-unused-function -Werror=implicit-function-declaration -Werror=implicit-int \
	    -Werror=incompatible-pointer-types -Werror=int-conversion -Werror=return-type
zero := -ftrivial-auto-var-init=zero
# clang before 16 wants to be asked twice, and later ones do not know the word.
zero-fuzzer := $(if $(filter fuzzer,$(SAN)),$(shell $(CC) -Werror $(zero) -E -x c /dev/null -o /dev/null 2>/dev/null || \
	echo -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang))
kernel := -D__KERNEL__ -DMODULE -I$(user)/shim/include -I$(user)/shell/twins -I$(top)/framework \
	  -I$(top)/framework/include -I$(top)/sdk/include

# The framework

# What has a twin in framework/user/shell/twins.
model-not := run/exports.c run/access/ram.c run/access/dmabuf.c run/instance/trace.c
files = $(patsubst $(top)/framework/%,%,$(foreach d,$(1),$(wildcard $(top)/framework/$(d)/*.c)))
model-c := $(filter-out $(model-not),$(call files,model run run/instance run/access run/virtio run/migrate helpers))
net-c := $(filter-out mdk_net/exports.c mdk_net/netdev.c,$(call files,mdk_net))
legacy-c := $(filter-out legacy/exports.c,$(call files,legacy))
shell-c := mdev/registration.c $(call files,user/shim user/shell user/machine user/rows \
	   user/shell/twins/run \
	   user/shell/twins/run/access user/shell/twins/mdk_net)
model-o := $(model-c:%.c=$(fw)/%.o)
net-o := $(net-c:%.c=$(fw)/%.o)
legacy-o := $(legacy-c:%.c=$(fw)/%.o)
shell-o := $(shell-c:%.c=$(fw)/%.o)
framework-o := $(model-o) $(net-o) $(legacy-o) $(shell-o)

module = -DKBUILD_MODNAME='"$(1)"' -DUSER_MODULE=user_module_$(1)
$(model-o): private := $(call module,mdk_model) $(counts-$(SAN))
$(net-o): private := $(call module,mdk_net) $(counts-$(SAN))
$(legacy-o): private := $(call module,mdk_legacy) $(counts-$(SAN))
$(shell-o): private := -D_GNU_SOURCE -DKBUILD_MODNAME='"mdev"'

# What is read of a guest's memory goes through fuzz/libfuzzer/guest_reads.c.
# So does a stream that is loaded: fuzz/libfuzzer/exact_stream.c.
reads-fuzzer := $(foreach r,mdk_pinned_read mdk_dma_read mdk_migration_load,--redefine-sym $r=fuzz_$r)
$(filter-out %/helpers/pins_copy.o %/run/instance/pin.o %/run/migrate/load.o,$(model-o)): \
	traces = $(if $(reads-$(SAN)),&& objcopy $(reads-$(SAN)) $@)

# What the tree's functions compare, and those of the switch between its cards, which have no rows,
# goes through fuzz/libfuzzer/compared.c to libFuzzer.
traced := cmp1 cmp2 cmp4 cmp8 const_cmp1 const_cmp2 const_cmp4 const_cmp8 switch
traces-fuzzer = && objcopy $(foreach t,$(traced),--redefine-sym __sanitizer_cov_trace_$t=fuzz_compared_$t) \
		--redefine-sym mdk_reg_get=fuzz_compared_reg_get $(reads-fuzzer) $@
$(net-o): private += $(trace-$(SAN))
$(net-o): traces = $(traces-$(SAN))

$(fw)/%.o: $(top)/framework/%.c $(user)/user.mk
	@mkdir -p $(@D)
	@$(CC) $(flags) $(warnings) $(kernel) $(private) -c $< -o $@ $(traces)

framework: $(fw)/framework.o

# One file to link with, and only what drivers and the program call keeps its name.
$(fw)/framework.o: $(framework-o)
	@$(CC) -r -nostdlib -o $@ $^

-include $(patsubst %.o,%.d,$(framework-o))

# The tree

ifneq ($(TREE),)
src := $(abspath $(TREE))
obj := $(src)
OUT ?= $(src)/build/user/$(SAN)
# A Kbuild may ask for the kernel's sources; there are none, and its answer is "no".
KBUILD_EXTMOD := $(src)
srctree := /nonexistent
objtree := /nonexistent
# What make menuconfig M= chose.
-include $(src)/.config
options := $(filter-out CONFIG_MODULES CONFIG_VFIO,$(filter CONFIG_%,$(.VARIABLES)))
include $(src)/Kbuild

modules := $(obj-m:.o=)
objects-of = $(or $(filter %.o,$($(1)-y) $($(1)-objs)),$(1).o)
name-of = $(subst -,_,$(notdir $(1)))
fakes := $(wildcard $(src)/tests/user/*.c)
fake-h := $(wildcard $(src)/tests/user/fake.h)
tree-flags = $(flags) $(warnings) $(zero) $(zero-$(SAN)) $(counts-$(SAN)) $(trace-$(SAN)) $(kernel) -I$(src) \
	     $(foreach o,$(options),-D$(o)$(if $(filter m,$($(o))),_MODULE)=1) \
	     $(ccflags-y) $(fake-h:%=-include %)

define module-rule
$$(addprefix $(OUT)/,$(call objects-of,$(1))): private := $(call module,$(call name-of,$(1)))
tree-o += $$(addprefix $(OUT)/,$(call objects-of,$(1)))
endef
$(foreach m,$(modules),$(eval $(call module-rule,$(m))))
# The card of a driver of real hardware, and a module of its own: it is there before the driver is.
parent := $(wildcard $(src)/tests/parent.c)
parent-o := $(parent:$(src)/%.c=$(OUT)/%.o)
$(parent-o): private := $(call module,tests_parent)
sdk-modules := mdk_model mdk_net $(if $(parent),tests_parent)
tree-modules := $(foreach m,$(modules),$(call name-of,$(m)))
fake-o := $(fakes:$(src)/%.c=$(OUT)/%.o)
$(fake-o): private := -DKBUILD_MODNAME='"fake"' -DUSER_MODULE=user_module_fake

# Touched when they change.
chosen = $(foreach o,$(sort $(options)),$(o)=$($(o)))
$(OUT)/options: always
	@mkdir -p $(@D)
	@echo '$(chosen)' | cmp -s - $@ || echo '$(chosen)' >$@

$(OUT)/%.o: $(src)/%.c $(src)/Kbuild $(OUT)/options $(user)/user.mk
	@mkdir -p $(@D)
	@$(CC) $(tree-flags) $(CFLAGS_$*.o) $(private) -c $< -o $@ $(traces-$(SAN))

# The list of modules; a file that is gone from the tree takes its module with it.
$(OUT)/modules.c: always
	@mkdir -p $(@D)
	@{ echo '#include "user/shell/modules.h"'; \
	   for m in $(sdk-modules); do echo "USER_MODULE_OF($$m, true);"; done; \
	   for m in $(tree-modules); do echo "USER_MODULE_OF($$m, false);"; done; \
	   echo 'struct module *const user_modules[] = {'; \
	   for m in $(sdk-modules) $(tree-modules); do \
		echo "	&user_module_$$m,"; done; \
	   echo '	NULL'; echo '};'; } >$@.new
	@cmp -s $@.new $@ || cp $@.new $@
	@rm $@.new
always:
$(OUT)/modules.o: $(OUT)/modules.c
	@$(CC) $(flags) $(kernel) -c $< -o $@

# What has main(); nothing of the kernel's is in its way. The server is the same for all trees, and
# compiled once; it reads the version message of vfio-user. So is what plays files of events; with
# libFuzzer main() is that one's.
PROGRAM ?= server
ifneq ($(MAIN),)
else ifeq ($(PROGRAM),fuzz)
MAIN := $(wildcard $(user)/fuzz/*.c)
ifeq ($(SAN),fuzzer)
MAIN := $(filter-out %/main.c,$(MAIN)) $(wildcard $(user)/fuzz/libfuzzer/*.c)
LIBS := -fsanitize=fuzzer
endif
main-out := $(fw)/fuzz
else ifeq ($(PROGRAM),stream)
MAIN := $(filter-out %/fuzz/main.c %/libfuzzer/entry.c,$(wildcard $(user)/fuzz/*.c) \
	$(wildcard $(user)/fuzz/libfuzzer/*.c)) $(wildcard $(user)/fuzz/stream/*.c)
LIBS := -fsanitize=fuzzer
main-out := $(fw)/fuzz
else
MAIN := $(wildcard $(user)/server/*.c)
main-out := $(fw)/main
LIBS := -lcjson
endif
ifeq ($(main-out),)
main-out := $(OUT)/main
endif
main-o := $(MAIN:/%.c=$(main-out)/%.o)
$(main-out)/%.o: /%.c $(user)/user.mk
	@mkdir -p $(@D)
	@$(CC) $(flags) -Wall -D_GNU_SOURCE -I$(user) -I$(top)/framework -I$(top)/sdk/include -c $< -o $@

NAME ?= $(call name-of,$(firstword $(modules)))$(if $(filter fuzz stream,$(PROGRAM)),-$(PROGRAM))
ifeq ($(modules),)
$(error $(src)/Kbuild: obj-m names no module)
endif
program: $(OUT)/$(NAME)
	@echo $< >$(OUT)/program-$(PROGRAM)
$(OUT)/$(NAME): $(tree-o) $(parent-o) $(fake-o) $(main-o) $(OUT)/modules.o $(fw)/framework.o
	@$(CC) $(san-$(SAN)) -pthread -rdynamic -o $@ $^ $(LIBS)

-include $(patsubst %.o,%.d,$(tree-o) $(parent-o) $(fake-o) $(main-o))
.DEFAULT_GOAL := program
else
.DEFAULT_GOAL := framework
endif
.PHONY: framework program always
