#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of mdk_gone() is caught by the test that is there for it
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

FIXTURE=mdkgone
PATCHES=tests/broken/sdk

client_build
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
check "an open that is not waited for is caught" \
	caught gone-forgets-open gone '^not ok .*nobody_touches_the_hardware'
check "one instance that keeps the others waiting is caught" \
	caught gone-locks-the-list gonestuck '^not ok .*can_be_removed_meanwhile'
finish
