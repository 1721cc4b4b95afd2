/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of commands. The help is printed from it; a test holds the man pages
 * and the completion against it.
 */
#include "tool.h"

#define JSON { "json", NULL, "Answer with one JSON object on standard output", TOOL_OPTIONAL }
#define KEY  { "key", "KEY", "Key to sign with: a key file, or a PKCS#11 URI", TOOL_REQUIRED }
#define KEY_OR_GROUP \
	{ "key", "KEY", "Key to sign with: a key file, a PKCS#11 URI, or a group, whose session is then begun in --out", \
	  TOOL_REQUIRED }
#define OUT  { "out", "FILE", "File to write; it must not exist", TOOL_REQUIRED }
#define END  { NULL, NULL, NULL, TOOL_OPTIONAL }
#define NOTE { "note", "ID", "Note concerned; needed where several are live", TOOL_OPTIONAL }
#define MANDATE \
	{ "mandate", "FILE", "Mandate by which the key signs for a party, or the revocation of one, to be put into the bundle", \
	  TOOL_REPEATED }
#define CERTIFICATES \
	{ "certificates", "FILE", "Certificates, in PEM or DER, of a mandate's signer or of the key, with their issuers, to be " \
	  "put into the bundle", TOOL_REPEATED }
/* What every command that signs over an existing token takes. */
#define SIGN \
	KEY_OR_GROUP, OUT, MANDATE, CERTIFICATES, \
	{ "invoice", "FILE", "Compare the token with this invoice before signing", TOOL_OPTIONAL }, \
	{ "seed", "FILE", "Seed with which the invoice was committed to", TOOL_OPTIONAL }, \
	{ "with-source", NULL, "Put the invoice's file into the bundle: it shows every term", TOOL_OPTIONAL }, JSON
#define REGISTER_BY \
	{ "register-by", "TIME", "Last time at which the event may be registered; 30 days from now if not given", TOOL_OPTIONAL }
/* And what each that makes an event takes. */
#define EVENT REGISTER_BY, SIGN

static const struct tool_option key_new_options[] = {
	OUT,
	{ "alg", "ALG", "es256k (ECDSA on secp256k1, the default), schnorr (BIP340) or esp256 (ECDSA on P-256)",
	  TOOL_OPTIONAL },
	JSON, END
};

static const struct tool_option json_options[] = { JSON, END };

static const struct tool_option check_options[] = {
	{ "at", "TIME", "Time by which an invoice is overdue; now if not given", TOOL_OPTIONAL }, JSON, END
};

static const struct tool_option issue_options[] = {
	KEY,
	{ "debtor", "PARTY", "Party id of the buyer, who shall pay", TOOL_REQUIRED },
	{ "registry", "ORIGIN", "Registry that shall order the token's events", TOOL_REQUIRED },
	{ "seed", "FILE", "Secret seed of the commitment; made if it is not there. Keep it: nothing can be disclosed "
	  "without it", TOOL_REQUIRED },
	OUT,
	{ "amount", "AMOUNT", "Face in units of the currency; the amount due if not given", TOOL_OPTIONAL },
	{ "due", "DATE", "Due date, where the invoice has none", TOOL_OPTIONAL },
	{ "supplier", "PARTY", "Party id of the seller; the key's own id if not given", TOOL_OPTIONAL },
	{ "by-debtor", NULL, "Reverse factoring: the key is the debtor's, who issues in place of the supplier",
	  TOOL_OPTIONAL },
	{ "policy", "FILE", "Rules of the token: a JSON object with effectiveness, grace_days, arbiter, authority",
	  TOOL_OPTIONAL },
	{ "predecessor", "ID", "Void token that this one replaces", TOOL_OPTIONAL },
	{ "terms", "PATHS", "Terms to disclose at once, with commas between them", TOOL_OPTIONAL },
	REGISTER_BY,
	{ "with-source", NULL, "Put the invoice's file into the bundle: it shows every term", TOOL_OPTIONAL },
	MANDATE, CERTIFICATES, JSON, END
};

static const struct tool_option accept_options[] = {
	{ "amount", "AMOUNT", "Accept the low end of this amount only; the others concerned must sign too",
	  TOOL_OPTIONAL },
	{ "no-consent", NULL, "Do not consent to assignments", TOOL_OPTIONAL },
	{ "keep-defences", NULL, "Do not waive defences against later holders", TOOL_OPTIONAL },
	EVENT, END
};

static const struct tool_option reject_options[] = {
	{ "reason", "TEXT", "Why", TOOL_OPTIONAL }, EVENT, END
};

static const struct tool_option event_options[] = { EVENT, END };

static const struct tool_option sign_options[] = {
	{ "party", "PARTY", "Party to sign for, where it is not the key's own id", TOOL_OPTIONAL }, SIGN, END
};

static const struct tool_option sign_batch_options[] = {
	KEY,
	{ "out", "DIR", "Folder to write to, each file under its own name; none of them may be there", TOOL_REQUIRED },
	MANDATE, CERTIFICATES,
	{ "party", "PARTY", "Party to sign for, where it is not the key's own id", TOOL_OPTIONAL },
	{ "role", "ROLE", "Sign in this role alone; in each that waits for the party if not given", TOOL_OPTIONAL },
	JSON, END
};

static const struct tool_option assign_options[] = {
	{ "to", "PARTY", "Party id of the new holder", TOOL_REQUIRED },
	{ "recourse", "RECOURSE", "none, full, or the highest AMOUNT for which the present holder stands in",
	  TOOL_REQUIRED },
	{ "amount", "AMOUNT", "Assign the low end of this amount; all of it if not given", TOOL_OPTIONAL },
	NOTE, EVENT, END
};

static const struct tool_option split_options[] = {
	{ "at", "AMOUNT", "Amount of the lower part", TOOL_REQUIRED }, NOTE, EVENT, END
};

static const struct tool_option merge_options[] = {
	{ "note", "ID", "Notes to merge, two or more", TOOL_REQUIRED | TOOL_REPEATED }, EVENT, END
};

static const struct tool_option disclose_options[] = {
	{ "invoice", "FILE", "The token's invoice", TOOL_REQUIRED },
	{ "seed", "FILE", "Seed with which the invoice was committed to", TOOL_REQUIRED },
	{ "terms", "PATHS", "Terms to show, with commas between them; one that the invoice lacks is proven absent",
	  TOOL_REQUIRED },
	OUT,
	{ "with-source", NULL, "Put the invoice's file into the bundle: it shows every term", TOOL_OPTIONAL },
	JSON, END
};

static const struct tool_option verify_options[] = {
	{ "policy", "FILE", "Policy: a JSON object with trust, crl, crl-mode, registry-key, without, attested", TOOL_OPTIONAL },
	{ "trust", "WHOM", "key:ID; key:ID=PARTY to say which party the key is; FILE for certificates that are trust anchors; "
	  "SCHEME=FILE or SCHEME=key:ID for whoever endorses the parties of a scheme", TOOL_REPEATED },
	{ "crl", "FILE", "Revocation lists, in PEM or DER", TOOL_REPEATED },
	{ "crl-mode", "MODE", "required (the default), if-present or ignored", TOOL_OPTIONAL },
	{ "registry-key", "VKEY", "Verifier key of a registry", TOOL_REPEATED },
	{ "without", "CHECKS", "Checks to do without, with commas between them", TOOL_REPEATED },
	{ "attested", "CHECKS", "Checks for which the word of somebody trusted is enough", TOOL_REPEATED },
	{ "at", "TIME", "Time at which to judge; now if not given", TOOL_OPTIONAL },
	JSON, END
};

#define CERTIFICATE \
	{ "certificate", "FILE", "Sign as this certificate, in PEM or DER, whose key --key is", TOOL_OPTIONAL }

#define MANDATE_KEY \
	{ "key", "KEY", "Key of the party, of an endorser or of --certificate: a key file, or a PKCS#11 URI", TOOL_REQUIRED }

static const struct tool_option mandate_new_options[] = {
	MANDATE_KEY,
	{ "registry", "ORIGIN", "Registry for whose events the mandate holds; needed without --replaces", TOOL_OPTIONAL },
	{ "types", "TYPES", "Types of events that may be signed, with commas between them: ISSUE,ACCEPT", TOOL_REQUIRED },
	{ "until", "TIME", "First time at which the mandate holds no longer", TOOL_REQUIRED },
	OUT,
	{ "party", "PARTY", "Party for whom the keys sign; if not given, that of --replaces, else the first of the certificate, "
	  "else the key's own id", TOOL_OPTIONAL },
	{ "officer", "key:ID", "Key that signs for the party", TOOL_REPEATED },
	{ "group", "FILE", "Group whose members sign as one, as of aval musig keys; it counts as one officer",
	  TOOL_REPEATED },
	{ "threshold", "N", "How many of the officers must sign; 1 if not given", TOOL_OPTIONAL },
	{ "cap", "CUR=AMOUNT", "The most that one event may be about, in a currency; no other currency may then be signed",
	  TOOL_REPEATED },
	{ "from", "TIME", "Time from which the mandate holds; now if not given", TOOL_OPTIONAL },
	{ "replaces", "FILE", "Mandate whose place this one takes, of the same party and registry", TOOL_OPTIONAL },
	CERTIFICATE, JSON, END
};

static const struct tool_option mandate_revoke_options[] = {
	MANDATE_KEY, OUT,
	{ "at", "TIME", "First time at which the mandate holds no longer; now if not given", TOOL_OPTIONAL },
	{ "reason", "TEXT", "Why", TOOL_OPTIONAL }, CERTIFICATE, JSON, END
};

static const struct tool_option mandate_show_options[] = {
	{ "certificate", "FILE", "Certificate that signed it, to verify its signature by", TOOL_OPTIONAL }, JSON, END
};

#define LOG_VKEY { "vkey", "VKEY", "Verifier key of the log: the checkpoint must be signed by it", TOOL_OPTIONAL }

static const struct tool_option log_new_options[] = {
	{ "key", "KEY", "Key of the log, on P-256 (esp256): a key file, or a PKCS#11 URI", TOOL_REQUIRED },
	{ "origin", "NAME", "Name of the log and of its key, such as registry.example/eu", TOOL_REQUIRED }, JSON, END
};

static const struct tool_option log_append_options[] = {
	{ "key", "KEY", "Key of the log: a key file, or a PKCS#11 URI", TOOL_REQUIRED },
	{ "entry", "FILE", "File that is one entry", TOOL_REPEATED },
	{ "lines", "FILE", "File whose lines are entries", TOOL_REPEATED }, JSON, END
};

static const struct tool_option log_root_options[] = {
	{ "size", "N", "Root that the log had with N leaves; of all if not given", TOOL_OPTIONAL }, LOG_VKEY, JSON, END
};

static const struct tool_option log_check_options[] = {
	{ "vkey", "VKEY", "Verifier key of the log or of a witness", TOOL_REPEATED }, JSON, END
};

static const struct tool_option log_prove_options[] = {
	{ "index", "N", "Number of the entry, from 0", TOOL_REQUIRED }, OUT, LOG_VKEY, JSON, END
};

static const struct tool_option log_verify_options[] = {
	{ "entry", "FILE", "The entry that is said to be in the log", TOOL_REQUIRED },
	{ "vkey", "VKEY", "Verifier key of the log", TOOL_REQUIRED },
	{ "witness", "VKEY", "Verifier key of a witness", TOOL_REPEATED },
	{ "threshold", "N", "Witnesses that must have signed; all if not given", TOOL_OPTIONAL }, JSON, END
};

static const struct tool_option log_consistency_options[] = {
	{ "old", "FILE", "Checkpoint that the log showed before", TOOL_REQUIRED }, LOG_VKEY, JSON, END
};

static const struct tool_option log_evidence_options[] = {
	{ "other", "PATH", "The other checkpoint, or the folder of the other log", TOOL_REQUIRED },
	{ "vkey", "VKEY", "Verifier key of the log, which has signed both", TOOL_REQUIRED }, OUT, JSON, END
};

static const struct tool_option log_receipt_options[] = {
	{ "key", "KEY", "Key of the log: a key file, or a PKCS#11 URI", TOOL_REQUIRED },
	{ "index", "N", "Receipt of inclusion: number of the entry, from 0", TOOL_OPTIONAL },
	{ "old", "FILE", "Receipt of consistency: checkpoint that the log showed before", TOOL_OPTIONAL }, OUT, JSON, END
};

static const struct tool_option log_verify_receipt_options[] = {
	{ "vkey", "VKEY", "Verifier key of the log", TOOL_REQUIRED },
	{ "entry", "FILE", "The entry that is said to be in the log", TOOL_OPTIONAL },
	{ "old", "FILE", "Checkpoint from which the log is said to have grown", TOOL_OPTIONAL },
	{ "checkpoint", "FILE", "Checkpoint of the same root; without one, size and index are the receipt's word",
	  TOOL_OPTIONAL },
	{ "proof", "N", "Number of the proof, where the receipt has several; 0 if not given", TOOL_OPTIONAL }, JSON, END
};

static const struct tool_option log_audit_options[] = { LOG_VKEY, JSON, END };

#define COMPARE \
	{ "invoice", "FILE", "Compare the token with this invoice before signing", TOOL_OPTIONAL }, \
	{ "seed", "FILE", "Seed with which the invoice was committed to", TOOL_OPTIONAL }

static const struct tool_option musig_keys_options[] = {
	{ "member", "KEY", "Schnorr key of a member: its COSE_Key in hexadecimal, or a file with that or with the key",
	  TOOL_REQUIRED | TOOL_REPEATED },
	OUT, JSON, END
};

static const struct tool_option musig_start_options[] = {
	{ "group", "FILE", "Group that shall sign", TOOL_REQUIRED },
	{ "out", "DIR", "Folder of the session; it must not exist", TOOL_REQUIRED },
	{ "party", "PARTY", "Party to sign for, where it is not the group's own id", TOOL_OPTIONAL }, MANDATE, COMPARE, JSON, END
};

static const struct tool_option musig_sign_options[] = {
	{ "key", "FILE", "Key file of a member", TOOL_REQUIRED },
	{ "wait", "SECONDS", "How long to wait for the others' nonces; 600 if not given", TOOL_OPTIONAL },
	{ "session", "NAME", "Name of the session, as aval musig show gave it: another one is not signed", TOOL_OPTIONAL },
	COMPARE, JSON, END
};

static const struct tool_option musig_show_options[] = { COMPARE, JSON, END };

static const struct tool_option musig_finish_options[] = { OUT, CERTIFICATES, COMPARE, JSON, END };

static const struct tool_option party_verify_options[] = {
	{ "anchor", "FILE", "Certificates to trust", TOOL_REQUIRED | TOOL_REPEATED },
	{ "crl", "FILE", "Certificate revocation lists", TOOL_REPEATED },
	{ "crl-mode", "MODE", "required (the default), if-present or ignored", TOOL_OPTIONAL },
	{ "at", "TIME", "Time at which to judge; now if not given", TOOL_OPTIONAL },
	{ "party", "PARTY", "Party id that the leaf must name", TOOL_OPTIONAL }, JSON, END
};

static const struct tool_option map_new_options[] = { OUT, JSON, END };

static const struct tool_option map_set_options[] = {
	{ "set", "KEY=VALUE", "Give a key a value, in hexadecimal", TOOL_REPEATED },
	{ "delete", "KEY", "Take a key out", TOOL_REPEATED }, OUT, JSON, END
};

static const struct tool_option map_root_options[] = { JSON, END };

static const struct tool_option map_prove_options[] = {
	{ "key", "KEY", "Key to prove present or absent; several make one proof", TOOL_REQUIRED | TOOL_REPEATED },
	OUT, JSON, END
};

static const struct tool_option map_verify_options[] = {
	{ "root", "ROOT", "Root of the map, 64 hexadecimal digits", TOOL_REQUIRED },
	{ "present", "KEY=VALUE", "Claim that a key has a value", TOOL_REPEATED },
	{ "absent", "KEY", "Claim that a key is not there", TOOL_REPEATED }, JSON, END
};

const struct tool_command tool_commands[] = {
	{ "key", "new", NULL, "Make a key file", key_new_options, tool_key_new },
	{ "key", "show", "KEY", "Show party id, algorithm and public key", json_options, tool_key_show },
	{ "invoice", "terms", "FILE", "List the business terms of an invoice", json_options, tool_invoice_terms },
	{ "invoice", "check", "FILE", "Check sums and terms of an invoice", check_options, tool_invoice_check },
	{ "token", "issue", "INVOICE", "Issue a token over an invoice", issue_options, tool_token_issue },
	{ "token", "accept", "FILE", "Accept as the debtor: a promise to pay", accept_options, tool_token_accept },
	{ "token", "reject", "FILE", "Decline as the debtor", reject_options, tool_token_reject },
	{ "token", "void", "FILE", "Withdraw before acceptance", event_options, tool_token_void },
	{ "token", "assign", "FILE", "Assign a note, whole or in part", assign_options, tool_token_assign },
	{ "token", "split", "FILE", "Split a note in two", split_options, tool_token_split },
	{ "token", "merge", "FILE", "Merge adjacent notes", merge_options, tool_token_merge },
	{ "token", "sign", "FILE", "Add a missing signature", sign_options, tool_token_sign },
	{ "token", "sign-batch", "FILE...", "Add missing signatures to many files by one signature", sign_batch_options,
	  tool_token_sign_batch },
	{ "token", "show", "FILE", "Show state, notes and missing signers", json_options, tool_token_show },
	{ "token", "disclose", "FILE", "Show chosen terms of the invoice, and no others", disclose_options,
	  tool_token_disclose },
	{ "mandate", "new", NULL, "Let keys sign for a party", mandate_new_options, tool_mandate_new },
	{ "mandate", "show", "FILE", "Show who may sign what, and for whom", mandate_show_options, tool_mandate_show },
	{ "mandate", "revoke", "FILE", "End a mandate", mandate_revoke_options, tool_mandate_revoke },
	{ "verify", NULL, "FILE...", "Verify bundles, or evidence, by a policy", verify_options, tool_verify },
	{ "log", "new", "DIR", "Begin a log in a new folder", log_new_options, tool_log_new },
	{ "log", "append", "DIR", "Append entries and sign the new checkpoint", log_append_options,
	  tool_log_append },
	{ "log", "root", "DIR", "Say the root of a log, now or earlier", log_root_options, tool_log_root },
	{ "log", "prove", "DIR", "Prove that an entry is in a log", log_prove_options, tool_log_prove },
	{ "log", "verify", "PROOF", "Verify such a proof offline", log_verify_options, tool_log_verify_proof },
	{ "log", "consistency", "DIR", "Check that a log only grew since a checkpoint", log_consistency_options,
	  tool_log_consistency },
	{ "log", "check", "DIR", "Recompute a log from its entries, judge its signatures", log_check_options,
	  tool_log_check },
	{ "log", "audit", "DIR", "Replay a registry's log and recompute its map", log_audit_options,
	  tool_log_audit },
	{ "log", "evidence", "PATH", "Prove that a log contradicts itself", log_evidence_options,
	  tool_log_evidence },
	{ "log", "receipt", "DIR", "Sign a COSE Receipt", log_receipt_options, tool_log_receipt },
	{ "log", "verify-receipt", "RECEIPT", "Verify a COSE Receipt, of this or another program",
	  log_verify_receipt_options, tool_log_verify_receipt },
	{ "musig", "keys", NULL, "Make a group of keys that sign as one", musig_keys_options, tool_musig_keys },
	{ "musig", "start", "FILE", "Begin a session for a missing signature", musig_start_options, tool_musig_start },
	{ "musig", "sign", "DIR", "Take part in a session with one key", musig_sign_options, tool_musig_sign },
	{ "musig", "show", "DIR", "Show what is to be signed, and who has", musig_show_options, tool_musig_show },
	{ "musig", "finish", "DIR", "Verify all parts and write the signed token", musig_finish_options,
	  tool_musig_finish },
	{ "party", "check", "ID", "Check a party id", json_options, tool_party_check },
	{ "party", "show", "FILE", "Show certificates, and which parties they name", json_options, tool_party_show },
	{ "party", "verify", "FILE", "Verify a chain of certificates at a time", party_verify_options, tool_party_verify },
	{ "map", "new", NULL, "Make an empty map", map_new_options, tool_map_new },
	{ "map", "set", "FILE", "Change a map and write the new one", map_set_options, tool_map_set },
	{ "map", "root", "FILE", "Say the root of a map", map_root_options, tool_map_root },
	{ "map", "prove", "FILE", "Prove what a map says of keys", map_prove_options, tool_map_prove },
	{ "map", "verify", "PROOF", "Verify such a proof against a root", map_verify_options, tool_map_verify },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};
