// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins by page frame numbers. Each page is a pin of its own, because it may be released alone and a
 * release must repeat its pin exactly.
 */
#include <linux/mm.h>
#include <linux/vfio.h>

#include "legacy.h"

static bool mdk_legacy_iova(unsigned long user_pfn, u64 *iova)
{
	*iova = (u64)user_pfn << PAGE_SHIFT;
	return *iova >> PAGE_SHIFT == user_pfn;
}

static int mdk_legacy_pin_one(struct mdev_device *mdev, unsigned long user_pfn, int prot,
			      unsigned long *phys_pfn)
{
	struct page *page;
	u64 iova;
	int ret;

	if (!mdk_legacy_iova(user_pfn, &iova))
		return -EINVAL;
	ret = mdk_mdev_pin_pages(mdev, iova, 1, prot, &page);
	if (ret < 0)
		return ret;
	*phys_pfn = page_to_pfn(page);
	return 0;
}

static int mdk_legacy_pin_check(struct device *dev, const unsigned long *user_pfn, int npage,
				const unsigned long *phys_pfn)
{
	struct mdev_device *mdev;

	if (!dev || !user_pfn || !phys_pfn || npage <= 0)
		return -EINVAL;
	if (npage > VFIO_PIN_PAGES_MAX_ENTRIES)
		return -E2BIG;
	mdev = mdev_from_dev(dev);
	if (!mdev)
		return -ENODEV;
	/* As in 4.10: who does not listen to unmaps cannot pin. */
	return mdk_legacy_listening(mdev) ? 0 : -EINVAL;
}

int mdk_legacy_pin_pages(struct device *dev, unsigned long *user_pfn, int npage, int prot,
			 unsigned long *phys_pfn)
{
	struct mdev_device *mdev;
	int i, ret;

	ret = mdk_legacy_pin_check(dev, user_pfn, npage, phys_pfn);
	if (ret)
		return ret;
	mdev = mdev_from_dev(dev);
	for (i = 0; i < npage; i++) {
		ret = mdk_legacy_pin_one(mdev, user_pfn[i], prot, &phys_pfn[i]);
		if (ret)
			goto undo;
	}
	return npage;

undo:
	while (i--) {
		mdk_mdev_unpin_pages(mdev, (u64)user_pfn[i] << PAGE_SHIFT, 1);
		phys_pfn[i] = 0;
	}
	return ret;
}

int mdk_legacy_unpin_pages(struct device *dev, unsigned long *user_pfn, int npage)
{
	struct mdev_device *mdev = dev ? mdev_from_dev(dev) : NULL;
	int i, done = 0;
	u64 iova;

	if (!dev || !user_pfn || npage <= 0)
		return -EINVAL;
	if (npage > VFIO_PIN_PAGES_MAX_ENTRIES)
		return -E2BIG;
	if (!mdev)
		return -ENODEV;
	for (i = 0; i < npage; i++)
		if (mdk_legacy_iova(user_pfn[i], &iova) &&
		    mdk_mdev_unpin_pages(mdev, iova, 1) == 1)
			done++;
	return done ?: -EINVAL;
}
