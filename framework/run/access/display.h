/* SPDX-License-Identifier: GPL-2.0-only */
/* What VFIO asks of a display; a driver's side is in mdk/display.h. */
#ifndef MDK_DISPLAY_PRIVATE_H
#define MDK_DISPLAY_PRIVATE_H

#include <linux/types.h>

struct mdk_inst;

long mdk_ioctl_query_plane(struct mdk_inst *inst, void __user *uarg);
long mdk_ioctl_get_dmabuf(struct mdk_inst *inst, void __user *uarg);
/* No number has a plane any more; after the last close they begin anew. */
void mdk_display_forget(struct mdk_inst *inst, bool last_close);

#endif /* MDK_DISPLAY_PRIVATE_H */
