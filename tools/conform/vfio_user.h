/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* vfio-user as a client speaks it: what goes over the socket, written down by itself. */
#ifndef CONFORM_VFIO_USER_H
#define CONFORM_VFIO_USER_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MSG_VERSION = 1, MSG_DMA_MAP, MSG_DMA_UNMAP, MSG_GET_INFO, MSG_GET_REGION_INFO,
       MSG_GET_IRQ_INFO = 7, MSG_SET_IRQS, MSG_REGION_READ, MSG_REGION_WRITE, MSG_DMA_READ,
       MSG_DMA_WRITE, MSG_RESET, MSG_FEATURE = 16, MSG_MIG_READ, MSG_MIG_WRITE };

#define MSG_IS_REPLY	0x1u
#define MSG_IS_ERROR	0x20u
#define MSG_MAX_FDS	16u
#define MSG_MAX_DATA	(1u << 20)

struct msg_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;
	uint32_t flags;
	uint32_t error;
};

struct msg_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

struct msg_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset;
	uint64_t address;
	uint64_t size;
};

struct msg_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

/*
 * struct message - a request and where its answer goes
 * @command: one of the above
 * @head, @head_len: what begins it
 * @data, @data_len: what is behind that, or nothing
 * @fds, @nr_fds: what goes with it
 * @reply, @room: where the answer's data goes, as much as there is room for
 * @got: how much the answer had
 * @fd: of the answer, or -1; NULL: none is wanted
 */
struct message {
	uint16_t command;
	const void *head;
	size_t head_len;
	const void *data;
	size_t data_len;
	const int *fds;
	unsigned int nr_fds;
	void *reply;
	size_t room;
	size_t got;
	int *fd;
};

/* 0 or -errno: the server's, or -EPIPE if it is gone. One at a time on a socket. */
int message_call(int socket, struct message *m);

/* A connection to that path, and a version agreed on; or -errno. */
int message_connect(const char *path);

/* As message_call(), of a device that is open; threads take turns. */
int vfio_user_call(int device, struct message *m);

/* VFIO_DEVICE_FEATURE, with 8 bytes of data at most. 0 or -errno. */
int vfio_user_feature(int device, struct vfio_device_feature *feature);
/* Of the session of that device: bytes or -errno. */
ssize_t vfio_user_session_read(int device, void *buf, size_t len);
ssize_t vfio_user_session_write(int device, const void *buf, size_t len);

/*
 * Memory of this process as a part of a file that another process can map: what is there becomes
 * such memory if it is not yet, with what it holds. 0 or -errno; @fd stays the callee's.
 */
int shared_memory(void *at, size_t len, int *fd, uint64_t *offset);

#endif
