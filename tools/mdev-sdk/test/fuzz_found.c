// SPDX-License-Identifier: GPL-2.0-only
/* What the fuzzer in a guest has said, and what its kernel has. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/text.h"
#include "fuzz.h"
#include "lab/oops.h"
#include "lab/splat.h"

/* Words of tools/fuzz. */
#define BEGIN_MARK "mdk-fuzz: begin of "
#define END_MARK "mdk-fuzz: end of "
#define INPUT_MARK "mdk-fuzz: input "
#define WATCHED_MARK "mdk-fuzz: watched by "
#define FINDING "finding: "

void fuzz_boot_free(struct fuzz_boot *boot)
{
	free(boot->output);
	free(boot->log);
	free(boot->report);
	*boot = (struct fuzz_boot){ 0 };
}

bool fuzz_is_bad(const struct fuzz_boot *boot)
{
	return boot->report || boot->status == LAB_FOUND || boot->status < 0 || boot->slow;
}

char *fuzz_events_of(const char *output, const char *what)
{
	char *mark = lab_fmt(BEGIN_MARK "%s\n", what);
	const char *begin = strstr(output, mark);
	const char *end = begin ? strstr(begin, END_MARK) : NULL;

	begin += begin ? strlen(mark) : 0;
	free(mark);
	return end ? strndup(begin, end - begin) : NULL;
}

static const char *last_of(const char *text, const char *word)
{
	const char *last = NULL;

	for (const char *at = text; (at = strstr(at, word)); at++)
		last = at;
	return last;
}

bool fuzz_last_input(const char *log, unsigned long *nr)
{
	const char *last = last_of(log, INPUT_MARK);

	if (last)
		*nr = strtoul(last + strlen(INPUT_MARK), NULL, 10);
	return last;
}

/* The last line of the output that counts events; where it has none, of the kernel's log. */
void fuzz_tell(const struct fuzz_boot *boot)
{
	static const char counts[] = " events, ", prefix[] = "mdk-fuzz: ";
	const char *line = last_of(boot->output, counts), *mark = last_of(boot->log, INPUT_MARK);

	while (line && line > boot->output && line[-1] != '\n')
		line--;
	if (line)
		printf("events  %.*s\n", (int)(strcspn(line, "\n") - strlen(prefix)),
		       line + strlen(prefix));
	else if (mark)
		printf("events  the last word was: %.*s\n", (int)strcspn(mark, "\n"), mark);
	line = last_of(boot->output, WATCHED_MARK);
	if (line)
		printf("watched by %.*s\n", (int)strcspn(line + strlen(WATCHED_MARK), "\n"),
		       line + strlen(WATCHED_MARK));
}

/* The first function of a module that the report names; false: there is none. */
static bool first_frame(const char *report, struct frame *frame)
{
	for (; *report; report += strcspn(report, "\n"), report += *report == '\n') {
		char *line = strndup(report, strcspn(report, "\n"));
		bool has = oops_frame(line, frame) && *frame->module;

		free(line);
		if (has)
			return true;
	}
	return false;
}

/* The words of its first line that are the same for the same mistake, and where that was. */
static char *key_of_report(const char *report)
{
	const char *words = splat_message(report);
	size_t len = strcspn(words, "\n0123456789+,/");
	struct frame frame;

	/* "WARNING: CPU: 0 PID: 24 at PATH:50 FUNCTION+0x9a/0xa0" */
	if (lab_has_prefix(words, "WARNING: CPU"))
		len = strlen("WARNING");
	while (len && strchr(" :", words[len - 1]))
		len--;
	if (!first_frame(report, &frame) ||
	    memmem(words, len, frame.function, strlen(frame.function)))
		return strndup(words, len);
	return lab_fmt("%.*s in %s", (int)len, words, frame.function);
}

/* What it is, in a few words, to be freed. */
static char *key_of(const struct fuzz_boot *boot)
{
	const char *finding = strstr(boot->output, FINDING), *words;

	/* Such a warning is the kernel's, and its own words say more. */
	if (boot->report && (!finding || lab_has_prefix(finding, FINDING "warning")))
		return key_of_report(boot->report);
	if (finding) {
		words = finding + strlen(FINDING);
		return strndup(words, strcspn(words, ";\n"));
	}
	return lab_strdup(boot->slow ? "the guest hung" :
				       "the guest stopped, without a word of its kernel");
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/* "FOUND: VALUES": the values are not a part of the name. */
static char *path_of(const struct fuzz_run *run, const char *key, const char *more)
{
	size_t len = strcspn(key, "0123456789,;");
	char *words = strndup(key, len), *name = text_as_name(words);
	char *path = lab_fmt("%s/crashes/kernel-%s%s.txt", run->dir, name, more);

	free(name);
	free(words);
	return path;
}

static int write_file(const struct fuzz_run *run, const char *key, const char *events,
		      const char *path)
{
	char *dir = lab_fmt("%s/crashes", run->dir);
	char *text = lab_fmt("# %s\n# kernel %s, seed %u\n%s", key, run->args->kernel, run->seed,
			     events);
	int ret = lab_mkdir_p(dir);

	if (!ret)
		ret = lab_replace_file(path, text, strlen(text));
	free(text);
	free(dir);
	return ret;
}

static void say_file(const struct fuzz_run *run, const char *events, const char *path)
{
	char *file = text_quoted(path), *tree = text_quoted(run->tree);
	char *kernel = text_quoted(run->args->kernel);
	char *type = run->type ? text_quoted(run->type) : NULL;

	printf("        %zu events: %s\n", count_lines(events), path);
	printf("        %s fuzz %s --kernel %s%s%s --replay %s\n", sdk_command(), tree, kernel,
	       type ? " --type " : "", type ? type : "", file);
	free(type);
	free(kernel);
	free(tree);
	free(file);
}

static int write_events(const struct fuzz_run *run, const char *key, const char *output,
			const char *what, const char *more)
{
	char *events = fuzz_events_of(output, what), *path = path_of(run, key, more);
	int ret = events ? write_file(run, key, events, path) : LAB_OK;

	if (!ret && events)
		say_file(run, events, path);
	free(path);
	free(events);
	return ret;
}

int fuzz_write_found(const struct fuzz_run *run, const char *output)
{
	char *key = key_of(&run->boot);
	int ret = LAB_OK;

	printf("found   %s\n", key);
	if (!run->args->replay) {
		ret = write_events(run, key, output, "an input", "");
		if (!ret) {
			printf("        with what came before it on the same device:\n");
			ret = write_events(run, key, output, "all inputs", "-all");
		}
		if (!ret)
			printf("        --seed %u does all of it again\n", run->seed);
	}
	free(key);
	return ret ? ret : LAB_FOUND;
}
