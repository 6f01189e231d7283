#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers of an older SDK pass on a newer framework, beside one of the newer; not the reverse
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/abi/lib.sh
. tests/abi/lib.sh

copy_newer
abi_checks 6.1
finish
