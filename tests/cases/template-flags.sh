#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers that `new` generates with BARs and interrupts of all kinds pass as they are
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

# variant NAME TYPE FLAGS...
variant() {
	local name=$1 type=$2 tree=$TMP/$1
	shift 2
	check "$name: $*" "$MDEV" new --name "$name" --dir "$tree" "$@"
	check "$name: builds without a warning" quiet_build "$tree" W=1 C=2
	check "$name: its pages are true" expect 0 'say what' "$MDEV" registers --check "$tree"
	check "$name: passes the suite, with the skips that were foreseen" \
		expect 0 ' 0 failed' "$MDEV" test "$tree" --type "$name-$type"
}

variant everything 1 --bar 0:regs:8K --bar 1:callback:4K --bar 3:regs:64:io \
	--bar 4:mem:16K:mmap:64:prefetch --irq intx --irq msi:4 --irq msix:8 --irq err \
	--pci-id 1234:abcd
variant little 2 --bar 2:callback:16 --irq err
variant smallgpu 4 --kind vgpu --bar 0:mem:16K --bar 1:mem:4K --irq msix:3 --irq intx
variant twoports 1 --kind serial --bar 0:callback:32:io --irq msi:2 --irq msix:1

variant twocards 1 --kind nic --bar 0:regs:8K --bar 2:mem:16K --irq intx --irq msi:2 --irq err

# What a user does next: the tree's own make targets, after an edit of the tables.
tree=$TMP/twoports
check "make test runs the suite and the tree's own tests" expect 0 'ok *device: 7 tests' \
	make --no-print-directory -C "$tree" test
sed -i 's/"port", SZ_32/"uart", SZ_64/' "$tree/twoports.c"
check "make docs rewrites the pages" make --no-print-directory -C "$tree" docs
check "they have what was edited" grep -q '^| 0 | uart | callbacks | 0x40 |' "$tree/docs/registers.md"
finish
