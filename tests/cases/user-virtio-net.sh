#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a virtio network card gives and takes frames, and refuses what is wrong, whatever its driver does; as a process
# tier: quick
# timeout: 1500
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

copy=$TMP/sdk
tree=$TMP/myvnet

# One copy, whose framework is built once; of a variant it is the changed file.
make_copy() {
	mkdir -p "$copy/build"
	tar c framework sdk tools templates VERSION LICENSE LICENSES Makefile mdev-sdk | tar x -C "$copy" &&
		cp -a build/host "$copy/build/" &&
		"$copy/mdev-sdk" new --name myvnet --kind virtio-net --dir "$tree" &&
		make -s -C "$copy/tools/conform" O="$copy/build/host/conform" PROGRAM="$TMP/suite" TREE="$tree" "$TMP/suite"
}

passes() {
	expect 0 '^[1-9][0-9]* passed, 0 failed, ' "$copy/mdev-sdk" test "$tree" --user
}

# An offer without a feature that others of it need.
is_no_offer() { # FEATURE
	local other=$TMP/without-$1 program
	cp -r "$tree" "$other" &&
		sed -i "s/\<$1 |//" "$other/myvnet.c" &&
		program=$("$copy/framework/user/build.sh" --out "$other/build" "$other") || return 1
	expect 3 'its network card: a feature is there without the one that it needs.*\[K248\]' \
		timeout 60 "$program" --socket "$TMP/none"
}

# The card's own tests while a process outside takes all frames that are for everybody: it has no
# GSO, and makes no checksums.
outside_gets_segments() {
	local program server sink status=0
	program=$("$copy/framework/user/build.sh" --out "$TMP/outside" "$tree") || return 1
	"$program" --socket "$TMP/s" --instances 0 --net "listen:$TMP/cable" 2>"$TMP/server.log" &
	server=$!
	for _ in {1..100}; do
		[ ! -S "$TMP/cable" ] || break
		sleep 0.1
	done
	# The generated card has an mtu of 9000.
	timeout 300 tests/user/sink.py "$TMP/cable" 9018 >"$TMP/sink" 2>&1 &
	sink=$!
	for _ in {1..100}; do
		! grep -q connected "$TMP/sink" || break
		sleep 0.1
	done
	timeout 300 "$TMP/suite" --socket "$TMP/s" --only gso.each_gets_what_it_takes \
		--only gso.a_tag_is_in_each_segment >"$TMP/ktap" 2>&1 || status=1
	kill -INT "$server"
	wait "$server" || status=1
	wait "$sink" || status=1
	cat "$TMP/sink" "$TMP/ktap"
	! grep -E 'warning: |ERROR' "$TMP/server.log" || status=1
	# Two frames of 42 and 15 segments, and one of 2.
	grep -q '^59 good frames of TCP, 0 wrong ones' "$TMP/sink" || status=1
	return $status
}

# What has to fail with it is known by the variant's name.
is_caught() { # patch
	local status=0 group=device
	[[ $1 != */gso-* ]] || group=gso
	patch -s -p1 -d "$copy" <"$1" || return 1
	case $1 in
	*/outside-*)
		! outside_gets_segments >"$TMP/result" 2>&1 || status=1
		grep -Eq 'warning: |, [1-9][0-9]* wrong ones' "$TMP/result" || status=1
		;;
	*)
		! timeout 300 "$copy/mdev-sdk" test "$tree" --user --only "$group" >"$TMP/result" 2>&1 || status=1
		grep -q 'FAILED' "$TMP/result" || status=1
		;;
	esac
	patch -s -R -p1 -d "$copy" <"$1"
	grep -E 'FAILED|ERROR|passed|warning: |wrong ones' "$TMP/result"
	return $status
}

check "the SDK is copied, and a card generated" make_copy
check "the suite and its own tests pass" passes
check "GSO frames are not offered without checksums" is_no_offer MDK_VIRTIO_NET_F_CSUM
check "nor to guests that make their own" is_no_offer MDK_VIRTIO_NET_F_GUEST_CSUM
check "who is outside gets segments with checksums" outside_gets_segments
check_variants user-virtio-net 12
finish
