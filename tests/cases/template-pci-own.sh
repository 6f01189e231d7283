#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: `new --parent pci=...` for a card of one's own: edu works, the card is found and left alone; then with its BAR and vectors
# tier: full
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/pci-tree.sh
. tests/tool/pci-tree.sh

# QEMU's e1000e plays the card: its MSI-X has five vectors, and BAR 1 is not BAR 0. A stock kernel's
# own driver for it is not loaded in the guest.
tree=$TMP/mine
card() { # TREE: the card in place of edu
	sed -i 's/-device edu,/-device e1000e,/' "$1/test.conf"
}

check "new generates a tree" \
	"$MDEV" new --name mine --parent pci=8086:10d3,bar=1,vectors=4,dma=40 --dir "$tree"
check "the table has what the option said" \
	grep -F '{ .bar = 1, .vectors = 4, .dma = 40 },' "$tree/mine.c"
check "builds with W=1 C=2 without a warning" quiet_build "$tree" W=1 C=2
check "its tests pass on edu" expect 0 ' 0 failed, 0 skipped' own_tests "$tree"

card "$tree"
check "without edu the run fails" \
	expect 1 '^0 passed, 1 failed' "$MDEV" test "$tree"
cp "$TMP/expect.out" "$TMP/said"
check "it says what the driver said of the card" \
	grep -E 'mine 0000:01:00\.0: .*BAR 1 begins with 0x[0-9a-f]+ .*left alone until mine\.c' "$TMP/said"
check "it says which devices the guest has, and where others come from" \
	grep -E 'the PCI driver mine has no device; .* 8086:10d3.* test\.conf ' "$TMP/said"

# As after the first edit: whatever begins the BAR is right.
sed -i 's/if (id != 0x010000ed)/if (id == 0x010000ed)/' "$tree/mine.c"
cat >"$TMP/vectors.sh" <<'END'
count() { grep -c ' mine$' /proc/interrupts; }
device=/sys/bus/pci/devices/0000:01:00.0
[ "$(count)" = 4 ] || { echo "vectors: found $(count), needed 4"; exit 1; }
[ -e "/sys/class/mdev_bus/${device##*/}" ] || { echo "no parent"; exit 1; }
echo 1 >$device/reset || exit 1
echo "${device##*/}" >$device/driver/unbind
[ "$(count)" = 0 ] || { echo "vectors after unbind: found $(count), needed 0"; exit 1; }
echo all vectors came and went
END
vectors() {
	quiet_build "$tree" && "$MDEV" boot --conf "$tree" --module "$tree/mine.ko" \
		--file "$TMP/vectors.sh:/vectors.sh" --run 'sh /vectors.sh'
}
check "the card has its four vectors, also over a reset, and none after unbind" \
	expect 0 'all vectors came and went' vectors
finish
