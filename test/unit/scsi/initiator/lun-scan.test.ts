/** A scan, answered by hand: what it asks for, and what it takes and gives up. */
import { describe, expect, it } from 'vitest';
import { type ScanResult, scanLuns } from '../../../../src/scsi/initiator/lun-scan.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import type {
  CommandOutcome,
  InitiatorNexus,
  ScsiCommand,
} from '../../../../src/scsi/transport.ts';
import { hex, Rig, toHex } from '../../../helpers/scsi-target.ts';

const CHECK = {
  end: 'answered',
  status: 2,
  sense: hex('700006'),
  data: hex(''),
  residual: 0,
} as const;
const INQUIRY = 0x12;
const REPORT_LUNS = 0xa0;

/** A nexus whose answers are a device's, unless `instead` has another. */
function scan(instead: (command: ScsiCommand, count: number) => CommandOutcome | undefined) {
  const rig = new Rig();
  rig.unit(new MemoryMedium(100));
  rig.unit(new MemoryMedium(200));
  const login = rig.login();
  const asked: string[] = [];
  const contradictions: string[] = [];
  const results: ScanResult[] = [];
  const nexus = {
    ready: true,
    execute(command: ScsiCommand) {
      asked.push(toHex(command.cdb.subarray(0, 3)));
      const answer = instead(command, asked.length);
      if (answer !== undefined) command.onDone(answer);
      else {
        const { status, dataIn, sense } = rig.send(
          login,
          toHex(command.cdb),
          undefined,
          command.lun,
        );
        const data = dataIn ?? hex('');
        command.onDone({ end: 'answered', status, sense: sense ?? hex(''), data, residual: 0 });
      }
      return undefined;
    },
    contradiction: (what: string) => contradictions.push(what),
  };
  scanLuns(nexus as unknown as InitiatorNexus, (result) => results.push(result));
  return { rig, asked, contradictions, results, nexus };
}

describe('a scan', () => {
  it('asks for LUNs, then for each one who it is, its name, its access states, how large it is', () => {
    const { rig, asked, results } = scan(() => undefined);
    expect(asked).toEqual([
      'a00000',
      ...['120000', '120183', 'a32a00', '9e1000'],
      ...['120000', '120183', 'a32a00', '9e1000'],
    ]);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      ok: true,
      luns: rig.target.units.map(({ luName }, lunNumber) => ({
        lun: BigInt(lunNumber) << 48n,
        lunNumber,
        luName,
        blocks: [100, 200][lunNumber],
        vendor: 'SANMOTN',
        product: 'VIRTUAL DISK',
        relativePort: 1,
      })),
    });
  });

  it('lives through unit attentions and lost frames, six times a command', () => {
    const { results } = scan((_command, count) => (count < 6 ? CHECK : undefined));
    expect(results[0]?.ok).toBe(true);
    const lost = scan((_command, count) => (count < 7 ? { end: 'aborted' } : undefined));
    expect(lost.results).toEqual([{ ok: false, reason: 'REPORT LUNS: aborted' }]);
  });

  it('gives up when its nexus is lost', () => {
    const { asked, results } = scan(function (this: void, command) {
      return command.cdb[0] === INQUIRY ? { end: 'nexus-lost', confirmed: true } : undefined;
    });
    expect(asked).toHaveLength(7);
    expect(results[0]).toMatchObject({ ok: false, reason: 'INQUIRY: nexus-lost' });
    const gone = scan(() => undefined);
    gone.nexus.ready = false;
    const after: ScanResult[] = [];
    scanLuns(
      {
        ...gone.nexus,
        execute: (command: ScsiCommand) => {
          command.onDone({ end: 'not-sent' });
          return undefined;
        },
      } as unknown as InitiatorNexus,
      (result) => after.push(result),
    );
    expect(after).toEqual([{ ok: false, reason: 'REPORT LUNS: not-sent' }]);
  });

  // 0C: the array controller that tgt shows as LUN 0.
  it.each(['7f', '0c', '0d'])('passes by a LUN of type %s, and one without an NAA name', (type) => {
    const noUnit = scan(({ cdb, lun }) => {
      if (cdb[0] !== INQUIRY || lun !== 0n || cdb[1] === 1) return undefined;
      const data = hex(`${type}${'00'.repeat(95)}`);
      return { end: 'answered', status: 0, sense: hex(''), data, residual: 0 };
    });
    expect(noUnit.results[0]).toMatchObject({ ok: true, luns: [{ lunNumber: 1 }] });
    const noName = scan(({ cdb, lun }) => {
      if (cdb[1] !== 1 || lun !== 0n) return undefined;
      return { end: 'answered', status: 0, sense: hex(''), data: hex('00830000'), residual: 0 };
    });
    expect(noName.results[0]).toMatchObject({ ok: true, luns: [{ lunNumber: 1 }] });
  });

  it('tells of data that does not decode, and ends', () => {
    const { contradictions, results } = scan(({ cdb }) =>
      cdb[0] === REPORT_LUNS
        ? { end: 'answered', status: 0, sense: hex(''), data: hex('000000'), residual: 0 }
        : undefined,
    );
    expect(contradictions).toHaveLength(1);
    expect(results).toEqual([{ ok: false, reason: 'REPORT LUNS: its data does not decode' }]);
  });
});
