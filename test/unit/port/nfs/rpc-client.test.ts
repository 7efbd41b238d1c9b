/** Retransmission: by time on the same connection, at once on a new one, as Linux does it. */
import { describe, expect, it } from 'vitest';
import { StableHow } from '../../../../src/codecs/nfs/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { fileSystemOf, serverOf } from '../../../helpers/nfs.ts';
import { NfsPair } from '../../../helpers/nfs-pair.ts';

function pairOf(options = {}, times = {}) {
  const fileSystem = fileSystemOf();
  const pair = new NfsPair(serverOf({ fileSystem, ...options }), times);
  const file = fileSystem.files[0]!.handle;
  const write = (value: number) =>
    pair.start((done) =>
      pair.client.write(
        file,
        0n,
        new Uint8Array(512).fill(value),
        StableHow.FILE_SYNC,
        pair.now,
        done,
      ),
    );
  const applied = () => pair.serverTold.filter(({ type }) => type === 'apply').length;
  return { pair, write, applied, fileSystem };
}

describe('a call that is not answered', () => {
  it('is sent again after 60 s, then after 120 more, with its xid: the server’s cache knows it', () => {
    const { pair, write, applied } = pairOf();
    pair.deaf = true;
    const asked = write(7);
    pair.wait(59 * SECOND);
    expect([asked.result, applied()]).toEqual([undefined, 1]);
    pair.wait(100 * SECOND);
    expect(asked.result).toBeUndefined();
    pair.deaf = false;
    pair.wait(21 * SECOND);
    expect(asked.result).toMatchObject({ state: 'done' });
    expect(applied()).toBe(1);
  });

  it('is carried out once more where the server has no cache', () => {
    const { pair, write, applied } = pairOf({ replyCache: 'none' });
    pair.deaf = true;
    write(7);
    pair.wait(181 * SECOND);
    expect(applied()).toBe(3);
  });

  it('is told of after two tries, and goes on; or ends where that is asked for', () => {
    const hard = pairOf();
    hard.pair.mute = true;
    const asked = hard.write(7);
    hard.pair.wait(1000 * SECOND);
    expect(hard.pair.told).toEqual([{ type: 'server', state: 'silent', calls: 1 }]);
    hard.pair.mute = false;
    hard.pair.wait(600 * SECOND);
    expect(asked.result).toMatchObject({ state: 'done' });
    expect(hard.pair.told.at(-1)).toEqual({ type: 'server', state: 'answers', calls: 0 });
    const soft = pairOf({}, { soft: true });
    soft.pair.mute = true;
    const ended = soft.write(7);
    soft.pair.wait(361 * SECOND);
    expect(ended.result).toEqual({ state: 'failed', why: 'WRITE: the server does not answer' });
  });
});

describe('a connection that breaks', () => {
  it('is replaced, and the calls that wait are sent on the new one at once', () => {
    const { pair, write, applied } = pairOf();
    pair.deaf = true;
    const asked = write(7);
    pair.deaf = false;
    pair.cut();
    pair.wait(3 * SECOND);
    expect(asked.result).toMatchObject({ state: 'done' });
    // From another port the cache of Linux takes it for a new call.
    expect(applied()).toBe(2);
  });

  it('is not replaced while nothing is asked for', () => {
    const { pair, write } = pairOf();
    write(7);
    pair.cut();
    pair.wait(100 * SECOND);
    expect(pair.connects.length).toBe(1);
  });

  it('is tried again after 3 s, 6 s, 12 s, up to 300 s; at once with a server that talked', () => {
    const { pair, write, fileSystem } = pairOf();
    write(1);
    pair.wait(1 * SECOND);
    pair.restart(undefined);
    const asked = write(2);
    pair.wait(2000 * SECOND);
    const [, first, ...others] = pair.connects;
    const gaps = others.map((at, i) => (at - [first!, ...others][i]!) / SECOND);
    expect(first).toBe(1 * SECOND);
    expect(gaps.slice(0, 9)).toEqual([3, 6, 12, 24, 48, 96, 192, 300, 300]);
    pair.restart(fileSystem);
    pair.wait(301 * SECOND);
    expect(asked.result).toMatchObject({ state: 'done' });
  });

  it('on which noise comes is given up, and told', () => {
    const { pair } = pairOf();
    const asked = pair.start((done) => pair.client.mount('/', pair.now, done));
    expect(asked.result).toMatchObject({ state: 'done' });
    pair.client.handleBytes(1, Uint8Array.of(0xff, 0xff, 0xff, 0xff), pair.now);
    pair.settle();
    expect(pair.told).toMatchObject([{ type: 'refused' }]);
  });
});

describe('a server that refuses', () => {
  it('fails the call in words', () => {
    const fileSystem = fileSystemOf();
    const pair = new NfsPair(
      serverOf({ fileSystem, rules: [{ clients: '192.0.2.1', access: 'read-only' }] }),
    );
    const asked = pair.start((done) => pair.client.mount('/', 0, done));
    expect(asked.result).toEqual({ state: 'failed', why: 'MNT: status 13' });
  });
});
