/* SPDX-License-Identifier: Apache-2.0 */
/* What the Linux kernel says of the processor (getauxval(3)). */
#include <sys/auxv.h>

#include "hash/cpu.h"

/* HWCAP_SHA2 of <asm/hwcap.h>. */
#define SHA2 (1ul << 6)

bool aval_cpu_has_sha2(void)
{
	return (getauxval(AT_HWCAP) & SHA2) != 0;
}
