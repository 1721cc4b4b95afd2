/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TOOL_H
#define AVAL_TOOL_H

/*
 * The command-line tool, a client of the public API alone. main.c finds the
 * command, args.c reads its words by the table of commands.c, the cmd_*.c files
 * do the work, message.c and json.c speak.
 *
 * What a machine reads goes to standard output, what a person must know of a
 * failure to standard error. A function that can fail returns an exit code of
 * the enum below, TOOL_DONE (0) meaning go on, and has said why before it
 * returns another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include <aval/aval.h>

enum {
	TOOL_DONE       = 0, /* done, or valid */
	TOOL_INVALID    = 1, /* proven not valid */
	TOOL_USAGE      = 2, /* the command line asks for something that is not there */
	TOOL_UNREADABLE = 3, /* an input that cannot be read, an output that cannot be written */
	TOOL_REFUSED    = 4, /* a rule forbids it */
	TOOL_INCOMPLETE = 5  /* nothing wrong, something required not established */
};

enum { TOOL_MAX_GIVEN = 256 };

/* How often an option may stand. */
enum { TOOL_OPTIONAL = 0, TOOL_REQUIRED = 1, TOOL_REPEATED = 2 };

struct tool_option {
	const char *name;   /* without the dashes */
	const char *value;  /* what its value is called; NULL: it takes none */
	const char *text;   /* for the help; one sentence without the final stop */
	unsigned    flags;
};

struct tool_args;

struct tool_command {
	const char *group;    /* "token" */
	const char *name;     /* "issue"; NULL where the group is the command */
	const char *operand;  /* "FILE", or "FILE..." for one and more; NULL where there is none */
	const char *summary;  /* one line */
	const struct tool_option *options; /* ends with a NULL name */
	int (*run)(const struct tool_args *args);
};

struct tool_given {
	const struct tool_option *option;
	const char               *value;
};

struct tool_args {
	const struct tool_command *command;
	const char                *operand;  /* the first */
	char                     **operands; /* all; more than one where the command's end in "..." */
	size_t                     operand_count;
	struct tool_given          given[TOOL_MAX_GIVEN];
	size_t                     given_count;
	bool                       json;
};

/* commands.c: ends with a NULL group. */
extern const struct tool_command tool_commands[];

/* args.c */
int         tool_args_parse(struct tool_args *args, const struct tool_command *command, char **words);
const char *tool_arg(const struct tool_args *args, const char *name); /* NULL where it was not given */
const char *tool_arg_next(const struct tool_args *args, const char *name, size_t *cursor);
size_t      tool_arg_count(const struct tool_args *args, const char *name);

/* help.c */
int  tool_help(const char *group, const char *name); /* TOOL_USAGE, unsaid, where there is none */
bool tool_is_group(const char *group);

#define TOOL_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* message.c: what goes wrong, on standard error; each returns the code to exit with. */
void tool_say(const char *format, ...) TOOL_PRINTF(1, 2);
int  tool_usage(const struct tool_args *args, const char *format, ...) TOOL_PRINTF(2, 3);
int  tool_fail(const struct tool_args *args, int code, const char *subject, const aval_error *err);
int  tool_fail_text(const struct tool_args *args, int code, aval_status status, const char *subject,
                    const char *reason);
/* Standard output is closed, full or on a broken pipe: said and TOOL_UNREADABLE. */
int  tool_flush(void);
/* Text of foreign origin: control characters, and those that turn text around, do not reach the terminal. */
void tool_put_text(FILE *out, aval_text text);

static inline aval_text tool_text(const char *s)
{
	aval_text text = { s, 0 };

	while (s != NULL && s[text.len] != '\0')
		text.len++;
	return text;
}

static inline bool tool_same_text(aval_text a, aval_text b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* Lower-case hexadecimal and a NUL: 2 * len + 1 bytes. */
void tool_hex(char *out, const uint8_t *data, size_t len);

/* io.c: files, and the exit code for a status of the library. */
struct tool_file {
	const char *path;
	uint8_t    *data;
	size_t      len;
};

enum { TOOL_JSON_MAX_LEN = 1 << 20, TOOL_PEM_MAX_LEN = 1 << 23 };

int  tool_code(aval_status status);
int  tool_fail_status(const struct tool_args *args, const char *subject, const aval_error *err);
int  tool_read(const struct tool_args *args, struct tool_file *file, const char *path, size_t max);
/* A file that others may have put there: only a regular one, since a pipe would hold the reader up. */
int         tool_read_regular(const struct tool_args *args, struct tool_file *file, const char *path, size_t max);
aval_status tool_read_part(struct tool_file *file, const char *path, size_t max, aval_error *err); /* unsaid */
/* tool_read() or tool_read_regular(). */
typedef int (*tool_reader)(const struct tool_args *args, struct tool_file *file, const char *path, size_t max);
void        tool_file_free(struct tool_file *file); /* wipes */
int  tool_write(const struct tool_args *args, const char *path, const uint8_t *data, size_t len, uint32_t mode);
int  tool_json_read(const struct tool_args *args, json_t **object_out, const char *path);

/* value.c */
enum { TOOL_AMOUNT_LEN = AVAL_DECIMAL_MAX_LEN + 6 };

size_t tool_amount_put(char out[TOOL_AMOUNT_LEN], int64_t minor, aval_text currency); /* NUL-terminated */
int    tool_amount_parse(const struct tool_args *args, const char *option, const char *word, aval_text currency,
                         int64_t *minor_out);
int    tool_time_now(const struct tool_args *args, int64_t *unix_ms_out);
int    tool_time_arg(const struct tool_args *args, const char *option, int64_t *unix_ms_out); /* now if not given */
bool   tool_time_put(char out[AVAL_TIME_LEN + 1], int64_t unix_ms); /* false and empty for AVAL_TIME_NONE */
json_t *tool_json_time(int64_t unix_ms); /* null for AVAL_TIME_NONE */
bool   tool_hex_parse(uint8_t *out, size_t len, aval_text text);

/* policy.c, show.c, event.c */
const char *tool_scheme_name(aval_party_scheme scheme);
int     tool_policy_new(const struct tool_args *args, aval_policy **policy_out);
void    tool_token_print(const aval_token *token);
json_t *tool_token_json(const aval_token *token);
void    tool_event_print(const aval_bundle *bundle, size_t index);
json_t *tool_event_json(const aval_bundle *bundle, size_t index);
bool    tool_event_next_missing(aval_event_signer *signer_out, aval_event_cursor *cursor_inout,
                                const aval_bundle *bundle, size_t index);
void    tool_event_missing_json(json_t *list, const aval_bundle *bundle, size_t index);

/* cmd_verify.c: parts of a report; cmd_verify_many.c: several files. */
int  tool_result_exit(aval_result result);
void tool_where_put(FILE *out, const aval_report_row *row);
void tool_report_json(json_t *answer, const aval_report *report); /* adds to answer */
void tool_policy_json(json_t *answer, const aval_policy *policy);
int  tool_verify_many(const struct tool_args *args, const aval_policy *policy);

/* cmd_key.c: a key that signs, of a file or, named by a PKCS#11 URI, in a token (pkcs11.c). */
struct tool_pkcs11;

struct tool_key {
	aval_signer         signer; /* its key is the public key */
	aval_secret_key    *secret; /* NULL: in a token */
	struct tool_pkcs11 *pkcs11; /* NULL: of a file */
};

int  tool_key_open(const struct tool_args *args, struct tool_key *key, const char *where);
void tool_key_close(struct tool_key *key); /* whatever tool_key_open() returned, or all zero */
int  tool_key_read(const struct tool_args *args, aval_secret_key **key_out, const char *path); /* of a file alone */
int  tool_key_fail(const struct tool_args *args, const struct tool_key *key, const char *subject,
                   const aval_error *err); /* signing failed */
int  tool_pkcs11_open(const struct tool_args *args, struct tool_key *key, const char *uri);
int  tool_pkcs11_fail(const struct tool_args *args, const struct tool_pkcs11 *p);
void tool_pkcs11_close(struct tool_pkcs11 *p);

/* session.c, session_sign.c: a bundle that gets one more event. */
struct tool_session {
	struct tool_file file;
	aval_bundle     *bundle;
	aval_token      *token;  /* after the complete events */
	struct tool_key  key;
	const char      *source; /* the invoice's file, to be put in when it is written; or NULL */
	aval_musig_keys *group;  /* of the key, if that is a group: nothing is signed, a session is begun */
	/* For whom such a session shall sign. */
	aval_role role;
	char      party[AVAL_PARTY_MAX_LEN + 1];
};

/* Who signs: the key for its own id in any role, else for party, or where that is empty in role. */
struct tool_signing {
	aval_role role;
	aval_text party;
	aval_text own;
};

typedef aval_status (*tool_builder)(uint8_t *out, size_t *len, const aval_token *token, const void *options,
                                    aval_error *err);

int  tool_seed_read(const struct tool_args *args, uint8_t seed32_out[32]);
int  tool_times(const struct tool_args *args, aval_event_times *times_out);
int  tool_terms_arg(const struct tool_args *args, aval_text **paths_out, size_t *count_out); /* free() */
int  tool_session_open(const struct tool_args *args, struct tool_session *s);
int  tool_session_open_file(const struct tool_args *args, struct tool_session *s, const char *path,
                            tool_reader reader);
int  tool_session_check(const struct tool_args *args, struct tool_session *s); /* verified, and compared */
int  tool_session_begin(const struct tool_args *args, struct tool_session *s); /* verified, compared, with a key */
/* Work that needs --invoice and --seed, which are read for it. */
typedef int (*tool_invoice_work)(const struct tool_args *args, struct tool_session *s, const aval_invoice *invoice,
                                 const uint8_t seed32[32]);
int  tool_session_with_invoice(const struct tool_args *args, struct tool_session *s, tool_invoice_work work);
int  tool_session_append(const struct tool_args *args, struct tool_session *s, tool_builder build,
                         const void *options);
/* Add the mandate in a file, if it is of that kind. */
int  tool_add_mandate(const struct tool_args *args, aval_bundle *bundle, const char *path, aval_mandate_kind kind,
                      tool_reader reader);
int  tool_add_mandates(const struct tool_args *args, aval_bundle *bundle); /* once there is a draft */
int  tool_add_certificates(const struct tool_args *args, aval_bundle *bundle); /* once all have signed */
int  tool_session_sign(const struct tool_args *args, struct tool_session *s, aval_role role, const char *party);
int  tool_bundle_write(const struct tool_args *args, const aval_bundle *bundle, const char *path);
/* Whether a mandate in the bundle lets a key sign an event for a party, where it has not yet. */
bool tool_has_mandate(const aval_bundle *bundle, const struct tool_key *key, const aval_event *event,
                      const aval_event_signer *signer);
int  tool_session_write(const struct tool_args *args, struct tool_session *s);
void tool_session_close(struct tool_session *s);

int  tool_session_party(const struct tool_args *args, const struct tool_session *s, char party_out[]);

/* cmd_mandate.c: who signs a mandate, a key or a certificate by its key; mandate_print.c. */
enum { TOOL_MANDATE_MAX_TYPE = 24 };

struct tool_author {
	struct tool_key    key;
	aval_chain        *chain; /* NULL: the key alone */
	aval_endorser_key *secret;
	aval_endorser      endorser;
};

int  tool_author_open(const struct tool_args *args, struct tool_author *a);
void tool_author_close(struct tool_author *a); /* whatever tool_author_open() returned, or all zero */
int  tool_mandate_read(const struct tool_args *args, struct tool_file *file, aval_mandate *mandate_out,
                       const char *path); /* borrows file */
int  tool_mandate_sign(const struct tool_args *args, const uint8_t *payload, size_t payload_len,
                       const struct tool_author *a); /* and write it to --out, and print it */
int  tool_mandate_print(const struct tool_args *args, const aval_mandate *m, const char *signature);

/* musig.c: the folder of a MuSig2 session. */
enum { TOOL_MANDATE_NAME = 32, TOOL_MUSIG_PATH = AVAL_OS_PATH_MAX + 32 };

enum tool_part { PART_ABSENT, PART_THERE, PART_FAULTY };

struct tool_member {
	enum tool_part nonce, partial;
	aval_error     nonce_error, partial_error;
	uint8_t        partial32[AVAL_MUSIG_PARTIAL_LEN];
};

struct tool_musig {
	const char          *path;
	struct tool_file     file; /* request borrows it */
	aval_musig_request   request;
	aval_musig_keys     *keys;
	size_t               count;
	struct tool_session  s; /* the bundle with its draft */
	uint8_t             *message;
	size_t               message_len;
	uint8_t              name32[32];
	struct tool_member  *members;
	uint8_t             *nonces;  /* count public nonces */
	aval_musig_session  *session; /* NULL until all nonces are there */
};

bool tool_musig_is_group(const char *path);
int  tool_musig_group_read(const struct tool_args *args, aval_musig_keys **keys_out, const char *path);
int  tool_musig_begin(const struct tool_args *args, struct tool_session *s, const char *folder);
int  tool_musig_open(const struct tool_args *args, struct tool_musig *m, const char *folder);
int  tool_musig_load(const struct tool_args *args, struct tool_musig *m); /* what is there of all members */
void tool_musig_path(char path_out[TOOL_MUSIG_PATH], const struct tool_musig *m, size_t index, const char *part);
/* How many members' parts are not there; those that are faulty are said and counted. */
size_t tool_musig_absent(const struct tool_musig *m, bool partials);
int    tool_musig_blame(const struct tool_args *args, const struct tool_musig *m);
void   tool_musig_member_party(char party_out[AVAL_PARTY_KEY_LEN + 1], const struct tool_musig *m, size_t index);
void   tool_musig_close(struct tool_musig *m); /* whatever tool_musig_open() returned */

/* log.c: a log in a folder. */
enum { TOOL_ROOT_LEN = 44, TOOL_LINES_MAX_LEN = 1 << 30, TOOL_DELTA_MAX_LEN = 1 << 26 };

struct tool_log {
	const char       *path;
	aval_log_folder  *folder;
	uint8_t          *note;
	size_t            note_len;
	aval_checkpoint   checkpoint; /* borrows note; its signatures are not verified */
	aval_tile_source  source;
	aval_tile_client *client;
};

int     tool_log_code(aval_status status);
int     tool_log_fail(const struct tool_args *args, const struct tool_log *log, const char *subject,
                      const aval_error *err);
int     tool_log_open(const struct tool_args *args, struct tool_log *log, const char *path, bool to_write);
int     tool_log_open_client(const struct tool_args *args, struct tool_log *log);
int     tool_log_verify(const struct tool_args *args, const struct tool_log *log);
void    tool_log_close(struct tool_log *log); /* whatever tool_log_open() returned */
int     tool_log_vkey_of(const struct tool_args *args, aval_vkey *vkey_out, const aval_public_key *key,
                         aval_text origin);
/* Whoever writes on behalf of a log holds the key that signed its last checkpoint. */
int     tool_log_own(const struct tool_args *args, const struct tool_log *log, const struct tool_key *key);
/* A checkpoint in a file, which is to be freed whatever is returned; signed by vkey, if there is one. */
int     tool_log_checkpoint(const struct tool_args *args, aval_checkpoint *checkpoint_out, struct tool_file *file,
                            const char *path, const aval_vkey *vkey);
/* What came of verifying the operand, with facts about it, which are taken; returns the code to exit with. */
int     tool_log_verdict(const struct tool_args *args, json_t *facts, aval_status status, const aval_error *err);
int     tool_vkey_parse(const struct tool_args *args, const char *option, const char *word, aval_vkey *vkey_out);
int     tool_vkeys_arg(const struct tool_args *args, const char *option, aval_vkey **vkeys_out,
                       size_t *count_out); /* free() */
int     tool_count_arg(const struct tool_args *args, const char *option,
                       uint64_t *count_out); /* as it was if not given */
void    tool_base64(char out[TOOL_ROOT_LEN + 1], const uint8_t data32[32]);
void    tool_json_set_root(json_t *object, const char *key, const uint8_t root32[32]);
json_t *tool_json_path(const uint8_t *path, size_t count);

/* map.c: a map in a file. */
struct tool_map {
	aval_map_memory *memory;
	aval_map         map;
};

int  tool_map_key(const struct tool_args *args, uint8_t path32_out[32], aval_text word);
int  tool_map_pair(const struct tool_args *args, uint8_t path32_out[32], uint8_t value32_out[32],
                   const char *word);
int  tool_map_new_memory(const struct tool_args *args, struct tool_map *map);
int  tool_map_open(const struct tool_args *args, struct tool_map *map, const char *path);
int  tool_map_write(const struct tool_args *args, const struct tool_map *map, const char *path);
void tool_map_close(struct tool_map *map); /* whatever came before */

/* The commands. */
int tool_invoice_read(const struct tool_args *args, aval_invoice **invoice_out, const char *path);
int tool_key_new(const struct tool_args *args);
int tool_key_show(const struct tool_args *args);
int tool_invoice_terms(const struct tool_args *args);
int tool_invoice_check(const struct tool_args *args);
int tool_token_issue(const struct tool_args *args);
int tool_token_accept(const struct tool_args *args);
int tool_token_reject(const struct tool_args *args);
int tool_token_void(const struct tool_args *args);
int tool_token_assign(const struct tool_args *args);
int tool_token_split(const struct tool_args *args);
int tool_token_merge(const struct tool_args *args);
int tool_token_sign(const struct tool_args *args);
int tool_token_sign_batch(const struct tool_args *args);
int tool_token_show(const struct tool_args *args);
int tool_token_disclose(const struct tool_args *args);
int tool_verify(const struct tool_args *args);
int tool_mandate_new(const struct tool_args *args);
int tool_mandate_show(const struct tool_args *args);
int tool_mandate_revoke(const struct tool_args *args);
int tool_log_new(const struct tool_args *args);
int tool_log_append(const struct tool_args *args);
int tool_log_root(const struct tool_args *args);
int tool_log_check(const struct tool_args *args);
int tool_log_prove(const struct tool_args *args);
int tool_log_verify_proof(const struct tool_args *args);
int tool_log_consistency(const struct tool_args *args);
int tool_log_audit(const struct tool_args *args);
int tool_log_evidence(const struct tool_args *args);
int tool_log_receipt(const struct tool_args *args);
int tool_log_verify_receipt(const struct tool_args *args);
int tool_musig_keys(const struct tool_args *args);
int tool_musig_start(const struct tool_args *args);
int tool_musig_sign(const struct tool_args *args);
int tool_musig_show(const struct tool_args *args);
int tool_musig_finish(const struct tool_args *args);
int tool_party_check(const struct tool_args *args);
int tool_party_show(const struct tool_args *args);
int tool_party_verify(const struct tool_args *args);
int tool_map_new(const struct tool_args *args);
int tool_map_set(const struct tool_args *args);
int tool_map_root(const struct tool_args *args);
int tool_map_prove(const struct tool_args *args);
int tool_map_verify(const struct tool_args *args);

/* json.c: none of these fails; without memory the program ends with TOOL_UNREADABLE. */
json_t *tool_json_object(void);
json_t *tool_json_add_array(json_t *object, const char *key);
json_t *tool_json_text(aval_text text);
void    tool_json_set(json_t *object, const char *key, json_t *value); /* takes value */
void    tool_json_append(json_t *array, json_t *value);                /* takes value */
void    tool_json_set_text(json_t *object, const char *key, aval_text text);
void    tool_json_set_z(json_t *object, const char *key, const char *text);
void    tool_json_set_hex(json_t *object, const char *key, const uint8_t *data, size_t len);
int     tool_json_print(json_t *object); /* on standard output; takes object */

#endif /* AVAL_TOOL_H */
