/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file model.h
 * @brief The model: one const description of a device, from which the SDK makes a complete driver.
 */
#ifndef MDK_MODEL_H
#define MDK_MODEL_H

#include <mdk/attr.h>
#include <mdk/cause.h>
#include <mdk/display.h>
#include <mdk/irq.h>
#include <mdk/life.h>
#include <mdk/param.h>
#include <mdk/pci.h>
#include <mdk/region.h>
#include <mdk/rings.h>
#include <mdk/save.h>
#include <mdk/type.h>
#include <mdk/types.h>

/** Version of the binary interface between models and the SDK's run time. */
#define MDK_ABI 4

/**
 * struct mdk_ops - the moments of an instance's life. All optional.
 * @init: the instance is created; its state is zero. An error is the error of the create.
 * @fini: it is removed; undo @init. Not called if @init failed.
 * @open: its first user came. An error is the error of the open.
 * @close: its last user left, or the open failed later; stop what @open or accesses started
 * @scrub: after the last @close and @reset: clear data of the user that the hardware keeps. The SDK
 *	clears its own RAM.
 * @quiesce: stop all DMA to guest memory [@iova, @iova + @size): it is about to be unmapped, and
 *	every mdk_pin() handle of a part of it is dead already; the range may be wider than what
 *	user space unmaps. Also when a guest switches its device off (mdk/pci.h), for all
 *	addresses. An error means that DMA could not be stopped; then the SDK calls @reset, which
 *	must stop it. Must not take a lock that is held across a call that pins. Needs pin_pages;
 *	may be left out by a device that only copies (mdk_pinned_read()). Never twice at once.
 * @available: how many instances of @type can be created now, on top of the budgets
 * @suspend: the parent is about to sleep or to be reset: stop what the instance runs, and save
 *	what the hardware will forget. The last callback until @resume; see mdk/parent.h
 * @resume: the parent is back and has forgotten everything: program the hardware from the registers
 *	and from what @suspend saved. Pins are dead; the next access or a worker can pin again. An
 *	error means that the instance is lost
 * @reset: bring the device to its power-on state: for VFIO_DEVICE_RESET, and after each @close.
 *	The SDK resets registers, configuration space and, after @close, RAM before the call.
 * @work: a worker that each instance has from its creation on; mdk_queue() has it run. All that
 *	mdk_work_create() says of a worker goes for it
 * @post_load: a migration (mdk/save.h) has brought registers and state: check what of them depends
 *	on each other. An error refuses the stream, and the device is reset. Comes before @resume,
 *	under the same lock; the hardware must not be touched
 *
 * Context: process, may sleep. @init and @fini of all instances of a model are serialised;
 * @open, @close and @fini of one instance never overlap each other or a register callback. @reset,
 * @suspend and @resume do not overlap each other or a register callback. @quiesce and @reset must
 * not sleep where a signal wakes them (wait_event_interruptible() and the like). The whole
 * contract is in mdk/life.h.
 */
struct mdk_ops {
	int (*init)(struct mdk_dev *dev);
	void (*fini)(struct mdk_dev *dev);
	int (*open)(struct mdk_dev *dev);
	void (*close)(struct mdk_dev *dev);
	void (*reset)(struct mdk_dev *dev);
	int (*quiesce)(struct mdk_dev *dev, u64 iova, u64 size);
	u32 (*available)(const struct mdk_type *type);
	void (*scrub)(struct mdk_dev *dev);
	void (*suspend)(struct mdk_dev *dev);
	int (*resume)(struct mdk_dev *dev);
	void (*work)(struct mdk_dev *dev);
	int (*post_load)(struct mdk_dev *dev);
};

/**
 * struct mdk_model - a device
 * @name: of the parent and the prefix of its types: [a-z][a-z0-9_]*, at most 40 characters
 * @state_size: bytes of mdk_state(); if not 0 ops.reset is needed, to clear a user's data there
 * @pci: its identity
 * @regions: see mdk/region.h
 * @nr_regions: entries of @regions
 * @types: see mdk/type.h
 * @nr_types: entries of @types
 * @budget: units that the instances of all types share, see mdk_type.cost; short for one budget
 * @ops: optional
 * @budgets: several budgets instead of @budget
 * @nr_budgets: entries of @budgets
 * @irqs: see mdk/irq.h
 * @nr_irqs: entries of @irqs
 * @attrs: own files of each instance, see mdk/attr.h; rows of one group stand together
 * @nr_attrs: entries of @attrs
 * @parent_attrs: own files of the parent
 * @nr_parent_attrs: entries of @parent_attrs
 * @pin_pages: pages of guest memory that one instance may have pinned; 0: it pins nothing, or, with
 *	@rings, nothing but those and their buffers
 * @caps: capabilities of its configuration space, chained in this order; see mdk/pci.h
 * @nr_caps: entries of @caps
 * @display: of a device that shows something, see mdk/display.h; optional
 * @always_master: neither bus mastering nor D3hot (mdk/pci.h) switches the device off: for one
 *	without DMA, whose guests expect messages all the same. Set for models built before ABI 2
 * @params: numbers that an administrator sets for each instance, see mdk/param.h
 * @nr_params: entries of @params
 * @causes: of interrupts, see mdk/cause.h
 * @nr_causes: entries of @causes
 * @rings: rings that the SDK serves, see mdk/rings.h
 * @nr_rings: entries of @rings
 * @saves: what moves with it, members of its state and blobs, see mdk/save.h
 * @nr_saves: entries of @saves
 * @save_version: it can be migrated, and this is the version of @saves, from 1 on; one more with
 *	each release that adds a row or changes what a row means. 0: it cannot
 *
 * Everything it points to is const and lives as long as the module.
 */
struct mdk_model {
	const char *name;
	size_t state_size;
	struct mdk_pci pci;
	const struct mdk_region *regions;
	u32 nr_regions;
	const struct mdk_type *types;
	u32 nr_types;
	u32 budget;
	const struct mdk_ops *ops;
	const struct mdk_budget *budgets;
	u32 nr_budgets;
	const struct mdk_irq *irqs;
	u32 nr_irqs;
	const struct mdk_attr *attrs;
	u32 nr_attrs;
	const struct mdk_attr *parent_attrs;
	u32 nr_parent_attrs;
	u32 pin_pages;
	const struct mdk_cap *caps;
	u32 nr_caps;
	const struct mdk_display *display;
	bool always_master;
	const struct mdk_param *params;
	u32 nr_params;
	const struct mdk_cause *causes;
	u32 nr_causes;
	const struct mdk_ring_row *rings;
	u32 nr_rings;
	const struct mdk_save *saves;
	u32 nr_saves;
	u32 save_version;
};

/** The regions of a model, an array. */
#define MDK_REGIONS(_regions) .regions = (_regions), .nr_regions = ARRAY_SIZE(_regions)
/** The interrupts of a model, an array. */
#define MDK_IRQS(_irqs) .irqs = (_irqs), .nr_irqs = ARRAY_SIZE(_irqs)
/** The files of each instance, an array. */
#define MDK_ATTRS(_attrs) .attrs = (_attrs), .nr_attrs = ARRAY_SIZE(_attrs)
/** The files of the parent, an array. */
#define MDK_PARENT_ATTRS(_attrs) .parent_attrs = (_attrs), .nr_parent_attrs = ARRAY_SIZE(_attrs)
/** The causes of interrupts, an array. */
#define MDK_CAUSES(_causes) .causes = (_causes), .nr_causes = ARRAY_SIZE(_causes)
/** The rings that the SDK serves, an array. */
#define MDK_RINGS(_rings) .rings = (_rings), .nr_rings = ARRAY_SIZE(_rings)
/** It can be migrated: the version of its table, and the table, an array. */
#define MDK_SAVES(_version, _saves)                                                                \
	.save_version = (_version), .saves = (_saves), .nr_saves = ARRAY_SIZE(_saves)
/** It can be migrated, and has no state of its own. */
#define MDK_SAVES_NOTHING(_version) .save_version = (_version)
/** The parameters of each instance, an array. */
#define MDK_PARAMS(_params) .params = (_params), .nr_params = ARRAY_SIZE(_params)
/** The PCI capabilities of a model, an array. */
#define MDK_PCI_CAPS(_caps) .caps = (_caps), .nr_caps = ARRAY_SIZE(_caps)
/** The budgets of a model, an array. */
#define MDK_BUDGETS(_budgets) .budgets = (_budgets), .nr_budgets = ARRAY_SIZE(_budgets)
/** The types of a model, an array. */
#define MDK_TYPES(_types) .types = (_types), .nr_types = ARRAY_SIZE(_types)

/**
 * struct mdk_dev - an instance, as callbacks see it
 * @state: see mdk_state()
 *
 * Made by the SDK only; what follows in memory is private to it.
 */
struct mdk_dev {
	void *state;
};

/**
 * mdk_state() - the driver's own memory of an instance
 * @dev: the instance
 *
 * Context: any. Return: state_size bytes, zero before init, alive until after fini.
 */
static inline void *mdk_state(struct mdk_dev *dev)
{
	return dev->state;
}

/**
 * mdk_name() - name of the instance for messages
 * @dev: the instance
 *
 * Context: any. Return: its UUID as text, alive as long as the instance.
 */
const char *mdk_name(struct mdk_dev *dev);

/**
 * mdk_type_of() - the type an instance was created with
 * @dev: the instance
 *
 * Context: any. Return: the row of the model's table.
 */
const struct mdk_type *mdk_type_of(struct mdk_dev *dev);

#endif /* MDK_MODEL_H */
