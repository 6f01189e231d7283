// SPDX-License-Identifier: GPL-2.0-only
/// A worker copies guest memory without a pin.
///
/// mdk_dma_read() and mdk_dma_write() wait for as long as the guest's user stalls a page fault, and
/// the last close waits for the worker: a user can keep both for ever.
/// Do: mdk_pin() the range in the callback that queues the worker; mdk_pinned_read() in the worker.
// Confidence: High
// Severity: error
// Class: C17
// Options: --no-includes
// Not-in: tests/parent.c
// Needs: mdk_work_create
// Needs: mdk_dma_read mdk_dma_write

virtual report
virtual org
virtual context
virtual patch

@mdk_dma_in_worker_work@
identifier fn;
@@

 mdk_work_create(..., fn)

@mdk_dma_in_worker_r exists@
identifier mdk_dma_in_worker_work.fn;
identifier dma = {mdk_dma_read, mdk_dma_write};
position p;
@@

 fn(...)
 {
 ... when any
 dma@p(...)
 ... when any
 }

@mdk_dma_in_worker_calls exists@
identifier mdk_dma_in_worker_work.fn;
identifier g;
@@

 fn(...)
 {
 ... when any
 g(...)
 ... when any
 }

@mdk_dma_in_worker_deep exists@
identifier mdk_dma_in_worker_calls.g;
identifier dma = {mdk_dma_read, mdk_dma_write};
position p;
@@

 g(...)
 {
 ... when any
 dma@p(...)
 ... when any
 }

@mdk_dma_in_worker_context1 depends on context && !report && !org@
expression E;
position mdk_dma_in_worker_r.p;
@@

* E@p

@script:python depends on report@
p << mdk_dma_in_worker_r.p;
dma << mdk_dma_in_worker_r.dma;
@@

msg = ("mdk-dma-in-worker: %s() in a worker: the last close may wait for a guest; "
       "pin instead") % (dma)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_dma_in_worker_r.p;
dma << mdk_dma_in_worker_r.dma;
@@

msg = ("mdk-dma-in-worker: %s() in a worker: the last close may wait for a guest; "
       "pin instead") % (dma)
coccilib.org.print_todo(p[0], msg)

@mdk_dma_in_worker_context2 depends on context && !report && !org@
expression E;
position mdk_dma_in_worker_deep.p;
@@

* E@p

@script:python depends on report@
p << mdk_dma_in_worker_deep.p;
dma << mdk_dma_in_worker_deep.dma;
@@

msg = ("mdk-dma-in-worker: %s() in a worker: the last close may wait for a guest; "
       "pin instead") % (dma)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_dma_in_worker_deep.p;
dma << mdk_dma_in_worker_deep.dma;
@@

msg = ("mdk-dma-in-worker: %s() in a worker: the last close may wait for a guest; "
       "pin instead") % (dma)
coccilib.org.print_todo(p[0], msg)
