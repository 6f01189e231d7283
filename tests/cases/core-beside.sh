#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdk_mdev.ko with each bus= beside the kernel's own mdev core, and without it
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/beside.sh
. tests/clients/beside.sh

said() { # LINE
	grep -Fqx -- "$1" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# The log between two marks of the script, ours only.
log_of() { # MARK
	sed -n "/ beside: $1\$/,/ beside: /p" "$TMP/log" | sed -n 's/.*\(mdk_mdev: .*\)/\1/p' |
		grep -v 'taints kernel\|verification failed' | sort -u
}

one_line() { # MARK ERE
	log_of "$1"
	[ "$(log_of "$1" | wc -l)" = 1 ] && log_of "$1" | grep -Eq -- "$2"
}

for kernel in 6.1 newest; do
	release=$("$MDEV" kernel "$kernel" --print release)
	framework_for "$kernel" || cat "$TMP/framework.log" >&2
	driver_for "$kernel" || cat "$TMP/fixture.log" >&2
	check "$kernel: the run, and the kernel did not complain" \
		boot_beside "$kernel" "build/$release/framework"
	check "$kernel: bus=own is refused beside it" said 'own: refused'
	check "$kernel: the refusal names the way out" one_line own "bus 'mdev' belongs to .*bus=private"
	check "$kernel: a mode that is none is refused" said 'bogus: refused'
	check "$kernel: with the modes there are" one_line bogus 'bus=bogus: .*own, kernel, private or auto'
	check "$kernel: bus=private has its own names" \
		said 'private: mdev mdk_mdev, class mdev_bus mdk_mdev_bus'
	check "$kernel: its device answers through VFIO" said 'private: 0x010000ca'
	check "$kernel: the kernel's core goes and comes while ours has a device" said 'private: kernel core reloaded'
	check "$kernel: bus=auto beside it is on it, and says so" \
		one_line auto "the bus 'mdev' belongs to the kernel's own mdev core, our devices join it"
	check "$kernel: without mdk_mdev_kernel no parent is registered" said 'auto: no parent'
	check "$kernel: with it the device is on that bus" \
		said 'auto: mdev, class mdev_bus, 0x010000ca'
	check "$kernel: bus=auto without it is own" said 'alone: mdev, class mdev_bus'
	check "$kernel: and says so" one_line alone "nobody has the bus 'mdev', it is ours"
done
finish
