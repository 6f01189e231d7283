#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a stock guest's console on the vgpu-stub, its only display; a painting by commands; QEMU's EDID
# tier: full
# timeout: 900
# KEEP=DIR keeps the pictures there (make evidence).
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

nonce=mdev-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')

shows() { # module
	local name
	rm -f "$TMP"/{text,scene}.{png,raw}
	"$MDEV" image --kernel-module bochs --init tests/nested/display-init.sh --file tests/nested/begin.sh:/begin.sh \
		--file "$NESTED/nested-screen:/bin/nested-screen" \
		--file "$NESTED/nested-paint:/bin/nested-paint" \
		--file tests/nested/scene.txt:/scene.txt --output "$TMP/l2.initrd" &&
		nested_boot "$1" "$TMP/l2.initrd" "PARENT=vgpu_stub TYPE=vgpu_stub-16m \
			DEVICE=id=vgpu0,display=on L2_OPTIONS='-vga none' DRIVE='sh /drive.sh' \
			L2_APPEND='l2.text=$nonce logo.nologo iomem=relaxed'" \
			--file tests/nested/display-drive.sh:/drive.sh \
			--file "$NESTED/nested-qmp:/bin/nested-qmp" || return 1
	for name in text scene; do
		if ! nested_received $name.png || ! nested_received $name.raw; then
			tail -n 40 "$TMP/said"
			return 1
		fi
	done
	sed -n 's/^l2: glyph //p' "$TMP/said" >"$TMP/glyphs"
	stride=$(sed -n 's/^l2: mode [0-9,]* \([0-9]*\).*/\1/p' "$TMP/said")
}

said() {
	grep '^l2: ' "$TMP/said" | grep -v glyph
	grep -Eq "$1" "$TMP/said"
}

lspci_as_golden() {
	lspci_of_guest
	diff tests/golden/vgpu-stub-guest.lspci "$TMP/lspci"
}

# QEMU describes a monitor only where it takes the picture as a dma-buf, which needs OpenGL: the outer
# guest has the kernel's vgem for that, and Mesa of this machine does the rest. No guest runs in it:
# the monitor of QEMU reads what one would.
describes() { # XRES YRES
	NESTED_SECONDS=160 nested_boot "$module dmabuf=1" "$TMP/l2.initrd" "PARENT=vgpu_stub \
			TYPE=vgpu_stub-16m DEVICE=id=vgpu0,display=on,xres=$1,yres=$2 DRIVE='sh /drive.sh' \
			GALLIUM_DRIVER=softpipe \
			L2_OPTIONS='-S -vga none -display egl-headless,rendernode=/dev/dri/card0'" \
		--kernel-module vgem --file tests/nested/edid-drive.sh:/drive.sh \
		--file "$NESTED/nested-qmp:/bin/nested-qmp"
}

# The preferred mode: the first detailed timing, bytes 54 to 71 of the EDID.
timing_is() { # XRES YRES
	local -a byte
	local x y
	read -ra byte < <(sed -n 's/^l2: edid //p' "$TMP/said")
	[ ${#byte[@]} = 128 ] || { echo "${#byte[@]} bytes were read"; return 1; }
	echo "bytes 0 to 7: ${byte[*]:0:8}; 54 to 71: ${byte[*]:54:18}"
	x=$(((0x${byte[58]} & 0xf0) << 4 | 0x${byte[56]}))
	y=$(((0x${byte[61]} & 0xf0) << 4 | 0x${byte[59]}))
	echo "which is $x x $y"
	[ "${byte[*]:0:8}" = '00 ff ff ff ff ff ff 00' ] && [ $x = "$1" ] && [ $y = "$2" ]
}

stride=0

stride_is_caught() {
	local broken
	broken=$(driver_copy examples/vgpu-stub tests/broken/vgpu/wrong-pixel.patch) || return 1
	shows "$broken" || return 1
	! "$NESTED/nested-picture" scene "$TMP/scene.png" tests/nested/scene.txt
}

nested_build
framework_log=$(KVER=6.1 framework/build.sh framework 2>&1) || echo "$framework_log" >&2
module=$(driver_copy examples/vgpu-stub)
check "a stock guest boots with the vgpu-stub as its only display" shows "$module"
check "QEMU can enable error recovery" qemu_is_content
check "its own bochs-drm drives it" said '^l2: driver bochs-drm'
check "lspci shows what is in the golden file" lspci_as_golden
check "the picture that QEMU took is the frame that VFIO reads" \
	"$NESTED/nested-picture" same "$TMP/text.png" "$TMP/text.raw" "$stride"
check "it shows exactly the letters of a random text" \
	"$NESTED/nested-picture" text "$TMP/text.png" "$TMP/glyphs" 11 29
check "a program's commands are done to the last fence" said '^l2: [0-9]+ commands, status 0'
check "the painted picture is the frame that VFIO reads" \
	"$NESTED/nested-picture" same "$TMP/scene.png" "$TMP/scene.raw" "$stride"
check "it shows the scene, pixel by pixel" \
	"$NESTED/nested-picture" scene "$TMP/scene.png" tests/nested/scene.txt
check "the device is removed" said '^the device is removed'
if [ -n "${KEEP:-}" ]; then
	for name in text scene; do
		"$NESTED/nested-picture" small "$TMP/$name.png" "$KEEP/vgpu-$name.png"
	done
fi
check "QEMU describes a monitor to the device" describes 1360 768
check "a guest reads the EDID of xres= and yres=" timing_is 1360 768
check "another mode would be noticed" expect 1 'which is 1360 x 768' timing_is 1360 800
check "a copy that is one pixel off is caught" stride_is_caught
nested_retries
finish
