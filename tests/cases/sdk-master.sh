#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a device whose guest has cleared bus mastering, or put it into D3hot: no DMA and no message
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
	run_piece "$kernel" sdkmaster --qemu '-smp 2'
done
finish
