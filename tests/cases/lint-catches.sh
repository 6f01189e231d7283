#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each house rule finds a fault that is planted for it, and is silent before
# tier: quick
# shellcheck source=tests/lib.sh
. tests/lib.sh

lint=$SDK/tools/lint/run
repo=$TMP/repo
mkdir -p "$repo/tools"
cd "$repo" || exit 3
git init -q .

# plant RULE FILE: the fault comes on standard input; other rules may find it as well.
plant() {
	local rule=$1 file=$2
	mkdir -p "$repo/${file%/*}"
	cat >"$repo/$file"
	git add -A
	if expect 1 "$file" "$lint" "$rule" >"$TMP/plant.out" 2>&1; then
		pass "lint $rule catches"
	else
		fail "lint $rule catches" "$(cat "$TMP/plant.out")"
	fi
	git rm -qf "$file"
}

printf '// SPDX-License-Identifier: GPL-2.0-only\nint clean;\n' >tools/clean.c
git add -A
check "silent on a clean file" "$lint" banner version exports products paths rooms twins tags public length macro whitespace shell errexit cppcheck

plant banner tools/banner.c <<<'int banner;'
plant banner tools/dual.c <<<'// SPDX-License-Identifier: GPL-2.0-only OR MIT'
plant banner sdk/include/mdk/alone.h <<<'/* SPDX-License-Identifier: GPL-2.0-only */'
plant version tools/version.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#if LINUX_VERSION_CODE > 1
#endif
END
plant exports framework/new.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
EXPORT_SYMBOL_GPL(mdk_something_new);
END
plant twins framework/helpers/twin.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#ifdef __KERNEL__
#endif
END
plant rooms framework/helpers/up.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "run/instance/instance.h"
END
plant rooms framework/run/access/up.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "../power.h"
END
plant rooms framework/model/kernel.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
END
plant rooms framework/attic/homeless.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/types.h>
END
plant rooms tools/mdev-sdk/check/beside.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "new/design.h"
END
plant rooms tools/mdev-sdk/common/up.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "test/session.h"
END
plant rooms tools/lab/up.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "mdev-sdk/common/sdk.h"
END
plant rooms tools/conform/up.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "groups/region_access.h"
END
mkdir -p framework/run
printf '// SPDX-License-Identifier: GPL-2.0-only\nstruct mdk_thing {\n\tint a;\n};\n' >framework/run/thing.c
plant tags sdk/include/mdk/thing.h <<'END'
/* SPDX-License-Identifier: GPL-2.0-only */
struct mdk_thing {
	long b;
};
END
plant public sdk/include/mdk/private.h <<'END'
/* SPDX-License-Identifier: GPL-2.0-only */
int mdk_between_ourselves(void);
END
plant products tools/thing.ko <<<object
plant paths tools/paths.txt <<<'see /'work/here
plant length tools/length.c < <(
	printf '// SPDX-License-Identifier: GPL-2.0-only\nint f(void)\n{\n'
	for _ in {1..60}; do echo '	g();'; done
	echo '}'
)
plant macro tools/macro.c <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#define GIVE_UP(x)                     \
	do {                           \
		if (x)                 \
			return -1;     \
	} while (0)
END
plant whitespace tools/ws.c < <(
	printf '// SPDX-License-Identifier: GPL-2.0-only\nint trailing; \n'
)
# What it was that let a framework pass which did not compile, and two like it.
plant errexit tools/function.sh <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
set -eu
build() {
	false
	echo built
}
(cd / && build >log) || exit 3
END
plant errexit tools/subshell.sh <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
set -eu
(false; echo built) || exit 3
END
plant errexit tools/pipe <<'END'
#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
set -eu
false | cat
END
# shellcheck disable=SC2016
plant shell tools/bad.sh < <(
	printf '#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0-only\nrm -rf $1/\n'
)
finish
