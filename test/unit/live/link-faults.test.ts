/** Fault rules of a server: which links they reach, when they come and when they go. */
import { expect, test } from 'vitest';
import type { ActiveFault } from '../../../src/link/faults.ts';
import { LinkFaults } from '../../../src/live/link-faults.ts';
import type { LiveFabric, LiveLink } from '../../../src/live/links.ts';
import { streams } from '../../../src/machine/random.ts';

const drop = { kind: 'drop' } as const;

/** Links of one fabric by name; what is in force at each, as `A.1 a-to-b: names`. */
function rig(...names: string[]) {
  const links = names.map((name) => linkOf(name));
  const inForce = new Map<string, string>();
  const faults = new LinkFaults(
    {
      driver: {
        setFaults: (node, port, direction, rules: readonly ActiveFault[]) =>
          inForce.set(`${node} ${port} ${direction}`, rules.map((one) => one.name).join(' ')),
      },
      fabrics: new Map([['A', { node: 'fcf-A' } as LiveFabric]]),
      links: () => links,
    },
    streams(1).stream,
  );
  const seen = () => Object.fromEntries([...inForce].filter(([, rules]) => rules !== ''));
  return { faults, links, seen };
}

const linkOf = (name: string) =>
  ({ name, fabric: 'A', port: Number(name.split('.')[1]) }) as LiveLink;

test('a rule reaches the link and the direction that it names, or all', () => {
  const { faults, seen } = rig('A.0', 'A.1');
  faults.add({ name: 'one', link: 'A.1', direction: 'a-to-b', action: drop });
  expect(seen()).toEqual({ 'fcf-A 1 a-to-b': 'one' });
  const { name } = faults.add({ direction: 'b-to-a', action: drop });
  expect(seen()).toEqual({
    'fcf-A 1 a-to-b': 'one',
    'fcf-A 0 b-to-a': name,
    'fcf-A 1 b-to-a': name,
  });
});

test('a link that comes later gets what is in force', () => {
  const { faults, links, seen } = rig('A.0');
  faults.add({ name: 'all', action: drop });
  const late = linkOf('A.7');
  links.push(late);
  expect(seen()).not.toHaveProperty('fcf-A 7 a-to-b');
  faults.applyTo(late);
  expect(seen()).toMatchObject({ 'fcf-A 7 a-to-b': 'all', 'fcf-A 7 b-to-a': 'all' });
});

test('rules are cleared by name, or all, and counted', () => {
  const { faults, seen } = rig('A.0');
  for (const name of ['x', 'x', 'y']) faults.add({ name, direction: 'a-to-b', action: drop });
  expect(faults.clear('x')).toBe(2);
  expect(seen()).toEqual({ 'fcf-A 0 a-to-b': 'y' });
  expect([faults.clear('x'), faults.clear()]).toEqual([0, 1]);
  expect([seen(), faults.rules]).toEqual([{}, []]);
});

test('a rule that makes no sense is refused and not kept', () => {
  const { faults } = rig('A.0');
  expect(() => faults.add({ action: { kind: 'delay', delayNs: 0 } })).toThrow(RangeError);
  expect(faults.rules).toEqual([]);
});
