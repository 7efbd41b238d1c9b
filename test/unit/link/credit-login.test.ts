/** Credit in FLOGI and its accept, at the places where the standard has it. */
import { expect, it } from 'vitest';
import { flogi, flogiAccept, logoAccept } from '../../../src/codecs/els/index.ts';
import { encodeLinkFrame } from '../../../src/codecs/fc/index.ts';
import { creditLoginIn } from '../../../src/link/credit-login.ts';
import { frameHeader } from '../../../src/port/n-port/frame-header.ts';

const F_PORT = 0xff_fffe;
const room = (bytes: number) => new Uint8Array(bytes);
const common = { bbCredit: 300, bbScN: 5, bbReceiveDataFieldSizeBytes: 2112, features: 0 };
const names = { portName: 1n, nodeName: 2n };
const request = flogi.encode({ common, ...names });
const accept = flogiAccept.encode({ common: { ...common, rATovMs: 1, eDTov: 1 }, ...names });
const frame = (rCtl: number, dId: number, sId: number, payload: Uint8Array) =>
  encodeLinkFrame(frameHeader(1, rCtl, dId, sId, 0, 0, 0x1234, 0xffff), payload, true, room);

it('is read of a FLOGI to the F_Port and of its accept', () => {
  const said = { oxId: 0x1234, bbCredit: 300, bbScN: 5 };
  expect(creditLoginIn(frame(0x22, F_PORT, 0, request))).toEqual({ kind: 'request', ...said });
  expect(creditLoginIn(frame(0x23, 1, F_PORT, accept))).toEqual({ kind: 'accept', ...said });
  // BB_Credit stands behind command and versions, BB_SC_N in the upper bits behind the features.
  expect([(request[6]! << 8) | request[7]!, request[10]! >>> 4]).toEqual([300, 5]);
});

it('is not read of anything else', () => {
  expect(creditLoginIn(frame(0x22, 0x01_0001, 0x01_0002, request))).toBeUndefined();
  expect(creditLoginIn(frame(0x23, 0x01_0001, 0x01_0002, accept))).toBeUndefined();
  expect(creditLoginIn(frame(0x23, 1, F_PORT, logoAccept.encode({})))).toBeUndefined();
  expect(creditLoginIn(frame(0x06, F_PORT, 0, request))).toBeUndefined();
  expect(creditLoginIn(frame(0x22, F_PORT, 0, request).subarray(0, 20))).toBeUndefined();
});
