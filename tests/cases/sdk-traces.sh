#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the tracepoint mdk_access: values and names of registers are those of the accesses
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
# shellcheck disable=SC2034
FIXTURE=mdkrace
for kernel in "${KERNELS[@]}"; do
	run_piece "$kernel" traces
done
finish
