#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a guest goes from one QEMU to another while TCP goes through its virtio network card, and not a byte is lost
# tier: full
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

tree=$TMP/myvnet

# The command of the SDK that the framework is taken from.
moves() { # SDK STEP...
	MDEV=$1/mdev-sdk NESTED_SECONDS=400 nested_moves tests/nested/l1-flow.sh "$module" "$TMP/l2.initrd" \
		"STEPS='${*:2}'" --file "$NESTED/nested-flow:/bin/nested-flow"
}

guest_image() {
	"$MDEV" image --kernel-module virtio_pci --kernel-module virtio_net \
		--init tests/nested/flow-init.sh --file tests/nested/begin.sh:/begin.sh --file "$NESTED/nested-flow:/bin/nested-flow" \
		--output "$TMP/l2.initrd"
}

generated() {
	"$MDEV" new --name myvnet --kind virtio-net --dir "$tree" >"$TMP/new.log" && module=$(driver_copy "$tree")
}

# came_whole GUEST HOST: what the guest says of a stream is what the host says, and it is a good deal.
came_whole() {
	local guest host bytes
	guest=$(sed -n "s/^l2: $1: //p" "$TMP/said")
	host=$(sed -n "s/^$2: //p" "$TMP/said")
	bytes=$(grep -E "^(l2: )?(sent|received): ${guest%%,*}" "$TMP/said" | grep -Eo '[0-9]+ bytes' | sort -u)
	echo "guest: $1 $guest; host: $2 $host"
	[ -n "$guest" ] && [ "${guest%%,*}" = "${host%%,*}" ] && [ "${bytes%% *}" -ge 500000 ]
}

# A queue that begins anew: what was completed comes again, or nothing does.
position_is_caught() {
	nested_broken tests/broken/user-migrate/queue-forgotten.patch || return 1
	moves "$TMP/sdk" unix
	step unix '^migration to unix:.*: completed' || return 1
	! { grep -q "^it ticks on in 'second'" "$TMP/said" && came_whole sent received && came_whole received sent; }
}

nested_build
framework_log=$(KVER=6.1 framework/build.sh framework 2>&1) || echo "$framework_log" >&2
check "a card is generated" generated
check "a guest with virtio_net" guest_image
check "streams go through a card while its guest moves" moves "$SDK" unix cancel file
check "the guest's own driver is content" grep '^l2: eth0: driver virtio_net' "$TMP/said"
check "it is moved to another QEMU" step unix '^migration to unix:.*: completed'
check "the stream from the host goes on" step unix "^it ticks on in 'second'"
check "a migration that is cancelled ends so" step cancel '^migration to unix:.*: cancelled'
check "and the stream goes on where it is" step cancel "^it ticks on in 'second'"
check "it is moved to a file" step file '^migration to file:.*: completed'
check "and the stream goes on when it was read back" step file "^it ticks on in 'third'"
check "the stream to the host has come whole" came_whole sent received
check "and so has that from the host" came_whole received sent
check "the guest's kernel complains of nothing" grep '^l2: complaints: 0' "$TMP/said"
{ nested_figures unix file; grep -E '^(l2: )?(sent|received): ' "$TMP/said"; } | diag
check "a queue that forgets where it was is noticed" position_is_caught
nested_retries
finish
