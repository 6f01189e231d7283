#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the suite finds in the kernel's own samples exactly what is wrong with them
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

for driver in mtty mdpy mbochs; do
	check "$driver: as its lists say" expect 0 "^$driver: as expected" tests/oracle/run "$driver"
done
finish
