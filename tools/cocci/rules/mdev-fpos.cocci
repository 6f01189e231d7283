// SPDX-License-Identifier: GPL-2.0-only
/// A migration file looks at its position before taking its lock.
///
/// These files have no lock on f_pos: two writers pass the check together, and the second one
/// writes behind the buffer.
/// Do: check and use *pos under the same lock.
// Confidence: High
// Severity: error
// Class: C13
// Options: --no-includes
// Needs: f_pos

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

mdev_fpos_told = set()

@mdev_fpos_r exists@
identifier f, pos, filp;
identifier cp = {copy_from_user, copy_to_user, memcpy};
expression l;
position p;
@@

 f(struct file *filp, ..., loff_t *pos)
 {
 ... when any
 pos = &filp->f_pos;
 ... when != mutex_lock(...)
     when != spin_lock(...)
     when != down_write(...)
 *pos@p
 ... when any
 mutex_lock(l);
 ... when any
 cp(..., <+... *pos ...+>, ...)
 ... when any
 }

@mdev_fpos_ctx depends on context && !report && !org@
expression E;
position mdev_fpos_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_fpos_r.p;
f << mdev_fpos_r.f;
@@

if (p[0].file, f) not in mdev_fpos_told:
    mdev_fpos_told.add((p[0].file, f))
    msg = "mdev-fpos: *pos is looked at before the lock is taken: two writers pass together"
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_fpos_r.p;
f << mdev_fpos_r.f;
@@

if (p[0].file, f) not in mdev_fpos_told:
    mdev_fpos_told.add((p[0].file, f))
    msg = "mdev-fpos: *pos is looked at before the lock is taken: two writers pass together"
    coccilib.org.print_todo(p[0], msg)
