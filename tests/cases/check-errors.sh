#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what check could not look at is said, and never counts as clean; reports, baseline, comments
# tier: quick
# timeout: 900
# shellcheck disable=SC2016 # dollars of the spatch that is made up here
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/spoil.sh
. tests/tool/spoil.sh

mkdir -p "$TMP/tree" "$TMP/bin" "$TMP/rules"
cd "$TMP" || exit 3
options=(--no-sparse --kernel-scripts none)

cat >tree/good.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int load_table(struct mdk_dev *dev, u64 iova, u32 *table)
{
	return mdk_dma_read(dev, iova, table, 4);
}
END
bad_function() {
	cat <<'END'
static int odd(struct mdk_dev *dev, u64 iova)
{
	FOO BAR BAZ(dev) { mdk_dma_read(dev, iova, NULL, 4) } QUX;
	return 0;
}
END
}

# Semantic patches that a user may bring.
cat >rules/plain.cocci <<'END'
virtual report
@plain@
position p;
@@
mdk_dma_read@p(...)
@script:python depends on report@
p << plain.p;
@@
coccilib.report.print_report(p[0], "ERROR: a call")
END
sed 's/^coccilib.*/while True: pass/' rules/plain.cocci >rules/forever.cocci
sed 's/^coccilib.*/raise IndexError/' rules/plain.cocci >rules/stumbles.cocci
sed 's/^coccilib.*/print("all is well")/' rules/plain.cocci >rules/babbles.cocci
sed 's/^@plain@/@plain/' rules/plain.cocci >rules/broken.cocci
grep -v '^virtual' rules/plain.cocci >rules/headless.cocci

check_tree() { # ARGUMENT...
	"$MDEV" check tree "${options[@]}" "$@"
}

# mixed STATUS PATTERN COMMAND...: and no file counts as checked in full, but for so many.
files_checked() { # NUMBER STATUS PATTERN COMMAND...
	local number=$1
	shift
	expect "$@" && grep -q "^checked $number file" "$TMP/expect.out"
}

with_file() { # FILE COMMAND...: the file is there for this command, its text comes on standard input
	local file=$1 status=0
	shift
	cat >"tree/$file"
	"$@" || status=$?
	rm -f "tree/$file"
	return $status
}

unparsed() {
	bad_function | with_file odd.c files_checked 1 3 'odd\.c:3:1: not checked: spatch cannot parse this' \
		check_tree
}
unfollowed() {
	printf 'static int mdk_dma_read_all(void)\n{\n\tgoto nowhere;\n}\nint mdk_zalloc;\n' |
		with_file flow.c files_checked 1 3 "flow\.c: not checked: spatch cannot follow a function: can't jump to nowhere" \
		check_tree
}
# What nobody looks for in a file cannot be missed in it.
irrelevant() {
	bad_function | sed 's/mdk_/our_/g' | with_file odd.c files_checked 2 0 '' check_tree
}
with_nul() {
	printf 'int a;\0int b;\n' | with_file nul.c files_checked 1 3 'nul\.c: not checked: it holds a NUL' check_tree
}
dangling() {
	ln -s nowhere.c tree/link.c
	files_checked 1 3 'link\.c: not checked: it cannot be read' check_tree
	local status=$?
	rm tree/link.c
	return $status
}

missing_spatch() {
	mkdir -p bare
	for tool in sh make; do ln -sf "$(command -v $tool)" bare/; done
	expect 3 'cannot run spatch, so nothing was checked; as root: apt-get install coccinelle \[T61\]' \
		env PATH="$TMP/bare" "$MDEV" check tree "${options[@]}"
}

fake_spatch() { # what it does, in sh, COMMAND...
	printf '#!/bin/sh\n[ "$1" = --version ] && exit 0\n%s\n' "$1" >bin/spatch
	chmod +x bin/spatch
	shift
	PATH=$TMP/bin:$PATH "$@"
}
silent_spatch() {
	fake_spatch 'exit 0' files_checked 0 3 'good\.c: not checked by mdk-result-ignored: spatch passed it over' check_tree
}
dying_spatch() {
	fake_spatch 'kill -SEGV $$' files_checked 0 3 'good\.c: not checked by mdk-result-ignored: spatch was ended by signal 11' \
		check_tree
}

in_time() { # SECONDS COMMAND...
	local start=$SECONDS limit=$1
	shift
	"$@" || return 1
	[ $((SECONDS - start)) -le "$limit" ] || { echo "it took $((SECONDS - start)) s"; return 1; }
}
# Two tries of two seconds of the processor's, which on a machine with much to do are many of the clock's.
endless() { # [SECONDS OF THE CLOCK]
	local limit=${1:-200}
	in_time "$limit" files_checked 0 3 "good\.c: not checked by forever: it took longer than 1 s of the processor's" \
		timeout -k 5 "$limit" "$MDEV" check tree "${options[@]}" --cocci rules/forever.cocci --timeout 1
}
# What is broken never comes to an end, and need not be waited for.
endless_soon() {
	endless 12
}
sleepy_soon() {
	sleepy 15
}
sleepy() { # [SECONDS OF THE CLOCK]
	local limit=${1:-40}
	fake_spatch 'sleep 120' in_time "$limit" files_checked 0 3 'not checked by mdk-result-ignored: spatch did nothing for 10 s' \
		timeout -k 5 "$limit" "$MDEV" check tree "${options[@]}" --timeout 2
}
real_spatch() { # what comes before it, in sh, COMMAND...
	local before=$1
	shift
	fake_spatch "$before"$'\n'"exec $(command -v spatch) \"\$@\"" "$@"
}
# Slow by the clock, as on a machine with much to do.
slow_spatch() {
	real_spatch 'for i in 1 2 3 4 5 6 7 8; do sleep 0.5; done' files_checked 1 0 '0 not checked' \
		check_tree --rule mdk-result-ignored --timeout 2
}
# The rules that share a process run out of time; by itself none does.
late_together() {
	bad_tree
	real_spatch 'case "$*" in
*/[0-9].cocci*) printf "%s bad/good.c\n" "HANDLING:" "EXN: Coccinelle_modules.Common.Timeout in" >&2; exit 0 ;;
esac' files_checked 1 1 'mdk-result-ignored' check_bad
}
# Of rules that share a process, one that is broken takes no other with it.
one_broken() {
	local root=$TMP/root
	bad_tree
	rm -rf "$root"
	mkdir "$root"
	cp -r "$SDK/tools" "$SDK/VERSION" "$root/"
	sed -i 's/^@mdev_doublefetch_same exists@/@mdev_doublefetch_same exists/' "$root/tools/cocci/rules/mdev-doublefetch.cocci"
	MDEV_SDK_ROOT=$root expect 3 'no file was checked by mdev-doublefetch: spatch failed' check_bad &&
		grep 'good\.c.*\[mdk-result-ignored\]' "$TMP/expect.out"
}
of_stumbles() {
	of_rule stumbles "good.c: not checked by stumbles"
}
of_rule() { # NAME PATTERN
	files_checked 0 3 "$2" check_tree --cocci "rules/$1.cocci"
}

# Reports

bad_tree() {
	rm -rf bad
	cp -r tree bad
	cat >>bad/good.c <<'END'

static void poke(struct mdk_dev *dev, u64 iova, u32 *word)
{
	mdk_dma_write(dev, iova, word, 4);
}
END
}
check_bad() {
	"$MDEV" check bad "${options[@]}" "$@"
}
valid() { # KIND FILE
	/usr/bin/python3 "$SDK/tests/tool/findings.py" "$1" "$2" "$SDK/docs/schema/check.json"
}
as_json() {
	check_bad --json >json 2>summary
	[ $? = 1 ] && valid json json
}
as_sarif() {
	check_bad --sarif >sarif 2>summary
	[ $? = 1 ] && valid sarif sarif
}
spoilt_json() {
	sed 's/"known"/"unknown"/' json >spoilt
	! valid json spoilt 2>/dev/null && sed 's/"ruleId"/"rule"/' sarif >spoilt && ! valid sarif spoilt 2>/dev/null
}
gap_in_json() {
	bad_function >bad/odd.c
	check_bad --json >json 2>summary
	[ $? = 3 ] && valid json json && grep -q '"spatch cannot parse this"' json &&
		check_bad --sarif >sarif 2>summary
	[ $? = 3 ] && valid sarif sarif && grep -q '"executionSuccessful":[[:space:]]*false' sarif
	local status=$?
	rm bad/odd.c
	return $status
}
baseline() {
	expect 0 '' check_bad --write-baseline known || return 1
	expect 0 '1 in the baseline' check_bad --baseline known || return 1
	# What moves stays known, what is new is not.
	sed -i '1a\\/* a line more */' bad/good.c
	expect 0 '1 in the baseline' check_bad --baseline known || return 1
	sed -i 's/^\tmdk_dma_write.*/&\n&/' bad/good.c
	expect 1 '1 error,.* 1 in the baseline' check_bad --baseline known
}
levels() {
	bad_tree
	printf '#include <mdk/mdk.h>\n#if LINUX_VERSION_CODE\n#endif\nstruct mdk_dev;\n' >bad/good.c
	expect 1 'warning: .*mdk-version-if' check_bad && expect 0 'warning: .*mdk-version-if' check_bad --severity error
}

check "nothing to say: clean" files_checked 1 0 '' check_tree
check "a folder that is not there" expect 2 'there is no nowhere to check' "$MDEV" check nowhere
mkdir -p empty
check "a folder without C" expect 2 'no C file below empty, so nothing was checked' "$MDEV" check empty
check "a function that spatch cannot parse" unparsed
check "a function that spatch cannot follow" unfollowed
check "in a file that no rule looks at it does not count" irrelevant
check "a file that is no text" with_nul
check "a file that cannot be read" dangling
check "no spatch" missing_spatch
check "a spatch that says nothing" silent_spatch
check "a spatch that dies" dying_spatch
check "a rule that does not end" endless
check "a spatch that does not end" sleepy
check "a machine with much to do: nothing is lost" slow_spatch
check "what ran out of time is tried once more" late_together
check "a broken rule takes no other with it" one_broken
check "a rule that stumbles" of_rule stumbles 'good\.c: not checked by stumbles: spatch stumbled: .*Python'
check "a rule that prints something else" of_rule babbles 'no file was checked by babbles: it printed a line that is no finding'
check "a rule that is no semantic patch" of_rule broken 'no file was checked by broken: spatch failed: .*broken.cocci", line'
check "a rule without a head" expect 3 "the rule rules/headless.cocci is no good: it has no 'virtual report'" \
	check_tree --cocci rules/headless.cocci
check "an unknown rule" expect 2 "there is no rule 'mdk-result-ignore'; did you mean 'mdk-result-ignored'" \
	check_tree --rule mdk-result-ignore
check "a rule of one's own" expect 1 'good\.c:6:9: error: a call \[plain\]' check_tree --cocci rules/plain.cocci
check "an unknown mode" expect 2 "one of these is needed: report, org, context, patch" check_tree --mode pretty
bad_tree
check "--json is valid" as_json
check "--sarif is valid" as_sarif
check "the judges of both see what is not" spoilt_json
check "both say what was not checked" gap_in_json
check "a baseline: moved is known, twice is once too much" baseline
check "no baseline" expect 2 'is no baseline' check_bad --baseline tree/good.c
check "a severity that does not count" levels

broken "a runner that ignores who does nothing" sleepy_soon check/spatch.c 's/\.idle = IDLE_SECONDS/.idle = 0/'
broken "a runner that ignores the limit of time" endless_soon check/spatch.c 's/\.cpu = run->check->timeout \* (job->count + 1)/.cpu = 0/'
broken "a runner whose limit is the clock's" slow_spatch check/spatch.c \
	's/\.cpu = run->check->timeout \* (job->count + 1)/.timeout = run->check->timeout/'
broken "a runner that tries nothing again" late_together check/spatch.c 's/^\t\tif (!job->lost\[i\])$/\t\tif (job->lost)/'
broken "a runner that takes an unparsed file for clean" unparsed check/spatch_output.c \
	's/^\tif (source \&\& !in_macro(source, at))$/\tif (source \&\& !in_macro(source, at) \&\& at > 9999)/'
broken "a runner that believes what is not said" silent_spatch check/spatch_output.c 's/^\t\tif (seen\[i\])$/\t\tif (seen)/'
broken "a runner for which a gap is no failure" dangling check/places.c 's/^\tif (check->gap_count)$/\tif (0)/'
broken "a runner that overlooks what a script died of" "of_stumbles" check/spatch_output.c 's/lab_has_prefix(line, "EXN: ")/0/'
finish
