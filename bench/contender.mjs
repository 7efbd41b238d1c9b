/**
 * One contender of the benchmark, in a process of its own, so that its memory and its compiled
 * code are its own: `node bench/contender.mjs NAME CAPTURE PASSES LIBRARY`, where LIBRARY is the
 * folder of the compiled library. Prints JSON: processor and wall time of each pass in nanoseconds,
 * the most memory that was resident, and a proof of the work.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decoders } from './contenders/decode.mjs';
import { encoders } from './contenders/encode.mjs';
import { Proof } from './contenders/proof.mjs';
import { stopwatch } from './stopwatch.mjs';

const [name, capture, passes, library] = process.argv.slice(2);

/** Imports a folder or a file of the library: `codecs`, `codecs/crc32`. */
const from = (part) => {
  const file = part.includes('/') ? `${part}.js` : `${part}/index.js`;
  return import(pathToFileURL(resolve(library, file)).href);
};

const make = { ...decoders, ...encoders }[name];
if (make === undefined) throw new TypeError(`no contender is called ${name}`);
const pass = await make({ capture, from });
const runs = [];
let proof = new Proof();
for (let i = 0; i < Number(passes); i++) {
  proof = new Proof();
  const took = stopwatch();
  await pass(proof);
  runs.push(took());
}
const rssBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ runs, rssBytes, proof }));
