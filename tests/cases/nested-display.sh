#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a stock guest shows its console on the vgpu-stub, its only display; and a painting by commands
# tier: full
# timeout: 900
# KEEP=DIR keeps the pictures there (make evidence).
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

nonce=mdev-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')

received() { # name
	sed -n "/^begin $1\$/,/^end $1\$/p" "$TMP/said" | sed '1d;$d' | base64 -d | gunzip >"$TMP/$1" &&
		[ -s "$TMP/$1" ]
}

shows() { # module
	rm -f "$TMP"/{text,scene}.{png,raw}
	"$MDEV" image --kernel-module bochs --init tests/nested/display-init.sh \
		--file "$NESTED/nested-screen:/bin/nested-screen" \
		--file "$NESTED/nested-paint:/bin/nested-paint" \
		--file tests/nested/scene.txt:/scene.txt --output "$TMP/l2.initrd" &&
		nested_boot "$1" "$TMP/l2.initrd" "PARENT=vgpu_stub TYPE=vgpu_stub-16m \
			DEVICE=id=vgpu0,display=on L2_OPTIONS='-vga none' DRIVE='sh /drive.sh' \
			L2_APPEND='l2.text=$nonce logo.nologo iomem=relaxed'" \
			--file tests/nested/display-drive.sh:/drive.sh \
			--file "$NESTED/nested-qmp:/bin/nested-qmp" || return 1
	for name in text scene; do
		if ! received $name.png || ! received $name.raw; then
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
check "a copy that is one pixel off is caught" stride_is_caught
nested_retries
finish
