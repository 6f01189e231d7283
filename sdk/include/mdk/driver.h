/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file driver.h
 * @brief From a model to a kernel module in one line.
 */
#ifndef MDK_DRIVER_H
#define MDK_DRIVER_H

#include <linux/err.h>
#include <linux/module.h>

#include <mdk/model.h>

struct mdk_host;

/**
 * struct mdk_registration - what the registering module was compiled against
 * @model_size: bytes of struct mdk_model there
 * @region_size: bytes of struct mdk_region there
 * @reg_size: bytes of struct mdk_reg there
 * @type_size: bytes of struct mdk_type there
 * @ops_size: bytes of struct mdk_ops there
 * @cap_size: bytes of struct mdk_cap there
 * @display_size: bytes of struct mdk_display there
 * @abi: MDK_ABI there
 * @owner: the registering module
 * @param_size: bytes of struct mdk_param there; from ABI 3 on, as all that follows
 * @cause_size: bytes of struct mdk_cause there
 * @ring_size: bytes of struct mdk_ring_row there
 * @save_size: bytes of struct mdk_save there; from ABI 4 on
 */
struct mdk_registration {
	size_t model_size;
	size_t region_size;
	size_t reg_size;
	size_t type_size;
	size_t ops_size;
	size_t cap_size;
	size_t display_size;
	unsigned int abi;
	struct module *owner;
	size_t param_size;
	size_t cause_size;
	size_t ring_size;
	size_t save_size;
};

/** @cond */
struct mdk_host *__must_check mdk_host_register(const struct mdk_model *model,
						const struct mdk_registration *reg);
void mdk_host_unregister(struct mdk_host *host);

#define MDK_REGISTRATION                                                                           \
	((const struct mdk_registration){                                                          \
		.model_size = sizeof(struct mdk_model),                                            \
		.region_size = sizeof(struct mdk_region),                                          \
		.reg_size = sizeof(struct mdk_reg),                                                \
		.type_size = sizeof(struct mdk_type),                                              \
		.ops_size = sizeof(struct mdk_ops),                                                \
		.cap_size = sizeof(struct mdk_cap),                                                \
		.display_size = sizeof(struct mdk_display),                                        \
		.abi = MDK_ABI,                                                                    \
		.owner = THIS_MODULE,                                                              \
		.param_size = sizeof(struct mdk_param),                                            \
		.cause_size = sizeof(struct mdk_cause),                                            \
		.ring_size = sizeof(struct mdk_ring_row),                                          \
		.save_size = sizeof(struct mdk_save),                                              \
	})
/** @endcond */

/**
 * mdk_register() - offer a model's types on a virtual parent device of its name
 * @model: the device; must outlive the registration
 *
 * The whole description is checked; every fault is named in the kernel log.
 * Context: may sleep. Return: handle for mdk_unregister(), or an ERR_PTR: -EINVAL for a faulty
 * model, -EOPNOTSUPP for one that needs a newer framework, -EEXIST, -ENOMEM.
 */
#define mdk_register(model) mdk_host_register(model, &MDK_REGISTRATION)

/**
 * mdk_unregister() - remove the parent and all its instances
 * @host: of mdk_register() or mdk_register_on()
 *
 * Context: may sleep until the last user has closed his instance.
 * Guarantees: no callback of the model runs afterwards.
 */
#define mdk_unregister(host) mdk_host_unregister(host)

/**
 * mdk_gone() - the hardware behind the parent is gone, or must not be touched any more
 * @host: of mdk_register() or mdk_register_on()
 *
 * Fences all instances before it waits for any, so that no guest waits for another one: fences
 * accesses, revokes mappings, stops DMA (ops.quiesce), releases pins, signals ERR and REQ. An
 * instance stays until it is closed and removed. Nothing can be created or opened any more. May be
 * called again; unregister afterwards as usual.
 *
 * Context: process, may sleep; not from a callback of the model, nor from a worker of an instance.
 * Waits for a callback that waits for guest memory, as long as that guest takes; all the other
 * instances can be closed and removed meanwhile.
 * Guarantees: when it returns, no init, open, read, write, written, reset, scrub or quiesce
 * callback, no worker and no section of mdk_hw_enter() runs or will run; reads are all-ones, writes
 * are dropped, a mapping shows a private page. close, fini, show and store still run: mdk_is_gone()
 * or mdk_hw_enter() tells them not to touch the hardware.
 */
void mdk_gone(struct mdk_host *host);

/** The whole module: registers @_model when it is loaded, unregisters it before it goes. */
#define module_mdk_driver(_model)                                                                  \
	static struct mdk_host *_model##_host;                                                     \
	static int __init _model##_module_init(void)                                               \
	{                                                                                          \
		_model##_host = mdk_register(&_model);                                             \
		return PTR_ERR_OR_ZERO(_model##_host);                                             \
	}                                                                                          \
	static void __exit _model##_module_exit(void)                                              \
	{                                                                                          \
		mdk_unregister(_model##_host);                                                     \
	}                                                                                          \
	module_init(_model##_module_init);                                                         \
	module_exit(_model##_module_exit);                                                         \
	MODULE_INFO(mdk_abi, __stringify(MDK_ABI))

#endif /* MDK_DRIVER_H */
