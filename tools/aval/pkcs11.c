/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys named by a PKCS#11 URI (RFC 7512). The module is that of the URI, of the environment, or p11-kit's,
 * which knows those of the system; the PIN is that of the URI, of its file, of the environment, or is asked for
 * on the terminal.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tool.h"

static const char default_module[] = "p11-kit-proxy.so";

struct tool_pkcs11 {
	aval_pkcs11_module *module;
	aval_pkcs11_key    *key;
	aval_pkcs11_pin     pin;
	aval_pkcs11_uri     uri;
	char                room[AVAL_PKCS11_URI_MAX_LEN + 1];
};

static aval_status give(char *pin_out, size_t *len_out, const char *pin, size_t len)
{
	if (len > AVAL_PKCS11_PIN_MAX)
		return AVAL_E_LIMIT;
	memcpy(pin_out, pin, len);
	*len_out = len;
	return AVAL_OK;
}

/* The first line of a file; "file:" before its path is optional, as RFC 7512 shows both. */
static aval_status pin_of_file(char *pin_out, size_t *len_out, aval_text source)
{
	char        path[AVAL_PKCS11_URI_MAX_LEN + 1], *name = path;
	uint8_t    *data;
	size_t      len;
	aval_status status;

	memcpy(path, source.data, source.len);
	path[source.len] = '\0';
	if (strncmp(name, "file:", 5) == 0)
		name += strncmp(name, "file:///", 8) == 0 ? 7 : 5;
	status = aval_os_file_read(&data, &len, name, AVAL_SECRET_KEY_FILE_MAX, NULL, NULL);
	if (status != AVAL_OK)
		return status;
	status = give(pin_out, len_out, (const char *)data,
	              memchr(data, '\n', len) == NULL ? len
	                                              : (size_t)((uint8_t *)memchr(data, '\n', len) - data));
	aval_wipe(data, len);
	aval_free(data, NULL);
	return status;
}

/* What the terminal would do by itself with a line that it shows. */
enum { CANCEL = 3, END = 4, BACKSPACE = 8, KILL = 21, DELETE = 127 };

/* Up to the end of a line, which is not kept; what is longer than any PIN is none. */
static aval_status read_line(char *pin_out, size_t *len_out, int fd)
{
	size_t len = 0;

	for (;;) {
		char    c;
		ssize_t n = read(fd, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || c == CANCEL || c == END)
			return AVAL_E_IO;
		if (c == '\n')
			break;
		if (c == BACKSPACE || c == DELETE || c == KILL)
			len = c == KILL || len == 0 ? 0 : len - 1;
		else if (len == AVAL_PKCS11_PIN_MAX)
			return AVAL_E_LIMIT;
		else
			pin_out[len++] = c;
	}
	*len_out = len;
	return AVAL_OK;
}

/* Without echo, and without signals: one that ended the program here would leave the terminal mute. */
static aval_status ask_quietly(char *pin_out, size_t *len_out, FILE *terminal, const struct termios *before,
                               aval_text token)
{
	struct termios quiet = *before;
	aval_status    status;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(fileno(terminal), TCSAFLUSH, &quiet) != 0)
		return AVAL_E_IO;
	fputs("PIN of the token ", terminal);
	tool_put_text(terminal, token);
	fputs(": ", terminal);
	(void)fflush(terminal);
	status = read_line(pin_out, len_out, fileno(terminal));
	(void)tcsetattr(fileno(terminal), TCSAFLUSH, before);
	fputc('\n', terminal);
	return status;
}

static aval_status ask_terminal(char *pin_out, size_t *len_out, aval_text token)
{
	int            fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	FILE          *terminal = fd < 0 ? NULL : fdopen(fd, "w");
	struct termios before;
	aval_status    status = AVAL_E_PKCS11_PIN_MISSING;

	if (terminal == NULL) {
		if (fd >= 0)
			close(fd);
		return status;
	}
	if (tcgetattr(fd, &before) == 0)
		status = ask_quietly(pin_out, len_out, terminal, &before, token);
	fclose(terminal);
	return status;
}

static aval_status ask(char *pin_out, size_t *len_out, aval_text token, void *user_data)
{
	const struct tool_pkcs11 *p = user_data;
	const char               *pin = getenv("AVAL_PKCS11_PIN");

	if (p->uri.has_pin)
		return give(pin_out, len_out, p->uri.pin_value.data, p->uri.pin_value.len);
	if (p->uri.pin_source.len != 0)
		return pin_of_file(pin_out, len_out, p->uri.pin_source);
	if (pin != NULL)
		return give(pin_out, len_out, pin, strlen(pin));
	return ask_terminal(pin_out, len_out, token);
}

static const char *module_of(const struct tool_pkcs11 *p, char path_out[AVAL_PKCS11_URI_MAX_LEN + 1])
{
	const char *named = getenv("AVAL_PKCS11_MODULE");

	if (p->uri.module_path.len == 0)
		return named != NULL ? named : default_module;
	memcpy(path_out, p->uri.module_path.data, p->uri.module_path.len);
	path_out[p->uri.module_path.len] = '\0';
	return path_out;
}

/* What a question for the caller is: a word that is no URI, or one that fits more than one key. */
static int code_of(aval_status status)
{
	switch ((int)status) {
	case AVAL_E_PKCS11_URI:
	case AVAL_E_PKCS11_TOKEN_SEVERAL:
	case AVAL_E_PKCS11_KEY_SEVERAL:
		return TOOL_USAGE;
	default:
		return TOOL_UNREADABLE;
	}
}

/* A PIN that was not given says so itself; else the token speaks. */
static int fail(const struct tool_args *args, const char *subject, aval_error *err)
{
	if (err->status == AVAL_E_CALLBACK && err->cause == AVAL_E_PKCS11_PIN_MISSING)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_PKCS11_PIN_MISSING, subject,
		                      "no PIN: give pin-source, AVAL_PKCS11_PIN, or a terminal");
	return tool_fail(args, code_of(err->status), subject, err);
}

static aval_status open_key(struct tool_pkcs11 *p, aval_error *err)
{
	char        path[AVAL_PKCS11_URI_MAX_LEN + 1];
	aval_status status = aval_pkcs11_module_load(&p->module, module_of(p, path), NULL, err);

	p->pin = (aval_pkcs11_pin){ sizeof p->pin, ask, p };
	if (status == AVAL_OK)
		status = aval_pkcs11_key_open(&p->key, p->module, &p->uri.selection, (aval_alg)0, &p->pin, NULL,
		                              err);
	return status;
}

/* A PIN must not stand in a message. */
static const char subject[] = "the key of the URI";

int tool_pkcs11_open(const struct tool_args *args, struct tool_key *key, const char *uri)
{
	struct tool_pkcs11 *p = calloc(1, sizeof *p);
	aval_error          err = AVAL_ERROR_INIT;
	size_t              len = strlen(uri);

	if (p == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, subject, "out of memory");
	key->pkcs11 = p;
	if (aval_pkcs11_uri_parse(&p->uri, uri, len, p->room, &err) != AVAL_OK || open_key(p, &err) != AVAL_OK)
		return fail(args, subject, &err);
	key->signer = aval_pkcs11_key_signer(p->key);
	return TOOL_DONE;
}

int tool_pkcs11_fail(const struct tool_args *args, const struct tool_pkcs11 *p)
{
	aval_error err = *aval_pkcs11_key_error(p->key);

	return fail(args, subject, &err);
}

void tool_pkcs11_close(struct tool_pkcs11 *p)
{
	if (p == NULL)
		return;
	aval_pkcs11_key_free(p->key);
	aval_pkcs11_module_free(p->module);
	aval_wipe(p, sizeof *p);
	free(p);
}
