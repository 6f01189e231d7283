#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what cannot be pinned while it is unmapped, for how long, and that all else can
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" gate
	run_piece "$kernel" gatestarved --qemu '-smp 2'
done
finish
