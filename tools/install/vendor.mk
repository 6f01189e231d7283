# SPDX-License-Identifier: GPL-2.0-only
# What a driver's author calls, in the project's tree and in an installed one. Who includes it has the
# targets tools, clean-all and deb-all.

# Without KVER it is as .config says (make menuconfig), without .config 6.1.
export KVER KDIR M MDK_OUT MDK_CONFIG DEFCONFIG DESTDIR KEY CERT SIGN_FILE
Q := @

# With M= this makefile builds a vendor's tree and nothing else.
ifneq ($(M),)
all: module
else
all: tools framework ## build the command and the framework (the default)
endif

help: ## list the targets
	$(Q)echo 'make [target] [KVER=6.1|6.12|newest|6.1-cloud|6.12-cloud] [KDIR=headers] [M=driver] [W=1] [C=2]'
	$(Q)sed -n 's/^\([a-z_-]*\):[^#]*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# A path that make or kbuild would take apart is said before either does. $$M: whatever is in it.
paths:
	$(Q)framework/build.sh paths

paths-of-M:
	$(Q)framework/build.sh paths "$$M"

framework: tools ## the kernel modules, to build/<release>/framework
	$(Q)framework/build.sh framework

module: paths-of-M tools
	$(Q)framework/build.sh module "$$M"

modules_install: paths-of-M tools ## framework, and the driver in M=, to where modprobe finds them; for the kernel that runs
	$(Q)framework/install.sh install $(if $(M),"$$M")

modules_uninstall: ## takes away what modules_install put there
	$(Q)framework/install.sh uninstall

sign: paths-of-M tools ## signs framework, and the driver in M=, where they were built; KEY= and CERT=, or the machine's own
	$(Q)framework/sign.sh built $(if $(M),"$$M")

dkms: ## what a customer's machine needs of the SDK, as a folder for DKMS: mdev-sdk-VERSION
	$(Q)tools/dkms/make

# With M= of a driver, for DKMS; without, of the SDK.
deb: $(if $(M),paths-of-M,deb-all) ## Debian packages, to dist/; with M= one of the driver, for DKMS, to its dist/
	$(Q)$(if $(M),tools/deb/driver-package "$$M",:)

menuconfig: ## choose options of the framework, to .config; with M= those of its Kconfig, to its own
	$(Q)tools/config/kconfig $@

defconfig: ## .config with the defaults, or what DEFCONFIG=file says
	$(Q)tools/config/kconfig $@

savedefconfig: ## what differs from the defaults, to the file defconfig
	$(Q)tools/config/kconfig $@

oldconfig: ## .config again, asking for what it does not say
	$(Q)tools/config/kconfig $@

coccicheck: tools ## the rules of tools/cocci over M=, or all own trees; MODE=, COCCI=, J=, V=1
	$(Q)MODE='$(MODE)' COCCI='$(COCCI)' J='$(J)' V='$(V)' tools/cocci/run $(if $(M),'$(M)')

print-release:
	$(Q)framework/build.sh release

# In M= alone, where one is named.
clean: $(if $(M),,clean-all) ## remove what was built, here or in M=
	$(Q)$(if $(M),framework/build.sh clean '$(M)',:)

.PHONY: all help paths paths-of-M framework module modules_install modules_uninstall sign dkms deb \
	menuconfig defconfig savedefconfig oldconfig coccicheck print-release clean
