/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules, their parameters, and as much of the driver model as mediated devices show. */
#ifndef USER_DRIVER_H
#define USER_DRIVER_H

#include <user/mem.h>
#include <user/work.h>

/* A module is a name, and a function to begin and to end with. @of_sdk: it is no driver */
struct module {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
	bool of_sdk;
};

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "module"
#endif
/* user.mk names it after the module; whatever its files are, there is one of it. */
#ifdef USER_MODULE
extern struct module USER_MODULE;
#define THIS_MODULE (&USER_MODULE)
#else
#define THIS_MODULE ((struct module *)NULL)
#endif

#define module_init(_fn)                                                                           \
	int (*const __USER_PASTE(USER_MODULE, _init_fn))(void) = _fn;
#define module_exit(_fn)                                                                           \
	void (*const __USER_PASTE(USER_MODULE, _exit_fn))(void) = _fn;
#define MODULE_LICENSE(_text) _Static_assert(sizeof(_text) > 1, "a license")
#define MODULE_DESCRIPTION(_text) _Static_assert(1, "")
#define MODULE_AUTHOR(_text) _Static_assert(1, "")
#define MODULE_VERSION(_text) _Static_assert(1, "")
#define MODULE_ALIAS(_text) _Static_assert(1, "")
#define MODULE_SOFTDEP(_text) _Static_assert(1, "")
#define MODULE_FIRMWARE(_text) _Static_assert(1, "")
#define MODULE_INFO(_tag, _text) _Static_assert(1, "")
#define MODULE_IMPORT_NS(_name) _Static_assert(1, "")
#define MODULE_DEVICE_TABLE(_bus, _table) _Static_assert(1, "")
#define MODULE_PARM_DESC(_name, _text) _Static_assert(1, "")
#define EXPORT_SYMBOL(_name) _Static_assert(1, "")
#define EXPORT_SYMBOL_GPL(_name) _Static_assert(1, "")
#define EXPORT_SYMBOL_NS(_name, _ns) _Static_assert(1, "")
#define EXPORT_SYMBOL_NS_GPL(_name, _ns) _Static_assert(1, "")
#define try_module_get(_module) ((void)(_module), true)
#define module_put(_module) ((void)(_module))
#define __module_get(_module) ((void)(_module))
#define module_name(_module) ((_module) ? (_module)->name : "kernel")
#define within_module(_addr, _module) ((void)(_addr), (void)(_module), false)

struct kernel_param;
struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buf, const struct kernel_param *kp);
	void (*free)(void *arg);
};
struct kernel_param {
	const char *name;
	const char *module;
	const struct kernel_param_ops *ops;
	void *arg;
};
struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};
struct kparam_string {
	unsigned int maxlen;
	char *string;
};
extern const struct kernel_param_ops param_ops_int, param_ops_uint, param_ops_ulong,
	param_ops_bool, param_ops_charp, param_ops_short, param_ops_ushort, param_ops_byte,
	param_ops_long, param_ops_ullong, param_ops_hexint, param_ops_string, param_array_ops;
#define module_param_cb(_name, _ops, _arg, _perm)                                                  \
	static const struct kernel_param __param_##_name __used __section("user_params")           \
		__aligned(8) = { #_name, KBUILD_MODNAME, _ops, _arg }
#define module_param_named(_name, _var, _type, _perm)                                              \
	module_param_cb(_name, &param_ops_##_type, (void *)&(_var), _perm)
#define module_param(_var, _type, _perm) module_param_named(_var, _var, _type, _perm)
#define module_param_array_named(_name, _array, _type, _nr, _perm)                                 \
	static const struct kparam_array __array_##_name = {                                       \
		ARRAY_SIZE(_array), sizeof((_array)[0]), _nr, &param_ops_##_type, _array           \
	};                                                                                         \
	module_param_cb(_name, &param_array_ops, (void *)&__array_##_name, _perm)
#define module_param_array(_array, _type, _nr, _perm)                                              \
	module_param_array_named(_array, _array, _type, _nr, _perm)
#define module_param_string(_name, _string, _len, _perm)                                           \
	static const struct kparam_string __string_##_name = { _len, _string };                    \
	module_param_cb(_name, &param_ops_string, (void *)&__string_##_name, _perm)
/* What becomes of the word bool on its way. */
#define param_ops__Bool param_ops_bool
#define param_set_uint(_val, _kp) param_ops_uint.set(_val, _kp)
#define param_set_int(_val, _kp) param_ops_int.set(_val, _kp)
#define param_set_bool(_val, _kp) param_ops_bool.set(_val, _kp)

/* Attributes: what a file of sysfs would call. */
struct kobject {
	const char *name;
	struct kobject *parent;
};
struct attribute {
	const char *name;
	umode_t mode;
};
struct bin_attribute;
struct attribute_group {
	const char *name;
	umode_t (*is_visible)(struct kobject *kobj, struct attribute *attr, int nr);
	struct attribute **attrs;
};
struct device;
struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count);
};
#define __ATTR(_name, _mode, _show, _store)                                                        \
	{ .attr = { .name = #_name, .mode = (_mode) }, .show = (_show), .store = (_store) }
#define __ATTR_RO(_name) __ATTR(_name, 0444, _name##_show, NULL)
#define __ATTR_WO(_name) __ATTR(_name, 0200, NULL, _name##_store)
#define __ATTR_RW(_name) __ATTR(_name, 0644, _name##_show, _name##_store)
#define __ATTR_NULL { .attr = { .name = NULL } }
#define DEVICE_ATTR(_name, _mode, _show, _store)                                                   \
	struct device_attribute dev_attr_##_name = __ATTR(_name, _mode, _show, _store)
#define DEVICE_ATTR_RO(_name) struct device_attribute dev_attr_##_name = __ATTR_RO(_name)
#define DEVICE_ATTR_WO(_name) struct device_attribute dev_attr_##_name = __ATTR_WO(_name)
#define DEVICE_ATTR_RW(_name) struct device_attribute dev_attr_##_name = __ATTR_RW(_name)
#define __ATTRIBUTE_GROUPS(_name)                                                                  \
	static const struct attribute_group *_name##_groups[] = { &_name##_group, NULL }
#define ATTRIBUTE_GROUPS(_name)                                                                    \
	static const struct attribute_group _name##_group = { .attrs = _name##_attrs };            \
	__ATTRIBUTE_GROUPS(_name)
#define sysfs_attr_init(_attr) ((void)(_attr))
#define S_IRUGO 0444
#ifndef S_IWUSR
#define S_IWUSR 0200
#endif
int __printf(2, 3) sysfs_emit(char *buf, const char *fmt, ...);
int __printf(3, 4) sysfs_emit_at(char *buf, int at, const char *fmt, ...);
#define kobject_name(_kobj) ((_kobj)->name)

struct class {
	const char *name;
	struct module *owner;
	const struct attribute_group **dev_groups;
};
struct bus_type {
	const char *name;
};
struct dev_pm_ops;
struct device_driver {
	const char *name;
	struct bus_type *bus;
	struct module *owner;
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;
	const struct dev_pm_ops *pm;
};
/*
 * @user_name: of its own, freed with it; @user_hidden: its types are no client's; @user_max_seg,
 * @user_seg_boundary: of its DMA, 0 as long as nobody has said
 */
struct device {
	struct kobject kobj;
	struct device *parent;
	const struct bus_type *bus;
	struct device_driver *driver;
	const struct class *class;
	const struct attribute_group **groups;
	void (*release)(struct device *dev);
	void *driver_data;
	void *platform_data;
	u64 *dma_mask;
	u64 coherent_dma_mask;
	u64 bus_dma_limit;
	dev_t devt;
	struct mutex mutex;
	struct kref user_refs;
	char *user_name;
	struct list_head user_managed;
	spinlock_t user_managed_lock;
	bool user_hidden;
	unsigned int user_max_seg;
	unsigned long user_seg_boundary;
};

#define MINORBITS 20
#define MKDEV(_major, _minor) (((_major) << MINORBITS) | (_minor))
#define MAJOR(_dev) ((unsigned int)((_dev) >> MINORBITS))
#define MINOR(_dev) ((unsigned int)((_dev) & ((1U << MINORBITS) - 1)))
#define dev_to_node(_dev) (-1)
#define NUMA_NO_NODE (-1)

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline void *dev_get_platdata(const struct device *dev)
{
	return dev->platform_data;
}

static inline const char *dev_name(const struct device *dev)
{
	return dev->kobj.name;
}

const char *dev_driver_string(const struct device *dev);
int __printf(2, 3) dev_set_name(struct device *dev, const char *fmt, ...);
void device_initialize(struct device *dev);
int __must_check device_add(struct device *dev);
int __must_check device_register(struct device *dev);
void device_del(struct device *dev);
void device_unregister(struct device *dev);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct class *class_create(const char *name);
int __must_check class_register(struct class *class);
void class_unregister(const struct class *class);
void class_destroy(const struct class *class);
struct device *__printf(5, 6) device_create(const struct class *class, struct device *parent,
					    dev_t devt, void *data, const char *fmt, ...);
void device_destroy(const struct class *class, dev_t devt);
struct device *root_device_register(const char *name);
void root_device_unregister(struct device *dev);
#define kobj_to_dev(_kobj) container_of(_kobj, struct device, kobj)
#define device_lock(_dev) mutex_lock(&(_dev)->mutex)
#define device_trylock(_dev) mutex_trylock(&(_dev)->mutex)
#define device_unlock(_dev) mutex_unlock(&(_dev)->mutex)
#define device_lock_assert(_dev) lockdep_assert_held(&(_dev)->mutex)
#define dev_dbg_once dev_dbg
#define dev_alert(_dev, _fmt, ...) user_dev_printk(KERN_ALERT, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_WARN_ONCE(_dev, _cond, _fmt, ...)                                                      \
	WARN_ONCE(_cond, "%s: " _fmt, dev_name(_dev), ##__VA_ARGS__)
#define dev_warn_probe(_dev, _err, ...) ({ dev_warn(_dev, __VA_ARGS__); (_err); })

/* Memory and actions that end with a device's driver. */
void *user_devm_alloc(struct device *dev, size_t size, gfp_t flags, const char *file, int line);
#define devm_kmalloc(_dev, _size, _flags) user_devm_alloc(_dev, _size, _flags, __FILE__, __LINE__)
#define devm_kzalloc(_dev, _size, _flags) devm_kmalloc(_dev, _size, (_flags) | __GFP_ZERO)
#define devm_kmalloc_array(_dev, _nr, _size, _flags)                                               \
	devm_kmalloc(_dev, array_size(_nr, _size), _flags)
#define devm_kcalloc(_dev, _nr, _size, _flags) devm_kzalloc(_dev, array_size(_nr, _size), _flags)
void devm_kfree(struct device *dev, const void *mem);
void *devm_kmemdup(struct device *dev, const void *from, size_t size, gfp_t flags);
char *devm_kstrdup(struct device *dev, const char *text, gfp_t flags);
char *__printf(3, 4) devm_kasprintf(struct device *dev, gfp_t flags, const char *fmt, ...);
int __must_check devm_add_action(struct device *dev, void (*fn)(void *data), void *data);
int __must_check devm_add_action_or_reset(struct device *dev, void (*fn)(void *data), void *data);
void devm_remove_action(struct device *dev, void (*fn)(void *data), void *data);
void devm_release_action(struct device *dev, void (*fn)(void *data), void *data);
void user_devm_release(struct device *dev);

void __printf(3, 4) user_dev_printk(const char *level, const struct device *dev, const char *fmt,
				    ...);
#ifndef dev_fmt
#define dev_fmt(_fmt) _fmt
#endif
#define dev_printk user_dev_printk
#define dev_emerg(_dev, _fmt, ...) user_dev_printk(KERN_EMERG, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_crit(_dev, _fmt, ...) user_dev_printk(KERN_CRIT, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_err(_dev, _fmt, ...) user_dev_printk(KERN_ERR, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_warn(_dev, _fmt, ...) user_dev_printk(KERN_WARNING, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_notice(_dev, _fmt, ...) user_dev_printk(KERN_NOTICE, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_info(_dev, _fmt, ...) user_dev_printk(KERN_INFO, _dev, dev_fmt(_fmt), ##__VA_ARGS__)
#define dev_dbg(_dev, _fmt, ...)                                                                   \
	((void)({ if (0) user_dev_printk(KERN_DEBUG, _dev, dev_fmt(_fmt), ##__VA_ARGS__); }))
#define dev_vdbg dev_dbg
#define dev_err_once(...) __user_once(dev_err(__VA_ARGS__))
#define dev_warn_once(...) __user_once(dev_warn(__VA_ARGS__))
#define dev_notice_once(...) __user_once(dev_notice(__VA_ARGS__))
#define dev_info_once(...) __user_once(dev_info(__VA_ARGS__))
#define dev_err_ratelimited(...) __user_limited(dev_err(__VA_ARGS__))
#define dev_warn_ratelimited(...) __user_limited(dev_warn(__VA_ARGS__))
#define dev_notice_ratelimited(...) __user_limited(dev_notice(__VA_ARGS__))
#define dev_info_ratelimited(...) __user_limited(dev_info(__VA_ARGS__))
#define dev_dbg_ratelimited dev_dbg
#define dev_WARN(_dev, _fmt, ...) WARN(1, "%s: " _fmt, dev_name(_dev), ##__VA_ARGS__)
#define dev_err_probe(_dev, _err, ...) ({ dev_err(_dev, __VA_ARGS__); (_err); })

#define UUID_SIZE 16
#define UUID_STRING_LEN 36
bool uuid_is_valid(const char *text);
int guid_parse(const char *text, guid_t *guid);
int uuid_parse(const char *text, uuid_t *uuid);
void guid_gen(guid_t *guid);
void uuid_gen(uuid_t *uuid);
#define guid_is_null(_guid) (!memchr_inv(_guid, 0, sizeof(guid_t)))
#define uuid_is_null guid_is_null
#define guid_equal(_a, _b) (!memcmp(_a, _b, sizeof(guid_t)))
#define guid_copy(_to, _from) memcpy(_to, _from, sizeof(guid_t))
#define uuid_equal guid_equal
#define uuid_copy guid_copy

/* A file that shows something, read by a test. */
struct seq_file {
	void *private;
	char *buf;
	size_t size;
	size_t count;
};
void __printf(2, 3) seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
void seq_puts(struct seq_file *m, const char *text);
void seq_putc(struct seq_file *m, char c);

#endif /* USER_DRIVER_H */
