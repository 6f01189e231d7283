#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a call of the kernel's fails at load, registration, create or binding a card: said why, nothing left, rmmod works
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/failing.sh
. tests/clients/failing.sh
# shellcheck source=tests/clients/card.sh
. tests/clients/card.sh

copy_sdk
make_failing
for kernel in "${KERNELS[@]}"; do
	failing_on "$kernel"
	card_failing_on "$kernel"
done
finish
