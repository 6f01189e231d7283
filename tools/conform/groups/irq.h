/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* VFIO_DEVICE_SET_IRQS and the eventfds that it is given. */
#ifndef CONFORM_IRQ_H
#define CONFORM_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "suite.h"

#define MAX_IRQS	64
#define MAX_USED	8	/* vectors of an index that a test arms; an index may have thousands */
#define IRQ_SET_MINSZ	20

#define NONE	VFIO_IRQ_SET_DATA_NONE
#define BOOL	VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD	VFIO_IRQ_SET_DATA_EVENTFD
#define TRIGGER	VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK	VFIO_IRQ_SET_ACTION_MASK
#define UNMASK	VFIO_IRQ_SET_ACTION_UNMASK

struct irq {
	unsigned int index;
	uint32_t count;
	uint32_t flags;
	uint32_t used;		/* the first vectors, at most MAX_USED */
};

struct irqs {
	uint32_t num;		/* num_irqs of GET_INFO */
	unsigned int nr;	/* entries of v[]: indexes with an interrupt that takes eventfds */
	struct irq v[MAX_IRQS];
};

struct irq_request {
	uint32_t argsz;		/* 0: as it must be for the payload */
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
	const void *payload;
	size_t size;
};

void irqs_load(const struct env *env, struct irqs *irqs);
/* The same, and skips the test where there is nothing to arm. */
void need_irqs(const struct env *env, struct irqs *irqs);
/*
 * Skips the test if the driver takes vectors that it does not have: then a request at the edge may
 * lead it anywhere, and the failure is told by irq.range.
 */
void need_checked_requests(const struct env *env, struct irqs *irqs);

/* 0 or -errno */
int irq_set(int device, const struct irq_request *req);
/* One or several vectors by eventfd. */
int irq_arm(int device, unsigned int index, uint32_t start, uint32_t count, const int32_t *fds);
/* DATA_BOOL with ones for the vectors of @vectors. */
int irq_trigger_bool(int device, const struct irq *irq, uint32_t vectors);
int irq_trigger_none(int device, const struct irq *irq, uint32_t start, uint32_t count);
int irq_disarm(int device, const struct irq *irq);

/* An eventfd that does not block; ends the test if there is none. */
int event_new(void);
void events_new(int32_t *fds, uint32_t n);
void events_close(int32_t *fds, uint32_t n);
/* What it counted since it was last asked; waits at most @ms for the first. */
uint64_t event_take(int fd, unsigned int ms);
/* Which of the @n eventfds counted, after @ms without a further one. */
uint32_t events_take(const int32_t *fds, uint32_t n, unsigned int ms);

/*
 * The kernel gives every eventfd context the lowest number that no living one has. So a context
 * that nobody put is found by what is not given again.
 */
int event_id(int fd);		/* -1 where the kernel does not tell */
/* Likewise, of a file below /proc/PID/fdinfo. */
int event_id_in(const char *path);
/* How many of them are not given again, after some time: a reference is still held. */
unsigned int event_ids_kept(const int *ids, unsigned int n);

/* Arms the first vectors of the index, or fails and ends the test. */
void need_armed(const struct env *env, const struct irq *irq, int32_t *fds);
/* Fresh open of the shared device: nothing is armed, and another index may be. */
void reopen(struct env *env);

#endif
