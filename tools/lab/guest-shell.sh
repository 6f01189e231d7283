#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, after the driver was loaded: creates a device, and gives the user a shell.
# usage: sh /lab/shell tty|script TYPE [STATUS ROWS COLUMNS]
# tty: says STATUS, that of what ran before, to the host, which then connects the terminal.
# script: runs /lab/commands.
mode=$1
want=$2
status=$3
rows=$4
columns=$5

export UUID=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
export HOME=/root TERM=linux
console=/dev/ttyS1

# The type of that name, in full or after the driver's name and a dash; the first without one.
find_type() { # folder of types
	for type in "$1"/*; do
		name=${type##*/}
		case $want in
		'' | "$name" | "${name#*-}") return 0 ;;
		esac
	done
	return 1
}

create() {
	# The second class is that of mdk_mdev.ko bus=private.
	set -- /sys/class/mdev_bus/*
	[ -e "$1" ] || set -- /sys/class/mdk_mdev_bus/*
	[ -e "$1" ] || {
		trouble="no parent in /sys/class/mdev_bus: the driver registered none; see dmesg"
		return 1
	}
	types=$1/mdev_supported_types
	find_type "$types" || {
		trouble_is=2
		trouble="the driver has no type '$want'; there are: $(cd "$types" && echo ./* | sed 's|\./||g')"
		return 1
	}
	why=$( { echo $UUID >"$type/create"; } 2>&1) || {
		trouble="cannot create a device of type $name: ${why##*: }; see dmesg"
		return 1
	}
	device=$(echo /sys/bus/*/devices/"$UUID")
}

banner() {
	echo
	if [ "$trouble" ]; then
		echo "No device: $trouble"
	else
		echo "The device is $device, of type $name; \$UUID is its name."
		echo "Try:   mdev-poke \$UUID info"
		echo "       mdev-poke \$UUID read 0 0x0"
		echo "       dmesg | tail"
	fi
	echo "Leave: exit, or Ctrl-] at any time. Nothing in here stays."
	echo
}

# The guest's status without a device: 2 is for a type that is not there.
trouble_is=3
trouble=
if [ "$mode" = script ]; then
	create || {
		echo "Bail out! $trouble"
		exit $trouble_is
	}
	exec sh /lab/commands
fi

busybox --install -s /bin 2>/dev/null
create
PS1="guest# "
export PS1
busybox stty sane rows "$rows" cols "$columns" <$console
echo "mdev-lab: shell $status"
banner
cd /root || cd /
# A session of its own with this terminal: Ctrl-C ends a command, not the shell.
# shellcheck disable=SC2094 # it is a terminal
busybox setsid -c sh -i <$console >$console 2>&1
exit 0
