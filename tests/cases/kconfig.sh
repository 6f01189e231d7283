#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: .config: its programs, its faults, and what each option changes in the build and in a guest
# tier: full
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/careless.sh
. tests/clients/careless.sh

export MDK_CONFIG=$TMP/config
# Kept from run to run: a build from scratch is most of this case's time.
varied=build/kconfig
release=$("$MDEV" kernel 6.1 --print release)
usual=build/$release/framework

config() { # LINE...
	printf '%s\n' "$@" >"$MDK_CONFIG"
}

same_config() { # file: what the build reads from it is what it reads now
	diff <(MDK_CONFIG=$1 framework/config.sh) <(framework/config.sh)
}

defconfig() {
	rm -f "$MDK_CONFIG"
	make --no-print-directory defconfig && [ -s "$MDK_CONFIG" ] && same_config /dev/null
}

round_trip() {
	config '# CONFIG_MDK_TRACE is not set' CONFIG_MDK_DEFAULT_BUS_PRIVATE=y \
		CONFIG_MDK_DEFAULT_KERNEL_6_12=y
	cp "$MDK_CONFIG" "$TMP/wanted"
	make --no-print-directory savedefconfig DEFCONFIG="$TMP/saved" || return 1
	cat "$TMP/saved"
	[ "$(wc -l <"$TMP/saved")" = 3 ] || { echo "needed: the 3 lines that differ"; return 1; }
	rm "$MDK_CONFIG"
	make --no-print-directory defconfig DEFCONFIG="$TMP/saved" && same_config "$TMP/wanted"
}

oldconfig() {
	config '# CONFIG_MDK_TRACE is not set'
	yes '' | make --no-print-directory oldconfig || return 1
	grep -qx CONFIG_MDK_RUNTIME_CHECKS=y "$MDK_CONFIG" &&
		grep -qx '# CONFIG_MDK_TRACE is not set' "$MDK_CONFIG"
}

# Keys for menuconfig, with time for it to draw: n on the first line, Escape, Enter for "save".
keys() {
	sleep 2
	printf n
	sleep 1
	printf '\033\033'
	sleep 2
	printf '\r'
	sleep 1
}

menuconfig() {
	config '# CONFIG_MDK_TRACE is not set'
	keys | TERM=linux timeout 60 script -qec \
		'stty rows 40 cols 100; make --no-print-directory menuconfig' "$TMP/screen" >/dev/null ||
		{ tail -c 2000 "$TMP/screen"; return 1; }
	grep -q 'mdev-sdk' "$TMP/screen" || return 1
	cat "$MDK_CONFIG"
	grep -qx '# CONFIG_MDK_RUNTIME_CHECKS is not set' "$MDK_CONFIG" &&
		grep -qx '# CONFIG_MDK_TRACE is not set' "$MDK_CONFIG"
}

# What lxdialog shows at 80 columns: 60 characters of an entry, 46 in a choice.
labels() { # FILE
	awk '$1 == "choice" { most = 46 - 60 }
		$1 == "endchoice" { most = 0 }
		$1 == "config" { if (name && !help) { print name ": no help"; bad = 1 } name = $2; help = 0 }
		$1 == "help" { help = 1 }
		($1 == "bool" || $1 == "prompt") && /"/ {
			split($0, part, "\""); size = length(part[2])
			if (size > 60 + ($1 == "bool" ? most : 0)) { print part[2] ": " size " characters"; bad = 1 } }
		END { exit bad || !help }' "$1"
}

label_cut() {
	sed 's/"auto: .*"/"auto: kernel where its mdev core is loaded already, else own"/' framework/Kconfig >"$TMP/Kconfig"
	! labels "$TMP/Kconfig" || return 1
	sed '/config MDK_DEFAULT_KERNEL_6_12$/,/help/{/help/d}' framework/Kconfig >"$TMP/Kconfig"
	! labels "$TMP/Kconfig"
}

cloud() {
	config CONFIG_MDK_DEFAULT_KERNEL_6_12_CLOUD=y
	make --no-print-directory oldconfig </dev/null && [ "$(framework/config.sh MDK_DEFAULT_KERNEL)" = 6.12-cloud ] &&
		"$MDEV" kernel 6.12-cloud --print release
}

# A driver's own Kconfig: what it chooses is there for Kbuild and for C, in a kernel and in a process.
driver_options() {
	local tree=$TMP/options
	"$MDEV" new --name opted --dir "$tree" >/dev/null || return 1
	printf 'config OPTED_LOUD\n\tbool "loud"\n\tdepends on OPTED\n\tdefault y\n\thelp\n\t  Says more.\n' >>"$tree/Kconfig"
	printf '#ifndef CONFIG_OPTED_LOUD\n#error quiet\n#endif\n' >>"$tree/opted.c"
	# shellcheck disable=SC2016 # Kbuild's
	echo 'ccflags-$(CONFIG_OPTED_LOUD) += -DOPTED_BY_KBUILD' >>"$tree/Kbuild"
	printf '#ifndef OPTED_BY_KBUILD\n#error no word\n#endif\n' >>"$tree/opted.c"
	printf '%s\n' CONFIG_OPTED=m >"$TMP/driver-default"
	env -u MDK_CONFIG make M="$tree" DEFCONFIG="$TMP/driver-default" defconfig && grep -x CONFIG_OPTED_LOUD=y "$tree/.config" &&
		env -u MDK_CONFIG make -s M="$tree" KVER=6.1 && framework/user/build.sh --sanitizer none --out "$TMP/opted-user" "$tree"
}

driver_without() {
	sed -i '/LOUD/d' "$TMP/options/.config"
	! env -u MDK_CONFIG make -s M="$TMP/options" KVER=6.1 && ! framework/user/build.sh --sanitizer none --out "$TMP/opted-user" "$TMP/options"
}

# One line from the build and the same from the command, and status 3.
refused() { # ERE LINE...
	local pattern=$1 program
	shift
	config "$@"
	for program in "framework/build.sh framework" "$MDEV kernel --print release"; do
		# shellcheck disable=SC2086
		expect 3 "config:$#: $pattern" $program || return 1
		[ "$(wc -l <"$TMP/expect.out")" = 1 ] || { echo "not one line"; return 1; }
	done
}

prints() { # LINE COMMAND...
	local line=$1
	shift
	"$@" >"$TMP/prints.out" 2>&1
	cat "$TMP/prints.out"
	grep -Fqx -- "$line" "$TMP/prints.out"
}

default_kernel() {
	config CONFIG_MDK_DEFAULT_KERNEL_NEWEST=y
	local newest
	newest=$("$MDEV" kernel newest --print release)
	[ "$newest" != "$release" ] && prints "$newest" make --no-print-directory print-release &&
		prints "$release" make --no-print-directory print-release KVER=6.1 &&
		prints "$newest" "$MDEV" boot --no-framework --run 'uname -r' --timeout 60 &&
		prints "$release" "$MDEV" kernel 6.1 --print release
}

build() { # OUT
	MDK_OUT=$1 KVER=6.1 framework/build.sh framework >"$TMP/build.log" 2>&1 || {
		tail -n 20 "$TMP/build.log"
		return 1
	}
}

# All three at once here; kconfig-builds.sh takes them one by one.
nothing_usual() {
	config '# CONFIG_MDK_RUNTIME_CHECKS is not set' '# CONFIG_MDK_TRACE is not set' \
		CONFIG_MDK_DEFAULT_BUS_PRIVATE=y
	build "$varied"
}

build_usual() {
	MDK_CONFIG=/dev/null build "build/$release"
}

has() { # FOLDER ERE
	nm "$1/mdk_model.ko" | grep -E "$2"
}

# What an option is about is in the modules of one build and not in those of the other.
build_shows() {
	! has "$varied/framework" 'mdk_call_complain|__tracepoint' &&
		has "$usual" mdk_call_complain && has "$usual" __tracepoint &&
		modinfo -p "$varied/framework/mdk_mdev.ko" | grep 'default: private' &&
		modinfo -p "$usual/mdk_mdev.ko" | grep 'default: own'
}

compiled() {
	sed -n 's|.* CC \[M\] .*/framework/\(.*\.o\)$|\1|p' "$TMP/build.log" | grep -v '\.mod\.o$'
}

only_the_bus() {
	config '# CONFIG_MDK_RUNTIME_CHECKS is not set' '# CONFIG_MDK_TRACE is not set' \
		CONFIG_MDK_DEFAULT_BUS_KERNEL=y
	build "$varied" || return 1
	compiled
	[ "$(compiled)" = mdev/bus.o ] &&
		modinfo -p "$varied/framework/mdk_mdev.ko" | grep 'default: kernel' && nothing_usual
}

# A driver's build with the framework in $varied; what it compiles of that is newer than $TMP/began.
driver_build() {
	touch "$TMP/began"
	MDK_OUT=$varied KVER=6.1 framework/build.sh module "$TMP/driver" >"$TMP/driver.log" 2>&1 || {
		cat "$TMP/driver.log"
		return 1
	}
}

compiled_again() {
	find "$varied/framework" -name '*.o' -newer "$TMP/began" ! -name '*.mod.o' -printf '%P\n'
}

finds_it_built() {
	mkdir -p "$TMP/driver" && cp tests/fixtures/rawv11/{Kbuild,*.c} "$TMP/driver/" &&
		driver_build &&
		[ -z "$(compiled_again)" ]
}

makes_it_again() {
	rm "$varied/framework/mdk_net.ko" && driver_build && [ -f "$varied/framework/mdk_net.ko" ] &&
		! compiled_again | grep '^mdev/' || return 1
	config CONFIG_MDK_DEFAULT_BUS_KERNEL=y && driver_build && compiled_again | grep -x mdev/bus.o &&
		nothing_usual
}

symbols() {
	cut -f 1,2 "$1/Module.symvers" | sort
}

same_abi() {
	[ "$(symbols "$usual" | wc -l)" -gt 40 ] &&
		diff <(symbols "$usual") <(symbols "$varied/framework")
}

boot_usual() {
	careless_build 6.1 && boot_with "$usual"
}

said() { # ERE
	grep -Eq -- "$1" "$TMP/said" || { cat "$TMP/said"; return 1; }
}

nothing_said() {
	! grep -E "model 'careless'" "$TMP/log"
}

check "defconfig writes the defaults" defconfig
check "savedefconfig and defconfig give back what was chosen" round_trip
check "oldconfig keeps what is there and adds the rest" oldconfig
check "menuconfig starts, changes an option and saves it" menuconfig
check "every option has help, and no label is cut" labels framework/Kconfig
check "caught: a label that is, an option without help" label_cut
check "a cloud kernel can be chosen" cloud
check "options of a driver's own Kconfig" driver_options
check "caught: they are not there without its .config" driver_without
check "menuconfig without a terminal says so" expect 2 'needs a terminal; without one' \
	make --no-print-directory menuconfig
check "refused: a value that is none" refused 'CONFIG_MDK_TRACE is m, needed is y or n; mend' \
	CONFIG_MDK_RUNTIME_CHECKS=y CONFIG_MDK_TRACE=m
check "refused: an option that is none" refused 'CONFIG_MDK_TRCE is no option .*remove the line' \
	CONFIG_MDK_TRCE=n
check "refused: two of a choice" refused \
	'CONFIG_MDK_DEFAULT_BUS_PRIVATE and CONFIG_MDK_DEFAULT_BUS_OWN are both y, needed is one' \
	CONFIG_MDK_DEFAULT_BUS_OWN=y CONFIG_MDK_DEFAULT_BUS_PRIVATE=y
check "refused: no line of a configuration" refused '"trace off" is not of the form' 'trace off'
check "the default kernel is the one that was chosen" default_kernel

check "it builds as by default" build_usual
check "it builds with nothing as by default" nothing_usual
check "each option shows in the modules" build_shows
check "a changed bus compiles the bus again and nothing else" only_the_bus
check "a driver's build leaves a framework alone that is built" finds_it_built
check "a driver's build makes what is missing, and what another configuration changes" makes_it_again
check "a driver sees the same ABI whatever is chosen" same_abi

check "as by default: the guest's run" boot_usual
check "tracing: the tracepoints are there" said '^tracing: mdk_access'
check "tracing: an access is traced" said '^traced: an access'
check "own bus" said '^class: mdev_bus'
check "checks: preemption" once "callback written of 'PREEMPT' changed the preempt count from 0x0 to 0x1, needed"
check "checks: interrupts" once "callback written of 'IRQS' came back with interrupts off, needed is on"
check "checks: MDK_UNTIL_CLOSE in init" once \
	'careless_init \[careless\] called mdk_zalloc\(\) for MDK_UNTIL_CLOSE in init, needed'
check "checks: MDK_UNTIL_REMOVE in open" once \
	'(careless_open|the callback that mdk_open) .*called mdk_action\(\) for MDK_UNTIL_REMOVE while the instance is open, needed'
check "checks: a ring used without the lock" once \
	'(careless_unlocked|the callback that mdk_work_run) .*called mdk_ring_stop\(\) without the instance.s lock, needed'
check "checks: the lock taken twice" once \
	'(careless_lock_again|the callback that .*) .*called mdk_lock\(\) and has that lock already, needed'
check "checks: the lock given back by somebody else" once \
	'(careless_unlocked|the callback that mdk_work_run) .*called mdk_unlock\(\) without the lock, needed'
check "checks: a worker made in open" once \
	'careless_open \[careless\] called mdk_work_create\(\) while the instance is open, needed'
check "the device answers after all of it" said '^after: .*0x5c5c5c5c'

check "nothing as by default: the guest's run, with the driver as built before" \
	boot_with "$varied/framework" tame
check "the guest can trace, but not us" sh -c "
	grep -q '^tracing: mounted' '$TMP/said' && ! grep -q '^tracing: mdk\|^traced' '$TMP/said'"
check "private bus" said '^class: mdk_mdev_bus'
check "no check speaks" nothing_said
check "the device answers" said '^plain: .*0x5c5c5c5c'
finish
