/** The same moves with the guest's disks as files: NFS version 3 over real TCP segments on a LAN. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { memorySink, PcapngWriter } from '../../../src/capture/index.ts';
import { runMove } from '../../../src/run/run.ts';
import { temporaryFolder } from '../../helpers/capture.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';
import { tsharkVersion } from '../../oracle/support/tshark.ts';

const LONG_MS = 60_000;
const overNfs = (overrides: Parameters<typeof scenarioOf>[0] = {}) =>
  scenarioOf({ ...overrides, protocol: 'nfs' });

describe('a move over NFS', () => {
  it.each(['wwpn-pair', 'same-wwpn', 'cold'])('by %s loses nothing', (strategy) => {
    const report = runMove({ scenario: overNfs({ strategy }) });
    expect(report.result.outcome).toBe('moved');
    expect(broken(report)).toEqual([]);
    const of = (invariant: string) => report.verdict.find((one) => one.invariant === invariant);
    for (const invariant of ['I1', 'I3', 'I6', 'I7', 'I8'])
      expect(of(invariant)).toMatchObject({ result: 'holds' });
    // NFS numbers no frames.
    expect(of('I2')).toMatchObject({ result: 'holds' });
    expect(of('I19')).toMatchObject({ result: 'not-observable' });
  });

  it.each(['purge', 'abort', 'link-pull'])(
    'after a drain by %s has nothing that fences the late WRITE of the old host',
    (drain) => {
      const late = run(overNfs({ drain, defences: [] }), 'data');
      expect(broken(late)).toEqual(['I7']);
    },
    LONG_MS,
  );

  it('after a drain that waits has no WRITE that could be late', () => {
    expect(broken(run(overNfs({ drain: 'wait' }), 'data'))).toEqual([]);
  });

  it.each([
    ['lost', { kind: 'drop' }],
    ['late', { kind: 'delay', delayNs: 2_000_000 }],
    ['doubled', { kind: 'duplicate', afterNs: 300_000 }],
    ['overtaken', { kind: 'reorder' }],
  ] as const)(
    'goes well where frames are %s: TCP mends it',
    (_, action) => {
      const rules = [{ chance: 0.01, action }];
      const report = runMove({ scenario: overNfs(), rules });
      expect(report.result.outcome).toBe('moved');
      expect(broken(report)).toEqual([]);
    },
    LONG_MS,
  );

  it('goes well where the cable of the array is out for a second meanwhile', () => {
    const scenario = overNfs();
    const { name } = scenario.array;
    const report = runMove({
      scenario: {
        ...scenario,
        events: [
          { do: 'link-down', node: name, port: 0, at: 'pre-copy', afterMs: 0, ofMove: 1 },
          { do: 'link-up', node: name, port: 0, at: 'pre-copy', afterMs: 1000, ofMove: 1 },
        ],
      },
    });
    expect(report.result.outcome).toBe('moved');
    expect(broken(report)).toEqual([]);
  });

  it('is the same twice', () => {
    const [one, two] = [0, 1].map(() => runMove({ scenario: overNfs() }).digest);
    expect(one).toBe(two);
  });

  it.skipIf(tsharkVersion() === undefined)(
    'is a capture that tshark reads call by call',
    async () => {
      const folder = temporaryFolder();
      const sink = memorySink();
      const capture = new PcapngWriter(sink);
      runMove({ scenario: overNfs(), capture });
      await capture.close();
      const path = folder.write('nfs.pcapng', sink.bytes());
      const count = (filter: string, file = path): number =>
        execFileSync(
          'tshark',
          [
            '-n',
            '-r',
            file,
            '-o',
            'tcp.check_checksum:TRUE',
            '-Y',
            filter,
            '-T',
            'fields',
            '-e',
            'frame.number',
          ],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
        ).split('\n').length - 1;
      expect(count('nfs.procedure_v3 == 7 and rpc.msgtyp == 0')).toBeGreaterThan(5);
      expect(count('mount.procedure_v3 == 1')).toBeGreaterThan(1);
      expect(count('tcp.checksum.status == Bad or _ws.malformed')).toBe(0);
      expect(count('rpc.state_accept != 0')).toBe(0);
      // Each frame is seen at both of its cables: at one of them nothing comes twice.
      const one = folder.path('one.pcapng');
      execFileSync('tshark', ['-n', '-r', path, '-Y', 'frame.interface_id == 0', '-w', one], {
        stdio: 'ignore',
      });
      expect(count('tcp.analysis.flags', one)).toBe(0);
      expect(count('tcp', one)).toBeGreaterThan(500);
      folder.remove();
    },
    LONG_MS,
  );
});
