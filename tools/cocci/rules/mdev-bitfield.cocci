// SPDX-License-Identifier: GPL-2.0-only
/// Neighbouring bit-fields are written from contexts that share no lock.
///
/// Writing one member of a bit-field reads and writes all its neighbours: a change that an
/// interrupt handler or a worker makes meanwhile to another one is lost.
/// Do: make them bool or a bit of set_bit(), or take one lock for all of them.
// Confidence: Moderate
// Severity: warning
// Class: C13
// Options: --no-includes
// Needs: INIT_WORK INIT_DELAYED_WORK request_irq request_threaded_irq timer_setup

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

mdev_bitfield_writes = set()
mdev_bitfield_handlers = set()

@mdev_bitfield_field@
identifier s, fld;
type T;
constant n;
@@

 struct s { ... T fld : n; ... };

@mdev_bitfield_handler@
identifier h;
expression w, e1;
position p;
@@

(
 INIT_WORK@p(w, h)
|
 INIT_DELAYED_WORK@p(w, h)
|
 timer_setup@p(w, h, ...)
|
 request_irq@p(e1, h, ...)
|
 request_threaded_irq@p(e1, h, ...)
)

@script:python@
p << mdev_bitfield_handler.p;
h << mdev_bitfield_handler.h;
@@

mdev_bitfield_handlers.add((p[0].file, h))

// Under a lock, of whichever kind.
@mdev_bitfield_locked exists@
identifier mdev_bitfield_field.fld;
identifier lk =~ "lock|down_write|guard";
expression x, e;
position ok;
@@

 lk(...);
 ... when != mutex_unlock(...)
     when != spin_unlock(...)
     when != spin_unlock_irq(...)
     when != spin_unlock_irqrestore(...)
     when != up_write(...)
 x->fld@ok = e

@mdev_bitfield_r@
identifier mdev_bitfield_field.s, mdev_bitfield_field.fld;
struct s *x;
expression e;
position p != mdev_bitfield_locked.ok;
@@

 x->fld@p = e

@script:python@
p << mdev_bitfield_r.p;
s << mdev_bitfield_field.s;
fld << mdev_bitfield_field.fld;
@@

mdev_bitfield_writes.add((p[0].file, s, fld, p[0].current_element))

@script:python depends on report@
p << mdev_bitfield_r.p;
s << mdev_bitfield_field.s;
fld << mdev_bitfield_field.fld;
@@

path = p[0].file
others = {f for (at, st, f, fn) in mdev_bitfield_writes
          if (at, st) == (path, s) and f != fld and (path, fn) not in mdev_bitfield_handlers}
if (path, p[0].current_element) in mdev_bitfield_handlers and others:
    msg = ("mdev-bitfield: %s is written without a lock, and so is its neighbour %s elsewhere" %
           (fld, sorted(others)[0]))
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_bitfield_r.p;
s << mdev_bitfield_field.s;
fld << mdev_bitfield_field.fld;
@@

path = p[0].file
others = {f for (at, st, f, fn) in mdev_bitfield_writes
          if (at, st) == (path, s) and f != fld and (path, fn) not in mdev_bitfield_handlers}
if (path, p[0].current_element) in mdev_bitfield_handlers and others:
    msg = ("mdev-bitfield: %s is written without a lock, and so is its neighbour %s elsewhere" %
           (fld, sorted(others)[0]))
    coccilib.org.print_todo(p[0], msg)
