#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a guest goes from one QEMU to another while its vgpu-stub is at work, and each command is done once
# tier: full
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/nested/lib.sh
. tests/nested/lib.sh

guest_image() {
	"$MDEV" image --kernel-module bochs --init tests/nested/turn-init.sh --file tests/nested/begin.sh:/begin.sh \
		--file "$NESTED/nested-screen:/bin/nested-screen" --file "$NESTED/nested-paint:/bin/nested-paint" \
		--file "$NESTED/nested-turn:/bin/nested-turn" --file tests/nested/scene.txt:/scene.txt \
		--output "$TMP/l2.initrd"
}

# The command of the SDK that the framework is taken from.
moves() { # SDK STEP...
	rm -f "$TMP/turned.png"
	MDEV=$1/mdev-sdk NESTED_SECONDS=400 nested_moves tests/nested/l1-turn.sh "$module" "$TMP/l2.initrd" \
		"STEPS='${*:2}' L2_APPEND='logo.nologo iomem=relaxed'"
}

rounds() {
	sed -n 's/^l2: turned \([0-9]*\) times.*/\1/p' "$TMP/said"
}

# As many are done as were asked for.
each_is_done() {
	grep -E '^l2: (turned|stuck)' "$TMP/said"
	[ "$(sed -n 's/^l2: turned .* times, \([0-9]*\) commands, \([0-9]*\) done/\1 \2/p' "$TMP/said" |
		awk '{ print ($1 > 0 && $1 == $2) }')" = 1 ]
}

shows_each() {
	nested_received turned.png && "$NESTED/nested-picture" turned "$TMP/turned.png" "$(rounds)"
}

# What the guest sees of a broken framework.
is_caught() { # PATCH
	nested_broken "$1" || return 1
	moves "$TMP/sdk" unix
	grep -E '^(migration|it ticks|l2: (turned|stuck))' "$TMP/said"
	step unix '^migration to unix:.*: completed' >/dev/null || return 1
	! { each_is_done && shows_each; }
}

nested_build
framework_log=$(KVER=6.1 framework/build.sh framework 2>&1) || echo "$framework_log" >&2
module=$(driver_copy examples/vgpu-stub)
check "a guest with bochs-drm" guest_image
check "a card is at work while its guest moves" moves "$SDK" unix cancel refuse file
check "the guest's own driver is bochs-drm" grep '^l2: driver bochs-drm' "$TMP/said"
check "it is moved to another QEMU" step unix '^migration to unix:.*: completed'
check "the card goes on there" step unix "^it ticks on in 'second'"
check "a migration that is cancelled ends so" step cancel '^migration to unix:.*: cancelled'
check "and the card goes on where it is" step cancel "^it ticks on in 'second'"
check "a migration to a card with more memory fails" step refuse '^migration to unix:.*: failed'
check "and the kernel's log says why" nested_refused 4m
check "and the card goes on where it is" step refuse "^it ticks on in 'second'"
check "it is moved to a file" step file '^migration to file:.*: completed'
check "and the card goes on when it was read back" step file "^it ticks on in 'third'"
check "as many commands are done as were asked for" each_is_done
check "the picture shows each of them once" shows_each
check "one more would be noticed" expect 1 '^pixel ' \
	"$NESTED/nested-picture" turned "$TMP/turned.png" "$(($(rounds) + 1))"
check "what was painted before is where it was" \
	"$NESTED/nested-picture" scene "$TMP/turned.png" tests/nested/scene.txt
{ nested_figures unix file; grep '^l2: turned' "$TMP/said"; } | diag
for name in user-migrate/ring-forgotten nested/command-again; do
	check "$(basename $name) is caught" is_caught tests/broken/$name.patch
done
nested_retries
finish
