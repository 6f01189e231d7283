#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the same on the newest kernel, for other ids and interrupts; and its tests notice what is broken
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# shellcheck source=tests/tool/pci-tree.sh
. tests/tool/pci-tree.sh

made_on() { # NAME PARENT ARGS...
	"$MDEV" new --name "$1" --parent "$2" --dir "$TMP/$1" "${@:3}"
}

well_made() { # NAME
	local tree=$TMP/$1
	! grep -rn '@[A-Z_]*@' "$tree" || return 1
	[ "$(cd "$tree" && grep -rl TODO)" = "$1.c" ] && [ "$(wc -l <"$tree/$1.c")" -le 400 ]
}

# A mutant of the tree: SED-SCRIPT must be noticed by the tree's tests, with the words PATTERN.
noticed() { # SED-SCRIPT PATTERN
	rm -rf "$TMP/mutant"
	mkdir "$TMP/mutant"
	cp -r "$TMP/mypci" "$TMP/mutant/mypci"
	sed -i "$1" "$TMP/mutant/mypci/mypci.c"
	! cmp -s "$TMP/mypci/mypci.c" "$TMP/mutant/mypci/mypci.c" || return 1
	[ "${3:-own_tests}" = own_tests ] || quiet_build "$TMP/mutant/mypci" || return 1
	expect 1 "$2" "${3:-own_tests}" "$TMP/mutant/mypci"
}

# The same with two users of whom one is rude.
shared_by_two() { # TREE
	share "$1"
	cat "$TMP/ktap"
	grep -q '^not ok' "$TMP/ktap" && return 1
	return 0
}

client_build
check "new generates a tree" made_on mypci pci
check "TODO in one file, no word of the template left, not too long" well_made mypci
check "builds with W=1 C=2 without a warning on the newest kernel" \
	quiet_build "$TMP/mypci" W=1 C=2 KVER=newest
check "its own tests pass on the newest kernel" \
	expect 0 ' 0 failed, 0 skipped' own_tests "$TMP/mypci" --kernel newest
check "passes the suite on the newest kernel" \
	expect 0 ' 0 failed' "$MDEV" test "$TMP/mypci" --kernel newest
check "the pages in docs/ are what the loaded driver says" \
	expect 0 'say what the driver says' "$MDEV" registers --check "$TMP/mypci"
check "upgrade finds it as it would be generated now" expect 0 '' "$MDEV" upgrade "$TMP/mypci"

check "other ids, a pin, a BAR more" \
	made_on other pci=10ee:7021 --irq intx --irq msix:4 --bar 4:mem:64K:mmap
check "its table has both ids" \
	sh -c "grep -q 'PCI_DEVICE(0x10ee, 0x7021)' '$TMP/other/other.c' &&
		grep -q 'PCI_DEVICE(0x1234, 0x11e8)' '$TMP/other/other.c'"
check "builds with W=1 without a warning" quiet_build "$TMP/other" W=1
check "its tests pass on edu" expect 0 ' 0 failed, 0 skipped' own_tests "$TMP/other"

check "an interrupt of the engine that is lost is noticed" \
	noticed 's/complete(&parent->done);/;/' 'FAILED  device.computes'
check "a share that is not cleared is noticed" \
	noticed 's/ret = mypci_engine(parent, parent->zeros_bus, .*/ret = edu ? 0 : -EIO;/' 'FAILED  device.next_user_finds_nothing'
check "a copy to the wrong share is noticed" \
	noticed 's/edu += sg_dma_len(sg)/edu += 4/; s/bool store)$/&/; s/EDU_BUFFER + state->share \* MYPCI_SHARE, i/EDU_BUFFER + store * 4, i/' 'FAILED  device.copies'
check "an interrupt for the guest that is lost is noticed" \
	noticed '/mdk_irq_raise/d' 'FAILED  device.end_is_an_interrupt'
# The number has to take longer than it is waited for, on a quick host as well.
check "an interrupt that ends what another waits for is noticed" \
	noticed 's/if (causes & .*/if (causes)/; s/VALUE_MAX 33/VALUE_MAX 0xffffffff/; s/3 \* HZ/HZ/' \
	'not ok .*copies.none_is_said' shared_by_two
check "a number that keeps the engine is noticed" \
	noticed 's/VALUE_MAX 33/VALUE_MAX 0xffffffff/' 'not ok .*number.at_once' shared_by_two
finish
