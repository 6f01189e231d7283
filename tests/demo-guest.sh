# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What `make demo` does inside the guest: an administrator's and a VMM's first steps.
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
types=/sys/class/mdev_bus/myvgpu/mdev_supported_types

say() {
	echo "guest# $*"
}

show() {
	say "$*"
	"$@"
}

say "uname -r; ls $types"
uname -r
for type in "$types"/*; do
	echo "${type##*/}: $(cat "$type/name") ($(cat "$type/description")), $(cat "$type/available_instances") available, $(cat "$type/device_api")"
done
say "echo $uuid > $types/myvgpu-1/create"
echo $uuid >$types/myvgpu-1/create || exit 1
echo "myvgpu-1: $(cat $types/myvgpu-1/available_instances) available"
show mdev-poke $uuid info || exit 1
show mdev-poke $uuid read 0 0x0 -- write 0 0x8 0xcafe1234 -- read 0 0x8 || exit 1
echo "   now the doorbell; the driver answers in ISR, which a one clears"
show mdev-poke $uuid write 0 0x18 5 -- read 0 0x10 -- write 0 0x10 1 -- read 0 0x10 || exit 1
echo "   an offset no register has, and one past the end of the region"
show mdev-poke $uuid read 0 0x100
show mdev-poke $uuid read 0 0x1000 && exit 1
say "echo 1 > /sys/bus/mdev/devices/$uuid/remove"
echo 1 >/sys/bus/mdev/devices/$uuid/remove || exit 1
echo "myvgpu-1: $(cat $types/myvgpu-1/available_instances) available"
