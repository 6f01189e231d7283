// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/stat.h>

#include "apt.h"

#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"

struct apt {
	char *dir;
	char *log;
	const char *lack;
	struct lab_list options;
};

/* Where the machine's own apt gets Debian from. */
struct mirror {
	char *main;
	char *security;
};

static void mirror_take(struct mirror *mirror, const char *label, const char *uri)
{
	char **slot = NULL;

	if (!strcmp(label, "Debian"))
		slot = &mirror->main;
	else if (!strcmp(label, "Debian-Security"))
		slot = &mirror->security;
	if (slot && !*slot)
		*slot = lab_strdup(uri);
}

static void mirror_from_targets(struct mirror *mirror)
{
	char *argv[] = { "apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)",
			 "Created-By: Packages", NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .output = "/dev/null" };
	char *save = NULL;
	int code;

	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && out.data)
		for (char *line = strtok_r(out.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			char *bar = strchr(line, '|');

			if (!bar)
				continue;
			*bar = '\0';
			mirror_take(mirror, line, bar + 1);
		}
	lab_buf_free(&out);
}

/* Without downloaded indexes apt knows no labels, but it says what it would fetch from where. */
static void mirror_from_uris(struct mirror *mirror)
{
	char *argv[] = { "apt-get", "update", "--print-uris", NULL };
	static const char *const codenames[] = { "bookworm", "trixie", "forky", "sid" };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .output = "/dev/null" };
	char *save = NULL;
	int code;

	if (lab_run(&cmd, &code) == LAB_END_EXIT && out.data)
		for (char *line = strtok_r(out.data, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			char *dists = strstr(line, "/dists/"), *suite, *end;

			if (*line != '\'' || !dists)
				continue;
			suite = dists + strlen("/dists/");
			end = strchrnul(suite, '/');
			*end = '\0';
			dists[1] = '\0';
			for (size_t i = 0; i < LAB_ARRAY_SIZE(codenames); i++)
				if (lab_has_prefix(suite, codenames[i]))
					mirror_take(mirror, lab_has_suffix(suite, "-security") ?
						    "Debian-Security" : "Debian", line + 1);
		}
	lab_buf_free(&out);
}

static int mirror_find(struct mirror *mirror)
{
	mirror_from_targets(mirror);
	if (!mirror->main)
		mirror_from_uris(mirror);
	if (lab_interrupted())
		return LAB_CANNOT;
	if (mirror->main)
		return LAB_OK;
	lab_error("apt on this machine names no Debian archive (apt-get indextargets lists none "
		  "with the label Debian); add one below /etc/apt/sources.list.d and repeat");
	return LAB_CANNOT;
}

static int write_sources(const struct apt *apt, const char *const *suites)
{
	const char *trust = lab_exists(KEYRING) ? "[signed-by=" KEYRING "] " : "";
	char *path = lab_fmt("%s/sources.list", apt->dir);
	struct mirror mirror = { 0 };
	struct lab_buf text = { 0 };
	int ret = mirror_find(&mirror);

	for (; !ret && *suites; suites++) {
		bool security = lab_has_suffix(*suites, "-security");

		if (security && !mirror.security)
			continue;
		lab_buf_addf(&text, "deb %s%s %s main\n", trust,
			     security ? mirror.security : mirror.main, *suites);
	}
	if (!ret)
		ret = lab_write_file(path, text.data, text.len, 0666);
	free(mirror.main);
	free(mirror.security);
	free(path);
	lab_buf_free(&text);
	return ret;
}

static int make_folders(struct apt *apt)
{
	static const char *const names[] = { "state/lists/partial", "cache/archives/partial" };
	char *status = lab_fmt("%s/status", apt->dir);
	int ret = lab_write_file(status, "", 0, 0666);

	free(status);
	for (size_t i = 0; !ret && i < LAB_ARRAY_SIZE(names); i++) {
		char *path = lab_fmt("%s/%s", apt->dir, names[i]);

		ret = lab_mkdir_p(path);
		free(path);
	}
	return ret;
}

static void set_options(struct apt *apt)
{
	lab_list_addf(&apt->options, "-oDir::State=%s/state", apt->dir);
	/* Said in full: the machine's configuration may set these as well. */
	lab_list_addf(&apt->options, "-oDir::State::lists=%s/state/lists", apt->dir);
	lab_list_addf(&apt->options, "-oDir::Cache::archives=%s/cache/archives", apt->dir);
	lab_list_addf(&apt->options, "-oDir::State::status=%s/status", apt->dir);
	lab_list_addf(&apt->options, "-oDir::Cache=%s/cache", apt->dir);
	lab_list_addf(&apt->options, "-oDir::Etc::sourcelist=%s/sources.list", apt->dir);
	lab_list_add(&apt->options, "-oDir::Etc::sourceparts=-");
	lab_list_add(&apt->options, "-oDir::Etc::preferences=-");
	lab_list_add(&apt->options, "-oDir::Etc::preferencesparts=-");
	lab_list_add(&apt->options, "-oAPT::Architecture=amd64");
	lab_list_add(&apt->options, "-oAPT::Sandbox::User=root");
	lab_list_add(&apt->options, "-oAcquire::Languages=none");
	lab_list_add(&apt->options, "-oAcquire::Retries=3");
}

/* What apt said: its first error, as the others follow from it; a full disk may come later. */
static char *apt_words(const struct apt *apt)
{
	char *text = lab_read_file(apt->log, NULL), *save = NULL;
	struct lab_buf words = { 0 };

	if (!text)
		return lab_strdup("it said nothing");
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (lab_has_prefix(line, "E: ") &&
		    (!words.len || strstr(line, "No space left")) && words.len < 500)
			lab_buf_addf(&words, "%s%s", words.len ? "; " : "", line + 3);
	free(text);
	return words.data ? words.data : lab_strdup("it said nothing");
}

static int apt_tool(struct apt *apt, const char *tool, const struct lab_list *args,
		    const char *cwd, struct lab_buf *capture)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .cwd = cwd, .output = apt->log, .capture = capture };
	enum lab_end end;
	char *words;
	int code;

	lab_list_add(&argv, tool);
	for (size_t i = 0; i < apt->options.count; i++)
		lab_list_add(&argv, apt->options.items[i]);
	for (size_t i = 0; i < args->count; i++)
		lab_list_add(&argv, args->items[i]);
	cmd.argv = argv.items;
	end = lab_run(&cmd, &code);
	if (end == LAB_END_NOSTART) {
		lab_error("cannot run %s: not found; kernels come from Debian's archive, so apt "
			  "is needed", tool);
	} else if (end != LAB_END_INTERRUPTED && (end != LAB_END_EXIT || code)) {
		words = apt_words(apt);
		lab_error("%s: %s %s failed: %s; %s", apt->lack, tool, args->items[0], words,
			  strstr(words, "No space left") ? "free some space and repeat" :
			  "check the network and the machine's apt sources");
		free(words);
	}
	lab_list_free(&argv);
	return end == LAB_END_EXIT && !code ? LAB_OK : LAB_CANNOT;
}

static int apt_update(struct apt *apt)
{
	struct lab_list args = { 0 };
	int ret;

	lab_list_add(&args, "update");
	/* A failed index is otherwise only a warning. */
	lab_list_add(&args, "-oAPT::Update::Error-Mode=any");
	ret = apt_tool(apt, "apt-get", &args, NULL, NULL);
	lab_list_free(&args);
	return ret;
}

struct apt *apt_open(const char *dir, const char *const *suites, const char *lack)
{
	struct apt *apt = lab_grow(NULL, 1, sizeof(*apt));

	*apt = (struct apt){
		.dir = lab_fmt("%s/apt", dir), .log = lab_fmt("%s/apt.log", dir), .lack = lack,
	};
	set_options(apt);
	if (!lab_mkdir_p(apt->dir) && !make_folders(apt) && !write_sources(apt, suites) &&
	    !apt_update(apt))
		return apt;
	apt_close(apt);
	return NULL;
}

void apt_close(struct apt *apt)
{
	if (!apt)
		return;
	lab_list_free(&apt->options);
	free(apt->dir);
	free(apt->log);
	free(apt);
}

static char *field(const char *stanza, const char *end, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = stanza; line && line < end; ) {
		const char *stop = memchr(line, '\n', end - line);

		stop = stop ? stop : end;
		if (!strncmp(line, name, len) && line[len] == ':')
			return strndup(line + len + 2, stop - line - len - 2);
		line = stop + 1;
	}
	return lab_strdup("");
}

static size_t number_field(const char *stanza, const char *end, const char *name)
{
	char *text = field(stanza, end, name);
	size_t value = strtoul(text, NULL, 10);

	free(text);
	return value;
}

static void parse_stanza(const char *text, const char *end, struct apt_index *index)
{
	struct apt_package package = {
		.name = field(text, end, "Package"),
		.version = field(text, end, "Version"),
		.depends = field(text, end, "Depends"),
		.size = number_field(text, end, "Size"),
		.installed = number_field(text, end, "Installed-Size") * 1024,
	};

	index->items = lab_grow(index->items, index->count + 1, sizeof(package));
	index->items[index->count++] = package;
}

void apt_parse(const char *text, struct apt_index *index)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");

		end = end ? end : text + strlen(text);
		if (lab_has_prefix(text, "Package:"))
			parse_stanza(text, end, index);
		text = end;
		while (*text == '\n')
			text++;
	}
}

int apt_search(struct apt *apt, const char *regex, struct apt_index *index)
{
	struct lab_list args = { 0 };
	struct lab_buf out = { 0 };
	int ret;

	lab_list_add(&args, "search");
	lab_list_add(&args, "--names-only");
	lab_list_add(&args, "--full");
	lab_list_add(&args, regex);
	ret = apt_tool(apt, "apt-cache", &args, NULL, &out);
	if (!ret && out.data)
		apt_parse(out.data, index);
	lab_list_free(&args);
	lab_buf_free(&out);
	return ret;
}

void apt_index_free(struct apt_index *index)
{
	for (size_t i = 0; i < index->count; i++) {
		free(index->items[i].name);
		free(index->items[i].version);
		free(index->items[i].depends);
	}
	free(index->items);
	*index = (struct apt_index){ 0 };
}

const struct apt_package *apt_find(const struct apt_index *index, const char *name)
{
	for (size_t i = 0; i < index->count; i++)
		if (!strcmp(index->items[i].name, name))
			return &index->items[i];
	return NULL;
}

void apt_closure(const struct apt_index *index, const struct apt_package *package,
		 struct lab_list *closure)
{
	char *depends, *save = NULL;

	if (!package || lab_list_has(closure, package->name))
		return;
	lab_list_add(closure, package->name);
	depends = lab_strdup(package->depends);
	for (char *dep = strtok_r(depends, ",|", &save); dep; dep = strtok_r(NULL, ",|", &save)) {
		dep += strspn(dep, " ");
		dep[strcspn(dep, " (:")] = '\0';
		apt_closure(index, apt_find(index, dep), closure);
	}
	free(depends);
}

static int check_space(const char *dir, size_t bytes)
{
	size_t need = bytes >> 20, have;
	struct statvfs fs;

	if (statvfs(dir, &fs))
		return LAB_OK;
	have = (fs.f_bavail * fs.f_frsize) >> 20;
	if (have > need)
		return LAB_OK;
	lab_error("not enough space on the disk of %s: %zu MB are needed, %zu MB are free; free "
		  "some, or set XDG_CACHE_HOME to a folder on another disk", dir, need, have);
	return LAB_CANNOT;
}

int apt_download(struct apt *apt, const struct apt_index *index, const struct lab_list *names,
		 const char *dir)
{
	struct lab_list args = { 0 };
	size_t down = 0, unpacked = 0;
	int ret;

	lab_list_add(&args, "download");
	for (size_t i = 0; i < names->count; i++) {
		const struct apt_package *package = apt_find(index, names->items[i]);

		lab_list_addf(&args, "%s=%s", package->name, package->version);
		down += package->size;
		unpacked += package->installed;
	}
	ret = check_space(dir, down + unpacked);
	if (!ret) {
		lab_note("  downloading %zu packages, %zu MB", names->count, (down >> 20) + 1);
		ret = apt_tool(apt, "apt-get", &args, dir, NULL);
	}
	lab_list_free(&args);
	return ret;
}
