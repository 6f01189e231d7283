#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: libvirt in a fresh Debian with systemd: a domain with a device of mdevctl's, attached and detached while it runs
# tier: full
# timeout: 3600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/systemd/lib.sh
. tests/systemd/lib.sh

# A machine that says when a device comes and goes.
guest_of_it() {
	"$MDEV" image --init tests/systemd/inner-init.sh --output "$JOB/inner.initrd" &&
		cp "$image/vmlinuz" tests/systemd/domain.xml "$JOB/"
}

need_image
check "a host with the packages and a driver" host
check "a guest for libvirt" guest_of_it
# shellcheck disable=SC2034 # boot_part's
devices=(-device 'edu,addr=9')
part libvirt.part 2400
finish
