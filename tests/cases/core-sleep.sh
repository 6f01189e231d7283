#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the host goes to sleep while tasks wait inside the framework for a user, a driver, a copy
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" sleepremove --bus kernel
done
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" pcisleep "${PARENT[@]}"
done
finish
