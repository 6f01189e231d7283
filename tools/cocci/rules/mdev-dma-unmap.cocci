// SPDX-License-Identifier: GPL-2.0-only
/// A driver pins guest memory and does not hear when it is unmapped.
///
/// VFIO waits for the pins of an unmapped range to go, and stops the host (BUG_ON) when they do
/// not. A driver that pins must unpin in its dma_unmap op.
/// Do: give the ops a dma_unmap that stops DMA to the range and calls vfio_unpin_pages().
// Confidence: High
// Severity: error
// Class: C15
// Options: --no-includes
// Needs: vfio_pin_pages

virtual report
virtual org
virtual context
virtual patch

@mdev_dma_unmap_pins@
@@

 vfio_pin_pages(...)

@mdev_dma_unmap_ok@
identifier o;
expression e;
position ok;
@@

 struct vfio_device_ops o@ok = { .dma_unmap = e, };

// Set at run time.
@mdev_dma_unmap_late@
identifier o;
expression e;
@@

 o.dma_unmap = e

@mdev_dma_unmap_r depends on mdev_dma_unmap_pins@
identifier o != mdev_dma_unmap_late.o;
position p != mdev_dma_unmap_ok.ok;
@@

 struct vfio_device_ops o@p = { ... };

// A dma_unmap that does nothing.
@mdev_dma_unmap_op@
identifier o, f;
@@

 struct vfio_device_ops o = { .dma_unmap = f, };

@mdev_dma_unmap_empty depends on mdev_dma_unmap_pins@
identifier mdev_dma_unmap_op.f;
type T;
position p;
@@

(
 T f@p(...) { }
|
 T f@p(...) { return; }
)

@script:python depends on report@
p << mdev_dma_unmap_r.p;
o << mdev_dma_unmap_r.o;
@@

msg = ("mdev-dma-unmap: %s has no dma_unmap, and this driver pins: an unmap stops "
       "the host") % (o)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_dma_unmap_r.p;
o << mdev_dma_unmap_r.o;
@@

msg = ("mdev-dma-unmap: %s has no dma_unmap, and this driver pins: an unmap stops "
       "the host") % (o)
coccilib.org.print_todo(p[0], msg)

@script:python depends on report@
p << mdev_dma_unmap_empty.p;
f << mdev_dma_unmap_op.f;
@@

msg = ("mdev-dma-unmap: %s() unpins nothing: an unmap of pinned memory stops the "
       "host") % (f)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_dma_unmap_empty.p;
f << mdev_dma_unmap_op.f;
@@

msg = ("mdev-dma-unmap: %s() unpins nothing: an unmap of pinned memory stops the "
       "host") % (f)
coccilib.org.print_todo(p[0], msg)
