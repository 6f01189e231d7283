#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the SDK's pins: limits, cache, budget, scatter lists, unmap, quiesce, close, cost
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkpin
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" sdkpins
	run_piece "$kernel" sdkgates
done
run_piece 6.1 sdkpintime --icount
run_piece 6.1 sdkwords --qemu '-smp 2'
finish
