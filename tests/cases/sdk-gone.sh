#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: hardware that goes: all instances fenced at once, nobody touches it, users keep what is theirs
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

FIXTURE=mdkgone
PATCHES=tests/broken/sdk

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" gone
done
# Needs userfaultfd, which the newest kernel need not have.
run_piece 6.1 gonestuck
if full_tier; then
	ko=$(fixture_for 6.1)
	copy_sdk
	check "a fence that does not wait for callbacks is caught" \
		caught gone-does-not-wait gone '^not ok .*nobody_touches_the_hardware'
	check "a mapping that is not revoked is caught" \
		caught gone-keeps-mappings gone '^not ok .*map.shows_ones'
fi
finish
