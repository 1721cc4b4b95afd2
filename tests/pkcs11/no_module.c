/* SPDX-License-Identifier: Apache-2.0 */
/* A shared object that is no PKCS#11 module. */
int not_a_module(void);

int not_a_module(void)
{
	return 0;
}
