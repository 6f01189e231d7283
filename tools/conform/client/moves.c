// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mdk/test.h: what a device is, as the stream of a migration, and into a device again. */
#include <errno.h>
#include <stdlib.h>

#include "client.h"
#include "migration.h"

#define PIECE 65536u

/* Return: the file of the session, if the way begins one. */
static int need_state(struct mdk_client *dev, uint32_t from, uint32_t to)
{
	int file = -1, ret;

	did("%s -> %s", mig_name(from), mig_name(to));
	ret = mig_set(dev->vfio.device, from, to, &file);
	if (ret)
		client_fail("0", "%s; the driver's lines say why: --log FILE", err_name(ret));
	return file;
}

static void need_migration(struct mdk_client *dev)
{
	uint64_t flags;

	if (mig_flags(dev->vfio.device, &flags) == -ENOTTY)
		mdk_test_skip("it offers no migration");
}

static ssize_t need_piece(int file, void *at)
{
	ssize_t n = mig_read(file, at, PIECE);

	if (n < 0 || n > (ssize_t)PIECE)
		client_fail("bytes of the stream", "%s", err_name((int)n));
	return n;
}

void *mdk_save(struct mdk_client *dev, size_t *len)
{
	unsigned char *bytes = NULL, *more;
	size_t at = 0;
	ssize_t n;
	int file;

	need_migration(dev);
	file = need_state(dev, MIG_RUNNING, MIG_STOP_COPY);
	do {
		more = realloc(bytes, at + PIECE);
		if (!more)
			client_fail("memory", "none: %zu bytes", at + PIECE);
		bytes = more;
		n = need_piece(file, bytes + at);
		at += (size_t)n;
	} while (n);
	mig_close(file);
	need_state(dev, MIG_STOP_COPY, MIG_RUNNING);
	*len = at;
	return bytes;
}

static int write_all(int file, const unsigned char *bytes, size_t len)
{
	ssize_t n;

	for (size_t at = 0; at < len; at += (size_t)n) {
		n = mig_write(file, bytes + at, len - at < PIECE ? len - at : PIECE);
		if (n <= 0)
			return n ? (int)n : -EIO;
	}
	return 0;
}

int mdk_load(struct mdk_client *dev, const void *stream, size_t len)
{
	int file, none, ret;

	need_migration(dev);
	file = need_state(dev, MIG_RUNNING, MIG_RESUMING);
	did("write of a stream of %zu bytes, RESUMING -> RUNNING", len);
	ret = write_all(file, stream, len);
	if (!ret)
		ret = mig_set(dev->vfio.device, MIG_RESUMING, MIG_RUNNING, &none);
	mig_close(file);
	if (ret)
		mdk_reset(dev);
	return ret;
}
