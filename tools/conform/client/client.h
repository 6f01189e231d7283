/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the files of mdk/test.h's client know of each other. */
#ifndef CONFORM_CLIENT_H
#define CONFORM_CLIENT_H

#include <mdk/test.h>

#include "suite.h"

#define CLIENT_IRQS	MDK_NR_IRQ_INDEXES
#define CLIENT_VECTORS	MDK_IRQ_VECTORS_MAX
#define CLIENT_WRITTEN	16
#define CLIENT_REGIONS	16	/* whose information is kept */

/* A place of a region, and what was written there last. */
struct client_write {
	uint32_t region;
	uint32_t width;
	uint64_t offset;
	uint64_t value;
};

/**
 * struct mdk_client - a device and what a test does with it
 * @env: the run's; its device is this one's, or that of another client
 * @dev: of sysfs
 * @vfio: open or not
 * @events: eventfds of the vectors that are listened to, else -1
 * @page: the model's register page, read when it is first needed
 * @memory: a list of what the test has mapped
 * @writes: how many writes to regions it has made
 * @written: places of regions that it has written to, the first ones
 * @nr_written: how many
 * @regions: what the device says of a region, kept while it is open; argsz is 0: not yet asked
 */
struct mdk_client {
	struct env *env;
	struct mdev dev;
	struct vfio vfio;
	int events[CLIENT_IRQS][CLIENT_VECTORS];
	char *page;
	struct client_memory *memory;
	unsigned int writes;
	struct client_write written[CLIENT_WRITTEN];
	unsigned int nr_written;
	struct vfio_region_info regions[CLIENT_REGIONS];
};

struct client_memory;

/* A register, or bits of it, in the model's tables. */
struct client_reg {
	uint32_t region;
	uint64_t offset;
	uint32_t shift;
	uint64_t mask;		/* of its value, shifted down */
	bool keeps;		/* a write of what was read changes nothing */
	uint32_t width;		/* bytes: 4, or 8 of a counter */
};

/* Of the shared device, which is open. */
void client_init(struct mdk_client *client, struct env *env);
/* What a test has left is looked at; of further devices too. */
void client_end_all(void);

/* Ends the test if the model has no such name. */
struct client_reg client_find(struct mdk_client *client, const char *name);

/* Where a region begins in the device's descriptor; ends the test if there is none. */
uint64_t client_region(struct mdk_client *client, uint32_t region, uint64_t *size);

/* What was asked of its regions is forgotten: it is closed. */
void client_regions_closed(struct mdk_client *client);

/* Nothing is mapped any more: the container is gone. */
void client_memory_closed(struct mdk_client *client);
/* A failure for each guard that has changed. */
void client_memory_check(struct mdk_client *client);

void client_irqs_closed(struct mdk_client *client);

/* Ends the test by a failure: what was found instead of @need. */
void client_fail(const char *need, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
