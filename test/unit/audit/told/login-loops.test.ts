import { describe, expect, it } from 'vitest';
import { LoginLoops } from '../../../../src/audit/told/login-loops.ts';
import { ElsCommand } from '../../../../src/codecs/els/index.ts';
import { Conversation, decodeFrame } from '../../../../src/codecs/index.ts';
import { elsReply, elsRequest } from '../../../helpers/fc-frames.ts';

/** A PLOGI: command word, common service parameters, the port name at byte 20. */
function plogi(name: number): Uint8Array {
  const payload = new Uint8Array(116);
  payload[0] = ElsCommand.PLOGI;
  payload.set([0x20, 0, 0, 0x25, 0xb5, 0, 0, name], 20);
  return payload;
}

const LS_RJT = new Uint8Array([ElsCommand.LS_RJT, 0, 0, 0, 0, 9, 0, 0]);

function loopsAfter(everyMs: number, requests: number, refused = true) {
  const loops = new LoginLoops();
  const conversation = new Conversation();
  let index = 0;
  for (let i = 0; i < requests; i++) {
    const frames = [elsRequest(i, plogi(1)), ...(refused ? [elsReply(i, LS_RJT)] : [])];
    for (const bytes of frames) {
      const timeNs = BigInt(i * everyMs) * 1_000_000n;
      loops.take(decodeFrame(bytes, { conversation }), { index: ++index, timeNs }, '', 'mac');
    }
  }
  return loops.rows();
}

describe('logins in circles', () => {
  it('are five of one name within ten seconds', () => {
    expect(loopsAfter(1000, 8)).toMatchObject([
      {
        by: 'PLOGI',
        wwpn: '20:00:00:25:b5:00:00:01',
        requests: 8,
        rejects: 8,
        firstFrame: 1,
        lastFrame: 15,
        places: ['010101'],
      },
    ]);
  });

  it('are not four, nor what is tried once a minute', () => {
    expect(loopsAfter(1000, 4)).toEqual([]);
    expect(loopsAfter(60_000, 20)).toEqual([]);
  });

  it('that nobody answers are circles all the same', () => {
    expect(loopsAfter(10, 5, false)).toMatchObject([{ requests: 5, rejects: 0 }]);
  });
});
