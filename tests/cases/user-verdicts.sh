#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: test --user finds each kind of mistake planted in vgpu-stub and names the driver's line; races by ThreadSanitizer
# tier: quick
# timeout: 1200
# shellcheck source=tests/lib.sh
. tests/lib.sh

copy_of() { # tree variant
	rm -rf "$TMP/tree"
	cp -r "$1" "$TMP/tree" && rm -rf "$TMP/tree/build" && patch -s -p1 -d "$TMP/tree" <"$2"
}

# What a quick run takes of the suite: what deals in rings, and the driver's own tests.
part() {
	full_tier || printf -- '--only %s ' dma device
}

# finds VARIANT SANITIZER ERE: the verdict names the mistake and the line, and the rest is run.
finds() {
	copy_of examples/vgpu-stub "tests/broken/user/$1.patch" || return 1
	# shellcheck disable=SC2046
	within 6 expect 1 "$3" "$MDEV" test "$TMP/tree" --user --sanitizer "$2" --type 4m $(part) &&
		grep -Eq '^[1-9][0-9]* passed, [1-9][0-9]* failed' "$TMP/expect.out"
}

# finds_by TEST VARIANT ERE: it alone is enough.
finds_by() {
	copy_of examples/vgpu-stub "tests/broken/user/$2.patch" &&
		expect 1 "$3" "$MDEV" test "$TMP/tree" --user --type 4m --only "$1"
}

# No report of ThreadSanitizer, and no file that suppresses one.
is_free_of_races() { # tree arguments...
	! grep -rqE 'suppressions=|__tsan_default_suppressions' framework/user tools tests/user examples || return 1
	expect 0 '^[1-9][0-9]+ passed, 0 failed' "$MDEV" test "$1" --user --sanitizer thread --timeout 600 "${@:2}" &&
		! grep ThreadSanitizer "$TMP/expect.out"
}

generated_nic() {
	"$MDEV" new --name mynic --kind nic --dir "$TMP/mynic" >/dev/null && is_free_of_races "$TMP/mynic"
}

# An SDK of its own for each, with the framework changed; what is built of the command serves both.
race_in_the_framework() { # VARIANT
	local sdk=$TMP/sdk-$1
	mkdir -p "$sdk/build" && tar c framework sdk tools templates examples VERSION | tar x -C "$sdk" &&
		ln -s "$SDK/build/host" "$sdk/build/host" &&
		patch -s -p1 -d "$sdk" <"tests/broken/user/$1.patch" || return 1
	MDEV_SDK_ROOT=$sdk within 6 expect 1 'ThreadSanitizer: data race, in .*[a-z_]+\.c:[0-9]+' \
		"$MDEV" test "$sdk/examples/vgpu-stub" --user --sanitizer thread --type 4m --only device \
		--log "$TMP/log" &&
		grep -E '^ *#[0-4] .*/framework/run/[a-z/]*\.c:[0-9]+' "$TMP/log"
}

check "vgpu-stub passes, with rings of the largest size, hostile values and a storm" \
	expect 0 '^[1-9][0-9]+ passed, 0 failed' "$MDEV" test examples/vgpu-stub --user --type 4m --only dma --only device
check "found: overflow by a ring's length" \
	finds overflow-by-ring-length address 'heap-buffer-overflow, in vgpu_ring_work ring.c:[0-9]+'
check "found: use after a reset" finds use-after-reset address 'heap-use-after-free, in vgpu_ring_work ring.c:[0-9]+'
check "found: a leak" finds leak address 'LeakSanitizer.*, in vgpu_ring_work ring.c:[0-9]+'
check "found: an undefined shift" finds undefined-shift address 'UndefinedBehavior.* in ring.c:[0-9]+'
check "found: a race of a worker and a register" \
	finds race-with-worker thread 'ThreadSanitizer: data race.*, in .*main.c:[0-9]+'
check "dma.longest is what finds the overflow" \
	finds_by dma.longest overflow-by-ring-length 'heap-buffer-overflow, in vgpu_ring_work ring.c:[0-9]+'
check "dma.hostile_values finds an index that nobody checks" \
	finds_by dma.hostile_values index-unchecked 'AddressSanitizer: .*, in vgpu_ring_changed ring.c:[0-9]+'
if full_tier; then
	check "vgpu-stub: the whole suite, no report of ThreadSanitizer" is_free_of_races examples/vgpu-stub
	check "a generated nic: the whole suite, no report of ThreadSanitizer" generated_nic
	check "found: a race in the framework" race_in_the_framework framework-race
	check "found: a register that is read before what it tells of" race_in_the_framework register-unordered
fi
finish
