import { describe, expect, test } from 'vitest';
import { cdbOf, fcpCmnd, fcpRsp } from '../../../../src/codecs/fcp/index.ts';
import { type AnyCodec, formatHex } from '../../../../src/codecs/layout/index.ts';
import {
  type Cdb,
  dataIn,
  decodeCdb,
  formatLun,
  sense,
  type TargetPortGroupsData,
  type Vpd,
} from '../../../../src/codecs/scsi/index.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import {
  type FcPayload,
  fcPayloads,
  haveCaptures,
  SESSION_CAPTURES,
} from '../../../helpers/fc-payloads.ts';

const FCP = 0x08;
const CAPTURES = [...SESSION_CAPTURES, 'linux/vn2vn-discovery.pcap', 'linux/vn2vn-io.pcap'];

interface Answered {
  readonly frame: number;
  readonly command: Cdb;
  /** The data of a read, whole. */
  readonly data: Uint8Array;
  readonly response: Uint8Array;
}

/** FCP commands with the data and the response that came back, by exchange. */
function answered(frames: readonly FcPayload[]): Answered[] {
  const open = new Map<string, { frame: number; command: Cdb; data: Uint8Array[] }>();
  const done: Answered[] = [];
  for (const { frame, rCtl, type, sId, dId, oxId, payload } of frames) {
    if (type !== FCP) continue;
    const command = `${sId} ${dId} ${oxId}`;
    const answer = `${dId} ${sId} ${oxId}`;
    if (rCtl === 0x06) {
      open.set(command, { frame, command: decodeCdb(cdbOf(fcpCmnd.decode(payload))), data: [] });
    } else if (rCtl === 0x01) open.get(answer)?.data.push(payload);
    else if (rCtl === 0x07) {
      const one = open.get(answer);
      open.delete(answer);
      if (one === undefined) continue;
      const data = Uint8Array.from(one.data.flatMap((part) => [...part]));
      done.push({ frame: one.frame, command: one.command, data, response: payload });
    }
  }
  return done;
}

describe.skipIf(!haveCaptures)('SCSI of captures (skipped without ../shared/captures)', () => {
  const kinds = new Map<string, number>();

  test.each(CAPTURES)('%s: data and responses decode and encode again', (name) => {
    const all = answered(fcPayloads(name));
    expect(all.length).toBeGreaterThan(3);
    for (const { frame, command, data, response } of all) {
      const where = `${name} frame ${frame}: ${command.kind}`;
      expect(command.kind, where).not.toBe('unknown');
      const rsp = fcpRsp.decode(response);
      expect(formatHex(fcpRsp.encode(rsp)), where).toBe(formatHex(response));
      checkEveryLength(fcpRsp as AnyCodec, response);
      if (rsp.senseData.length > 0) {
        expect(sense.decode(rsp.senseData).kind, where).toBe('fixed');
        expect(rsp.scsiStatus).toBe(2);
      }
      const codec = dataIn(command);
      if (codec === undefined || data.length === 0) continue;
      const value = codec.decode(data) as { kind?: string };
      expect(formatHex(codec.encode(value)), where).toBe(formatHex(data));
      checkTiled(codec, data);
      const kind = `${command.kind}: ${value.kind ?? ''}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  });

  test('they hold what initiators ask first', () => {
    for (const kind of [
      'REPORT LUNS: ',
      'INQUIRY: ',
      'INQUIRY: supported VPD pages',
      'INQUIRY: unit serial number',
      'INQUIRY: device identification',
      'INQUIRY: block limits',
      'INQUIRY: logical block provisioning',
      'READ CAPACITY(16): ',
      'MODE SENSE(6): ',
      'REPORT TARGET PORT GROUPS: length only',
    ]) {
      expect([...kinds.keys()]).toContain(kind);
    }
    expect([...kinds.keys()].filter((kind) => kind.endsWith(': cut'))).toEqual([]);
  });

  test('the Storwize target: its ports, port groups and names', () => {
    const all = answered(fcPayloads('esxi-cisco/fcoe1-both.pcap'));
    const of = (kind: Cdb['kind']) => all.filter(({ command }) => command.kind === kind);
    const groups = of('REPORT TARGET PORT GROUPS')
      .filter(({ data }) => data.length > 0)
      .map(({ command, data }) => dataIn(command)!.decode(data) as TargetPortGroupsData);
    expect(groups.length).toBeGreaterThan(0);
    for (const one of groups) {
      if (one.kind !== 'length only') throw new TypeError(one.kind);
      expect(one.returnDataLengthBytes).toBe(
        one.groups.reduce((sum, group) => sum + 8 + 4 * group.targetPorts.length, 0),
      );
      expect(one.groups.map((group) => group.asymmetricAccessState)).toContain(0);
    }
    const luns = of('REPORT LUNS').flatMap(
      ({ command, data }) => (dataIn(command)!.decode(data) as { luns: bigint[] }).luns,
    );
    expect(luns.length).toBeGreaterThan(0);
    for (const lun of luns) expect(formatLun(lun)).toMatch(/^\d+$/);
    const names = of('INQUIRY').flatMap(({ command, data }) => {
      const value = data.length === 0 ? undefined : (dataIn(command)!.decode(data) as Vpd);
      return value?.kind === 'device identification' ? value.designators : [];
    });
    // 'naa.6005076…' is IBM's.
    const naa = names.flatMap((one) => (one.kind === 'NAA' ? [formatHex(one.identifier)] : []));
    expect(naa.some((one) => one.startsWith('6005076'))).toBe(true);
    const kindsOfNames = new Set(names.map((one) => one.kind));
    expect(kindsOfNames).toContain('relative target port');
    expect(kindsOfNames).toContain('target port group');
  });
});
