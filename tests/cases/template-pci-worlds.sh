#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what `new --parent pci` generates, on machines where no IOMMU translates: errno and one message, no complaint of the kernel
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/pci-tree.sh
. tests/tool/pci-tree.sh

tree=$TMP/mypci

# The tree's machine has 1 GiB, and for an IOMMU what WORDS on the kernel's command line make of it.
world() { # none|iommu WORDS
	cp "$TMP/test.conf" "$tree/test.conf"
	echo memory = 1024 >>"$tree/test.conf"
	sed -i "s/^append = .*/append = no_timer_check $2/" "$tree/test.conf"
	[ "$1" = iommu ] || sed -i 's/ -device intel-iommu,intremap=on//' "$tree/test.conf"
}

passes() { # KERNEL VERDICT
	expect 0 "$2" own_tests "$tree" --kernel "$1" --log "$TMP/log"
}

# It does not reach all memory, and says so where that is.
mostly="7 passed, 0 failed, 4 skipped"

said() { # ID...
	grep K16 "$TMP/log"
	grep -o 'K16[0-9]\]' "$TMP/log" | tr -d ']' >"$TMP/said"
	printf '%s\n' "$@" | cmp - "$TMP/said"
}

check "new generates a tree" "$MDEV" new --name mypci --parent pci --dir "$tree"
cp "$tree/test.conf" "$TMP/test.conf"
for kernel in "${KERNELS[@]}"; do
	world none ''
	check "$kernel: no IOMMU: its tests pass, without copies" passes "$kernel" "$mostly"
	check "$kernel: no IOMMU: one message at registration, one at the copies" said K160 K161
	world iommu 'intel_iommu=on iommu=pt'
	check "$kernel: iommu=pt: the same" passes "$kernel" "$mostly"
done
world none swiotlb=force
check "6.1: swiotlb=force: its tests pass, without copies" passes 6.1 "$mostly"
check "6.1: swiotlb=force: nothing goes by bounce buffers" said K162 K162
world iommu intel_iommu=on
check "6.1: with 1 GiB behind an IOMMU that translates it copies" passes 6.1 ' 0 failed, 0 skipped'
check "6.1: and no false alarm" sh -c "! grep K16 '$TMP/log'"
finish
