/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/simsign.h"

#include "base/csv.h"
#include "base/encode.h"
#include "formats/format.h"
#include "ledger/chain_ack.h"

enum { COLUMNS = 16, KEY_COLUMN = 11, RECORDS = 8, RECORD = 512,
	SENSORS_MAX = 16384 };

static void key_of(const char *id, struct sign_key *k)
{
	char made_of[256];
	struct text t = text_on(made_of, sizeof made_of);
	struct digest seed;

	text_fmt(&t, "truce sim sensor key %s", id);
	seed = sha256_of(text_view(&t));
	memcpy(k->seed, seed.at, SIGN_SEED);
	sign_key_fill(k);
}

static size_t split(struct bytes line, struct bytes cell[COLUMNS])
{
	size_t n = 0, from = 0;

	for (size_t i = 0; i <= line.len && n < COLUMNS; i++)
		if (i == line.len || line.at[i] == ',') {
			cell[n++] = bytes_part(line, from, i - from);
			from = i + 1;
		}
	return n;
}

/* It samples, and stands somewhere. */
static bool learn(struct simsign *s, const struct bytes cell[COLUMNS],
	struct sign_key *k, struct fault *f)
{
	struct simsign_sensor *x = &s->sensor[s->count];
	struct fault no;

	if (cell[5].len == 0 || !number_read(cell[2], &x->lat_deg, &no) ||
		!number_read(cell[3], &x->lon_deg, &no) ||
		!number_read(cell[4], &x->elev_m, &no))
		return true;
	if (!(x->id = arena_text(&s->arena, cell[0], f)))
		return false;
	key_of(x->id, k);
	s->count++;
	return true;
}

static bool one_row(struct simsign *s, struct bytes line, struct text *out,
	struct fault *f)
{
	struct bytes cell[COLUMNS] = {{0}};
	size_t n = split(line, cell), was = s->count;
	struct sign_key k;

	if (n > KEY_COLUMN && s->count < s->wanted && !learn(s, cell, &k, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			text_char(out, ',');
		if (i == KEY_COLUMN && s->count > was)
			text_hex(out, (struct bytes){k.public_key, SIGN_KEY});
		else
			text_bytes(out, cell[i]);
	}
	text_char(out, '\n');
	return true;
}

bool simsign_sensors(
	struct simsign *s, struct bytes csv, struct text *out, struct fault *f)
{
	size_t from = 0;

	if (s->wanted > SENSORS_MAX)
		s->wanted = SENSORS_MAX;
	if (!sign_ready(f) || !arena_map(&s->arena, 16 << 20, f) ||
		!(s->sensor = arena_array(&s->arena, s->wanted + 1,
			  sizeof *s->sensor, f)))
		return false;
	for (size_t i = 0; i < csv.len; i++)
		if (csv.at[i] == '\n') {
			if (!one_row(s, bytes_part(csv, from, i - from), out,
				f))
				return false;
			from = i + 1;
		}
	return text_check(out, f);
}

const struct simsign_sensor *simsign_find(
	const struct simsign *s, const char *path)
{
	static const char inbox[] = "inbox/";
	const char *name = path + sizeof inbox - 1;

	if (strncmp(path, inbox, sizeof inbox - 1) != 0)
		return NULL;
	for (size_t i = 0; i < s->count; i++) {
		size_t n = strlen(s->sensor[i].id);

		if (strncmp(name, s->sensor[i].id, n) == 0 && name[n] == '/')
			return &s->sensor[i];
	}
	return NULL;
}

/* -- frames -- */

static bool see(void *self, const struct segment *s, struct fault *f)
{
	struct frame *x = self;
	size_t n = s->count ? s->count : s->declared;
	struct instant end = segment_time(s, n);

	(void)f;
	if (!instant_known(x->start))
		x->start = s->start;
	x->span_us = (uint32_t)((end.utc_ns - x->start.utc_ns) / 1000);
	return true;
}

static bool times_of(struct frame *x, struct arena *scratch, struct fault *f)
{
	struct intake in = {x, see, intake_no_observation, intake_no_damage,
		true};
	struct origin o = {"", ""};
	struct fault why = {0};

	x->start = INSTANT_UNKNOWN;
	x->span_us = 0;
	scratch->used = 0;
	if (format_named("miniseed")->decode(x->payload, &o, scratch, &in,
		&why) || why.kind == FAULT_INPUT)
		return true;
	*f = why;
	return false;
}

static struct frame first_of(const struct simsign_sensor *s)
{
	struct frame x = {.kind = FRAME_MINISEED, .boot = 1, .time_source = 1,
		.lock = FRAME_LOCKED, .error_us = 1,
		.lat_e7 = (int32_t)floor(s->lat_deg * 1e7 + 0.5),
		.lon_e7 = (int32_t)floor(s->lon_deg * 1e7 + 0.5),
		.height_mm = (int32_t)floor(s->elev_m * 1e3 + 0.5)};

	chain_sensor_id(s->id, x.sensor);
	return x;
}

bool simsign_file(struct simsign_chain *c, const struct simsign_sensor *s,
	struct bytes mseed, struct arena *scratch, struct text *out,
	struct fault *f)
{
	struct frame *x = &c->last;
	static const int64_t hour_ns = INT64_C(3600) * 1000000000;

	if (x->kind == 0) {
		key_of(s->id, &c->key);
		*x = first_of(s);
		c->booted_ns = INT64_MIN;
	}
	for (size_t at = 0; at < mseed.len; at += RECORDS * RECORD) {
		uint8_t made[FRAME_HEAD + RECORDS * RECORD];

		x->payload = bytes_part(mseed, at, RECORDS * RECORD);
		if (!times_of(x, scratch, f))
			return false;
		if (instant_known(x->start) && c->booted_ns == INT64_MIN)
			c->booted_ns = x->start.utc_ns - hour_ns;
		if (instant_known(x->start))
			x->monotonic_ns =
				(uint64_t)(x->start.utc_ns - c->booted_ns);
		frame_write(x, &c->key, made);
		text_bytes(out, (struct bytes){made,
			FRAME_HEAD + x->payload.len});
		x->prev = x->digest;
		x->sequence++;
	}
	return text_check(out, f);
}

void simsign_done(struct simsign *s)
{
	arena_unmap(&s->arena);
	*s = (struct simsign){.wanted = 0};
}
