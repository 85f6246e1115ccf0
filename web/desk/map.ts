// SPDX-License-Identifier: GPL-3.0-or-later
//
// map.ts - the map: what was watched beneath, lines and zones of the agreement
// with their names, the incidents, the selected one's region of error.  No
// tile, glyph or style is asked of anybody.
import { AttributionControl, type GeoJSONSource, Map as MapGL, NavigationControl, ScaleControl,
	setWorkerUrl, type StyleSpecification } from "maplibre-gl";

import type { Alert, Row } from "./api";
import { lay, type Sheet } from "./basemap";
import { drawn, Grid, type Cell } from "./cells";
import type { Columns } from "./columns";
import { EDGES, GROUPS, LANDS, mark, type Group } from "./kinds";
import { Points } from "./points";

const FONT = ["Noto Sans Variable"];
/** Below it incidents are counted in cells, of 32 to 64 pixels. */
const NEAR = 8;
const ASK_MS = 200;
/** Shares of time, apart: what is wholly watched has no `partly`. */
const SEEN = ["+", ["get", "watched"], ["get", "partly"]];
const nothing = { type: "FeatureCollection" as const, features: [] };

interface Inks {
	land: string; line: string; zone: string; text: string; halo: string;
	unwatched: string; partly: string; evidence: string;
}

const light: Inks = { land: LANDS.light, line: "#3a3a3a", zone: "#6b6455",
	text: "#2b2b2b", halo: LANDS.light, unwatched: "#b9b2a3",
	partly: "#d6d0c3", evidence: "#6a3d9a" };
const dark: Inks = { land: LANDS.dark, line: "#d8d4cb", zone: "#a39c8d",
	text: "#e8e6e1", halo: LANDS.dark, unwatched: "#3f454d",
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
			alerts: { type: "geojson", data: nothing },
			cells: { type: "geojson", data: nothing },
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
			{ id: "alerts", type: "circle", source: "alerts",
				paint: { "circle-radius": 14, "circle-opacity": 0,
					"circle-stroke-width": 3,
					"circle-stroke-color": i.evidence } },
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
			{ id: "cells", type: "symbol", source: "cells", maxzoom: NEAR,
				layout: { "text-font": FONT, "text-size": 12,
					"text-field": ["to-string", ["get", "n"]] as never,
					"text-allow-overlap": true, "icon-allow-overlap": true,
					"icon-image": ["concat", "cell-", ["get", "group"]
					] as never, "icon-size": ["get", "size"] as never,
					"symbol-sort-key": ["get", "n"] as never },
				paint: { "text-color": "#000000", "text-halo-width": 2,
					"text-halo-color": "#ffffff" } },
		],
	};
}

export class DeskMap {
	readonly points = new Points();
	readonly map: MapGL;
	/** Counts cells of a time where the columns were cut. */
	ask: ((zoom: number, from: number | null, to: number | null)
		=> Promise<Cell[]>) | null = null;
	#ready: Promise<unknown>;
	#columns: Columns | null = null;
	#kinds: string[] = [];
	#grid: Grid | null = null;
	#counted = "";
	#shown = "no";
	#waits: ReturnType<typeof setTimeout> | undefined;
	/** The frame that counts cells anew: one, however many steps a brush took. */
	#counts = 0;

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
		this.points.edge = EDGES[theme];
		this.points.from = NEAR;
		for (const g of GROUPS)
			this.map.addImage("cell-" + g, mark(g, this.points.edge),
				{ pixelRatio: 2 });
		this.map.addImage("unwatched", hatch(inks.unwatched, 4));
		this.map.addImage("partly", hatch(inks.partly, 8));
		this.#ready = new Promise((done) => this.map.once("load", done));
		void this.#ready.then(() =>
			this.map.addLayer(this.points, "region-fill"));
		const afar = () => {
			element.toggleAttribute("data-afar", this.map.getZoom() < NEAR);
			this.#count();
		};
		this.map.on("zoomend", afar);
		this.map.on("load", afar);
		this.map.on("click", (e) => {
			const cell = this.map.getZoom() < NEAR && this.map.loaded()
				? this.map.queryRenderedFeatures(e.point,
					{ layers: ["cells"] })[0] : undefined;
			if (cell)
				this.map.easeTo({ center: e.lngLat, zoom: Math.min(NEAR + 1,
					this.map.getZoom() + 3) });
			else if (this.map.getZoom() >= NEAR)
				picked(this.points.at(e.point.x, e.point.y));
		});
		this.map.on("idle", () => { element.dataset.idle = "yes"; });
		this.map.on("movestart", () => { delete element.dataset.idle; });
	}

	/** All incidents that are known; what of them is shown, show() says. */
	set(columns: Columns, kinds: string[]) {
		this.#columns = columns;
		this.#kinds = kinds;
		this.#grid = null;
		this.#counted = "";
		this.#shown = "no";
		this.points.set(columns, kinds);
	}

	show(from: number | null, to: number | null, shown: Set<Group>) {
		const asked = [from, to, ...shown].join();
		if (asked === this.#shown) // the page is made anew for something else
			return;
		this.#shown = asked;
		this.points.window = [from, to];
		this.points.shown = shown;
		// From afar the points are not drawn: a frame more would show nothing.
		if (this.map.getZoom() >= NEAR)
			this.repaint();
		cancelAnimationFrame(this.#counts);
		this.#counts = requestAnimationFrame(() => this.#count());
	}

	/** The cells of what is shown, where the map is seen from afar. */
	#count() {
		const c = this.#columns, at = this.map.getZoom();
		if (!c || at >= NEAR)
			return;
		const zoom = Math.max(0, Math.floor(at) - 1);
		const { window: [from, to], shown } = this.points;
		const key = [zoom, from, to, ...shown].join();
		if (key === this.#counted)
			return;
		this.#counted = key;
		const lay = (cells: Cell[]) => {
			if (this.#counted !== key)
				return;
			const of = drawn(cells, zoom, shown);
			this.map.getContainer().dataset.counted = String(of.features.reduce((n, f) =>
				n + f.properties.n, 0));
			void this.data("cells", of);
		};
		clearTimeout(this.#waits);
		if (c.cut && this.ask) {
			const ask = this.ask;
			this.#waits = setTimeout(() => void ask(zoom, from, to)
				.then(lay, () => { this.#counted = ""; }), ASK_MS);
			return;
		}
		if (this.#grid?.zoom !== zoom)
			this.#grid = new Grid(c, this.#kinds, zoom);
		lay(this.#grid.count(from, to));
	}

	/** What an incident rests on; null takes it away. */
	async evidence(geojson: unknown) {
		await this.data("evidence", geojson ?? nothing);
	}

	async data(source: "geometry" | "coverage" | "region" | "sources"
		| "evidence" | "cells" | "alerts",
		data: unknown) {
		await this.#ready;
		delete this.map.getContainer().dataset.idle;
		this.map.getSource<GeoJSONSource>(source)?.setData((data ?? nothing) as never);
	}

	/** A ring around each place where something was just heard; of which
	 * alerts, `data-rings` says once they are drawn. */
	async alerts(alerts: Alert[]) {
		const places = alerts.map((a) => a.incident?.place as Row | undefined)
			.filter((p) => typeof p?.lon === "number" &&
				typeof p.lat === "number");
		await this.data("alerts", { type: "FeatureCollection",
			features: places.map((p) => ({ type: "Feature", properties: {},
				geometry: { type: "Point",
					coordinates: [p?.lon, p?.lat] } })) });
		const said = alerts.map((a) => a.alert).join(" ");
		const drawn = () => {
			if (!this.map.isSourceLoaded("alerts"))
				return;
			this.map.off("render", drawn);
			this.map.getContainer().dataset.rings = said;
		};
		this.map.on("render", drawn);
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
		this.bring(record?.place as Row | undefined);
		const index = (record?.ledger as Row | undefined)?.index;
		this.points.selected = typeof index === "number" && columns
			? columns.id.indexOf(index) : -1;
		const place = record?.place as Row | undefined;
		const shape = (place?.region as Row | undefined)?.geojson;
		await this.data("region", shape ? { type: "Feature", properties: {},
			geometry: shape } : nothing);
		this.repaint();
	}

	/** What is opened is on the screen. */
	private bring(place: Row | undefined) {
		if (typeof place?.lon !== "number" || typeof place.lat !== "number")
			return;
		const at: [number, number] = [place.lon, place.lat];
		if (!this.map.getBounds().contains(at))
			this.map.jumpTo({ center: at });
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
		cancelAnimationFrame(this.#counts);
		clearTimeout(this.#waits);
		this.map.remove();
	}
}
