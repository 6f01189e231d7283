// SPDX-License-Identifier: GPL-2.0-only
/// Something is started or registered here and never stopped.
///
/// A worker, a timer or a handler that outlives its device runs into freed memory; a registration
/// that outlives its module is a call into nothing.
/// Do: undo it, in reverse order, on removal and on each error after it.
// Confidence: Moderate
// Severity: warning
// Class: C11
// Options: --no-includes
// Needs: module_init module_exit MODULE_LICENSE
// Needs: mdev_driver mdev_parent_ops vfio_device_ops mdev_register_parent mdk_model mdk_irqs_alloc

virtual report
virtual org
virtual context
virtual patch

// What must be followed by which: one of the others has to be called in the same file.
@initialize:python@
@@

mdev_pair_table = {
    "mdev_register_driver": ["mdev_unregister_driver"],
    "mdev_register_parent": ["mdev_unregister_parent"],
    "mdev_register_device": ["mdev_unregister_device"],
    "mdk_register": ["mdk_unregister"],
    "mdk_pin_cache_alloc": ["mdk_pin_cache_free"],
    "mdk_irqs_alloc": ["mdk_irqs_free"],
    "alloc_chrdev_region": ["unregister_chrdev_region"],
    "class_create": ["class_destroy"],
    "request_irq": ["free_irq"],
    "request_threaded_irq": ["free_irq"],
    "kthread_run": ["kthread_stop"],
    "timer_setup": ["del_timer_sync", "timer_delete_sync", "timer_shutdown_sync"],
    "INIT_WORK": ["cancel_work_sync", "flush_work", "flush_workqueue", "destroy_workqueue",
                  "drain_workqueue", "flush_scheduled_work"],
    "INIT_DELAYED_WORK": ["cancel_delayed_work_sync", "flush_delayed_work", "flush_workqueue",
                          "destroy_workqueue"],
    "alloc_workqueue": ["destroy_workqueue"],
    "irq_bypass_register_producer": ["irq_bypass_unregister_producer"],
    "vfio_virqfd_enable": ["vfio_virqfd_disable"],
}
mdev_pair_calls = set()

@mdev_pair_call@
identifier h;
position p;
@@

 h@p(...)

@script:python@
p << mdev_pair_call.p;
h << mdev_pair_call.h;
@@

mdev_pair_calls.add((p[0].file, h))

@mdev_pair_r@
identifier a;
position p;
@@

 a@p(...)

@script:python depends on report@
p << mdev_pair_r.p;
a << mdev_pair_r.a;
@@

undo = mdev_pair_table.get(a)
if undo and not any((p[0].file, u) in mdev_pair_calls for u in undo):
    coccilib.report.print_report(p[0], "mdev-pair: %s() without %s()" % (a, undo[0]))

@script:python depends on org@
p << mdev_pair_r.p;
a << mdev_pair_r.a;
@@

undo = mdev_pair_table.get(a)
if undo and not any((p[0].file, u) in mdev_pair_calls for u in undo):
    coccilib.org.print_todo(p[0], "mdev-pair: %s() without %s()" % (a, undo[0]))
