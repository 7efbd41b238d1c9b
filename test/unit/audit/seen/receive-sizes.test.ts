/** How large a frame a port takes, by the logins that a link has seen. */
import { expect, it } from 'vitest';
import type { FcFrame } from '../../../../src/audit/seen/frame.ts';
import { ReceiveSizes } from '../../../../src/audit/seen/receive-sizes.ts';
import { seeFrame } from '../../../../src/audit/seen/see-frame.ts';
import { logo, plogi, plogiAccept } from '../../../../src/codecs/els/index.ts';
import { ADDRESS } from '../../../helpers/audit-rig.ts';
import { dataIn, dataOut, elsReply, elsRequest } from '../../../helpers/fc-frames.ts';
import { loginTaking } from '../../../helpers/plogi.ts';

const seen = (bytes: Uint8Array, tap = 'cable') =>
  seeFrame({ at: 5, number: 3, tap, fabric: 'A', direction: 'in', bytes }) as FcFrame;

const asks = (bytes: number, oxId = 9) => elsRequest(oxId, plogi.encode(loginTaking(bytes)));
const grants = (bytes: number, oxId = 9) => elsReply(oxId, plogiAccept.encode(loginTaking(bytes)));

/** What each end takes from the other: the target, then the initiator. */
function sizesAfter(...frames: readonly Uint8Array[]) {
  const sizes = new ReceiveSizes();
  for (const bytes of frames) sizes.see(seen(bytes));
  return [sizes.of(seen(dataOut(1, 8))), sizes.of(seen(dataIn(1, 8)))];
}

it('each end takes what it said itself, from the answer on', () => {
  expect(sizesAfter(asks(1024))).toEqual([undefined, undefined]);
  expect(sizesAfter(asks(1024), grants(2048))).toEqual([2048, 1024]);
  expect(sizesAfter(asks(1024), grants(2048), asks(512, 10), grants(256, 10))).toEqual([256, 512]);
});

it('an answer without its request says nothing, nor does what is no size', () => {
  expect(sizesAfter(grants(2048))).toEqual([undefined, undefined]);
  expect(sizesAfter(asks(100), grants(2048))).toEqual([2048, undefined]);
  expect(sizesAfter(elsRequest(9, Uint8Array.of(3, 0, 0, 0)), grants(2048))[1]).toBe(undefined);
});

it('ends with the login', () => {
  const out = elsRequest(10, logo.encode({ nPortId: ADDRESS, portName: 1n }));
  expect(sizesAfter(asks(1024), grants(2048), out)).toEqual([undefined, undefined]);
});

it('is of one link', () => {
  const sizes = new ReceiveSizes();
  for (const bytes of [asks(1024), grants(2048)]) sizes.see(seen(bytes));
  expect(sizes.of(seen(dataOut(1, 8), 'another'))).toBe(undefined);
});
