/** What a schema cannot say of iSCSI in a scenario: one line for each mistake. */
import { expect, it } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';

const TEXT = `
name: one
protocol: iscsi
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array:
  ports: [A]
  luns: [{ name: data }]
  targets: [TARGETS]
vms: [{ name: vm1, host: h1, luns: [data] }]
move: { vm: vm1, to: h2, strategy: in-guest, MORE }
nextMoves: [{ to: h1, NEXT }]
`;
const target = (name: string, ...portals: string[]): string =>
  `{ name: 'iqn.2026-01.com.example:${name}', portals: [${portals.join(', ')}] }`;
const at = (port: number, more = ''): string => `{ listen: '127.0.0.1:${port}'${more} }`;
const load = (targets: readonly string[], more = '', next = '') =>
  loadScenario(
    TEXT.replace('TARGETS', targets.join(', ')).replace('MORE', more).replace('NEXT', next),
    'x.yaml',
  );
const GOOD = [target('a', at(1), at(0), at(0, ', group: 5')), target('b', at(2, ', group: 5'))];

it('targets that can be told apart, and sessions that go with their guest, are taken', () => {
  const { array, move } = load(GOOD);
  expect(array.targets?.map(({ portals }) => portals.length)).toEqual([3, 1]);
  expect(move.strategy).toBe('in-guest');
});

it.each([
  [[target('a', at(1)), target('a', at(2))], '', '', /example:a is the name of another target/],
  [[target('a', at(1)), target('b', at(1))], '', '', /127\.0\.0\.1:1 is where another portal/],
  [[target('a', at(1, ', group: 2'), at(2, ', group: 2'))], '', '', /group 2 has a portal already/],
  [GOOD, 'drain: link-pull', '', /drain link-pull destroys them/],
  [GOOD, 'defences: [nexus-reset]', '', /no old sessions that defence nexus-reset could fence/],
  [GOOD, '', 'strategy: same-isid', /vm1 has its initiator in the guest: strategy same-isid/],
])('a mistake is said with its place: %#', (targets, more, next, message) => {
  expect(() => load(targets, more, next)).toThrow(message);
  expect(() => load(targets, more, next)).toThrow(/^x\.yaml:\d+:\d+: [^\n]*$/);
});
