#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of the framework beside the kernel's mdev core is caught
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/together.sh
. tests/clients/together.sh

# Built with the patch, and then a check of core-together must fail.
caught_in_the_build() { # variant check
	local status=0
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	build_in_copy && "$2" || status=1
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	find "$ours" -name '*.ko' -delete
	cat "$TMP/common"
	[ $status = 1 ] && [ -s "$TMP/common" ]
}

# A clash is no matter of taste: depmod takes our module for what kvmgt needs.
kvmgt_is_taken() {
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/clashing-export.patch" || return 1
	build_in_copy && ! only_our_lines
	local status=$?
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/clashing-export.patch"
	return $status
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
release=$("$MDEV" kernel 6.1 --print release)
kdir=$("$MDEV" kernel 6.1 --print kdir)
moddir=$("$MDEV" kernel 6.1 --print moddir)
ours=$TMP/sdk/build/$release/framework
BOOT_OPTIONS=(--bus kernel)
as_it_is() {
	build_in_copy && no_common_symbol && no_common_module && only_our_lines &&
		boot_copy lifetime
}
check "as it is the copy passes" as_it_is
check "kernel-bus-asks-nobody" caught kernel-bus-asks-nobody lifetime \
	'not ok .*busy.user_is_asked_where_it_waits'
check "kernel-bus-does-not-wait" caught kernel-bus-does-not-wait lifetime \
	'not ok .*busy.remove|not ok .*busy.device_works|BUG|Oops|the guest hung'
check "kernel-bus-leaks" caught kernel-bus-leaks lifetime \
	'not ok .*rounds.rmmod|the guest hung'
check "kernel-bus-loses-remove" caught kernel-bus-loses-remove bustle \
	'not ok .*each_device_can_be_removed'
check "clashing-export" caught_in_the_build clashing-export no_common_symbol
check "clashing-export, and depmod" kvmgt_is_taken
check "module-named-mdev" caught_in_the_build module-named-mdev no_common_module
finish
