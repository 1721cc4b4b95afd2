/* SPDX-License-Identifier: Apache-2.0 */
/* CPUID and XGETBV (Intel SDM, volume 2A; volume 1, section 15.2). */
#include <cpuid.h>

#include "hash/cpu.h"

enum {
	/* Leaf 1, ECX. */
	BIT_SSSE3 = 1 << 9,
	BIT_SSE4_1 = 1 << 19,
	BIT_OSXSAVE = 1 << 27,
	/* Leaf 7, EBX. */
	BIT_AVX512F = 1 << 16,
	BIT_SHA = 1 << 29,
	BIT_AVX512BW = 1 << 30,
	/* XCR0: the system saves XMM, YMM, the mask registers and both halves of ZMM. */
	XCR0_AVX512 = 0xe6
};

typedef struct features {
	unsigned leaf1_ecx, leaf7_ebx;
} features;

static features read_features(void)
{
	features f = { 0, 0 };
	unsigned eax, ebx, ecx, edx;

	if (__get_cpuid(1, &eax, &ebx, &ecx, &edx))
		f.leaf1_ecx = ecx;
	if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx))
		f.leaf7_ebx = ebx;
	return f;
}

static bool has_all(unsigned have, unsigned need)
{
	return (have & need) == need;
}

static unsigned read_xcr0(void)
{
	unsigned low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

bool aval_cpu_has_sha(void)
{
	features f = read_features();

	return has_all(f.leaf1_ecx, BIT_SSSE3 | BIT_SSE4_1) && has_all(f.leaf7_ebx, BIT_SHA);
}

bool aval_cpu_has_avx512(void)
{
	features f = read_features();

	return has_all(f.leaf1_ecx, BIT_OSXSAVE) && has_all(f.leaf7_ebx, BIT_AVX512F | BIT_AVX512BW) &&
	       has_all(read_xcr0(), XCR0_AVX512);
}
