#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a parent goes: one who keeps VFIO's device without having it open delays nobody else; all at once
# tier: full
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

client_build
run_piece newest evict
run_piece 6.1 evict --bus kernel
run_piece 6.1 bustle
run_piece 6.1 bustle --bus kernel
finish
