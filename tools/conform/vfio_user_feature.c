// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The VFIO client over a socket, second part: features, and the stream of a migration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vfio_user.h"

#define FEATURE_DATA	(sizeof(struct vfio_device_feature) + 8)	/* each has 8 bytes of data */
#define FEATURE_MAX	64u

struct msg_mig_data {
	uint32_t argsz;
	uint32_t size;
};

/* With its data where there is some to set; argsz goes as it is. */
int vfio_user_feature(int device, struct vfio_device_feature *feature)
{
	size_t size = feature->argsz < sizeof(*feature) ? sizeof(*feature) : feature->argsz;
	bool data = feature->flags & VFIO_DEVICE_FEATURE_SET;
	uint8_t reply[FEATURE_MAX];
	struct message m = { MSG_FEATURE, .head = feature, .reply = reply, .room = sizeof(reply) };
	int ret;

	size = size < FEATURE_DATA ? size : FEATURE_DATA;
	m.head_len = data ? size : sizeof(*feature);
	ret = vfio_user_call(device, &m);
	if (!ret && m.got > size)
		return -EPROTO;
	if (!ret)
		memcpy(feature, reply, m.got);
	return ret;
}

static ssize_t read_part(int device, void *buf, size_t len)
{
	struct msg_mig_data head = { (uint32_t)(sizeof(head) + len), (uint32_t)len };
	uint8_t *reply = malloc(sizeof(head) + len);
	struct message m = { MSG_MIG_READ, .head = &head, .head_len = sizeof(head),
			     .reply = reply, .room = sizeof(head) + len };
	int ret = reply ? vfio_user_call(device, &m) : -ENOMEM;

	if (!ret && m.got < sizeof(head))
		ret = -EPROTO;
	if (!ret) {
		memcpy(&head, reply, sizeof(head));
		ret = head.size > len || m.got != sizeof(head) + head.size ||
		      head.argsz != m.got ? -EPROTO : 0;
	}
	if (!ret)
		memcpy(buf, reply + sizeof(head), head.size);
	free(reply);
	return ret ? ret : (ssize_t)head.size;
}

/* No more than a message takes: who reads calls again, as of a file. */
ssize_t vfio_user_session_read(int device, void *buf, size_t len)
{
	return read_part(device, buf, len < MSG_MAX_DATA ? len : MSG_MAX_DATA);
}

ssize_t vfio_user_session_write(int device, const void *buf, size_t len)
{
	size_t part = len < MSG_MAX_DATA ? len : MSG_MAX_DATA;
	struct msg_mig_data head = { (uint32_t)sizeof(head), (uint32_t)part };
	struct message m = { MSG_MIG_WRITE, .head = &head, .head_len = sizeof(head), .data = buf,
			     .data_len = part };
	int ret = vfio_user_call(device, &m);

	if (!ret && m.got)
		return -EPROTO;
	return ret ? ret : (ssize_t)part;
}
