#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: an SDK that lets a driver show the parent's MSI-X table or its pending bits is caught
# tier: full
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/msix.sh
. tests/clients/msix.sh

boot_copy() { # piece
	boot_msix "$TMP/sdk/mdev-sdk"
}

framework_for 6.1
ko=$(fixture_for 6.1) || cat "$TMP/fixture.log" >&2
copy_sdk
check "a table that is shown" caught msix-table-mapped - '^not ok .*first page'
check "pending bits that are shown" caught msix-pending-mapped - '^not ok .*its pending bits'
finish
