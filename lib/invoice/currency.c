/* SPDX-License-Identifier: Apache-2.0 */
/* ISO 4217: the active codes, by the digits of their minor units. */
#include <aval/currency.h>

#include "base/base.h"

static const struct {
	int         exponent; /* below 0: no minor unit */
	const char *codes;
} currencies[] = {
	{ 2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
	  "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
	  "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
	  "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
	  "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
	  "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG" },
	{ 0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF" },
	{ 3, "BHD IQD JOD KWD LYD OMR TND" },
	{ 4, "CLF UYW" },
	{ -1, "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX" },
};

static bool lists(const char *codes, const char *code)
{
	for (size_t i = 0, len = strlen(codes); i < len; i += AVAL_CURRENCY_LEN + 1)
		if (memcmp(codes + i, code, AVAL_CURRENCY_LEN) == 0)
			return true;
	return false;
}

static aval_status refuse(aval_error *err, const char *reason)
{
	return aval_fail(err, AVAL_E_INVOICE_CURRENCY, "currency", reason);
}

aval_status aval_currency_exponent(unsigned *exponent_out, const char *code, size_t len, aval_error *err)
{
	if (len != AVAL_CURRENCY_LEN)
		return refuse(err, "a currency code has three letters");
	for (size_t i = 0; i < sizeof currencies / sizeof currencies[0]; i++) {
		if (!lists(currencies[i].codes, code))
			continue;
		if (currencies[i].exponent < 0)
			return refuse(err, "the currency has no minor unit");
		if (exponent_out != NULL)
			*exponent_out = (unsigned)currencies[i].exponent;
		return AVAL_OK;
	}
	return refuse(err, "not an active code of ISO 4217");
}
