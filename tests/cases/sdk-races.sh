#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: words that two processors, or a guest and the driver's interrupts, change at once: nothing is lost
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkrace
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" races --qemu '-smp 2'
done
finish
