/* SPDX-License-Identifier: GPL-2.0-only */
/* Plays events on a device, and looks at what must hold. */
#ifndef FUZZ_PLAYER_H
#define FUZZ_PLAYER_H

#include "device.h"
#include "event.h"
#include "rows.h"

#define PLAYER_REGIONS 25
#define PLAYER_IRQS 5
#define PLAYER_VECTORS 64
#define CONFIG_REGION 7
/* Of chance, before each input. */
#define PLAYER_SEED 0x6d64656b66757a7aULL
/* Bytes of memory that nobody has written. */
#define PLAYER_FILL 0xa5
#define PLAYER_UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa4001"

/* What the device says of a region; @map_* is the part that is mapped, if any. */
struct region {
	uint64_t pos;
	uint64_t size;
	uint32_t flags;
	uint64_t map_at;
	uint64_t map_size;
};

/* Of a virtio device, those that are filled. */
#define VIRTIO_QUEUES 4u

/**
 * struct virtio_info - a virtio device as its capabilities say
 * @there: it is one
 * @bar: with its structures
 * @common: where in it the common configuration is
 * @notify: and where notifications are written
 * @multiplier: bytes between them
 * @nr_queues: at most VIRTIO_QUEUES
 * @bells: of each queue, where it is notified
 * @features: that it offers
 */
struct virtio_info {
	bool there;
	uint32_t bar, common, notify, multiplier, nr_queues;
	uint32_t bells[VIRTIO_QUEUES];
	uint64_t features;
};

/* What does not change from input to input. */
struct device_info {
	char type[64];
	struct region regions[PLAYER_REGIONS];
	uint32_t irqs[PLAYER_IRQS];
	/* Flags of planes that it shows. */
	uint32_t planes;
	struct user_rows *rows;
	struct virtio_info virtio;
};

extern struct device_info device_info;
/* Prints each event before it is played, and what came of it. */
extern bool player_verbose;
/* Called after each event with the device, for who wants to know what has come of it; or NULL. */
extern void (*player_watches)(struct user_device *dev, const struct event *event);
/*
 * Time may be real, and then a worker can have changed the register that @event has written to. Is
 * it the write? NULL: it is.
 */
extern bool (*player_blames)(struct user_device *dev, const struct event *event,
			     const struct user_reg *reg);
/* A read gave something else than the file says. Does it come? NULL: not any more. */
extern bool (*player_awaits)(struct user_device *dev, const struct event *event);
/* Where an access to that place of a region is, for a read or a write of the device. */
uint64_t player_pos(uint32_t region, uint64_t at);
/* The row of the register, if the access is to that one alone. */
const struct user_reg *player_reg(const struct event *event);
/* The row of the register at that place; NULL: there is none. */
const struct user_reg *player_reg_at(uint32_t region, uint32_t offset);
/* Of the word of configuration space there: bits that neither a guest nor the driver changes. */
uint32_t player_fixed_bits(uint64_t at);
/* Of a mistake that was found by nobody else; does not return. abort() or _exit(). */
extern void (*player_found)(void);

/*
 * Starts the modules in virtual time, and looks at a device of @type, or of the first one that is
 * there. False, with a message: there is none.
 */
bool player_begin(const char *type);

/*
 * Plays an input on a device that is made for it and removed again. @thorough: all that is looked
 * at behind it too. Return: a number that is the same for all runs of an input in which all reads
 * gave the same.
 */
uint64_t player_play(const struct events *events, bool thorough);

/*
 * Plays it for one user, and then for another one with memory of his own: on the same device, or if
 * @renewed on a new one. What is looked at behind each event of the second time is in @seen.
 */
void player_play_again(const struct events *events, bool renewed, uint64_t *seen);

/* apart.c: in a child. False: there was none, or it was not seen to its end. */
bool player_apart(void (*play)(void *data), void *data);

/* later.c: what the second user sees does not depend on the first one */
void later_user(const struct events *events);

/*
 * The same in pieces, for who does more to the device than events do: a device, with the memory
 * that @events say, of which none is played yet; one event; the end, as @thorough as above.
 */
struct user_device *player_make(const struct events *events);
void player_do(const struct event *event);
uint64_t player_finish(bool thorough);
/* What counts as a read of the device's. */
void player_note(uint64_t value);

/* As the first of two. */
void player_play_once(const struct events *events);
/* Plays it twice, which has to give the same. */
void player_play_twice(const struct events *events);

/* A mistake: says so, with the event that is being played, and ends. */
void __attribute__((format(printf, 2, 3), noreturn))
finding(const char *what, const char *fmt, ...);

/* memory.c: guest memory. Blocks of it are there from the begin, or as the input says. */
#define MEMORY_LOW 0x100000ULL
#define MEMORY_HIGH 0x100000000ULL
#define MEMORY_SIZE 0x20000ULL

void memory_begin(const struct events *events);
/* Zeroes, for another user. */
void memory_renew(void);
void memory_fill(uint64_t at, const void *bytes, size_t len);
int memory_map(struct user_device *dev, uint64_t iova, uint64_t size, int prot, uint64_t at);
int64_t memory_unmap(struct user_device *dev, uint64_t iova, uint64_t size);
/* Where the memory is that the device finds there; false: nowhere. */
bool memory_of_iova(uint64_t iova, uint64_t *at);
/* The device is closed: nothing is mapped any more. */
void memory_unmapped(void);
/* Nobody has written but where it was mapped for that. */
void memory_check(void);

/* before.c: what a user finds that opens a new device, and so must find who comes later */
void before_learn(struct user_device *dev);
void before_check(struct user_device *dev);
/* All that is looked at, as it is now: so many numbers. */
unsigned int before_places(void);
void before_look(struct user_device *dev, uint64_t *seen);
uint64_t hash_of(const void *bytes, size_t len);
/* What a later user saw there behind @event, and did not on a new device. */
void __attribute__((noreturn))
before_found(unsigned int place, const char *event, uint64_t value, uint64_t fresh);

/* mapping.c: regions as a client maps them */
uint64_t *mapping_at(struct user_device *dev, uint32_t region, uint64_t at, uint32_t width);
void mapping_drop(void);

/* parent.c: what happens to the parent, by its number; and it is awake again. */
int64_t parent_event(uint32_t nr);
void parent_wake(void);

/* plane.c: VFIO_DEVICE_QUERY_GFX_PLANE, and the dma-buf of what it says */
int64_t plane_event(struct user_device *dev, uint32_t flags);
void plane_learn(struct user_device *dev);

/* virtio.c: what a virtio device is, by itself; leaves it otherwise than it was. */
void virtio_learn(struct user_device *dev);

/* irqs.c */
int irqs_event(struct user_device *dev, const struct event *event);
/* How many have come by now; that many are forgotten. */
uint64_t irqs_count(void);
void irqs_drop(void);
/* Of one vector: has an interrupt come since it was asked last? */
bool irqs_came(unsigned int index, unsigned int vector);

/* causes.c: around an event, each cause that has come up has sent its message; of a new user. */
void causes_begin(void);
uint64_t causes_before(struct user_device *dev);
void causes_check(struct user_device *dev, const struct event *event);

#endif /* FUZZ_PLAYER_H */
