import { describe, expect, test } from 'vitest';
import { ExchangeIdFlags4, NfsStat4 } from '../../../../src/codecs/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { CLIENTS4_MAX, LEASE4_SECONDS, Sessions4 } from '../../../../src/port/nfs4/sessions.ts';

const BOOT = new Uint8Array(8).fill(3);
const LIMITS = { slots: 4, cachedBytesMax: 4096 };
const verifier = (byte: number) => new Uint8Array(8).fill(byte);
const owner = (n: number) => Uint8Array.of(n >> 8, n & 0xff);
const fault = (status: number) => expect.objectContaining({ status });

describe('clients', () => {
  test('that start anew replace what was, once their session stands', () => {
    const ended: bigint[] = [];
    const sessions = new Sessions4(BOOT, ({ id }) => ended.push(id));
    const before = sessions.exchangeId(verifier(1), owner(1), 0, 0);
    const { id } = sessions.createSession(before.id, 1, LIMITS, 0);
    const after = sessions.exchangeId(verifier(2), owner(1), 0, 0);
    // Who only says his name has ended nothing yet.
    expect(() => sessions.sessionOf(id)).not.toThrow();
    sessions.createSession(after.id, after.sequence, LIMITS, 0);
    expect(() => sessions.sessionOf(id)).toThrow(fault(NfsStat4.NFS4ERR_BADSESSION));
    expect(ended).toEqual([before.id]);
  });

  test('that ask to be updated must be known', () => {
    const sessions = new Sessions4(BOOT, () => {});
    const update = ExchangeIdFlags4.UPD_CONFIRMED_REC_A;
    expect(() => sessions.exchangeId(verifier(1), owner(1), update, 0)).toThrow(
      fault(NfsStat4.NFS4ERR_NOENT),
    );
    const { id } = sessions.exchangeId(verifier(1), owner(1), 0, 0);
    sessions.createSession(id, 1, LIMITS, 0);
    expect(sessions.exchangeId(verifier(1), owner(1), update, 0).id).toBe(id);
    expect(() => sessions.exchangeId(verifier(2), owner(1), update, 0)).toThrow(
      fault(NfsStat4.NFS4ERR_NOT_SAME),
    );
  });

  test('are so many at most: those whose lease is over make room', () => {
    const sessions = new Sessions4(BOOT, () => {});
    for (let i = 0; i < CLIENTS4_MAX; i++) {
      const { id } = sessions.exchangeId(verifier(1), owner(i), 0, i);
      sessions.createSession(id, 1, LIMITS, i);
    }
    expect(() => sessions.exchangeId(verifier(1), owner(5000), 0, SECOND)).toThrow(
      fault(NfsStat4.NFS4ERR_DELAY),
    );
    const later = (LEASE4_SECONDS + 1) * SECOND;
    expect(() => sessions.exchangeId(verifier(1), owner(5000), 0, later)).not.toThrow();
    expect(sessions.clients).toBe(CLIENTS4_MAX);
  });

  test('have so many sessions at most', () => {
    const sessions = new Sessions4(BOOT, () => {});
    const { id } = sessions.exchangeId(verifier(1), owner(1), 0, 0);
    for (let i = 1; i <= 16; i++) sessions.createSession(id, i, LIMITS, 0);
    expect(() => sessions.createSession(id, 17, LIMITS, 0)).toThrow(fault(NfsStat4.NFS4ERR_NOSPC));
  });
});
