#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: limits and errors of pin, unpin and dma_rw, and what is charged for them
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
for kernel in 6.1 newest; do
	run_piece "$kernel" pins
done
finish
