#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a shell in the guest, on a terminal and from a pipe; --keep-vm; what test.conf adds
# tier: quick
# timeout: 420
# shellcheck disable=SC2016 # $UUID is the guest's
# shellcheck source=tests/lib.sh
. tests/lib.sh

export TMPDIR=$TMP/tmp
mkdir "$TMPDIR"
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
prompt='expect:guest# '

# on_terminal STATUS ERE SECONDS STEP... -- COMMAND...: see tests/tool/on-terminal.py
on_terminal() {
	local status=$1 pattern=$2
	shift 2
	expect "$status" "$pattern" tests/tool/on-terminal.py "$@" && nothing_left
}

nothing_left() {
	! find "$TMPDIR" -mindepth 1 | grep . && ! readlink /proc/[0-9]*/cwd | grep "^$TMPDIR"
}

# piped STATUS ERE COMMANDS ARGS...: standard output alone must match.
piped() {
	local status=$1 pattern=$2 commands=$3 got=0
	shift 3
	"$MDEV" shell "$@" <<<"$commands" >"$TMP/out" 2>"$TMP/err" || got=$?
	cat "$TMP/out" "$TMP/err"
	[ $got = "$status" ] || { echo "exit status: found $got, needed $status"; return 1; }
	[ -z "$pattern" ] || grep -Eq -- "$pattern" "$TMP/out" || { echo "no '$pattern' on standard output"; return 1; }
	nothing_left
}

has() { # FILE ERE
	grep -Eq -- "$2" "$1" || { echo "no '$2' in:"; cat "$1"; return 1; }
}

build() {
	"$MDEV" new --name myvgpu --dir "$TMP/myvgpu" &&
		make --no-print-directory M="$TMP/myvgpu" &&
		cp -r tests/tool/faulty "$TMP/faulty" &&
		FAULT=oops make --no-print-directory M="$TMP/faulty"
}

check "the drivers build" build
ko=$TMP/myvgpu/myvgpu.ko

check "terminal: a device, a register, Ctrl-C to the guest, its size, exit" \
	on_terminal 0 'device is /sys/bus/mdev/devices/.*myvgpu-1' 90 "$prompt" \
	'send:mdev-poke $UUID read 0 0\r' 'expect:0x010000ed' "$prompt" \
	'send:echo g""o; sleep 1000\r' 'expect:go\r\n' 'send:\x03' "$prompt" \
	'send:stty size\r' 'expect:30 100' "$prompt" 'send:exit\r' -- "$MDEV" shell "$ko"
check "terminal: says how to leave, and commands to try" \
	sh -c "grep -E '^Leave: exit, or Ctrl-\]' '$TMP/expect.out' && grep 'Try:.*mdev-poke' '$TMP/expect.out'"
check "terminal: Ctrl-] leaves in the middle of a command; --type" \
	on_terminal 0 "of type myvgpu-2" 90 "$prompt" 'send:echo g""o; sleep 1000\r' 'expect:go\r\n' \
	'send:\x1d' -- "$MDEV" shell "$ko" --type 2
check "terminal: SIGTERM gives it back and leaves nothing" \
	on_terminal 143 'interrupted; nothing was left behind' 90 "$prompt" signal:TERM -- \
	"$MDEV" shell "$ko"
check "terminal: a hangup leaves nothing" \
	on_terminal 129 'guest# ' 90 "$prompt" hangup: -- "$MDEV" shell "$ko"
check "terminal: without a device one can still look" \
	on_terminal 0 "No device: the driver has no type 'big'; there are: myvgpu-1 myvgpu-2" 90 \
	"$prompt" 'send:exit\r' -- "$MDEV" shell "$ko" --type big
check "terminal: an oops at the prompt ends it and is decoded" \
	on_terminal 1 'in faulty_read.* at .*faulty\.c:[0-9]+' 90 "$prompt" \
	'send:mdev-poke $UUID read 0 0\r' -- "$MDEV" shell "$TMP/faulty/faulty.ko"

check "--keep-vm: the verdict, then a shell with a device" \
	on_terminal 0 '^1 passed, 0 failed, 0 skipped' 90 "expect:1 passed" "$prompt" \
	"send:ls /sys/bus/mdev/devices\\r" "expect:$uuid" "$prompt" 'send:exit\r' -- \
	"$MDEV" test "$ko" --type 1 --only info.reserved_flags --only sysfs.type_files --keep-vm
mkdir "$TMP/bare"
cp "$ko" "$TMP/bare"
touch "$TMP/bare/expected-skips"	# a list of none
check "--keep-vm: a failure stays one, whatever the shell does" \
	on_terminal 1 '^0 passed, [12] failed' 90 "$prompt" 'send:true\r' "$prompt" 'send:exit\r' -- \
	"$MDEV" test "$TMP/bare/myvgpu.ko" --type 1 --only info.region_caps --keep-vm
no_terminal() {
	"$MDEV" test "$ko" --keep-vm </dev/null
}
check "--keep-vm: refused without a terminal" \
	expect 2 'standard input must be a terminal.*mdev-sdk shell' no_terminal
check "--keep-vm: refused with --json" \
	on_terminal 2 'does not go with --json' 20 -- "$MDEV" test "$ko" --keep-vm --json

check "pipe: commands are run, their output is on standard output" \
	piped 0 '^region 0 offset 8: 0x0000cafe' \
	'mdev-poke $UUID write 0 8 0xcafe -- read 0 8' "$ko"
check "pipe: nothing else is on standard output" sh -c "[ \$(wc -l <'$TMP/out') = 1 ]"
check "pipe: a script that fails is no finding" piped 3 '^here' 'echo here; exit 7' "$ko"
check "pipe: and is said" has "$TMP/err" 'the command ended with status 7'
check "pipe: an oops is one, whatever the script says" \
	piped 1 '' 'mdev-poke $UUID read 0 0; exit 0' "$TMP/faulty/faulty.ko"
check "pipe: a type that is not there" piped 2 '' 'echo here' "$ko" --type big
check "pipe: and is said, with those that are" \
	has "$TMP/err" "no type 'big'; there are: myvgpu-1 myvgpu-2"

# test.conf, in the guest that it makes.
cat >"$TMP/myvgpu/test.conf" <<'END'
# what a driver of a real parent needs
qemu = -device edu   # a PCI device 1234:11e8

kernel-module=uio
append = one=1 two
append = three
memory = 700
END
look='cat /proc/cmdline; cat /sys/bus/pci/devices/*/device; lsmod; grep MemTotal /proc/meminfo'
check "test.conf: qemu" piped 0 '^0x11e8' "$look" "$ko"
check "test.conf: append, several times" has "$TMP/out" ' one=1 two three$'
check "test.conf: kernel-module" has "$TMP/out" '^uio '
check "test.conf: memory" has "$TMP/out" 'MemTotal: +6[0-9]{5} kB'

bad() { # LINE ERE
	printf '# one\n\n%s\n' "$1" >"$TMP/bad/test.conf"
	expect 2 "test.conf:3: $2" "$MDEV" test "$TMP/bad" &&
		[ "$(wc -l <"$TMP/expect.out")" = 1 ]
}
bad_lines() {
	mkdir "$TMP/bad" && cp "$TMP/myvgpu/Kbuild" "$TMP/bad" &&
		bad 'quemu = -device edu' "unknown key 'quemu'; there are: qemu, kernel-module" &&
		bad 'memory 512' "'memory 512' is no KEY = VALUE" &&
		bad 'append =' "'append =' is no KEY = VALUE" &&
		bad '= 5' "'= 5' is no KEY = VALUE" &&
		bad 'memory = lots' "memory is 'lots'; a number of MB" &&
		bad 'memory = 64' 'memory is .*; a number of MB from 128' &&
		bad 'memory = -512' 'memory is .*; a number of MB from 128' &&
		bad 'kernel-module = uio vfio' 'kernel-module is .*; the name of one module is needed'
}
check "test.conf: each bad line is one error with file and line" bad_lines
printf 'qemu = -device nonesuch\n' >"$TMP/myvgpu/test.conf"
check "test.conf: what QEMU says to its options" \
	expect 3 "QEMU ended with status 1: .*nonesuch" "$MDEV" test "$ko"
finish
