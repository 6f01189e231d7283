# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For cases whose guest printed its configuration space to $TMP/said, in lines of "l2: lspci"; sourced
# after tests/lib.sh.

# What lspci of this machine says of it, in $TMP/lspci. Addresses and the interrupt line are the
# firmware's business.
lspci_of_guest() {
	sed -n 's/^l2: lspci //p' "$TMP/said" >"$TMP/config"
	lspci -F "$TMP/config" -n -vv -xxx |
		sed -e 's/ports at [0-9a-f]*/ports at XXXX/' -e 's/Memory at [0-9a-f]*/Memory at XXXX/' \
			-e 's/routed to IRQ [0-9]*/routed to IRQ NN/' \
			-e '/^[0-9a-f]*0: /d' >"$TMP/lspci"
}

# Of one device, after lspci_of_guest: as in the golden file, which may call it by its own address.
shows() { # GOLDEN SLOT [AS]
	sed -n "/^00:0$2\\.0 /,/^\$/p" "$TMP/lspci" | sed "s/^00:0$2\\.0/${3:-00:NN.0}/" >"$TMP/of"
	[ -s "$TMP/of" ] && diff "tests/golden/$1-guest.lspci" "$TMP/of"
}
