#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes the newest kernel to tests/kernels.txt, if the last `tests/run full` passed on it.
set -u
cd "$(dirname "$0")/.." || exit 3
passed=${MDK_CHECK_OUT:-build/check}/full-passed
file=${MDK_KERNELS_TXT:-tests/kernels.txt}
now=$(./mdev-sdk kernel newest --print release) || exit 3
if [ "$(cat "$passed" 2>/dev/null)" != "$now" ]; then
	echo "kernels-good: no full run of all cases has passed on $now; run: make check-full" >&2
	exit 1
fi
version=$(./mdev-sdk kernel newest --print version) || exit 3
{ grep '^#' "$file"; echo "$now $version"; } >"$file.tmp" && mv "$file.tmp" "$file"
echo "kernels-good: $now ($version) is in $file"
