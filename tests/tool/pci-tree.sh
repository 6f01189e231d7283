# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the template-pci* cases. Sourced after tests/lib.sh.

# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

# Two users of mypci; the results are in $TMP/ktap. Needs tests/clients/lib.sh.
share() { # TREE
	rm -f "$TMP/ktap"
	"$MDEV" boot --conf "$1" --module "$1/mypci.ko" --file "$CLIENT:/bin/core-client" \
		--run 'core-client pcishare' --ktap "$TMP/ktap" --timeout 120 >"$TMP/boot.out" 2>&1
}
