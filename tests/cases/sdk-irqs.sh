#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the SDK's interrupts: every context, level, masks, loops of eventfds, storms; and the suite
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkirq
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" irqs
	check "$kernel: the device passes the suite" \
		expect 0 ' 0 failed' "$MDEV" test tests/fixtures/mdkirq --kernel "$kernel"
done
finish
