// SPDX-License-Identifier: GPL-2.0-only
/// A device is taken apart before VFIO let go of it, or its removal can fail.
///
/// Until vfio_unregister_group_dev() returns, a user may be inside any op: memory that was freed
/// before is used. And a remove that returns an error is ignored when the parent goes: whatever it
/// refused to free is leaked or used after the module.
/// Do: vfio_unregister_group_dev() first, then free; never fail in remove.
// Confidence: High
// Severity: error
// Class: C11
// Options: --no-includes
// Needs: vfio_unregister_group_dev mdev_parent_ops mdev_driver

virtual report
virtual org
virtual context
virtual patch

@mdev_remove_fail_early exists@
identifier f;
identifier fr = {kfree, kvfree, vfree, vfio_put_device, mutex_destroy, idr_destroy,
		 destroy_workqueue};
position p;
@@

 f(...)
 {
 ... when != vfio_unregister_group_dev(...)
 fr@p(...);
 ... when != fr(...)
     when any
 vfio_unregister_group_dev(...);
 ... when any
 }

@mdev_remove_fail_drv@
identifier o, f;
@@

(
 struct mdev_driver o = { .remove = f, };
|
 struct mdev_parent_ops o = { .remove = f, };
)

@mdev_remove_fail_fail exists@
identifier mdev_remove_fail_drv.f;
constant C;
position p;
@@

 int f(...)
 {
 ... when any
 return@p -C;
 }

@mdev_remove_fail_context1 depends on context && !report && !org@
expression E;
position mdev_remove_fail_early.p;
@@

* E@p

@script:python depends on report@
p << mdev_remove_fail_early.p;
fr << mdev_remove_fail_early.fr;
@@

msg = ("mdev-remove-fail: %s() before vfio_unregister_group_dev(): a user may still "
       "be inside") % (fr)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_remove_fail_early.p;
fr << mdev_remove_fail_early.fr;
@@

msg = ("mdev-remove-fail: %s() before vfio_unregister_group_dev(): a user may still "
       "be inside") % (fr)
coccilib.org.print_todo(p[0], msg)

@mdev_remove_fail_context2 depends on context && !report && !org@
expression E;
position mdev_remove_fail_fail.p;
@@

* E@p

@script:python depends on report@
p << mdev_remove_fail_fail.p;
@@

msg = ("mdev-remove-fail: an error of remove is ignored when the parent goes: do "
       "not fail")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_remove_fail_fail.p;
@@

msg = ("mdev-remove-fail: an error of remove is ignored when the parent goes: do "
       "not fail")
coccilib.org.print_todo(p[0], msg)
