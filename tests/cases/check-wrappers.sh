#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: check of trees with names of their own: wrappers are found, said, and looked through; check.conf; --since
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/spoil.sh
. tests/tool/spoil.sh

cd "$TMP" || exit 3
options=(--no-sparse --kernel-scripts none)

# A layer as vendors have it, and a driver that calls nothing else.
layer() {
	mkdir -p tree/sub
	cat >tree/os.h <<-'END'
	#include <linux/uaccess.h>
	#define OS_COPY_TO_USER(to, from, n) \
		copy_to_user((to), (from), (n))
	int nv_copy_from_user(void *to, const void *from, unsigned long n);
	static inline unsigned long os_fetch(void *to, const void __user *from, unsigned long n)
	{
		return copy_from_user(to, from, n);
	}
	static inline int os_fetch_all(void *to, const void __user *from, unsigned long n)
	{
		if (os_fetch(to, from, n))
			return -EFAULT;
		return 0;
	}
	static inline unsigned long my_clear_user(void *to, unsigned long n)
	{
		return n > 8 ? n : 0;
	}
	END
	cat >tree/sub/driver.c <<-'END'
	#include "../os.h"
	static long mode(struct port *port, void __user *arg)
	{
		return OS_COPY_TO_USER(arg, &port->mode, sizeof(port->mode)); /* line 4 */
	}

	static long get(struct port *port, void __user *arg)
	{
		return nv_copy_from_user(&port->mode, arg, sizeof(port->mode)); /* line 9 */
	}

	static long take(struct port *port, void __user *arg)
	{
		/* The errno is the wrapper's. */
		return os_fetch_all(&port->mode, arg, sizeof(port->mode));
	}

	static long clear(struct port *port, void __user *arg)
	{
		return my_clear_user(arg, 4);
	}

	static long own(struct port *port, void __user *arg)
	{
		return vendor_read(&port->mode, arg, sizeof(port->mode)); /* line 25 */
	}

	static long deep(struct port *port, void __user *arg)
	{ say("nv_copy_from_user("); OS_COPY_TO_USER(arg, 0, 0); return os_fetch(&port->mode, arg, 4); }
	END
}
layer
check_tree() { # ARGUMENT...
	"$MDEV" check tree "${options[@]}" "$@"
}
lines_found() { # LINE:COLUMN... -- ARGUMENT...: exactly these in the driver
	local wanted=()
	while [ "$1" != -- ]; do wanted+=("$1"); shift; done
	shift
	expect 1 '' check_tree "$@"
	diff <(printf '%s\n' "${wanted[@]}") <(sed -n 's/^tree\/sub\/driver\.c:\([0-9]*:[0-9]*\): .*/\1/p' "$TMP/expect.out")
}

found_by_themselves() {
	lines_found 4:8 9:8 29:65 -- --rule mdev-copyret
}
both_named() {
	expect 1 'driver\.c:29:65: error: [^;]*; OS_COPY_TO_USER is taken for copy_to_user, os_fetch is taken for copy_from_user \[mdev-copyret\]' check_tree || return 1
	expect 1 'driver\.c:4:8: error: copy_to_user\(\) returns a count.*; OS_COPY_TO_USER is taken for copy_to_user \[mdev-copyret\]' check_tree
}
listed() {
	expect 1 '^nv_copy_from_user is taken for copy_from_user, by its name$' check_tree || return 1
	grep '^OS_COPY_TO_USER is taken for copy_to_user, which is all that it calls: tree/os\.h:2$' "$TMP/expect.out" &&
		grep '^os_fetch_all is taken for copy_from_user, which is all that it calls: tree/os\.h:9$' "$TMP/expect.out" &&
		! grep 'my_clear_user is taken' "$TMP/expect.out"
}
given() {
	lines_found 4:8 9:8 25:8 29:65 -- --rule mdev-copyret --alias vendor_read=copy_from_user &&
		grep '^vendor_read is taken for copy_from_user, as was said$' "$TMP/expect.out"
}
from_file() {
	printf '# ours\nvendor_read = copy_from_user # as it is\n' >aliases
	lines_found 4:8 9:8 25:8 29:65 -- --rule mdev-copyret --alias-file aliases || return 1
	printf '\nvendor_read\n' >aliases
	expect 2 "aliases:2: 'vendor_read' is no KEY = VALUE" check_tree --alias-file aliases || return 1
	printf 'vendor_read = copy_form_user\n' >aliases
	expect 2 'which no rule knows; the nearest one is copy_from_user;' check_tree --alias-file aliases
}
refused() { # WORDS ARGUMENT...
	local words=$1
	shift
	expect 2 "$words" check_tree "$@"
}
twice() {
	refused 'a stands for kfree already, and cannot stand for vfree' --alias a=kfree --alias a=vfree
}
# Of a rule that looks through helpers: taken by a name of the tree's own, and lost.
in_flow() {
	mkdir -p leak
	cat >leak/leak.c <<-'END'
	static int start(struct vfio_device *vdev, unsigned long n)
	{
		void *room = vnd_kzalloc(n, GFP_KERNEL);

		if (!room)
			return -ENOMEM;
		if (prepare(vdev))
			return -EIO;
		vnd_kfree(room);
		return 0;
	}
	END
	expect 1 'leak\.c:8:.*\[mdev-way-out\]' "$MDEV" check leak "${options[@]}"
}
in_json() {
	check_tree --json >json 2>/dev/null
	/usr/bin/python3 "$SDK/tests/tool/findings.py" json json "$SDK/docs/schema/check.json" &&
		/usr/bin/python3 -c '
import json
rows = {(row["name"], row["api"], row["by"]) for row in json.load(open("json"))["aliases"]}
assert ("nv_copy_from_user", "copy_from_user", "name") in rows and ("os_fetch", "copy_from_user", "body") in rows, rows'
}

# A tree of which the rules know no name.
strange() {
	mkdir -p strange
	printf '#include <linux/module.h>\nstatic int answer(void)\n{\n\treturn vendor_answer(42); /* kmalloc() */\n}\nmodule_init(answer);\n' >strange/a.c
	expect 3 'not checked: no file has a name that rules know' "$MDEV" check strange "${options[@]}"
}
strange_counts() {
	strange && grep '^checked 1 file by [0-9]* rules, 1 not checked; 0 errors' "$TMP/expect.out"
}
strange_file() {
	strange && expect 0 '0 not checked' "$MDEV" check strange/a.c "${options[@]}"
}
strange_said() {
	strange && expect 0 'vendor_answer is taken for kfree' "$MDEV" check strange "${options[@]}" --alias vendor_answer=kfree
}

# The summary counts what the list holds.
counts_agree() {
	mkdir -p gaps
	cp tree/os.h gaps/
	printf 'static int odd(struct vfio_device *vdev)\n{\n\tFOO BAR BAZ(vdev) { copy_from_user(vdev, 4) } QUX;\n}\n' >gaps/a.c
	cat gaps/a.c gaps/a.c >gaps/b.c
	expect 3 'not checked: spatch cannot parse' "$MDEV" check gaps "${options[@]}"
	local lines
	lines=$(grep -c 'not checked: ' "$TMP/expect.out")
	[ "$lines" -ge 3 ] && grep "^checked [0-9]* files* by [0-9]* rules, $lines not checked;" "$TMP/expect.out"
}

# check.conf
conf() { # LINE...
	printf '%s\n' "$@" >tree/check.conf
}
with_conf() { # COMMAND...
	local status=0
	"$@" || status=$?
	rm -f tree/check.conf
	return $status
}
conf_aliases() {
	conf '# what this tree calls otherwise' 'alias = vendor_read = copy_from_user'
	with_conf lines_found 4:8 9:8 25:8 29:65 -- --rule mdev-copyret
}
conf_allows() {
	conf 'allow = mdev-copyret sub/*.c: its callers know'
	with_conf expect 0 '0 errors.* 3 allowed' check_tree --rule mdev-copyret || return 1
	conf 'allow = mdev-copyret *.c: none lies there'
	with_conf expect 1 '3 errors' check_tree --rule mdev-copyret
}
conf_baseline() {
	check_tree --write-baseline tree/known >/dev/null || return 1
	conf 'baseline = known'
	with_conf expect 0 'in the baseline' check_tree
	local status=$?
	rm tree/known
	return $status
}
conf_kernel() {
	echo 'obj-m := a.o' >tree/Kbuild
	conf 'kernel = 5.4.999-none'
	with_conf expect 3 "unknown kernel '5\.4\.999-none'" check_tree --sparse
	local status=$?
	rm tree/Kbuild
	return $status
}
conf_of_file() {
	conf 'alias = vendor_read=copy_from_user'
	mv tree/check.conf tree/sub/
	expect 1 'driver\.c:25:8: ' "$MDEV" check tree/sub/driver.c "${options[@]}" &&
		(cd tree/sub && expect 1 'driver\.c:25:8: ' "$MDEV" check driver.c "${options[@]}")
	local status=$?
	rm tree/sub/check.conf
	return $status
}
bad_conf() { # PATTERN LINE: as the third of the file
	conf '# one' '' "$2"
	with_conf expect 2 "tree/check.conf:3: $1" check_tree
}
bad_confs() {
	bad_conf "unknown key 'allows'; there are: alias, alias-file, allow, baseline, kernel" 'allows = x' &&
		bad_conf "'allow' is no KEY = VALUE" allow &&
		bad_conf "allow is 'mdev-copyret a.c'; RULE FILE: REASON is needed" 'allow = mdev-copyret a.c' &&
		bad_conf "allow is for 'mdev-copyre', which is no rule" 'allow = mdev-copyre a.c: why' &&
		bad_conf "'x y' cannot stand for 'kfree'" 'alias = x y = kfree'
}

# --since
in_git() { # COMMAND...: in a tree with a history
	git -C since -c user.name=t -c user.email=t@example.invalid "$@" >/dev/null
}
history() {
	rm -rf since
	mkdir since
	cp -r tree/* since/
	git init -q since && in_git add -A && in_git commit -qm one
}
check_since() { # REV
	"$MDEV" check since "${options[@]}" --rule mdev-copyret --since "$1"
}
since_head() {
	history
	sed -i '9s/port->mode, arg/port->other, arg/' since/sub/driver.c
	expect 1 '^only functions that changed since HEAD: in 1 of 2 files$' check_since HEAD || return 1
	diff <(echo 9) <(sed -n 's/^since\/sub\/driver\.c:\([0-9]*\):.*/\1/p' "$TMP/expect.out")
}
since_commit() {
	since_head && in_git commit -qam two && expect 0 'in 0 of 2 files' check_since HEAD &&
		expect 1 'driver\.c:9:' check_since HEAD~1
}
since_new() {
	history
	cp tree/sub/driver.c since/new.c
	expect 1 'new\.c:4:8: ' check_since HEAD && ! grep '^since/sub' "$TMP/expect.out"
}
since_refused() {
	history
	mv since/.git elsewhere
	expect 2 '--since needs a tree of git, and since is in none: ' check_since HEAD || return 1
	mv elsewhere since/.git
	expect 2 "--since is 'nope', and git knows no such revision" check_since nope
}
since_json() {
	since_head && "$MDEV" check since "${options[@]}" --since HEAD --json >json 2>/dev/null
	/usr/bin/python3 "$SDK/tests/tool/findings.py" json json "$SDK/docs/schema/check.json" && grep '"since":.*"HEAD"' json
}

check "wrappers are found by name and by body, in their lines and columns" found_by_themselves
check "a finding names both" both_named
check "which names are taken for which is listed; not what does something else" listed
check "--alias" given
check "--alias-file, and what is wrong in one" from_file
check "no alias" refused "--alias: 'x' cannot stand for ''" --alias x
check "an alias of what no rule knows" refused 'x is to stand for copy_fro_user, which no rule knows; the nearest' --alias x=copy_fro_user
check "one name for two" twice
check "rules that look through helpers know them" in_flow
check "--json has them" in_json
check "a tree without a name that rules know: not checked" strange_counts
check "a file without one is a file" strange_file
check "what its names stand for can be said" strange_said
check "the summary counts what the list holds" counts_agree
check "check.conf: aliases" conf_aliases
check "check.conf: what is allowed, in these files" conf_allows
check "check.conf: the baseline" conf_baseline
check "check.conf: the kernel" conf_kernel
check "check.conf of a single file is that of its folder" conf_of_file
check "check.conf: each bad line is one error with file and line" bad_confs
check "--since: functions that changed, and it is said" since_head
check "--since: committed or not" since_commit
check "--since: a file that git does not know is new" since_new
check "--since: no tree of git, no revision" since_refused
check "--since in JSON" since_json

broken "a checker that knows no wrappers" found_by_themselves check/rewrite.c 's/^\trewrite->count++;/\t;/'
broken "one that goes by the name alone" listed check/aliases.c 's/ \&\& !is_defined(finding, name))/ \&\& (is_defined(finding, name) || name))/'
broken "one that judges a wrapper's errno as a count" found_by_themselves check/rules.c \
	's/head->rule->aliases = RULE_ALIASES_PLAIN;/head->rule->aliases = RULE_ALIASES_ALL;/'
broken "one that loses its columns" found_by_themselves check/places.c 's/aliases_column(place->source, place->line, place->column)/place->column/'
broken "one whose flow does not know them" in_flow check/flow_rules.c 's/source->seen ? aliases_text/!source->text ? aliases_text/'
broken "one that takes a strange tree for clean" strange check/check.c 's/^\t    known_anywhere(known, \&check->sources))/\t    known)/'
broken "a summary that counts files" counts_agree check/report.c 's/", %zu not checked", check->gap_count/", %zu not checked", partly/'
broken "one that allows in all files" conf_allows check/conf.c 's/^\t\t    !fnmatch.*/\t\t    file)/'
broken "one that takes all for changed" since_head check/since.c 's/^\t\tsources->items\[i\]\.same = true;/\t\t;/'
broken "one that takes all lines for changed" since_head check/since.c 's/^\t\t\tadd_lines(source, first, count);/\t\t\tadd_lines(source, 1, 99999);/'
finish
