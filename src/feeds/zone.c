/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/zone.h"

#include "base/words.h"
#include "feeds/file.h"

#define ZONEINFO "/usr/share/zoneinfo/"

enum { TYPES_MAX = 256, TRANSITIONS_MAX = 4096 };

struct header {
	uint32_t isut, isstd, leap, times, types, chars;
};

static bool read_header(struct reader *r, struct header *h)
{
	struct bytes magic = read_bytes(r, 4);

	if (!bytes_are(magic, "TZif"))
		return false;
	reader_skip(r, 16); /* version and reserve */
	h->isut = read_u32be(r);
	h->isstd = read_u32be(r);
	h->leap = read_u32be(r);
	h->times = read_u32be(r);
	h->types = read_u32be(r);
	h->chars = read_u32be(r);
	return !r->ran_out && h->types > 0 && h->types <= TYPES_MAX &&
		h->times <= TRANSITIONS_MAX && h->chars <= 1024 &&
		h->leap <= 1024 && h->isut <= TYPES_MAX &&
		h->isstd <= TYPES_MAX;
}

static void set_type(struct zone_offset *o, struct bytes types,
	struct bytes chars, size_t type)
{
	struct bytes t = bytes_part(types, 6 * type, 6);
	size_t at = t.len == 6 ? t.at[5] : 0;
	size_t n = 0;

	o->east_s = (int32_t)(uint32_t)bytes_be(bytes_part(t, 0, 4));
	while (n + 1 < sizeof o->abbreviation && at + n < chars.len &&
		chars.at[at + n]) {
		o->abbreviation[n] = (char)chars.at[at + n];
		n++;
	}
	o->abbreviation[n] = '\0';
}

static bool offsets(const struct header *h, struct reader *r,
	struct zone_offset *o, size_t *count, struct fault *f)
{
	struct bytes times = read_bytes(r, (size_t)h->times * 8);
	struct bytes kinds = read_bytes(r, h->times);
	struct bytes types = read_bytes(r, (size_t)h->types * 6);
	struct bytes chars = read_bytes(r, h->chars);
	size_t n = 0;

	if (r->ran_out)
		return fault(f, FAULT_INPUT, "ends early");
	o[n].from = (struct instant){0};
	set_type(&o[n++], types, chars, 0);
	for (size_t i = 0; i < h->times; i++) {
		int64_t s = (int64_t)bytes_be(bytes_part(times, 8 * i, 8));

		if (kinds.at[i] >= h->types)
			return fault(f, FAULT_INPUT, "transition %zu", i);
		if (s <= 0)
			n = 0; /* before 1970: only the last one counts */
		else if (s >= INSTANT_MAX_NS / 1000000000)
			break;
		o[n].from = (struct instant){s <= 0 ? 0 : s * 1000000000};
		set_type(&o[n++], types, chars, kinds.at[i]);
	}
	*count = n;
	return true;
}

/* RFC 8536 3.2: the 64-bit block follows the 32-bit one. */
static bool parse(struct bytes in, struct arena *a,
	const struct zone_offset **out, size_t *count, struct fault *f)
{
	struct reader r = reader(in);
	struct header h;
	struct zone_offset *o;

	if (!read_header(&r, &h))
		return fault(f, FAULT_INPUT, "not a time zone file");
	reader_skip(&r, (size_t)h.times * 5 + (size_t)h.types * 6 + h.chars +
			(size_t)h.leap * 8 + h.isstd + h.isut);
	if (!read_header(&r, &h))
		return fault(f, FAULT_INPUT, "no 64-bit part");
	if (!(o = arena_array(a, (size_t)h.times + 1, sizeof *o, f)))
		return false;
	*out = o;
	return offsets(&h, &r, o, count, f);
}

/* "# version 2024a" heads the compiled source. */
static const char *version_of(struct arena *a, struct fault *f)
{
	struct bytes b;
	size_t n = 0;
	const char *s;

	if (!file_map(ZONEINFO "tzdata.zi", &b, f))
		return arena_text(a, bytes_of("unknown"), f);
	while (n < b.len && n < 40 && b.at[n] != '\n')
		n++;
	if (n > 10 && bytes_start(b, "# version "))
		s = arena_text(a, bytes_part(b, 10, n - 10), f);
	else
		s = arena_text(a, bytes_of("unknown"), f);
	file_unmap(b);
	return s;
}

/* The zone of tzdata's table (country, place, name, remark between tabs) that
 * differs least, as words to add; "" when none is near. */
static const char *meant(const char *name, char out[WORDS_MAX + 20])
{
	size_t least = 3, tabs = 0, from = 0; /* letters that differ */
	struct bytes b;
	struct fault f;

	out[0] = '\0';
	if (!file_map(ZONEINFO "zone1970.tab", &b, &f))
		return out;
	for (size_t i = 0; i < b.len; i++) {
		char word[WORDS_MAX];
		size_t d;

		if (b.at[i] != '\t' && b.at[i] != '\n')
			continue;
		if (tabs == 2 && i - from < sizeof word) {
			memcpy(word, b.at + from, i - from);
			word[i - from] = '\0';
			d = words_apart(name, word);
			if (d < least) {
				least = d;
				(void)snprintf(out, WORDS_MAX + 20,
					"; did you mean %s?", word);
			}
		}
		tabs = b.at[i] == '\t' ? tabs + 1 : 0;
		from = i + 1;
	}
	file_unmap(b);
	return out;
}

bool zone_load(const char *name, struct arena *a,
	const struct zone_offset **out, size_t *count, const char **version,
	struct fault *f)
{
	char path[256], near[WORDS_MAX + 20];
	struct text t = text_on(path, sizeof path);
	struct bytes b;
	bool ok;

	*version = version_of(a, f);
	if (!*version)
		return false;
	text_add(&t, ZONEINFO);
	text_add(&t, name);
	if (strstr(name, "..") || name[0] == '/' || t.full ||
		!file_exists(path)) {
		/* tzdata renamed Kiev to Kyiv in 2022b. */
		if (strcmp(name, "Europe/Kyiv") == 0)
			return zone_load("Europe/Kiev", a, out, count, version,
				f);
		return fault(f, FAULT_INPUT,
			"no time zone '%.60s'; wanted a name like "
			"Europe/Kyiv%s", name, meant(name, near));
	}
	if (!file_map(path, &b, f))
		return false;
	ok = parse(b, a, out, count, f);
	file_unmap(b);
	return ok || fault_in(f, "%s", path);
}
