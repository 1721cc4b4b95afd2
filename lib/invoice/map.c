/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in the term map: the child of a node by one hash, namespaces, subject codes. */
#include <string.h>

#include "invoice/map.h"

/* As hash_edge() of make_map.py, which made the table. */
static uint32_t edge_hash(uint32_t parent, uint32_t ns, const char *local, size_t len)
{
	const unsigned char *b = (const unsigned char *)local;
	uint32_t             h = parent * 0x9E3779B1u + ns * 0x85EBCA6Bu + (uint32_t)len * 0xC2B2AE35u;

	h += b[0] * 0x27D4EB2Fu + b[len / 4] * 0x165667B1u + b[len / 2] * 0x988EF76Fu;
	h += b[len - len / 4 - 1] * 0xD3A2646Du + b[len - 1] * 0xFD7046C5u;
	h ^= h >> 15;
	return (h * 0x2C1B3C6Du) >> (32 - AVAL_MAP_EDGE_BITS);
}

uint16_t aval_map_child(uint16_t parent, unsigned ns, const char *local, size_t len)
{
	uint32_t at;

	if (ns == AVAL_NS_OTHER || len == 0)
		return 0;
	at = edge_hash(parent, ns, local, len);
	for (uint16_t id; (id = aval_map_edges[at]) != 0; at = (at + 1) % (1u << AVAL_MAP_EDGE_BITS)) {
		const aval_map_name *name = &aval_map_names[aval_map_nodes[id].name];

		if (aval_map_nodes[id].parent == parent && name->ns == ns && name->len == len &&
		    memcmp(name->text, local, len) == 0)
			return id;
	}
	return 0;
}

#define UBL "urn:oasis:names:specification:ubl:schema:xsd:"
#define CII "urn:un:unece:uncefact:data:standard:"

static const struct {
	const char *uri;
	size_t      len;
	const char *prefix;
} namespaces[] = {
#define ROW(uri, prefix) { uri, sizeof(uri) - 1, prefix }
	[AVAL_NS_UBL]       = ROW(UBL "Invoice-2", "ubl"),
	[AVAL_NS_CN]        = ROW(UBL "CreditNote-2", "cn"),
	[AVAL_NS_CAC]       = ROW(UBL "CommonAggregateComponents-2", "cac"),
	[AVAL_NS_CBC]       = ROW(UBL "CommonBasicComponents-2", "cbc"),
	[AVAL_NS_RSM]       = ROW(CII "CrossIndustryInvoice:100", "rsm"),
	[AVAL_NS_RAM]       = ROW(CII "ReusableAggregateBusinessInformationEntity:100", "ram"),
	[AVAL_NS_UDT]       = ROW(CII "UnqualifiedDataType:100", "udt"),
	[AVAL_NS_QDT]       = ROW(CII "QualifiedDataType:100", "qdt"),
	[AVAL_NS_ATTRIBUTE] = ROW("", "@"),
	/* Not in the map, but with a prefix that everybody knows. */
	ROW(UBL "CommonExtensionComponents-2", "ext"),
	ROW("http://www.w3.org/2001/XMLSchema-instance", "xsi"),
	ROW("http://www.w3.org/XML/1998/namespace", "xml"),
#undef ROW
};

static size_t find_namespace(const char *uri, size_t len, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (namespaces[i].len == len && i != AVAL_NS_ATTRIBUTE && memcmp(namespaces[i].uri, uri, len) == 0)
			return i;
	return 0;
}

unsigned aval_map_namespace(const char *uri, size_t len)
{
	return (unsigned)find_namespace(uri, len, AVAL_NS_ATTRIBUTE);
}

const char *aval_map_prefix(const char *uri, size_t len)
{
	return namespaces[find_namespace(uri, len, sizeof namespaces / sizeof *namespaces)].prefix;
}

const char *aval_map_prefix_of(unsigned ns)
{
	return namespaces[ns].prefix;
}

/*
 * UNTDID 4451 as far as EN 16931 allows it for BT-21: whole runs of the last
 * letter where the list has them, the rest one by one.
 */
static const struct {
	char prefix[3];
	char first, last;
} subject_runs[] = {
	{ "AA", 'A', 'G' }, { "AA", 'I', 'Z' }, { "AB", 'A', 'X' }, { "AB", 'Z', 'Z' }, { "AC", 'A', 'Z' }, { "AD", 'A', 'Z' },
	{ "AE", 'A', 'Z' }, { "AF", 'A', 'Z' }, { "AG", 'A', 'Z' }, { "AH", 'A', 'Z' }, { "AI", 'A', 'Z' },
	{ "AJ", 'A', 'B' }, { "AL", 'C', 'Q' }, { "AR", 'R', 'S' }, { "AU", 'T', 'Z' }, { "AV", 'A', 'F' },
	{ "BA", 'G', 'Q' }, { "BL", 'C', 'Z' }, { "BM", 'A', 'E' },
};

static const char subject_codes[] =
	"CCICEXCHGCIPCLPCLRCOICURCUSDARDCLDELDINDOCDUTEURFBCGBLGENGS7HANHAZICNIINIMIINDINSINVIRPITRITSLANLINLOIMCO"
	"MDHMKSORIOSIPACPAIPAYPKGPKTPMDPMTPRDPRFPRIPURQINQQDQUTRAHREGRETREVRQRSAFSICSINSLRSPASPGSPHSPPSPTSRNSSRSUR"
	"TCATDTTRATRRTXDWHIZZZ";

bool aval_map_is_subject_code(const char code[3])
{
	for (size_t i = 0; i < sizeof subject_runs / sizeof *subject_runs; i++)
		if (memcmp(code, subject_runs[i].prefix, 2) == 0)
			if (code[2] >= subject_runs[i].first && code[2] <= subject_runs[i].last)
				return true;
	for (size_t i = 0; i + 3 < sizeof subject_codes; i += 3)
		if (memcmp(code, subject_codes + i, 3) == 0)
			return true;
	return false;
}
