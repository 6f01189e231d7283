// SPDX-License-Identifier: GPL-2.0-only
/* Accesses. An access names region and offset; it never runs into the region that lies behind. */
#include <errno.h>
#include <string.h>

#include "commands.h"

/* Sets @pos to where it is for the device. */
static int place(const struct connection *c, const struct user_region_access *access, uint64_t *pos)
{
	const struct user_region *region;

	if (access->region >= c->nr_regions || access->count > USER_MAX_DATA)
		return -EINVAL;
	region = &c->regions[access->region];
	if (access->offset > region->size || access->count > region->size - access->offset)
		return -EINVAL;
	*pos = region->offset + access->offset;
	return 0;
}

int command_region_read(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_region_access access;
	uint8_t *data;
	uint64_t pos;
	ssize_t n;
	int ret;

	memcpy(&access, m->data, sizeof(access));
	ret = place(c, &access, &pos);
	if (ret)
		return ret;
	data = reply_room(reply, sizeof(access) + access.count);
	if (!data)
		return -ENOMEM;
	n = access.count ? user_device_read(c->dev, data + sizeof(access), access.count, pos) : 0;
	if (n < 0 || n > (ssize_t)access.count)
		return n < 0 ? (int)n : -EIO;
	access.count = (uint32_t)n;
	memcpy(data, &access, sizeof(access));
	reply->len = sizeof(access) + access.count;
	return 0;
}

/* Bytes or -errno. */
static ssize_t write_to(struct connection *c, const struct user_region_access *access,
			const void *data)
{
	uint64_t pos;
	ssize_t n;
	int ret = place(c, access, &pos);

	if (ret)
		return ret;
	n = access->count ? user_device_write(c->dev, data, access->count, pos) : 0;
	return n > (ssize_t)access->count ? -EIO : n;
}

int command_region_write(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_region_access access, *answer;
	ssize_t n;

	memcpy(&access, m->data, sizeof(access));
	if (m->len - sizeof(access) < access.count)
		return -EINVAL;
	answer = reply_room(reply, sizeof(*answer));
	if (!answer)
		return -ENOMEM;
	n = write_to(c, &access, m->data + sizeof(access));
	if (n < 0)
		return (int)n;
	*answer = access;
	answer->count = (uint32_t)n;
	return 0;
}

/* They are done in order, up to the first that is refused; the client learns how many. */
int command_write_multi(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_single_write one;
	uint64_t count, *done;
	ssize_t n = 0;

	if (!c->multi)
		return -ENOTSUP;
	memcpy(&count, m->data, sizeof(count));
	if (count > USER_MAX_MULTI || (m->len - sizeof(count)) / sizeof(one) < count)
		return -EINVAL;
	done = reply_room(reply, sizeof(*done));
	if (!done)
		return -ENOMEM;
	for (; *done < count; ++*done) {
		memcpy(&one, m->data + sizeof(count) + *done * sizeof(one), sizeof(one));
		n = -EINVAL;
		if (one.where.count <= sizeof(one.data))
			n = write_to(c, &one.where, one.data);
		if (n < 0)
			break;
	}
	return n < 0 && !*done ? (int)n : 0;
}
