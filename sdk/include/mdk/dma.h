/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file dma.h
 * @brief What a device does with guest memory; for drivers (pin.h) and for their tests (test.h).
 */
#ifndef MDK_DMA_H
#define MDK_DMA_H

/** Direction of DMA. */
enum mdk_dma_dir {
	MDK_TO_DEVICE = 1,   /**< the device reads guest memory */
	MDK_FROM_DEVICE = 2, /**< the device writes guest memory */
	MDK_BOTH_WAYS = 3,   /**< it may do both */
};

#endif /* MDK_DMA_H */
