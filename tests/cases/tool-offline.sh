#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: without a network a warm cache is enough for everything, and a cold one is said once
# tier: full
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A name space without a network; where that is not allowed, proxies that do not answer.
apart=(unshare --net)
"${apart[@]}" true 2>/dev/null || apart=(unshare --user --net --map-root-user)
"${apart[@]}" true 2>/dev/null ||
	apart=(env http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9)

warm() { # ERE COMMAND...
	expect 0 "$1" "${apart[@]}" "${@:2}"
}

piped() {
	echo uname -r | "${apart[@]}" "$MDEV" shell "$TMP/myvgpu"
}

# cold COMMAND...: one sentence that names the kernel, the cache and the way out; nothing half-made.
cold() {
	XDG_CACHE_HOME=$TMP/cold "${apart[@]}" "$@" >"$TMP/said" 2>&1 </dev/null
	local got=$?
	cat "$TMP/said"
	case $1:$got in
	make:2 | */mdev-sdk:3) ;;
	*) echo "exit status: $got"; return 1 ;;
	esac
	[ "$(grep -c '^mdev-sdk: ' "$TMP/said")" = 1 ] || { echo 'not one sentence'; return 1; }
	grep -E "^mdev-sdk: kernel 6\.1 is not in $TMP/cold/mdev-sdk and cannot be fetched: .*check the network and the machine's apt sources" \
		"$TMP/said" || return 1
	if grep -vE "^mdev-sdk: |^looking up kernel 6\.1 in Debian's archive$|^make(\[[0-9]\])?: " "$TMP/said"; then
		echo 'that is more than what is missing'
		return 1
	fi
	! find "$TMP/cold" ! -type d ! -name lock | grep .
}

# Fetched before the network is away, should this be the first case that runs.
"$MDEV" kernel 6.1 >/dev/null
check "warm: kernel" warm amd64 "$MDEV" kernel 6.1
check "warm: new" warm myvgpu.c "$MDEV" new --name myvgpu --dir "$TMP/myvgpu"
check "warm: make M=" warm '' make --no-print-directory M="$TMP/myvgpu"
check "warm: test" warm ' 0 failed' "$MDEV" test "$TMP/myvgpu" --only info.device
check "warm: shell" expect 0 'amd64$' piped
check "warm: --list, man, completion" warm '' sh -c \
	"'$MDEV' test --list && '$MDEV' man && '$MDEV' completion bash && '$MDEV' completion kernels"

check "cold: kernel" cold "$MDEV" kernel 6.1
check "cold: test" cold "$MDEV" test "$TMP/myvgpu"
check "cold: make M=" cold make --no-print-directory M="$TMP/myvgpu"
new_cold() {
	XDG_CACHE_HOME=$TMP/cold "${apart[@]}" "$MDEV" new --name other --dir "$TMP/other" &&
		[ -s "$TMP/other/other.c" ]
}
check "cold: new needs no kernel" new_cold
updated() {
	expect 3 '^mdev-sdk: cannot look up kernel 6\.1: .*check the network' \
		"${apart[@]}" "$MDEV" kernel 6.1 --update && "$MDEV" kernel 6.1
}
check "warm: a look for a newer kernel fails, and the old one stays" updated
finish
