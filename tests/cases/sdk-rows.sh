#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: rows of a model instead of code: parameters, causes of interrupts, sets, counters, resets, a monitor, statistics
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkrows
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" rows --qemu '-smp 2'
done
finish
