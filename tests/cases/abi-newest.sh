#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the same as abi, where no MODVERSIONS tell drivers apart
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/abi/lib.sh
. tests/abi/lib.sh

copy_newer
abi_checks newest
finish
