// SPDX-License-Identifier: GPL-3.0-or-later
//
// basemap.ts - what lies beneath: land, lakes and rivers of the built-in tiles
// (web/basemap.mjs), and the mission's own tiles over them, all from our own
// server (/api/v1/map).  Borders of foreign tiles are not drawn, whatever they
// hold: which border is settled is the mission's to say, in geo/.
import type { LayerSpecification, Map as MapGL } from "maplibre-gl";

export interface Sheet {
	name: string;
	format: "pbf" | "png" | "jpg" | "webp";
	minzoom: number;
	maxzoom: number;
	attribution: string | null;
	layers: string[];
}

interface Inks { land: string; water: string; shore: string; road: string; text: string }

const light: Inks = { land: "#f4f1ea", water: "#d3e0e6", shore: "#a9c2ce", road: "#cfc6b6",
	text: "#4a4a4a" };
const dark: Inks = { land: "#1d2024", water: "#2a3a46", shore: "#3d5666", road: "#3d4249",
	text: "#b9b5ac" };

/** What is drawn of a layer of vector tiles, by its name: ours, and those of
 * the OpenMapTiles schema that serve orientation. */
function drawn(layer: string, source: string, i: Inks, lang: string):
	LayerSpecification | null {
	const of = { id: `${source}/${layer}`, source, "source-layer": layer };
	const width = ["interpolate", ["linear"], ["zoom"], 5, 0.6, 10, 1.8];

	switch (layer) {
	case "land":
		return { ...of, type: "fill", paint: { "fill-color": i.land,
			"fill-antialias": false } };
	case "water":
		return { ...of, type: "fill", paint: { "fill-color": i.water } };
	case "lake":
		return { ...of, type: "line", paint: { "line-color": i.shore,
			"line-width": width as never } };
	case "river": {
		// Level 1 are great rivers; small ones come with the zoom.
		const shown = ["<=", ["get", "level"],
			["step", ["zoom"], 2, 4, 3, 6, 5, 8, 10]];
		return { ...of, type: "line", filter: shown as never,
			paint: { "line-color": i.shore, "line-width": width as never } };
	}
	case "waterway":
		return { ...of, type: "line", paint: { "line-color": i.shore } };
	case "transportation":
		return { ...of, type: "line", minzoom: 7,
			paint: { "line-color": i.road, "line-width": 0.8 } };
	case "place":
		return { ...of, type: "symbol", layout: {
			"text-field": ["coalesce", ["get", "name:" + lang],
				["get", "name"]] as never,
			"text-font": ["Noto Sans Variable"], "text-size": 11 },
			paint: { "text-color": i.text, "text-halo-color": i.land,
				"text-halo-width": 1.2 } };
	default:
		return null;
	}
}

/** Draws them beneath the layer `under`; says whom they are owed to. */
export function lay(map: MapGL, sheets: Sheet[], theme: "light" | "dark",
	lang: string, under: string): string {
	const i = theme === "dark" ? dark : light;

	for (const s of sheets) {
		const id = "map-" + s.name;
		const tiles = {
			tiles: [new URL(`map/${s.name}/{z}/{x}/{y}`, document.baseURI)
				.href.replaceAll("%7B", "{").replaceAll("%7D", "}")],
			minzoom: s.minzoom, maxzoom: s.maxzoom };
		if (s.format !== "pbf") {
			map.addSource(id, { type: "raster", tileSize: 256, ...tiles });
			map.addLayer({ id, type: "raster", source: id }, under);
			continue;
		}
		map.addSource(id, { type: "vector", ...tiles });
		for (const l of s.layers) {
			const layer = drawn(l, id, i, lang);
			if (layer)
				map.addLayer(layer, under);
		}
	}
	const sea = sheets.find((s) => s.layers.includes("land"));
	if (sea)	// till its land is there, all is land
		map.on("sourcedata", function once(e) {
			if (e.sourceId === "map-" + sea.name
				&& map.isSourceLoaded(e.sourceId)) {
				map.off("sourcedata", once);
				map.setPaintProperty("land", "background-color", i.water);
			}
		});
	return sheets.map((s) => s.attribution).filter((a) => a).join(" · ");
}
