/** The application server (VMID), as Linux' lpfc_hw.h and lpfc_ct.c know it. */
import { describe, expect, test } from 'vitest';
import {
  ApplicationCommand,
  ApplicationExplanation,
  applicationIdentifier,
  applicationIdentifierEntry,
  applicationServer,
  dallappId,
  dallappIdAccept,
  dappIdent,
  dappIdentAccept,
  entityIdentifier,
  gallappia,
  gallappiaAccept,
  gallappiaId,
  gappiaEnt,
  rappIdent,
  rappIdentAccept,
} from '../../../../src/codecs/ct/application-server.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, expectCommands, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

/** lpfc_hw.h. */
const APPLICATION =
  'GAPPIA_ENT 0100 GALLAPPIA 0101 GALLAPPIA_ID 0102 GAPPIA_IDAPP 0103 RAPP_IDENT 0200 DAPP_IDENT 0300 DALLAPP_ID 0301';

const UUID = `066d2d75756964${'00'.repeat(249)}`;
const identifier = 'm-uuid'.padEnd(255, '\0');

describe('codes', () => {
  test('commands', () => {
    expectCommands(ApplicationCommand, [0xfa, 0x20], APPLICATION);
    expect(applicationServer).toEqual({ gsType: 0xfa, gsSubtype: 0x20 });
    expect(ApplicationExplanation.APPLICATION_ID_NOT_AVAILABLE).toBe(0x40);
  });
});

describe('messages', () => {
  test('a registration as lpfc sends it: port, count, entities of 256 bytes', () => {
    const rapp = rappIdent.encode({ portId: 1, entities: [{ identifier: 'a-uuid' }] });
    expect(rapp.length).toBe(16 + 4 + 4 + 256);
    expect(rapp[24]).toBe(6);
    const value = rappIdent.decode(rapp);
    expect(value.entities[0]?.identifier.replace(/\0+$/, '')).toBe('a-uuid');
    const body = `00010e01 00000001 ${UUID}`;
    const fields = {
      portId: 0x01_0e01,
      entityCount: 1,
      entities: [{ identifierLengthBytes: 6, identifier }],
    };
    expectVector(rappIdent, `${preamble('fa20', '0200')} ${body}`, fields);
    expectVector(dappIdent, `${preamble('fa20', '0300')} ${body}`, fields);
    expectVector(entityIdentifier, UUID, { identifierLengthBytes: 6, identifier });
  });

  test('lpfc finds in a DAPP_IDENT accept what was removed behind a count', () => {
    const removed = `00010e0100000007066d2d75756964${'00'.repeat(264 - 15)}`;
    const bytes = parseHex(`01000000fa200000800200000000000000000001${removed}`);
    const value = dappIdentAccept.decode(bytes);
    expect(value.applications).toHaveLength(1);
    expect(value.applications[0]).toMatchObject({ portId: 0x01_0e01, applicationId: 7 });
    expect(value.applications[0]?.identifierLengthBytes).toBe(6);
    expect(formatHex(dappIdentAccept.encode(value))).toBe(formatHex(bytes));
  });

  test('assigned identifiers stand behind a count, or in a list whose last one says so', () => {
    const one = `00010e01 00000007 ${UUID}`;
    const fields = { portId: 0x01_0e01, applicationId: 7, identifier };
    expectVector(applicationIdentifier, one, fields);
    expectVector(rappIdentAccept, `${preamble('fa20', ACCEPT)} 00000001 ${one}`, {
      applicationCount: 1,
      applications: [fields],
    });
    const entry = (control: string) => `${control}000000 ${one}`;
    expectVector(applicationIdentifierEntry, entry('80'), { control: 0x80, ...fields });
    const list = gallappiaAccept.decode(
      parseHex(`${preamble('fa20', ACCEPT)} ${entry('00')} ${entry('80')} ${entry('00')}`),
    );
    expect(list.applications.map(({ control }) => control)).toEqual([0, 0x80]);
    expect(list.trailing).toHaveLength(268);
  });

  test('ports are asked about, and forgotten, by their identifier', () => {
    expectVector(gallappia, preamble('fa20', '0101'), { kind: 'GALLAPPIA' });
    expectVector(gallappiaId, `${preamble('fa20', '0102')} 00010e01`, { portId: 0x01_0e01 });
    expectVector(dallappId, `${preamble('fa20', '0301')} 00010e01`, { portId: 0x01_0e01 });
    expectVector(dallappIdAccept, preamble('fa20', ACCEPT), { kind: 'CT_ACC DALLAPP_ID' });
    expectEncoded(gappiaEnt, { payload: parseHex('c0ffee') }, `${preamble('fa20', '0100')} c0ffee`);
  });
});
