/** Names of codes: what a frame has in a field, and what no table has. */
import { expect, test } from 'vitest';
import { decodeFrame, parseHex } from '../../../src/codecs/index.ts';
import { checkCodeName, codeNames } from '../../../src/filter/code-names.ts';
import { fieldOf } from '../../../src/filter/index.ts';

// A FIP VLAN request: fixtures/fabric-login.pcap, frame 1.
const VLAN_REQUEST = parseHex('0110180100020efc000000018914100000040001000302000000');

test('the names of a frame, in small letters', () => {
  const frame = decodeFrame(VLAN_REQUEST);
  expect(codeNames(fieldOf('fip.opcode')!, frame)).toHaveLength(1);
  expect(codeNames(fieldOf('eth.type')!, frame)).toEqual(['fip']);
  expect(codeNames(fieldOf('fc.type')!, frame)).toEqual([]);
});

test('a name that no table has is refused, with one that is like it', () => {
  expect(() => checkCodeName('PLOGI', 0)).not.toThrow();
  expect(() => checkCodeName('plogi', 0)).not.toThrow();
  expect(() => checkCodeName('PLOGY', 3)).toThrow(
    'at character 4: “PLOGY” is no number, and no code is called so; did you mean PLOGI?',
  );
});
