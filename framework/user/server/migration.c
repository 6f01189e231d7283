// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live migration. What goes by a file in the kernel goes by messages here, so that a device has one
 * session, and no descriptor of it.
 */
#include <errno.h>
#include <string.h>

#include <linux/vfio.h>

#include "commands.h"

#define HEAD	sizeof(struct vfio_device_feature)
#define DATA	8u		/* that of each feature */
#define WAYS	(VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET)

/* What a device answers is 0 or -errno. */
static int checked(int ret)
{
	return ret > 0 ? -EIO : ret;
}

bool migration_offered(const struct connection *c)
{
	uint64_t flags = 0;

	return !user_device_migration_flags(c->dev, &flags);
}

/* Features */

static int get_flags(struct user_device *dev, void *data)
{
	uint64_t flags = 0;
	int ret = user_device_migration_flags(dev, &flags);

	memcpy(data, &flags, sizeof(flags));
	return ret;
}

static int get_state(struct user_device *dev, void *data)
{
	struct user_mig_state state = { .file = -1 };
	int ret = user_device_migration_get(dev, &state.state);

	memcpy(data, &state, sizeof(state));
	return ret;
}

/* Where VFIO tells of a file, a session has begun, and its client knows that by the state. */
static int set_state(struct user_device *dev, void *data)
{
	struct user_mig_state state;
	bool file = false;
	int ret;

	memcpy(&state, data, sizeof(state));
	ret = user_device_migration_set(dev, state.state, &file);
	state.file = -1;
	memcpy(data, &state, sizeof(state));
	return ret;
}

static int get_size(struct user_device *dev, void *data)
{
	uint64_t size = 0;
	int ret = user_device_migration_size(dev, &size);

	memcpy(data, &size, sizeof(size));
	return ret;
}

typedef int (*feature_fn)(struct user_device *dev, void *data);

static const struct feature {
	uint32_t index;
	feature_fn get, set;
} features[] = {
	{ VFIO_DEVICE_FEATURE_MIGRATION, get_flags, NULL },
	{ VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, get_state, set_state },
	{ USER_FEATURE_DATA_SIZE, get_size, NULL },
};

static const struct feature *find_feature(uint32_t index)
{
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (features[i].index == index)
			return &features[i];
	return NULL;
}

/* One way, or a question about some; nothing that is not known. */
static bool flags_are_good(uint32_t flags)
{
	const uint32_t known = VFIO_DEVICE_FEATURE_MASK | WAYS | VFIO_DEVICE_FEATURE_PROBE;

	if (flags & ~known || !(flags & ~VFIO_DEVICE_FEATURE_MASK))
		return false;
	return flags & VFIO_DEVICE_FEATURE_PROBE || (flags & WAYS) != WAYS;
}

static bool has_ways(const struct feature *feature, uint32_t flags)
{
	return !(flags & VFIO_DEVICE_FEATURE_SET && !feature->set) &&
	       !(flags & VFIO_DEVICE_FEATURE_GET && !feature->get);
}

/* The answer to a question is the question, as much of it as was understood. */
static int answer_probe(const struct user_message *m, uint32_t argsz, struct user_reply *reply)
{
	size_t len = m->len < HEAD + DATA ? m->len : HEAD + DATA;

	if (len > argsz)
		len = argsz;
	if (!reply_room(reply, len))
		return -ENOMEM;
	memcpy(reply->data, m->data, len);
	return 0;
}

static int do_feature(struct connection *c, const struct feature *feature,
		      struct vfio_device_feature *head, const struct user_message *m,
		      struct user_reply *reply)
{
	bool set = head->flags & VFIO_DEVICE_FEATURE_SET;
	uint8_t *data;

	if (head->argsz < HEAD + DATA || (set && m->len < HEAD + DATA))
		return -EINVAL;
	data = reply_room(reply, HEAD + DATA);
	if (!data)
		return -ENOMEM;
	head->argsz = HEAD + DATA;
	memcpy(data, head, HEAD);
	if (set)
		memcpy(data + HEAD, m->data + HEAD, DATA);
	return checked(set ? feature->set(c->dev, data + HEAD) : feature->get(c->dev, data + HEAD));
}

int command_feature(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct vfio_device_feature head;
	const struct feature *feature;

	memcpy(&head, m->data, HEAD);
	if (head.argsz < HEAD || !flags_are_good(head.flags))
		return -EINVAL;
	feature = find_feature(head.flags & VFIO_DEVICE_FEATURE_MASK);
	if (!feature || !migration_offered(c))
		return -ENOTTY;
	if (!has_ways(feature, head.flags))
		return -EINVAL;
	if (head.flags & VFIO_DEVICE_FEATURE_PROBE)
		return answer_probe(m, head.argsz, reply);
	return do_feature(c, feature, &head, m, reply);
}

/* The stream */

/*
 * All that was asked for: to the client a short answer is the end of the stream, or that there is
 * no more for now. So an error is one, though some bytes came before it. Bytes or -errno.
 */
static ssize_t fill(struct user_device *dev, uint8_t *to, size_t len)
{
	size_t done = 0;
	ssize_t n;

	do {
		n = user_device_migration_read(dev, to + done, len - done);
		if (n > (ssize_t)(len - done))
			return -EIO;
		done += n > 0 ? (size_t)n : 0;
	} while (n > 0 && done < len);
	return n < 0 && n != -ENOMSG ? n : (ssize_t)done;
}

int command_mig_read(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_mig_data head;
	uint8_t *data;
	ssize_t n;

	memcpy(&head, m->data, sizeof(head));
	if (!migration_offered(c))
		return -ENOTSUP;
	if (head.size > c->max_data || head.argsz < sizeof(head) ||
	    head.argsz - sizeof(head) < head.size)
		return -EINVAL;
	data = reply_room(reply, sizeof(head) + head.size);
	if (!data)
		return -ENOMEM;
	n = fill(c->dev, data + sizeof(head), head.size);
	if (n < 0)
		return (int)n;
	head.size = (uint32_t)n;
	head.argsz = (uint32_t)sizeof(head) + head.size;
	memcpy(data, &head, sizeof(head));
	reply->len = head.argsz;
	return 0;
}

/* All of it, as the reply has no room for less. */
static int write_all(struct user_device *dev, const uint8_t *from, size_t len)
{
	size_t done = 0;
	ssize_t n;

	do {
		n = user_device_migration_write(dev, from + done, len - done);
		if (n < 0)
			return (int)n;
		if (n > (ssize_t)(len - done) || (!n && done < len))
			return -EIO;
		done += (size_t)n;
	} while (done < len);
	return 0;
}

/* What argsz says is about a reply, which has no data here. */
int command_mig_write(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_mig_data head;

	(void)reply;
	memcpy(&head, m->data, sizeof(head));
	if (!migration_offered(c))
		return -ENOTSUP;
	if (head.size > USER_MAX_DATA || m->len - sizeof(head) < head.size)
		return -EINVAL;
	return write_all(c->dev, m->data + sizeof(head), head.size);
}
