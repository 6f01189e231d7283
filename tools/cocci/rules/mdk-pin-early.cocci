// SPDX-License-Identifier: GPL-2.0-only
/// Guest memory is pinned or copied in init or open, where it never works.
///
/// VFIO lists a device for unmap notices only after open: until the first access of a user the
/// calls fail with -EAGAIN, in init with -ENODEV.
/// Do: pin in the register or region callback that gives the address.
// Confidence: High
// Severity: error
// Class: C15
// Message: E-PIN-EAGAIN E-PIN-ENODEV E-DMA-EAGAIN E-DMA-ENODEV
// Options: --no-includes
// Needs: mdk_ops
// Needs: mdk_pin mdk_dma_read mdk_dma_write

virtual report
virtual org
virtual context
virtual patch

@mdk_pin_early_ops@
identifier o, f;
@@

(
 struct mdk_ops o = { .init = f, };
|
 struct mdk_ops o = { .open = f, };
)

@mdk_pin_early_r exists@
identifier mdk_pin_early_ops.f;
identifier fn = {mdk_pin, mdk_dma_read, mdk_dma_write};
position p;
@@

 f(...)
 {
 ... when any
 fn@p(...)
 ... when any
 }

@mdk_pin_early_context1 depends on context && !report && !org@
expression E;
position mdk_pin_early_r.p;
@@

* E@p

@script:python depends on report@
p << mdk_pin_early_r.p;
fn << mdk_pin_early_r.fn;
@@

msg = ("mdk-pin-early: %s() always fails here: the device is not open yet") % (fn)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_pin_early_r.p;
fn << mdk_pin_early_r.fn;
@@

msg = ("mdk-pin-early: %s() always fails here: the device is not open yet") % (fn)
coccilib.org.print_todo(p[0], msg)
