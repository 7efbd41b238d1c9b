/**
 * A capture accuses nobody whom the run itself acquits: taps do not show that a link went, and with
 * it a login.
 */
import { describe, expect, it } from 'vitest';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const WORLD = `
fabrics:
  - { name: A, vlan: 1002, domain: 1 }
  - { name: B, vlan: 1003, domain: 2 }
hosts:
  - { name: h1, ports: [A, B] }
  - { name: h2, ports: [A, B] }
array:
  ports: [A, B]
  luns: [{ name: one, blocks: 4096 }, { name: two, blocks: 4096 }]
vms:
  - { name: vm1, host: h1, luns: [one], workload: { queueDepth: 1, thinkUs: 20000 } }
  - { name: vm2, host: h2, luns: [two], workload: { queueDepth: 1, thinkUs: 20000 } }
`;

/** The array's link goes for 2.5 s, its address is free R_A_TOV after that, and the second guest gets it. */
const FLAP = `name: flap${WORLD}
move: { vm: vm1, to: h2, strategy: same-wwpn }
nextMoves: [{ vm: vm2, to: h1, together: true, afterMs: 0 }]
timing: { beforeMs: 5, afterMs: 100 }
events:
  - { at: stun, ofMove: 2, do: link-down, node: array, port: 0 }
  - { at: stun, ofMove: 2, afterMs: 2500, do: link-up, node: array, port: 0 }
`;

/** The source's links are pulled, and the switch knows; nobody sends a LOGO. */
const PULLED = `name: pulled${WORLD}
move: { vm: vm1, to: h2, strategy: same-wwpn, drain: link-pull }
timing: { beforeMs: 5, afterMs: 100 }
`;

/** The array is logged out, and its address is given to a guest whose link no tap of the array sees. */
const CLEARED = `name: cleared${WORLD}
move: { vm: vm1, to: h2, strategy: cold, drain: link-pull }
timing: { beforeMs: 20, afterMs: 100 }
events:
  - { at: pre-copy, afterMs: 28, do: clear-link, fabric: A, for: array }
`;

/** Switches hand the guest's logins over to the other host, and clear them at the first. */
const HANDED_OVER = `name: handed-over${WORLD}
move: { vm: vm1, to: h2, strategy: handoff }
timing: { beforeMs: 5, afterMs: 30 }
`;

const violated = (verdict: readonly { readonly invariant: string; readonly result: string }[]) =>
  verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);

describe('the capture of a run with links that go', () => {
  it.each([
    ['an array whose link flaps', FLAP, 17, ''],
    ['a guest whose links are pulled', PULLED, 8, ''],
    ['an array that is logged out', CLEARED, 4, 'array.'],
    ['a guest whose logins are handed over', HANDED_OVER, 8, ''],
  ])('%s', (_what, text, logins, taps) => {
    const frames: TappedFrame[] = [];
    const observer = {
      see: (frame: TappedFrame) => void frames.push({ ...frame, bytes: frame.bytes.slice() }),
    };
    const report = runMove({ scenario: loadScenario(text, 'x.yaml'), observer });
    const capture = judgeSeen(frames.filter(({ tap }) => tap.startsWith(taps)));
    expect(capture.logins.length).toBeGreaterThan(logins);
    const run = violated(report.verdict);
    // One mirror port may show every link of the switch: each frame as it comes in and as it goes out.
    const mirrored = judgeSeen(frames.map((frame) => ({ ...frame, tap: 'span' })));
    for (const { verdict } of [capture, mirrored])
      expect(violated(verdict).filter((one) => !run.includes(one))).toEqual([]);
    const { fcp } = mirrored.exchanges;
    expect([fcp.opened, fcp.unanswered < 5]).toEqual([
      judgeSeen(frames).exchanges.fcp.opened,
      true,
    ]);
    // Addresses are named by who had them when they were used.
    const targets = capture.latencies.map(({ target }) => target.wwpn?.slice(0, 5));
    expect(new Set(targets)).toEqual(new Set(['50:06']));
  });
});

describe('the capture of a run over native links', () => {
  it.each(['wait', 'link-pull'])('shows whose login went where: drain %s', (drain) => {
    const text = `name: native${WORLD}
protocol: fc
move: { vm: vm1, to: h2, strategy: same-wwpn, drain: ${drain} }
timing: { beforeMs: 5, afterMs: 100 }
`;
    const frames: TappedFrame[] = [];
    const observer = {
      see: (frame: TappedFrame) => void frames.push({ ...frame, bytes: frame.bytes.slice() }),
    };
    const report = runMove({ scenario: loadScenario(text, 'x.yaml'), observer });
    const { logins, moves, verdict } = judgeSeen(frames);
    const run = violated(report.verdict);
    expect(violated(verdict).filter((one) => !run.includes(one))).toEqual([]);
    const kinds = logins.map(({ by, result }) => `${by} ${result}`);
    const accepted = ['FLOGI accepted', 'FDISC accepted', 'PLOGI accepted'];
    expect(kinds).toEqual(expect.arrayContaining(accepted));
    const twice = verdict.find(({ invariant }) => invariant === 'I14');
    expect(twice?.result).toBe(drain === 'wait' ? 'holds' : 'not-observable');
    // A link that was pulled shows no logout: what came of its login only the next one tells.
    const places = moves.map(({ from, to }) => `${from.place} ${to.place}`);
    expect(places).toEqual(drain === 'wait' ? ['h1.0-A h2.0-A', 'h1.1-B h2.1-B'] : []);
  });
});
