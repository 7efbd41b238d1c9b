import { describe, expect, test } from 'vitest';
import {
  cdbOf,
  decodeCdb,
  decodeFrame,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  formatHex,
  layerValue,
  lunNumber,
  Opcode,
  sense,
} from '../../../../src/codecs/index.ts';
import { inFull } from '../../../helpers/in-full.ts';
import { hasTshark, sharedCaptures, tsharkFields } from '../../../helpers/shared-captures.ts';

const captures = (inFull ? sharedCaptures() : []).filter(
  ({ name }) => name.startsWith('linux/') || name.startsWith('esxi-cisco/'),
);

const CMND_FIELDS = [
  'fcp.lun',
  'fcp.crn',
  'fcp.taskattr',
  'fcp.taskmgmt',
  'fcp.addlcdblen',
  'fcp.rddata',
  'fcp.wrdata',
  'fcp.dl',
  'scsi_sbc.opcode',
] as const;
const XFER_RDY_FIELDS = ['fcp.data_ro', 'fcp.burstlen'] as const;
const RSP_FIELDS = [
  'fcp.rsp.retry_delay_timer',
  'fcp.rspflags',
  'fcp.status',
  'fcp.resid',
  'fcp.snslen',
  'fcp.rsplen',
] as const;
const SENSE_FIELDS = ['scsi.sns.key', 'scsi.sns.ascascq', 'scsi.sns.addlen'] as const;

const numbers = (cells: readonly (readonly string[])[]) =>
  cells.map((cell) => (cell[0] === undefined || cell[0] === '' ? undefined : Number(cell[0])));

/** Frames of a kind as tshark numbers them, with what it reads in them. */
function read(path: string, fields: readonly string[], filter: string) {
  return tsharkFields(path, ['frame.number', ...fields], filter).map(([frame, ...cells]) => ({
    frame: Number(frame![0]),
    cells: numbers(cells),
  }));
}

describe.skipIf(captures.length === 0 || !hasTshark)('FCP as tshark reads it', () => {
  const seen = { commands: 0, ready: 0, responses: 0, senses: 0 };
  const each = captures.map((one) => [one.name, one] as const);

  test.each(each)('%s: commands', (_name, { path, frames }) => {
    for (const { frame, cells } of read(path, CMND_FIELDS, 'fc.r_ctl == 0x06 && fcp')) {
      const one = layerValue(decodeFrame(frames[frame - 1]!.bytes), fcpCmnd)!;
      expect(
        [
          lunNumber(one.lun),
          one.crn,
          one.taskAttribute,
          one.taskManagementFlags,
          one.additionalCdbLengthWords,
          one.rddata,
          one.wrdata,
          one.fcpDl,
          one.cdb[0],
        ],
        `frame ${frame}`,
      ).toEqual(cells);
      const command = decodeCdb(cdbOf(one));
      expect(command.kind, `frame ${frame}: ${formatHex(one.cdb)}`).not.toBe('unknown');
      seen.commands++;
    }
  });

  test.each(each)('%s: data descriptors and responses', (_name, { path, frames }) => {
    for (const { frame, cells } of read(path, XFER_RDY_FIELDS, 'fc.r_ctl == 0x05 && fcp')) {
      const one = layerValue(decodeFrame(frames[frame - 1]!.bytes), fcpXferRdy)!;
      expect([one.relativeOffset, one.burstLengthBytes], `frame ${frame}`).toEqual(cells);
      seen.ready++;
    }
    for (const { frame, cells } of read(path, RSP_FIELDS, 'fc.r_ctl == 0x07 && fcp')) {
      const one = layerValue(decodeFrame(frames[frame - 1]!.bytes), fcpRsp)!;
      const { retryDelayTimer, flags, scsiStatus, residualCount } = one;
      const { senseLengthBytes, rspLengthBytes } = one;
      const ours = [
        retryDelayTimer,
        flags,
        scsiStatus,
        residualCount,
        senseLengthBytes,
        rspLengthBytes,
      ];
      // tshark shows residual and lengths only where a flag says that they count.
      expect(
        ours.map((value, i) => (cells[i] === undefined ? undefined : value)),
        `frame ${frame}`,
      ).toEqual(cells);
      expect(cells.slice(0, 3)).not.toContain(undefined);
      seen.responses++;
    }
    for (const { frame, cells } of read(path, SENSE_FIELDS, 'scsi.sns.key')) {
      const { senseData } = layerValue(decodeFrame(frames[frame - 1]!.bytes), fcpRsp)!;
      const one = sense.decode(senseData);
      if (one.kind !== 'fixed') throw new TypeError(`frame ${frame}: no fixed format sense`);
      expect([one.senseKey, one.asc * 256 + one.ascq, one.additionalSenseLengthBytes]).toEqual(
        cells,
      );
      seen.senses++;
    }
  });

  test('there was something to read', () => {
    expect(seen.commands).toBeGreaterThan(500);
    expect(seen.ready).toBeGreaterThan(20);
    expect(seen.responses).toBeGreaterThan(500);
    expect(seen.senses).toBeGreaterThan(4);
    expect(Opcode.INQUIRY).toBe(0x12);
  });
});
