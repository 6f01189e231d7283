#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: two instances of a PCI device in use while it copies, is reset, sleeps and is unbound
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh

client_build
for kernel in "${KERNELS[@]}"; do
	parent_piece "$kernel" pci
	parent_piece "$kernel" pcileave
	parent_piece "$kernel" pcistall
	parent_piece "$kernel" pcikill
	check "$kernel: pcileave: the IOMMU had nothing to refuse" nothing_refused
done
finish
