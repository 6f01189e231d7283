# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the sdk-parent-msix* cases: a guest with QEMU's nvme, whose MSI-X table has eight pages.
# Sourced after tests/clients/lib.sh.

# shellcheck disable=SC2034
FIXTURE=mdkmsix
# shellcheck disable=SC2034
PATCHES=tests/broken/sdk

# The case has built the fixture.
# shellcheck disable=SC2154
boot_msix() { # COMMAND OF THE SDK
	"$1" boot --kernel 6.1 --qemu '-device nvme,serial=one,msix_qsize=2048' --module "$ko" \
		--file build/host/conform/mdev-poke:/bin/mdev-poke \
		--file tests/fixtures/mdkmsix/guest.sh:/guest.sh --run 'sh /guest.sh; true' \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 100
}
