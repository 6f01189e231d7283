// SPDX-License-Identifier: GPL-2.0-only
/* A registered model: its parent device, virtual or real, and the ops it gives to the mdev core. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include <mdk/driver.h>
#include <mdk/parent.h>

#include "compat/compat.h"
#include "helpers/reach.h"
#include "mdev/cause.h"
#include "model/check.h"
#include "run/access/access.h"
#include "run/access/ram.h"
#include "run/instance/host.h"
#include "run/migrate/migrate.h"
#include "attributes.h"
#include "debugfs.h"
#include "hosts.h"
#include "ioctl.h"
#include "lifecycle.h"
#include "plans.h"
#include "power.h"
#include "type.h"
#include "unmap.h"

/* The first ABI of this major version: what older drivers rely on is not here any more. */
#define MDK_ABI_OLDEST 1

/* From this ABI on a guest switches the device off with the bus master bit (bus_master.c). */
#define MDK_ABI_MASTER 2

/* From this ABI on the registration says the sizes behind .owner. */
#define MDK_ABI_PARAMS 3

/* And from this one on .save_size. */
#define MDK_ABI_SAVES 4

static bool mdk_sizes_known(const struct mdk_registration *reg)
{
	return reg->model_size <= sizeof(struct mdk_model) &&
	       reg->region_size <= sizeof(struct mdk_region) &&
	       reg->reg_size <= sizeof(struct mdk_reg) &&
	       reg->type_size <= sizeof(struct mdk_type) &&
	       reg->ops_size <= sizeof(struct mdk_ops) && reg->cap_size <= sizeof(struct mdk_cap) &&
	       reg->display_size <= sizeof(struct mdk_display) &&
	       (reg->abi < MDK_ABI_PARAMS || (reg->param_size <= sizeof(struct mdk_param) &&
					      reg->cause_size <= sizeof(struct mdk_cause) &&
					      reg->ring_size <= sizeof(struct mdk_ring_row))) &&
	       (reg->abi < MDK_ABI_SAVES || reg->save_size <= sizeof(struct mdk_save));
}

static int mdk_check_abi(const struct mdk_model *model, const struct mdk_registration *reg)
{
	if (reg->abi < MDK_ABI_OLDEST) {
		pr_err("model '%s' was built with mdev-sdk ABI %u, this framework serves ABI %u to %u: build the driver with this mdev-sdk, or load the framework of its own [K123]\n",
		       model->name ?: "(no name)", reg->abi, MDK_ABI_OLDEST, MDK_ABI);
		return -EOPNOTSUPP;
	}
	if (reg->abi <= MDK_ABI && mdk_sizes_known(reg))
		return 0;
	pr_err("model '%s' was built with mdev-sdk ABI %u, this framework has ABI %u: install the newer mdev-sdk framework [K70]\n",
	       model->name ?: "(no name)", reg->abi, MDK_ABI);
	return -EOPNOTSUPP;
}

/* An older driver's registration is shorter: what follows in its memory is something else. */
static struct mdk_registration mdk_registration_of(const struct mdk_registration *reg)
{
	struct mdk_registration copy = {};
	size_t size = sizeof(copy);

	if (reg->abi < MDK_ABI_PARAMS)
		size = offsetof(struct mdk_registration, param_size);
	else if (reg->abi < MDK_ABI_SAVES)
		size = offsetof(struct mdk_registration, save_size);
	memcpy(&copy, reg, size);
	return copy;
}

/* The driver's structs may be those of another SDK version: members that they lack stay zero. */
static void mdk_host_copy(struct mdk_host *host, const struct mdk_model *model,
			  const struct mdk_registration *reg)
{
	host->reg = mdk_registration_of(reg);
	memcpy(&host->model, model, min(reg->model_size, sizeof(host->model)));
	if (host->model.ops)
		memcpy(&host->ops, host->model.ops, min(reg->ops_size, sizeof(host->ops)));
	if (host->model.display)
		memcpy(&host->display, host->model.display,
		       min(reg->display_size, sizeof(host->display)));
	if (!host->display.kinds)
		host->display.kinds = MDK_PLANE_REGION;
	host->obeys = reg->abi >= MDK_ABI_MASTER && !host->model.always_master;
}

static void mdk_host_describe(struct mdk_host *host)
{
	host->desc = (struct mdk_desc){
		.model = &host->model,
		.ops = &host->ops,
		.display = &host->display,
		.region_size = host->reg.region_size,
		.reg_size = host->reg.reg_size,
		.type_size = host->reg.type_size,
		.cap_size = host->reg.cap_size,
		.param_size = host->reg.param_size,
		.cause_size = host->reg.cause_size,
		.ring_size = host->reg.ring_size,
		.save_size = host->reg.save_size,
		.page_size = PAGE_SIZE,
		.real = host->dev,
	};
}

/* What only rings pin nobody has to add up. */
static void mdk_host_pin_pages(struct mdk_host *host)
{
	if (!host->model.pin_pages)
		host->model.pin_pages = min_t(u64, mdk_desc_rings_pages(&host->desc), U32_MAX);
}

/* The types' prefix is dev_driver_string(): for a device without driver the name of its class. */
static int mdk_host_virtual(struct mdk_host *host)
{
	const char *name = host->model.name;
	int ret;

	host->class = mdk_class_create(name);
	if (IS_ERR(host->class))
		return PTR_ERR(host->class);
	host->dev = device_create(host->class, NULL, MKDEV(0, 0), host, "%s", name);
	ret = PTR_ERR_OR_ZERO(host->dev);
	if (ret)
		class_destroy(host->class);
	return ret;
}

static int mdk_host_parent(struct mdk_host *host)
{
	int ret;

	if (host->dev)
		return mdk_hosts_add(host);
	ret = mdk_host_virtual(host);
	if (ret)
		pr_err("model '%s': its class and the device in it cannot be made (errno %d): %s [K176]\n",
		       host->model.name, -ret,
		       mdk_cause(ret, "/sys/class has one of that name; rename the model"));
	return ret;
}

static void mdk_host_orphan(struct mdk_host *host)
{
	if (host->class) {
		device_unregister(host->dev);
		class_destroy(host->class);
		return;
	}
	mdk_hosts_remove(host);
}

static int mdk_host_offer(struct mdk_host *host)
{
	struct mdev_parent_ops ops = {
		.owner = host->reg.owner,
		.dev_attr_groups = mdk_attrs_groups(host->parent_attrs),
		.mdev_attr_groups = mdk_attrs_groups(host->inst_attrs),
		.supported_type_groups = host->groups,
		.create = mdk_create,
		.remove = mdk_remove,
		.open = mdk_open,
		.release = mdk_close,
		.read = mdk_read,
		.write = mdk_write,
		.ioctl = mdk_ioctl,
		.mmap = mdk_mmap,
		.get_region_info = mdk_get_region_info,
		.request = mdk_request,
	};

	/* The bridge refuses to pin for a driver without ops.quiesce. */
	if (host->model.pin_pages) {
		ops.quiesce = mdk_quiesce;
		ops.reset = mdk_quiesce_failed;
	}
	if (host->model.save_version)
		ops.migration = &mdk_migration_ops;
	return mdev_register_device(host->dev, &ops);
}

static void mdk_host_free(struct mdk_host *host)
{
	mdk_type_groups_free(host);
	mdk_attrs_free(host->inst_attrs);
	mdk_attrs_free(host->parent_attrs);
	mdk_plans_free(host);
	cleanup_srcu_struct(&host->hw);
	mutex_destroy(&host->gone_lock);
	mutex_destroy(&host->insts_lock);
	kfree(host);
}

static int mdk_host_files(struct mdk_host *host)
{
	const struct mdk_model *model = &host->model;

	if (model->nr_attrs || model->nr_params) {
		host->inst_attrs = mdk_attrs_create(&host->desc);
		if (!host->inst_attrs)
			return -ENOMEM;
	}
	if (model->nr_parent_attrs) {
		host->parent_attrs = mdk_parent_attrs_create(&host->desc);
		if (!host->parent_attrs)
			return -ENOMEM;
	}
	return mdk_type_groups_alloc(host);
}

static int mdk_host_build(struct mdk_host *host)
{
	int ret;

	ret = mdk_host_files(host);
	if (ret)
		return ret;
	ret = mdk_host_parent(host);
	if (ret)
		return ret;
	if (host->model.pin_pages)
		mdk_reach_foretell(host->dev, host->model.name);
	ret = mdk_host_offer(host);
	if (ret)
		mdk_host_orphan(host);
	return ret;
}

static struct mdk_host *mdk_host_alloc(struct device *parent, void *data)
{
	struct mdk_host *host = kzalloc(sizeof(*host), GFP_KERNEL);

	if (!host)
		return NULL;
	if (init_srcu_struct(&host->hw)) {
		kfree(host);
		return NULL;
	}
	host->dev = parent;
	host->data = data;
	host->reset_by_register = mdk_inst_reset_by_register;
	spin_lock_init(&host->budget_lock);
	mutex_init(&host->insts_lock);
	mutex_init(&host->gone_lock);
	init_waitqueue_head(&host->wait);
	INIT_LIST_HEAD(&host->insts);
	return host;
}

static struct mdk_host *mdk_host_make(const struct mdk_model *model,
				      const struct mdk_registration *reg, struct device *parent,
				      void *data)
{
	struct mdk_host *host;
	int ret;

	ret = mdk_check_abi(model, reg);
	if (ret)
		return ERR_PTR(ret);
	host = mdk_host_alloc(parent, data);
	if (!host)
		return ERR_PTR(-ENOMEM);
	mdk_host_copy(host, model, reg);
	mdk_host_describe(host);
	mdk_host_pin_pages(host);
	ret = mdk_plans_make(host) ?: mdk_host_build(host);
	if (ret) {
		pr_err("model '%s': not registered (errno %d): %s [K71]\n",
		       model->name ?: "(no name)", -ret, mdk_cause_before(ret));
		mdk_host_free(host);
		return ERR_PTR(ret);
	}
	mdk_debugfs_add_host(host);
	return host;
}

struct mdk_host *mdk_host_register(const struct mdk_model *model,
				   const struct mdk_registration *reg)
{
	return mdk_host_make(model, reg, NULL, NULL);
}

struct mdk_host *mdk_host_register_on(const struct mdk_model *model,
				      const struct mdk_registration *reg, struct device *parent,
				      void *data)
{
	if (parent)
		return mdk_host_make(model, reg, parent, data);
	pr_err("model '%s': mdk_register_on() without a device: give the one that the driver is bound to, or call mdk_register() [K94]\n",
	       model->name ?: "(no name)");
	return ERR_PTR(-EINVAL);
}

void mdk_host_unregister(struct mdk_host *host)
{
	/* Nobody can end the pause any more: a close or remove must not wait for its end. */
	if (READ_ONCE(host->paused))
		mdk_gone(host);
	mdk_debugfs_remove_host(host);
	mdev_unregister_device(host->dev);
	mdk_host_orphan(host);
	mdk_host_free(host);
}

static int __init mdk_model_init(void)
{
	mdk_debugfs_init();
	return 0;
}

/* Listeners of the last instances are freed from RCU callbacks of this module. */
static void __exit mdk_model_exit(void)
{
	rcu_barrier();
	mdk_debugfs_exit();
}

module_init(mdk_model_init);
module_exit(mdk_model_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: device models (registers, regions, types)");
/* mdev-sdk doctor compares this with the same field of drivers (mdk/driver.h). */
MODULE_INFO(mdk_abi, __stringify(MDK_ABI));
