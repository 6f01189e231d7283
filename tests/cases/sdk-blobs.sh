#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a model's blobs move by a kernel's files: megabytes, what callbacks refuse, a user who is killed
# tier: quick
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkmig
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" blobs
done

# Who is killed is seen to by nothing in a process of user space.
if full_tier && framework_for 6.1 && ko=$(fixture_for 6.1); then
	# shellcheck disable=SC2034
	PATCHES=tests/broken/blobs
	copy_sdk
	check "killed-waits is caught" caught killed-waits blobs '^not ok .*killed.between_two_pieces'
fi
finish
