# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In a guest with a driver loaded: the fuzzer, and behind it what the kernel's instruments have to say.
# usage: sh /lab/fuzz OPTION-OF-MDK-FUZZ-GUEST...
mdk-fuzz-guest "$@"
status=$?

# kmemleak leaves alone what is younger than five seconds, and refuses to scan when it has switched
# itself off.
watched='the kernel'
leaks=/sys/kernel/debug/kmemleak
if [ -w $leaks ] && [ $status = 0 ]; then
	sleep 6
	for _ in 1 2; do
		echo scan >$leaks && scanned=', kmemleak'
	done
	head -n 60 $leaks | while read -r line; do
		echo "kmemleak: $line" >/dev/kmsg
	done
fi
grep -q ' kasan_report$' /proc/kallsyms && watched="$watched, KASAN"
case $(sed -n 's/^ debug_locks: *//p' /proc/lockdep_stats 2>/dev/null) in
1) watched="$watched, lockdep" ;;
0) watched="$watched, lockdep until its first report" ;;
esac
echo "mdk-fuzz: watched by $watched$scanned"
exit $status
