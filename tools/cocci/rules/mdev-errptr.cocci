// SPDX-License-Identifier: GPL-2.0-only
/// The result of a function is tested for the wrong kind of failure.
///
/// Some functions return an ERR_PTR, others NULL. Tested for the other kind, a failure passes for
/// success and the next line dereferences it.
/// Do: IS_ERR() for the former, a test for NULL for the latter.
// Confidence: High
// Severity: error
// Class: C9
// Options: --no-includes
// Needs: memdup_user eventfd_ctx_fdget anon_inode_getfile mdk_pin mdk_pinned_sgt IS_ERR

virtual report
virtual org
virtual context
virtual patch

@mdev_errptr_null exists@
expression x, e;
identifier fn = {memdup_user, vmemdup_user, memdup_user_nul, eventfd_ctx_fdget,
		 eventfd_ctx_fileget, anon_inode_getfile, vfio_file_get, kthread_create,
		 kthread_run, class_create, mdk_pin, mdk_pin_cache_pin, mdk_pinned_sgt,
		 mdk_register, strndup_user};
statement S;
position p;
@@

 x = fn(...);
 ... when != x = e
     when != IS_ERR(x)
     when != IS_ERR_OR_NULL(x)
     when != PTR_ERR_OR_ZERO(x)
 if (!x@p) S

@mdev_errptr_err exists@
expression x, e;
identifier fn = {kmalloc, kzalloc, kcalloc, kvmalloc, kvzalloc, kmalloc_array, vmalloc, vzalloc,
		 kmemdup, kstrdup, alloc_page, alloc_pages, mdk_zalloc, mdk_work_create,
		 mdk_irqs_alloc, mdk_pin_cache_alloc, mdk_ram, ioremap, alloc_workqueue};
position p;
@@

 x = fn(...);
 ... when != x = e
     when != !x
 IS_ERR@p(x)

@mdev_errptr_context1 depends on context && !report && !org@
expression E;
position mdev_errptr_null.p;
@@

* E@p

@script:python depends on report@
p << mdev_errptr_null.p;
fn << mdev_errptr_null.fn;
@@

msg = ("mdev-errptr: %s() returns an ERR_PTR, never NULL: test with IS_ERR()") % (fn)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_errptr_null.p;
fn << mdev_errptr_null.fn;
@@

msg = ("mdev-errptr: %s() returns an ERR_PTR, never NULL: test with IS_ERR()") % (fn)
coccilib.org.print_todo(p[0], msg)

@mdev_errptr_context2 depends on context && !report && !org@
expression E;
position mdev_errptr_err.p;
@@

* E@p

@script:python depends on report@
p << mdev_errptr_err.p;
fn << mdev_errptr_err.fn;
@@

msg = ("mdev-errptr: %s() returns NULL, never an ERR_PTR: test for NULL") % (fn)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_errptr_err.p;
fn << mdev_errptr_err.fn;
@@

msg = ("mdev-errptr: %s() returns NULL, never an ERR_PTR: test for NULL") % (fn)
coccilib.org.print_todo(p[0], msg)
