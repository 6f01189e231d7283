#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a PCI device in use is unplugged through QMP and removed through sysfs; instances that do not come back
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh

client_build
qmp_build
for kernel in newest 6.1; do
	parent_piece "$kernel" pcilost
	parent_piece "$kernel" pciremove
	plug_piece "$kernel"
done
finish
