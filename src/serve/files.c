/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/files.h"

#include <sys/stat.h>

static const struct {
	const char *ending, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	/* nginx 1.22 of Debian 12 does not know it, and the map dies */
	{".mjs", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".txt", "text/plain; charset=utf-8"},
	{".csv", "text/csv; charset=utf-8"},
	{".json", "application/json"},
	{".geojson", "application/geo+json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".woff2", "font/woff2"},
	{".webmanifest", "application/manifest+json"},
	{".pdf", "application/pdf"},
};

static const char *type_of(struct bytes path)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t n = strlen(types[i].ending);

		if (path.len > n && memcmp(path.at + path.len - n,
			types[i].ending, n) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

static bool sound(struct bytes path)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789._-/";

	if (path.len < 2 || path.len > 400 || path.at[0] != '/' ||
		path.at[path.len - 1] == '/')
		return false;
	for (size_t i = 0; i < path.len; i++)
		if (!memchr(letters, path.at[i], sizeof letters - 1) ||
			(i > 0 && path.at[i - 1] == '/' &&
				(path.at[i] == '.' || path.at[i] == '/')))
			return false;
	return true;
}

void files_below(const char *folder, struct bytes path, struct arena *a,
	struct wire_response *r)
{
	struct text t = text_in(a, 8192);
	struct stat st;

	text_add(&t, folder);
	text_bytes(&t, path);
	if (!sound(path) || t.full || lstat(t.at, &st) < 0 ||
		!S_ISREG(st.st_mode)) {
		wire_problem(r, a, 404, "there is no '%.*s'",
			(int)(path.len < 200 ? path.len : 200),
			(const char *)path.at);
		return;
	}
	*r = (struct wire_response){.is = WIRE_FILE, .status = 200,
		.type = type_of(path), .cache = "no-cache", .file = t.at};
	struct text e = text_on(r->etag, sizeof r->etag);

	text_fmt(&e, "\"%llx-%llx\"", (unsigned long long)st.st_size,
		(unsigned long long)st.st_mtim.tv_sec * 1000000000ULL +
			(unsigned long long)st.st_mtim.tv_nsec);
}

bool files_of_log(const char *mission, struct bytes path, struct arena *a,
	struct wire_response *r)
{
	struct text t = text_in(a, 4096);
	bool tile = bytes_start(path, "/tile/");
	bool stamp = bytes_start(path, "/stamps/");

	if (!tile && !stamp && !bytes_are(path, "/checkpoint") &&
		!bytes_start(path, "/disclosures/"))
		return false;
	text_fmt(&t, "%s/ledger/pub", mission);
	files_below(t.at, path, a, r);
	if (r->status == 200) {
		r->type = tile ? "application/octet-stream"
			: stamp ? "application/timestamp-reply"
			: "text/plain; charset=utf-8";
		r->cache = tile ? "public, max-age=31536000, immutable"
			: "no-cache";
	}
	return true;
}
