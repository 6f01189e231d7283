#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: no driver shows its guests the parent's own MSI-X table, on QEMU's nvme
# tier: quick
# timeout: 200
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/msix.sh
. tests/clients/msix.sh

message_says_where() {
	grep 'K130' "$TMP/log" | head -n 3
	grep -Eq 'mdkmsix .*: mdk_map_hw\(\) of 83b8f4f2-.*: region 2, 0x1000 bytes from 0x[0-9a-f]*5000: .*0x8000 bytes from 0x[0-9a-f]*2000\).*\(0x100 from 0x[0-9a-f]*a000\).*leave those pages out.*\[K130\]' "$TMP/log"
}

framework_for 6.1
ko=$(fixture_for 6.1) || cat "$TMP/fixture.log" >&2
status=0
boot_msix "$MDEV" >"$TMP/boot.out" 2>&1 || status=$?
guest_results "" "$TMP/ktap"
check "the run" run_is_clean $status
check "the message says where it is and what to do" message_says_where
finish
