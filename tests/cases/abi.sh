#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers of an older SDK pass on a newer framework, beside one of the newer; not the reverse
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/abi/lib.sh
. tests/abi/lib.sh

old_passes() { # KO
	expect 0 ' 0 failed' "$NEWER/mdev-sdk" test "$1" --log "$TMP/log" || return 1
	! grep 'what came lately' "$TMP/log"
}

# Both at once, in one guest. The old one is not given what the new one brings.
side_by_side() { # kernel old.ko new.ko
	cat >"$TMP/both.sh" <<-'END'
	mdev-conform --parent old --only region --only config --type old-1 >/tmp/old &
	mdev-conform --parent young --only region --only config --type young-1 >/tmp/young
	wait
	for name in old young; do
		grep -q '^# mdev-conform: end' /tmp/$name && grep -q '^ok .*region' /tmp/$name &&
			! grep '^not ok' /tmp/$name && echo "$name passed" || cat /tmp/$name
	done
	END
	"$NEWER/mdev-sdk" boot --kernel "$1" --module "$2" --module "$3" \
		--file "$SDK/build/host/conform/mdev-conform:/bin/mdev-conform" \
		--file "$TMP/both.sh:/lab/both.sh" --run 'sh /lab/both.sh' --ktap "$TMP/ktap" \
		--log "$TMP/log" || return 1
	cat "$TMP/ktap"
	grep -q '^old passed' "$TMP/ktap" && grep -q '^young passed' "$TMP/ktap" || return 1
	grep "model 'young' has what came lately" "$TMP/log" &&
		! grep "model 'old' has what came lately" "$TMP/log"
}

too_new() { # kernel ko sentence
	"$MDEV" boot --kernel "$1" --file "$2:/lab/young.ko" --run 'insmod /lab/young.ko; true' \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 60
	cat "$TMP/ktap" "$TMP/log"
	grep -q 'not supported' "$TMP/ktap" &&
		grep -q "built with mdev-sdk ABI 2, this framework has ABI 1: $3" "$TMP/log"
}

versions_of() { # KO: checksums of our symbols that it carries
	modprobe --dump-modversions "$1" 2>/dev/null | grep -c 'mdk_'
}

plan 14
copy_newer
for kernel in 6.1 newest; do
	if ! build_all "$kernel"; then
		fail "$kernel: build" "$(tail -n 20 "$TMP"/*.log)"
		continue
	fi
	case $kernel in
	6.1) check "6.1: drivers carry checksums of our symbols" [ "$(versions_of "$old")" -gt 3 ] ;;
	*) check "$kernel: drivers carry no checksums" [ "$(versions_of "$old")" = 0 ] ;;
	esac
	check "$kernel: a model of an older SDK passes on a newer framework" old_passes "$old"
	check "$kernel: a raw driver of an older SDK passes on a newer framework" old_passes "$old_raw"
	check "$kernel: an older and a newer model side by side" side_by_side "$kernel" "$old" "$young"
	check "$kernel: a model of a newer SDK is refused with a sentence" \
		too_new "$kernel" "$young" 'install the newer mdev-sdk framework .K70'
	check "$kernel: a raw driver of a newer SDK is refused with a sentence" \
		too_new "$kernel" "$young_raw" 'install the newer mdev-sdk framework .K10'
	check "$kernel: checksums are the same on both" same_checksums "$kernel"
done
finish
