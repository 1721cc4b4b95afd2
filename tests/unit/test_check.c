/* SPDX-License-Identifier: Apache-2.0 */
/* The rules: for each the nearest invoice that passes and the nearest that does not, with all findings. */
#include "check_fixture.h"

/* Of the sums: a cent, a rounding, a missing total, in the way of each syntax. */
static const struct check_case {
	const char *name;
	const char *edits;
	const char *findings;
} cases[] = {
	{ "the base invoice as UBL", "", "" },
	{ "the base invoice as CII", "cii", "" },
	{ "the base invoice without optional sums",
	  "-BG-20 -BG-21 -BT-107 -BT-108 -BT-113 BT-109=292 BG-23.1/BT-116=125 BG-23.1/BT-117=23.75"
	  " BG-23.2/BT-116=117"
	  " BG-23.2/BT-117=8.19 BT-110=31.94 BT-112=323.94 BT-115=323.94",
	  "" },

	/* BR-CO-10 */
	{ "net amounts a cent too high", "BT-106=292.01",
	  "BR-CO-10 BT-106: 292 / 292.01\nBR-CO-13 BT-109: 288.01 / 288" },
	{ "net amounts a cent too high, CII", "cii BT-106=292.01",
	  "BR-CO-10 BT-106: 292 / 292.01\nBR-CO-13 BT-109: 288.01 / 288" },
	{ "net amounts absent", "-BT-106",
	  "BR-CO-10 BT-106: 292 / absent\nBR-CO-13 BT-106: an amount / absent" },
	{ "net amounts absent, CII", "cii -BT-106",
	  "BR-CO-10 BT-106: 292 / absent\nBR-CO-13 BT-106: an amount / absent" },
	{ "lines end in half a cent: towards plus infinity",
	  "BG-25.1/BT-131=125.005 BT-106=292.01 BT-109=288.01"
	  " BT-112=318.47 BT-113=18.47", "" },
	{ "lines end in half a cent, even would be below", "BG-25.1/BT-131=125.005",
	  "BR-CO-10 BT-106: 292.01 / 292" },
	{ "lines end in half a cent below zero: towards plus infinity",
	  "BG-25.1/BT-131=-125.005 BG-25.1/BT-129=-10 BT-106=41.99 ", "BR-CO-10 BT-106: 42 / 41.99\n"
	  "BR-CO-13 BT-109: 37.99 / 288\nBR-S-08 BG-23.1/BT-116: -135.005 / 115" },
	{ "lines just below half a cent", "BG-25.1/BT-131=125.00499999999999999999", "" },
	{ "CII sums doubles: 1.005 is less than a half there",
	  "cii -BG-25 -BG-20 -BG-21 -BT-107 -BT-108 -BG-23 -BT-113 BG-25.1/BT-131=1.005 BT-106=1 BT-109=1"
	  " BT-110=0 BT-112=1"
	  " BT-115=1 BG-23.1/BT-116=1 BG-23.1/BT-117=0", "" },
	{ "UBL sums decimals: 1.005 is a half",
	  "-BG-25 -BG-20 -BG-21 -BT-107 -BT-108 -BG-23 -BT-113 BG-25.1/BT-131=1.005 BT-106=1 BT-109=1"
	  " BT-110=0 BT-112=1"
	  " BT-115=1 BG-23.1/BT-116=1 BG-23.1/BT-117=0", "BR-CO-10 BT-106: 1.01 / 1" },
	{ "no line and no net amount",
	  "-BG-25 BT-106=0 BT-109=-4 BT-110=0 BT-112=-4 BT-113=-304 -BG-23 BG-23.1/BT-117=0",
	  "" },

	/* BR-CO-11, BR-CO-12 */
	{ "allowances a cent too low", "BT-107=9.99",
	  "BR-CO-11 BT-107: 10 / 9.99\nBR-CO-13 BT-109: 288.01 / 288" },
	{ "allowances without their sum", "-BT-107",
	  "BR-CO-11 BT-107: 10 / absent\nBR-CO-13 BT-109: 298 / 288" },
	{ "a sum of 0 without allowances",
	  "-BG-20 BT-107=0 BT-109=298 BG-23.1/BT-116=125 BG-23.1/BT-117=23.75 BT-110=32.36"
	  " BT-112=330.36 BT-113=30.36", "" },
	{ "a sum without allowances",
	  "-BG-20 BG-23.1/BT-116=125 BG-23.1/BT-117=23.75 BT-110=32.36 BT-112=320.36 BT-113=20.36",
	  "BR-CO-11 BT-107: 0 / 10" },
	{ "charges a cent too low", "BT-108=5.99", "BR-CO-12 BT-108: 6 / 5.99\nBR-CO-13 BT-109: 287.99 / 288" },
	{ "charges without their sum, CII", "cii -BT-108",
	  "BR-CO-12 BT-108: 6 / absent\nBR-CO-13 BT-109: 282 / 288" },

	/* BR-CO-13 */
	{ "total without VAT a cent too low", "BT-109=287.99",
	  "BR-CO-13 BT-109: 288 / 287.99\nBR-CO-15 BT-112: 318.45 / 318.46" },
	{ "total without VAT absent", "-BT-109",
	  "BR-CO-13 BT-109: 288 / absent\nBR-CO-15 BT-109: an amount / absent" },
	{ "UBL does not round without allowance and charge",
	  "-BG-20 -BG-21 -BT-107 -BT-108 -BG-23 BG-25.1/BT-131=124.996 BT-106=292 BT-109=292.004 BT-110=0"
	  " BT-112=292"
	  " -BT-113 BT-115=292 BG-23.1/BT-117=0",
	  "BR-CO-13 BT-109: 292 / 292.004\n~AVAL-TOTALS-UNIT BT-109: at most 2 digits after the point /"
	  " 292.004" },

	/* BR-CO-14 */
	{ "VAT total a cent too high", "BT-110=30.47",
	  "BR-CO-14 BT-110: 30.46 / 30.47\nBR-CO-15 BT-112: 318.47 / 318.46" },
	{ "VAT total a cent too high, CII", "cii BT-110=30.47",
	  "BR-CO-14 BT-110: 30.46 / 30.47\nBR-CO-15 BT-112: 318.47 / 318.46" },
	{ "VAT total without its amount", "-BT-110 totals=EUR::1:4",
	  "BR-CO-14 BT-110: 30.46 / absent\nBR-CO-15 BT-110: one VAT total in the invoice's currency /"
	  " absent" },
	{ "a second VAT total in the accounting currency",
	  "BT-6=SEK BT-111=300 totals=EUR:30.46:1:4,SEK:300:4:4", "" },
	{ "a second VAT total with a breakdown of its own",
	  "BT-6=SEK BT-111=300 BG-23.4/BT-117=299 totals=EUR:30.46:1:4,"
	  "SEK:300:4:5", "BR-CO-14 BT-111: 299 / 300\nBR-CO-17 BG-23.4/BT-117: 0 / 299" },
	{ "two VAT totals share the breakdown", "totals=EUR:21.85:1:2,EUR:8.61:2:4",
	  "BR-CO-15 BT-110: one VAT total in the invoice's currency / more than one" },
	{ "CII compares each VAT total with the whole breakdown", "cii totals=EUR:30.46:1:1,EUR:30.45:1:1",
	  "BR-CO-14 BT-110: 30.46 / 30.45\nBR-CO-15 BT-110: one VAT total in the invoice's currency / more"
	  " than one" },

	/* BR-CO-15 */
	{ "VAT total in another currency", "totals=USD:30.46:1:4",
	  "BR-CO-15 BT-110: one VAT total in the invoice's currency / absent" },
	{ "CII does not look at VAT where both totals are equal",
	  "cii BT-112=288 BT-115=269.54 totals=EUR:30.46:1:1,EUR:30.46:1:1",
	  "" },
	{ "UBL does", "BT-112=288 BT-115=269.54", "BR-CO-15 BT-112: 318.46 / 288" },
	{ "total with VAT absent", "-BT-112",
	  "BR-CO-15 BT-112: 318.46 / absent\nBR-CO-16 BT-112: an amount / absent" },
	{ "no currency, no VAT total to look for", "-BT-5 totals=EUR:30.46:1:4",
	  "AVAL-TERM-MISSING BT-5: a value / absent" },
	{ "no currency that an amount could differ from", "-BT-5 totals=EUR:30.46:1:4 BT-115@currency=EUR",
	  "AVAL-TERM-MISSING BT-5: a value / absent" },
	{ "half a cent of VAT", "BT-109=288 BT-110=30.465 BG-23.1/BT-117=21.855 BT-112=318.47 BT-113=18.47",
	  "BR-CO-14 BT-110: 30.47 / 30.465\n~AVAL-TOTALS-UNIT BT-110: at most 2 digits after the point /"
	  " 30.465" },

	/* BR-CO-16 */
	{ "amount due a cent too high", "BT-115=300.01", "BR-CO-16 BT-115: 300 / 300.01" },
	{ "amount due a cent too high, CII", "cii BT-115=300.01", "BR-CO-16 BT-115: 300 / 300.01" },
	{ "rounded to a full amount", "BT-113=18.44 BT-114=-0.02", "" },
	{ "rounded to a full amount, CII", "cii BT-113=18.44 BT-114=-0.02", "" },
	{ "rounding of the wrong sign", "BT-113=18.44 BT-114=0.02", "BR-CO-16 BT-115: 300.04 / 300" },
	{ "rounding of the wrong sign, CII", "cii BT-113=18.44 BT-114=0.02", "BR-CO-16 BT-115: 300.04 / 300" },
	{ "nothing paid", "-BT-113 BT-115=318.46", "" },
	{ "UBL rounds both sides, to the same cent", "BT-113=18.464 BT-114=0.004",
	  "~AVAL-TOTALS-UNIT BT-113: at most 2 "
	  "digits after the point / 18.464\n~AVAL-TOTALS-UNIT BT-114: at most 2 digits after the point /"
	  " 0.004" },
	{ "CII compares exactly", "cii BT-113=18.464 BT-114=0.003",
	  "BR-CO-16 BT-115: 299.999 / 300\n~AVAL-TOTALS-UNIT BT-113: at most 2 digits after the point /"
	  " 18.464\n"
	  "~AVAL-TOTALS-UNIT BT-114: at most 2 digits after the point / 0.003" },
	{ "UBL rounds the side without rounding amount", "BT-113=18.455",
	  "BR-CO-16 BT-115: 300.01 / 300\n~AVAL-TOTALS-UNIT BT-113: at most 2 digits after the point /"
	  " 18.455" },

	/* BR-CO-17 */
	{ "tax less than 1 off", "BG-23.1/BT-117=22.84 BT-110=31.45 BT-112=319.45 BT-113=19.45", "" },
	{ "tax 1 off", "BG-23.1/BT-117=22.85 BT-110=31.46 BT-112=319.46 BT-113=19.46",
	  "BR-CO-17 BG-23.1/BT-117: 21.85 / 22.85\nBR-S-09 BG-23.1/BT-117: 21.85 / 22.85" },
	{ "tax 1 off, which CII lets pass in BR-CO-17",
	  "cii BG-23.1/BT-117=22.85 BT-110=31.46 BT-112=319.46 BT-113=19.46",
	  "BR-S-09 BG-23.1/BT-117: 21.85 / 22.85" },
	{ "tax a cent more than 1 off, CII", "cii BG-23.1/BT-117=22.86 BT-110=31.47 BT-112=319.47 BT-113=19.47",
	  "BR-CO-17 BG-23.1/BT-117: 21.85 / 22.86\nBR-S-09 BG-23.1/BT-117: 21.85 / 22.86" },
	{ "tax 1 below", "BG-23.1/BT-117=20.85 BT-110=29.46 BT-112=317.46 BT-113=17.46",
	  "BR-CO-17 BG-23.1/BT-117: 21.85 / 20.85\nBR-S-09 BG-23.1/BT-117: 21.85 / 20.85" },
	{ "a rate that rounds to 0 and a tax that does not",
	  "BG-23.3/BT-119=0.49 BG-23.3/BT-117=0.5 BT-110=30.96 BT-112=318.96"
	  " BT-113=18.96", "BR-CO-17 BG-23.3/BT-117: 0 / 0.5\nBR-Z-09 BG-23.3/BT-117: 0 / 0.5" },
	{ "a rate that rounds to 0 and a tax that does",
	  "BG-23.3/BT-119=0.49 BG-23.3/BT-117=0.49 BT-110=30.95 BT-112=318.95"
	  " BT-113=18.95", "BR-Z-09 BG-23.3/BT-117: 0 / 0.49" },
	{ "a rate of a half rounds to 1",
	  "BG-23.3/BT-119=0.5 BG-23.3/BT-117=0.5 BT-110=30.96 BT-112=318.96 BT-113=18.96",
	  "BR-Z-09 BG-23.3/BT-117: 0 / 0.5" },
	{ "no rate and no tax", "-BG-23.3/BT-119", "" },
	{ "a category that CII does not ask",
	  "cii BG-23.2/BT-118=L BG-25.2/BT-151=L BG-21.1/BT-102=L BG-23.2/BT-117=20.61"
	  " BT-110=42.46 BT-112=330.46 BT-113=30.46", "" },
	{ "but asks where it is of another tax",
	  "cii BG-23.2/BT-118=L BG-25.2/BT-151=L BG-21.1/BT-102=L BG-23.2/BT-117=20.61"
	  " BT-110=42.46 BT-112=330.46 BT-113=30.46 other=2", "BR-CO-17 BG-23.2/BT-117: 0 / 20.61" },
	{ "another tax has no rate and so no amount", "other=2", "BR-CO-17 BG-23.2/BT-117: 0 / 8.61" },
	{ "another tax of no amount",
	  "other=1 other=3 BG-23.1/BT-117=0.49 BT-110=9.1 BT-112=297.1 BT-113=-2.9", "" },
	{ "category rules are of VAT", "other=3 BG-23.3/BT-116=49", "" },
	{ "category rules are of VAT, but in CII for S and Z",
	  "cii other=1 other=3 BG-23.1/BT-117=0.4 BT-110=9.01 BT-112=297.01"
	  " BT-113=-2.99 BG-23.3/BT-116=40 BG-23.1/BT-116=114", "BR-S-08 BG-23.1/BT-116: 115 / 114\n"
	  "BR-S-09 BG-23.1/BT-117: 21.66 / 0.4\nBR-Z-08 BG-23.3/BT-116: 50 / 40" },
	{ "nor for E", "cii other=3 BG-23.3/BT-116=40 BG-23.3/BT-118=E BG-25.3/BT-151=E", "" },
	{ "no base", "-BG-23.1/BT-116",
	  "BR-CO-17 BG-23.1/BT-116: an amount / absent\nBR-S-08 BG-23.1/BT-116: 115 / absent\nBR-S-09"
	  " BG-23.1/BT-117: 0 / 21.85" },
	{ "no tax", "-BG-23.3/BT-117",
	  "BR-CO-17 BG-23.3/BT-117: 0 / absent\nBR-Z-09 BG-23.3/BT-117: 0 / absent" },
	{ "a base that is no number", "BG-23.1/BT-116=x",
	  "AVAL-VALUE BG-23.1/BT-116: a decimal of at most 34 digits / x" },
	{ "a rate that is no number", "BG-23.3/BT-119=x",
	  "AVAL-VALUE BG-23.3/BT-119: a decimal of at most 34 digits / x" },
	{ "a charge that is no number", "BG-21.1/BT-99=x",
	  "AVAL-VALUE BG-21.1/BT-99: a decimal of at most 34 digits / x" },
	{ "an allowance that is no number", "BG-20.1/BT-92=x",
	  "AVAL-VALUE BG-20.1/BT-92: a decimal of at most 34 digits / x" },
	{ "the tax of a negative base",
	  "BG-25.1/BT-129=-10 BG-25.1/BT-131=-125 BT-106=42 BT-109=38 BG-23.1/BT-116=-135"
	  " BG-23.1/BT-117=-24.65 BT-110=-16.04 BT-112=21.96 BT-113=-278.04",
	  "BR-CO-17 BG-23.1/BT-117: -25.65 / -24.65\nBR-S-09 BG-23.1/BT-117: -25.65 / -24.65" },
	{ "negative base and tax",
	  "BG-25.1/BT-129=-10 BG-25.1/BT-131=-125 BT-106=42 BT-109=38 BG-23.1/BT-116=-135"
	  " BG-23.1/BT-117=-25.65 BT-110=-17.04 BT-112=20.96 BT-113=-279.04", "" },

	/* BR-CO-18 */
	{ "no breakdown", "-BG-23 BT-110=0 BT-112=288 BT-113=-12 totals=EUR:0:1:1",
	  "BR-CO-18 BG-23.1: a VAT breakdown / absent" },
	{ "no breakdown and no line, CII",
	  "cii -BG-23 -BG-25 BT-106=0 BT-109=-4 BT-110=0 BT-112=-4 BT-113=-304", "" },

	/* BR-x-08 */
	{ "base less than 1 off", "BG-23.1/BT-116=115.99", "" },
	{ "base less than 1 off, which CII does not let pass", "cii BG-23.1/BT-116=115.01",
	  "BR-S-08 BG-23.1/BT-116: 115 / 115.01" },
	{ "base 1 off", "BG-23.1/BT-116=116", "BR-S-08 BG-23.1/BT-116: 115 / 116" },
	{ "base 1 off, and as a double a little less",
	  "BG-23.2/BT-116=123.1 BG-25.2/BT-131=116.1 BG-25.2/BT-129=2.9775"
	  " BT-106=291.1 BT-109=287.1 BT-112=317.56 BT-113=17.56", "" },
	{ "UBL takes charges alone for a base",
	  "BG-23.2/BT-116=6.5 BG-23.2/BT-117=0.46 BT-110=22.31 BT-112=310.31"
	  " BT-113=10.31", "" },
	{ "UBL takes charges alone for a base, less than 1 off",
	  "BG-23.2/BT-116=7 BG-23.2/BT-117=0.46 BT-110=22.31"
	  " BT-112=310.31 BT-113=10.31", "BR-S-08 BG-23.2/BT-116: 123 / 7" },
	{ "base of no category's rate",
	  "BG-23.1/BT-119=18 BG-23.1/BT-117=20.7 BT-110=29.31 BT-112=317.31 BT-113=17.31",
	  "BR-S-08 BG-23.1/BT-116: 0 / 115" },
	{ "a rate is a number, not a text", "BG-23.1/BT-119=19.00", "" },
	{ "base of Z exact in UBL", "BG-23.3/BT-116=50.01", "BR-Z-08 BG-23.3/BT-116: 50 / 50.01" },
	{ "base of Z near in CII", "cii BG-23.3/BT-116=50.99", "" },
	{ "base of Z 1 off in CII", "cii BG-23.3/BT-116=51", "BR-Z-08 BG-23.3/BT-116: 50 / 51" },
	{ "base of O exact in CII", "cii BG-23.3/BT-118=O BG-25.3/BT-151=O BG-23.3/BT-116=50.01",
	  "BR-O-08 BG-23.3/BT-116: 50 / 50.01" },
	{ "reverse charge with tax",
	  "BG-23.3/BT-118=AE BG-25.3/BT-151=AE BG-23.3/BT-117=0.01 BT-110=30.47 BT-112=318.47"
	  " BT-113=18.47", "BR-AE-09 BG-23.3/BT-117: 0 / 0.01" },
	{ "reverse charge with another base", "cii BG-23.3/BT-118=AE BG-25.3/BT-151=AE BG-23.3/BT-116=48.99",
	  "BR-AE-08 BG-23.3/BT-116: 50 / 48.99" },
	{ "intra-community supply", "BG-23.3/BT-118=K BG-25.3/BT-151=K BG-23.3/BT-116=49",
	  "BR-IC-08 BG-23.3/BT-116: 50 / 49" },
	{ "export", "BG-23.3/BT-118=G BG-25.3/BT-151=G BG-23.3/BT-116=49", "BR-G-08 BG-23.3/BT-116: 50 / 49" },
	{ "exempt", "BG-23.3/BT-118=E BG-25.3/BT-151=E BG-23.3/BT-116=49", "BR-E-08 BG-23.3/BT-116: 50 / 49" },
	{ "Canary Islands", "BG-23.2/BT-118=L BG-25.2/BT-151=L BG-21.1/BT-102=L BG-23.2/BT-116=124",
	  "BR-AF-08 BG-23.2/BT-116: 123 / 124" },
	{ "Canary Islands, where CII asks nothing",
	  "cii BG-23.2/BT-118=L BG-25.2/BT-151=L BG-21.1/BT-102=L BG-23.2/BT-116=124",
	  "" },
	{ "Ceuta and Melilla",
	  "BG-23.2/BT-118=M BG-25.2/BT-151=M BG-21.1/BT-102=M BG-23.2/BT-117=9.61 BT-110=31.46"
	  " BT-112=319.46 BT-113=19.46",
	  "BR-CO-17 BG-23.2/BT-117: 8.61 / 9.61\nBR-AG-09 BG-23.2/BT-117: 8.61 / 9.61" },
	{ "Ceuta and Melilla with another base",
	  "BG-23.2/BT-118=M BG-25.2/BT-151=M BG-21.1/BT-102=M BG-23.2/BT-116=121.9",
	  "BR-AG-08 BG-23.2/BT-116: 123 / 121.9" },
	{ "a category that has no rule", "BG-23.3/BT-118=X BG-25.3/BT-151=X BG-23.3/BT-116=49", "" },
};

static void expect_findings(const struct check_case *k)
{
	static struct fixture f;
	char                  got[4096];
	aval_check           *check = NULL;
	aval_error            err = AVAL_ERROR_INIT;
	aval_status           status;

	fixture_init(&f, k->edits);
	status = aval_check_terms(&check, &f.input, NULL, &err);
	ck_assert_msg(status == AVAL_OK, "%s: %s (%s)", k->name, aval_status_name(status), err.reason);
	fixture_findings(got, sizeof got, check);
	ck_assert_msg(strcmp(got, k->findings) == 0, "%s:\ngot\n%s\nwant\n%s", k->name, got, k->findings);
	aval_check_free(check);
}

START_TEST(sums)
{
	expect_findings(&cases[_i]);
}
END_TEST

static const struct check_case finance_cases[] = {
	{ "not overdue on the day", "today=2031-03-31", "" },
	{ "overdue the day after", "today=2031-04-01", "~AVAL-OVERDUE BT-9: 2031-04-01 / 2031-03-31" },
	{ "terms alone are never overdue", "today=2031-04-01 -BT-9", "" },
	{ "terms alone", "-BT-9", "" },
	{ "a due date alone", "-BT-20", "" },
	{ "neither", "-BT-9 -BT-20", "AVAL-DUE BT-9: a due date (BT-9) or payment terms (BT-20) / absent" },
	{ "blank terms", "-BT-9 BT-20=_",
	  "AVAL-DUE BT-9: a due date (BT-9) or payment terms (BT-20) / absent" },
	{ "due before it is issued", "BT-9=2031-02-28", "~AVAL-DUE-EARLY BT-9: 2031-03-01 / 2031-02-28" },
	{ "due when it is issued", "BT-9=2031-03-01", "" },
	{ "a due date that is none", "BT-9=2031-02-29", "AVAL-VALUE BT-9: a calendar date / 2031-02-29" },
	{ "one cent due", "BT-113=318.45 BT-115=0.01", "" },
	{ "nothing due", "BT-113=318.46 BT-115=0", "AVAL-PAYABLE BT-115: above 0 / 0" },
	{ "less than nothing due", "BT-113=318.47 BT-115=-0.01", "AVAL-PAYABLE BT-115: above 0 / -0.01" },
	{ "number missing", "-BT-1", "AVAL-TERM-MISSING BT-1: a value / absent" },
	{ "date of issue missing", "-BT-2", "AVAL-TERM-MISSING BT-2: a value / absent" },
	{ "type missing", "-BT-3", "AVAL-TERM-MISSING BT-3: a value / absent" },
	{ "seller missing", "-BT-27", "AVAL-TERM-MISSING BT-27: a value / absent" },
	{ "buyer blank", "BT-44=__", "AVAL-TERM-MISSING BT-44: a value /   " },
	{ "amount due missing", "-BT-115",
	  "BR-CO-16 BT-115: 300 / absent\nAVAL-TERM-MISSING BT-115: a value / absent" },
	{ "two amounts due", "again:BT-115=5", "AVAL-TERM-REPEATED BT-115: one value / 5" },
	{ "two amounts due, of which one is not listed", "twice:BT-115",
	  "AVAL-TERM-REPEATED BT-115: one value / " },
	{ "two taxes in one breakdown", "again:BG-23.1/BT-117=1",
	  "AVAL-TERM-REPEATED BG-23.1/BT-117: one value / 1" },
	{ "three amounts due", "again:BT-115=5 again:BT-115=6",
	  "AVAL-TERM-REPEATED BT-115: one value / 5\nAVAL-TERM-REPEATED BT-115: one value / 6" },
	{ "two due dates", "again:BT-9=2031-04-30", "AVAL-TERM-REPEATED BT-9: one value / 2031-04-30" },
	{ "two of what no rule reads", "again:BT-10=X again:BG-25.1/BT-147=1 again:BT-20=X", "" },
	{ "two base quantities of a price", "BG-25.1/BT-149=100 again:BG-25.1/BT-149=1",
	  "AVAL-TERM-REPEATED BG-25.1/BT-149: one value / 1" },
	{ "two base quantities of another line's price", "BG-25.1/BT-149=100 again:BG-25.2/BT-149=1",
	  "AVAL-TERM-REPEATED BG-25.2/BT-149: one value / 1\nAVAL-LINE-NET BG-25.1/BT-131: 1.25 / 125" },
	{ "a credit note by its root", "cn BT-3=381", "AVAL-CREDIT-NOTE BT-3: an invoice / 381" },
	{ "a credit note by its type", "cii BT-3=381", "AVAL-CREDIT-NOTE BT-3: an invoice / 381" },
	{ "a factored credit note", "BT-3=396", "AVAL-CREDIT-NOTE BT-3: an invoice / 396" },
	{ "a corrected invoice", "BT-3=384", "" },
	{ "a self-billed invoice", "BT-3=389", "" },
	{ "a factored invoice", "BT-3=393", "~AVAL-FACTORED BT-3: an invoice that is not assigned yet / 393" },
	{ "a pro forma invoice", "BT-3=325",
	  "AVAL-TYPE BT-3: the type code of an invoice that makes a claim / 325" },
	{ "an order", "BT-3=220", "AVAL-TYPE BT-3: the type code of an invoice that makes a claim / 220" },
	{ "part of a type code", "BT-3=38",
	  "AVAL-TYPE BT-3: the type code of an invoice that makes a claim / 38" },
	{ "two type codes in one", "BT-3=380_381",
	  "AVAL-TYPE BT-3: the type code of an invoice that makes a claim / 380 381" },
	{ "gold", "BT-5=XAU", "AVAL-CURRENCY BT-5: a currency of ISO 4217 with minor units / XAU" },
	{ "a currency that was", "BT-5=DEM",
	  "AVAL-CURRENCY BT-5: a currency of ISO 4217 with minor units / DEM" },
	{ "yen have no cents", "BT-5=JPY",
	  "~AVAL-TOTALS-UNIT BT-110: a whole number / 30.46\n~AVAL-TOTALS-UNIT BT-112: a whole number /"
	  " 318.46\n"
	  "~AVAL-TOTALS-UNIT BT-113: a whole number / 18.46" },
	{ "an amount due in parts of a yen", "BT-5=JPY BT-113=18.96 BT-115=299.5",
	  "~AVAL-TOTALS-UNIT BT-110: a whole number / 30.46\n~AVAL-TOTALS-UNIT BT-112: a whole number /"
	  " 318.46\n"
	  "~AVAL-TOTALS-UNIT BT-113: a whole number / 18.96\nAVAL-PAYABLE-UNIT BT-115: a whole number /"
	  " 299.5" },
	{ "an amount due in cents and tenths", "cii BT-113=18.461 BT-115=299.999",
	  "~AVAL-TOTALS-UNIT BT-113: at most 2 digits after the point / 18.461\n"
	  "AVAL-PAYABLE-UNIT BT-115: at most 2 digits after the point / 299.999" },
	{ "rials have thousandths", "cii BT-5=OMR BT-113=18.461 BT-115=299.999", "" },
	{ "and no more", "cii BT-5=OMR BT-113=18.4601 BT-115=299.9999",
	  "~AVAL-TOTALS-UNIT BT-113: at most 3 digits after the point / 18.4601\n"
	  "AVAL-PAYABLE-UNIT BT-115: at most 3 digits after the point / 299.9999" },
	{ "the highest amount due", "-BT-113 BT-114=92233720368547439.61 BT-115=92233720368547758.07", "" },
	{ "a cent more", "-BT-113 BT-114=92233720368547439.62 BT-115=92233720368547758.08",
	  "AVAL-PAYABLE-UNIT BT-115: at most 9223372036854775807 minor units / 92233720368547758.08" },
	{ "an amount of a line names another", "BG-25.3/BT-131@currency=USD",
	  "AVAL-CURRENCY-MIXED BG-25.3/BT-131: EUR / USD" },
	{ "an amount with elements in it", "doubt:BT-115",
	  "AVAL-VALUE BT-115: a decimal of at most 34 digits / 300" },
	{ "an amount with elements in it and in another currency", "BT-115@currency=USD doubt:BT-115",
	  "AVAL-CURRENCY-MIXED BT-115: EUR / USD\nAVAL-VALUE BT-115: a decimal of at most 34 digits / 300" },
	{ "the first term in doubt", "doubt:BG-20.1/BT-92",
	  "AVAL-VALUE BG-20.1/BT-92: a decimal of at most 34 digits / 10" },
	{ "many in doubt", "doubt:BT-1 doubt:BT-2 doubt:BG-25.1/BT-129 doubt:BG-25.3/BT-131 doubt:BG-21.1/BT-99"
	  " BG-25.1/BT-149=100 again:BG-25.1/BT-149=1",
	  "AVAL-VALUE BG-21.1/BT-99: a decimal of at most 34 digits / 6\n"
	  "AVAL-VALUE BG-25.1/BT-129: a decimal of at most 34 digits / 10\n"
	  "AVAL-VALUE BG-25.3/BT-131: a decimal of at most 34 digits / 50\n"
	  "AVAL-VALUE BT-1: a value of the term's form / RE-2031\nAVAL-VALUE BT-2: a calendar date /"
	  " 2031-03-01\n"
	  "AVAL-TERM-REPEATED BG-25.1/BT-149: one value / 1" },
	{ "a text in doubt", "doubt:BT-1", "AVAL-VALUE BT-1: a value of the term's form / RE-2031" },
	{ "a number in doubt that is none", "doubt:BT-112 BT-112=x",
	  "AVAL-VALUE BT-112: a decimal of at most 34 digits / x" },
	{ "the amount due names another", "BT-115@currency=USD", "AVAL-CURRENCY-MIXED BT-115: EUR / USD" },
	{ "an amount that is no number", "BT-112=318,46",
	  "AVAL-VALUE BT-112: a decimal of at most 34 digits / 318,46" },
	{ "an amount of 35 digits", "BT-112=10000000000000000000000000000000000",
	  "AVAL-VALUE BT-112: a decimal of at most 34 digits / 10000000000000000000000000000000000" },
	{ "an empty amount", "BT-112=", "AVAL-VALUE BT-112: a decimal of at most 34 digits / " },
	{ "a line's amount that is no number", "BG-25.3/BT-131=x",
	  "AVAL-VALUE BG-25.3/BT-131: a decimal of at most 34 digits / x" },
	{ "a sum of more than 34 digits", "BG-25.3/BT-131=9999999999999999999999999999999999 -BG-25.3/BT-129",
	  "BR-CO-10 BT-106: a sum of at most 34 digits / 292\nBR-Z-08 BG-23.3/BT-116:"
	  " 9999999999999999999999999999999999 / 50" },
	{ "the seller is paid", "BT-59=Example_GmbH", "" },
	{ "somebody else is paid", "BT-59=Example_Factoring_SA",
	  "~AVAL-PAYEE BT-59: Example GmbH / Example Factoring SA" },

	/* AVAL-LINE-NET */
	{ "two cents off", "BG-25.1/BT-146=12.502", "" },
	{ "more than two cents off", "BG-25.1/BT-146=12.503", "AVAL-LINE-NET BG-25.1/BT-131: 125.03 / 125" },
	{ "two cents off, below", "BG-25.1/BT-146=12.498", "" },
	{ "more than two cents off, below", "BG-25.1/BT-146=12.497",
	  "AVAL-LINE-NET BG-25.1/BT-131: 124.97 / 125" },
	{ "price per hundred", "BG-25.1/BT-149=100 BG-25.1/BT-146=1250", "" },
	{ "price per a third", "BG-25.1/BT-149=3 BG-25.1/BT-146=37.5", "" },
	{ "price per nothing", "BG-25.1/BT-149=0",
	  "AVAL-LINE-NET BG-25.1/BT-149: a base quantity above 0 / 0" },
	{ "the line's allowance counts", "-BG-25.2/BG-27.1", "AVAL-LINE-NET BG-25.2/BT-131: 122 / 117" },
	{ "the line's charge counts", "-BG-25.2/BG-28.1", "AVAL-LINE-NET BG-25.2/BT-131: 115 / 117" },
	{ "allowances add up", "BG-25.2/BG-27.2/BT-136=1 BG-25.2/BG-27.1/BT-136=4", "" },
	{ "negative quantity", "BG-25.1/BT-129=-10",  "AVAL-LINE-NET BG-25.1/BT-131: -125 / 125" },
	{ "no quantity, nothing to compare", "-BG-25.1/BT-129", "" },
	{ "quantity times price of more than 34 digits",
	  "BG-25.1/BT-129=99999999999999999999 BG-25.1/BT-146=99999999999999999999",
	  "AVAL-LINE-NET BG-25.1/BT-131: an amount of at most 34 digits / 125" },
};

#define NINES "9999999999999999999999999999999999" /* 34 of them */
#define HALF  "5000000000000000000000000000000000" /* twice this has 35 digits */

#define LONG_SUM    "a sum of at most 34 digits / "
#define LONG_AMOUNT "an amount of at most 34 digits / "

/* What has more than 34 digits on the way is no verdict in the invoice's favour. */
static const struct check_case overflow_cases[] = {
	{ "net amounts and charges", "BT-106=" HALF " BT-107=0 BT-108=" HALF,
	  "BR-CO-10 BT-106: 292 / " HALF "\nBR-CO-11 BT-107: 10 / 0\nBR-CO-12 BT-108: 6 / " HALF
	  "\nBR-CO-13 BT-109: " LONG_SUM "288" },
	{ "a rounding amount on top of the total", "BT-112=" NINES " -BT-113 BT-114=1",
	  "BR-CO-15 BT-112: 318.46 / " NINES "\nBR-CO-16 BT-115: " LONG_SUM "300" },
	{ "total without VAT and VAT", "BT-109=" HALF " BT-110=" HALF,
	  "BR-CO-13 BT-109: 288 / " HALF "\nBR-CO-14 BT-110: 30.46 / " HALF "\nBR-CO-15 BT-112: " LONG_SUM
	  "318.46" },
	{ "taxes of the breakdown", "BG-23.1/BT-117=" HALF " BG-23.2/BT-117=" HALF,
	  "BR-CO-14 BT-110: " LONG_SUM "30.46\nBR-CO-17 BG-23.1/BT-117: 21.85 / " HALF
	  "\nBR-CO-17 BG-23.2/BT-117: 8.61 / " HALF "\nBR-S-09 BG-23.1/BT-117: 21.85 / " HALF
	  "\nBR-S-09 BG-23.2/BT-117: 8.61 / " HALF },
	{ "base times rate", "BG-23.1/BT-116=" NINES " BG-23.1/BT-119=19.123",
	  "BR-CO-17 BG-23.1/BT-117: " LONG_AMOUNT "21.85\nBR-S-08 BG-23.1/BT-116: 0 / " NINES
	  "\nBR-S-09 BG-23.1/BT-117: " LONG_AMOUNT "21.85" },
	{ "a rate of 34 digits", "BG-23.1/BT-119=0." NINES,
	  "BR-CO-17 BG-23.1/BT-117: " LONG_AMOUNT "21.85\nBR-S-08 BG-23.1/BT-116: 0 / 115"
	  "\nBR-S-09 BG-23.1/BT-117: " LONG_AMOUNT "21.85" },
	{ "base times rate as doubles", "cii BG-23.1/BT-116=" NINES " BG-23.1/BT-119=1000",
	  "BR-CO-17 BG-23.1/BT-117: " LONG_AMOUNT "21.85\nBR-S-08 BG-23.1/BT-116: 0 / " NINES
	  "\nBR-S-09 BG-23.1/BT-117: " LONG_AMOUNT "21.85" },
	{ "lines and charges of one rate", "BG-25.2/BT-131=" HALF " BG-21.1/BT-99=" HALF " -BG-25.2/BT-129",
	  "BR-CO-10 BT-106: 5000000000000000000000000000000175 / 292\nBR-CO-12 BT-108: " HALF " / 6"
	  "\nBR-S-08 BG-23.2/BT-116: " LONG_AMOUNT "123" },
	{ "a tax and the tolerance", "BG-23.1/BT-117=" NINES,
	  "BR-CO-14 BT-110: " LONG_SUM "30.46\nBR-CO-17 BG-23.1/BT-117: 21.85 / " NINES
	  "\nBR-S-09 BG-23.1/BT-117: 21.85 / " NINES },
	{ "lines as doubles", "cii BG-25.3/BT-131=" NINES " -BG-25.3/BT-129",
	  "BR-CO-10 BT-106: " LONG_SUM "292\nBR-Z-08 BG-23.3/BT-116: " NINES " / 50" },
	{ "a tax that is no number", "BG-23.1/BT-117=x",
	  "AVAL-VALUE BG-23.1/BT-117: a decimal of at most 34 digits / x" },
};

START_TEST(overflow)
{
	expect_findings(&overflow_cases[_i]);
}
END_TEST

START_TEST(financing)
{
	expect_findings(&finance_cases[_i]);
}
END_TEST

/* Rounded to whole yen before comparing, and two yen of slack. */
static const struct check_case yen_cases[] = {
	{ "two yen off",
	  "BT-5=JPY -BG-25 -BG-23 -BG-20 -BG-21 -BT-107 -BT-108 -BT-113 BT-106=100 BT-109=100 BT-110=0"
	  " BT-112=100"
	  " BT-115=100 BG-23.1/BT-116=100 BG-23.1/BT-117=0 BG-23.1/BT-118=E BG-25.1/BT-131=100 BG-25.1/BT-151=E"
	  " BG-25.1/BT-129=1 BG-25.1/BT-146=102.49", "" },
	{ "half a yen more",
	  "BT-5=JPY -BG-25 -BG-23 -BG-20 -BG-21 -BT-107 -BT-108 -BT-113 BT-106=100 BT-109=100 BT-110=0"
	  " BT-112=100 BT-115=100 BG-23.1/BT-116=100 BG-23.1/BT-117=0 BG-23.1/BT-118=E BG-25.1/BT-131=100"
	  " BG-25.1/BT-151=E"
	  " BG-25.1/BT-129=1 BG-25.1/BT-146=102.5", "AVAL-LINE-NET BG-25.1/BT-131: 103 / 100" },
};

START_TEST(yen)
{
	expect_findings(&yen_cases[_i]);
}
END_TEST

/* Rounded to cents, and half a forint of slack. */
static const struct check_case forint_cases[] = {
	{ "half a forint off", "BT-5=HUF BG-25.1/BT-146=12.55", "" },
	{ "half a forint off, below", "BT-5=HUF BG-25.1/BT-146=12.45", "" },
	{ "more than half a forint off", "BT-5=HUF BG-25.1/BT-146=12.551",
	  "AVAL-LINE-NET BG-25.1/BT-131: 125.51 / 125" },
};

START_TEST(forints)
{
	expect_findings(&forint_cases[_i]);
}
END_TEST

/* Every rule that the table names is violated by a case above, and every finding says what its rule says. */
static size_t count_rule(const char *name, const struct check_case *k, size_t count)
{
	char   with_blank[32];
	size_t found = 0;

	snprintf(with_blank, sizeof with_blank, "%s ", name);
	for (size_t i = 0; i < count; i++)
		found += strstr(k[i].findings, with_blank) != NULL;
	return found;
}

enum {
	CASES = sizeof cases / sizeof cases[0],
	FINANCE_CASES = sizeof finance_cases / sizeof finance_cases[0]
};

START_TEST(rules_have_cases)
{
	size_t           count;
	const aval_rule *rules = aval_check_rules(&count);

	ck_assert_uint_ge(count, 40);
	for (size_t i = 0; i < count; i++) {
		/* A category without VAT is one row of code like the others of its kind. */
		bool is_like_z = strncmp(rules[i].name, "BR-", 3) == 0 && strstr(rules[i].name, "-09") != NULL;

		ck_assert_msg(is_like_z || count_rule(rules[i].name, cases, CASES) > 0 ||
		              count_rule(rules[i].name, finance_cases, FINANCE_CASES) > 0,
		              "%s: no case", rules[i].name);
		ck_assert_uint_gt(strlen(rules[i].text), 10);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(rules[i].name, rules[j].name);
	}
	ck_assert_str_eq(aval_check_rule_set(), "EN16931-1.3.16+aval-1");
}
END_TEST

START_TEST(findings_carry_their_rule)
{
	static struct fixture f;
	aval_check           *check = NULL;
	const aval_finding   *finding;

	fixture_init(&f, "BT-115=300.01 today=2031-04-01");
	ck_assert_int_eq(aval_check_terms(&check, &f.input, NULL, NULL), AVAL_OK);
	ck_assert(!aval_check_is_valid(check));
	ck_assert_uint_eq(aval_check_finding_count(check), 2);
	finding = aval_check_findings(check);
	ck_assert(aval_text_equal_z(finding[0].terms, "BT-115 BT-112 BT-113 BT-114"));
	ck_assert(aval_text_equal_z(finding[0].text,
	                            "the amount due is the total with VAT less the paid amount plus the"
	  " rounding"));
	ck_assert_int_eq(finding[0].severity, AVAL_SEVERITY_ERROR);
	ck_assert_int_eq(finding[1].severity, AVAL_SEVERITY_WARNING);
	aval_check_free(check);
	fixture_init(&f, "today=2031-04-01");
	ck_assert_int_eq(aval_check_terms(&check, &f.input, NULL, NULL), AVAL_OK);
	ck_assert(aval_check_is_valid(check));
	aval_check_free(check);
	aval_check_free(NULL);
}
END_TEST

/* A finding quotes no more than AVAL_FOUND_LEN bytes, and whole characters. */
START_TEST(long_values_are_cut)
{
	static struct fixture f;
	char                  long_name[AVAL_FOUND_LEN + 10];
	aval_check           *check = NULL;
	aval_text             found;

	memset(long_name, 'x', sizeof long_name);
	memcpy(long_name + AVAL_FOUND_LEN - 1, "\xC3\xA4", 2);
	fixture_init(&f, "BT-59=X");
	fixture_find(&f, aval_text_z("BT-59"))->value = (aval_text){ long_name, sizeof long_name };
	ck_assert_int_eq(aval_check_terms(&check, &f.input, NULL, NULL), AVAL_OK);
	found = aval_check_findings(check)[0].found;
	ck_assert_uint_eq(found.len, AVAL_FOUND_LEN - 1);
	ck_assert_int_eq(found.data[found.len - 1], 'x');
	aval_check_free(check);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("check");
	TCase   *tcase = tcase_create("check");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, sums, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tcase, financing, 0, sizeof finance_cases / sizeof finance_cases[0]);
	tcase_add_loop_test(tcase, overflow, 0, sizeof overflow_cases / sizeof overflow_cases[0]);
	tcase_add_loop_test(tcase, yen, 0, sizeof yen_cases / sizeof yen_cases[0]);
	tcase_add_loop_test(tcase, forints, 0, sizeof forint_cases / sizeof forint_cases[0]);
	tcase_add_test(tcase, rules_have_cases);
	tcase_add_test(tcase, findings_carry_their_rule);
	tcase_add_test(tcase, long_values_are_cut);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
