// SPDX-License-Identifier: GPL-2.0-only
/* States and streams, by the calls of framework/user/device.h. */
#include "migrate.h"

#include <errno.h>

int set_state(struct user_device *dev, uint32_t state)
{
	bool file;

	return user_device_migration_set(dev, state, &file);
}

uint32_t state_of(struct user_device *dev)
{
	uint32_t state = ~0u;

	CHECK(!user_device_migration_get(dev, &state));
	return state;
}

struct stream stream_read(struct user_device *dev, size_t piece)
{
	struct stream s = {};
	size_t room = 0;
	ssize_t n;

	do {
		if (s.len + piece > room) {
			room = 2 * room + piece;
			s.bytes = realloc(s.bytes, room);
		}
		n = user_device_migration_read(dev, s.bytes + s.len, piece);
		s.len += n > 0 ? n : 0;
	} while (n > 0);
	CHECK(n == 0 || n == -ENOMSG);
	return s;
}

int stream_write(struct user_device *dev, const struct stream *s, size_t piece)
{
	size_t at, n;
	ssize_t done;

	for (at = 0; at < s->len; at += n) {
		n = s->len - at < piece ? s->len - at : piece;
		done = user_device_migration_write(dev, s->bytes + at, n);
		if (done < 0)
			return done;
		n = done;
	}
	return 0;
}

void stream_free(struct stream *s)
{
	free(s->bytes);
	*s = (struct stream){};
}

bool stream_same(const struct stream *a, const struct stream *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

struct stream save(struct user_device *dev)
{
	struct stream s;
	uint64_t most = 0;

	CHECK(!set_state(dev, STOP_COPY));
	s = stream_read(dev, 65536);
	CHECK(!user_device_migration_size(dev, &most) && s.len && s.len <= most);
	return s;
}

int load(struct user_device *dev, const struct stream *s)
{
	int ret = set_state(dev, RESUMING) ?: stream_write(dev, s, 65536) ?:
		  set_state(dev, RUNNING);

	if (ret)
		CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL) && state_of(dev) == RUNNING);
	return ret;
}
