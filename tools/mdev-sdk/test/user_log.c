// SPDX-License-Identifier: GPL-2.0-only
/* Reports of AddressSanitizer and its kin, and of the shim, among the lines of a server. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "lab/lab.h"
#include "user_log.h"

#define RUNTIME ": runtime error: "

/* "==123==ERROR: WORDS": where the words begin, or NULL. */
static const char *report_of(const char *line)
{
	const char *at = line;

	if (lab_has_prefix(line, "WARNING: ThreadSanitizer: "))
		return line + strlen("WARNING: ");
	if (strncmp(at, "==", 2))
		return NULL;
	for (at += 2; isdigit((unsigned char)*at); at++)
		;
	return lab_has_prefix(at, "==ERROR: ") ? at + strlen("==ERROR: ") : NULL;
}

/* The first place of the report, up to @end, that is in the tree: "FUNCTION FILE:LINE", or NULL. */
static char *place_in(const char *report, const char *end, const char *tree)
{
	const char *hit = memmem(report, end - report, tree, strlen(tree));
	const char *begin, *file;

	if (!hit)
		return NULL;
	for (begin = hit; begin > report && begin[-1] != '\n'; begin--)
		;
	file = hit + strlen(tree) + (hit[strlen(tree)] == '/');
	begin = memmem(begin, hit - begin, " in ", 4) ? : NULL;
	if (!begin)
		return lab_fmt("%.*s", (int)strcspn(file, " \n)"), file);
	return lab_fmt("%.*s %.*s", (int)(hit - 1 - (begin + 4)), begin + 4,
		       (int)strcspn(file, " \n)"), file);
}

/* "…/FILE:LINE:COLUMN: runtime error: WORDS" */
static void add_runtime(struct lab_buf *out, const char *line, size_t len, const char *tree)
{
	const char *words = memmem(line, len, RUNTIME, strlen(RUNTIME));
	const char *file = lab_has_prefix(line, tree) ? line + strlen(tree) + 1 : line;

	lab_buf_addf(out, "BUG: UndefinedBehaviorSanitizer: %.*s in %.*s\n",
		     (int)(len - (words + strlen(RUNTIME) - line)), words + strlen(RUNTIME),
		     (int)(words - file), file);
}

/* "FILE:LINE: warning: WORDS" and "FILE:LINE: bug: WORDS" are the shim's own. Where WORDS begin. */
static const char *words_of_shim(const char *line, size_t len)
{
	static const char *const kinds[] = { ": warning: ", ": bug: " };
	const char *at = memchr(line, ':', len);
	size_t digits;

	if (!at || at == line)
		return NULL;
	digits = strspn(at + 1, "0123456789");
	for (size_t i = 0; digits && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (lab_has_prefix(at + 1 + digits, kinds[i]))
			return at + 1 + digits + strlen(kinds[i]);
	return NULL;
}

/* Behind the line and its backtrace. */
static const char *end_of_shim(const char *line)
{
	do {
		line += strcspn(line, "\n");
		line += *line == '\n';
	} while (lab_has_prefix(line, "    #"));
	return line;
}

/* "FILE:LINE" at the beginning of the line, if that is in the tree. */
static char *place_of_line(const char *line, const char *tree)
{
	const char *file;
	size_t len;

	if (!lab_has_prefix(line, tree) || line[strlen(tree)] != '/')
		return NULL;
	file = line + strlen(tree) + 1;
	len = strcspn(file, ":") + 1;
	return lab_fmt("%.*s", (int)(len + strspn(file + len, "0123456789")), file);
}

/* Who called the shim; where that is a file of the shim, the backtrace has the driver's line. */
static void add_of_shim(struct lab_buf *out, const char *words, const char *line, const char *tree)
{
	char *place = place_of_line(line, tree);

	if (!place)
		place = place_in(line, end_of_shim(line), tree);
	lab_buf_addf(out, "BUG: %.*s%s%s\n", (int)strcspn(words, "\n"), words, place ? ", in " : "",
		     place ? place : "");
	free(place);
}

static void add_report(struct lab_buf *out, const char *words, const char *line, const char *tree)
{
	/* Addresses and processes say nothing that the report below does not. */
	static const char *const noise[] = { " on address ", " on unknown address ", " (pid=" };
	const char *end = strstr(line, "==ABORTING");
	char *place;
	size_t len = strcspn(words, "\n");
	const char *hit;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(noise); i++) {
		hit = memmem(words, len, noise[i], strlen(noise[i]));
		len = hit ? (size_t)(hit - words) : len;
	}
	end = end ? end : line + strlen(line);
	place = place_in(line, end, tree);
	/* One that does not meet the driver at all is the framework's. */
	if (!place)
		place = place_in(line, end, sdk_root());
	lab_buf_addf(out, "BUG: %.*s%s%s\n", (int)len, words, place ? ", in " : "",
		     place ? place : "");
	free(place);
}

char *user_log(const char *log, const char *tree)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (const char *line = log; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		const char *words = report_of(line);

		const char *shim = words_of_shim(line, len);

		if (words)
			add_report(&out, words, line, tree);
		else if (shim)
			add_of_shim(&out, shim, line, tree);
		else if (memmem(line, len, RUNTIME, strlen(RUNTIME)))
			add_runtime(&out, line, len, tree);
		else
			lab_buf_addf(&out, "%.*s\n", (int)len, line);
		if (memmem(line, len, "==ABORTING", 10))
			lab_buf_addf(&out, "---[ end of the report ]---\n");
	}
	return out.data;
}
