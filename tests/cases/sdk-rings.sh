#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: rings as rows: work, completions, hostile registers, ends at a reset and a close
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkrings
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" rings --qemu '-smp 2'
done
finish
