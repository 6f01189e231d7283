#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a fresh Debian with systemd: packages in, a driver made and built, DKMS for two kernels, and nothing left
# tier: full
# timeout: 7200
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/systemd/lib.sh
. tests/systemd/lib.sh

# All three.
with_pages() {
	profile='' debs debs
}

step() { # of install.sh
	on_disk sh /job/install.sh "$1"
}

need_image
cp tests/systemd/install.sh "$JOB/"
check "packages of this tree" with_pages
check "a driver's package" driver_deb shipped debs --kind minimal
part before.part 900
check "apt installs the packages of the SDK, without a network" step sdk
check "a user makes a driver" step new
check "and builds it" step make
check "mdev-sdk test demo --user" step test
check "apt installs a driver's package, DKMS builds it" step driver
check "a kernel comes later, DKMS builds both for it" step kernel
part purge.part 1800
finish
