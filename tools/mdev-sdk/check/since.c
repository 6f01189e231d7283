// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has changed since a revision: the functions that git's diff shows as a whole, in the files
 * as they lie there, committed or not. A file that git does not know is new as a whole.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "since.h"

#define WORDS 16

/* What git prints, with a NUL at its end; NULL: it failed, and *why says how. */
static char *git(const char *folder, const char *const *words, char **why, size_t *len)
{
	char *argv[WORDS] = { "git", "-C", (char *)folder };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .capture_stderr = why != NULL };
	enum lab_end end;
	int code;

	for (size_t i = 0; words[i] && i + 4 < WORDS; i++)
		argv[3 + i] = (char *)words[i];
	end = lab_run(&cmd, &code);
	lab_buf_add(&out, "", 1);
	*len = out.len - 1;
	if (end == LAB_END_EXIT && !code)
		return out.data;
	if (why && end == LAB_END_NOSTART)
		*why = lab_strdup("there is no git; as root: apt-get install git");
	else if (why)
		*why = strndup(out.data, strcspn(out.data, "\n"));
	lab_buf_free(&out);
	return NULL;
}

static int check_tree(const char *folder, const char *revision)
{
	static const char *const inside[] = { "rev-parse", "--is-inside-work-tree", NULL };
	char *commit = lab_fmt("%s^{commit}", revision), *why = NULL, *out;
	const char *const verify[] = {
		"rev-parse", "--verify", "--end-of-options", commit, NULL,
	};
	int ret = LAB_USAGE;
	size_t len;

	out = git(folder, inside, &why, &len);
	if (!out) {
		lab_error("--since needs a tree of git, and %s is in none: %s", folder, why);
	} else {
		free(out);
		out = git(folder, verify, &why, &len);
		if (out)
			ret = LAB_OK;
		else
			lab_error("--since is '%s', and git knows no such revision: %s", revision,
				  why);
	}
	free(out);
	free(why);
	free(commit);
	return ret;
}

static struct source *find_name(struct sources *sources, const char *name)
{
	for (size_t i = 0; i < sources->count; i++)
		if (!strcmp(sources->items[i].name, name))
			return &sources->items[i];
	return NULL;
}

static void add_lines(struct source *source, unsigned int first, unsigned int count)
{
	if (!count)
		return;
	source->changed = lab_grow(source->changed, source->nr_changed + 1,
				   sizeof(*source->changed));
	source->changed[source->nr_changed++] = (struct line_range){ first, first + count - 1 };
}

/* "@@ -12,3 +14,5 @@ ...": lines 14 to 18; without a comma it is one. */
static void read_hunks(struct source *source, const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		unsigned int first, count = 1;
		const char *plus;

		line += *line == '\n';
		plus = lab_has_prefix(line, "@@ ") ? strchr(line, '+') : NULL;
		if (plus && sscanf(plus, "+%u,%u", &first, &count) >= 1)
			add_lines(source, first, count);
	}
}

static int read_file(const char *folder, struct source *source, const char *revision)
{
	const char *const words[] = {
		"diff", "--no-ext-diff", "--no-color", "--no-renames", "--function-context", "-U0",
		"--end-of-options", revision, "--", source->name, NULL,
	};
	size_t len;
	char *out = git(folder, words, NULL, &len);

	if (!out) {
		lab_error("--since: git cannot say what changed in %s", source->path);
		return LAB_CANNOT;
	}
	source->same = false;
	read_hunks(source, out);
	/* What only lost lines, outside of functions, has none to look at. */
	source->same = !source->nr_changed;
	free(out);
	return LAB_OK;
}

/* Each name of a list that git has printed with NULs between. */
static int each_name(struct sources *sources, const char *folder, const char *const *words,
		     const char *revision)
{
	size_t len;
	char *out = git(folder, words, NULL, &len);
	int ret = LAB_OK;

	if (!out) {
		lab_error("--since: git cannot list what changed in %s", folder);
		return LAB_CANNOT;
	}
	for (char *name = out; name < out + len && !ret; name += strlen(name) + 1) {
		struct source *source = find_name(sources, name);

		if (source && revision)
			ret = read_file(folder, source, revision);
		else if (source)
			source->same = false;
	}
	free(out);
	return ret;
}

int since_read(struct sources *sources, const char *revision)
{
	static const char *const others[] = { "ls-files", "--others", "-z", "--", ".", NULL };
	const char *const names[] = {
		"diff", "--no-ext-diff", "--name-only", "--no-renames", "--relative", "-z",
		"--end-of-options", revision, "--", ".", NULL,
	};
	const char *folder = sources_dir(sources);
	int ret = check_tree(folder, revision);

	for (size_t i = 0; i < sources->count; i++)
		sources->items[i].same = true;
	if (!ret)
		ret = each_name(sources, folder, names, revision);
	if (!ret)
		ret = each_name(sources, folder, others, NULL);
	return ret;
}
