/* SPDX-License-Identifier: GPL-2.0-only */
/* Pins and copies that can be cancelled. */
#ifndef MDK_VFIO_MDEV_ASYNC_H
#define MDK_VFIO_MDEV_ASYNC_H

#include <linux/types.h>
#include <linux/wait.h>

struct mdev_device;
struct page;

/**
 * struct mdv_cancel - cancels pins and copies of a device
 * @wait: woken when one is done; whoever sets @stop wakes it too, and the release op when it begins
 * @stop: they are cancelled: none is waited for any more, and no other begins
 * @resets: likewise while it is not 0: a reset waits for workers, which may be in such a call
 *
 * Outlives the last close of the device.
 */
struct mdv_cancel {
	wait_queue_head_t wait;
	bool stop;
	unsigned int resets;
};

/**
 * mdk_mdev_pin_pages_apart() - mdev_pin_pages() that can be cancelled
 * @mdev: the device
 * @iova: as there
 * @npage: as there
 * @prot: as there
 * @pages: as there
 * @cancel: what cancels it
 *
 * VFIO takes a lock for it that the device's user can keep for as long as he likes. A worker waits
 * for that lock instead of the caller.
 * Context: may sleep; from callbacks that end before the device is closed.
 * Return: as mdev_pin_pages(); -EAGAIN when it is cancelled, the device closes or the caller is
 * killed, and while a worker is still in VFIO with a call that was abandoned so. Nothing stays
 * pinned then.
 */
int mdk_mdev_pin_pages_apart(struct mdev_device *mdev, u64 iova, int npage, int prot,
			     struct page **pages, struct mdv_cancel *cancel);

/**
 * mdk_mdev_dma_rw_apart() - mdev_dma_rw() that can be cancelled
 * @mdev: the device
 * @iova: as there
 * @data: as there
 * @len: as there
 * @write: as there
 * @cancel: what cancels it
 *
 * Context: as mdk_mdev_pin_pages_apart(). Return: as mdev_dma_rw(), and -EAGAIN as there. What was
 * written may then still arrive in the guest; @data is not touched any more.
 */
int mdk_mdev_dma_rw_apart(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write,
			  struct mdv_cancel *cancel);

int mdv_async_module_init(void);
void mdv_async_module_exit(void);

#endif /* MDK_VFIO_MDEV_ASYNC_H */
