#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest with bus=kernel and the pinner: another vendor's driver on the same bus, both at work.
# Results in KTAP; after it the guest is as it was before.
ours=aaaaaaaa-0000-4000-8000-000000000001
theirs=bbbbbbbb-0000-4000-8000-000000000002
parents=/sys/class/mdev_bus
type=$parents/neighbour/mdev_supported_types/platform-one
mine=$parents/pinner.0/mdev_supported_types/platform-p
devices=/sys/bus/mdev/devices

result() { # STATUS NAME
	[ "$1" = 0 ] || printf 'not '
	echo "ok 1 neighbour.$2"
}

is() { # NAME NEEDED FOUND
	[ "$2" = "$3" ]
	ret=$?
	[ $ret = 0 ] || echo "# found '$3', needed '$2'"
	result $ret "$1"
}

create() { # TYPE UUID
	echo "$2" 2>/dev/null >"$1/create"
}

insmod /lab/neighbour.ko
result $? loads
is one_class 'neighbour pinner.0 pinner.1 pinner.2' "$(cd $parents && echo *)"
is its_files_are_the_kernels 'The neighbour, vfio-platform, 2' \
	"$(cat $type/name), $(cat $type/device_api), $(cat $type/available_instances)"
is our_files_are_the_drivers "$(cat $mine/device_api) create" "vfio-pci $(cd $mine && echo create)"
create $mine $ours && create $type $theirs
result $? create
is one_bus "$ours $theirs" "$(cd $devices && echo *)"
is a_driver_each 'vfio_mdev neighbour' \
	"$(basename "$(readlink $devices/$ours/driver)") $(basename "$(readlink $devices/$theirs/driver)")"
is its_device_works 0x4e454947 "$(mdev-poke $theirs read 0 0 | sed 's/.*: //')"
! create $type $ours && ! create $mine $theirs
result $? a_uuid_is_one_for_both
is its_count 1 "$(cat $type/available_instances)"
rmmod pinner && [ ! -e $devices/$ours ]
result $? ours_goes_alone
is its_device_still_works 0x4e454947 "$(mdev-poke $theirs read 0 0 | sed 's/.*: //')"
rmmod neighbour && insmod /lab/pinner.ko && [ ! -e $devices/$theirs ]
result $? its_goes_and_ours_comes_back
