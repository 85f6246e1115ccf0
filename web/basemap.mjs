// SPDX-License-Identifier: GPL-3.0-or-later
//
// basemap.mjs RIVERS SHORES LINES - the map beneath, from public-domain data:
// land of Natural Earth (1:10 million, world-atlas), rivers and lakes of World
// Data Bank II (GSHHG, as `gmt coast -M` prints them).  Says vector tiles of
// zooms 0 to 6 as SQL for an MBTiles file, and writes all lines into LINES,
// one GeoJSON feature a line, for `truce geo basemap`.
//
// It holds no border and no name.  Natural Earth draws disputed borders like
// settled ones, and a town's spelling may be a side's: both are the mission's
// own to say (geo/).
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { GeoJSONVT } from "@maplibre/geojson-vt";
import { fromGeojsonVt } from "@maplibre/vt-pbf";
import { feature, mesh } from "topojson-client";

const ZOOM = 6;
const [rivers, shores, lines] = process.argv.slice(2);

const line = (level, coordinates) => ({ type: "Feature",
	properties: { level }, geometry: { type: "LineString", coordinates } });

/** Segments of `gmt coast -M`: "> River Bin # 1306, Level 3", then rows. */
function segments(file) {
	const out = [];
	let level = 0, row = [];
	const close = () => {
		if (row.length > 1)
			out.push(line(level, row));
		row = [];
	};
	for (const l of readFileSync(file, "utf8").split("\n")) {
		if (l.startsWith(">")) {
			close();
			level = Number(/Level (\d+)/.exec(l)?.[1]);
			if (!Number.isInteger(level))
				throw new Error(`${file}: no level in '${l}'`);
		} else if (l !== "") {
			const p = l.split("\t").map(Number);
			if (p.length !== 2 || !p.every(Number.isFinite))
				throw new Error(`${file}: not a position: '${l}'`);
			row.push(p.map((x) => Math.round(x * 1e5) / 1e5));
		}
	}
	close();
	return out;
}

const collection = (features) => ({ type: "FeatureCollection", features });
const atlas = JSON.parse(readFileSync(
	"node_modules/world-atlas/land-10m.json", "utf8"));
const river = segments(rivers), lake = segments(shores);
const coast = mesh(atlas, atlas.objects.land).coordinates;
const layers = {
	land: feature(atlas, atlas.objects.land),
	lake: collection(lake), river: collection(river),
};

writeFileSync(lines, [
	...coast.map((c) => ({ class: "coast", level: 1, c })),
	...lake.map((f) => ({ class: "lake", level: f.properties.level,
		c: f.geometry.coordinates })),
	...river.map((f) => ({ class: "river", level: f.properties.level,
		c: f.geometry.coordinates })),
].map(({ class: k, level, c }) => JSON.stringify({ type: "Feature",
	properties: { role: "basemap", class: k, level },
	geometry: { type: "LineString", coordinates: c } }) + "\n").join(""));

const trees = Object.entries(layers).map(([name, data]) => [name,
	new GeoJSONVT(data, { maxZoom: ZOOM, indexMaxZoom: ZOOM,
		indexMaxPoints: 0, tolerance: 2 })]);
const say = (sql) => process.stdout.write(sql + ";\n");
say("PRAGMA journal_mode = OFF");
say("CREATE TABLE metadata (name TEXT, value TEXT)");
say("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, "
	+ "tile_row INTEGER, tile_data BLOB, "
	+ "PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID");
say("BEGIN");
for (const [name, value] of [["name", "Basemap"], ["format", "pbf"],
	["minzoom", "0"], ["maxzoom", String(ZOOM)],
	["bounds", "-180,-85,180,85"], ["type", "baselayer"],
	["attribution", "Natural Earth; World Data Bank II (GSHHG)"],
	["json", JSON.stringify({ vector_layers: Object.keys(layers).map(
		(id) => ({ id, fields: { level: "Number" } })) })]])
	say(`INSERT INTO metadata VALUES ('${name}', '${value}')`);
for (let z = 0; z <= ZOOM; z++)
	for (let x = 0; x < 1 << z; x++)
		for (let y = 0; y < 1 << z; y++) {
			const here = trees.map(([name, t]) => [name, t.getTile(z, x, y)])
				.filter(([, t]) => t && t.features.length > 0);
			if (here.length === 0)
				continue;
			const data = gzipSync(fromGeojsonVt(Object.fromEntries(here),
				{ version: 2, extent: 4096 }), { level: 9 });
			say(`INSERT INTO tiles VALUES (${z}, ${x}, ${(1 << z) - 1 - y}, `
				+ `x'${data.toString("hex")}')`);
		}
say("COMMIT");
