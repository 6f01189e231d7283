// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_net.ko exports to drivers; see compat/export.h. */
#include "../compat/export.h"

#ifndef __GENKSYMS__
#include <mdk/net.h>
#endif

MDK_EXPORT(struct mdk_port *, mdk_port_create,
	   (struct mdk_switch *sw, struct mdk_dev *dev, struct mdk_work *work));
MDK_EXPORT(const u8 *, mdk_port_mac, (const struct mdk_port *port));
MDK_EXPORT(void, mdk_port_set, (struct mdk_port *port, bool link, bool open));
MDK_EXPORT(void, mdk_port_reset, (struct mdk_port *port));
MDK_EXPORT(struct mdk_frame *, mdk_frame_alloc, (struct mdk_port *port, u32 len));
MDK_EXPORT(void, mdk_frame_free, (struct mdk_frame *frame));
MDK_EXPORT(void *, mdk_frame_data, (struct mdk_frame *frame));
MDK_EXPORT(u32, mdk_frame_len, (const struct mdk_frame *frame));
MDK_EXPORT(int, mdk_port_send, (struct mdk_port *port, struct mdk_frame *frame));
MDK_EXPORT(void, mdk_port_bad_frame, (struct mdk_port *port));
MDK_EXPORT(struct mdk_frame *, mdk_port_peek, (struct mdk_port *port));
MDK_EXPORT(void, mdk_port_pop, (struct mdk_port *port));
MDK_EXPORT(void, mdk_port_bad_buffer, (struct mdk_port *port));
MDK_EXPORT(void, mdk_port_stats, (struct mdk_port *port, struct mdk_port_stats *stats));
MDK_EXPORT(struct mdk_port *, mdk_port_virtio_net,
	   (struct mdk_switch *sw, struct mdk_dev *dev, const struct mdk_virtio_net *offer));
MDK_EXPORT(struct mdk_switch *, mdk_switch_create, (const struct mdk_net_spec *spec));
MDK_EXPORT(void, mdk_switch_destroy, (struct mdk_switch *sw));
