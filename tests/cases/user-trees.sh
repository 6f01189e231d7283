#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers written to the text of Linux 4.10, and one on layer 1 alone, pass as processes, or are told why not
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

legacy=tests/fixtures/legacy410
mtty=tests/fixtures/mtty410

passes() { # TREE [OPTION...]
	expect 0 '^[1-9][0-9]+ passed, 0 failed' "$MDEV" test "$1" --user "${@:2}"
}

# A copy, built by the copy's own rules; what it names elsewhere is copied too.
copy_of() { # TREE
	rm -rf "$TMP/tree"
	cp -rL "$1" "$TMP/tree" && rm -rf "$TMP/tree/build"
}

# What a kernel's log says of a careless driver a process says too.
careless_is_told() {
	copy_of $legacy && LEGACY410_CARELESS=y expect 0 ' 0 failed' "$MDEV" test "$TMP/tree" --user \
		--only dma.unmap_pinned --log "$TMP/log" &&
		grep 'vfio_register_notifier: the device is not open, refused.*\[K131\]' "$TMP/log" &&
		grep 'only VFIO_IOMMU_NOTIFY with VFIO_IOMMU_NOTIFY_DMA_UNMAP is served' "$TMP/log" &&
		grep 'closed with a notifier registered' "$TMP/log"
}

# It does not survive its suite: each test has a verdict, and the line is that of the mistake.
mtty_goes_to_its_end() {
	local line names
	line=$(grep -n 'the oops:' $mtty/mtty410.c | cut -d: -f1)
	names=$("$MDEV" test --list | wc -l)
	expect 1 'FAILED  info.region_index_range: crashed the driver' "$MDEV" test $mtty --user --type 1 \
		--ktap "$TMP/ktap" &&
		grep "UndefinedBehaviorSanitizer: .* in mtty410.c:$line" "$TMP/expect.out" &&
		! grep -E 'reported a result|no end marker|behind' "$TMP/expect.out" &&
		[ "$(grep -cE '^(not )?ok [0-9]+ ' "$TMP/ktap")" = "$names" ]
}

# A driver that does nothing about an unmap uses pages that are gone.
deaf_driver_is_caught() {
	copy_of $legacy && sed -i 's/^\tif (action != VFIO_IOMMU_NOTIFY_DMA_UNMAP)$/\tif (action)/' \
		"$TMP/tree/legacy410.c" && ! cmp -s $legacy/legacy410.c "$TMP/tree/legacy410.c" &&
		expect 1 'AddressSanitizer.* legacy410.c:[0-9]+' "$MDEV" test "$TMP/tree" --user \
			--only dma.unmap_pinned
}

# What the suite sees over a socket; pins that are kept it sees by a kernel's count of locked memory alone.
# variant of framework/legacy | test | what must be said
variants() {
	cat <<-'END'
	legacy-deaf|dma.unmap_pinned|AddressSanitizer.* legacy410.c
	legacy-caps-lost|region|skip of region.mmap_part is not on the list
	END
}

copy_sdk() {
	mkdir -p "$TMP/sdk/build/host"
	cp -r framework sdk tools mdev-sdk Makefile Kconfig VERSION "$TMP/sdk/" &&
		cp -r build/host/conform "$TMP/sdk/build/host/"
}

variant_is_caught() { # variant test pattern
	local patch=tests/broken/framework/$1.patch status
	patch -s -p1 -d "$TMP/sdk" <"$patch" || return 1
	copy_of $legacy && expect 1 "$3" "$TMP/sdk/mdev-sdk" test "$TMP/tree" --user --only "$2"
	status=$?
	patch -s -R -p1 -d "$TMP/sdk" <"$patch"
	return $status
}

# A notifier that is registered too early is not refused, and nobody says so.
early_notifier_is_caught() {
	local patch=tests/broken/framework/legacy-early-notifier.patch status
	patch -s -p1 -d "$TMP/sdk" <"$patch" || return 1
	! MDEV=$TMP/sdk/mdev-sdk careless_is_told
	status=$?
	patch -s -R -p1 -d "$TMP/sdk" <"$patch"
	return $status
}

check "a driver of Linux 4.10 passes as a process" passes $legacy
check "one that forgets its notifier is told" careless_is_told
check "one that does not survive the suite: each test has its verdict, with the line" mtty_goes_to_its_end
check "one that is deaf to an unmap is caught" deaf_driver_is_caught
if full_tier; then
	check "no race in it, by ThreadSanitizer" passes $legacy --sanitizer thread
	check "a driver on layer 1 alone passes as a process" passes tests/fixtures/rawv11
	check "a copy of the framework" copy_sdk
	while IFS='|' read -r variant test pattern; do
		check "$variant is caught" variant_is_caught "$variant" "$test" "$pattern"
	done < <(variants)
	check "legacy-early-notifier is caught" early_notifier_is_caught
fi
finish
