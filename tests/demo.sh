#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make demo: generates a driver, builds it, boots a stock kernel with it, and shows what a guest's
# owner would see. Everything it prints is what the real commands print.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=build/demo
tree=$dir/myvgpu
rm -rf "$dir"
mkdir -p "$dir"

step() {
	printf '\n== %s\n' "$*"
}

run() {
	printf '$ %s\n' "$*"
	"$@"
}

step 'A driver: tables that describe a device'
run ./mdev-sdk new --name myvgpu --dir "$tree"
run sed -n '/^static const struct mdk_reg /,/^};/p;/^static const struct mdk_region /,/^};/p' \
	"$tree/myvgpu.c"

step "Built against the headers of a stock Debian kernel, with all warnings and sparse"
run make --no-print-directory M="$tree" W=1 C=2

step 'A stock kernel boots in QEMU; a device is created through sysfs and driven through VFIO'
# shellcheck disable=SC2310 # run() ends with the command
run ./mdev-sdk boot ${KVER:+--kernel "$KVER"} --module "$tree/myvgpu.ko" \
	--file tests/demo-guest.sh:/demo-guest.sh --file build/host/conform/mdev-poke:/bin/mdev-poke \
	--run 'sh /demo-guest.sh' --ktap "$dir/show" || { cat "$dir/show"; exit 1; }
grep -v '^# mdev-conform\|^KTAP' "$dir/show"

step 'The conformance suite, for each type of device'
run ./mdev-sdk test "$tree"

step 'Done. Next: ./mdev-sdk new --name YOURS, edit YOURS/YOURS.c, ./mdev-sdk test YOURS'
