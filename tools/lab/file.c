// SPDX-License-Identifier: GPL-2.0-only
/* Files, scratch folders and locks. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab.h"

static struct lab_list scratch;

bool lab_exists(const char *path)
{
	return !access(path, F_OK);
}

bool lab_is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int lab_mkdir_p(const char *path)
{
	char *copy = lab_strdup(path);
	int ret = LAB_OK;

	for (char *p = copy + 1; ; p++) {
		char c = *p;

		if (c && c != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST) {
			lab_errno("cannot create the folder %s", copy);
			ret = LAB_CANNOT;
			break;
		}
		*p = c;
		if (!c)
			break;
	}
	free(copy);
	return ret;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)ftw;
	/* A package may contain folders that their owner cannot write to. */
	if (flag == FTW_DP && !(st->st_mode & S_IWUSR))
		chmod(path, 0700);
	return remove(path) && errno != ENOENT ? -1 : 0;
}

int lab_remove_tree(const char *path)
{
	return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT ? -1 : 0;
}

char *lab_read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct lab_buf buf = { 0 };
	char chunk[65536];
	ssize_t got = -1;

	if (fd < 0)
		return NULL;
	lab_buf_add(&buf, "", 0);
	while ((got = read(fd, chunk, sizeof(chunk))) > 0)
		lab_buf_add(&buf, chunk, got);
	close(fd);
	if (got < 0) {
		lab_buf_free(&buf);
		return NULL;
	}
	if (len)
		*len = buf.len;
	return buf.data;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		len -= done;
	}
	return 0;
}

int lab_write_file(const char *path, const void *data, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int failed = fd < 0 || write_all(fd, data, len);

	if (fd >= 0 && close(fd))
		failed = 1;
	if (!failed)
		return LAB_OK;
	lab_errno("cannot write %s", path);
	return LAB_CANNOT;
}

int lab_copy_file(const char *from, const char *to, mode_t mode)
{
	size_t len;
	char *data = lab_read_file(from, &len);
	int ret;

	if (!data) {
		lab_errno("cannot read %s", from);
		return LAB_CANNOT;
	}
	ret = lab_write_file(to, data, len, mode);
	free(data);
	return ret;
}

/* A terminal, a pipe, /dev/null: written to, never replaced. */
static int write_into(const char *path, const void *data, size_t len)
{
	FILE *file = fopen(path, "w");
	int failed = !file || fwrite(data, 1, len, file) != len;

	if (file && fclose(file))
		failed = 1;
	if (!failed)
		return LAB_OK;
	lab_errno("cannot write %s", path);
	return LAB_CANNOT;
}

static int replace_regular(const char *path, const void *data, size_t len)
{
	char *temp = lab_fmt("%s.%d.tmp", path, getpid());
	int ret = lab_write_file(temp, data, len, 0666);

	if (!ret && rename(temp, path)) {
		lab_errno("cannot write %s", path);
		ret = LAB_CANNOT;
	}
	if (ret)
		unlink(temp);
	free(temp);
	return ret;
}

int lab_replace_file(const char *path, const void *data, size_t len)
{
	struct stat st;
	char *real;
	int ret;

	if (stat(path, &st))
		return replace_regular(path, data, len);
	if (!S_ISREG(st.st_mode))
		return write_into(path, data, len);
	/* Behind a link stands the file that is meant. */
	real = realpath(path, NULL);
	ret = replace_regular(real ? real : path, data, len);
	free(real);
	return ret;
}

char *lab_scratch_dir(const char *parent, const char *prefix)
{
	char *path = lab_fmt("%s/%sXXXXXX", parent, prefix);

	if (mkdtemp(path) && !chmod(path, 0755)) {
		lab_list_add(&scratch, path);
		return path;
	}
	lab_errno("cannot create a scratch folder in %s", parent);
	free(path);
	return NULL;
}

char *lab_scratch_tmp(const char *prefix)
{
	const char *tmp = getenv("TMPDIR");

	return lab_scratch_dir(tmp && *tmp ? tmp : "/tmp", prefix);
}

void lab_scratch_keep(const char *path)
{
	for (size_t i = 0; i < scratch.count; i++)
		if (!strcmp(scratch.items[i], path))
			scratch.items[i][0] = '\0';
}

void lab_scratch_drop(char *path)
{
	if (!path)
		return;
	lab_remove_tree(path);
	lab_scratch_keep(path);
	free(path);
}

void lab_scratch_cleanup(void)
{
	for (size_t i = 0; i < scratch.count; i++)
		if (scratch.items[i][0])
			lab_remove_tree(scratch.items[i]);
	lab_list_free(&scratch);
}

int lab_lock(const char *path, const char *what)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0) {
		lab_errno("cannot open the lock %s", path);
		return -1;
	}
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	lab_note("waiting for another mdev-sdk that %s", what);
	/* A signal ends the wait: its handler is installed without SA_RESTART. */
	if (!flock(fd, LOCK_EX))
		return fd;
	if (!lab_interrupted())
		lab_errno("cannot lock %s", path);
	close(fd);
	return -1;
}

void lab_unlock(int fd)
{
	if (fd >= 0)
		close(fd);
}
