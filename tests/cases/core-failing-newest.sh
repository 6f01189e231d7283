#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: core-failing on the newest kernel
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/failing.sh
. tests/clients/failing.sh

copy_sdk
make_failing
failing_on newest
finish
