#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: unit tests of the parts of the command that need no kernel
# tier: quick
# timeout: 180
# shellcheck source=tests/lib.sh
. tests/lib.sh

units() {
	make --no-print-directory -C tools check-host 2>&1 | tee "$TMP/units"
	[ "${PIPESTATUS[0]}" = 0 ]
}

check "tools/Makefile check-host passes" units
check "it really ran tests" grep -E '^\[  PASSED  \] [1-9][0-9]* test' "$TMP/units"
finish
