// SPDX-License-Identifier: GPL-3.0-or-later
//
// audit.tsx - the log checked here, by the second verifier (web/verify), from
// the static files that the server shows to anybody.
import { useEffect, useState } from "preact/hooks";

import type { Summary } from "../verify/summary";
import type { Answer, Task } from "../verify/worker";
import { save, type Shared } from "./parts";
import { NoEntry, prove, type Proved } from "./prove";
import { disclosure, session, type Session } from "./session";

function check(key: string, say: (text: string) => void): Promise<Summary> {
	return new Promise((done, no) => {
		const worker = new Worker("verify-worker.js");
		worker.onmessage = (e: MessageEvent<Answer>) => {
			const a = e.data;
			if ("what" in a) {
				say(`${a.what} ${a.at}/${a.of}`);
				return;
			}
			worker.terminate();
			if ("done" in a)
				done(a.done);
			else
				no(new Error(a.failed));
		};
		worker.onerror = (e) => no(new Error(e.message));
		worker.postMessage({ files: [], url: location.origin + "/", key,
			genesis: "", policy: null, joint: null, since: null,
			authorities: [],
		} satisfies Task);
	});
}

/** A file for who was not there: that the log holds this entry. */
function OneEntry({ shared }: { shared: Shared }) {
	const { tongue } = shared;
	const [index, setIndex] = useState("");
	const [proved, setProved] = useState<Proved | null>(null);
	const [wrong, setWrong] = useState("");
	const name = `entry-${index}.tlog-proof`;
	const make = (e: Event) => {
		e.preventDefault();
		setProved(null);
		setWrong("");
		prove(index ? Number(index) : NaN).then((p) => {
			setProved(p);
			save(name, "text/plain", p.text);
		}, (err) => setWrong(err instanceof NoEntry
			? tongue.say("noEntry", { s: err.message })
			: `${tongue.say("failed")}: ${String(err)}`));
	};
	return <section class="one"><h3>{tongue.say("proofOfOne")}</h3>
		<form onSubmit={make}>
			<label>{tongue.say("entry")}
				<input value={index} inputMode="numeric" onInput={(e) => {
					setProved(null);
					setIndex((e.target as HTMLInputElement).value.trim());
				}} /></label>
			<button>{tongue.say("download")}</button>
		</form>
		<p aria-live="polite">{wrong}{proved ? tongue.say("proofSaved", {
			s: String(proved.size) }) : ""}</p>
		{proved ? <p><code>truce audit {name} --leaf {proved.leaf} --key KEY
		</code></p> : null}
	</section>;
}

/** The same with what the entry says, as far as who asks may see it. */
function OneShown({ shared }: { shared: Shared }) {
	const { tongue } = shared;
	const [me, setMe] = useState<Session | null>(null);
	const [of, setOf] = useState("");
	const [to, setTo] = useState("parties");
	const [saved, setSaved] = useState("");
	const [wrong, setWrong] = useState("");
	useEffect(() => { session().then(setMe, () => {}); }, []);
	const whole = me?.level === "mission";
	const show = (e: Event) => {
		e.preventDefault();
		setSaved("");
		setWrong("");
		const name = `entry-${of}.disclosure`;
		if (me && of)
			disclosure(me, of, whole ? to : "parties").then((s) => {
				save(name, "text/plain", s);
				setSaved(name);
			}, (err: unknown) => setWrong(
				`${tongue.say("failed")}: ${String(err)}`));
	};
	return <section class="one shown"><h3>{tongue.say("oneShown")}</h3>
		{!me?.person ? <p class="limits">{tongue.say("shownByWhom")}{" "}
			<button class="link" onClick={() => shared.change(
				{ tab: "review" }, true)}>{tongue.say("review")}</button>
		</p> : <>
			<form onSubmit={show}>
				<label>{tongue.say("entry")}
					<input value={of} onInput={(e) => setOf(
						(e.target as HTMLInputElement).value.trim())} />
				</label>
				{whole ? <select aria-label={tongue.say("shownTo")} value={to}
					onChange={(e) => setTo((e.target as HTMLSelectElement)
						.value)}>
					<option value="parties">{tongue.say("shownParties")}
					</option>
					<option value="mission">{tongue.say("shownMission")}
					</option></select> : null}
				<button>{tongue.say("download")}</button>
			</form>
			<p class="limits">{tongue.say("shownLogged")}</p></>}
		<p aria-live="polite">{wrong}{saved ? tongue.say("shownSaved") : ""}</p>
		{saved ? <p><code>truce audit {saved} --key KEY</code></p> : null}
	</section>;
}

export default function Audit({ shared }: { shared: Shared }) {
	const { tongue } = shared;
	const [key, setKey] = useState("");
	const [says, setSays] = useState("");
	const [summary, setSummary] = useState<Summary | null>(null);
	const begin = (e: Event) => {
		e.preventDefault();
		setSummary(null);
		check(key, (s) => setSays(tongue.say("checking", { s }))).then((s) => {
			setSays("");
			setSummary(s);
		}, (err) => setSays(`${tongue.say("failed")}: ${String(err)}`));
	};
	return <div class="page audit"><h2>{tongue.say("audit")}</h2>
		<form onSubmit={begin}>
			<label>{tongue.say("key")}
				<input value={key} spellcheck={false} onInput={(e) =>
					setKey((e.target as HTMLInputElement).value)} /></label>
			<button>{tongue.say("check")}</button>
		</form>
		<p aria-live="polite">{says}</p>
		{summary ? <section data-verified={String(summary.verified)} lang="en">
			<h2 class={summary.verified ? "" : "failed"}>{summary.title}</h2>
			<p>{summary.lead}</p>
			<ul>{summary.proved.map((p) => <li>{p}</li>)}</ul>
			<ul class="limits">{summary.limits.map((p) => <li>{p}</li>)}</ul>
			<dl>{summary.details.map(([k, v]) => <><dt>{k}</dt><dd>{v}</dd></>)}
			</dl></section> : null}
		<OneEntry shared={shared} />
		<OneShown shared={shared} />
		<p class="limits">{tongue.say("cannot", { s: location.origin })}</p>
	</div>;
}
