// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev-bench: instructions for each call, from user space, under -icount where a nanosecond of
 * guest time is one instruction. A loop is timed many times and the smallest time counts: a timer
 * tick inside a loop can only add.
 *
 *   mdev-bench PARENT TYPE REGION OFFSET
 *
 * Prints `name width instructions` lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vfio.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define CALLS 64
#define LOOPS 64

struct target {
	int fd;
	off_t offset;
	size_t width;
};

static bool do_nothing(const struct target *t)
{
	return lseek(t->fd, 0, SEEK_CUR) != -2;
}

static bool do_read(const struct target *t)
{
	char buf[64];

	return pread(t->fd, buf, t->width, t->offset) == (ssize_t)t->width;
}

static bool do_write(const struct target *t)
{
	static const char buf[64];

	return pwrite(t->fd, buf, t->width, t->offset) == (ssize_t)t->width;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t instructions(bool (*call)(const struct target *t), const struct target *t)
{
	uint64_t best = UINT64_MAX, start, took;
	int loop, i;

	for (loop = 0; loop < LOOPS; loop++) {
		start = now();
		for (i = 0; i < CALLS; i++)
			call(t);
		took = now() - start;
		if (took < best)
			best = took;
	}
	return best / CALLS;
}

static void print(const char *name, bool (*call)(const struct target *t), const struct target *t)
{
	/* A region may be narrower than the access. */
	if (!call(t))
		printf("%s %zu -\n", name, t->width);
	else
		printf("%s %zu %llu\n", name, t->width, (unsigned long long)instructions(call, t));
}

static int create(const char *parent, const char *type)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "/sys/class/mdev_bus/%s/mdev_supported_types/%s/create", parent,
		 type);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, UUID, strlen(UUID)) < 0) {
		fprintf(stderr, "mdev-bench: %s: %s\n", path, strerror(errno));
		return -1;
	}
	close(fd);
	return 0;
}

static int open_device(struct vfio *v)
{
	char target[256];
	const char *step = "";
	ssize_t len;
	int ret;

	len = readlink("/sys/bus/mdev/devices/" UUID "/iommu_group", target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = 0;
	ret = vfio_open(v, atoi(strrchr(target, '/') + 1), UUID, &step);
	if (ret)
		fprintf(stderr, "mdev-bench: %s: %s\n", step, strerror(-ret));
	return ret;
}

int main(int argc, char **argv)
{
	static const size_t widths[] = { 1, 4, 8, 64 };
	struct vfio_region_info info;
	struct vfio v = VFIO_CLOSED;
	struct target t;
	size_t i;

	if (argc != 5) {
		fputs("usage: mdev-bench PARENT TYPE REGION OFFSET\n", stderr);
		return 2;
	}
	if (create(argv[1], argv[2]) || open_device(&v) ||
	    vfio_region_info(v.device, atoi(argv[3]), &info))
		return 3;
	t = (struct target){ .fd = v.device, .offset = info.offset + strtoul(argv[4], NULL, 0) };
	print("nothing", do_nothing, &t);
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		t.width = widths[i];
		print("read", do_read, &t);
		print("write", do_write, &t);
	}
	return 0;
}
