#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a virtio device in the kernel: its tests, and stock guests whose own driver takes it, of a process and of a mediated device
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/user/guests/lib.sh
. tests/user/guests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

tree=$TMP/mdkvirtio

passes() { # KERNEL
	expect 0 '^[1-9][0-9]* passed, 0 failed, ' "$MDEV" test "$tree" --kernel "$1" --log "$TMP/log"
}

guest_image() {
	"$MDEV" image --kernel-module virtio_pci --kernel-module virtio-rng \
		--init tests/nested/rng-init.sh --file tests/nested/begin.sh:/begin.sh --output "$TMP/initrd"
}

process_serves() {
	user_program "$tree" && serve rng "$program"
}

boots_with_process() {
	guest_start "$TMP/initrd" "" -device "$(vfio_user rng 2)" && guest_ends
}

boots_with_mediated() {
	NESTED_SECONDS=120 nested_boot "$module" "$TMP/initrd" "PARENT=mdkvirtio TYPE=mdkvirtio-1"
}

drew() { # KIB
	said "drawn: $(($1 * 1024)) bytes, 256 different"
}

# Of a stock driver, wherever the device is.
all_of_it() { # WHERE
	check "$1: the guest's driver is content" said 'status 0x0000000f, features 11001'
	check "$1: it is where random bytes come from" said 'source virtio_rng\.0'
	check "$1: 256 KiB of them" drew 256
	check "$1: by messages" said 'messages: [1-9]'
	check "$1: taken away it is as at power-on" said 'unbound: status 0x0000000[0-3]'
	check "$1: and given back it serves" drew 64
	check "$1: the guest's kernel complains of nothing" said 'complaints: 0'
}

need_qemu
cp -r tests/fixtures/mdkvirtio "$tree"
for kernel in 6.1 newest; do
	check "$kernel: the suite and its own tests pass" passes "$kernel"
done
check "a guest with virtio-rng" guest_image
nested_build
module=$(driver_copy tests/fixtures/mdkvirtio)
check "a stock guest boots with the mediated device" boots_with_mediated
all_of_it "mediated"
nested_retries
check "a process serves the same source" process_serves
check "a stock guest boots with the process's device" boots_with_process
all_of_it "process"
check "no report of a sanitizer" served_well rng
finish
