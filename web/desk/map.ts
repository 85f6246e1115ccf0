// SPDX-License-Identifier: GPL-3.0-or-later
//
// map.ts - the map: what was watched beneath, lines and zones of the agreement
// with their names, the incidents, the selected one's region of error.  No
// tile, glyph or style is asked of anybody.
import { AttributionControl, type GeoJSONSource, Map as MapGL, NavigationControl, ScaleControl,
	setWorkerUrl, type StyleSpecification } from "maplibre-gl";

import type { Row } from "./api";
import { lay, type Sheet } from "./basemap";
import type { Columns } from "./columns";
import { Points } from "./points";

const FONT = ["Noto Sans Variable"];
/** Shares of time, apart: what is wholly watched has no `partly`. */
const SEEN = ["+", ["get", "watched"], ["get", "partly"]];
const nothing = { type: "FeatureCollection" as const, features: [] };

interface Inks {
	land: string; line: string; zone: string; text: string; halo: string;
	unwatched: string; partly: string; evidence: string;
}

const light: Inks = { land: "#f4f1ea", line: "#3a3a3a", zone: "#6b6455",
	text: "#2b2b2b", halo: "#f4f1ea", unwatched: "#b9b2a3",
	partly: "#d6d0c3", evidence: "#6a3d9a" };
const dark: Inks = { land: "#1d2024", line: "#d8d4cb", zone: "#a39c8d",
	text: "#e8e6e1", halo: "#1d2024", unwatched: "#3f454d",
	partly: "#31363d", evidence: "#c9a8f0" };

/** Hatching, so that the unwatched is never taken for a colour of a kind. */
function hatch(colour: string, gap: number): ImageData {
	const c = document.createElement("canvas");
	c.width = c.height = 16;
	const g = c.getContext("2d");
	if (!g)
		return new ImageData(16, 16);
	g.strokeStyle = colour;
	g.lineWidth = 1.4;
	for (let k = -16; k <= 16; k += gap) {
		g.beginPath();
		g.moveTo(k, 16);
		g.lineTo(k + 16, 0);
		g.stroke();
	}
	return g.getImageData(0, 0, 16, 16);
}

function style(i: Inks, lang: string): StyleSpecification {
	const role = (r: string) => ["==", ["get", "role"], r] as never;
	const name = ["coalesce", ["get", "name_" + lang], ["get", "name"]];
	return {
		version: 8,
		sources: {
			geometry: { type: "geojson", data: nothing },
			coverage: { type: "geojson", data: nothing },
			region: { type: "geojson", data: nothing },
			sources: { type: "geojson", data: nothing },
			evidence: { type: "geojson", data: nothing },
		},
		layers: [
			{ id: "land", type: "background",
				paint: { "background-color": i.land } },
			{ id: "unwatched", type: "fill", source: "coverage",
				filter: ["<", SEEN, 0.1] as never,
				paint: { "fill-pattern": "unwatched",
					"fill-antialias": false } },
			{ id: "partly", type: "fill", source: "coverage",
				filter: ["all", [">=", SEEN, 0.1],
					["<", ["get", "watched"], 0.9]] as never,
				paint: { "fill-pattern": "partly",
					"fill-antialias": false } },
			{ id: "boundary", type: "line", source: "geometry",
				filter: ["all", role("basemap"), ["!", ["in", ["get",
					"class"], ["literal", ["coast", "lake", "river",
					"stream", "water", "sea", "road", "rail"]]]],
					["==", ["index-of", "disputed", ["coalesce",
						["get", "class"], ""]], -1]] as never,
				paint: { "line-color": i.zone, "line-width": 0.8,
					"line-dasharray": [7, 3, 1.5, 3] } },
			{ id: "zone", type: "line", source: "geometry",
				filter: role("zone"), paint: { "line-color": i.zone,
					"line-width": 1.2, "line-dasharray": [4, 2] } },
			{ id: "line", type: "line", source: "geometry",
				filter: role("line"), paint: { "line-color": i.line,
					"line-width": 2.2 } },
			{ id: "sources", type: "circle", source: "sources",
				minzoom: 8, paint: { "circle-radius": 2.2,
					"circle-color": i.land, "circle-stroke-width": 1,
					"circle-stroke-color": i.zone } },
			{ id: "evidence-fill", type: "fill", source: "evidence",
				filter: ["==", ["geometry-type"], "Polygon"] as never,
				paint: { "fill-color": i.evidence, "fill-opacity": 0.08 } },
			{ id: "evidence", type: "line", source: "evidence",
				paint: { "line-color": i.evidence, "line-width": 1.2 } },
			{ id: "observer", type: "circle", source: "evidence",
				filter: ["==", ["geometry-type"], "Point"] as never,
				paint: { "circle-radius": 4, "circle-color": i.evidence,
					"circle-stroke-width": 1.5,
					"circle-stroke-color": i.land } },
			{ id: "region-fill", type: "fill", source: "region",
				paint: { "fill-color": i.text, "fill-opacity": 0.12 } },
			{ id: "region", type: "line", source: "region",
				paint: { "line-color": i.text, "line-width": 1.5 } },
			{ id: "line-name", type: "symbol", source: "geometry",
				filter: role("line"), layout: {
					"symbol-placement": "line", "text-font": FONT,
					"text-size": 11, "text-field": name as never,
					"text-offset": [0, 1] },
				paint: { "text-color": i.line, "text-halo-color": i.halo,
					"text-halo-width": 1.5 } },
			{ id: "town", type: "symbol", source: "geometry",
				filter: role("town"), layout: { "text-font": FONT,
					"text-size": 12, "text-field": name as never,
					"symbol-sort-key": ["-", 0, ["coalesce",
						["get", "population"], 0]] as never },
				paint: { "text-color": i.text, "text-halo-color": i.halo,
					"text-halo-width": 1.5 } },
		],
	};
}

export class DeskMap {
	readonly points = new Points();
	readonly map: MapGL;
	#ready: Promise<unknown>;

	constructor(element: HTMLElement, box: [number, number, number, number],
		theme: "light" | "dark", lang: string,
		picked: (row: number) => void) {
		const inks = theme === "dark" ? dark : light;
		setWorkerUrl(new URL("maplibre-worker.mjs", document.baseURI).href);
		this.map = new MapGL({ container: element, style: style(inks, lang),
			bounds: box, fitBoundsOptions: { padding: 24 },
			attributionControl: false, dragRotate: false,
			pitchWithRotate: false, maxZoom: 17, fadeDuration: 0 });
		this.map.touchZoomRotate.disableRotation();
		this.map.addControl(new NavigationControl({ showCompass: false }));
		this.map.addControl(new ScaleControl({ maxWidth: 140 }));
		this.points.edge = theme === "dark" ? "#ffffff" : "#1a1a1a";
		this.map.addImage("unwatched", hatch(inks.unwatched, 4));
		this.map.addImage("partly", hatch(inks.partly, 8));
		this.#ready = new Promise((done) => this.map.once("load", done));
		void this.#ready.then(() =>
			this.map.addLayer(this.points, "region-fill"));
		this.map.on("click", (e) =>
			picked(this.points.at(e.point.x, e.point.y)));
		this.map.on("idle", () => { element.dataset.idle = "yes"; });
		this.map.on("movestart", () => { delete element.dataset.idle; });
	}

	/** What an incident rests on; null takes it away. */
	async evidence(geojson: unknown) {
		await this.data("evidence", geojson ?? nothing);
	}

	async data(source: "geometry" | "coverage" | "region" | "sources"
		| "evidence",
		data: unknown) {
		await this.#ready;
		this.map.getSource<GeoJSONSource>(source)?.setData(data as never);
	}

	/** The map beneath; whom it is owed to stands in a corner. */
	async beneath(sheets: Sheet[], theme: "light" | "dark", lang: string) {
		await this.#ready;
		const owed = lay(this.map, sheets, theme, lang, "unwatched");
		if (owed)
			this.map.addControl(new AttributionControl({ compact: true,
				customAttribution: owed }), "bottom-right");
	}

	/** The region of error of a record, and its mark larger. */
	async region(record: Row | null, columns: Columns | null) {
		const index = (record?.ledger as Row | undefined)?.index;
		this.points.selected = typeof index === "number" && columns
			? columns.id.indexOf(index) : -1;
		const place = record?.place as Row | undefined;
		const shape = (place?.region as Row | undefined)?.geojson;
		await this.data("region", shape ? { type: "Feature", properties: {},
			geometry: shape } : nothing);
		this.repaint();
	}

	/** As a PNG; the canvas itself keeps nothing between two frames. */
	picture(): string {
		this.map.redraw();
		return this.map.getCanvas().toDataURL();
	}

	fly(lon: number, lat: number) {
		this.map.jumpTo({ center: [lon, lat],
			zoom: Math.max(11, this.map.getZoom()) });
	}

	repaint() {
		this.map.triggerRepaint();
	}

	remove() {
		this.map.remove();
	}
}
