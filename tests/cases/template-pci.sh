#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what `new --parent pci` generates builds without a word of warning and passes on QEMU's edu
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# shellcheck source=tests/tool/pci-tree.sh
. tests/tool/pci-tree.sh

client_build
check "new generates a tree" "$MDEV" new --name mypci --parent pci --dir "$TMP/mypci"
check "builds with W=1 C=2 without a warning on 6.1" quiet_build "$TMP/mypci" W=1 C=2
check "sparse really looked at it" grep 'CHECK .*mypci.c' "$TMP/build.out"
check "its own tests pass" expect 0 ' 0 failed, 0 skipped' own_tests "$TMP/mypci"
check "passes the suite on 6.1" expect 0 ' 0 failed' "$MDEV" test "$TMP/mypci"
status=0
share "$TMP/mypci" || status=$?
guest_results "two users: " "$TMP/ktap"
check "two users: the run" run_is_clean $status
finish
