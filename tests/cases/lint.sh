#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the house rules hold
# tier: quick
# timeout: 1200
# shellcheck source=tests/lib.sh
. tests/lib.sh

mapfile -t rules < <(tools/lint/run --list)
# Else the rule kernel takes both.
export MDK_LINT_KERNELS="${KERNELS[*]}"
for rule in "${rules[@]}"; do
	check "lint $rule" tools/lint/run "$rule"
done
finish
