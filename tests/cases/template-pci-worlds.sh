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

passes() { # KERNEL WHAT-IT-SAYS
	expect 0 "$2" smoke "$tree" mypci --kernel "$1" --log "$TMP/log" || return 1
	grep 'smoke test of mypci: passed' "$TMP/expect.out"
}

said() { # ID...
	grep K16 "$TMP/log"
	grep -o 'K16[0-9]\]' "$TMP/log" | tr -d ']' >"$TMP/said"
	printf '%s\n' "$@" | cmp - "$TMP/said"
}

check "new generates a tree" "$MDEV" new --name mypci --parent pci --dir "$tree"
cp "$tree/test.conf" "$TMP/test.conf"
for kernel in "${KERNELS[@]}"; do
	check "$kernel: it builds" quiet_build "$tree" "KVER=$kernel"
	world none ''
	check "$kernel: no IOMMU: the smoke test passes" passes "$kernel" 'no copies: .* reaches 28 bits'
	check "$kernel: no IOMMU: one message at registration, one at the copies" said K160 K161
	world iommu 'intel_iommu=on iommu=pt'
	check "$kernel: iommu=pt: the same" passes "$kernel" 'no copies: .* reaches 28 bits'
done
world none swiotlb=force
check "6.1: swiotlb=force: the smoke test passes" passes 6.1 'no copies: .* reaches 28 bits'
check "6.1: swiotlb=force: nothing goes by bounce buffers" said K162 K162
world iommu intel_iommu=on
check "6.1: with 1 GiB behind an IOMMU that translates it copies" passes 6.1 'passed'
check "6.1: and no false alarm" sh -c "! grep -E 'K16|no copies' '$TMP/log' '$TMP/expect.out'"
finish
