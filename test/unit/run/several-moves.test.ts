/** Several moves in one run: one after the other, there and back, two at once. */
import { describe, expect, it } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const world = (rest: string, fabric = ''): string => `
name: several
fabrics: [{ name: A, vlan: 0${fabric} }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }, { name: h3, ports: [A] }]
array: { ports: [A], luns: [{ name: one }, { name: two }] }
vms:
  - { name: vm1, host: h1, luns: [one], workload: { queueDepth: 2, thinkUs: 1000 } }
  - { name: vm2, host: h3, luns: [two], workload: { queueDepth: 2, thinkUs: 1000 } }
timing: { beforeMs: 5, afterMs: 20 }
${rest}
`;

const played = (text: string) => {
  const report = runMove({ scenario: loadScenario(text, 'x.yaml') });
  return {
    report,
    violated: report.verdict.filter(({ result }) => result === 'violated'),
    ends: report.moves.map(({ vm, from, to, outcome }) => `${vm} ${from} ${to} ${outcome}`),
  };
};

describe('several moves', () => {
  it.each(['wwpn-pair', 'same-wwpn', 'proxy', 'cold', 'handoff'])(
    '%s, there and back: each begins where the one before ended',
    (strategy) => {
      const { ends, violated, report } = played(
        world(
          `move: { vm: vm1, to: h2, strategy: ${strategy} }\nnextMoves: [{ to: h1 }, { to: h3 }]`,
        ),
      );
      expect(ends).toEqual(['vm1 h1 h2 moved', 'vm1 h2 h1 moved', 'vm1 h1 h3 moved']);
      expect(violated).toEqual([]);
      expect(report.io.dropped + report.io.failed).toBe(0);
    },
  );

  it('two at once, which cross', () => {
    const { ends, violated } = played(
      world(
        'move: { vm: vm1, to: h3 }\nnextMoves: [{ vm: vm2, to: h1, together: true, afterMs: 1 }]',
      ),
    );
    expect(ends).toEqual(['vm1 h1 h3 moved', 'vm2 h3 h1 moved']);
    expect(violated).toEqual([]);
  });

  it('two at once, of which the second ends first', () => {
    const { ends } = played(
      world(
        'move: { vm: vm1, to: h2 }\nnextMoves: [{ vm: vm2, to: h1, together: true }]\nevents: [{ at: preflight, ofMove: 2, do: cancel-move }]',
      ),
    );
    expect(ends).toEqual(['vm1 h1 h2 moved', 'vm2 h3 h1 refused']);
  });

  it('the second address set alone is zoned on the destination: the way back is refused', () => {
    const array = '"50:06:01:60:00:00:00:01"';
    const zones = `, zones: [{ name: z, members: [${array}, "c0:50:76:00:00:00:01:00", "c0:50:76:00:00:00:01:01"] }, { name: y, members: [array, vm2] }]`;
    const back = (members: string): string =>
      `move: { vm: vm1, to: h2 }\nnextMoves: [{ to: h1 }]\nevents: [{ at: end, do: zones, fabric: A, zones: [{ name: z, members: [${members}] }] }]`;
    const without = played(world(back(`${array}, "c0:50:76:00:00:00:01:01"`), zones));
    expect(without.ends).toEqual(['vm1 h1 h2 moved', 'vm1 h2 h1 refused']);
    expect(without.report.result.outcome).toBe('refused');
    const all = played(world(back('array, vm1, vm2'), zones));
    expect(all.ends).toEqual(['vm1 h1 h2 moved', 'vm1 h2 h1 moved']);
  });

  it('are refused where the file cannot mean them', () => {
    const said = (rest: string): string => {
      try {
        loadScenario(world(rest), 'x.yaml');
        return '';
      } catch (error) {
        return (error as Error).message.replace(/^x\.yaml:\d+:\d+: /, '');
      }
    };
    expect(said('move: { vm: vm1, to: h2 }\nnextMoves: [{ to: h2 }]')).toBe('vm1 is on h2 by then');
    expect(said('move: { vm: vm1, to: h2 }\nnextMoves: [{ to: h9 }]')).toMatch(
      /^there is no host h9/,
    );
    expect(said('move: { vm: vm1, to: h2 }\nnextMoves: [{ vm: x, to: h3 }]')).toMatch(
      /^there is no virtual machine x/,
    );
    expect(said('move: { vm: vm1, to: h2 }\nnextMoves: [{ to: h3, together: true }]')).toMatch(
      /^together: vm1 is in the middle of the move before/,
    );
  });
});
