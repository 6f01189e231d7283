#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: rings, pins, workers, ports, planes, interrupts end at a reset and a close, whatever the driver forgets
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=forgetful
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" forget --qemu '-smp 2'
done
finish
