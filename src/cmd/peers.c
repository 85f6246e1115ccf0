/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/peers.h"

#include "feeds/feeds.h"
#include "feeds/file.h"

bool peers_listed(const struct cmd *cmd, int *argc, char **argv,
	const char *name, const char **list, size_t *count)
{
	const size_t len = strlen(name);
	int n = 1;

	*count = 0;
	for (int i = 1; i < *argc; i++) {
		const char *value = NULL;

		if (strcmp(argv[i], name) == 0)
			value = i + 1 < *argc ? argv[++i] : "";
		else if (strncmp(argv[i], name, len) == 0 &&
			argv[i][len] == '=')
			value = argv[i] + len + 1;
		if (!value) {
			argv[n++] = argv[i];
			continue;
		}
		if (!*value || *count == FEEDS_SERVERS_MAX) {
			(void)cmd_usage(cmd, *value ?
				"more than %s servers" : "%s wants a value",
				*value ? "64" : name);
			return false;
		}
		list[(*count)++] = value;
	}
	*argc = n;
	argv[n] = NULL;
	return true;
}

bool peers_login(const char *path, struct arena *a, const char **user,
	const char **password, struct fault *f)
{
	struct bytes b;
	char *at, *end;

	if (!file_read(path, a, &b, f))
		return false;
	at = (char *)(uintptr_t)b.at;
	*user = at;
	*password = NULL;
	if ((end = strchr(at, '\n'))) {
		*end = '\0';
		*password = end + 1;
		end[1 + strcspn(end + 1, "\r\n")] = '\0';
	}
	at[strcspn(at, "\r")] = '\0';
	return *at || fault(f, FAULT_INPUT, "%s: wants a line with the user "
		"and one with the password", path);
}
