/** What our ports offer in their logins, and what both sides agreed on. */
import { describe, expect, it } from 'vitest';
import {
  ElsCommand,
  flogi,
  plogi,
  plogiAccept,
  prli,
  prliAccept,
} from '../../../../src/codecs/els/index.ts';
import {
  agreed,
  fabricLoginPayload,
  type PortIdentity,
  plogiAcceptPayload,
  plogiPayload,
  prliAcceptPayload,
  prliPayload,
  takesFirstBurst,
} from '../../../../src/port/n-port/login-parameters.ts';

const PORT: PortIdentity = { portName: 1n, nodeName: 2n, role: 'initiator', receiveBytes: 1024 };

/** FCP service parameters, bit by bit as FCP-4 prints them. */
const INITIATOR = 0x20;
const TARGET = 0x10;
const CONFIRM = 0x80;
const RETRY = 0x100;
const READ_XFER_RDY_DISABLED = 0x2;
const WRITE_XFER_RDY_DISABLED = 0x1;

describe('FLOGI and FDISC', () => {
  it('say who logs in and how much it takes, in both places', () => {
    const payload = fabricLoginPayload(PORT, 'FLOGI');
    const request = flogi.decode(payload);
    expect(request).toMatchObject({ portName: 1n, nodeName: 2n });
    expect(request.common).toMatchObject({ bbReceiveDataFieldSizeBytes: 1024, bbCredit: 10 });
    expect(request.class3.receiveDataFieldSizeBytes).toBe(1024);
    // Class 3 valid, sequential delivery.
    expect(payload[68]).toBe(0x88);
    expect(fabricLoginPayload(PORT, 'FDISC')[0]).toBe(ElsCommand.FDISC);
  });
});

describe('PLOGI', () => {
  it('and its accept say the same', () => {
    for (const login of [
      plogi.decode(plogiPayload(PORT, 2000)),
      plogiAccept.decode(plogiAcceptPayload(PORT, 2000)),
    ]) {
      expect(login).toMatchObject({ portName: 1n, nodeName: 2n });
      expect(login.common).toMatchObject({ eDTov: 2000, bbReceiveDataFieldSizeBytes: 1024 });
      expect(login.class3.openSequencesPerExchange).toBe(1);
    }
  });
});

describe('PRLI', () => {
  const common = CONFIRM | READ_XFER_RDY_DISABLED;
  it.each([
    [{}, INITIATOR | RETRY | common],
    [{ role: 'target' as const }, TARGET | RETRY | common],
    [{ retry: false }, INITIATOR | common],
    [{ firstBurst: true }, INITIATOR | RETRY | WRITE_XFER_RDY_DISABLED | common],
  ])('of %o offers %i', (more, serviceParameters) => {
    const port = { ...PORT, ...more };
    const [asked] = prli.decode(prliPayload(port)).pages;
    const [answered] = prliAccept.decode(prliAcceptPayload(port)).pages;
    expect(asked).toMatchObject({ kind: 'FCP', flags: 2, responseCode: 0, serviceParameters });
    expect(answered).toMatchObject({ kind: 'FCP', flags: 2, responseCode: 1, serviceParameters });
  });

  it('agrees on what both sides said', () => {
    expect(agreed('retry', PORT, RETRY)).toBe(true);
    expect(agreed('retry', PORT, 0)).toBe(false);
    expect(agreed('retry', { ...PORT, retry: false }, RETRY)).toBe(false);
    expect(agreed('confirm', PORT, CONFIRM)).toBe(true);
    expect(agreed('confirm', PORT, RETRY)).toBe(false);
    const burst = { ...PORT, firstBurst: true };
    expect(takesFirstBurst(burst, WRITE_XFER_RDY_DISABLED)).toBe(true);
    expect(takesFirstBurst(burst, READ_XFER_RDY_DISABLED)).toBe(false);
    expect(takesFirstBurst(PORT, WRITE_XFER_RDY_DISABLED)).toBe(false);
  });
});
