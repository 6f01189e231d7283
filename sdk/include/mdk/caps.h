/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file caps.h
 * @brief Layer 2: capability chains for a raw driver's get_region_info op.
 *
 * The op only adds capabilities. The argsz protocol, the flag, the copy and the free are done by
 * the bridge, or by the VFIO core where it answers the ioctl: a driver cannot get them wrong.
 */
#ifndef MDK_CAPS_H
#define MDK_CAPS_H

#include <mdk/region.h>
#include <mdk/types.h>

struct vfio_info_cap;

/**
 * mdk_caps_add_type() - VFIO_REGION_INFO_CAP_TYPE: what a device-specific region is
 * @caps: of the get_region_info op
 * @type: VFIO_REGION_TYPE_*, or a vendor's (uapi: VFIO_REGION_TYPE_PCI_VENDOR_TYPE)
 * @subtype: likewise
 *
 * Context: may sleep. Return: 0 or -ENOMEM; the op returns either.
 */
int __must_check mdk_caps_add_type(struct vfio_info_cap *caps, u32 type, u32 subtype);

/**
 * mdk_caps_add_sparse_mmap() - VFIO_REGION_INFO_CAP_SPARSE_MMAP: only parts can be mapped
 * @caps: of the get_region_info op
 * @areas: the parts
 * @nr_areas: entries of @areas
 *
 * Context: may sleep. Return: 0 or -ENOMEM; the op returns either.
 */
int __must_check mdk_caps_add_sparse_mmap(struct vfio_info_cap *caps,
					  const struct mdk_area *areas, u32 nr_areas);

#endif /* MDK_CAPS_H */
