// SPDX-License-Identifier: GPL-2.0-only
/// A call of the SDK that may sleep stands where nothing may sleep.
///
/// mdk_irq_trigger(), mdk_reg_set_bits(), mdk_work_queue() and mdk_pinned_read() work in any
/// context; most others say "may sleep" in their header.
/// Do: queue a worker (mdk_work_queue()) that makes the call.
// Confidence: High
// Severity: error
// Class: C14
// Options: --no-includes
// Needs: spin_lock spin_lock_irq spin_lock_irqsave spin_lock_bh request_irq timer_setup

virtual report
virtual org
virtual context
virtual patch

@mdk_sleep_lock exists@
expression l;
identifier lk = {spin_lock, spin_lock_irq, spin_lock_bh, spin_lock_irqsave, read_lock,
		 write_lock, raw_spin_lock, raw_spin_lock_irqsave};
identifier ul = {spin_unlock, spin_unlock_irq, spin_unlock_bh, spin_unlock_irqrestore,
		 read_unlock, write_unlock, raw_spin_unlock, raw_spin_unlock_irqrestore};
identifier fn = {mdk_lock, mdk_pin, mdk_unpin, mdk_dma_read, mdk_dma_write, mdk_pinned_sgt,
		 mdk_pin_stats, mdk_action, mdk_zalloc, mdk_work_create, mdk_register,
		 mdk_unregister, mdk_gone, mdk_pin_cache_alloc, mdk_pin_cache_free,
		 mdk_pin_cache_pin, mdk_pin_cache_release_all, mdk_irqs_alloc, mdk_irqs_free,
		 mdk_irqs_disable, mdk_irqs_ioctl_info, mdk_irqs_ioctl_set, mdev_pin_pages,
		 mdev_unpin_pages, mdev_dma_rw, mdk_ring_start, mdk_ring_stop,
		 mdk_ring_fetch, mdk_ring_complete, mdk_ring_read, mdk_ring_write,
		 mdk_chain_read, mdk_chain_write, mdk_frame_alloc};
position p;
@@

 lk(l, ...);
 ... when != ul(l, ...)
 fn@p(...)

@mdk_sleep_handler@
identifier h;
expression t, e1, e2;
@@

(
 request_irq(e1, h, ...)
|
 request_threaded_irq(e1, h, ...)
|
 devm_request_irq(e1, e2, h, ...)
|
 timer_setup(t, h, ...)
|
 tasklet_setup(t, h)
|
 t.function = h
|
 t->function = h
|
 hrtimer_setup(t, h, ...)
)

@mdk_sleep_irq exists@
identifier mdk_sleep_handler.h;
identifier fn = {mdk_lock, mdk_pin, mdk_unpin, mdk_dma_read, mdk_dma_write, mdk_pinned_sgt,
		 mdk_pin_stats, mdk_action, mdk_zalloc, mdk_work_create, mdk_register,
		 mdk_unregister, mdk_gone, mdk_pin_cache_alloc, mdk_pin_cache_free,
		 mdk_pin_cache_pin, mdk_pin_cache_release_all, mdk_irqs_alloc, mdk_irqs_free,
		 mdk_irqs_disable, mdk_irqs_ioctl_info, mdk_irqs_ioctl_set, mdev_pin_pages,
		 mdev_unpin_pages, mdev_dma_rw, mdk_ring_start, mdk_ring_stop,
		 mdk_ring_fetch, mdk_ring_complete, mdk_ring_read, mdk_ring_write,
		 mdk_chain_read, mdk_chain_write, mdk_frame_alloc};
position p;
@@

 h(...)
 {
 ... when any
 fn@p(...)
 ... when any
 }

@mdk_sleep_context1 depends on context && !report && !org@
expression E;
position mdk_sleep_lock.p;
@@

* E@p

@script:python depends on report@
p << mdk_sleep_lock.p;
fn << mdk_sleep_lock.fn;
@@

coccilib.report.print_report(p[0], "mdk-sleep: %s() sleeps, under a spinlock" % (fn))

@script:python depends on org@
p << mdk_sleep_lock.p;
fn << mdk_sleep_lock.fn;
@@

coccilib.org.print_todo(p[0], "mdk-sleep: %s() sleeps, under a spinlock" % (fn))

@mdk_sleep_context2 depends on context && !report && !org@
expression E;
position mdk_sleep_irq.p;
@@

* E@p

@script:python depends on report@
p << mdk_sleep_irq.p;
fn << mdk_sleep_irq.fn;
@@

msg = ("mdk-sleep: %s() sleeps, in an interrupt or timer handler") % (fn)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_sleep_irq.p;
fn << mdk_sleep_irq.fn;
@@

coccilib.org.print_todo(p[0], "mdk-sleep: %s() sleeps, in an interrupt or timer handler" % (fn))
