/** What is said of a fabric with several FCFs that nobody can have meant. */
import { expect, it } from 'vitest';
import { complaint, TEXT } from '../../helpers/scenario.ts';

const withFurther = (further: string, text = TEXT) =>
  text.replace('domain: 1 }', `domain: 1, furtherFcfs: [${further}] }`);

it.each([
  [
    'a domain twice in a fabric',
    '{ domain: 1 }',
    /domain 1 is there twice in fabric A/,
    'domain: 1 }] }',
  ],
  [
    'a fabric that has its own switch',
    '{ domain: 9, fabric: B }',
    /fabric B has a switch of its own here/,
    'fabric: B }',
  ],
  [
    'two fabrics in one VLAN',
    '{ domain: 9, fabric: lab }',
    /two fabrics in VLAN 1002 from the beginning: no port chooses one/,
    'fabric: lab }',
  ],
])('%s', (_, further, words, piece) => {
  const said = complaint(withFurther(further));
  expect(said.message).toMatch(words);
  expect(said.at.startsWith(piece.split(' }')[0]!.split(': ')[1]!)).toBe(true);
});

it('a mover that would have to ask the switch that has the login', () => {
  const text = withFurther('{ domain: 3 }').replace('strategy: wwpn-pair', 'strategy: proxy');
  expect(complaint(text).message).toMatch(/fabric A has several switches, and a mover/);
});

it('a login that would be carried from port to port of a switch behind which all hosts are at one', () => {
  const text = TEXT.replace('domain: 1 }', 'domain: 1, npv: {} }').replace(
    'strategy: wwpn-pair',
    'strategy: handoff',
  );
  expect(complaint(text).message).toMatch(/behind an N_Port virtualizer all hosts of fabric A/);
});

it('a port behind a bridge whose switch does not know it alone', () => {
  const clear = (node: string) =>
    `${withFurther('{ domain: 3 }')}events:\n  - { at: 1, do: clear-port, node: ${node}, port: 0 }\n`;
  expect(complaint(clear('h1')).message).toMatch(
    /port 0 of h1 is not plugged into a switch that has it for itself/,
  );
});
