# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # $package is who sources it's
# A kernel's sources from Debian's package, for scripts that configure or build one: sourced.
# Needs: die STATUS WORDS..., $package; sets $version. Where $deb names a file that is taken.

# The Debian version that would be built; the upstream part of it names the release.
source_version() {
	if [ -n "$deb" ]; then
		version=$(dpkg-deb -f "$deb" Version) || die 3 "'$deb' is no Debian package"
	else
		version=$(apt-cache policy "$package" | sed -n 's/^  Candidate: //p')
	fi
	case $version in '' | '(none)')
		die 3 "apt knows no package $package; run apt-get update, or pass --deb FILE" ;;
	esac
}

source_fetch() { # FOLDER
	[ -z "$deb" ] || return 0
	(cd "$1" && apt-get -q download "$package" >&2) || die 3 "apt-get cannot download $package"
	deb=$(echo "$1"/*.deb)
}

source_unpack() { # FOLDER
	mkdir -p "$1"
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ -C "$1" --strip-components=1
}

# What a module needs to be built; the rest of 1.5 GB goes.
source_keep_headers() { # FOLDER
	find "$1" -name .git -prune -o -type f \( -name '*.o' -o -name '*.a' -o -name '*.ko' \
		-o -name '*.cmd' -o -name '*.mod' -o -name '*.mod.c' \) -print0 | xargs -0 rm -f
	find "$1" -mindepth 1 -maxdepth 1 \( -name 'vmlinux*' -o -name '.tmp*' -o -name Documentation \
		-o -name drivers -o -name fs -o -name net -o -name sound -o -name samples \) \
		-exec rm -rf {} +
	find "$1"/{kernel,mm,lib,block,crypto,security,arch} -name '*.[cS]' -delete
	find "$1/arch" -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -rf {} +
}
