// SPDX-License-Identifier: GPL-2.0-only
/* Judged under the lock, or once more under it. */
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>

#define BARGE_SEATS 48

struct barge {
	struct vfio_device vdev;
	struct mutex lock;
	spinlock_t deck;
	u32 taken;
	u32 head, tail;
	u32 weight, most;
	bool sailing;
	u32 boarded;
	u32 seats[BARGE_SEATS];
};

static int barge_board(struct barge *barge, u32 ticket)
{
	guard(mutex)(&barge->lock);
	if (barge->taken == BARGE_SEATS)
		return -ENOSPC;
	barge->seats[barge->taken++] = ticket;
	return 0;
}

static bool barge_is_full(const struct barge *barge)
{
	return barge->taken >= BARGE_SEATS;
}

/* A first look costs nothing; the second counts. */
static int barge_board_late(struct barge *barge, u32 ticket)
{
	int ret = -ENOSPC;

	if (barge_is_full(barge))
		return ret;
	mutex_lock(&barge->lock);
	if (!barge_is_full(barge)) {
		barge->seats[barge->taken++] = ticket;
		ret = 0;
	}
	mutex_unlock(&barge->lock);
	return ret;
}

/* Something else is judged. */
static int barge_load(struct barge *barge, u32 weight)
{
	if (weight > barge->most)
		return -ENOSPC;
	spin_lock(&barge->deck);
	barge->boarded++;
	spin_unlock(&barge->deck);
	return 0;
}

/* Two locks, one inside of the other. */
static int barge_push(struct barge *barge, u32 ticket)
{
	int ret = 0;

	mutex_lock(&barge->lock);
	if (barge->head == BARGE_SEATS) {
		ret = -EAGAIN;
		goto unlock;
	}
	spin_lock(&barge->deck);
	barge->seats[barge->head++] = ticket;
	spin_unlock(&barge->deck);
unlock:
	mutex_unlock(&barge->lock);
	return ret;
}

/* The caller holds the lock. */
static int barge_sail_locked(struct barge *barge)
{
	if (barge->sailing)
		return -EBUSY;
	spin_lock(&barge->deck);
	barge->sailing = true;
	spin_unlock(&barge->deck);
	return 0;
}

static int barge_sail(struct barge *barge)
{
	int ret;

	mutex_lock(&barge->lock);
	ret = barge_sail_locked(barge);
	mutex_unlock(&barge->lock);
	return ret;
}
