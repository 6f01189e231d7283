# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # $sdk is who sources it's
# The kernel's own samples of mediated devices, from Debian's package linux-source of exactly the
# kernel's version: sourced. Nothing of them is kept in the repository.
# Needs: $sdk, the command. LINUX_SOURCE_DEB=FILE names a package that is there already.

sources_cache=${XDG_CACHE_HOME:-$HOME/.cache}/mdev-sdk

cannot() {
	echo "oracle: $*" >&2
	exit 3
}

# What a line of kernels is called here: $line, $release, $version, $kdir, $makeflags, $samples.
samples_of() { # LINE
	line=$1
	release=$("$sdk" kernel "$line" --print release) || cannot "no kernel of the line $line"
	version=$("$sdk" kernel "$release" --print version) || exit 3
	kdir=$("$sdk" kernel "$release" --print kdir) || exit 3
	makeflags=$("$sdk" kernel "$release" --print makeflags) || exit 3
	samples=$sources_cache/samples/$version
}

# Prints the package file of the sources, from $1 or fetched into the folder $2.
source_package() {
	if [ -n "$1" ]; then
		[ -r "$1" ] || cannot "LINUX_SOURCE_DEB=$1 cannot be read"
		echo "$1"
		return
	fi
	echo "oracle: fetching linux-source-$line $version, some 140 MB, once" >&2
	(cd "$2" && apt-get -qq download "linux-source-$line=$version" >&2) ||
		cannot "apt-get download of linux-source-$line=$version failed: update the package" \
			"lists (apt-get update), or name a package file in LINUX_SOURCE_DEB"
	find "$2" -name 'linux-source-*.deb'
}

# Leaves the samples of this version in $samples, only once, and never half of them.
fetch_samples() {
	local scratch deb
	[ -d "$samples" ] && return
	mkdir -p "$sources_cache/samples" || cannot "cannot make $sources_cache/samples"
	scratch=$(mktemp -d "$sources_cache/samples/tmp.XXXXXX") ||
		cannot "no scratch folder in $sources_cache"
	# shellcheck disable=SC2064
	trap "rm -rf '$scratch'" EXIT
	deb=$(source_package "${LINUX_SOURCE_DEB:-}" "$scratch") || exit 3
	mkdir "$scratch/out"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO "./usr/src/linux-source-$line.tar.xz" |
		tar -xJ -C "$scratch/out" --strip-components=3 \
			"linux-source-$line/samples/vfio-mdev" ||
		cannot "$deb has no samples/vfio-mdev, or the disk is full"
	mv "$scratch/out" "$samples" || cannot "cannot make $samples"
}

# Builds modules of the sources that lie in a folder.
build_samples() { # FOLDER MODULE...
	local build=$1
	shift
	printf 'obj-m := %s\n' "${*/%/.o}" >"$build/Kbuild"
	# Debian's kernels are built to zero what a driver forgets to set (INIT_STACK_ALL_ZERO), others
	# are not: without that the suite sees what the samples really give away.
	# shellcheck disable=SC2086 # several words
	make -s -C "$kdir" M="$build" $makeflags KCFLAGS=-ftrivial-auto-var-init=uninitialized \
		modules >"$build/make.log" 2>&1 ||
		cannot "the samples do not build: see $build/make.log"
}
