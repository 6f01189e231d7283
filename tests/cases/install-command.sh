#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: make install: the command works from any folder, for who may not write to it, and goes without a trace
# tier: full
# timeout: 1200
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/kernel-root.sh
. tests/tool/kernel-root.sh

release=$("$MDEV" kernel 6.1 --print release)
moddir=$("$MDEV" kernel 6.1 --print moddir)
root=$TMP/installed
sdk=$root/usr/local/share/mdev-sdk
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mdev-sdk
# The framework takes a minute with the default sanitizer.
sanitizer=none
! full_tier || sanitizer=address

# Somebody else, with a cache of his own and no home; who is not root is that already.
as_user() { # COMMAND...
	local other=()
	[ "$(id -u)" != 0 ] || other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	(cd "$TMP/work" && "${other[@]}" env -u MDEV_SDK -u MDEV_SDK_ROOT HOME="$TMP/nohome" XDG_CACHE_HOME="$TMP/cache" \
		PATH="$root/usr/local/bin:$PATH" "$@")
}

# His kernel is there already. The headers name their own folder.
give_cache() {
	local theirs=$TMP/cache/mdev-sdk file
	chmod 755 "$TMP"
	mkdir -p "$theirs/kernels" "$TMP/work"
	cp -al "$cache/kernels/$release" "$theirs/kernels/" 2>/dev/null ||
		cp -a "$cache/kernels/$release" "$theirs/kernels/" || return 1
	cp -r "$cache/lines" "$theirs/"
	file=$theirs/kernels/$release/usr/src/linux-headers-$release/Makefile
	sed "s|$cache|$theirs|" "$file" >"$file.new" && mv "$file.new" "$file"
	chmod -R a+rX "$theirs"
	[ "$(id -u)" != 0 ] || chown nobody "$TMP/work" "$TMP/cache" "$theirs" "$theirs/kernels" "$theirs/lines"
}

install_it() { # make arguments
	make --no-print-directory DESTDIR="$root" "$@"
}

names_no_place() {
	! grep -rIlF -e "$SDK" -e "$(realpath "$SDK")" -e "$root" "$root"
}

all_there() {
	local file
	for file in bin/mdev-sdk share/man/man1/mdev-sdk.1 share/bash-completion/completions/mdev-sdk \
		share/zsh/site-functions/_mdev-sdk share/pkgconfig/mdev-sdk.pc share/mdev-sdk/sdk/include/mdk/test.h \
		share/mdev-sdk/framework/user/user.mk share/mdev-sdk/templates/common/Kbuild lib/mdev-sdk/libmdk-test.a \
		share/mdev-sdk/tools/cocci/rules/mdev-argsz.cocci share/doc/mdev-sdk/guide/shipping.md; do
		[ -s "$root/usr/local/$file" ] || { echo "missing: $file"; return 1; }
	done
}

state_of() { # FOLDER
	find "$1" -printf '%p %s %T@ %l\n' | sort
}

works() {
	chmod -R a-w "$root" && state_of "$root" >"$TMP/before-use" || return 1
	as_user mdev-sdk new --name demo && as_user make -C demo &&
		as_user mdev-sdk test demo --user --sanitizer $sanitizer && as_user mdev-sdk check demo
}

says() {
	as_user mdev-sdk explain K1 >/dev/null && as_user mdev-sdk explain mdev-argsz >/dev/null &&
		as_user mdev-sdk test --list >/dev/null && as_user mdev-sdk man | grep -q '^\.TH' &&
		[ "$(as_user mdev-sdk --version)" = "mdev-sdk $(cat VERSION)" ]
}

# A file of a tree's tests, linked by hand.
linked() {
	# shellcheck disable=SC2046 # words
	PKG_CONFIG_PATH=$root/usr/local/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
		pkg-config --cflags --libs mdk-test >"$TMP/words" &&
		gcc -static -D_GNU_SOURCE -o "$TMP/suite" "$TMP/work/demo/tests/device.c" $(cat "$TMP/words") &&
		"$TMP/suite" --list | grep device.says_what_it_is
}

# One that builds in its own folder.
builds_in_itself() {
	local bad=$TMP/bad
	cp -r "$root" "$bad" && chmod -R u+w "$bad"
	# shellcheck disable=SC2016 # the script's dollar
	sed -i 's/^if \[ -d .*; then/if false; then/' "$bad/usr/local/share/mdev-sdk/framework/build-folder.sh"
	chmod -R a-w "$bad"
	as_user rm -rf "$TMP/work/demo/demo.ko"
	! as_user make -C demo MDEV_SDK="$bad/usr/local/share/mdev-sdk" || return 1
	chmod -R u+w "$bad" && rm -rf "$bad"
}

alone() {
	mkdir -p "$TMP/alone"
	cp "$root/usr/local/bin/mdev-sdk" "$TMP/alone/"
	expect 3 'the files of mdev-sdk are not in .*/alone, .*MDEV_SDK_ROOT=FOLDER \[T176\]' "$TMP/alone/mdev-sdk" new --name other &&
		MDEV_SDK_ROOT=$sdk "$TMP/alone/mdev-sdk" explain K1 >/dev/null
}

# What a customer's machine gets of the framework, and modules for a kernel below another root.
modules() {
	kernel_root
	XDG_CACHE_HOME=$TMP/cache make -C "$sdk" KVER=6.1 DESTDIR="$TMP/root" M="$TMP/work/demo" modules_install &&
		modprobe -d "$TMP/root" -S "$release" --show-depends demo | grep -q updates/mdev-sdk/mdk_model.ko
}

again() {
	chmod -R u+w "$root"
	install_it install
}

# What is missing is said in one line, and what is not asked for is not said.
packages() {
	mkdir -p "$TMP/bin"
	printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/dpkg-query"
	chmod +x "$TMP/bin/dpkg-query"
	PATH=$TMP/bin:$PATH expect 3 'packages are missing; as root: apt-get install .*libkmod-dev' tools/deps.sh --say build &&
		[ "$(wc -l <"$TMP/expect.out")" = 1 ] && ! grep -q coccinelle "$TMP/expect.out"
}

# Only what was there before, and what others have put into our folders.
traceless() {
	chmod -R u+w "$root"
	touch "$root/usr/local/share/man/man1/other.1"
	install_it uninstall && (cd "$root" && find . -type f) | diff - <(printf './usr/local/%s\n' share/man/man1/other.1 bin/mine) &&
		[ ! -e "$sdk" ] && [ ! -e "$root/usr/local/lib" ]
}

forgets_one() {
	install_it install >/dev/null && sed -i '/ .*\/Kconfig$/d' "$sdk/manifest" && ! traceless
}

mkdir -p "$root/usr/local/bin"
echo mine >"$root/usr/local/bin/mine"
give_cache
check "install, below another root" expect 0 'installed: .*/usr/local/bin/mdev-sdk, and what' install_it install
check "all of it is there" all_there
check "nothing of it names the folder it comes from" names_no_place
check "somebody who may not write there makes, builds, tests and checks a driver" works
check "the command's words" says
check "pkg-config's words link a program of tests" linked
check "nothing was written there" diff "$TMP/before-use" <(state_of "$root")
check "caught: one that builds in its own folder" builds_in_itself
check "the program alone says what it needs" alone
check "modules_install of an installed SDK" modules
check "packages that are missing are one line" packages
check "installed again over it" expect 0 'installed: ' again
check "uninstall leaves nothing" traceless
check "caught: a file that is forgotten" forgets_one
check "uninstall of nothing says so" expect 2 'nothing of mdev-sdk is in ' make DESTDIR="$TMP/nowhere" uninstall
finish
