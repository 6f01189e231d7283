// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group sysfs, second part: files that the driver has given the device, in directories of their own
 * (mdev_attr_groups). What they mean is not known here: a text that none of them can mean has to be
 * refused, or read back as it was written; and a file belongs to one device.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "suite.h"

#define MAX_FILES	64u
#define FILE_SIZE	4096

struct file {
	char name[2 * SYSFS_NAME];	/* "group/file" */
	char value[FILE_SIZE];		/* as it was found */
};

static struct file files[MAX_FILES];
static unsigned int nr_files;

static ssize_t read_file(const struct mdev *m, const char *name, char *value)
{
	char path[PATH_MAX];

	mdev_path(path, m, name);
	return sysfs_read(path, value, FILE_SIZE);
}

static ssize_t write_file(const struct mdev *m, const char *name, const char *text)
{
	char path[PATH_MAX];

	mdev_path(path, m, name);
	did("write of %zu bytes to %s: '%.40s'", strlen(text), name, text);
	return sysfs_write(path, text, strlen(text));
}

/* What can be written only is a command; nobody can see what it has done. */
static void add_file(const struct mdev *m, const char *group, const char *name)
{
	struct file *file = &files[nr_files];
	char path[PATH_MAX];
	struct stat st;

	snprintf(file->name, sizeof(file->name), "%s/%s", group, name);
	mdev_path(path, m, file->name);
	if (stat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & 0222))
		return;
	if (nr_files + 1 < MAX_FILES && read_file(m, file->name, file->value) >= 0)
		nr_files++;
}

static void add_group(const struct mdev *m, const char *group)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	mdev_path(path, m, group);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		add_file(m, group, entry->d_name);
	if (dir)
		closedir(dir);
}

/* The kernel's own directory of a device is power. */
static void find_files(const struct mdev *m)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	mdev_path(path, m, ".");
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
		    strcmp(entry->d_name, "power"))
			add_group(m, entry->d_name);
	if (dir)
		closedir(dir);
	if (!nr_files)
		note("the driver has given the device no file that can be read and written");
}

static bool same_text(const char *a, const char *b)
{
	size_t len = strcspn(a, "\n");

	return len == strcspn(b, "\n") && !strncmp(a, b, len);
}

static void refuses(const struct mdev *m, const struct file *file, const char *text)
{
	static char now[FILE_SIZE];

	if (write_file(m, file->name, text) < 0 || read_file(m, file->name, now) < 0)
		return;
	if (!same_text(now, text))
		failed("an error, or that text when it is read again",
		       "it was taken, and %s reads '%.40s'", file->name, now);
}

static void garbage(struct env *env)
{
	static char longest[FILE_SIZE];

	vfio_close(&env->vfio);
	find_files(&env->dev);
	memset(longest, 'x', sizeof(longest) - 2);
	for (unsigned int i = 0; i < nr_files; i++) {
		refuses(&env->dev, &files[i], "mdev-conform-garbage\n");
		refuses(&env->dev, &files[i], "\n");
		refuses(&env->dev, &files[i], "99999999999999999999\n");
		refuses(&env->dev, &files[i], longest);
		write_file(&env->dev, files[i].name, files[i].value);
	}
}

/* Texts of which a file may take one that changes it. */
static const char *const words[] = {
	"0", "1", "y", "n", "yes", "no", "on", "off", "up", "down", "ok", "failed", "enabled",
	"disabled", "auto",
};

#define NR_WORDS	(sizeof(words) / sizeof(words[0]))
#define NR_TEXTS	(NR_WORDS + 2)

static void next_texts(const char *value, char texts[NR_TEXTS][32])
{
	long long number = atoll(value);

	for (size_t i = 0; i < NR_WORDS; i++)
		snprintf(texts[i], 32, "%s\n", words[i]);
	snprintf(texts[NR_WORDS], 32, "%lld\n", number + 1);
	snprintf(texts[NR_WORDS + 1], 32, "%lld\n", number - 1);
}

static bool change(const struct mdev *m, const struct file *file)
{
	static char now[FILE_SIZE];
	char texts[NR_TEXTS][32];

	next_texts(file->value, texts);
	for (unsigned int i = 0; i < NR_TEXTS; i++)
		if (write_file(m, file->name, texts[i]) >= 0 &&
		    read_file(m, file->name, now) >= 0 && !same_text(now, file->value))
			return true;
	return false;
}

static void separate(struct env *env)
{
	static char before[FILE_SIZE], after[FILE_SIZE];
	struct mdev a, b;

	need_mdev(env, &a);
	if (mdev_available(env->parent, env->type) < 1)
		skip("the parent has room for one device of this type");
	need_mdev(env, &b);
	find_files(&a);
	for (unsigned int i = 0; i < nr_files; i++) {
		if (read_file(&b, files[i].name, before) < 0 || !change(&a, &files[i]))
			continue;
		did("write of %s of device %s, and read of that of device %s", files[i].name, a.uuid,
		    b.uuid);
		if (read_file(&b, files[i].name, after) >= 0 && !same_text(before, after))
			failed("another device is not changed", "'%.40s' became '%.40s'", before, after);
		write_file(&a, files[i].name, files[i].value);
	}
	need_closed_and_removed(&a, NULL);
	need_closed_and_removed(&b, NULL);
}

const struct test attribute_tests[] = {
	{ "sysfs.attr_garbage", "the driver's own files refuse what they cannot mean", garbage,
	  USES_DEVICE, 0 },
	{ "sysfs.attr_separate", "a file of one device does not show in another", separate, 0, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
