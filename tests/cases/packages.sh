#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the tarball and Debian packages: they build elsewhere, are the same each time, and are what lintian takes
# tier: full
# timeout: 5400
# shellcheck source=tests/lib.sh
. tests/lib.sh

version=$(cat VERSION)
release=$("$MDEV" kernel 6.1 --print release)
kdir=$("$MDEV" kernel 6.1 --print kdir)

# In another folder, without git.
elsewhere() {
	mkdir -p "$TMP/elsewhere" && make dist && tar x -C "$TMP/elsewhere" -f "dist/mdev-sdk-$version.tar.gz" &&
		make -C "$TMP/elsewhere/mdev-sdk-$version" deb
}

same_tarball() {
	make -C "$TMP/elsewhere/mdev-sdk-$version" dist && cmp {"$TMP/elsewhere/mdev-sdk-$version/",}"dist/mdev-sdk-$version.tar.gz"
}

here() {
	tools/deb/make "$TMP/here"
}

packages() { # FOLDER
	(cd "$1" && ls ./*.deb)
}

same_packages() { # FOLDER
	local file
	[ "$(packages "$TMP/here" | wc -l)" = 3 ] || return 1
	for file in $(packages "$TMP/here"); do
		cmp "$TMP/here/$file" "$1/$file" || return 1
	done
}

# The time of a file that is in no package's list of what may differ.
differs() {
	local tree=$TMP/elsewhere/mdev-sdk-$version
	SOURCE_DATE_EPOCH=1000000000 "$tree/tools/deb/tarball" "$TMP/other-time" &&
		! cmp "$TMP/other-time/mdev-sdk-$version.tar.gz" "dist/mdev-sdk-$version.tar.gz"
}

no_errors() { # DEB...
	lintian --allow-root --fail-on error "$@"
}

# A program for everybody that only its owner may run.
bad_package() {
	rm -rf "$TMP/bad"
	dpkg-deb -R "$TMP/here/mdev-sdk-dkms_${version}_all.deb" "$TMP/bad" && rm "$TMP/bad/usr/share/doc/mdev-sdk-dkms/copyright" &&
		dpkg-deb --root-owner-group -b "$TMP/bad" "$TMP/bad.deb" && ! no_errors "$TMP/bad.deb"
}

unpacked() {
	local file
	mkdir -p "$TMP/root"
	for file in "$TMP"/here/*.deb; do
		dpkg-deb -x "$file" "$TMP/root" || return 1
	done
	! grep -rIlF -e "$SDK" -e "$TMP" "$TMP/root"
}

# The command of the package makes a driver, and its package.
driver() {
	"$TMP/root/usr/bin/mdev-sdk" new --name my_drv --dir "$TMP/my_drv" && make -C "$TMP/my_drv" deb &&
		dpkg-deb -x "$TMP/my_drv/dist/my-drv-dkms_0.1_all.deb" "$TMP/root"
}

depends() {
	dpkg-deb -f "$TMP/my_drv/dist/my-drv-dkms_0.1_all.deb" Depends | grep -F "mdev-sdk-dkms (>= $version), mdev-sdk-dkms (<< 1~)"
}

only_what_builds() {
	(cd "$TMP/root/usr/src/my_drv-0.1" && find . -type f | sort) |
		diff - <(printf './%s\n' Kbuild Kconfig Makefile README.md dkms.conf my_drv.c)
}

dkms_() { # VERB NAME/VERSION
	dkms "$@" --dkmstree "$TMP/dkms" --sourcetree "$TMP/root/usr/src" --installtree "$TMP/lib/modules"
}

built() { # NAME/VERSION
	dkms_ add "$1" && dkms_ build "$1" -k "$release" --kernelsourcedir "$kdir" && return
	cat "$TMP/dkms/$1/build/make.log"
	return 1
}

by_dkms() {
	mkdir -p "$TMP/dkms" "$TMP/lib/modules"
	find "$TMP/root/usr/src" | sort >"$TMP/sources"
	built "mdev-sdk/$version" && built my_drv/0.1 && [ -n "$(find "$TMP/dkms/my_drv/0.1/$release" -name 'my_drv.ko*')" ]
}

as_before() {
	find "$TMP/root/usr/src" | sort | diff "$TMP/sources" -
}

# Two builds of the framework and a driver, in folders whose names differ in length.
modules_in() { # FOLDER
	mkdir -p "$1" && tar x -C "$1" --strip-components=1 -f "dist/mdev-sdk-$version.tar.gz" && cp -r "$TMP/my_drv" "$1/drv" &&
		make -s -C "$1" KDIR="$kdir" M="$1/drv" module
}

same_modules() {
	local file
	modules_in "$TMP/a" && modules_in "$TMP/a-longer-name" || return 1
	for file in drv/my_drv.ko "build/$release/framework/"mdk_{mdev,vfio_mdev,model,net,legacy}.ko; do
		cmp "$TMP/a/$file" "$TMP/a-longer-name/$file" || return 1
	done
}

# Without the compiler's word about the folder.
path_is_seen() {
	sed -i 's/echo "-fmacro-prefix-map=.*/:/' "$TMP/a-longer-name/framework/build.sh"
	rm -rf "$TMP/a-longer-name/drv"/*.o "$TMP/a-longer-name/drv"/*.ko
	make -s -C "$TMP/a-longer-name" KDIR="$kdir" M="$TMP/a-longer-name/drv" module &&
		! cmp "$TMP/a/drv/my_drv.ko" "$TMP/a-longer-name/drv/my_drv.ko"
}

check "the tarball builds packages in another folder, without git" elsewhere
check "the tarball of the tarball is the same" same_tarball
check "caught: another time" differs
check "packages of this folder" here
check "packages of two folders are the same" same_packages "$TMP/elsewhere/mdev-sdk-$version/dist"
check "lintian has no error" no_errors "$TMP"/here/*.deb
check "caught: a package without a licence" bad_package
check "what is in them names no folder of the build" unpacked
check "the installed command makes a driver, and a package of it" driver
check "lintian has no error with that either" no_errors "$TMP"/my_drv/dist/*.deb
check "it depends on the framework's" depends
check "it has what builds, and nothing else" only_what_builds
check "DKMS builds framework and driver from the packages" by_dkms
check "DKMS has written nothing to the packages' folders" as_before
check "modules of two folders are the same" same_modules
check "caught: a module that knows its folder" path_is_seen
finish
