// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_model.ko exports to drivers; see compat/export.h. */
#include "compat/export.h"

#ifndef __GENKSYMS__
#include <mdk/caps.h>
#include <mdk/irqs.h>
#include <mdk/mdk.h>
#include <mdk/parent.h>
#include <mdk/pins.h>
#include <mdk/ring.h>
#include <mdk/virtio.h>
#include <mdk/virtio_net.h>
#endif

MDK_EXPORT(int, mdk_caps_add_type, (struct vfio_info_cap *caps, u32 type, u32 subtype));
MDK_EXPORT(int, mdk_caps_add_sparse_mmap,
	   (struct vfio_info_cap *caps, const struct mdk_area *areas, u32 nr_areas));
MDK_EXPORT(struct mdk_host *, mdk_host_register,
	   (const struct mdk_model *model, const struct mdk_registration *reg));
MDK_EXPORT(void, mdk_host_unregister, (struct mdk_host *host));
MDK_EXPORT(void, mdk_gone, (struct mdk_host *host));
MDK_EXPORT(bool, mdk_irq_trigger, (struct mdk_dev *dev, enum mdk_irq_index index, u32 vector));
MDK_EXPORT(void, mdk_intx_set, (struct mdk_dev *dev, bool asserted));
MDK_EXPORT(void, mdk_irq_raise, (struct mdk_dev *dev, u32 bits));
MDK_EXPORT(void, mdk_irq_raise_at, (struct mdk_dev *dev, struct mdk_at status, u32 bits));
MDK_EXPORT(void, mdk_irq_lower, (struct mdk_dev *dev, u32 bits));
MDK_EXPORT(void, mdk_irq_lower_at, (struct mdk_dev *dev, struct mdk_at status, u32 bits));
MDK_EXPORT(struct mdk_irqs *, mdk_irqs_alloc, (const struct mdk_irq *irqs, u32 nr_irqs));
MDK_EXPORT(void, mdk_irqs_free, (struct mdk_irqs *irqs));
MDK_EXPORT(long, mdk_irqs_ioctl_info, (struct mdk_irqs *irqs, void __user *uarg));
MDK_EXPORT(long, mdk_irqs_ioctl_set, (struct mdk_irqs *irqs, void __user *uarg));
MDK_EXPORT(bool, mdk_irqs_trigger,
	   (struct mdk_irqs *irqs, enum mdk_irq_index index, u32 vector));
MDK_EXPORT(void, mdk_irqs_intx_set, (struct mdk_irqs *irqs, bool asserted));
MDK_EXPORT(bool, mdk_irqs_intx_asserted, (struct mdk_irqs *irqs));
MDK_EXPORT(void, mdk_irqs_intx_gate, (struct mdk_irqs *irqs, bool closed));
MDK_EXPORT(void, mdk_irqs_disable, (struct mdk_irqs *irqs));
MDK_EXPORT(int, mdk_action,
	   (struct mdk_dev *dev, enum mdk_scope scope,
	    void (*fn)(struct mdk_dev *dev, void *data), void *data));
MDK_EXPORT(void *, mdk_zalloc, (struct mdk_dev *dev, enum mdk_scope scope, size_t size));
MDK_EXPORT(bool, mdk_is_gone, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_lock, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_unlock, (struct mdk_dev *dev));
MDK_EXPORT(struct mdk_work *, mdk_work_create,
	   (struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev)));
MDK_EXPORT(bool, mdk_work_queue, (struct mdk_work *work, unsigned int delay_ms));
MDK_EXPORT(const char *, mdk_name, (struct mdk_dev *dev));
MDK_EXPORT(const struct mdk_type *, mdk_type_of, (struct mdk_dev *dev));
MDK_EXPORT(u32, mdk_cap_offset, (struct mdk_dev *dev, u32 row));
MDK_EXPORT(u32, mdk_config_get, (struct mdk_dev *dev, u32 offset));
MDK_EXPORT(void, mdk_config_set, (struct mdk_dev *dev, u32 offset, u32 mask, u32 value));
MDK_EXPORT(struct mdk_pinned *, mdk_pin,
	   (struct mdk_dev *dev, u64 iova, u64 size, enum mdk_dma_dir dir));
MDK_EXPORT(void, mdk_unpin, (struct mdk_pinned *pinned));
MDK_EXPORT(int, mdk_pinned_read,
	   (struct mdk_pinned *pinned, u64 offset, void *buf, size_t len));
MDK_EXPORT(int, mdk_pinned_write,
	   (struct mdk_pinned *pinned, u64 offset, const void *buf, size_t len));
MDK_EXPORT(bool, mdk_pinned_alive, (struct mdk_pinned *pinned));
MDK_EXPORT(int, mdk_dma_read, (struct mdk_dev *dev, u64 iova, void *buf, size_t len));
MDK_EXPORT(int, mdk_dma_write, (struct mdk_dev *dev, u64 iova, const void *buf, size_t len));
MDK_EXPORT(void, mdk_pin_stats, (struct mdk_dev *dev, struct mdk_pin_stats *stats));
MDK_EXPORT(void, mdk_set_dma_device, (struct mdk_dev *dev, struct device *dma));
MDK_EXPORT(struct sg_table *, mdk_pinned_sgt, (struct mdk_pinned *pinned));
MDK_EXPORT(u32, mdk_pinned_nr_pages, (struct mdk_pinned *pinned));
MDK_EXPORT(struct page *, mdk_pinned_page, (struct mdk_pinned *pinned, u32 i));
MDK_EXPORT(struct mdk_pin_cache *, mdk_pin_cache_alloc,
	   (struct mdev_device *mdev, struct device *dma, u32 max_pages));
MDK_EXPORT(void, mdk_pin_cache_free, (struct mdk_pin_cache *cache));
MDK_EXPORT(void, mdk_pin_cache_set_device, (struct mdk_pin_cache *cache, struct device *dma));
MDK_EXPORT(struct mdk_pinned *, mdk_pin_cache_pin,
	   (struct mdk_pin_cache *cache, u64 iova, u64 size, enum mdk_dma_dir dir));
MDK_EXPORT(bool, mdk_pin_cache_shut,
	   (struct mdk_pin_cache *cache, u64 iova, u64 size, u64 *first, u64 *length));
MDK_EXPORT(void, mdk_pin_cache_release, (struct mdk_pin_cache *cache, u64 iova, u64 size));
MDK_EXPORT(void, mdk_pin_cache_release_all, (struct mdk_pin_cache *cache));
MDK_EXPORT(void, mdk_pin_cache_stats,
	   (struct mdk_pin_cache *cache, struct mdk_pin_stats *stats));
MDK_EXPORT(u32, mdk_reg_get, (struct mdk_dev *dev, u32 region, u32 offset));
MDK_EXPORT(void, mdk_reg_set, (struct mdk_dev *dev, u32 region, u32 offset, u32 value));
MDK_EXPORT(void, mdk_reg_set_bits, (struct mdk_dev *dev, u32 region, u32 offset, u32 bits));
MDK_EXPORT(void, mdk_reg_clear_bits, (struct mdk_dev *dev, u32 region, u32 offset, u32 bits));
MDK_EXPORT(u32, mdk_reg_update_bits,
	   (struct mdk_dev *dev, u32 region, u32 offset, u32 mask, u32 value));
MDK_EXPORT(u32, mdk_reg_update,
	   (struct mdk_dev *dev, struct mdk_at at, u32 mask, u32 value));
MDK_EXPORT(void, mdk_counter_add, (struct mdk_dev *dev, struct mdk_at at, u64 more));
MDK_EXPORT(bool, mdk_queue, (struct mdk_dev *dev, unsigned int delay_ms));
MDK_EXPORT(bool, mdk_plane_fits, (struct mdk_dev *dev, const struct mdk_plane *plane));
MDK_EXPORT(u32, mdk_edid_get, (struct mdk_dev *dev, void *buf, u32 size));
MDK_EXPORT(void, mdk_stat_add, (struct mdk_dev *dev, struct mdk_at at, u64 more));
MDK_EXPORT(void, mdk_stat_set, (struct mdk_dev *dev, struct mdk_at at, u64 value));
MDK_EXPORT(void *, mdk_ram, (struct mdk_dev *dev, u32 region));
MDK_EXPORT(struct mdk_ring *, mdk_ring_create,
	   (struct mdk_dev *dev, const struct mdk_ring_spec *spec));
MDK_EXPORT(void, mdk_ring_stop, (struct mdk_ring *ring));
MDK_EXPORT(int, mdk_ring_start, (struct mdk_ring *ring, u64 base, u32 size));
MDK_EXPORT(bool, mdk_ring_running, (struct mdk_ring *ring));
MDK_EXPORT(int, mdk_ring_produce, (struct mdk_ring *ring, u32 index));
MDK_EXPORT(int, mdk_ring_fetch, (struct mdk_ring *ring, void *desc));
MDK_EXPORT(int, mdk_ring_complete, (struct mdk_ring *ring, const void *desc));
MDK_EXPORT(u32, mdk_ring_completed, (struct mdk_ring *ring));
MDK_EXPORT(int, mdk_ring_read, (struct mdk_ring *ring, u64 addr, void *buf, u32 len));
MDK_EXPORT(int, mdk_ring_write, (struct mdk_ring *ring, u64 addr, const void *buf, u32 len));
MDK_EXPORT(struct mdk_host *, mdk_host_register_on,
	   (const struct mdk_model *model, const struct mdk_registration *reg,
	    struct device *parent, void *data));
MDK_EXPORT(struct device *, mdk_parent_dev, (struct mdk_dev *dev));
MDK_EXPORT(void *, mdk_parent_data, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_suspend, (struct mdk_host *host));
MDK_EXPORT(void, mdk_resume, (struct mdk_host *host));
MDK_EXPORT(void, mdk_reset_prepare, (struct mdk_host *host));
MDK_EXPORT(void, mdk_error, (struct mdk_host *host));
MDK_EXPORT(void, mdk_reset_done, (struct mdk_host *host));
MDK_EXPORT(bool, mdk_hw_enter, (struct mdk_dev *dev, int *section));
MDK_EXPORT(void, mdk_hw_exit, (struct mdk_dev *dev, int section));
MDK_EXPORT(void, mdk_assert_locked, (struct mdk_dev *dev));
MDK_EXPORT(int, mdk_ring_on_broken,
	   (struct mdk_ring *ring, void (*fn)(struct mdk_dev *dev, struct mdk_ring *ring)));
MDK_EXPORT(int, mdk_at_reset,
	   (struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev, void *data), void *data));
MDK_EXPORT(int, mdk_map_hw, (struct mdk_dev *dev, u32 region, u64 offset, u64 phys, u64 size));
MDK_EXPORT(struct mdk_ring *, mdk_ring_at, (struct mdk_dev *dev, u32 row, u32 index));
MDK_EXPORT(struct mdk_work *, mdk_rings_worker, (struct mdk_dev *dev));
MDK_EXPORT(u64, mdk_virtio_bar_read,
	   (struct mdk_dev *dev, const struct mdk_region *region, u64 offset, unsigned int width));
MDK_EXPORT(void, mdk_virtio_bar_write,
	   (struct mdk_dev *dev, const struct mdk_region *region, u64 offset, unsigned int width,
	    u64 value));
MDK_EXPORT(int, mdk_virtio_create, (struct mdk_dev *dev, const struct mdk_virtio *virtio));
MDK_EXPORT(u64, mdk_virtio_features, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_virtio_config_changed, (struct mdk_dev *dev));
MDK_EXPORT(u32, mdk_vq_number, (const struct mdk_vq *vq));
MDK_EXPORT(void, mdk_vq_kick, (struct mdk_dev *dev, u32 queue));
MDK_EXPORT(int, mdk_chain_read,
	   (const struct mdk_chain *chain, u32 offset, void *buf, u32 len));
MDK_EXPORT(int, mdk_chain_write,
	   (const struct mdk_chain *chain, u32 offset, const void *buf, u32 len));
MDK_EXPORT(int, mdk_chain_join, (const struct mdk_chain *chain, u32 room));
MDK_EXPORT(int, mdk_virtio_net_create,
	   (struct mdk_dev *dev, const struct mdk_virtio_net *offer));
MDK_EXPORT(struct mdk_work *, mdk_virtio_net_worker, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_virtio_net_attach,
	   (struct mdk_dev *dev, const struct mdk_nic_ops *ops, void *nic, const u8 *mac));
MDK_EXPORT(void, mdk_virtio_net_set_link, (struct mdk_dev *dev, bool up));
MDK_EXPORT(bool, mdk_virtio_net_link, (struct mdk_dev *dev));
MDK_EXPORT(void, mdk_virtio_net_stats,
	   (struct mdk_dev *dev, struct mdk_virtio_net_stats *stats));
MDK_EXPORT(bool, mdk_ring_overlaps, (struct mdk_ring *ring, u64 addr, u64 len));
#ifdef CONFIG_PCI
MDK_EXPORT(struct mdk_pci_driver *, mdk_pci_driver_register,
	   (const struct mdk_pci_parent *parent, const struct mdk_model *model,
	    const struct mdk_registration *reg, const char *name));
MDK_EXPORT(void, mdk_pci_driver_unregister, (struct mdk_pci_driver *driver));
#endif
