/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA: addresses that a card uses, and scatter lists. Behind each card is an IOMMU that translates:
 * it reaches what is mapped for it, byte for byte and in that direction, and nothing else.
 */
#ifndef USER_DMA_H
#define USER_DMA_H

#include <user/driver.h>

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0,
	DMA_TO_DEVICE = 1,
	DMA_FROM_DEVICE = 2,
	DMA_NONE = 3,
};
#define DMA_BIT_MASK(_bits) ((_bits) == 64 ? ~0ULL : (1ULL << (_bits)) - 1)
#define DMA_MAPPING_ERROR (~(dma_addr_t)0)

int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);
int dma_set_mask_and_coherent(struct device *dev, u64 mask);
u64 dma_get_mask(const struct device *dev);
#define dma_get_required_mask(_dev) ((void)(_dev), DMA_BIT_MASK(32))
#define dma_max_mapping_size(_dev) ((void)(_dev), SIZE_MAX)
int dma_set_max_seg_size(struct device *dev, unsigned int size);
unsigned int dma_get_max_seg_size(const struct device *dev);
int dma_set_seg_boundary(struct device *dev, unsigned long mask);
unsigned long dma_get_seg_boundary(const struct device *dev);

/* Zeroed, and of whole pages of addresses. */
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *bus, gfp_t flags);
void dma_free_coherent(struct device *dev, size_t size, void *mem, dma_addr_t bus);
void *dmam_alloc_coherent(struct device *dev, size_t size, dma_addr_t *bus, gfp_t flags);

dma_addr_t user_dma_map(struct device *dev, void *mem, size_t size, enum dma_data_direction dir);
void user_dma_unmap(struct device *dev, dma_addr_t bus, size_t size, enum dma_data_direction dir);
#define dma_map_single(_dev, _mem, _size, _dir) user_dma_map(_dev, _mem, _size, _dir)
#define dma_unmap_single(_dev, _bus, _size, _dir) user_dma_unmap(_dev, _bus, _size, _dir)
#define dma_map_page(_dev, _page, _off, _size, _dir)                                               \
	user_dma_map(_dev, (char *)page_address(_page) + (_off), _size, _dir)
#define dma_unmap_page dma_unmap_single
#define dma_map_single_attrs(_dev, _mem, _size, _dir, _attrs) dma_map_single(_dev, _mem, _size, _dir)
#define dma_unmap_single_attrs(_dev, _bus, _size, _dir, _attrs)                                    \
	dma_unmap_single(_dev, _bus, _size, _dir)
int dma_mapping_error(struct device *dev, dma_addr_t bus);
/* Memory of one process has one view. */
#define dma_sync_single_for_cpu(_dev, _bus, _size, _dir) ((void)(_dev), smp_mb())
#define dma_sync_single_for_device dma_sync_single_for_cpu
#define DEFINE_DMA_UNMAP_ADDR(_name) dma_addr_t _name
#define DEFINE_DMA_UNMAP_LEN(_name) __u32 _name

/* @user_last: no entry comes behind it */
struct scatterlist {
	struct page page;
	unsigned int offset;
	unsigned int length;
	dma_addr_t dma_address;
	unsigned int dma_length;
	bool user_last;
};
struct sg_table {
	struct scatterlist *sgl;
	unsigned int nents;
	unsigned int orig_nents;
};
#define sg_dma_address(_sg) ((_sg)->dma_address)
#define sg_dma_len(_sg) ((_sg)->dma_length)
#define sg_page(_sg) (&(_sg)->page)
#define sg_virt(_sg) ((void *)((char *)(_sg)->page.address + (_sg)->offset))
#define sg_phys(_sg) ((phys_addr_t)(unsigned long)sg_virt(_sg))
#define page_to_phys(_page) ((phys_addr_t)(unsigned long)page_address(_page))
#define virt_to_phys(_mem) ((phys_addr_t)(unsigned long)(_mem))
#define for_each_sg(_list, _sg, _nr, _i)                                                           \
	for ((_i) = 0, (_sg) = (_list); (_i) < (_nr); (_i)++, (_sg)++)
#define for_each_sgtable_sg(_table, _sg, _i) for_each_sg((_table)->sgl, _sg, (_table)->orig_nents, _i)
#define for_each_sgtable_dma_sg(_table, _sg, _i) for_each_sg((_table)->sgl, _sg, (_table)->nents, _i)
void sg_init_table(struct scatterlist *list, unsigned int nr);
void sg_init_one(struct scatterlist *sg, const void *mem, unsigned int size);
void sg_set_buf(struct scatterlist *sg, const void *mem, unsigned int size);
void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int size, unsigned int offset);
struct scatterlist *sg_next(struct scatterlist *sg);
int sg_nents(struct scatterlist *list);
int sg_alloc_table(struct sg_table *table, unsigned int nr, gfp_t flags);
int sg_alloc_table_from_pages_segment(struct sg_table *table, struct page **pages, unsigned int nr,
				      unsigned int offset, unsigned long size, unsigned int longest,
				      gfp_t flags);
#define sg_alloc_table_from_pages(_table, _pages, _nr, _off, _size, _flags)                        \
	sg_alloc_table_from_pages_segment(_table, _pages, _nr, _off, _size, UINT_MAX, _flags)
void sg_free_table(struct sg_table *table);
int dma_map_sg(struct device *dev, struct scatterlist *list, int nr, enum dma_data_direction dir);
void dma_unmap_sg(struct device *dev, struct scatterlist *list, int nr,
		  enum dma_data_direction dir);
int dma_map_sgtable(struct device *dev, struct sg_table *table, enum dma_data_direction dir,
		    unsigned long attrs);
void dma_unmap_sgtable(struct device *dev, struct sg_table *table, enum dma_data_direction dir,
		       unsigned long attrs);

/* What translates. */
struct iommu_domain;
struct iommu_domain *iommu_get_domain_for_dev(struct device *dev);
#define iommu_is_dma_domain(_domain) ((_domain) != NULL)
#define is_swiotlb_force_bounce(_dev) ((void)(_dev), false)
#define phys_to_dma(_dev, _phys) ((void)(_dev), (dma_addr_t)(_phys))

#endif /* USER_DMA_H */
