#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdevctl in a fresh Debian with systemd: the guide's lines, and a device that starts by itself over a reboot
# tier: full
# timeout: 3600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/systemd/lib.sh
. tests/systemd/lib.sh

need_image
check "a host with the packages and a driver" host
part define.part 1200
part broken.part 1200
part mended.part 1200
finish
