/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mission's own files: mission.yaml, sensors.csv, geo/, agreement.terms.
 * The geometry comes first, since the agreement states its hashes. */
#include "sim/world.h"

#include "base/sha256.h"

enum { PAGE = 1 << 16, SENSORS = 1 << 21, SHAPES = 16 };

struct outline { /* a line or polygon, kilometres from the origin */
	const char *name;    /* geo/NAME.geojson */
	const char *title, *role, *party, *class_;
	const double (*km)[2];
	size_t count;
	bool closed;
	const char *titles[3]; /* uk, ru, fr; NULL none */
};

/* An invented line of contact, 40 km from north to south. */
static const double loc_km[][2] = {{-1.5, 20}, {0.3, 14}, {-1.0, 8},
	{0.8, 3}, {0.2, -3}, {1.6, -9}, {0.4, -14}, {2.0, -20}};
/* The same line as party B measured it: 150 to 200 m further west. */
static const double loc_b_km[][2] = {{-1.66, 20}, {0.12, 14}, {-1.18, 8},
	{0.64, 3}, {0.05, -3}, {1.42, -9}, {0.22, -14}, {1.83, -20}};
static const double storage_a_km[][2] = {
	{-12.8, -0.3}, {-11.2, -0.3}, {-11.2, 1.3}, {-12.8, 1.3}};
static const double storage_b_km[][2] = {
	{21.2, 3.2}, {22.8, 3.2}, {22.8, 4.8}, {21.2, 4.8}};
static const double training_km[][2] = {
	{10.5, -10.5}, {13.5, -10.5}, {13.5, -7.5}, {10.5, -7.5}};
static const double corridor_km[][2] = {
	{-6, -3.5}, {6, -3.5}, {6, -2.5}, {-6, -2.5}};
/* The buffer as drawn on the map, 1.8 to 1.9 km each side: tracks are held
 * against drawn zones, and what is inside this one is well within the 2 km of
 * the agreement. */
static const double buffer_km[][2] = {{-3.4, 20}, {-1.6, 14}, {-2.9, 8},
	{-1.1, 3}, {-1.7, -3}, {-0.3, -9}, {-1.5, -14}, {0.1, -20}, {3.9, -20},
	{2.3, -14}, {3.5, -9}, {2.1, -3}, {2.7, 3}, {0.9, 8}, {2.2, 14},
	{0.4, 20}};
/* Ground of each side, from the line to the edge of the area. */
static const double control_a_km[][2] = {{-29, 20}, {-29, -20}, {2.0, -20},
	{0.4, -14}, {1.6, -9}, {0.2, -3}, {0.8, 3}, {-1.0, 8}, {0.3, 14},
	{-1.5, 20}};
static const double control_b_km[][2] = {{29, -20}, {29, 20}, {-1.5, 20},
	{0.3, 14}, {-1.0, 8}, {0.8, 3}, {0.2, -3}, {1.6, -9}, {0.4, -14},
	{2.0, -20}};

#define KM(x) x, sizeof x / sizeof *x
static const struct outline outlines[] = {
	{"loc", "Line of contact", "line", "", "", KM(loc_km), false,
		{"Лінія зіткнення", "Линия соприкосновения",
			"Ligne de contact"}},
	{"loc-b", "Line of contact as measured by Party B", "line", "B", "",
		KM(loc_b_km), false, {"Лінія зіткнення за виміром Сторони B",
			"Линия соприкосновения по измерениям Стороны B",
			"Ligne de contact mesurée par la Partie B"}},
	{"storage", "Storage site Vapniarka", "zone", "A", "storage",
		KM(storage_a_km), true, {"Місце зберігання Вапнярка",
			"Место хранения Вапнярка",
			"Site de stockage Vapniarka"}},
	{"storage", "Storage site Kruta Balka", "zone", "B", "storage",
		KM(storage_b_km), true, {"Місце зберігання Крута Балка",
			"Место хранения Крутая Балка",
			"Site de stockage Krouta Balka"}},
	{"training", "Training area Sukhyi Lyman", "zone", "B", "training",
		KM(training_km), true, {"Навчальний район Сухий Лиман",
			"Учебный район Сухой Лиман",
			"Zone d’entraînement Soukhyï Lyman"}},
	{"corridor", "Humanitarian corridor", "zone", "", "corridor",
		KM(corridor_km), true, {"Гуманітарний коридор",
			"Гуманитарный коридор", "Couloir humanitaire"}},
	{"buffer", "Buffer zone", "zone", "", "buffer", KM(buffer_km), true,
		{"Буферна зона", "Буферная зона", "Zone tampon"}},
	{"control-a", "Area controlled by Party A", "control", "A", "",
		KM(control_a_km), true, {NULL}},
	{"control-b", "Area controlled by Party B", "control", "B", "",
		KM(control_b_km), true, {NULL}},
};
enum { OUTLINES = sizeof outlines / sizeof *outlines };

struct hashed {
	const char *name;
	struct digest sha256;
};

static void put_corner(const struct world *w, struct json *j, const double *km)
{
	struct point p = world_point(
		w, (struct xy){1000 * km[0], 1000 * km[1]});

	json_list(j);
	json_short(j, p.lon_deg, 6);
	json_short(j, p.lat_deg, 6);
	json_close(j);
}

static void put_corners(
	const struct world *w, struct json *j, const struct outline *o)
{
	json_list(j);
	if (o->closed)
		json_list(j);
	for (size_t i = 0; i < o->count; i++)
		put_corner(w, j, o->km[i]);
	if (o->closed) {
		put_corner(w, j, o->km[0]);
		json_close(j);
	}
	json_close(j);
}

static void put_feature(
	const struct world *w, struct json *j, const struct outline *o)
{
	static const char *const in[] = {"name_uk", "name_ru", "name_fr"};

	json_object(j);
	json_key_text(j, "type", "Feature");
	json_key(j, "properties");
	json_object(j);
	json_key_text(j, "role", o->role);
	json_key_text(j, "name", o->title);
	for (size_t i = 0; i < 3 && o->titles[i]; i++)
		json_key_text(j, in[i], o->titles[i]);
	json_key_text(j, "version", "2026-02-01");
	if (o->party[0])
		json_key_text(j, "party", o->party);
	if (o->class_[0])
		json_key_text(j, "class", o->class_);
	json_close(j);
	json_key(j, "geometry");
	json_object(j);
	json_key_text(j, "type", o->closed ? "Polygon" : "LineString");
	json_key(j, "coordinates");
	put_corners(w, j, o);
	json_close(j);
	json_close(j);
}

static bool first_of_file(size_t i)
{
	return i == 0 ||
		strcmp(outlines[i].name, outlines[i - 1].name) != 0;
}

/* All outlines of one name make one file. */
static bool put_geojson(struct world *w, const char *name,
	struct digest *sha256, struct fault *f)
{
	struct text t = text_in(w->arena, PAGE);
	struct json j = json_on(&t);
	char path[96];

	json_object(&j);
	json_key_text(&j, "type", "FeatureCollection");
	json_key(&j, "features");
	json_list(&j);
	for (size_t i = 0; i < OUTLINES; i++)
		if (strcmp(outlines[i].name, name) == 0)
			put_feature(w, &j, &outlines[i]);
	json_close(&j);
	json_close(&j);
	text_char(&t, '\n');
	if (!text_check(&t, f))
		return false;
	*sha256 = sha256_of(text_view(&t));
	(void)snprintf(path, sizeof path, "geo/%s.geojson", name);
	return world_file(w, path, text_view(&t), f);
}

static bool put_geometry(struct world *w, struct hashed list[SHAPES],
	size_t *count, struct fault *f)
{
	*count = 0;
	for (size_t i = 0; i < OUTLINES; i++) {
		if (!first_of_file(i))
			continue;
		list[*count].name = outlines[i].name;
		if (!put_geojson(w, outlines[i].name, &list[*count].sha256, f))
			return false;
		++*count;
	}
	return true;
}

static const struct hashed *hash_named(
	const struct hashed *list, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_are(name, list[i].name))
			return &list[i];
	return NULL;
}

/* The terms of the demonstration, when the caller brings none: the same rules
 * as missions/demo/agreement.terms, in fewer words. */
static const char own_terms[] =
	"AGREEMENT demo/1 TITLE \"Demonstration cease-fire\""
	" STATUS signed 2026-02-01 TIMEZONE Europe/Kyiv\n"
	"PARTIES A \"Party A\" B \"Party B\"\n"
	"LINE loc FILE geo/loc.geojson SHA256 @loc@ ERROR 50 m\n"
	"ZONE buffer = WITHIN 2 km OF loc\n"
	"ZONE storage FILE geo/storage.geojson SHA256 @storage@\n"
	"ZONE training FILE geo/training.geojson SHA256 @training@\n"
	"CLASS heavy = tank or mlrs or (artillery and calibre_mm >= 100)"
	" or (mortar and calibre_mm >= 120)\n"
	"CLASS shooting = explosion or burst or shot or projectile\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
	"STANDARD reasonable = probability >= 0.50\n"
	"\n"
	"ARTICLE 4 TEXT \"Heavy weapons are kept at least 15 kilometres from"
	" the line of contact, or in the agreed storage sites.\"\n"
	"RULE 4.a FORBIDS presence of heavy WITHIN 15 km OF loc ON own side\n"
	"         FROM 2026-02-02T00:00Z\n"
	"         EXCEPT 4.a.1 INSIDE storage\n"
	"         STANDARD reasonable GRADE serious\n"
	"\n"
	"ARTICLE 5 TEXT \"Fire ceases. Demining and training that were"
	" notified in time are no breach.\"\n"
	"RULE 5.a FORBIDS shooting WITHIN 30 km OF loc\n"
	"         FROM 2026-02-02T00:00Z\n"
	"         EXCEPT 5.a.1 NOTIFIED demining 24 h BEFORE, NEAR 500 m,"
	" DAILY 06:00-18:00\n"
	"         EXCEPT 5.a.2 NOTIFIED training 48 h BEFORE, INSIDE training\n"
	"         STANDARD reasonable GRADE by count (1 minor, 10 serious,"
	" 100 grave)\n"
	"\n"
	"ARTICLE 6 TEXT \"Only the mission flies over the buffer.\"\n"
	"RULE 6.a FORBIDS flight of uav INSIDE buffer\n"
	"         FROM 2026-02-02T00:00Z\n"
	"         EXCEPT 6.a.1 BY mission\n"
	"         STANDARD reasonable GRADE minor\n";

/* @loc@ becomes the SHA-256 of geo/loc.geojson; other words stay. */
static bool put_terms(struct world *w, const struct hashed *list, size_t count,
	struct fault *f)
{
	struct bytes in = w->agreement_text.len > 0 ? w->agreement_text :
		bytes_of(own_terms);
	struct text t = text_in(w->arena, in.len + PAGE);
	size_t i = 0;

	while (i < in.len) {
		const struct hashed *h = NULL;
		size_t end = i + 1;
		char hex[SHA256_HEX];

		while (in.at[i] == '@' && end < in.len && end < i + 64 &&
			in.at[end] != '@')
			end++;
		if (in.at[i] == '@' && end < in.len && in.at[end] == '@')
			h = hash_named(list, count,
				bytes_part(in, i + 1, end - i - 1));
		if (h) {
			text_add(&t, digest_hex(&h->sha256, hex));
			i = end + 1;
		} else {
			text_bytes(&t, bytes_part(in, i++, 1));
		}
	}
	return text_check(&t, f) &&
		world_file(w, "agreement.terms", text_view(&t), f);
}

static bool put_places(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, PAGE);

	text_add(&t, "name,name_uk,name_ru,name_fr,former,lat,lon,population,"
		"control\n");
	for (size_t i = 0; i < w->town_count; i++) {
		const struct town_row *r = &w->town[i];
		struct point p = world_point(w, r->at);

		text_fmt(&t, "%s,%s,%s,%s,%s,%.5f,%.5f,%d,%s\n", r->name,
			r->uk, r->ru, r->fr, r->former, p.lat_deg, p.lon_deg,
			r->population, r->control);
	}
	return text_check(&t, f) &&
		world_file(w, "geo/places.csv", text_view(&t), f);
}

/* Sources that have no place of their own. */
static void put_movers(struct world *w, struct text *t)
{
	for (size_t i = 0; i < w->patrol_count; i++)
		text_fmt(t, "%s,patrol,,,,,,mission,,,,,\n", w->patrol[i].id);
	if (w->flights)
		text_add(t, "D-01,drone,,,,,,mission,,,,,\n"
			"D-02,drone,,,,,,mission,,,,,\n");
	for (size_t i = 0; i < w->pass_count; i++)
		if (world_pass_first(w, i))
			text_fmt(t, "VIIRS_%s,satellite,,,,,,NASA,,,,,\n",
				w->pass[i].satellite);
	if (w->notice_count + w->claim_count > 0)
		text_add(t, "LO-A,party,,,,,,A,A,,,,\n"
			"LO-B,party,,,,,,B,B,,,,\n");
}

static bool put_sensors(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, SENSORS);
	struct point p = world_point(w, (struct xy){-6000, 300});

	text_add(&t, "id,kind,lat,lon,elev_m,rate_hz,sensitivity,owner,"
		"host_party,installed,position_err_m,public_key,array\n");
	for (size_t i = 0; i < w->node_count; i++) {
		const struct node *n = &w->node[i];
		struct point q = world_point(w, n->at);

		text_fmt(&t, "%s,%s,%.6f,%.6f,%.0f,%d,%.0f,%s,%s,"
			"2026-02-01T00:00:00Z,2,,%s\n", n->id, n->kind,
			q.lat_deg, q.lon_deg, n->elev_m, n->rate_hz,
			n->counts_per_pa * (n->ground ? 1e6 : 1), n->owner,
			n->host, n->array);
	}
	text_fmt(&t, "WX-1,weather,%.6f,%.6f,140,,,mission,A,"
		"2026-02-01T00:00:00Z,10,,\n", p.lat_deg, p.lon_deg);
	put_movers(w, &t);
	return text_check(&t, f) &&
		world_file(w, "sensors.csv", text_view(&t), f);
}

static bool put_mission(struct world *w, struct fault *f)
{
	struct text t = text_in(w->arena, PAGE);
	struct point sw = world_point(
		w, (struct xy){-w->half_x_m, -w->half_y_m});
	struct point ne = world_point(w, (struct xy){w->half_x_m, w->half_y_m});

	text_fmt(&t, "# Written by truce sim; every place and name in it is "
		"invented.\nname: %s\ntitle: \"%s\"\n", w->name, w->title);
	text_add(&t, "timezone: Europe/Kyiv\n"
		"cutoff: \"19:30\"\n"
		"weekend_joins: true\n"
		"languages: [en, uk, ru, fr]\n");
	text_fmt(&t, "area:\n  bbox: [%.4f, %.4f, %.4f, %.4f]\n", sw.lon_deg,
		sw.lat_deg, ne.lon_deg, ne.lat_deg);
	text_add(&t, "parties:\n"
		"  - id: A\n    name: \"Party A\"\n"
		"  - id: B\n    name: \"Party B\"\n"
		"agreement: agreement.terms\n"
		"sensors: sensors.csv\n"
		"gazetteer: geo/places.csv\n"
		"control_at: 2026-02-01\n"
		"geometry:\n");
	for (size_t i = 0; i < OUTLINES; i++)
		if (first_of_file(i))
			text_fmt(&t, "  - geo/%s.geojson\n", outlines[i].name);
	text_add(&t, "publication:\n  public_cell_m: 5000\n"
		"retention:\n  raw_h: 72\n");
	return text_check(&t, f) &&
		world_file(w, "mission.yaml", text_view(&t), f);
}

bool folder_write(struct world *w, struct fault *f)
{
	struct hashed hash[SHAPES];
	size_t count = 0, mark = w->arena->used;
	bool ok = put_geometry(w, hash, &count, f) &&
		put_terms(w, hash, count, f) && put_places(w, f) &&
		put_sensors(w, f) && put_mission(w, f);

	w->arena->used = mark;
	return ok;
}
