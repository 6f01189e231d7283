// SPDX-License-Identifier: GPL-2.0-only
/// A read or write of a region uses the user's offset without comparing it with a size.
///
/// The offset is whatever the user passed to pread(), up to 2^63: memory outside of the device
/// is read or written (CVE-2025-21687 was this).
/// Do: fail when offset >= size, then cut count to size - offset, before the access.
// Confidence: High
// Severity: error
// Class: C1
// Options: --no-includes
// Needs: loff_t

virtual report
virtual org
virtual context
virtual patch

// By function: what is the user's offset, and what is compared. Who compares an offset is
// trusted to do it right, also for whom he hands it to.
@initialize:python@
@@

mdev_rw_bounds_offsets = set()
mdev_rw_bounds_compared = set()
mdev_rw_bounds_calls = set()
mdev_rw_bounds_told = set()
# Who is asked in a condition about the offset, and who compares something.
mdev_rw_bounds_asked = set()
mdev_rw_bounds_judges = set()

def mdev_rw_bounds_key(p):
    return (p[0].file, p[0].current_element)

# The size of a binary attribute of sysfs is kept by its core.
mdev_rw_bounds_sysfs = set()

def mdev_rw_bounds_guarded(where):
    return any((where, off) in mdev_rw_bounds_compared for (w, off) in mdev_rw_bounds_offsets if w == where)

def mdev_rw_bounds_judged(h):
    below = {(w[0], callee) for (w, callee) in mdev_rw_bounds_calls if w == h}
    return h in mdev_rw_bounds_judges or any(b in mdev_rw_bounds_judges for b in below)

def mdev_rw_bounds_bad(p, var):
    where = mdev_rw_bounds_key(p)
    if (where, var) not in mdev_rw_bounds_offsets or mdev_rw_bounds_guarded(where):
        return False
    if where in mdev_rw_bounds_told or where in mdev_rw_bounds_sysfs:
        return False
    callers = {w for (w, callee) in mdev_rw_bounds_calls if callee == where[1] and w[0] == where[0]}
    if any(mdev_rw_bounds_guarded(w) for w in callers if w != where):
        return False
    if any(mdev_rw_bounds_judged((w[0], h)) for (w, h) in mdev_rw_bounds_asked if w == where):
        return False
    mdev_rw_bounds_told.add(where)
    return True

@mdev_rw_bounds_bin@
identifier f, a;
position p;
@@

 f@p(..., struct bin_attribute *a, ...) { ... }

@script:python@
p << mdev_rw_bounds_bin.p;
f << mdev_rw_bounds_bin.f;
@@

mdev_rw_bounds_sysfs.add((p[0].file, f))

@mdev_rw_bounds_par@
identifier f, pos;
parameter list[n] ps;
position p;
@@

 f(ps, loff_t pos@p, ...) { ... }

@script:python@
p << mdev_rw_bounds_par.p;
f << mdev_rw_bounds_par.f;
pos << mdev_rw_bounds_par.pos;
@@

mdev_rw_bounds_offsets.add(((p[0].file, f), pos))

@mdev_rw_bounds_ppar@
identifier f, pos;
parameter list[n] ps;
position p;
@@

 f(ps, loff_t *pos@p, ...) { ... }

@script:python@
p << mdev_rw_bounds_ppar.p;
f << mdev_rw_bounds_ppar.f;
pos << mdev_rw_bounds_ppar.pos;
@@

mdev_rw_bounds_offsets.add(((p[0].file, f), pos))

// What a function makes of it is another value.
@mdev_rw_bounds_result@
identifier off;
identifier h =~ "^[a-z_0-9]+$";
type T;
position ok;
@@

(
 off@ok = h(...);
|
 T off@ok = h(...);
)

@mdev_rw_bounds_taint@
loff_t pos;
loff_t *ppos;
identifier off;
type T;
position p != mdev_rw_bounds_result.ok;
@@

(
 off@p = <+... \(pos\|*ppos\) ...+>;
|
 T off@p = <+... \(pos\|*ppos\) ...+>;
)

@script:python@
p << mdev_rw_bounds_taint.p;
off << mdev_rw_bounds_taint.off;
@@

mdev_rw_bounds_offsets.add((mdev_rw_bounds_key(p), off))

@mdev_rw_bounds_cmp@
identifier v;
binary operator op = {<, >, <=, >=};
expression e;
position p;
@@

(
 (<+... v ...+>) op@p e
|
 e op@p (<+... v ...+>)
)

@script:python@
p << mdev_rw_bounds_cmp.p;
v << mdev_rw_bounds_cmp.v;
@@

mdev_rw_bounds_compared.add((mdev_rw_bounds_key(p), v))
mdev_rw_bounds_judges.add(mdev_rw_bounds_key(p))

@mdev_rw_bounds_ask@
identifier v, h;
statement S;
position p;
@@

 if (<+... h@p(..., <+... v ...+>, ...) ...+>) S

@script:python@
p << mdev_rw_bounds_ask.p;
v << mdev_rw_bounds_ask.v;
h << mdev_rw_bounds_ask.h;
@@

if (mdev_rw_bounds_key(p), v) in mdev_rw_bounds_offsets:
    mdev_rw_bounds_asked.add((mdev_rw_bounds_key(p), h))

@mdev_rw_bounds_cut@
identifier v;
identifier cut =~ "min|clamp|check_|size_|valid|range|bound|in_|simple_|fixed_size";
position p;
@@

 cut@p(..., <+... v ...+>, ...)

@script:python@
p << mdev_rw_bounds_cut.p;
v << mdev_rw_bounds_cut.v;
@@

mdev_rw_bounds_compared.add((mdev_rw_bounds_key(p), v))

@mdev_rw_bounds_call@
identifier h;
position p;
@@

 h@p(...)

@script:python@
p << mdev_rw_bounds_call.p;
h << mdev_rw_bounds_call.h;
@@

mdev_rw_bounds_calls.add((mdev_rw_bounds_key(p), h))

@mdev_rw_bounds_r@
identifier v;
identifier acc =~ "^(memcpy|memcpy_(from|to)io|__?copy_(to|from)_user|copy_(to|from)_user|io(read|write)(8|16|32|64)(be)?|(read|write)[bwl])$";
position p;
@@

 acc@p(..., <+... v ...+>, ...)

@script:python depends on report@
p << mdev_rw_bounds_r.p;
v << mdev_rw_bounds_r.v;
acc << mdev_rw_bounds_r.acc;
@@

if mdev_rw_bounds_bad(p, v):
    msg = "mdev-rw-bounds: %s() has the user's offset, compared with no size" % (acc)
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_rw_bounds_r.p;
v << mdev_rw_bounds_r.v;
acc << mdev_rw_bounds_r.acc;
@@

if mdev_rw_bounds_bad(p, v):
    msg = "mdev-rw-bounds: %s() has the user's offset, compared with no size" % (acc)
    coccilib.org.print_todo(p[0], msg)
