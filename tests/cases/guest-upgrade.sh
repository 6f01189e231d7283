#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: newer packages of the framework while a virtual machine has a device of the older ones
# tier: full
# timeout: 5400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/systemd/lib.sh
. tests/systemd/lib.sh

# shellcheck disable=SC2034 # the guest's
older=$(cat VERSION)
newer=$(awk -F. '{ print $1 "." $2 + 1 ".0" }' VERSION)

# This tree, but for the version and a word in each module, as modules of the same code are the same; and what DKMS
# makes of it, built on a copy of the disk.
newer_packages() {
	local file
	tools/deb/tarball "$TMP" && mkdir "$TMP/newer" && tar x -C "$TMP/newer" --strip-components=1 -f "$TMP/mdev-sdk-$older.tar.gz" &&
		echo "$newer" >"$TMP/newer/VERSION" || return 1
	for file in "$TMP"/newer/framework/{mdev,vfio_mdev,run,mdk_net,legacy}/exports.c; do
		printf '%s\n' '#include <linux/module.h>' 'MODULE_INFO(newer, "yes");' >>"$file" || return 1
	done
	packages="-A" debs newer "$TMP/newer"
}

built_elsewhere() {
	cp --sparse=always --reflink=auto "$DISK" "$TMP/kept" &&
		on_disk sh -c "apt-get install -q -y --no-install-recommends /job/newer/*.deb &&
			dkms mktarball mdev-sdk/$newer -k \$(ls /lib/modules) --binaries-only \
				--archive /job/newer/mdev-sdk-$newer.dkms.tar.gz" &&
		mv "$TMP/kept" "$DISK"
}

need_image
check "a host with the packages and a driver" host
check "packages of a newer version" newer_packages
check "DKMS builds them" built_elsewhere
part upgrade.part 3000
finish
