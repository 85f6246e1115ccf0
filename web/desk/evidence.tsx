// SPDX-License-Identifier: GPL-3.0-or-later
//
// evidence.tsx - what an incident rests on: records with picks on one axis, how
// late each sensor heard it, heat pixels and views with their footprints,
// reports with their sectors, who was silent; and its versions.
import { useEffect, useState } from "preact/hooks";

import type { Row } from "./api";
import { list, row, rows, short, text, useAnswer, Waiting,
	type Shared } from "./parts";


/** Late by, of every sensor that heard it, against what was expected. */
function Residuals({ arrivals, shared }: { arrivals: Row[]; shared: Shared }) {
	const { tongue } = shared;
	const heard = arrivals.filter((a) => typeof a.late_s === "number");
	if (heard.length === 0)
		return null;
	const most = Math.max(...heard.map((a) => Math.max(
		Math.abs(Number(a.late_s)), 2 * Number(a.sigma_s) || 0)), 1e-3);
	const x = (s: number) => 150 + s / most * 145;
	const h = heard.length * 20 + 22;
	return <figure><figcaption>{tongue.say("residuals")}</figcaption>
		<svg class="residuals" viewBox={`0 0 470 ${h}`} role="img"
			aria-label={tongue.say("residuals")}>
			{heard.map((a, i) => {
				const y = i * 20 + 11, s = Number(a.sigma_s) || 0;
				const late = Number(a.late_s);
				return <g>
					<rect x={x(-2 * s)} width={x(2 * s) - x(-2 * s)} y={y - 6}
						height="12" class="expected" />
					<line x1={x(0)} x2={x(late)} y1={y} y2={y} class="late" />
					<circle cx={x(late)} cy={y} r="4" class="late" />
					<text x="304" y={y + 4}>{text(a.source)}</text>
					<text x="465" y={y + 4} text-anchor="end">
						{tongue.fixed(late * 1000, 1)} {tongue.unit("ms")}</text></g>;
			})}
			<line x1={x(0)} x2={x(0)} y1="0" y2={h - 18} class="axis" />
			<text x={x(-most)} y={h - 4}>{tongue.fixed(-most * 1000, 0)}{" "}
				{tongue.unit("ms")}</text>
			<text x={x(most)} y={h - 4} text-anchor="end">
				{(most * 1000).toFixed(0)} {tongue.unit("ms")}</text>
		</svg></figure>;
}

function Silent({ arrivals, shared }: { arrivals: Row[]; shared: Shared }) {
	const { tongue, clock } = shared;
	const not = arrivals.filter((a) => a.state !== "heard");
	if (not.length === 0)
		return <p>{tongue.say("allHeard")}</p>;
	return <table tabIndex={0}><thead><tr><th scope="col">{tongue.say("source")}</th>
		<th scope="col">{tongue.say("state")}</th>
		<th scope="col" class="number">{tongue.say("distance")}</th>
		<th scope="col">{tongue.say("expected")}</th>
		<th scope="col" class="number">{tongue.say("wouldHear")}</th>
	</tr></thead>
	<tbody>{not.map((a) => <tr><td>{text(a.source)}</td>
		<td>{tongue.record(text(a.state))}</td>
		<td class="number">{tongue.fixed(Number(a.distance_m) / 1000, 2)}{" "}
			{tongue.unit("km")}</td>
		<td>{a.expected ? clock.full(Date.parse(text(a.expected))) : "–"}</td>
		<td class="number">{typeof a.pd === "number"
			? `${(a.pd * 100).toFixed(0)} %` : "–"}</td></tr>)}</tbody></table>;
}

/** What a witness said, in the witness's terms. */
function said(d: Row, shared: Shared): string {
	const { tongue } = shared, f = row(d.features), a = row(d.attributes);
	const out = [tongue.record(text(a.means)), tongue.record(text(d.kind))];
	if (typeof f.bearing_deg === "number")
		out.push(`${f.bearing_deg.toFixed(0)}° ± ${
			Number(f.bearing_half_deg).toFixed(0)}°`);
	if (typeof f.dist_min_m === "number")
		out.push(`${tongue.fixed(f.dist_min_m / 1000, 1)}–${
			tongue.fixed(Number(f.dist_max_m) / 1000, 1)} ${tongue.unit("km")}`);
	if (text(a.weapon) && a.weapon !== "undetermined")
		out.push(tongue.record(text(a.weapon)));
	return out.filter(Boolean).join(", ");
}

function what(d: Row, shared: Shared): string {
	const f = row(d.features), { tongue } = shared;
	const number = (v: unknown, digits: number, unit: string) =>
		typeof v === "number" ? `${tongue.fixed(v, digits)} ${unit}` : "";
	switch (text(d.modality)) {
	case "heat": return [number(f.t4_k, 0, tongue.unit("K")), number(f.frp_mw, 1,
		tongue.unit("MW")),
		typeof f.scan_m === "number" ? `${f.scan_m} × ${String(f.track_m)} ${
				tongue.unit("m")}`
			: "", text(row(d.attributes).satellite)].filter(Boolean)
		.join(", ");
	case "witness": return said(d, shared);
	case "image": case "track": return [tongue.record(text(d.kind)),
		...Object.entries(row(d.attributes)).map(([k, v]) =>
			`${tongue.record(k)} ${tongue.record(String(v))}`)].join(", ");
	default: return [number(d.snr, 0, tongue.unit("dB")),
		number(d.frequency_hz, 1, tongue.unit("Hz")),
		typeof d.sigma_s === "number"
			? `± ${number(d.sigma_s * 1000, 1, tongue.unit("ms"))}` : "",
		typeof d.back_azimuth_deg === "number"
			? `${tongue.fixed(d.back_azimuth_deg, 1)}°` : ""]
		.filter(Boolean).join(", ");
	}
}

function Detections({ of, shared }: { of: Row[]; shared: Shared }) {
	const { tongue, clock } = shared;
	return <table tabIndex={0}><thead><tr><th scope="col">{tongue.say("by")}</th>
		<th scope="col">{tongue.say("source")}</th>
		<th scope="col">{tongue.say("time")}</th>
		<th scope="col">{tongue.say("whatItSays")}</th></tr></thead>
	<tbody>{of.map((d) => <tr><td>{tongue.record(text(d.modality))}</td>
		<td>{text(d.source)}</td><td>{clock.full(Date.parse(text(d.at)))}</td>
		<td>{what(d, shared)}{" "}<a href={`/api/v1/detections/${text(d.id)}`}
			download={`${text(d.id)}.json`}>{short(text(d.id))}</a></td>
	</tr>)}</tbody></table>;
}

/** A picture that somebody sent: covered until it is asked for. */
function Photo({ sha, shared }: { sha: string; shared: Shared }) {
	const { tongue } = shared;
	const [shown, show] = useState(false);
	const [about] = useAnswer<Row>(`photos/${sha}?f=json`);
	const f = row(about?.features), a = row(about?.attributes);
	const claims = [text(a.claimed_at), typeof f.claimed_lat === "number"
		? `${f.claimed_lat.toFixed(4)}, ${Number(f.claimed_lon).toFixed(4)}`
		: ""].filter(Boolean).join(", ");
	return <figure class="photo">{shown
		? <img src={`/api/v1/photos/${sha}`} alt={tongue.say("photo")} />
		: <button onClick={() => show(true)}>{tongue.say("showPhoto")}
		</button>}
	<figcaption><code>{sha.slice(0, 12)}</code>{" "}
		{typeof f.width_px === "number" ? `${f.width_px} × ${
			String(f.height_px)} px` : ""}
		{claims ? " · " + tongue.say("photoClaims", { s: claims }) : ""}
	</figcaption></figure>;
}

function Photos({ of, shared }: { of: Row[]; shared: Shared }) {
	const all = new Set(of.flatMap((r) => text(row(r.attributes).photos)
		.split(" ").filter((s) => /^[0-9a-f]{64}$/.test(s))));
	return all.size === 0 ? null : <><h3>{shared.tongue.say("photosAdd")}</h3>
		<div class="photos">{[...all].map((s) => <Photo key={s} sha={s}
			shared={shared} />)}</div></>;
}

/** Record section and map, drawn by the program on one shared axis. */
function Picture({ id, shared }: { id: string; shared: Shared }) {
	const [none, setNone] = useState("");
	const { tongue } = shared;
	const at = `/api/v1/pictures/${id}?lang=${tongue.lang}`;
	if (none)
		return <p>{none}</p>;
	return <a href={at} target="_blank" class="picture"><img src={at}
		alt={tongue.say("picture")} onError={() => {
			fetch(at).then((r) => r.json())
				.then((p: Row) => setNone(text(p.detail)))
				.catch(() => setNone(tongue.say("failed")));
		}} /></a>;
}

function Versions({ id, shared }: { id: string; shared: Shared }) {
	const [v] = useAnswer<{ incidents: Row[] }>(
		`incidents?id=${id}&versions=all`, shared.stamp);
	const { tongue } = shared;
	return <ul class="plain">{rows(v?.incidents).map((i) => {
		const place = row(i.place);
		const ellipse = row(row(place.region).ellipse);
		return <li>{tongue.say("version")} {String(i.version)}
			{text(i.does) ? ` (${tongue.record(text(i.does))}: ${text(i.why)})`
				: ""}{": "}{tongue.record(text(i.status))},{" "}
			{tongue.say("evidence").toLowerCase()} {list(i.evidence).length},{" "}
			{typeof ellipse.semi_major_m === "number"
				? `± ${ellipse.semi_major_m.toFixed(0)} ${tongue.unit("m")}, `
				: ""}
			{tongue.say("entry").toLowerCase()}{" "}
			{String(row(i.ledger).index ?? "–")}</li>;
	})}</ul>;
}

/** Footprints, sectors and pixels, and who stood where: for the map. */
function onMap(detections: Row[]): unknown {
	return { type: "FeatureCollection", features: detections.flatMap((d) => {
		const place = row(d.place), f = row(d.features);
		const shape = row(place.region).geojson;
		const out: unknown[] = [];
		if (shape)
			out.push({ type: "Feature", geometry: shape, properties: {
				modality: d.modality } });
		if (typeof f.observer_lon === "number")
			out.push({ type: "Feature", geometry: { type: "Point",
				coordinates: [f.observer_lon, f.observer_lat] },
			properties: { modality: "observer" } });
		return out;
	}) };
}

export default function Evidence({ id, shared, show }: {
	id: string; shared: Shared; show: (geojson: unknown) => void;
}) {
	const [why, failed] = useAnswer<Row>("explanations/" + id, shared.stamp);
	const { tongue } = shared;
	const detections = rows(why?.detections), arrivals = rows(why?.arrivals);
	useEffect(() => {
		if (why)
			show(onMap(rows(why.detections)));
		return () => show(null);
	}, [why]);
	if (!why)
		return <Waiting failed={failed} tongue={tongue} />;
	return <div class="evidence">
		{arrivals.length > 0 ? <>
			<h3>{tongue.say("picture")}</h3><Picture id={id} shared={shared} />
			<Residuals arrivals={arrivals} shared={shared} />
			<h3>{tongue.say("silent")}</h3>
			<Silent arrivals={arrivals} shared={shared} /></> : null}
		<h3>{tongue.plural("restsOn", detections.length)}</h3>
		<Detections of={detections} shared={shared} />
		<Photos of={[row(why.incident), row(why.record), ...detections]}
			shared={shared} />
		<h3>{tongue.say("versions")}</h3>
		<Versions id={id} shared={shared} />
	</div>;
}
