# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
# For cases that run drivers in user space under a stock QEMU; sourced after tests/lib.sh. All that
# these functions start ends with the case, by its number.

# shellcheck source=tests/lspci.sh
. tests/lspci.sh

USER_HOST=$SDK/build/host/user-guests
SOCKETS=$TMP/sockets
mkdir -p "$SOCKETS"
started=()

end_started() {
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	rm -rf "$TMP"
}
trap end_started EXIT

# A QEMU with vfio-user-pci in $QEMU; where none can be had, all results of the case are skipped, and
# it ends.
need_qemu() {
	local i
	QEMU=$(timeout -k 5 900 tools/lab/qemu-newest 2>"$TMP/qemu.log") && return
	for i in $(seq "$(awk -v name="$CASE" '$1 == name { print $3 }' tests/counts.txt)"); do
		skip "a stock guest under a QEMU with vfio-user-pci" "none is there, and none can be fetched"
	done
	tail -n 1 "$TMP/qemu.log" | diag
	finish
	exit
}

# A driver's tree as a program, under ASan and UBSan: its path in $program.
user_program() { # TREE
	program=$(framework/user/build.sh --out "$TMP/program-$(basename "$(dirname "$1")")-$(basename "$1")" \
		"$1" 2>"$TMP/build.log") || { tail -n 20 "$TMP/build.log"; return 1; }
}

# serve NAME PROGRAM [OPTION...]: its first device is at $SOCKETS/NAME, what it says in NAME.log.
serve() {
	local name=$1 pid
	shift
	timeout -k 5 600 "$1" --socket "$SOCKETS/$name" "${@:2}" >"$TMP/$name.log" 2>&1 &
	pid=$!
	started+=("$pid")
	echo "$pid" >"$TMP/$name.pid"
	for _ in $(seq 100); do
		! grep -q 'ready; commands' "$TMP/$name.log" || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	cat "$TMP/$name.log"
	return 1
}

# Asked to end it ends with 0: nothing was found by a sanitizer, and nothing leaked.
served_well() { # NAME
	local pid got=0
	pid=$(cat "$TMP/$1.pid")
	kill "$pid"
	wait "$pid" || got=$?
	cat "$TMP/$1.log"
	[ $got = 0 ] && ! grep -Eq 'ERROR: |runtime error|WARNING: ' "$TMP/$1.log"
}

# For -device: NAME is a socket's.
vfio_user() { # NAME SLOT
	printf '{"driver":"vfio-user-pci","addr":"%s","socket":{"path":"%s","type":"unix"}}' \
		"$2" "$SOCKETS/$1"
}

# guest_qemu QEMU-OPTION...: a machine with nothing in it, what it says in $TMP/said; its number is in
# $guest. Its memory has a descriptor, which is what devices of other processes need.
guest_qemu() {
	: >"$TMP/said"
	timeout -k 5 "${GUEST_SECONDS:-240}" "$QEMU" -nodefaults -no-user-config -display none -accel tcg \
		-M q35,memory-backend=memory -m 256 \
		-object memory-backend-memfd,id=memory,size=256M,share=on \
		-serial "file:$TMP/said" "$@" >"$TMP/qemu.log" 2>&1 &
	guest=$!
	started+=("$guest")
}

# guest_start INITRD APPEND QEMU-OPTION...: a stock 6.1 guest in it. "quiet": a line of the kernel in the
# middle of one of lspci is the end of both.
guest_start() {
	local initrd=$1 append=$2
	shift 2
	guest_qemu -kernel "$("$MDEV" kernel 6.1 --print vmlinux)" -initrd "$initrd" \
		-append "console=ttyS0 quiet panic=-1 no_timer_check $append" "$@"
}

# It has ended by itself and said so; what else there is to see, if not.
guest_ends() {
	local got=0
	wait "$guest" || got=$?
	tr -d '\r' <"$TMP/said" >"$TMP/said.text"
	mv "$TMP/said.text" "$TMP/said"
	lspci_of_guest
	[ $got = 0 ] && grep -q '^l2: end' "$TMP/said" && return 0
	echo "QEMU ended with status $got"
	cat "$TMP/qemu.log"
	tail -n 40 "$TMP/said"
	tail -n 5 "$TMP"/*.log
	return 1
}

said() { # ERE
	grep '^l2: ' "$TMP/said" | grep -v 'lspci\|glyph'
	grep -Eq "^l2: $1" "$TMP/said"
}
