/** Ports as bytes: TransportIDs, designators and version descriptors of each protocol. Source: SPC-4, 7.5.4 and table 151. */
import { describe, expect, it } from 'vitest';
import { type DesignationInput, designation, transportId } from '../../../src/codecs/scsi/index.ts';
import type { InitiatorPort, TargetPort } from '../../../src/history/port-name.ts';
import {
  initiatorPortOf,
  nameDesignatorOf,
  protocolFieldsOf,
  transportIdOf,
  versionOf,
} from '../../../src/scsi/port-identity.ts';
import { hex, toHex } from '../../helpers/scsi-target.ts';

const FC = '21:00:00:00:00:00:00:0a' as InitiatorPort & TargetPort;
const ISCSI = 'iqn.2026-01.example:h,i,0x00023d000001' as InitiatorPort;
const ISCSI_TARGET = 'iqn.2026-01.example:a,t,0x0001' as TargetPort;
const OTHER = '10.0.0.1' as InitiatorPort & TargetPort;

describe('a TransportID', () => {
  it('of Fibre Channel is 24 bytes with the port name at byte 8', () => {
    const bytes = transportId.encode(transportIdOf(FC)!);
    expect(toHex(bytes)).toBe(`00${'00'.repeat(7)}210000000000000a${'00'.repeat(8)}`);
    expect(initiatorPortOf(transportId.decode(bytes))).toBe(FC);
  });

  it('of iSCSI has format code 01b, the name, and zeros up to a multiple of 4', () => {
    const bytes = transportId.encode(transportIdOf(ISCSI)!);
    expect(toHex(bytes.subarray(0, 4))).toBe('45000028');
    expect(bytes.length).toBe(44);
    expect(Buffer.from(bytes.subarray(4)).toString()).toBe(`${ISCSI}\0\0`);
    expect(initiatorPortOf(transportId.decode(bytes))).toBe(ISCSI);
  });

  it('of iSCSI is never shorter than 24 bytes, and one zero ends the name', () => {
    expect(transportId.encode(transportIdOf('iqn.a' as InitiatorPort)!).length).toBe(24);
    const four = transportId.encode(transportIdOf('iqn.1234567890123456' as InitiatorPort)!);
    expect([four.length, four.at(-1)]).toEqual([28, 0]);
  });

  it('that names a device, another protocol, or nonsense, names no port', () => {
    const device = hex(`05000014${Buffer.from('iqn.a').toString('hex')}${'00'.repeat(15)}`);
    const nonsense = hex(`45000014${'41'.repeat(5)}${'00'.repeat(15)}`);
    const sas = hex(`06000000${'51'.repeat(8)}${'00'.repeat(12)}`);
    for (const bytes of [device, nonsense, sas]) {
      expect(initiatorPortOf(transportId.decode(bytes))).toBeUndefined();
    }
    expect(transportIdOf(OTHER)).toBeUndefined();
  });
});

describe('a target port', () => {
  const designator = (port: TargetPort) =>
    toHex(
      designation.encode({
        ...nameDesignatorOf(port),
        ...protocolFieldsOf(port),
        association: 1,
      } as DesignationInput),
    );

  it('of Fibre Channel is designated by its NAA name, with its protocol', () => {
    expect(designator(FC)).toBe('01930008210000000000000a');
  });

  it('of iSCSI, and of nothing that is known here, is designated by its name as text', () => {
    expect(designator(ISCSI_TARGET).slice(0, 8)).toBe('5398001e');
    expect(designator(OTHER).slice(0, 8)).toBe('03180008');
  });

  it('says its standard where it has one', () => {
    expect([versionOf(FC), versionOf(ISCSI_TARGET), versionOf(OTHER)]).toEqual([
      0x0a40,
      0x0960,
      undefined,
    ]);
  });
});
