#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: whatever a user does with a mapping by remap_file_pages() and the like, it is refused or still shows the same
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh

# The same of a display and its dma-buf, on examples/vgpu-stub.
run_vgpu() { # KERNEL
	local copy=$TMP/vgpu-$1 status=0
	mkdir "$copy"
	cp examples/vgpu-stub/{Kbuild,*.[ch]} "$copy"
	KVER=$1 framework/build.sh module "$copy" >"$TMP/driver.log" 2>&1 ||
		{ fail "$1: build" "$(tail -n 20 "$TMP/driver.log")"; return; }
	rm -f "$TMP/ktap"
	"$MDEV" boot --kernel "$1" --module "$copy/vgpu_stub.ko dmabuf=1" \
		--file "$CLIENT:/bin/core-client" --run 'core-client remapvgpu' --ktap "$TMP/ktap" \
		--log "$TMP/log" >"$TMP/boot.out" 2>&1 || status=$?
	guest_results "$1: " "$TMP/ktap"
	check "$1: remapvgpu: the run" run_is_clean $status
}

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" remap "${PARENT[@]}"
	run_vgpu "$kernel"
done
if full_tier; then
	ko=$(fixture_for 6.1)
	copy_sdk
	# shellcheck disable=SC2034
	BOOT_OPTIONS=("${PARENT[@]}")
	check "a file that can be mapped behind the SDK's back is caught" \
		caught mapped-behind-our-back remap '^not ok .*memory.remap_file_pages'
	check "and one that can be opened" \
		caught mapped-behind-our-back remap '^not ok .*hardware.its_file_cannot_be_opened'
fi
finish
