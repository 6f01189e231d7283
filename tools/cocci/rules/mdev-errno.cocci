// SPDX-License-Identifier: GPL-2.0-only
/// A callback of VFIO or mdev returns -1, which user space reads as EPERM.
///
/// The number goes to user space as an errno; management software acts on it.
/// Do: return the errno that says what happened.
// Confidence: High
// Severity: warning
// Class: C9
// Options: --no-includes
// Needs: vfio_device_ops mdev_parent_ops mdev_driver file_operations

virtual report
virtual org
virtual context
virtual patch

@mdev_errno_ops@
identifier o, f, s = {vfio_device_ops, mdev_parent_ops, mdev_driver, file_operations,
		      mdk_ops};
identifier m;
@@

 struct s o = { .m = f, };

@mdev_errno_r@
identifier mdev_errno_ops.f;
position p;
@@

 f(...)
 {
 <...
 return@p -1;
 ...>
 }

@mdev_errno_var exists@
identifier mdev_errno_ops.f;
identifier ret;
expression e;
position p;
@@

 f(...)
 {
 ... when any
 ret@p = -1;
 ... when != ret = e
     when != ret
 return ret;
 }

@mdev_errno_context1 depends on context && !report && !org@
expression E;
position mdev_errno_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_errno_r.p;
@@

msg = ("mdev-errno: -1 is EPERM to user space: return the errno that says what "
       "happened")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_errno_r.p;
@@

msg = ("mdev-errno: -1 is EPERM to user space: return the errno that says what "
       "happened")
coccilib.org.print_todo(p[0], msg)

@mdev_errno_context2 depends on context && !report && !org@
expression E;
position mdev_errno_var.p;
@@

* E@p

@script:python depends on report@
p << mdev_errno_var.p;
@@

msg = ("mdev-errno: -1 is EPERM to user space: return the errno that says what "
       "happened")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_errno_var.p;
@@

msg = ("mdev-errno: -1 is EPERM to user space: return the errno that says what "
       "happened")
coccilib.org.print_todo(p[0], msg)
