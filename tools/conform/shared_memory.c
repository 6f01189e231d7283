// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory of a test, which has made it however it liked, as a part of a file for another process. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfio_user.h"

#define MAX_AREAS 1024u

/* What was made a part of a file; the test may have unmapped it since. */
struct area {
	uintptr_t at;
	size_t len;
	int fd;
	ino_t inode;
};

static struct area areas[MAX_AREAS];
static unsigned int nr_areas;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The file that is mapped there, and where in it. */
static bool mapped_there(uintptr_t at, ino_t *inode, uint64_t *offset)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long begin = 0, end = 0, off = 0, number = 0;
	bool found = false;
	char line[512];

	while (maps && !found && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %*s %lx %*s %lu", &begin, &end, &off, &number) != 4)
			continue;
		found = at >= begin && at < end;
	}
	if (maps)
		fclose(maps);
	*inode = number;
	*offset = off + (at - begin);
	return found;
}

/* With the lock held: the newest is looked at first, which took the place of older ones. */
static struct area *find(uintptr_t at, size_t len)
{
	ino_t inode;
	uint64_t offset;

	if (!mapped_there(at, &inode, &offset))
		return NULL;
	for (unsigned int i = nr_areas; i--;) {
		struct area *a = &areas[i];

		if (at >= a->at && len <= a->len && at - a->at <= a->len - len)
			return inode == a->inode && offset == at - a->at ? a : NULL;
	}
	return NULL;
}

static int fill_file(int fd, const void *at, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(fd, (const char *)at + done, len - done, (off_t)done);

		if (n <= 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

static int make(uintptr_t at, size_t len, struct area **made)
{
	struct area a = { at, len, memfd_create("guest", MFD_CLOEXEC), 0 };
	struct stat st;
	int ret;

	if (nr_areas == MAX_AREAS || a.fd < 0)
		return -ENOMEM;
	ret = fstat(a.fd, &st) ? -errno : fill_file(a.fd, (void *)at, len);
	if (!ret && mmap((void *)at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, a.fd,
			 0) == MAP_FAILED)
		ret = -errno;
	if (ret) {
		close(a.fd);
		return ret;
	}
	a.inode = st.st_ino;
	areas[nr_areas] = a;
	*made = &areas[nr_areas++];
	return 0;
}

int shared_memory(void *at, size_t len, int *fd, uint64_t *offset)
{
	struct area *a;
	int ret = 0;

	pthread_mutex_lock(&lock);
	a = find((uintptr_t)at, len);
	if (!a)
		ret = make((uintptr_t)at, len, &a);
	if (!ret) {
		*fd = a->fd;
		*offset = (uintptr_t)at - a->at;
	}
	pthread_mutex_unlock(&lock);
	return ret;
}
