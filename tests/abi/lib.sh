# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For abi*.sh: drivers of today's SDK ("old"), and a framework of tomorrow with an SDK of its own
# ("young"): this one with newer.patch. Sourced after tests/lib.sh.

NEWER=$TMP/newer

# The command takes the folder it lies in for the SDK.
copy_newer() {
	mkdir -p "$NEWER/tools/lab" "$NEWER/build/host"
	cp -r framework sdk mdev-sdk "$NEWER/"
	cp tools/lab/guest-init.sh "$NEWER/tools/lab/"
	ln -s "$SDK/build/host/conform" "$NEWER/build/host/conform"
	ln -s "$SDK/tools/conform" "$NEWER/tools/conform"
	patch -s -p1 -d "$NEWER" <tests/abi/newer.patch || exit 3
	"$MDEV" new --name old --kind vgpu --irq msix:2 --dir "$TMP/old" >/dev/null || exit 3
	"$MDEV" new --name young --dir "$TMP/young" >/dev/null || exit 3
	cp -r tests/fixtures/rawv11 "$TMP/old_raw"
}

build_newer() { # kernel
	KVER=$1 "$NEWER/framework/build.sh" framework >"$TMP/newer.log" 2>&1
}

# driver SDK KERNEL TREE FLAGS: builds a copy with aged.h before its source; prints the module.
driver() {
	local copy
	copy=$TMP/built/$2/$(basename "$3")$4
	rm -rf "$copy"
	mkdir -p "$(dirname "$copy")"
	cp -r "$3" "$copy"
	rm -rf "$copy/Makefile"
	cp tests/abi/aged.h "$copy/"
	echo "ccflags-y += -include \$(src)/aged.h $4" >>"$copy/Kbuild"
	KVER=$2 RAWV11_NATIVE_REGION_INFO=y "$1/framework/build.sh" module "$copy" \
		>"$TMP/driver.log" 2>&1 || return 1
	echo "$copy"/*.ko
}

# Sets old, old_raw, young and young_raw.
# shellcheck disable=SC2034
build_all() { # kernel
	build_newer "$1" &&
		old=$(driver "$SDK" "$1" "$TMP/old" '') &&
		old_raw=$(driver "$SDK" "$1" "$TMP/old_raw" '') &&
		young=$(driver "$NEWER" "$1" "$TMP/young" -DAGED_LATELY) &&
		young_raw=$(driver "$NEWER" "$1" "$TMP/old_raw" -DAGED_LATELY)
}

# What drivers may call, with its checksums; the rest is between our own modules.
checksums() { # SDK RELEASE
	local names
	names=$(sed -n 's/^MDK_EXPORT([^,]*, \([a-z0-9_]*\),.*/\1/p' framework/*/exports.c)
	[ -n "$names" ] || { echo 'no MDK_EXPORT'; return 1; }
	awk '{ print $2, $1 }' "$1/build/$2/framework/Module.symvers" |
		grep -wF -- "$names" | sort
}

same_checksums() { # kernel
	local release
	release=$("$MDEV" kernel "$1" --print release) || return 1
	checksums "$SDK" "$release" >"$TMP/checksums.old" || return 1
	checksums "$NEWER" "$release" >"$TMP/checksums.new" || return 1
	[ "$(wc -l <"$TMP/checksums.old")" -gt 50 ] || { echo 'few symbols'; return 1; }
	diff "$TMP/checksums.old" "$TMP/checksums.new"
}

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

# The other side's number is one more than this one's.
too_new() { # kernel ko header constant sentence
	local abi
	abi=$(sed -n "s/^#define $4 //p" "$3")
	"$MDEV" boot --kernel "$1" --file "$2:/lab/young.ko" --run 'insmod /lab/young.ko; true' \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 60
	cat "$TMP/ktap" "$TMP/log"
	grep -q 'not supported' "$TMP/ktap" &&
		grep -q "built with mdev-sdk ABI $((abi + 1)), this framework has ABI $abi: $5" "$TMP/log"
}

versions_of() { # KO: checksums of our symbols that it carries
	modprobe --dump-modversions "$1" 2>/dev/null | grep -c 'mdk_'
}

# Seven results.
abi_checks() { # kernel
	local kernel=$1
	build_all "$kernel" || {
		fail "$kernel: build" "$(tail -n 20 "$TMP"/*.log)"
		return
	}
	case $kernel in
	6.*) check "$kernel: drivers carry checksums of our symbols" [ "$(versions_of "$old")" -gt 3 ] ;;
	*) check "$kernel: drivers carry no checksums" [ "$(versions_of "$old")" = 0 ] ;;
	esac
	check "$kernel: a model of an older SDK passes on a newer framework" old_passes "$old"
	check "$kernel: a raw driver of an older SDK passes on a newer framework" old_passes "$old_raw"
	check "$kernel: an older and a newer model side by side" side_by_side "$kernel" "$old" "$young"
	check "$kernel: a model of a newer SDK is refused with a sentence" \
		too_new "$kernel" "$young" sdk/include/mdk/model.h MDK_ABI 'install the newer mdev-sdk framework .K70'
	check "$kernel: a raw driver of a newer SDK is refused with a sentence" \
		too_new "$kernel" "$young_raw" framework/include/mdev_sdk/mdev.h MDEV_SDK_ABI \
		'install the newer mdev-sdk framework .K10'
	check "$kernel: checksums are the same on both" same_checksums "$kernel"
}
