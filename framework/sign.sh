#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Signs modules with the sign-file of the kernel's headers: all of them, or none is changed.
# usage: sign.sh built [TREE]             the framework as it was built, and a driver
#        sign.sh if-key MODULE...         these; without a key nothing is done, and that is said
# environment: KVER or KDIR, as for build.sh. KEY and CERT: files, or KEY=pkcs11:...; KBUILD_SIGN_PIN: the
# key's password. Without both the machine's own key: what DKMS is told in /etc/dkms/framework.conf, what
# it made below /var/lib/dkms, or that of shim-signed. DESTDIR: the machine is below that folder.
# SIGN_FILE: another sign-file
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$top/framework/build.sh
root=${DESTDIR:-}
key=${KEY:-}
cert=${CERT:-}

die() {
	echo "mdev-sdk: $*" >&2
	exit 3
}

# The last line that sets it, as in DKMS; $kernelver is the kernel's release there.
framework_conf() { # VARIABLE
	cat "$root/etc/dkms/framework.conf" "$root"/etc/dkms/framework.conf.d/*.conf 2>/dev/null |
		sed -nE "s/^[[:space:]]*$1=[\"']?([^\"'#]*[^\"'#[:space:]]).*/\1/p" | tail -n 1 |
		sed -E "s|\\$\{?kernelver\}?|$release|g"
}

below_root() { # FILE
	case $1 in
	pkcs11:*) echo "$1" ;;
	*) echo "$root$1" ;;
	esac
}

# Each candidate is whole or no candidate; half of one is told by check_files.
find_key() {
	key=$(framework_conf mok_signing_key)
	cert=$(framework_conf mok_certificate)
	if [ -n "$key$cert" ]; then
		key=$(below_root "${key:-/var/lib/dkms/mok.key}")
		cert=$(below_root "${cert:-/var/lib/dkms/mok.pub}")
		return
	fi
	for pair in dkms/mok.key:dkms/mok.pub shim-signed/mok/MOK.priv:shim-signed/mok/MOK.der; do
		key=$root/var/lib/${pair%:*}
		cert=$root/var/lib/${pair#*:}
		[ ! -e "$key" ] || return 0
	done
	key=
	cert=
}

check_file() { # WHAT FILE
	[ -e "$2" ] || die "the $1 '$2' is not there; nothing was signed"
	[ -f "$2" ] || die "the $1 '$2' is no file; nothing was signed"
	[ -r "$2" ] || die "the $1 '$2' cannot be read by this user: repeat it as root, or name others with KEY= and CERT="
}

check_key() {
	[ -n "$key" ] || die "CERT= is given without the key: KEY=FILE is needed too; nothing was signed"
	[ -n "$cert" ] || die "KEY= is given without its certificate: CERT=FILE is needed too; nothing was signed"
	check_file certificate "$cert"
	public=$(openssl x509 -in "$cert" -noout -pubkey 2>/dev/null) ||
		die "'$cert' holds no X.509 certificate, in DER or PEM; nothing was signed"
	# What is in a token only sign-file can ask for.
	case $key in pkcs11:*) return ;; esac
	check_file key "$key"
	KBUILD_SIGN_PIN=${KBUILD_SIGN_PIN:-}
	export KBUILD_SIGN_PIN
	own=$(openssl pkey -in "$key" -passin env:KBUILD_SIGN_PIN -pubout 2>/dev/null) ||
		die "'$key' holds no private key in PEM, or KBUILD_SIGN_PIN is not its password; nothing was signed"
	[ "$own" = "$public" ] ||
		die "the certificate '$cert' is not that of the key '$key'; nothing was signed"
}

find_sign_file() {
	sign_file=${SIGN_FILE:-$kdir/scripts/sign-file}
	[ -x "$sign_file" ] ||
		die "there is no program '$sign_file': install the headers of $release with their linux-kbuild package, or" \
			"name another with SIGN_FILE="
	# A kernel without signatures has no such line, and takes any.
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"$/\1/p' "$kdir/include/config/auto.conf" "$kdir/.config" 2>/dev/null |
		head -n 1)
	hash=${hash:-sha512}
}

# A signature lies behind the module: its bytes, 12 of which the last 4 are their number, and 28 of a mark.
without_signature() { # FILE
	while [ "$(tail -c 28 "$1" | tr -d '\0')" = '~Module signature appended~' ]; do
		# shellcheck disable=SC2046 # four numbers
		set -- "$1" $(tail -c 32 "$1" | head -c 4 | od -An -tu1)
		truncate -s "-$((($2 << 24) + ($3 << 16) + ($4 << 8) + $5 + 40))" "$1"
	done
}

sign_copy() { # MODULE COPY
	echo "$2" >>"$tmp/copies"
	cp -p "$1" "$2" || die "no room beside '$1'; no module was changed"
	without_signature "$2"
	"$sign_file" "$hash" "$key" "$cert" "$2" >"$tmp/log" 2>&1 || {
		cat "$tmp/log" >&2
		die "'$sign_file' did not sign '$1'; no module was changed"
	}
	[ "$(tail -c 28 "$2" | tr -d '\0')" = '~Module signature appended~' ] ||
		die "'$sign_file' left no signature in '$1'; no module was changed"
}

remove_copies() {
	while read -r copy; do
		rm -f "$copy"
	done <"$tmp/copies"
	rm -rf "$tmp"
}

# Renaming is what cannot fail half way, so copies are made where the modules are.
sign_all() { # MODULE...
	tmp=$(mktemp -d)
	: >"$tmp/copies"
	trap remove_copies EXIT
	trap 'exit 130' INT TERM
	for module; do
		sign_copy "$module" "$module.signing"
	done
	for module; do
		mv "$module.signing" "$module"
		echo "signed with $key: ${module##*/}"
	done
}

sign() { # MODULE...
	check_key
	find_sign_file
	for module; do
		[ -f "$module" ] || die "there is no module '$module'; nothing was signed"
	done
	sign_all "$@"
}

sign_built() { # [TREE]
	[ -n "$key$cert" ] ||
		die "no key: give one with KEY= and CERT=, or let DKMS make this machine's (docs/guide/signing.md); nothing was signed"
	if [ -n "${1:-}" ]; then
		"$build" module "$1"
		set -- "$1"/*.ko
	else
		"$build" framework unless-built
	fi
	out=$("$build" out)
	sign "$out"/framework/*.ko "$@"
}

sign_if_key() { # MODULE...
	if [ -z "$key$cert" ]; then
		echo "not signed: no key is given (KEY=, CERT=), and this machine has none"
	else
		sign "$@"
	fi
}

case ${1:-}:${2:-} in
built:* | if-key:?*) ;;
*)
	echo "mdev-sdk: usage: sign.sh built [TREE] | if-key MODULE..." >&2
	exit 2
	;;
esac
command -v openssl >/dev/null || die "openssl is missing; as root: apt-get install openssl"
release=$("$build" release)
kdir=$("$build" kdir)
[ -n "$key$cert" ] || find_key
verb=$1
shift
case $verb in
built) sign_built "${1:-}" ;;
if-key) sign_if_key "$@" ;;
esac
