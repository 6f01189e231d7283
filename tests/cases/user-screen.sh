#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a stock guest shows its console on a vgpu-stub that is a process, and paints by a ring of commands
# tier: full
# timeout: 600
# vfio-user carries no display: QEMU has no picture of it to take (docs/guide/display.md). The frame
# is what the device's BAR has in QEMU's physical memory, where the guest's driver puts it.
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh
# shellcheck source=tests/user/guests/lib.sh
. tests/user/guests/lib.sh

nonce=mdev-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')

vgpu_serves() { # [PATCH]
	local tree=$TMP/vgpu${1:+-broken}
	cp -r examples/vgpu-stub "$tree"
	[ -z "${1:-}" ] || patch -s -p1 -d "$tree" <"$1" || return 1
	user_program "$tree" && serve "vgpu${1:+-broken}" "$program" --type vgpu_stub-16m
}

# Bounded by the guest's own time, from outside.
waits_for() { # WORDS
	until grep -q "^l2: $1" "$TMP/said"; do
		kill -0 "$guest" 2>/dev/null || { echo "the guest ended before it said '$1'"; return 1; }
		sleep 0.2
	done
}

qmp() {
	timeout 20 "$NESTED/nested-qmp" "$TMP/qmp" "$@"
}

# A number of the guest's line about its screen.
of_mode() { # FIELD
	tr -d '\r' <"$TMP/said" | sed -n 's/^l2: mode //p' | tr ',' ' ' | cut -d' ' -f"$1"
}

take() { # NAME
	local bar
	bar=$(tr -d '\r' <"$TMP/said" | sed -n 's/^l2: bar0 //p')
	qmp "{\"execute\": \"pmemsave\", \"arguments\": {\"val\": $((bar)), \"size\": $(($(of_mode 2) * $(of_mode 3))), \"filename\": \"$TMP/$1.raw\"}}" &&
		"$NESTED/nested-picture" frame "$TMP/$1.raw" "$(of_mode 1)" "$(of_mode 2)" "$(of_mode 3)" \
			"$TMP/$1.png"
}

enter() {
	qmp '{"execute": "send-key", "arguments": {"keys": [{"type": "qcode", "data": "ret"}]}}'
}

shows_both() { # SOCKET
	rm -f "$TMP"/{text,scene}.{png,raw}
	"$MDEV" image --kernel-module bochs --init tests/nested/display-init.sh --file tests/nested/begin.sh:/begin.sh \
		--file "$NESTED/nested-screen:/bin/nested-screen" \
		--file "$NESTED/nested-paint:/bin/nested-paint" \
		--file tests/nested/scene.txt:/scene.txt --output "$TMP/initrd" || return 1
	guest_start "$TMP/initrd" "l2.text=$nonce logo.nologo iomem=relaxed" -vga none -no-reboot \
		-qmp "unix:$TMP/qmp,server=on,wait=off" -device "$(vfio_user "$1" 2)"
	if waits_for ready && take text && enter && waits_for painted && take scene && enter; then
		guest_ends && sed -n 's/^l2: glyph //p' "$TMP/said" >"$TMP/glyphs"
	else
		kill "$guest"
		guest_ends
		false
	fi
}

wrong_pixel_is_caught() {
	vgpu_serves tests/broken/vgpu/wrong-pixel.patch && shows_both vgpu-broken || return 1
	! "$NESTED/nested-picture" scene "$TMP/scene.png" tests/nested/scene.txt
}

need_qemu
nested_build
check "the vgpu-stub serves as a process" vgpu_serves
check "a stock guest boots with it as its only display" shows_both vgpu
check "its own bochs-drm drives it" said 'driver bochs-drm'
check "lspci shows it as from the kernel" shows vgpu-stub 2 00:02.0
check "the console shows exactly the letters of a random text" \
	"$NESTED/nested-picture" text "$TMP/text.png" "$TMP/glyphs" 11 29
check "commands of a ring in guest memory are done to the last fence" said '[0-9]+ commands, status 0'
check "they painted the scene, pixel by pixel" \
	"$NESTED/nested-picture" scene "$TMP/scene.png" tests/nested/scene.txt
check "it ended without a finding of ASan, UBSan or a leak" served_well vgpu
check "a copy that is one pixel off is caught" wrong_pixel_is_caught
finish
