// SPDX-License-Identifier: GPL-2.0-only
/* What the fuzzer in a guest has said, and what its kernel has. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/text.h"
#include "fuzz.h"
#include "lab/splat.h"

/* Words of tools/fuzz. */
#define BEGIN_MARK "mdk-fuzz: begin of an input\n"
#define END_MARK "mdk-fuzz: end of an input\n"
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

char *fuzz_input_of(const char *output)
{
	const char *begin = strstr(output, BEGIN_MARK);
	const char *end = begin ? strstr(begin, END_MARK) : NULL;

	if (!end)
		return NULL;
	begin += strlen(BEGIN_MARK);
	return strndup(begin, end - begin);
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

/* What it is, in a few words, to be freed. */
static char *key_of(const struct fuzz_boot *boot)
{
	const char *finding = strstr(boot->output, FINDING), *words;

	/* Such a warning is the kernel's, and its own words say more. */
	if (boot->report && (!finding || lab_has_prefix(finding, FINDING "warning"))) {
		words = splat_message(boot->report);
		return strndup(words, strcspn(words, "\n"));
	}
	if (finding) {
		words = finding + strlen(FINDING);
		return strndup(words, strcspn(words, ";\n"));
	}
	return lab_strdup(boot->slow ? "the guest hung" :
				       "the guest stopped, without a word of its kernel");
}

/* Of a report the numbers of a place and of a process change from time to time. */
static char *name_of(const char *key)
{
	char *words = strndup(key, strcspn(key, "+/;@")), *name;

	name = text_as_name(words);
	free(words);
	return name;
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

static void say_replay(const struct fuzz_run *run, const char *path)
{
	char *file = text_quoted(path), *tree = text_quoted(run->tree);
	char *kernel = text_quoted(run->args->kernel);
	char *type = run->type ? text_quoted(run->type) : NULL;

	printf("        %s fuzz %s --kernel %s%s%s --replay %s\n", sdk_command(), tree, kernel,
	       type ? " --type " : "", type ? type : "", file);
	if (!run->args->replay)
		printf("        it may need what came before it: --seed %u does it all again\n",
		       run->seed);
	free(type);
	free(kernel);
	free(tree);
	free(file);
}

static int write_file(const struct fuzz_run *run, const char *key, const char *input, char **path)
{
	char *dir = lab_fmt("%s/crashes", run->dir), *name = name_of(key);
	char *text = lab_fmt("# %s\n# kernel %s, seed %u\n%s", key, run->args->kernel, run->seed, input);
	int ret = lab_mkdir_p(dir);

	*path = lab_fmt("%s/kernel-%s.txt", dir, name);
	if (!ret)
		ret = lab_replace_file(*path, text, strlen(text));
	free(text);
	free(name);
	free(dir);
	return ret;
}

int fuzz_write_found(const struct fuzz_run *run, const char *input)
{
	char *key = key_of(&run->boot), *path = NULL;
	int ret = LAB_OK;

	printf("found   %s\n", key);
	if (run->args->replay || !input) {
		free(key);
		return LAB_FOUND;
	}
	ret = write_file(run, key, input, &path);
	if (!ret) {
		printf("        %zu events: %s\n", count_lines(input), path);
		say_replay(run, path);
	}
	free(path);
	free(key);
	return ret ? ret : LAB_FOUND;
}
