/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/memo.h"

#include <elf.h>
#include <link.h>

#include "roles/chain.h"

/* Who gives one of them another member adds it to the key (what lines are
 * called to readers is for these alone). */
static_assert(sizeof(struct source) == 112 && sizeof(struct mission) == 384 &&
	sizeof(struct shape) == 128 && sizeof(struct town) == 72,
	"all of a mission is in the key");

/* -- keys -- */

void memo_text(struct sha256 *s, const char *t)
{
	sha256_add(s, bytes_of(t ? t : ""));
	sha256_add(s, (struct bytes){(const uint8_t *)"", 1});
}

void memo_number(struct sha256 *s, uint64_t n)
{
	uint8_t at[8];

	put_le(at, n, sizeof at);
	sha256_add(s, (struct bytes){at, sizeof at});
}

void memo_real(struct sha256 *s, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof bits);
	memo_number(s, bits);
}

/* Notes of one object, as they lie in memory. */
static size_t add_build_ids(struct sha256 *s, struct bytes notes)
{
	struct reader r = reader(notes);
	size_t found = 0;

	while (reader_left(&r) >= 12) {
		uint32_t name = read_u32le(&r), size = read_u32le(&r);
		uint32_t type = read_u32le(&r);
		struct bytes who = read_bytes(&r, ((size_t)name + 3) & ~3ul);
		struct bytes id = read_bytes(&r, ((size_t)size + 3) & ~3ul);

		if (r.ran_out || type != NT_GNU_BUILD_ID ||
			!bytes_start(who, "GNU") || name != 4)
			continue;
		sha256_add(s, id);
		found++;
	}
	return found;
}

struct objects {
	struct sha256 *sum;
	size_t count;
	bool named; /* the program itself, which comes first */
};

static int add_object(struct dl_phdr_info *o, size_t size, void *self)
{
	struct objects *x = self;
	size_t n = 0;

	(void)size;
	for (size_t i = 0; i < o->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &o->dlpi_phdr[i];

		if (p->p_type == PT_NOTE && p->p_align <= 4)
			n += add_build_ids(x->sum, (struct bytes){
				(const uint8_t *)(uintptr_t)(o->dlpi_addr +
					p->p_vaddr), p->p_memsz});
	}
	if (x->count++ == 0)
		x->named = n > 0;
	memo_text(x->sum, "");
	return 0;
}

static void add_source(struct sha256 *s, const struct source *x)
{
	memo_text(s, x->id);
	memo_number(s, x->kind);
	memo_real(s, x->lat_deg);
	memo_real(s, x->lon_deg);
	memo_real(s, x->elev_m);
	memo_real(s, x->rate_hz);
	memo_real(s, x->sensitivity);
	memo_text(s, x->owner);
	memo_text(s, x->host_party);
	memo_number(s, (uint64_t)x->installed.utc_ns);
	memo_real(s, x->position_err_m);
	memo_text(s, x->public_key);
	memo_text(s, x->frame_id);
	memo_text(s, x->array);
}

/* Its rings, and its names in other languages, are what its file says. */
static void add_shape(struct sha256 *s, const struct shape *x)
{
	memo_text(s, x->name);
	memo_text(s, x->file);
	sha256_add(s, digest_view(&x->sha256));
	memo_text(s, x->version);
	memo_text(s, x->class_);
	memo_text(s, x->party);
	memo_number(s, x->role);
	memo_number(s, x->ring_count);
	memo_number(s, x->closed);
}

static void add_town(struct sha256 *s, const struct town *x)
{
	memo_text(s, x->name);
	memo_text(s, x->name_uk);
	memo_text(s, x->name_ru);
	memo_text(s, x->name_fr);
	memo_text(s, x->former);
	memo_real(s, x->lat_deg);
	memo_real(s, x->lon_deg);
	memo_number(s, (uint64_t)x->population);
	memo_text(s, x->control);
}

static void add_clock(struct sha256 *s, const struct mission *m)
{
	memo_text(s, m->timezone);
	memo_text(s, m->tzdata);
	for (size_t i = 0; i < m->offset_count; i++) {
		memo_number(s, (uint64_t)m->offset[i].from.utc_ns);
		memo_number(s, (uint64_t)m->offset[i].east_s);
		memo_text(s, m->offset[i].abbreviation);
	}
	memo_number(s, (uint64_t)m->cutoff_minute);
	memo_number(s, m->weekend_joins);
	memo_number(s, (uint64_t)m->control_at.utc_ns);
	memo_number(s, (uint64_t)m->reply_h);
}

static void add_area(struct sha256 *s, const struct mission *m)
{
	memo_real(s, m->south);
	memo_real(s, m->west);
	memo_real(s, m->north);
	memo_real(s, m->east);
	memo_number(s, m->area.count);
	for (size_t i = 0; i < m->area.count; i++) {
		memo_real(s, m->area.point[i].lat_deg);
		memo_real(s, m->area.point[i].lon_deg);
	}
	memo_real(s, m->public_cell_m);
	memo_number(s, m->yield_count);
	for (size_t i = 0; i < m->yield_count; i++)
		memo_real(s, m->yield_kg[i]);
}

static void add_mission(struct sha256 *s, const struct mission *m)
{
	memo_text(s, m->name);
	memo_text(s, m->title);
	memo_text(s, m->agreement);
	memo_text(s, m->pledges);
	add_clock(s, m);
	add_area(s, m);
	memo_number(s, m->party_count);
	for (size_t i = 0; i < m->party_count; i++) {
		memo_text(s, m->party[i].id);
		memo_text(s, m->party[i].name);
	}
	memo_number(s, m->source_count);
	for (size_t i = 0; i < m->source_count; i++)
		add_source(s, &m->source[i]);
	memo_number(s, m->shape_count);
	for (size_t i = 0; i < m->shape_count; i++)
		add_shape(s, &m->shape[i]);
	memo_number(s, m->town_count);
	for (size_t i = 0; i < m->town_count; i++)
		add_town(s, &m->town[i]);
}

bool memo_open(struct memo *m, struct store *s, const struct mission *of,
	struct arena *a, struct fault *f)
{
	struct objects all = {.sum = &m->base};

	*m = (struct memo){.store = s, .arena = a};
	sha256_start(&m->base);
	(void)dl_iterate_phdr(add_object, &all);
	m->off = !all.named;
	add_mission(&m->base, of);
	return s->engine->renew(s, ROW_MEMO, f);
}

struct sha256 memo_key(const struct memo *m, const char *what)
{
	struct sha256 s = m->base;

	memo_text(&s, what);
	return s;
}

/* -- values: behind the sum of key and value -- */

static struct digest sum_of(const struct digest *key, struct bytes value)
{
	return sha256_parts((struct bytes[]){digest_view(key), value}, 2);
}

struct getting {
	const struct digest *key;
	struct arena *arena;
	struct bytes *value;
};

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct getting *g = self;
	struct bytes value = bytes_part(row->body, SHA256_LEN, SIZE_MAX);
	struct digest sum = sum_of(g->key, value);
	void *at;

	if (row->body.len < SHA256_LEN ||
		memcmp(sum.at, row->body.at, SHA256_LEN) != 0)
		return true;
	if (!(at = arena_room(g->arena, value.len + 1, f)))
		return false;
	if (value.len > 0)
		memcpy(at, value.at, value.len);
	*g->value = (struct bytes){at, value.len};
	return true;
}

bool memo_get(struct memo *m, const struct digest *key, struct arena *a,
	struct bytes *value, struct fault *f)
{
	char hex[SHA256_HEX];
	struct getting g = {key, a, value};
	struct query q = {.type = ROW_MEMO, .id = digest_hex(key, hex),
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool was;

	*value = (struct bytes){0};
	if (m->off)
		return true;
	if (!m->store->engine->find(m->store, &q, take, &g, f))
		return false;
	if (!value->at)
		return true;
	m->bytes += value->len;
	return m->store->engine->remade(m->store, ROW_MEMO, q.id, &was, f);
}

bool memo_put(struct memo *m, const struct digest *key, struct bytes value,
	struct fault *f)
{
	char hex[SHA256_HEX];
	struct row row = {.type = ROW_MEMO, .id = digest_hex(key, hex),
		.lat_e7 = INT32_MIN, .lon_e7 = INT32_MIN, .kind = "",
		.status = "", .source = "", .ledger_index = -1};
	struct digest sum = sum_of(key, value);
	size_t mark = m->arena->used;
	uint8_t *at;
	bool was, ok;

	if (m->off || m->bytes + value.len > MEMO_BYTES)
		return true;
	if (!(at = arena_room(m->arena, SHA256_LEN + value.len, f)))
		return false;
	memcpy(at, sum.at, SHA256_LEN);
	if (value.len > 0)
		memcpy(at + SHA256_LEN, value.at, value.len);
	row.body = (struct bytes){at, SHA256_LEN + value.len};
	/* What is there and was not found is damaged. */
	ok = m->store->engine->replace(m->store, &row, f) &&
		m->store->engine->remade(m->store, ROW_MEMO, row.id, &was, f);
	m->arena->used = mark;
	m->bytes += value.len;
	return ok;
}

bool memo_name(
	struct memo *m, const char *text, const char **name, struct fault *f)
{
	void *list = m->name;

	for (size_t i = 0; i < m->names; i++)
		if (strcmp(m->name[i], text) == 0) {
			*name = m->name[i];
			return true;
		}
	if (!chain_grow(m->arena, &list, m->names, &m->name_room,
		sizeof *m->name, f))
		return false;
	m->name = list;
	*name = m->name[m->names] = arena_text(m->arena, bytes_of(text), f);
	return *name && ++m->names;
}

bool memo_sweep(struct memo *m, struct fault *f)
{
	return m->store->engine->sweep(m->store, ROW_MEMO, f);
}
