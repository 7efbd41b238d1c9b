/** What stretched units do not go with. */
import { expect, test } from 'vitest';
import { scenarioText } from '../../helpers/moves.ts';
import { complaint } from '../../helpers/scenario.ts';

const TEXT = scenarioText('partition-resume');

test.each([
  [TEXT.replace('ports: [W, W]', 'ports: [X]'), /there is no fabric X/],
  [
    TEXT.replace('name: partition-resume', 'name: p\nprotocol: nfs'),
    /files of protocol nfs are not written by two arrays/,
  ],
  [
    TEXT.replace('  luns:\n', '  writeCache: volatile\n  luns:\n'),
    /a volatile cache does not go with/,
  ],
  [TEXT.replace('  luns:\n', '  pool: { blocks: 4096 }\n  luns:\n'), /a pool does not go with/],
  [
    TEXT.replace('    host: h1\n', '    host: h1\n    reservation: { type: reserve-6 }\n'),
    /RESERVE\(6\) is of a login at one array/,
  ],
  [TEXT.replace('silenceMs: 100', 'silenceMs: 15'), /would be lost between two signs of life/],
  [TEXT.replace('events:\n', 'backup: {}\nevents:\n'), /a backup agent does not go with/],
  [TEXT.replace('    site: west\n', ''), /both arrays are at site east/],
  [TEXT.replace('    site: west\n', '    site: east\n'), /both arrays are at site east/],
  [TEXT.replace('site: third }', 'site: thrid }'), /there is no site thrid/],
  [TEXT.replace('between: [east, west]', 'between: [east, wset]'), /there is no site wset/],
  [TEXT.replace('    name: mirror\n', '    name: h1\n'), /the name h1 is there twice/],
  [
    TEXT.replace('do: partition, between: [east, west], forMs: 300', 'do: snapshot, snapshot: s1'),
    /no snapshot is cut of/,
  ],
])('is said in one line', (text, what) => {
  expect(complaint(text).message).toMatch(what);
});
