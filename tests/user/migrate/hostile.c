// SPDX-License-Identifier: GPL-2.0-only
/* Whatever is written as a stream: it is refused, or the device is as it says; and nothing else. */
#include "migrate.h"

#include <errno.h>

static struct stream copy_of(const struct stream *s, size_t more)
{
	struct stream copy = { .bytes = malloc(s->len + more), .len = s->len };

	memcpy(copy.bytes, s->bytes, s->len);
	return copy;
}

/* What was cut off, anywhere; and what has something behind its end. */
static void cut(struct user_device *dev, const struct stream *good, size_t step)
{
	struct stream s = copy_of(good, 8);

	for (s.len = 0; s.len < good->len; s.len += step)
		CHECK(load(dev, &s) == -EINVAL);
	/* All but the record that says that it has ended. */
	s.len = good->len - 24;
	CHECK(load(dev, &s) == -EINVAL);
	s.len = good->len + 8;
	memset(s.bytes + good->len, 0, 8);
	CHECK(load(dev, &s) == -EINVAL);
	stream_free(&s);
}

/* Each byte of what says what the stream is, and some of what is in it. */
static void changed(struct user_device *dev, const struct stream *good, size_t step)
{
	static const uint8_t masks[] = { 0x01, 0x80, 0xff };
	struct stream s = copy_of(good, 0);
	size_t at, i, most = s.len < 65536 ? sizeof(masks) : 1;

	for (at = 0; at < s.len; at += at < 2048 / (4 - most) ? 1 : step) {
		for (i = 0; i < most; i++) {
			s.bytes[at] ^= masks[i];
			load(dev, &s);
			s.bytes[at] ^= masks[i];
		}
	}
	CHECK(!load(dev, good));
	stream_free(&s);
}

static void twice(struct user_device *dev, const struct stream *good)
{
	struct stream s = { .bytes = malloc(2 * good->len), .len = 2 * good->len };

	memcpy(s.bytes, good->bytes, good->len);
	memcpy(s.bytes + good->len, good->bytes, good->len);
	CHECK(load(dev, &s) < 0);
	stream_free(&s);
}

/* More than any stream of this device, in one write and in many. */
static void endless(struct user_device *dev, const struct stream *good)
{
	struct stream s = { .bytes = calloc(1, good->len), .len = good->len };
	int ret, i;

	CHECK(!set_state(dev, RESUMING));
	ret = stream_write(dev, good, 4096);
	for (i = 0; i < 1000 && !ret; i++)
		ret = stream_write(dev, &s, 65536);
	CHECK(ret == -EFBIG);
	CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
}

/* Names without an end, and what follows a refused head. The first test: later ones log nothing. */
static void heads(struct user_device *dev, const struct stream *good)
{
	struct stream s = copy_of(good, 16 << 20);

	memset(s.bytes + HEAD_TYPE, 'A', 64);
	CHECK(load(dev, &s) == -EINVAL);
	memset(s.bytes + HEAD_MODEL, 'A', 64);
	CHECK(load(dev, &s) == -EINVAL);
	CHECK(!set_state(dev, RESUMING));
	CHECK(user_device_migration_write(dev, s.bytes, s.len) == -EINVAL);
	CHECK(user_device_migration_write(dev, s.bytes, s.len + (16 << 20)) < 0);
	CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL));
	stream_free(&s);
}

void hostile(struct user_device *dev, const struct stream *good)
{
	size_t step = good->len / (good->len < 65536 ? 200 : 20) + 1;

	heads(dev, good);
	cut(dev, good, step);
	changed(dev, good, step);
	twice(dev, good);
	endless(dev, good);
}
