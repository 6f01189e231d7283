# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For tool-qemu: an archive of two packages behind an apt-get that notes how it was called. Sourced
# after tests/lib.sh.
#
# $ARCHIVE/broken names suites that cannot be reached; $ARCHIVE/slow holds each download up.

ARCHIVE=$TMP/archive

# A QEMU that tells its version and arguments, and has the device if it is to have it.
fake_qemu() { # PATH VERSION DEVICE
	cat >"$TMP/qemu.c" <<-END
	#include <stdio.h>
	#include <string.h>
	int main(int argc, char **argv)
	{
		for (int i = 1; i < argc; i++)
			if (!strcmp(argv[i], "$3,help"))
				return puts("$3 options:\n  socket=<SocketAddress>") < 0;
		printf("version $2\n");
		for (int i = 1; i < argc; i++)
			puts(argv[i]);
		return argc > 1 && !strcmp(argv[1], "-device");
	}
	END
	gcc -o "$1" "$TMP/qemu.c"
}

fake_deb() { # NAME VERSION, of what is in $TMP/root
	mkdir -p "$TMP/root/DEBIAN" "$ARCHIVE"
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: nobody <nobody@example>\nDescription: of a test\n' \
		"$1" "$2" >"$TMP/root/DEBIAN/control"
	rm -f "$ARCHIVE/$1"_*.deb
	dpkg-deb --root-owner-group -Znone --build "$TMP/root" "$ARCHIVE/$1_${2/:/%3a}_amd64.deb" >/dev/null
	rm -rf "$TMP/root"
}

# A QEMU with this machine's libc, as another Debian would bring one.
archive_has() { # VERSION [DEVICE]
	mkdir -p "$TMP"/root/usr/{bin,lib64,share/qemu,lib/x86_64-linux-gnu,share/doc}
	cp -L /lib64/ld-linux-x86-64.so.2 "$TMP/root/usr/lib64/"
	cp -L /lib/x86_64-linux-gnu/libc.so.6 "$TMP/root/usr/lib/x86_64-linux-gnu/"
	fake_deb libc6 1
	mkdir -p "$TMP"/root/usr/{bin,share/qemu,share/doc}
	echo firmware >"$TMP/root/usr/share/qemu/pvh.bin"
	echo words >"$TMP/root/usr/share/doc/words"
	fake_qemu "$TMP/root/usr/bin/qemu-system-x86_64" "$1" "${2:-vfio-user-pci}"
	fake_deb qemu-system-x86 "$1"
}

# The machine's own QEMU must not be in the way.
fake_tools() {
	mkdir -p "$TMP/bin" "$ARCHIVE"
	: >"$ARCHIVE/broken"
	: >"$ARCHIVE/calls"
	printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/qemu-system-x86_64"
	cat >"$TMP/bin/apt-get" <<-END
	#!/bin/bash
	archive=$ARCHIVE
	END
	cat >>"$TMP/bin/apt-get" <<-'END'
	case "$*" in *--print-uris*)
		[ -e "$archive/none" ] || echo "'http://archive.example/debian/dists/bookworm/InRelease' x 0"
		exit ;;
	esac
	for word; do
		case $word in
		-oDir::Etc::sourcelist=*) sources=${word#*=} ;;
		-oDir::Cache::archives=*) into=${word#*=} ;;
		esac
	done
	suite=$(sed -n '1s/.* \([a-z-]*\) main$/\1/p' "$sources")
	echo "$1 $suite" >>"$archive/calls"
	if grep -qx "$suite" "$archive/broken"; then
		echo "E: $suite is not to be had"
		exit 100
	fi
	[ "$1" = install ] || exit 0
	cp "$archive"/*.deb "$into"
	[ ! -e "$archive/slow" ] || exec sleep 15
	END
	chmod +x "$TMP"/bin/*
}
