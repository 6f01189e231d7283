#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make check-fresh: a clone of HEAD, tested by the README's own command in a new Debian 12 with
# nothing of this machine in it: no packages, no cached kernels. Needs root, some 5 GB and the network.
# With SUITE=trixie or sid that Debian: make demo, and the cases that try the tools on the host.
# usage: tests/fresh.sh [COMMAND...]     default: as above
set -euo pipefail
cd "$(dirname "$0")/.."

die() {
	echo "check-fresh: $*" >&2
	exit 3
}

[ "$(id -u)" = 0 ] || die "making a chroot needs root"
command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: make deps"
suite=${SUITE:-bookworm}
# Not the suite's own kernels and guests: those are Debian 12's and the newest's everywhere.
host='make demo && tests/run quick check- compat- host- lint tool- user- docs install-'
case $#,$suite in
0,bookworm) set -- make check ;;
0,trixie | 0,sid) set -- sh -c "$host" ;;
*,bookworm | *,trixie | *,sid) ;;
*) die "no suite '$suite' is tried: bookworm, trixie or sid" ;;
esac

root=$(mktemp -d "${TMPDIR:-/var/tmp}/mdk-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM

# From wherever this machine gets Debian 12; other suites lie beside it, and sid has no updates.
sources() {
	apt-get indextargets --format "deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
		case $suite in
		bookworm) grep -E ' bookworm(-updates|-security)? ' ;;
		trixie) sed -n 's/ bookworm\(\|-updates\|-security\) / trixie\1 /p' ;;
		sid) sed -n 's/ bookworm / sid /p' ;;
		esac | sort -u || true
}

lines=$(sources)
echo "$lines" >"$root.list"
[ -n "$lines" ] || die "apt knows no suite of Debian 12 (bookworm) here: apt-get update"
options=()
while read -r line; do
	options+=("--aptopt=$line")
done < <(apt-config dump | grep -E '^Acquire::Check-(Valid-Until|Date) ')

echo "== a new Debian ($suite) in a chroot"
mmdebstrap --quiet --variant=apt --include=make,git,ca-certificates "${options[@]}" "$suite" \
	"$root" "$root.list" || die "mmdebstrap failed; its message is above"
rm -f "$root.list"
git clone --quiet --no-hardlinks . "$root/root/mdev-sdk"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true

echo "== $* in a fresh clone there"
# Own mounts and an own pid space: whatever is left behind goes with them.
# shellcheck disable=SC2016
unshare --mount --pid --fork --kill-child sh -c '
	root=$1
	shift
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
	exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
		sh -c "cd /root/mdev-sdk && exec \"\$@\"" sh "$@"
' sh "$root" "$@"
