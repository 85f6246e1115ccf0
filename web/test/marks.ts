// SPDX-License-Identifier: GPL-3.0-or-later
//
// marks.ts - the marks of the map, as web/test/looks.mjs measures them.
import { COLOURS, EDGES, GROUPS, LANDS, path, SHAPES } from "../desk/kinds";

console.log(JSON.stringify({ lands: LANDS, edges: EDGES, marks: GROUPS.map((g) =>
	({ group: g, colour: COLOURS[g], path: path(SHAPES[g], 7) })) }));
