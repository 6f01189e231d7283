#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what lspci shows in a guest of each kind of generated driver
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

kinds=(minimal serial vgpu nic)
modules=()

generated() { # kind: builds it, its module goes to $modules
	local tree=$TMP/gen$1
	"$MDEV" new --name "gen$1" --kind "$1" --dir "$tree" &&
		make --no-print-directory KVER=6.1 M="$tree" && modules+=("$tree/gen$1.ko")
}

# QEMU gives the devices their slots in the order of its command line.
boots() {
	"$MDEV" image --init tests/nested/lspci-init.sh --file tests/nested/begin.sh:/begin.sh --output "$TMP/l2.initrd" &&
		nested_boot "${modules[0]}" "$TMP/l2.initrd" \
			"PARENT=genminimal TYPE=genminimal-1 MORE='genserial/genserial-1 genvgpu/genvgpu-1 gennic/gennic-1'" \
			--module "${modules[1]}" --module "${modules[2]}" --module "${modules[3]}" &&
		lspci_of_guest
}

for kind in "${kinds[@]}"; do
	check "$kind is generated and built" generated "$kind"
done
check "a stock kernel boots with one of each in it" boots
check "QEMU can enable error recovery of each" qemu_is_content
slot=2
for kind in "${kinds[@]}"; do
	check "$kind: lspci shows what is in the golden file" shows "$kind" $slot
	slot=$((slot + 1))
done
nested_retries
finish
