/** The one header that serves all frames. */
import { describe, expect, it } from 'vitest';
import { frameHeader } from '../../../../src/port/n-port/frame-header.ts';

describe('the header of a frame', () => {
  it('has every field in its place', () => {
    expect(frameHeader(1, 2, 3, 4, 5, 6, 7, 8)).toEqual({
      type: 1,
      rCtl: 2,
      dId: 3,
      sId: 4,
      fCtl: 5,
      seqId: 6,
      oxId: 7,
      rxId: 8,
      csCtl: 0,
      dfCtl: 0,
      seqCnt: 0,
      parameter: 0,
    });
  });

  it('begins anew: what the last caller changed is gone', () => {
    const header = frameHeader(1, 2, 3, 4, 5, 6, 7, 8);
    header.seqCnt = 9;
    header.parameter = 10;
    const next = frameHeader(1, 2, 3, 4, 5, 6, 7, 8);
    expect(next).toMatchObject({ seqCnt: 0, parameter: 0 });
    expect(next).toBe(header);
  });
});
