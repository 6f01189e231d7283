#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what ends at a reset and a close, and rows of a model, under KASAN, lockdep, kmemleak and debug objects
# tier: full
# timeout: 3600
# needs: debug-kernel
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/debug.sh
. tests/clients/debug.sh

client_build
debug_kernel_needed
# shellcheck disable=SC2034 # run_piece takes all of them
VARS=$SLOWLY AFTER=$SCAN
while read -r FIXTURE piece; do
	run_piece "$kernel" "$piece" "${BOTH[@]}" --timeout $LIMIT </dev/null
	check "$piece: the instruments were on, on two processors" instruments_are 1
done <<-'END'
	forgetful forget
	mdkrows rows
END
finish
