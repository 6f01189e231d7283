# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced by what makes packages.

need_tools() {
	missing=
	command -v dpkg-buildpackage >/dev/null || missing=dpkg-dev
	command -v dh >/dev/null || missing="$missing debhelper"
	command -v dh_dkms >/dev/null || missing="$missing dh-dkms"
	[ -z "$missing" ] || {
		echo "mdev-sdk: packages are missing; as root: apt-get install --no-install-recommends ${missing# }" >&2
		exit 3
	}
}

# The folder debian/ of the current one. SOURCE_DATE_EPOCH is the day of its changelog.
fill_debian() { # FROM SOURCE VERSION WORDS
	need_tools
	maintainer="${DEBFULLNAME:-the founders of mdev-sdk} <${DEBEMAIL:-founders@mdev-sdk.example}>"
	cp -r "$1" debian
	sed -i -e "s/@MAINTAINER@/$maintainer/" debian/control
	cat >debian/changelog <<END
$2 ($3) unstable; urgency=medium

  * Version $3: $4.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END
	mkdir -p debian/source
	echo '3.0 (native)' >debian/source/format
}

# To the folder, packages only. The whole of the log is shown where it fails.
build_debian() { # FOLDER [OPTION]: by default all packages
	umask 022
	DEB_BUILD_OPTIONS="noautodbgsym nocheck parallel=$(nproc)" dpkg-buildpackage "${2:--b}" -us -uc -d >../log 2>&1 || {
		cat ../log >&2
		echo "mdev-sdk: the packages do not build" >&2
		exit 3
	}
	for package in ../*.deb; do
		cp "$package" "$1/"
		echo "$1/${package##*/}"
	done
}
