// SPDX-License-Identifier: GPL-2.0-only
/* Judged before the lock that it is changed under. */
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>

#define FERRY_SEATS 48

struct ferry {
	struct vfio_device vdev;
	struct mutex lock;
	spinlock_t deck;
	u32 taken;
	u32 head, tail;
	u32 weight, most;
	bool sailing;
	u32 seats[FERRY_SEATS];
};

static int ferry_board(struct ferry *ferry, u32 ticket)
{
	if (ferry->taken == FERRY_SEATS) /* finds: mdev-stale-test */
		return -ENOSPC;
	guard(mutex)(&ferry->lock);
	ferry->seats[ferry->taken++] = ticket;
	return 0;
}

/* By a helper. */
static bool ferry_is_full(const struct ferry *ferry)
{
	return ferry->taken >= FERRY_SEATS;
}

static int ferry_board_late(struct ferry *ferry, u32 ticket)
{
	if (ferry_is_full(ferry)) /* finds: mdev-stale-test */
		return -ENOSPC;
	mutex_lock(&ferry->lock);
	ferry->seats[ferry->taken] = ticket;
	ferry->taken++;
	mutex_unlock(&ferry->lock);
	return 0;
}

/* By a local. */
static int ferry_load(struct ferry *ferry, u32 weight)
{
	u32 room = ferry->most - ferry->weight;

	if (weight > room) /* finds: mdev-stale-test */
		return -ENOSPC;
	spin_lock(&ferry->deck);
	ferry->weight += weight;
	spin_unlock(&ferry->deck);
	return 0;
}

/* Let go of in between. */
static int ferry_push(struct ferry *ferry, u32 ticket)
{
	unsigned long flags;

	if ((ferry->head + 1) % FERRY_SEATS == ferry->tail) /* finds: mdev-stale-test */
		return -EAGAIN;
	spin_lock_irqsave(&ferry->deck, flags);
	ferry->seats[ferry->head] = ticket;
	ferry->head = (ferry->head + 1) % FERRY_SEATS;
	spin_unlock_irqrestore(&ferry->deck, flags);
	return 0;
}

/* A flag. */
static int ferry_sail(struct ferry *ferry)
{
	if (ferry->sailing) /* finds: mdev-stale-test */
		return -EBUSY;
	mutex_lock(&ferry->lock);
	ferry->sailing = true;
	mutex_unlock(&ferry->lock);
	return 0;
}

/* The place is remembered from before. */
static int ferry_remember(struct ferry *ferry, u32 ticket)
{
	u32 seat = ferry->taken;

	if (seat >= FERRY_SEATS) /* finds: mdev-stale-test */
		return -ENOSPC;
	spin_lock(&ferry->deck);
	ferry->seats[seat] = ticket;
	ferry->taken = seat + 1;
	spin_unlock(&ferry->deck);
	return 0;
}
