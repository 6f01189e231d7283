// SPDX-License-Identifier: GPL-2.0-only
/// The payload of VFIO_DEVICE_SET_IRQS is read although the user may have sent none.
///
/// With count 0, or DATA_NONE, there is no payload: data is NULL and the host oopses at a
/// user's word. vfio_set_irqs_validate_and_prepare() accepts count 0.
/// Do: test count (or data) before the first read of data, in the function that reads it.
// Confidence: High
// Severity: error
// Class: C3
// Options: --no-includes
// Needs: VFIO_IRQ_SET_DATA_EVENTFD VFIO_IRQ_SET_DATA_BOOL

virtual report
virtual org
virtual context
virtual patch

// The caller refuses count 0 for the whole file.
@mdev_irq_count0_guard@
struct vfio_irq_set hdr;
@@

 !hdr.count

// A test in the same condition.
@mdev_irq_count0_ok@
identifier data;
expression e;
type T;
position ok;
@@

(
 e && <+... *(T *)data@ok ...+>
|
 e ? <+... *(T *)data@ok ...+> : ...
)

@mdev_irq_count0_r depends on !mdev_irq_count0_guard exists@
identifier f, data;
identifier count =~ "^(count|cnt|n|nr|num|nvec)";
type TC, T;
expression e;
position p != mdev_irq_count0_ok.ok;
@@

 f(..., TC count, ..., void *data, ...)
 {
 ... when != count
     when != data
(
 *(T *)data@p
|
 ((T *)data@p)[e]
)
 ... when any
 }

@mdev_irq_count0_alias depends on !mdev_irq_count0_guard exists@
identifier f, data, v;
identifier count =~ "^(count|cnt|n|nr|num|nvec)";
type TC, T;
expression e;
position p;
@@

 f(..., TC count, ..., void *data, ...)
 {
 ... when != count
 T *v = data;
 ... when != count
     when != data
     when != v
(
 *v@p
|
 v@p[e]
)
 ... when any
 }

@mdev_irq_count0_context1 depends on context && !report && !org@
expression E;
position mdev_irq_count0_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_irq_count0_r.p;
@@

msg = ("mdev-irq-count0: data is read although count may be 0: then it is NULL; "
       "test count first")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_irq_count0_r.p;
@@

msg = ("mdev-irq-count0: data is read although count may be 0: then it is NULL; "
       "test count first")
coccilib.org.print_todo(p[0], msg)

@mdev_irq_count0_context2 depends on context && !report && !org@
expression E;
position mdev_irq_count0_alias.p;
@@

* E@p

@script:python depends on report@
p << mdev_irq_count0_alias.p;
@@

msg = ("mdev-irq-count0: data is read although count may be 0: then it is NULL; "
       "test count first")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_irq_count0_alias.p;
@@

msg = ("mdev-irq-count0: data is read although count may be 0: then it is NULL; "
       "test count first")
coccilib.org.print_todo(p[0], msg)
