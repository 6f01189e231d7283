#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a driver written to the text of Linux 4.10 passes the suite with one include line changed
# tier: quick
# timeout: 420
# shellcheck source=tests/lib.sh
. tests/lib.sh

fixture=tests/fixtures/legacy410

one_line_changed() {
	[ "$(grep -c '<mdev_sdk/' $fixture/legacy410.c)" = 1 ] && ! grep -q '<mdk/' $fixture/legacy410.c
}

careless_is_told() {
	LEGACY410_CARELESS=y expect 0 ' 0 failed' "$MDEV" test $fixture --kernel 6.1 \
		--only dma.unmap_pinned --log "$TMP/log" &&
		grep 'only VFIO_IOMMU_NOTIFY with VFIO_IOMMU_NOTIFY_DMA_UNMAP is served' "$TMP/log" &&
		grep 'closed with a notifier registered' "$TMP/log"
}

plan 4
check "it names one header of mdev-sdk" one_line_changed
for kernel in 6.1 newest; do
	check "it passes on $kernel" expect 0 ' 0 failed' "$MDEV" test $fixture --kernel $kernel
done
check "one that forgets its notifier is told, and harms nobody" careless_is_told
finish
