/* SPDX-License-Identifier: GPL-2.0-only */
/* A device that moves from one user to another, in one process. */
#ifndef USER_MIGRATE_H
#define USER_MIGRATE_H

#include "../guest.h"

/* States, as linux/vfio.h of a new kernel numbers them. */
enum { ERROR_STATE, STOP, RUNNING, STOP_COPY, RESUMING, RUNNING_P2P, PRE_COPY, PRE_COPY_P2P };

/**
 * struct stream - what was read of a device
 * @bytes: malloc()ed
 * @len: bytes of it
 */
struct stream {
	uint8_t *bytes;
	size_t len;
};

int set_state(struct user_device *dev, uint32_t state);
uint32_t state_of(struct user_device *dev);

/* All that the file gives, @piece bytes at a time. */
struct stream stream_read(struct user_device *dev, size_t piece);
/* Return: 0, or why a write failed. */
int stream_write(struct user_device *dev, const struct stream *s, size_t piece);
void stream_free(struct stream *s);
bool stream_same(const struct stream *a, const struct stream *b);

/* Stops the device and reads it; the device stays in STOP_COPY. */
struct stream save(struct user_device *dev);
/* Into a device that runs, which runs afterwards. Return: 0 or why not; then it is reset. */
int load(struct user_device *dev, const struct stream *s);

/* Moves it, and its guest's memory with it: nothing of that changes once it has stopped. */
void move(struct guest *from, struct guest *to);

/* A number in a stream as it cannot be; and then it is as it was. */
void refused_with(struct guest *g, const struct stream *s, uint8_t *at, unsigned int width,
		  uint64_t val);

/* What moves with a driver, by the name of its first type. */
void move_mtty(struct user_device *from, struct user_device *to);
void move_vgpu_stub(struct user_device *from, struct user_device *to);
void move_virtio_rng(struct user_device *from, struct user_device *to);
void move_virtio_net(struct user_device *from, struct user_device *to);
void move_mdkvirtio(struct user_device *from, struct user_device *to);
void move_mdkmig(struct user_device *from, struct user_device *to);
void move_blobs(struct user_device *from, struct user_device *to);

/* edit.c: the data of a record by its name, of @width bytes a value; NULL: it has none. */
uint8_t *stream_field(const struct stream *s, const char *name);
/* Of the first record of that kind, which has no name. */
uint8_t *stream_of_kind(const struct stream *s, unsigned int kind);
/* Whether a worker that an open queues has run by the time of a save is chance. */
void stream_forget_works(struct stream *s);
void stream_set(uint8_t *at, unsigned int width, uint64_t val);
uint64_t stream_number(const uint8_t *at, unsigned int width);
/* Where the length of that record is, of 8 bytes; behind it is its name. */
uint8_t *stream_length(const struct stream *s, const char *name);
/* A copy in which that record has @len bytes: those of before, or as many of @fill behind them. */
struct stream stream_resized(const struct stream *s, const char *name, uint64_t len, uint8_t fill);
/* A copy without, or with twice, that record. */
struct stream stream_without(const struct stream *s, const char *name);
struct stream stream_doubled(const struct stream *s, const char *name);

/* Bytes of the record that ends a stream, and where in a record its index is. */
#define END_RECORD 24
#define RECORD_INDEX 4

/* Where members of the head are in a stream. */
#define HEAD_VERSION 32
#define HEAD_PCI 36
#define HEAD_COST 40
#define HEAD_MODEL 72
#define HEAD_TYPE 136

/* hostile.c: streams that somebody has changed. */
void hostile(struct user_device *dev, const struct stream *good);

#endif
