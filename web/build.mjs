// SPDX-License-Identifier: GPL-3.0-or-later
//
// build.mjs - bundles what web/build holds: verify.js for node, and the page
// web/build/verify.html, one file that needs no other and no server.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync }
	from "node:fs";

import { build } from "esbuild";

const common = {
	bundle: true, write: false, logLevel: "warning", legalComments: "inline",
	target: ["es2022"], charset: "utf8",
};

async function text(options) {
	const r = await build({ ...common, ...options });
	return r.outputFiles[0].text;
}

writeFileSync("build/verify.js", await text({
	entryPoints: ["verify/cli.ts"], platform: "node", format: "esm",
	target: ["node18"],
}));

// A page opened as a file may not load a worker from another file: the
// worker's code lies in the page as text.
const worker = await text({
	entryPoints: ["verify/worker.ts"], format: "iife", minify: true,
});
const page = await text({
	entryPoints: ["verify/page.ts"], format: "iife", minify: true,
	define: { WORKER: JSON.stringify(worker) },
});
const inline = (code) => code.replace(/<\/(script)/gi, "<\\/$1");
writeFileSync("build/verify.html", readFileSync("verify/index.html", "utf8")
	.replace("/* page.js */", () => inline(page)));

// For tests only: all vectors in a browser.
const vectors = await text({ entryPoints: ["test/vectors.ts"], format: "iife" });
writeFileSync("build/vectors.html", "<!DOCTYPE html><meta charset=utf-8>"
	+ "<input id=folder type=file webkitdirectory><pre id=lines></pre>"
	+ `<script>${inline(vectors)}</script>`);

// And frames of a sensor (tests/webframes.sh).
writeFileSync("build/frames.js", await text({
	entryPoints: ["test/frames.ts"], platform: "node", format: "esm",
	target: ["node18"],
}));
// And random histories of a mission's people (tests/webpeople.sh).
writeFileSync("build/histories.js", await text({
	entryPoints: ["test/histories.ts"], platform: "node", format: "esm",
	target: ["node18"],
}));

// The marks of the map, to be measured (tests/looks.sh).
writeFileSync("build/marks.js", await text({
	entryPoints: ["test/marks.ts"], platform: "node", format: "esm",
	target: ["node18"],
}));

// The second evaluator beside the program (tests/twin.sh).
writeFileSync("build/twin.js", await text({
	entryPoints: ["test/twin.ts"], platform: "node", format: "esm",
	target: ["node18"],
}));

// The desk (truce serve): files, since its policy lets nothing inline run.
// What the first screen does not need comes in parts, when it is asked for.
rmSync("build/desk", { recursive: true, force: true });
mkdirSync("build/desk", { recursive: true });
await build({
	...common, entryPoints: { desk: "desk/app.tsx" }, outdir: "build/desk",
	write: true, format: "esm", minify: true, jsx: "automatic",
	jsxImportSource: "preact", legalComments: "none", splitting: true,
	chunkNames: "part-[hash]",
});
await build({
	...common, entryPoints: ["desk/all.css"], outfile: "build/desk/desk.css",
	write: true, minify: true, external: ["*.woff2"],
});
writeFileSync("build/desk/verify-worker.js", worker);
// The report form stands by itself: it opens without a network.
await build({
	...common, entryPoints: { form: "desk/form.tsx" }, outdir: "build/desk",
	write: true, format: "esm", minify: true, jsx: "automatic",
	jsxImportSource: "preact", legalComments: "none",
});
await build({
	...common, entryPoints: ["desk/form.css"], outfile: "build/desk/form.css",
	write: true, minify: true, external: ["*.woff2"],
});
const font = "node_modules/@fontsource-variable/noto-sans/files/noto-sans-";
for (const [from, to] of [
	["desk/index.html", "index.html"], ["desk/form.html", "form.html"],
	["desk/form.webmanifest", "form.webmanifest"],
	["desk/icon.svg", "icon.svg"],
	["node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs",
		"maplibre-worker.mjs"],
	[`${font}latin-wght-normal.woff2`, "noto-latin.woff2"],
	[`${font}cyrillic-wght-normal.woff2`, "noto-cyrillic.woff2"],
])
	copyFileSync(from, `build/desk/${to}`);
const kept = ["form.html", "form.js", "form.css", "form.webmanifest", "icon.svg",
	"noto-latin.woff2", "noto-cyrillic.woff2"];
const hash = createHash("sha256");
for (const f of kept)
	hash.update(readFileSync("build/desk/" + f));
await build({
	...common, entryPoints: { sw: "desk/sw.ts" }, outdir: "build/desk",
	write: true, format: "iife", minify: true, define: {
		FILES: JSON.stringify(kept.map((f) => "/" + f)),
		BUILD: JSON.stringify(hash.digest("hex").slice(0, 16)),
	},
});
writeFileSync("build/desk/licences.txt", ["maplibre-gl/LICENSE.txt",
	"preact/LICENSE", "@fontsource-variable/noto-sans/LICENSE"]
	.map((f) => `${f}\n\n${readFileSync("node_modules/" + f, "utf8")}`)
	.join("\n\n"));
