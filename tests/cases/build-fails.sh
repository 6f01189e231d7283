#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a step of the framework's build that fails ends it: nothing that is older is tested or installed
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/kernel-root.sh
. tests/tool/kernel-root.sh

release=$("$MDEV" kernel 6.1 --print release)
moddir=$("$MDEV" kernel 6.1 --print moddir)
export KDIR
KDIR=$("$MDEV" kernel 6.1 --print kdir)
copy=$TMP/sdk
out=$copy/build/$release
mini=$TMP/mini
type=$copy/framework/run/type.c
probe=$copy/framework/compat/probes/have_vm_flags_set.c

# With everything that `make M=` and the command need.
make_copy() {
	mkdir -p "$copy/build"
	cp -a framework sdk tools templates Makefile VERSION LICENSE LICENSES mdev-sdk "$copy/"
	cp -a build/host "$copy/build/"
	# Its objects are there, so nothing of the tools is compiled again.
	"$copy/mdev-sdk" new --name mini --dir "$mini"
}

build() {
	"$copy/framework/build.sh" module "$mini"
}

break_it() { # file
	cp -p "$1" "$TMP/whole"
	echo 'int mdk_broken(void) { return 0 }' >>"$1"
}

mend_it() { # file
	mv "$TMP/whole" "$1"
}

# Neither a stamp nor a module of the framework.
nothing_left() {
	! find "$out" -maxdepth 1 -name built.stamp | grep . &&
		! find "$out/framework" -name '*.ko' | grep .
}

# refused ERE COMMAND...: status 3 with these words, and nothing that a later step could take.
refused() {
	expect 3 "$@" && nothing_left
}

make_refuses() {
	expect 2 "type.c:.* error: expected " \
		make --no-print-directory -C "$copy" KVER=6.1 M="$mini" && nothing_left &&
		grep "the framework does not build for $release" "$TMP/expect.out"
}

# What is in $TMP/root before stays so, and nothing comes.
install_it() {
	KVER=6.1 DESTDIR=$TMP/root "$copy/framework/install.sh" install "$mini"
}

installed() {
	find "$TMP/root/lib/modules/$release/updates" -name '*.ko' -printf '%p %s\n' 2>/dev/null | sort
}

install_refuses() { # ERE
	installed >"$TMP/installed"
	expect 3 "$1" install_it && diff "$TMP/installed" <(installed)
}

# A disk that is full, in the middle of the copies.
copies_fail() {
	mkdir -p "$TMP/bin"
	printf '#!/bin/sh\ncase $* in *.ko*) exit 1 ;; esac\nexec /bin/cp "$@"\n' >"$TMP/bin/cp"
	chmod +x "$TMP/bin/cp"
	installed >"$TMP/installed"
	! PATH=$TMP/bin:$PATH install_it && diff "$TMP/installed" <(installed) && grep . "$TMP/installed"
}

# What a vendor ships, on a customer's machine.
dkms_refuses() {
	local folder
	folder=$("$copy/tools/dkms/make" "$TMP/dkms") &&
		expect 2 "type.c:.* error: expected " make -C "$folder" M="$mini" MDK_OUT=out &&
		! find "$folder/out" -name built.stamp | grep .
}

# The mirror of the sources cannot be made: a file is where a folder belongs.
mirror_fails() {
	mv "$out/framework/run" "$TMP/run.aside"
	touch "$out/framework/run"
	refused 'run.*(exists|directory)' build
	local status=$?
	rm "$out/framework/run"
	mv "$TMP/run.aside" "$out/framework/run"
	return $status
}

list_fails() { # list
	mv "$copy/framework/compat/$1" "$TMP/list"
	refused "$1" build
	local status=$?
	mv "$TMP/list" "$copy/framework/compat/$1"
	return $status
}

probe_fails() {
	break_it "$probe"
	refused "probe 'have_vm_flags_set': found 0 of its two forms to compile" build
	local status=$?
	mend_it "$probe"
	return $status
}

config_fails() {
	echo CONFIG_MDK_TRACE=m >"$TMP/config"
	MDK_CONFIG=$TMP/config refused 'CONFIG_MDK_TRACE is m, needed is y or n' build
}

# A list of packages that is not there is not an empty one.
deps_without_list() {
	mkdir -p "$TMP/deps"
	cp tools/deps.sh "$TMP/deps/"
	! "$TMP/deps/deps.sh" >"$TMP/deps/said" 2>&1 && grep packages "$TMP/deps/said"
}

make_copy >"$TMP/copy.log" 2>&1
kernel_root
check "the framework and a driver build" build
check "and are installed" install_it
check "a copy that fails: what was installed stays, and it is said" copies_fail

break_it "$type"
check "build.sh: status 3, the compiler's words, no stamp, no older module" \
	refused "type.c:.* error: expected " build
check "make M= the same" make_refuses
check "test the same" refused "error: expected " "$copy/mdev-sdk" test --kernel 6.1 "$mini"
check "a module that is built is not booted with an older framework" \
	expect 3 "no mdk_mdev.ko below" "$copy/mdev-sdk" boot --kernel 6.1 --module "$mini/mini.ko" --run true
check "install the same: what was installed stays" install_refuses "error: expected "
check "what make dkms makes the same" dkms_refuses
mend_it "$type"

check "a probe that fails" probe_fails
check "a list of probes that cannot be read" list_fails probes.list
check "a list of exports that cannot be read" list_fails exports.list
check "a mirror that cannot be made" mirror_fails
check "a configuration with a fault" config_fails
check "mended: it builds again" build
check "a list of packages that cannot be read" deps_without_list
finish
