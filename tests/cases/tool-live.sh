#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: test --uuid judges a device of the host it runs on, and leaves it and others alone
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001

# The command as it is, with the libraries that it needs: a guest is its host. It has no compiler, so
# the tree's tests are in its program of the suite.
boot() {
	local files=() lib
	while read -r lib; do
		files+=(--file "$lib:/lib/$(basename "$lib")")
	done < <(ldd "$MDEV" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p')
	files+=(--file "$(ldd "$MDEV" | sed -n 's/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p'):/lib64/ld-linux-x86-64.so.2")
	"$MDEV" new --name myvgpu --dir "$TMP/myvgpu" >/dev/null &&
		make --no-print-directory M="$TMP/myvgpu" >/dev/null 2>&1 &&
		make -s -C tools/conform O="$SDK/build/host/conform" PROGRAM="$TMP/conform" TREE="$TMP/myvgpu" \
			"$TMP/conform" &&
		"$MDEV" boot --module "$TMP/myvgpu/myvgpu.ko" "${files[@]}" \
			--file "$MDEV:/bin/mdev-sdk" \
			--file "$TMP/conform:/sdk/build/host/conform/mdev-conform" \
			--file tests/tool/live-guest.sh:/live.sh \
			--run 'sh /live.sh' --ktap "$TMP/out" >"$TMP/boot" 2>&1
	# The kernel's complaint that the guest plants fails the boot: its parts are what counts.
	grep -qx '== end' "$TMP/out" || { cat "$TMP/boot" "$TMP/out"; return 1; }
}

# part NAME STATUS ERE...: what that part said and how it ended.
part() {
	local name=$1 status=$2 pattern
	shift 2
	sed -n "/^== $name\$/,/^status /p" "$TMP/out" >"$TMP/part"
	cat "$TMP/part"
	for pattern in "^status $status\$" "$@"; do
		grep -Eq -- "$pattern" "$TMP/part" || { echo "no line matches '$pattern'"; return 1; }
	done
}

refused() { # STATUS ERE ARGS...: on the machine that runs the tests, in one line
	expect "$1" "$2" "$MDEV" test --uuid "${@:3}" && [ "$(wc -l <"$TMP/expect.out")" = 1 ]
}

check "the guest, a host with a device, comes to its end" boot
check "no such device: usage, and how to create it" \
	part absent 2 "there is no device $uuid in .*create it first"
check "no VFIO: could not run, and what to load" part no-vfio 3 'modprobe vfio_iommu_type1'
holder=$(sed -n 's/^holder //p' "$TMP/out")
check "open: who holds it" part open 3 "is open: process $holder \(sleep\) holds it"
check "open: mdev-conform by itself says so too" part suite-open 3 "device $uuid is open"
check "a good device passes" part good 0 '^[1-9][0-9]+ passed, 0 failed, [1-9][0-9]* skipped'
check "tests that make or remove devices are skipped with that reason" \
	part good 0 'skipped lifetime.storm: it makes and removes devices' \
	'skipped sysfs.create_duplicate: it makes' 'skipped info.region_before_device: it makes'
check "the types' files are looked at, and the device is driven" \
	part good 0 'ok +sysfs: 1[0-9] tests' 'ok +region: 2[0-9] tests' 'ok +config: '
check "the tests of its tree run there too" part good 0 'ok +device: 4 tests'
check "no device was made or removed, twice" \
	sh -c "[ \"\$(grep -cx '== left: $uuid' '$TMP/out')\" = 2 ]"
check "--ktap is whole" grep -x '== ktap: # mdev-conform: end' "$TMP/out"
check "nothing but skips: status 4" part only-skips 4 '^0 passed, 0 failed, 1 skipped'
check "a fault fails, with the command that repeats it" part bad-file 1 \
	'FAILED +sysfs.remove_file' "repeat: mdev-sdk test --uuid $uuid --only 'sysfs.remove_file'"
check "what the kernel said before does not count" part quiet-log 0 ' 0 failed'
check "what the kernel says meanwhile does" part loud-log 1 'FAILED  the kernel: WARNING: planted'
check "and that this host cannot be booted again" \
	part loud-log 1 '--uuid cannot boot this host again: reboot it, .*\[T115\]'
check "--skip leaves out a group" part skip-group 0 '^1 passed, 0 failed, 0 skipped$'
check "refused: no UUID" refused 2 "'myvgpu' is no UUID" myvgpu
check "refused: options about a guest" refused 2 '\-\-kernel does not go with it' $uuid --kernel 6.1
not_root() {
	if [ "$(id -u)" = 0 ]; then
		cp "$MDEV" "$TMP/mdev-sdk" && chmod 755 "$TMP" || return 1
		MDEV_SDK_ROOT=$SDK expect 3 'takes root; you are user 65534' \
			setpriv --reuid 65534 --clear-groups "$TMP/mdev-sdk" test --uuid $uuid
	else
		refused 3 'takes root' $uuid
	fi
}
check "refused: not root" not_root
finish
