// SPDX-License-Identifier: GPL-2.0-only
/// Something that sleeps runs under a spinlock or in an interrupt handler.
///
/// The scheduler is called with preemption off: a deadlock, or "scheduling while atomic".
/// Do: take what may sleep out of the lock; from a handler, queue a worker.
// Confidence: High
// Severity: error
// Class: C14
// Options: --no-includes
// Needs: spin_lock spin_lock_irq spin_lock_irqsave spin_lock_bh request_irq

virtual report
virtual org
virtual context
virtual patch

@mdev_atomic_lock exists@
expression l;
identifier lk = {spin_lock, spin_lock_irq, spin_lock_bh};
identifier ul = {spin_unlock, spin_unlock_irq, spin_unlock_bh};
identifier fn = {mutex_lock, mutex_lock_interruptible, copy_to_user, copy_from_user, flush_work,
		 flush_workqueue, cancel_work_sync, vfio_pin_pages, vfio_unpin_pages,
		 vfio_dma_rw, msleep, wait_for_completion, synchronize_rcu, synchronize_srcu,
		 vmalloc, vzalloc, memdup_user, eventfd_ctx_fdget, mdev_pin_pages,
		 mdev_unpin_pages, get_user, put_user, down_read, down_write};
position p;
@@

 lk(l);
 ... when != ul(l)
 fn@p(...)

@mdev_atomic_save exists@
expression l, e;
identifier fn = {mutex_lock, mutex_lock_interruptible, copy_to_user, copy_from_user, flush_work,
		 flush_workqueue, cancel_work_sync, vfio_pin_pages, vfio_unpin_pages,
		 vfio_dma_rw, msleep, wait_for_completion, synchronize_rcu, synchronize_srcu,
		 vmalloc, vzalloc, memdup_user, eventfd_ctx_fdget, mdev_pin_pages,
		 mdev_unpin_pages, get_user, put_user, down_read, down_write};
position p;
@@

 spin_lock_irqsave(l, e);
 ... when != spin_unlock_irqrestore(l, e)
     when != spin_unlock(l)
 fn@p(...)

@mdev_atomic_gfp exists@
expression l;
identifier lk = {spin_lock, spin_lock_irq, spin_lock_bh, spin_lock_irqsave};
identifier ul = {spin_unlock, spin_unlock_irq, spin_unlock_bh, spin_unlock_irqrestore};
identifier al =~ "alloc|kmemdup|kstrdup";
position p;
@@

 lk(l, ...);
 ... when != ul(l, ...)
 al@p(..., GFP_KERNEL, ...)

@mdev_atomic_handler@
identifier h;
@@

 request_irq(..., h, ...)

@mdev_atomic_irq@
identifier mdev_atomic_handler.h;
identifier fn = {mutex_lock, copy_to_user, copy_from_user, flush_work, cancel_work_sync,
		 vfio_pin_pages, vfio_unpin_pages, vfio_dma_rw, msleep, wait_for_completion,
		 synchronize_rcu, vmalloc, down_read, down_write};
position p;
@@

 h(...)
 {
 <...
 fn@p(...)
 ...>
 }

@mdev_atomic_context1 depends on context && !report && !org@
expression E;
position mdev_atomic_lock.p;
@@

* E@p

@script:python depends on report@
p << mdev_atomic_lock.p;
fn << mdev_atomic_lock.fn;
@@

coccilib.report.print_report(p[0], "mdev-atomic: %s() sleeps, under a spinlock" % (fn))

@script:python depends on org@
p << mdev_atomic_lock.p;
fn << mdev_atomic_lock.fn;
@@

coccilib.org.print_todo(p[0], "mdev-atomic: %s() sleeps, under a spinlock" % (fn))

@mdev_atomic_context2 depends on context && !report && !org@
expression E;
position mdev_atomic_save.p;
@@

* E@p

@script:python depends on report@
p << mdev_atomic_save.p;
fn << mdev_atomic_save.fn;
@@

coccilib.report.print_report(p[0], "mdev-atomic: %s() sleeps, under a spinlock" % (fn))

@script:python depends on org@
p << mdev_atomic_save.p;
fn << mdev_atomic_save.fn;
@@

coccilib.org.print_todo(p[0], "mdev-atomic: %s() sleeps, under a spinlock" % (fn))

@mdev_atomic_context3 depends on context && !report && !org@
expression E;
position mdev_atomic_gfp.p;
@@

* E@p

@script:python depends on report@
p << mdev_atomic_gfp.p;
al << mdev_atomic_gfp.al;
@@

coccilib.report.print_report(p[0], "mdev-atomic: %s(GFP_KERNEL) sleeps, under a spinlock" % (al))

@script:python depends on org@
p << mdev_atomic_gfp.p;
al << mdev_atomic_gfp.al;
@@

coccilib.org.print_todo(p[0], "mdev-atomic: %s(GFP_KERNEL) sleeps, under a spinlock" % (al))

@mdev_atomic_context4 depends on context && !report && !org@
expression E;
position mdev_atomic_irq.p;
@@

* E@p

@script:python depends on report@
p << mdev_atomic_irq.p;
fn << mdev_atomic_irq.fn;
@@

coccilib.report.print_report(p[0], "mdev-atomic: %s() sleeps, in an interrupt handler" % (fn))

@script:python depends on org@
p << mdev_atomic_irq.p;
fn << mdev_atomic_irq.fn;
@@

coccilib.org.print_todo(p[0], "mdev-atomic: %s() sleeps, in an interrupt handler" % (fn))
