#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what goes wrong in a build, a boot or a guest is said, with the right exit status
# tier: quick
# timeout: 420
# shellcheck source=tests/lib.sh
. tests/lib.sh

faulty=tests/tool/faulty

# run STATUS FAULT ARGS...: tests the driver with this fault; all it says goes to $TMP/said.
run() {
	local status=$1 fault=$2 got=0
	shift 2
	FAULT=$fault "$MDEV" test "${tree:-$faulty}" "$@" >"$TMP/said" 2>&1 || got=$?
	cat "$TMP/said"
	[ $got = "$status" ] || { echo "exit status: found $got, needed $status"; return 1; }
}

says() {
	grep -E -- "$1" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

# An oops: where, in which test, and a command that makes it happen again.
line=$(grep -n 'the oops:' $faulty/faulty.c | cut -d: -f1)
where="in faulty_read\+0x[0-9a-f]+ \[faulty\] at $faulty/faulty\.c:$line\$"
check "an oops fails the run" run 1 oops --crashes 1
check "an oops: the kernel's own headline" says '^         the kernel: BUG: kernel NULL pointer'
check "an oops: function, file and line" says "$where"
check "an oops: the test it was in" says '^  FAILED  region\.[a-z_]*: crashed the kernel$'
repeat=$(sed -n 's/^repeat: //p' "$TMP/said")
check "an oops: the command that repeats it is one test" \
	grep -E "^$MDEV test $faulty --only 'region\.[a-z_]*'$" <<<"$repeat"
again() {
	! sh -c "$repeat" >"$TMP/said" 2>&1 && says "$where" && says '^repeat: .* --only'
}
check "an oops: that command repeats it" again

# An oops inside the SDK: its own place is said, and whose call led there.
inside=$(grep -n 'the oops inside:' $faulty/faulty.c | cut -d: -f1)
check "an oops in a function of the SDK fails the run" run 1 inside --crashes 1 --only region.read_widths
check "an oops in a function of the SDK: that function" \
	says '^         in [a-z_]+\+0x[0-9a-f]+ \[mdk_model\] at .*framework/'
check "an oops in a function of the SDK: the driver's call of it" \
	says "^         called from faulty_read\+0x[0-9a-f]+ \[faulty\] at $faulty/faulty\.c:$inside\$"

# A driver that brings QEMU itself down: its results are kept, and the next boot goes on behind it.
cp -r $faulty "$TMP/ends"
echo 'qemu = -device isa-debug-exit' >"$TMP/ends/test.conf"
tree=$TMP/ends
check "QEMU ends in a test: the run fails" run 1 qemu \
	--only region.size_zero --only region.read_widths --only region.no_leak
check "QEMU ends in a test: which, and how" says \
	'^  FAILED  region.read_widths: ended QEMU under the kernel$'
check "QEMU ends in a test: its status" says '^         QEMU ended with status 5$'
check "QEMU ends in a test: the ones before and behind it have results" \
	says '^1 passed, 2 failed, 0 skipped$'
tree=

# A module that cannot load.
check "a module that does not load fails the run" run 1 noload
check "a module that does not load: which, and the errno" \
	says 'cannot load faulty\.ko: .*Invalid argument'
check "a module that does not load: the kernel's last words" \
	says "model 'faulty': .*budget"
check "a module that does not load: what to ask for more" says '^more: .* explain M[0-9]+$'
check "a module that does not load: no line more than those" \
	grep -qE '^0 passed, 1 failed, 0 skipped$' "$TMP/said"

# A device that cannot be created, for a reason that its errno does not tell.
check "a driver that makes no device fails the run" run 1 nodevice --only info.device
check "a driver that makes no device: what the kernel said of it" \
	says "the kernel said: mdk_model: model 'faulty': ring 'tx': max is no power of two .*found max 1000, .*\[K82\]"
check "a driver that makes no device: what to ask for more" says '^more: .* explain K82$'

# A build that fails.
check "a driver that does not build: exit status" run 3 nobuild
check "a driver that does not build: the compiler's words and the user's path" \
	says "^  $faulty/faulty\.c:[0-9]+:[0-9]+: error: .not_declared_anywhere. undeclared"

# A row without its comma: the compiler complains about the SDK's macro, the user needs the row.
cp -r $faulty "$TMP/comma"
sed -i '0,/^\(\tMDK_REG_.*)\),$/s//\1\n\tMDK_REG_RO(0x40, "NEXT", 0),/' "$TMP/comma/faulty.c"
check "a row without its comma: the row is named" \
	expect 3 'comma/faulty\.c:[0-9]+:[0-9]+: note: in expansion of macro .MDK_REG_' \
	"$MDEV" test "$TMP/comma"

# A guest that hangs: in the kernel, with no chance for the suite to end the test itself.
check "a guest that hangs is ended and fails the run" \
	run 1 hang --timeout 40 --only info.device --only region.read_widths --only lifetime.open_twice
check "a guest that hangs: the test it hung in" \
	says '^  FAILED  region\.read_widths: hung the kernel$'
check "a guest that hangs: says for how long" says 'no answer until the guest was ended, after 4[0-9] s'
check "a guest that hangs: the test behind it ran in another boot" says '^2 passed, 1 failed, 0 skipped$'

# A type that is not there is a matter of usage: nothing of the driver was tested.
check "a type that is not there: usage, and which there are" \
	expect 2 "the suite did not begin: the driver has no type '9'; there are: .*\[T117\]" \
	env FAULT=oops "$MDEV" test $faulty --type 9

# Kernels that never come up, in a cache of their own that is links but for the kernel.
release=$("$MDEV" kernel 6.1 --print release)
vmlinux=$("$MDEV" kernel 6.1 --print vmlinux)
fake=$TMP/cache/mdev-sdk/kernels/$release
mkdir -p "$fake"
ln -s "$(dirname "$vmlinux")"/* "$fake"
rm "$fake/vmlinux"
boot_fake() {
	XDG_CACHE_HOME=$TMP/cache "$MDEV" boot --kernel "$release" --no-framework --run true "$@"
}

head -c 4096 "$vmlinux" >"$fake/vmlinux"
check "a kernel file that is cut off: QEMU's words" \
	expect 3 'QEMU ended with status 1: ' boot_fake

# Its first 64 KiB of code jump to themselves.
cp --remove-destination "$vmlinux" "$fake/vmlinux"
text=$(readelf -lW "$fake/vmlinux" | awk '$1 == "LOAD" { print $2; exit }')
yes "$(printf '\353\376')" | tr -d '\n' | head -c 65536 |
	dd of="$fake/vmlinux" bs=4096 seek=$((text / 4096)) conv=notrunc status=none
check "a kernel that never says a word: could not run" \
	expect 3 "the kernel $release did not boot within [0-9]+ s" boot_fake --timeout 8

# A kernel that ends by itself, without any program: once, as an emulated processor makes it happen
# now and then, and each time. The last -append counts for QEMU.
mkdir "$TMP/once"
cat >"$TMP/once/qemu-system-x86_64" <<'END'
#!/bin/sh
PATH=${PATH#*:}
if mkdir "$FIRST" 2>/dev/null; then set -- "$@" -append 'console=ttyS0 panic=-1 rdinit=/none'; fi
exec qemu-system-x86_64 "$@"
END
chmod +x "$TMP/once/qemu-system-x86_64"
boots_again() { # number of boots more, then as for expect
	expect "$2" "$3" "${@:4}" &&
		[ "$(grep -c 'ended before the guest.s first program began' "$TMP/expect.out")" = "$1" ]
}
check "a kernel that ended by itself once is booted again" \
	boots_again 1 0 'boot 2 of 3' env FIRST="$TMP/first" PATH="$TMP/once:$PATH" \
	"$MDEV" boot --no-framework --run true
check "a kernel that ends by itself each time is booted three times" \
	boots_again 2 3 'did not boot within' "$MDEV" boot --no-framework --run true \
	--append 'panic=-1 rdinit=/none'

# What is missing on the machine.
one_sentence() { # ERE
	[ "$(grep -c '^mdev-sdk: ' "$TMP/expect.out")" = 1 ] || return 1
	! grep -vE '^mdev-sdk: |^looking up kernel ' "$TMP/expect.out"
}
no_network() {
	local apart=(unshare --net)
	"${apart[@]}" true 2>/dev/null || apart=(unshare --user --net --map-root-user)
	# Where name spaces are not allowed, a proxy that does not answer is as good.
	"${apart[@]}" true 2>/dev/null ||
		apart=(env http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9)
	XDG_CACHE_HOME=$TMP/cold expect 3 'check the network and .*apt sources' \
		"${apart[@]}" "$MDEV" kernel 6.1 && one_sentence
}
check "no network and a cold cache: could not run, in one sentence" no_network
check "no network and a cold cache: nothing half-written" \
	sh -c "! find '$TMP/cold' ! -type d ! -name lock | grep ."

mkdir "$TMP/bin"
for tool in /usr/bin/*; do
	case $tool in */qemu-*) ;; *) ln -s "$tool" "$TMP/bin" ;; esac
done
check "no QEMU: the package that has it" \
	expect 3 'cannot run qemu-system-x86_64; install the package qemu-system-x86' \
	env PATH="$TMP/bin" "$MDEV" boot --no-framework --run true
check "an unknown kernel is a matter of usage" \
	expect 2 "unknown kernel '5.x'" "$MDEV" test $faulty --kernel 5.x
finish
