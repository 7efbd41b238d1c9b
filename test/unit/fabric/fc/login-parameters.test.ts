/** Service parameters of fabric logins. */
import { describe, expect, it } from 'vitest';
import {
  fdiscAccept,
  flogi,
  flogiAccept,
  receiveBytesOf,
} from '../../../../src/codecs/els/index.ts';
import {
  checkFabricLogin,
  FabricLoginAccepts,
} from '../../../../src/fabric/fc/login-parameters.ts';
import { FabricRig } from '../../../helpers/f-port.ts';
import { loginPayload } from '../../../helpers/fcf.ts';

const request = (wwpn: bigint, wwnn: bigint, receiveBytes: number) =>
  flogi.decode(loginPayload('FLOGI', wwpn, wwnn, receiveBytes));
const sizes = (common: number, class3: number) =>
  ({
    common: { bbReceiveDataFieldSizeBytes: common },
    class3: { receiveDataFieldSizeBytes: class3 },
  }) as never;

describe('parameters of a fabric login', () => {
  it.each([
    [0n, 1n, 2112, '3/d'],
    [1n, 0n, 2112, '3/e'],
    [1n, 1n, 255, '3/7'],
    [1n, 1n, 256, undefined],
    [1n, 1n, 2112, undefined],
    [1n, 1n, 2113, '3/7'],
    [1n, 1n, 0, '3/7'],
  ])('names %d and %d, %i bytes: %s', (wwpn, wwnn, bytes, expected) => {
    const refusal = checkFabricLogin(request(wwpn, wwnn, bytes));
    const text = refusal && `${refusal.reason.toString(16)}/${refusal.explanation.toString(16)}`;
    expect(text).toBe(expected);
  });

  it.each([
    [2112, 0, 2112],
    [2112, 1024, 1024],
    [512, 1024, 512],
  ])('receive sizes %i (common) and %i (class 3) are %i', (common, class3, bytes) => {
    expect(receiveBytesOf(sizes(common, class3))).toBe(bytes);
  });
});

describe('accepts of fabric logins', () => {
  const accepts = (options = {}) => new FabricLoginAccepts(new FabricRig(options).context.config);

  it.each([
    [true, 255, 0xb000],
    [false, 255, 0x3000],
    [true, 0, 0x9000],
    [false, 0, 0x1000],
  ])('clean %s with room for %i NPIV ports: features %i', (clean, npivLoginsMax, features) => {
    const payload = accepts({ npivLoginsMax }).make('FLOGI', 1n, clean);
    expect(flogiAccept.decode(payload).common.features & 0xf000).toBe(features);
  });

  it('carry the time-outs, sizes and names of the fabric, FDISC as FLOGI', () => {
    const made = accepts({ rATovMs: 7000, eDTovMs: 1500, receiveDataBytes: 1024, fabricName: 9n });
    for (const by of ['FLOGI', 'FDISC'] as const) {
      const codec = by === 'FLOGI' ? flogiAccept : fdiscAccept;
      const accept = codec.decode(made.make(by, 0x2001n, true));
      expect(accept).toMatchObject({ portName: 0x2001n, nodeName: 9n });
      expect(accept.common).toMatchObject({
        bbCredit: 0,
        rATovMs: 7000,
        eDTov: 1500,
        bbReceiveDataFieldSizeBytes: 1024,
      });
    }
  });

  it('are each a payload of their own', () => {
    const made = accepts();
    const first = made.make('FLOGI', 1n, true);
    const second = made.make('FLOGI', 2n, true);
    expect(flogiAccept.decode(first).portName).toBe(1n);
    expect(second.buffer).not.toBe(first.buffer);
  });
});
