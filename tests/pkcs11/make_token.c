/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_token FOLDER: the token of softhsm.h in an empty folder. Prints the path of the module and the PIN; exit
 * code 77 where there is no SoftHSM.
 */
#include "softhsm.h"

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (softhsm_path() == NULL)
		return 77;
	softhsm_make(argv[1]);
	printf("%s\n%s\n", softhsm_path(), softhsm_pin);
	return 0;
}
