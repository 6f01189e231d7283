#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: UNMAP_DMA while pages are pinned: alone, in storms, against a worker that pins again
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" unmap
	run_piece "$kernel" storm
	run_piece "$kernel" repin
done
# Needs userfaultfd, which the newest kernel need not have; 20 s of waits.
run_piece 6.1 stall
finish
