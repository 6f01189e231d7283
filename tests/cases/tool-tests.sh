#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: tests of a tree: what each failure says, guards, what does not build; and a tree that lies about its DMA
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh

tree=$TMP/mine
"$MDEV" new --name mine --kind vgpu --dir "$tree" >"$TMP/new.out" 2>&1 || cat "$TMP/new.out" >&2

# Each goes wrong in its own way; the suite's own are elsewhere.
cat >"$tree/tests/faults.c" <<'END'
#include <stdlib.h>
#include <unistd.h>

#include <mdk/test.h>

static void fill_words(struct mdk_client *dev, u64 iova, u32 words)
{
	mdk_write64(dev, "ADDR_LO", "ADDR_HI", iova);
	mdk_write(dev, "COUNT", words);
	mdk_write(dev, "DOORBELL", 3);
	MDK_ASSERT_TRUE(mdk_await(dev, "ISR.FENCE", 1, 2000));
}

MDK_TEST(expects)
{
	MDK_EXPECT_EQ(0x10, mdk_read(dev, "FENCE"));
	MDK_EXPECT_LT(-1, -2);
	MDK_EXPECT_EQ(-1, -1);
}

MDK_TEST(asserts)
{
	MDK_DID("round %d", 3);
	MDK_ASSERT_EQ(1, mdk_read(dev, "FENCE"));
	abort();
}

MDK_TEST(skips)
{
	MDK_SKIP("%s today", "nothing");
}

MDK_TEST(crashes)
{
	abort();
}

MDK_TEST(leaves)
{
	exit(3);
}

MDK_TEST(hangs, .timeout = 1)
{
	MDK_DID("sleep");
	for (;;)
		pause();
}

MDK_TEST(no_such_register)
{
	mdk_read(dev, "FENCES");
}

MDK_TEST(no_such_bits)
{
	mdk_read(dev, "ISR.FENCES");
}

MDK_TEST(no_such_type)
{
	mdk_open_another(dev, "8");
}

MDK_TEST(too_wide)
{
	mdk_write(dev, "ISR.ERROR", 2);
}

MDK_TEST(one_byte_behind)
{
	fill_words(dev, mdk_memory(dev, 4099)->iova, 1025);
}

MDK_TEST(one_word_before)
{
	struct mdk_memory *memory = mdk_memory_at(dev, 0x10008, 8, MDK_BOTH_WAYS);

	fill_words(dev, memory->iova - 4, 3);
	mdk_memory_unmap(memory);
}

MDK_TEST(written)
{
	struct mdk_memory *memory = mdk_memory(dev, 64);

	fill_words(dev, memory->iova + 8, 1);
	MDK_EXPECT_UNTOUCHED(memory, 0, 8);
	MDK_EXPECT_UNTOUCHED(memory, 0, 64);
}

MDK_TEST(nobody_listens)
{
	mdk_irq_await(dev, MDK_IRQ_MSI, 0, 1);
}

/* Nothing is wrong with these. */
MDK_TEST(another_type)
{
	struct mdk_client *other = mdk_open_another(dev, "2");

	MDK_EXPECT_EQ(2 * mdk_region_size(dev, 0), mdk_region_size(other, 0));
	mdk_write(other, "WIDTH", 5);
	MDK_EXPECT_EQ(0, mdk_read(dev, "WIDTH"));
}

MDK_TEST(unmapped_and_back)
{
	struct mdk_memory *memory = mdk_memory(dev, 4);

	mdk_memory_unmap(memory);
	fill_words(dev, memory->iova, 1);
	MDK_EXPECT_EQ(1, mdk_read(dev, "ISR.ERROR"));
	mdk_memory_map(memory);
	mdk_memory_fill(memory);
	mdk_reset(dev);
	MDK_EXPECT_EQ(0, mdk_read(dev, "ISR"));
	MDK_EXPECT_UNTOUCHED(memory, 0, 4);
}
END

# What is said of each, behind its name, in this order.
needed() {
	cat <<-'END'
	expects|tests/faults\.c:16: mdk_read\(dev, "FENCE"\) is 0; need: 0x10 \(16\)
	expects|tests/faults\.c:17: -2; need: more than -1
	asserts|tests/faults\.c:24: mdk_read\(dev, "FENCE"\) is 0; need: 1
	crashes|the process was killed by signal 6
	leaves|its process called exit\(3\) in the middle
	hangs|no answer within 1 s
	no_such_register|'FENCES' is none of them; there are: ID VRAM_SIZE .*STATUS
	no_such_bits|ISR has no 'FENCES'; it has: FENCE ERROR
	no_such_type|it has no type '8'
	too_wide|0x2 for ISR\.ERROR
	one_byte_behind|1 bytes behind the 4099 bytes at 0x10000[0-9a-f]*, at 0x10000[0-9a-f]*, there is 0 and was
	one_word_before|4 bytes before the 8 bytes at 0x10008, at 0x10004, there is 0 and was
	written|byte 8, at 0x[0-9a-f]*, is 0 and was
	nobody_listens|vector 0 of MSI
	END
}

# TEST: FOUND; need: NEEDED of each failure.
found() { # KTAP
	awk '/^# found: / { found = substr($0, 10) }
		/^# need:  / { lines[++n] = found "; need: " substr($0, 10) }
		/^(not )?ok / { name = $0; sub(/^(not )?ok [0-9]* /, "", name); sub(/ #.*/, "", name)
			for (i = 1; i <= n; i++) print name "|" lines[i]; n = 0 }' "$1"
}

each_says_why() {
	local name pattern nr=0 line
	"$MDEV" test "$tree" --type 1 --only faults --ktap "$TMP/ktap" >"$TMP/test.out" 2>&1
	found "$TMP/ktap" >"$TMP/found"
	cat "$TMP/found"
	while IFS='|' read -r name pattern; do
		nr=$((nr + 1))
		line=$(sed -n ${nr}p "$TMP/found")
		printf '%s\n' "$line" | grep -Eq "^faults\.$name\|$pattern" ||
			{ echo "line $nr is no: $name|$pattern"; return 1; }
	done < <(needed)
	[ "$(wc -l <"$TMP/found")" = $nr ]
}

others_pass() {
	grep -E '^ok [0-9]+ faults\.(another_type|unmapped_and_back)$' "$TMP/ktap" >"$TMP/ok"
	cat "$TMP/ok"
	[ "$(wc -l <"$TMP/ok")" = 2 ] && grep '^ok [0-9]* faults.skips # SKIP nothing today' "$TMP/ktap"
}

# SED-SCRIPT FILE ERE: of a tree changed so nothing is booted, and that is said.
refused() {
	local copy=$TMP/refused/mine
	rm -rf "$copy"
	mkdir -p "${copy%/mine}"
	cp -r "$tree" "$copy"
	sed -i "$1" "$copy/tests/device.c"
	[ "$2" = device.c ] || mv "$copy/tests/device.c" "$copy/tests/$2"
	expect 3 "$3" "$MDEV" test "$copy" --list
}

lies() {
	sed -i '/^MDK_DMA_HOOK/,$d; s/^static int start(/MDK_NO_DMA("it does not say so");\n\nint start(/
		s/^static void \(stop\|message\)(/void \1(/' "$tree/tests/device.c"
	rm "$tree/tests/faults.c"
	"$MDEV" test "$tree" --type 1 --only device --only dma --ktap "$TMP/ktap"
	grep '^not ok .* dma.none' "$TMP/ktap" && ! grep -E 'dma.(pin|unmap|memlock)' "$TMP/ktap" &&
		[ "$(grep -c '^not ok' "$TMP/ktap")" = 1 ]
}

check "each failure says what was found and what was needed" each_says_why
check "a failure says where the test was, and what it did last" \
	grep '^# did: *round 3: read of register FENCE$' "$TMP/ktap"
check "the others of that file pass, one is skipped" others_pass
check "a file that does not compile: the compiler's line, with the tree's path" \
	refused 's/^MDK_TEST(fills_video_memory)/MDK_TEST(fills_video_memory/' device.c \
	"$TMP/refused/mine/tests/device.c:[0-9]+:[0-9]+: error"
check "two hooks in a tree" refused "\$aMDK_NO_DMA(\"twice\");" device.c 'redefinition of .*mdk_dma_hook'
check "a file of the name of a group" refused '' dma.c "'dma' is a group of the suite"
check "a tree that says it has no DMA and pins" lies
finish
