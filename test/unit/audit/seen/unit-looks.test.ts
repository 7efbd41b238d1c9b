/** What INQUIRY and READ CAPACITY tell of a unit, by exchange. */
import { expect, it } from 'vitest';
import { UnitLooks } from '../../../../src/audit/seen/unit-looks.ts';
import { Conversation, cdb, decodeFrame, fcpCmnd, parseHex } from '../../../../src/codecs/index.ts';
import { vpd } from '../../../../src/codecs/scsi/index.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../../helpers/audit-rig.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';
import { fc } from '../../../helpers/fc-frames.ts';

type CdbInput = Parameters<typeof cdb.encode>[0];

/** What a command's data tell, where it ends with `status`. */
function told(command: CdbInput, data: Uint8Array, status = 'GOOD') {
  const looks = new UnitLooks();
  const conversation = new Conversation();
  const field = new Uint8Array(16);
  field.set(cdb.encode(command));
  const payload = fcpCmnd.encode({ lun: 0n, rddata: 1, fcpDl: data.length, cdb: field });
  const back = { from: TARGET_ADDRESS, to: ADDRESS };
  const header = { oxId: 7, rCtl: 1, fCtl: 0x99_0008, parameter: 0 };
  for (const bytes of [
    fc({ header: { oxId: 7 }, payload }),
    fc({ ...back, header, payload: data }),
  ])
    looks.take(decodeFrame(bytes, { conversation }), '');
  const ends = { originator: ADDRESS, responder: TARGET_ADDRESS, oxId: 7 };
  return looks.of(exchangeRow({ ...ends, command: command.kind as string, status }));
}

const inquiry = (pageCode: number): CdbInput => ({
  kind: 'INQUIRY',
  evpd: 1,
  pageCode,
  allocationLengthBytes: 252,
});
const NAA = parseHex('602534d0000000004f9e14b634c6b026');
const EUI = parseHex('0011223344556677');
const designator = (kind: 'NAA' | 'EUI-64', identifier: Uint8Array, association = 0) =>
  ({ kind, identifier, association }) as const;
const page = (...designators: ReturnType<typeof designator>[]) =>
  vpd.encode({ kind: 'device identification', designators });

it('a unit has its NAA names, else its EUI-64, and not those of its port', () => {
  const port = designator('NAA', parseHex('5006016000000001'), 1);
  expect(
    told(inquiry(0x83), page(port, designator('EUI-64', EUI), designator('NAA', NAA))),
  ).toEqual({ names: ['naa.602534d0000000004f9e14b634c6b026'] });
  expect(told(inquiry(0x83), page(port, designator('EUI-64', EUI)))).toEqual({
    names: ['eui.0011223344556677'],
  });
  expect(told(inquiry(0x83), page(port))).toEqual({ names: [] });
});

it('data that were cut, commands that failed and other pages tell no name', () => {
  const data = page(designator('NAA', NAA));
  expect(told(inquiry(0x83), data.subarray(0, 12))).toEqual({ names: [] });
  expect(told(inquiry(0x83), data, 'BUSY')).toBeUndefined();
  expect(told(inquiry(0x80), data)).toBeUndefined();
});

it('READ CAPACITY tells the blocks, but where it says that they are more than fit', () => {
  const ten: CdbInput = { kind: 'READ CAPACITY(10)' };
  expect(told(ten, parseHex('000007ff00000200'))).toEqual({ blocks: 2048n });
  expect(told(ten, parseHex('ffffffff00000200'))).toBeUndefined();
});
