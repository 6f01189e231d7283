#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a PCI device bound by a description: what is promised to its callbacks; in use while it copies, is reset, sleeps, goes
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh
# shellcheck source=tests/clients/card.sh
. tests/clients/card.sh

# Nothing is expected that no description has.
all_made() {
	sed -n 's/^\t{ "\([a-z_]*\)", .*/\1/p' $CARD/mdkcard.c | grep -vx -e none -e no_bar | sort >"$TMP/made"
	grep -v '^#' $CARD/expected | cut -d '|' -f 1 | sort -u | diff "$TMP/made" -
}

promises_on() { # KERNEL
	local status=0
	if ! framework_for "$1" || ! card=$(FIXTURE=mdkcard fixture_for "$1"); then
		fail "$1: build" "$(tail -n 20 "$TMP"/*.log)"
		return
	fi
	boot_card "$MDEV" "$1" >"$TMP/boot.out" 2>&1 || status=$?
	guest_results "$1: " "$TMP/ktap"
	check "$1: the run" run_is_clean $status
}

# What the compiler can see it refuses: a file a fault, in one build.
faults() { # name|description|words
	cat <<-'END'
	bar|.bar = 6, .dma = 64|.bar is 0 to 5
	dma|.bar = 0|.dma is needed, 1 to 64 bits of address
	wide|.dma = 65|.dma is needed, 1 to 64 bits of address
	min|.dma = 64, .vectors = 1, .min_vectors = 2, .irq = irq|.min_vectors is more than .vectors
	noirq|.dma = 64, .vectors = 1|.vectors without .irq
	novectors|.dma = 64, .irq = irq|.irq without .vectors
	thread|.dma = 64, .irq_thread = irq|.irq_thread without .irq
	right|.dma = 64, .vectors = 1, .irq = irq|
	END
}

write_faults() {
	local name description
	mkdir "$TMP/faults"
	while IFS='|' read -r name description _; do
		echo "obj-m += $name.o" >>"$TMP/faults/Kbuild"
		cat >"$TMP/faults/$name.c" <<-END
		#include <linux/pci.h>
		#include <mdk/mdk.h>
		static irqreturn_t __maybe_unused irq(struct mdk_card *card, u32 vector) { return IRQ_HANDLED; }
		static const struct pci_device_id ids[] = { { PCI_DEVICE(1, 2) }, {} };
		static const struct mdk_model model;
		static const struct mdk_pci_parent parent = MDK_PCI_PARENT(ids, $description);
		module_mdk_pci_driver(model, parent);
		MODULE_LICENSE("GPL");
		END
	done < <(faults)
	KVER=6.1 MAKEFLAGS=k framework/build.sh module "$TMP/faults" >"$TMP/faults.log" 2>&1
}

# A fault's file is not built, for that reason and no other.
not_compiled() { # NAME WORDS
	[ ! -e "$TMP/faults/$1.o" ] && grep "error: .*$2" "$TMP/faults.log"
}

client_build
qmp_build
check "each fault of a description is expected, and none else" all_made
for kernel in "${KERNELS[@]}"; do
	promises_on "$kernel"
	full_tier || continue
	# The driver of sdk-parent, bound by a description.
	FIXTURE_PATCH=$SDK/tests/fixtures/mdkpci/card.patch
	parent_piece "$kernel" pci
	parent_piece "$kernel" pcilost
	parent_piece "$kernel" pciremove
	plug_piece "$kernel"
	FIXTURE_PATCH=
done
write_faults
while IFS='|' read -r name _ words; do
	if [ -n "$words" ]; then
		check "at build time: $name" not_compiled "$name" "$words"
	else
		check "at build time: what is right is built" test -e "$TMP/faults/$name.o"
	fi
done < <(faults)
finish
