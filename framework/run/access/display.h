/* SPDX-License-Identifier: GPL-2.0-only */
/* What VFIO asks of a display; a driver's side is in mdk/display.h. */
#ifndef MDK_DISPLAY_PRIVATE_H
#define MDK_DISPLAY_PRIVATE_H

struct mdk_inst;

long mdk_ioctl_query_plane(struct mdk_inst *inst, void __user *uarg);
long mdk_ioctl_get_dmabuf(struct mdk_inst *inst, void __user *uarg);
void mdk_display_forget(struct mdk_inst *inst);

#endif /* MDK_DISPLAY_PRIVATE_H */
