// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the fake device is migrated: by hand, a few checks and no more, as a driver of layer 1 would.
 * The stream is a head, the state, and a sum of both; in PRE_COPY the head alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

enum { ERROR, STOP, RUNNING, STOP_COPY, RESUMING, RUNNING_P2P, PRE_COPY, PRE_COPY_P2P, STATES };

#define FLAGS	7u		/* STOP_COPY, P2P and PRE_COPY */
#define MAGIC	0x32656b6166ULL

struct head {
	uint64_t magic;
	uint32_t version;
	uint32_t size;
};

#define STREAM	(sizeof(struct head) + FAKE_STATE + sizeof(uint64_t))

static const struct head good_head = { MAGIC, 1, FAKE_STATE };

/* Where the way from one state to another goes first; ERROR: there is none. */
static const uint8_t ways[STATES][STATES] = {
	[STOP] = { ERROR, STOP, RUNNING_P2P, STOP_COPY, RESUMING, RUNNING_P2P, RUNNING_P2P,
		   RUNNING_P2P },
	[RUNNING] = { ERROR, RUNNING_P2P, RUNNING, RUNNING_P2P, RUNNING_P2P, RUNNING_P2P, PRE_COPY,
		      RUNNING_P2P },
	[STOP_COPY] = { ERROR, STOP, STOP, STOP_COPY, STOP, STOP, ERROR, ERROR },
	[RESUMING] = { ERROR, STOP, STOP, STOP, RESUMING, STOP, STOP, STOP },
	[RUNNING_P2P] = { ERROR, STOP, RUNNING, STOP, STOP, RUNNING_P2P, RUNNING, PRE_COPY_P2P },
	[PRE_COPY] = { ERROR, RUNNING, RUNNING, PRE_COPY_P2P, RUNNING, RUNNING, PRE_COPY,
		       PRE_COPY_P2P },
	[PRE_COPY_P2P] = { ERROR, RUNNING_P2P, RUNNING_P2P, STOP_COPY, RUNNING_P2P, RUNNING_P2P,
			   PRE_COPY, PRE_COPY_P2P },
};

static uint64_t sum_of(const uint8_t *data)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < STREAM - sizeof(sum); i++)
		sum = sum * 31 + data[i];
	return sum;
}

static void end_session(struct fake_session *s)
{
	free(s->data);
	s->data = NULL;
	s->len = s->at = 0;
}

static int begin_session(struct fake_session *s)
{
	s->data = calloc(1, STREAM);
	s->len = s->at = 0;
	return s->data ? 0 : -ENOMEM;
}

/* The head, which a peer that does not suit refuses before anything else is sent. */
static int begin_saving(struct fake_session *s)
{
	int ret = begin_session(s);

	if (ret)
		return ret;
	memcpy(s->data, &good_head, sizeof(good_head));
	s->len = sizeof(good_head);
	return 0;
}

static void save_all(struct user_device *dev, struct fake_session *s)
{
	uint64_t sum;

	fake_save(dev, s->data + sizeof(good_head));
	sum = sum_of(s->data);
	memcpy(s->data + STREAM - sizeof(sum), &sum, sizeof(sum));
	s->len = STREAM;
}

/* What came, whole or not at all. */
static int load_all(struct user_device *dev, struct fake_session *s)
{
	uint64_t sum;

	if (s->len != STREAM)
		return -EINVAL;
	memcpy(&sum, s->data + STREAM - sizeof(sum), sizeof(sum));
	if (memcmp(s->data, &good_head, sizeof(good_head)) || sum != sum_of(s->data))
		return -EINVAL;
	fake_load(dev, s->data + sizeof(good_head));
	return 0;
}

static bool is_saving(uint32_t state)
{
	return state == STOP_COPY || state == PRE_COPY || state == PRE_COPY_P2P;
}

static int enter(struct user_device *dev, struct fake_session *s, uint32_t to, bool *file)
{
	int ret = 0;

	if (s->state == RESUMING)
		ret = load_all(dev, s);
	if (ret)
		return ret;
	if (!is_saving(to))
		end_session(s);
	*file = !s->data && (is_saving(to) || to == RESUMING);
	if (*file)
		ret = to == RESUMING ? begin_session(s) : begin_saving(s);
	if (ret)
		return ret;
	fake_stop(dev);
	if (to == STOP_COPY)
		save_all(dev, s);
	s->state = to;
	return 0;
}

static struct fake_session *offered(struct user_device *dev)
{
	struct fake_session *s = fake_session(dev);

	return s->offered ? s : NULL;
}

int user_device_migration_flags(struct user_device *dev, uint64_t *flags)
{
	if (!offered(dev))
		return -ENOTTY;
	*flags = FLAGS;
	return 0;
}

int user_device_migration_set(struct user_device *dev, uint32_t state, bool *file)
{
	struct fake_session *s = offered(dev);
	bool opens = false;

	*file = false;
	if (!s)
		return -ENOTTY;
	if (state >= STATES || (state != s->state && !ways[s->state][state]))
		return -EINVAL;
	while (s->state != state) {
		int ret = enter(dev, s, ways[s->state][state], &opens);

		if (ret)
			return ret;
		*file |= opens;
	}
	return 0;
}

int user_device_migration_get(struct user_device *dev, uint32_t *state)
{
	struct fake_session *s = offered(dev);

	if (!s)
		return -ENOTTY;
	*state = s->state;
	return 0;
}

int user_device_migration_size(struct user_device *dev, uint64_t *size)
{
	if (!offered(dev))
		return -ENOTTY;
	*size = STREAM;
	return 0;
}

/* Short ones: what a server makes of them is tested. */
ssize_t user_device_migration_read(struct user_device *dev, void *buf, size_t len)
{
	struct fake_session *s = offered(dev);
	size_t left;

	if (!s || !is_saving(s->state))
		return -ENODEV;
	left = s->len - s->at;
	if (!left && s->state != STOP_COPY)
		return -ENOMSG;
	len = len < left ? len : left;
	len = len < 1000 ? len : 1000;
	memcpy(buf, s->data + s->at, len);
	s->at += len;
	return (ssize_t)len;
}

ssize_t user_device_migration_write(struct user_device *dev, const void *buf, size_t len)
{
	struct fake_session *s = offered(dev);

	if (!s || s->state != RESUMING)
		return -ENODEV;
	if (len > STREAM - s->len)
		return -EINVAL;
	len = len < 3000 ? len : 3000;
	memcpy(s->data + s->len, buf, len);
	s->len += len;
	return (ssize_t)len;
}

void fake_migration_reset(struct user_device *dev)
{
	struct fake_session *s = fake_session(dev);

	end_session(s);
	s->state = RUNNING;
}
