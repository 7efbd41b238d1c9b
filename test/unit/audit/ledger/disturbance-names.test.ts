/** What was done to the world, in words that follow `excused by`. */
import { describe, expect, it } from 'vitest';
import { DisturbanceNames } from '../../../../src/audit/ledger/disturbance-names.ts';
import { type Disturbance, PlaceIndex, type Places } from '../../../../src/history/index.ts';

const end = (node: string, port: number, link: string) => ({ node, port, link, fabric: 'A' });
const PLACES: Places = {
  nodes: [
    { name: 'h1', kind: 'host' },
    { name: 'array', kind: 'array' },
    { name: 'sw1', kind: 'switch', fabric: 'A' },
    { name: 'sw2', kind: 'switch', fabric: 'A' },
  ],
  ports: [
    end('h1', 0, 'one'),
    end('sw1', 0, 'one'),
    end('h1', 1, 'two'),
    end('sw2', 0, 'two'),
    end('sw1', 1, 'between'),
    end('sw2', 1, 'between'),
  ],
};

const down = (link: string): Disturbance => ({ type: 'link-down', link });
const up = (link: string): Disturbance => ({ type: 'link-up', link });
const lost = (link: string): Disturbance => ({
  type: 'frame-hit',
  link,
  fault: 'drop',
  bytes: new Uint8Array(0),
});

/** Things done a moment after each other, from 1 on, and what is said at the end of what was done since. */
const said = (since: number, ...done: (readonly [node: string, what: Disturbance])[]) => {
  const names = new DisturbanceNames(new PlaceIndex(PLACES));
  for (const [i, [node, what]] of done.entries()) names.disturb(i + 1, node, what);
  return names.since(since);
};

describe('what was done to the world', () => {
  it('is named by whose it was', () => {
    expect(said(0, ['', down('one')])).toBe('the link of h1 that was down');
    expect(said(0, ['', down('between')])).toBe('the link of sw1 and sw2 that was down');
    expect(said(0, ['', down('elsewhere')])).toBe('the link of elsewhere that was down');
    expect(said(0, ['', { type: 'link-slow', link: 'two' }])).toBe('the link of h1 that was slow');
    expect(said(0, ['', lost('one')])).toBe('frames that were lost or changed on the link of h1');
    expect(said(0, ['h1', { type: 'node-crashed' }])).toBe('the fall of h1');
    expect(said(0, ['array', { type: 'target-port-moved', port: 0, to: 1 }])).toBe(
      'the failover of a port of array',
    );
  });

  it('is told together where it is alike, the gravest first, and counted where it is much', () => {
    expect(said(0, ['', down('one')], ['', down('two')])).toBe('the 2 links of h1 that were down');
    expect(said(0, ['', lost('one')], ['sw1', { type: 'node-paused' }])).toBe(
      'the pause of sw1 and frames that were lost or changed on the link of h1',
    );
    const much = ['h1', 'h2', 'h3', 'h4'].map((node) => [node, { type: 'node-crashed' }] as const);
    expect(said(0, ...much, ['', down('one')])).toBe(
      'the fall of h1, the fall of h2, the fall of h3 and 2 more',
    );
  });

  it('is over with the end of an outage', () => {
    expect(said(9, ['', down('one')])).toBe('the link of h1 that was down');
    expect(said(2, ['', down('one')], ['', up('one')])).toBe('the link of h1 that was down');
    expect(said(3, ['', down('one')], ['', up('one')])).toBeUndefined();
    expect(said(9, ['h1', { type: 'node-crashed' }])).toBe('the fall of h1');
    const started: Disturbance = { type: 'node-started' };
    expect(said(2, ['h1', { type: 'node-crashed' }], ['h1', started])).toBe('the fall of h1');
    expect(said(3, ['h1', { type: 'node-crashed' }], ['h1', started])).toBeUndefined();
    expect(said(0, ['h1', started])).toBe('the pause of h1');
  });

  it('is a guest that was lost with its host, too', () => {
    const names = new DisturbanceNames(new PlaceIndex(PLACES));
    names.lose(3, 'vm1');
    expect([names.since(3), names.since(4)]).toEqual(['the fall of vm1', undefined]);
  });
});
