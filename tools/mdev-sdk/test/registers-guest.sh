# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In a guest with a driver loaded: its register page, and the configuration space of its first type.
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
for page in /sys/kernel/debug/mdk/*/registers; do
	[ -f "$page" ] || { echo 'Bail out! no model is registered'; exit 1; }
	echo '== page'
	cat "$page"
	parent=${page%/registers}
	parent=${parent##*/}
	type=$(sed -n '/^## Types/,/^## Regions/s/^| \([a-z][a-z0-9_]*-[^ ]*\) .*/\1/p' "$page" | head -n 1)
	echo $uuid >"/sys/class/mdev_bus/$parent/mdev_supported_types/$type/create" || exit 1
	echo '== config'
	mdev-poke $uuid assign -- config || exit 1
	echo '== end'
	exit 0
done
