// SPDX-License-Identifier: GPL-3.0-or-later
//
// chromium.mjs - a real browser for tests, by Chromium's own protocol over a
// pipe: no package, no port.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const WAIT_MS = 60_000;

export class Browser {
	constructor() {
		this.home = mkdtempSync(join(tmpdir(), "truce-web."));
		this.child = spawn("chromium", ["--headless=new", "--no-sandbox",
			"--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars", "--no-first-run",
			"--disable-background-networking", "--remote-debugging-pipe",
			`--user-data-dir=${this.home}`, "about:blank"],
		{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
		this.waiting = new Map();
		this.last = { number: 0 };
		this.held = "";
		this.child.stdio[3].on("error", () => {});
		this.child.on("exit", () => {
			for (const w of this.waiting.values())
				w.no(new Error(`${w.method}: the browser is gone`));
			this.waiting.clear();
		});
		this.child.stdio[4].setEncoding("utf8");
		this.child.stdio[4].on("data", (d) => this.#take(d));
	}

	#take(data) {
		const parts = (this.held + data).split("\0");
		this.held = parts.pop();
		for (const p of parts) {
			const m = JSON.parse(p);
			const w = this.waiting.get(m.id);
			this.waiting.delete(m.id);
			if (m.error)
				w?.no(new Error(`${w.method}: ${m.error.message}`));
			else
				w?.done(m.result);
		}
	}

	send(method, params = {}) {
		const id = ++this.last.number;
		const m = { id, method, params,
			...this.session && { sessionId: this.session } };
		this.child.stdio[3].write(`${JSON.stringify(m)}\0`);
		return new Promise((done, no) =>
			this.waiting.set(id, { done, no, method }));
	}

	/** Another person at the same browser: cookies and keys of their own. */
	async other() {
		const b = Object.create(this);
		b.session = undefined;
		({ browserContextId: b.context } = await b.send(
			"Target.createBrowserContext"));
		return b;
	}

	/** A page of its own at an address. */
	async open(url, width = 1100, height = 900) {
		this.session = undefined;
		const { targetId } = await this.send("Target.createTarget",
			{ url: "about:blank", ...this.context && {
				browserContextId: this.context } });
		const { sessionId } = await this.send("Target.attachToTarget",
			{ targetId, flatten: true });
		this.session = sessionId;
		await this.send("Page.enable");
		await this.send("Emulation.setDeviceMetricsOverride",
			{ width, height, deviceScaleFactor: 1, mobile: width < 600 });
		await this.send("Page.navigate", { url });
		await this.until("document.readyState === 'complete'");
	}

	async value(expression) {
		const r = await this.send("Runtime.evaluate",
			{ expression, returnByValue: true, awaitPromise: true });
		if (r.exceptionDetails)
			throw new Error(`${expression}: ${r.exceptionDetails.text}`);
		return r.result.value;
	}

	/** A page that is only coming has no body, nor a context to ask in. */
	async until(expression) {
		let why = "";
		for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
			const v = await this.value(expression).catch((e) => {
				if (this.child.exitCode !== null)
					throw e;
				why = `: ${e.message}`;
			});
			if (v)
				return v;
			await new Promise((done) => setTimeout(done, 50));
		}
		throw new Error(`waited in vain for ${expression}${why}`);
	}

	/** What a person does with a file dialogue. */
	async pick(selector, files) {
		const { root } = await this.send("DOM.getDocument");
		const { nodeId } = await this.send("DOM.querySelector",
			{ nodeId: root.nodeId, selector });
		await this.send("DOM.setFileInputFiles", { nodeId, files });
	}

	/** The whole page, however long. */
	async shot(file) {
		const { data } = await this.send("Page.captureScreenshot",
			{ captureBeyondViewport: true });
		writeFileSync(file, Buffer.from(data, "base64"));
	}

	async close() {
		this.session = undefined;
		if (this.child.exitCode === null) {
			const gone = new Promise((done) =>
				this.child.once("exit", done));
			const late = setTimeout(() => this.child.kill("SIGKILL"), 5000);
			this.send("Browser.close").catch(() => {});
			await gone;
			clearTimeout(late);
		}
		rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
	}
}
