#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the guest, before what a part says: its words come back through a file that the test shares.
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive
cd /root || exit
exec >>/job/said 2>&1

# try "what must hold" COMMAND...
try() {
	what=$1
	shift
	echo "began $(cut -d' ' -f1 /proc/uptime): $*"
	if "$@" >/root/try 2>&1; then
		echo "ok $what"
	else
		echo "status $? of: $*"
		# Moved in, so that no line of it is taken for a result.
		tail -n 40 /root/try | sed 's/^/  /'
		echo "not ok $what"
	fi
}

# says PATTERN COMMAND...: for try: it succeeds, and a line of its words matches.
says() {
	pattern=$1
	shift
	"$@" >/root/says 2>&1
	status=$?
	cat /root/says
	[ $status = 0 ] && grep -Eq -- "$pattern" /root/says
}

# refuses PATTERN COMMAND...: for try: it fails, and a line of its words matches.
refuses() {
	pattern=$1
	shift
	! "$@" >/root/says 2>&1
	status=$?
	cat /root/says
	[ $status = 0 ] && grep -Eq -- "$pattern" /root/says
}

# within SECONDS COMMAND...: it succeeds by then.
within() {
	left=$1
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 1
	done
}

# What is there, with the sizes of files; but for logs, caches, the lists of dpkg, and what useradd keeps of its
# lists (passwd-). DKMS's key is its own, and stays.
all_files() {
	find / -xdev \( -path /root -o -path /job -o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt \
		-o -path /var/lib/systemd -o -path /var/tmp -o -path '/var/lib/dkms/mok.*' -o -path '/etc/*-' -o -path /tmp \) -prune \
		-o -type f -printf '%p %s\n' -o -print | sort
}

done_all() {
	dmesg >/job/dmesg
	sync
	echo end
}

