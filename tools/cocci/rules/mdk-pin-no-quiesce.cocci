// SPDX-License-Identifier: GPL-2.0-only
/// A model hands pinned pages to hardware and has no quiesce op.
///
/// When user space unmaps memory, the SDK asks ops.quiesce to stop the hardware before the pages
/// go. Without it the device writes to memory that belongs to somebody else.
/// Do: give struct mdk_ops a quiesce that stops all DMA to the range.
// Confidence: High
// Severity: error
// Class: C15
// Options: --no-includes
// Needs: mdk_pinned_sgt mdk_pinned_page
// Needs: mdk_ops mdk_model

virtual report
virtual org
virtual context
virtual patch

@mdk_pin_no_quiesce_dma@
identifier dma = {mdk_pinned_sgt, mdk_pinned_page};
@@

 dma(...)

@mdk_pin_no_quiesce_pins@
identifier m;
expression e;
@@

 struct mdk_model m = { .pin_pages = e, };

@mdk_pin_no_quiesce_model@
identifier mdk_pin_no_quiesce_pins.m, o;
@@

 struct mdk_model m = { .ops = &o, };

@mdk_pin_no_quiesce_ok@
identifier o;
expression e;
position ok;
@@

 struct mdk_ops o@ok = { .quiesce = e, };

@mdk_pin_no_quiesce_r depends on mdk_pin_no_quiesce_dma@
identifier mdk_pin_no_quiesce_model.o;
position p != mdk_pin_no_quiesce_ok.ok;
@@

 struct mdk_ops o@p = { ... };

@mdk_pin_no_quiesce_hasops@
identifier m;
expression e;
position ok;
@@

 struct mdk_model m@ok = { .ops = e, };

@mdk_pin_no_quiesce_none depends on mdk_pin_no_quiesce_dma@
identifier mdk_pin_no_quiesce_pins.m;
position p != mdk_pin_no_quiesce_hasops.ok;
@@

 struct mdk_model m@p = { ... };

@script:python depends on report@
p << mdk_pin_no_quiesce_r.p;
o << mdk_pin_no_quiesce_model.o;
@@

msg = ("mdk-pin-no-quiesce: %s has no quiesce, and pinned pages go to hardware: "
       "nothing stops its DMA") % (o)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_pin_no_quiesce_r.p;
o << mdk_pin_no_quiesce_model.o;
@@

msg = ("mdk-pin-no-quiesce: %s has no quiesce, and pinned pages go to hardware: "
       "nothing stops its DMA") % (o)
coccilib.org.print_todo(p[0], msg)

@script:python depends on report@
p << mdk_pin_no_quiesce_none.p;
m << mdk_pin_no_quiesce_pins.m;
@@

msg = ("mdk-pin-no-quiesce: %s has no ops.quiesce, and pinned pages go to hardware") % (m)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_pin_no_quiesce_none.p;
m << mdk_pin_no_quiesce_pins.m;
@@

msg = ("mdk-pin-no-quiesce: %s has no ops.quiesce, and pinned pages go to hardware") % (m)
coccilib.org.print_todo(p[0], msg)
