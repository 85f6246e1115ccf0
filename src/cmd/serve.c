/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * serve.c - the mission's page and API on this machine, until Ctrl-C. */
#include "base/csv.h"
#include "cmd/list.h"
#include "cmd/serving.h"

extern const struct cmd cmd_serve;

/* "127.0.0.1:8080", "localhost:0", ":8080", "8080": loopback only. */
static bool port_of(const char *listen, uint16_t *port)
{
	const char *colon = strrchr(listen, ':');
	size_t n = colon ? (size_t)(colon - listen) : 0;
	struct bytes host = {(const uint8_t *)listen, n};
	struct fault f;
	int64_t v;

	if (colon && n > 0 && !bytes_are(host, "127.0.0.1") &&
		!bytes_are(host, "localhost"))
		return cmd_usage(&cmd_serve, "--listen '%s': only 127.0.0.1; "
			"for a network, --scgi SOCKET behind a web "
			"server (deploy/nginx.conf)", listen) == EXIT_DONE;
	if (!integer_read(bytes_of(colon ? colon + 1 : listen), &v, &f) ||
		v < 0 || v > 65535)
		return cmd_usage(&cmd_serve, "--listen '%s', wants "
			"127.0.0.1:PORT", listen) == EXIT_DONE;
	*port = (uint16_t)v;
	return true;
}

static int run(int argc, char **argv)
{
	const char *listen = "127.0.0.1:8080";
	struct serving how = {0};
	const struct ui_option options[] = {{"--listen", &listen, NULL},
		{"--scgi", &how.scgi, NULL},
		{"--submissions", NULL, &how.submissions},
		{"--closed", NULL, &how.closed}, {0}};
	struct fault f = {0};
	struct loaded l;
	int code;

	if (!ui_options(&cmd_serve, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_serve, "one mission folder is wanted");
	if (!how.scgi && !port_of(listen, &how.port))
		return EXIT_USAGE;
	code = load_sound(&cmd_serve, argv[1], &l);
	if (code != EXIT_DONE)
		return code;
	if (!serving_until_end(&l, &how, &f))
		code = cmd_fault(&cmd_serve, &f);
	load_free(&l);
	return code;
}

const struct cmd cmd_serve = {
	.name = "serve",
	.usage = "serve MISSION [--listen 127.0.0.1:8080 | --scgi SOCKET] "
		"[--submissions] [--closed]",
	.about = "the page and the API, on this machine or behind nginx",
	.run = run,
};
