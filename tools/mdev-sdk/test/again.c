// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "common/text.h"
#include "lab/judge.h"

#define END_LINE "# mdev-conform: end\n"
/* The suite ends a test after 15 s without a step, unless the kernel does not let it. */
#define STUCK 20

/* One boot that broke off. */
struct broken {
	const struct guest_result *result;
	struct judgement judgement;	/* of this boot alone */
	size_t number;			/* of the test that ended it, or of the next one */
	char *name;
	const char *tail;		/* the kernel's log from that test on */
	bool between;			/* no test was running */
	bool slow;			/* only the time was up */
};

void again_init(struct again *again, unsigned int most)
{
	*again = (struct again){ .from = 1, .most = most ? most : AGAIN_CRASHES, .out = stdout,
				 .what = "the kernel" };
	lab_buf_add(&again->output, "", 0);
	lab_buf_add(&again->log, "", 0);
	lab_buf_add(&again->judged, "", 0);
}

void again_free(struct again *again)
{
	lab_buf_free(&again->output);
	lab_buf_free(&again->log);
	lab_buf_free(&again->judged);
	lab_list_free(&again->without);
}

/* "KTAP version 1" and the plan stand there once. */
bool again_is_head(const char *line)
{
	return lab_has_prefix(line, "KTAP version ") ||
	       (lab_has_prefix(line, "1..") && isdigit((unsigned char)line[3]));
}

bool again_is_end(const char *line)
{
	return lab_has_prefix(line, END_LINE);
}

static void add_output(struct again *again, const char *text)
{
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		if (again->boots == 1 || !again_is_head(text))
			lab_buf_add(&again->output, text, len);
	}
	if (again->output.len && again->output.data[again->output.len - 1] != '\n')
		lab_buf_addf(&again->output, "\n");
}

/* How many of the results are of tests that did run. */
static size_t count_run(const struct judgement *judgement)
{
	size_t count = 0;

	for (size_t i = 0; i < judgement->count; i++)
		count += !lab_has_prefix(judgement->results[i].reason, JUDGE_NOT_RUN);
	return count;
}

/* The guest's time at the last line that begins before at, in seconds; 0: it is not known. */
static double time_of(const char *log, const char *at)
{
	while (at > log && at[-1] != '\n')
		at--;
	return *at == '[' ? strtod(at + 1, NULL) : 0;
}

/*
 * Which test was running: the last one that was announced, unless it has a result. Where results
 * are missing besides, nobody knows where to go on. Return: it is known.
 */
static bool find_test(const struct again *again, struct broken *broken)
{
	const struct lab_list *names = again->names;
	size_t begun = judge_tests_begun(broken->result->log);
	size_t run = count_run(&broken->judgement);

	broken->tail = judge_last_test(broken->result->log, &broken->name);
	if (broken->tail) {
		broken->between = begun == run;
		return begun == run || begun == run + 1;
	}
	/* A guest without /dev/kmsg announces nothing. */
	if (!names || !names->count)
		return false;
	broken->tail = broken->result->log;
	broken->name = lab_strdup(names->items[(broken->number - 1) % names->count]);
	return true;
}

/* A guest whose time was up when the test had hardly begun, and others had come first. */
static bool is_slow(const struct broken *broken)
{
	double began = time_of(broken->result->log, broken->tail);

	return broken->result->timed_out && broken->judgement.count &&
	       (broken->between || broken->result->seconds - began < STUCK);
}

/* Did a test, or what came of it, end this boot before the suite's end? */
static bool find_break(const struct again *again, struct broken *broken)
{
	struct judgement *judgement = &broken->judgement;

	judge_ktap(judgement, broken->result->output);
	broken->number = again->from + judgement->count;
	if (broken->result->status >= 0 || judgement->end || judgement->gave_up ||
	    judgement->plan < 0 || broken->number > (size_t)judgement->plan)
		return false;
	if (!find_test(again, broken))
		return false;
	broken->slow = is_slow(broken);
	return true;
}

static const char *verb_of(const struct broken *broken)
{
	if (broken->result->qemu)
		return "ended QEMU under";
	return broken->result->timed_out ? "hung" : "crashed";
}

/* What the kernel said of it, as the lines of a test's diagnostics. */
static void add_words(struct again *again, const struct broken *broken)
{
	struct judgement said;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	judge_init(&said);
	judge_log(&said, broken->tail);
	if (broken->result->timed_out)
		fprintf(out, "# no answer until the guest was ended, after %.0f s\n",
			broken->result->seconds);
	if (said.splat)
		oops_tell(said.splat, again->source, "# ", out);
	else if (!broken->result->timed_out && !broken->result->qemu)
		fprintf(out, "# the guest stopped without a word of its kernel\n");
	if (broken->result->qemu)
		fprintf(out, "# QEMU ended with %s\n", broken->result->qemu);
	if (said.splats > 1)
		fprintf(out, "# and %zu more in the kernel's log\n", said.splats - 1);
	fclose(out);
	lab_buf_add(&again->output, text, len);
	free(text);
	judge_free(&said);
}

/* The verdict, as the suite would have given it if it could. */
static void blame(struct again *again, const struct broken *broken)
{
	const char *type = strchr(broken->name, '[');

	add_words(again, broken);
	lab_buf_addf(&again->output, "not ok %zu %s # %s %s %s\n", broken->number,
		     broken->name, broken->result->timed_out ? "TIMEOUT" : "ERROR",
		     verb_of(broken), again->what);
	if (type)
		lab_list_addf(&again->without, "%.*s=%sit %s %s with %.*s",
			      (int)(type - broken->name), broken->name, JUDGE_NOT_RUN,
			      verb_of(broken), again->what, (int)strcspn(type + 1, "]"), type + 1);
}

static void give_up(struct again *again)
{
	if (again->crashes != again->most)
		return;
	lab_error("the bound --crashes %u is reached: the tests behind the last crash are not run; "
		  "mend the crashes first, choose others with --only or --skip, or allow more with --crashes N",
		  again->crashes);
	lab_list_addf(&again->without, "*=%s--crashes %u was reached before it; "
		      "--only runs it alone", JUDGE_NOT_RUN, again->crashes);
}

static void say(const struct again *again, const struct broken *broken)
{
	fprintf(again->out, "boot    %.1f s, ended %s %s: ", broken->result->seconds,
		broken->slow ? "for its time before" : broken->between ? "behind" : "in",
		broken->name);
	if (!broken->slow)
		fprintf(again->out, "%s %s; ", verb_of(broken), again->what);
	fprintf(again->out, "%s\n", again->whole ? "it was the last one" : "once more from there");
	fflush(again->out);
}

/*
 * A guest that stops between two tests, and without a word, leaves neither a test to blame nor a
 * line in its log that anybody would judge. So it gets one.
 */
static void add_silent_end(struct again *again, const struct broken *broken)
{
	struct judgement said;

	judge_init(&said);
	judge_log(&said, broken->tail);
	if (broken->result->qemu)
		lab_buf_addf(&again->judged, "\nBUG: behind %s QEMU ended with %s\n", broken->name,
			     broken->result->qemu);
	else if (!said.splats)
		lab_buf_addf(&again->judged, "\nBUG: the guest stopped behind %s, without a word of its kernel\n",
			     broken->name);
	judge_free(&said);
}

/* Return: there is something left to boot for. */
static bool go_on(struct again *again, const struct broken *broken)
{
	bool blamed = !broken->between && !broken->slow;
	const char *log = broken->result->log;
	size_t quiet = blamed ? (size_t)(broken->tail - log) : strlen(log);

	lab_buf_add(&again->judged, log, quiet);
	if (blamed)
		blame(again, broken);
	else if (!broken->slow)
		add_silent_end(again, broken);
	again->from = broken->number + blamed;
	again->whole = again->from > (size_t)broken->judgement.plan;
	if (again->whole)
		lab_buf_addf(&again->output, END_LINE);
	say(again, broken);
	again->crashes++;
	if (!again->whole)
		give_up(again);
	return !again->whole;
}

bool again_take(struct again *again, const struct guest_result *result)
{
	struct broken broken = { .result = result };
	bool more;

	again->boots++;
	lab_buf_addf(&again->log, "%s", result->log);
	add_output(again, result->output);
	judge_init(&broken.judgement);
	/* Behind the bound nothing of the driver is run: what ends the kernel now is no test. */
	more = again->crashes < again->most && find_break(again, &broken);
	if (more)
		more = go_on(again, &broken);
	else
		lab_buf_addf(&again->judged, "%s", result->log);
	judge_free(&broken.judgement);
	free(broken.name);
	return more;
}

char *again_options(const struct again *again)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	if (again->boots)
		lab_buf_addf(&out, " --from %zu", again->from);
	for (size_t i = 0; i < again->without.count; i++) {
		char *word = text_quoted(again->without.items[i]);

		lab_buf_addf(&out, " --without %s", word);
		free(word);
	}
	return out.data;
}

struct guest_result again_result(const struct again *again, const struct guest_result *last)
{
	struct guest_result result = *last;

	result.output = again->output.data;
	result.log = again->log.data;
	if (again->whole) {
		result.status = LAB_FOUND;
		result.timed_out = false;
		result.qemu = NULL;
	}
	return result;
}
