/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/intake.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/json.h"

static void print(const struct api *api, const struct stat *life,
	const struct statvfs *disk, struct text *t)
{
	struct instant at = INSTANT_UNKNOWN;
	struct json j = json_on(t);

	if (life)
		at.utc_ns = life->st_mtim.tv_sec * INT64_C(1000000000) +
			life->st_mtim.tv_nsec;
	json_object(&j);
	json_key_text(&j, "schema", "truce.intake/1");
	json_key(&j, "receives");
	if (life)
		json_flag(&j, instant_seconds(at, api->now) < INTAKE_GONE_S);
	else
		json_null_value(&j);
	json_key_time(&j, "at", at, 6);
	json_key(&j, "free_bytes");
	if (disk)
		json_i64(&j, (int64_t)(disk->f_bavail * disk->f_frsize));
	else
		json_null_value(&j);
	json_close(&j);
	text_char(t, '\n');
}

void intake_answer(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct text path = text_in(a, 4200), t = text_in(a, 4096);
	struct statvfs disk;
	struct stat life;
	struct fault f = {0};

	text_fmt(&path, "%s/spool/live/heard", api->folder);
	if (!text_check(&path, &f)) {
		api_fault(&f, a, r);
		return;
	}
	print(api, stat(path.at, &life) == 0 ? &life : NULL,
		statvfs(api->folder, &disk) == 0 ? &disk : NULL, &t);
	api_text(r, "application/json", &t);
}
