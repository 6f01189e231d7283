# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For cases that show what they would catch: the command, with one line of it spoilt. Sourced after
# tests/lib.sh.
# shellcheck disable=SC2034 # the cases read MDEV

# The tools with one line spoilt; what was not touched is not compiled again.
spoil() { # FILE SED-SCRIPT
	rm -rf "$TMP/broken"
	mkdir -p "$TMP/broken"
	cp -a "$SDK"/{tools,VERSION,templates,framework} "$TMP/broken/" 2>/dev/null
	cp -a "$SDK/build/host" "$TMP/broken/host"
	sed -i "$2" "$TMP/broken/tools/mdev-sdk/$1"
	! cmp -s "$TMP/broken/tools/mdev-sdk/$1" "$SDK/tools/mdev-sdk/$1" || return 1
	make -s -C "$TMP/broken/tools" O="$TMP/broken/host" "$TMP/broken/mdev-sdk" >"$TMP/spoil.log" 2>&1
}
broken() { # NAME CHECK FILE SED-SCRIPT
	if ! spoil "$3" "$4"; then
		fail "caught: $1" "nothing was planted, or it does not compile" "$(cat "$TMP/spoil.log" 2>/dev/null)"
		return
	fi
	MDEV=$TMP/broken/mdev-sdk
	if "$2" >"$TMP/broken.out" 2>&1; then
		fail "caught: $1"
	else
		pass "caught: $1"
	fi
	MDEV=$SDK/mdev-sdk
}
