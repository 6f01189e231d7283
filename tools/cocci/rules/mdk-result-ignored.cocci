// SPDX-License-Identifier: GPL-2.0-only
/// The result of a function of the SDK is thrown away, or kept and never looked at.
///
/// These functions fail in normal operation: a guest unmaps what is to be pinned, memory runs
/// out. Who does not look goes on with an error in place of a pointer, or with a buffer that
/// nobody filled, which then reaches the guest. The compiler sees a call without a result; it
/// does not see one whose result is overwritten or lies in a variable that nobody reads.
/// Do: test the result (IS_ERR() where a pointer comes back) before anything else, and return it.
// Confidence: High
// Severity: error
// Class: C9
// Options: --no-includes
// Needs: mdk_action mdk_zalloc mdk_work_create mdk_host_register mdk_irqs_alloc mdk_irqs_ioctl_info mdk_irqs_ioctl_set mdk_pin mdk_pinned_read mdk_pinned_write mdk_dma_read mdk_dma_write mdk_caps_add_type mdk_caps_add_sparse_mmap mdk_pinned_sgt mdk_pinned_page mdk_pin_cache_alloc mdk_pin_cache_pin mdev_register_device mdk_mdev_register_device mdk_mdev_pin_pages mdk_mdev_dma_rw

virtual report
virtual org
virtual context

@mdk_result_ignored_call@
identifier f =~ "^(mdk_(action|zalloc|work_create|host_register|irqs_alloc|irqs_ioctl_info|irqs_ioctl_set|pin|pinned_read|pinned_write|dma_read|dma_write|caps_add_type|caps_add_sparse_mmap|pinned_sgt|pinned_page|pin_cache_alloc|pin_cache_pin|mdev_register_device|mdev_pin_pages|mdev_dma_rw)|mdev_register_device)$";
position p;
@@

(
 f@p(...);
|
 (void)f@p(...);
)

@mdk_result_ignored_reads@
local idexpression x;
expression e;
position q;
@@

 x@q = <+... x ...+>

@mdk_result_ignored_kept@
identifier f =~ "^(mdk_(action|zalloc|work_create|host_register|irqs_alloc|irqs_ioctl_info|irqs_ioctl_set|pin|pinned_read|pinned_write|dma_read|dma_write|caps_add_type|caps_add_sparse_mmap|pinned_sgt|pinned_page|pin_cache_alloc|pin_cache_pin|mdev_register_device|mdev_pin_pages|mdev_dma_rw)|mdev_register_device)$";
local idexpression x;
expression e;
position p;
position q != mdk_result_ignored_reads.q;
@@

 x = f@p(...);
 ... when != x
 x@q = e

@mdk_result_ignored_end@
identifier f =~ "^(mdk_(action|zalloc|work_create|host_register|irqs_alloc|irqs_ioctl_info|irqs_ioctl_set|pin|pinned_read|pinned_write|dma_read|dma_write|caps_add_type|caps_add_sparse_mmap|pinned_sgt|pinned_page|pin_cache_alloc|pin_cache_pin|mdev_register_device|mdev_pin_pages|mdev_dma_rw)|mdev_register_device)$";
identifier g;
local idexpression x;
position p;
@@

 g(...)
 {
 ... when any
 x = f@p(...);
 ... when != x
 }

@mdk_result_ignored_context_call depends on context && !report && !org@
identifier mdk_result_ignored_call.f;
position mdk_result_ignored_call.p;
@@

* f@p(...)

@mdk_result_ignored_context_kept depends on context && !report && !org@
identifier mdk_result_ignored_kept.f;
position mdk_result_ignored_kept.p;
@@

* f@p(...)

@mdk_result_ignored_context_end depends on context && !report && !org@
identifier mdk_result_ignored_end.f;
position mdk_result_ignored_end.p;
@@

* f@p(...)

@script:python depends on report@
p << mdk_result_ignored_call.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: this call may fail, and nobody looks at its result")

@script:python depends on report@
p << mdk_result_ignored_kept.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on report@
p << mdk_result_ignored_end.p;
@@

coccilib.report.print_report(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on org@
p << mdk_result_ignored_call.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: this call may fail, and nobody looks at its result")

@script:python depends on org@
p << mdk_result_ignored_kept.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: the result is kept and never looked at")

@script:python depends on org@
p << mdk_result_ignored_end.p;
@@

coccilib.org.print_todo(p[0], "mdk-result-ignored: the result is kept and never looked at")
