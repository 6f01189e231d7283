// SPDX-License-Identifier: GPL-2.0-only
/* What a boot shows about the driver. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "verdict.h"

#define MAX_WORDS	20

/* In a run without a suite nobody else reads the words of the guest's init. */
static void add_bail_out(struct judgement *judgement, const char *output)
{
	const char *hit = strstr(output, "Bail out! ");

	if (!hit)
		return;
	lab_list_addf(&judgement->problems, "the guest gave up: %.*s", (int)strcspn(hit + 10, "\n"),
		      hit + 10);
	judgement->gave_up = true;
}

static void add_end(struct judgement *judgement, const struct session *session,
		    const struct guest_result *result)
{
	if (result->timed_out)
		lab_list_addf(&judgement->problems, "the guest hung: ended after %u s",
			      session->timeout ? session->timeout : SESSION_TIMEOUT);
	else if (result->status < 0)
		lab_list_add(&judgement->problems, "the guest stopped before its program ended");
	else if (session->run && result->status && !judgement->problems.count)
		lab_list_addf(&judgement->problems, "the command ended with status %d",
			      result->status);
	else if (result->status > 1 && !judgement->problems.count)
		lab_list_addf(&judgement->problems, "mdev-conform ended with status %d",
			      result->status);
}

/*
 * Not the driver's: that a module was loaded outside of its package is true of every driver that is
 * tested, and the clocks settle whenever the machine is slow enough for it.
 */
static bool is_noise(const char *line, size_t len)
{
	static const char *const noise[] = {
		"taints kernel", "tainting kernel", "] clocksource: ", "] tsc: ",
		"mdev-lab: modules loaded",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(noise); i++)
		if (memmem(line, len, noise[i], strlen(noise[i])))
			return true;
	return false;
}

/* Without its time, and once: busybox's insmod tries twice. */
static void add_message(struct lab_buf *words, const char *line, size_t len)
{
	const char *stop = *line == '[' ? memmem(line, len, "] ", 2) : NULL;
	size_t skip = stop ? stop + 2 - line : 0;
	char *text = lab_fmt("%.*s\n", (int)(len - skip), line + skip);

	if (!strstr(words->data, text))
		lab_buf_addf(words, "%s", text);
	free(text);
}

/* Why a module did not load: what the kernel said from its insmod to the guest's end. */
static void add_last_words(struct judgement *judgement, const char *log)
{
	static const char load[] = "mdev-lab: load ", end[] = "mdev-lab: exit ";
	struct lab_buf words = { 0 };
	const char *line = log;
	int lines = 0;

	for (const char *hit = log; (hit = strstr(hit, load)); hit += strlen(load))
		line = hit;
	lab_buf_addf(&words, "%s", judgement->tail ? judgement->tail : "");
	for (line += strcspn(line, "\n"); *line; line += strcspn(line, "\n")) {
		size_t len = strcspn(++line, "\n");

		if (memmem(line, len, end, strlen(end)) || lines++ == MAX_WORDS)
			break;
		if (!is_noise(line, len))
			add_message(&words, line, len);
	}
	free(judgement->tail);
	judgement->tail = words.data;
}

/* A type or a pattern that the driver's guest does not know: the user's, not a finding. */
static bool is_usage(const struct session *session, const struct judgement *judgement,
		     const struct guest_result *result)
{
	return !session->run && !judgement->version && result->status == LAB_USAGE;
}

static int say_usage(const struct guest_result *result)
{
	static const char bail[] = "Bail out! ", own[] = "mdev-conform: ";
	const char *hit = strstr(result->output, bail);
	const char *words = hit ? hit + strlen(bail) : strstr(result->output, own);

	words = words && !hit ? words + strlen(own) : words;
	lab_error("the suite did not begin: %.*s", words ? (int)strcspn(words, "\n") : 0, words ? words : "");
	return LAB_USAGE;
}

/*
 * What the user's own commands end with is no finding about the driver, but what its kernel says of
 * itself is. The guest's script ends with 2 where the type that was asked for is not there.
 */
static int shell_status(const struct judgement *judgement, const struct guest_result *result)
{
	if (judgement->splats || !judge_failures(judgement))
		return judgement->splats ? LAB_FOUND : LAB_OK;
	return judgement->gave_up && result->status == LAB_USAGE ? LAB_USAGE : LAB_CANNOT;
}

int session_judge(const struct session *session, const struct module_plan *plan,
		  const struct guest_result *result, const char *log)
{
	struct judgement judgement;
	struct lab_list paths = { 0 };
	int ret;

	judge_init(&judgement);
	judgement.of_suite = !session->run;
	if (judgement.of_suite) {
		judge_ktap(&judgement, result->output);
		if (!session->foreign)
			judge_skips(&judgement, session->expected_skips);
	} else {
		add_bail_out(&judgement, result->output);
	}
	if (judgement.gave_up && !judgement.version)
		add_last_words(&judgement, result->log);
	judge_log(&judgement, log);
	add_end(&judgement, session, result);
	session_module_paths(plan, &paths);
	if (is_usage(session, &judgement, result))
		ret = say_usage(result);
	else
		ret = session_report(session, &judgement, &paths);
	lab_list_free(&paths);
	if (session->shell)
		ret = shell_status(&judgement, result);
	/* A command has no tests to count. */
	if (session->run && ret == LAB_SKIPPED)
		ret = LAB_OK;
	judge_free(&judgement);
	return ret;
}
