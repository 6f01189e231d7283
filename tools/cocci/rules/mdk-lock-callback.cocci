// SPDX-License-Identifier: GPL-2.0-only
/// mdk_lock() in a callback that runs under that lock, or in quiesce.
///
/// Register and region callbacks and reset run under the instance's lock already: a deadlock.
/// quiesce runs while somebody who holds it may wait for an unmap: another.
/// Do: leave it out in callbacks; in quiesce use a lock of your own, not held while pinning.
// Confidence: High
// Severity: error
// Class: C12
// Message: K220
// Options: --no-includes
// Needs: mdk_lock

virtual report
virtual org
virtual context
virtual patch

@mdk_lock_callback_reg exists@
identifier f, d, r;
position p;
@@

 f(struct mdk_dev *d, const struct mdk_reg *r, ...)
 {
 ... when != mdk_unlock(d)
 mdk_lock@p(d)
 ... when any
 }

@mdk_lock_callback_region exists@
identifier f, d, r;
position p;
@@

 f(struct mdk_dev *d, const struct mdk_region *r, ...)
 {
 ... when != mdk_unlock(d)
 mdk_lock@p(d)
 ... when any
 }

@mdk_lock_callback_ops@
identifier o, f;
@@

(
 struct mdk_ops o = { .reset = f, };
|
 struct mdk_ops o = { .quiesce = f, };
)

@mdk_lock_callback_op exists@
identifier mdk_lock_callback_ops.f;
position p;
@@

 f(...)
 {
 ... when any
 mdk_lock@p(...)
 ... when any
 }

@mdk_lock_callback_context1 depends on context && !report && !org@
expression E;
position mdk_lock_callback_reg.p;
@@

* E@p

@script:python depends on report@
p << mdk_lock_callback_reg.p;
@@

msg = ("mdk-lock-callback: this callback runs under mdk_lock() already: a deadlock")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_lock_callback_reg.p;
@@

msg = ("mdk-lock-callback: this callback runs under mdk_lock() already: a deadlock")
coccilib.org.print_todo(p[0], msg)

@mdk_lock_callback_context2 depends on context && !report && !org@
expression E;
position mdk_lock_callback_region.p;
@@

* E@p

@script:python depends on report@
p << mdk_lock_callback_region.p;
@@

msg = ("mdk-lock-callback: this callback runs under mdk_lock() already: a deadlock")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_lock_callback_region.p;
@@

msg = ("mdk-lock-callback: this callback runs under mdk_lock() already: a deadlock")
coccilib.org.print_todo(p[0], msg)

@mdk_lock_callback_context3 depends on context && !report && !org@
expression E;
position mdk_lock_callback_op.p;
@@

* E@p

@script:python depends on report@
p << mdk_lock_callback_op.p;
@@

msg = ("mdk-lock-callback: reset runs under mdk_lock(), quiesce while its holder "
       "may wait: a deadlock")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_lock_callback_op.p;
@@

msg = ("mdk-lock-callback: reset runs under mdk_lock(), quiesce while its holder "
       "may wait: a deadlock")
coccilib.org.print_todo(p[0], msg)
