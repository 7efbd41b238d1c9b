/** PDUs as frames: what is shown inside them, by what was said before. */
import { describe, expect, test } from 'vitest';
import {
  decodeIscsiPdu,
  encodeFrame,
  encodeIscsiPdu,
  encodeTextKeys,
  formatHex,
  IscsiConversation,
  type IscsiPduInput,
  iscsiPdu,
  layerOf,
  summarize,
} from '../../../../src/codecs/index.ts';
import { IscsiFramer } from '../../../../src/codecs/iscsi/index.ts';

const INQUIRY = Uint8Array.of(0x12, 0, 0, 0, 36, 0);
const command = (cdb: Uint8Array, more: object = {}): IscsiPduInput =>
  ({ kind: 'SCSI Command', lun: 0n, initiatorTaskTag: 1, read: 1, cdb, ...more }) as IscsiPduInput;

/** Decodes PDUs one after the other, and says what is in the last. */
function last(...pdus: readonly IscsiPduInput[]) {
  const conversation = new IscsiConversation();
  let frame = decodeIscsiPdu(new Uint8Array(0));
  for (const pdu of pdus) frame = decodeIscsiPdu(iscsiPdu.encode(pdu), { conversation });
  return frame;
}

test('a CDB, and the data that it asked for', () => {
  const data = new Uint8Array(36);
  data[4] = 31;
  const answer = {
    kind: 'SCSI Data-In',
    initiatorTaskTag: 1,
    final: 1,
    hasStatus: 1,
    data,
  } as const;
  expect(layerOf(last(command(INQUIRY)), 'scsi')?.value).toMatchObject({ kind: 'INQUIRY' });
  const frame = last(command(INQUIRY), answer);
  expect(frame.command?.name).toBe('INQUIRY');
  expect(layerOf(frame, 'scsi')?.value).toMatchObject({ additionalLengthBytes: 31 });
  // The task is over: its tag means nothing any more.
  expect(last(command(INQUIRY), answer, answer).command).toBeUndefined();
});

test('a CDB of 32 bytes goes on in an additional header', () => {
  const cdb = new Uint8Array(16);
  cdb.set([0x7f, 0, 0, 0, 0, 0, 0, 24, 0, 9]);
  const ahs = [{ kind: 'extended CDB', cdb: new Uint8Array(16) }];
  expect(last(command(cdb, { ahs })).command?.name).toBe('READ(32)');
});

test('sense data', () => {
  const senseData = new Uint8Array(18);
  senseData.set([0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 0]);
  const frame = last(command(INQUIRY), {
    kind: 'SCSI Response',
    initiatorTaskTag: 1,
    status: 2,
    data: { senseData },
  });
  expect(layerOf(frame, 'sense')?.value).toMatchObject({ senseKey: 6, asc: 0x29 });
  expect(summarize(frame)).toBe(
    'iSCSI SCSI Response ITT 00000001 (INQUIRY) CHECK CONDITION UNIT ATTENTION 29/00 POWER ON, RESET, OR BUS DEVICE RESET OCCURRED',
  );
});

describe('text', () => {
  const login = (data: Uint8Array, more: number): IscsiPduInput => ({
    kind: 'Login Request',
    isid: new Uint8Array(6),
    initiatorTaskTag: 1,
    continue: more,
    data,
  });
  const text = encodeTextKeys([{ key: 'InitiatorName', value: 'iqn.2026-01.example:\u001b[31m' }]);

  test('is shown, and escaped for a terminal', () => {
    const frame = last(login(text, 0));
    expect(layerOf(frame, 'iscsi-text')?.value).toMatchObject({
      pairs: [{ pair: /./ }].map(() => expect.anything()),
    });
    expect(summarize(frame)).toContain('InitiatorName=iqn.2026-01.example:\\x1b[31m');
  });

  test('that goes on in the next PDU is joined, not malformed', () => {
    const conversation = new IscsiConversation();
    for (const [part, more] of [
      [text.subarray(0, 20), 1],
      [text.subarray(20), 0],
    ] as const) {
      const frame = decodeIscsiPdu(iscsiPdu.encode(login(part, more)), { conversation });
      expect(frame.malformed).toBeUndefined();
      expect(layerOf(frame, 'iscsi-text')).toBeUndefined();
    }
    expect(conversation.login.initiatorName).toMatch(/^iqn.2026-01.example:/);
  });

  test('without its last zero is malformed', () => {
    expect(last(login(text.subarray(0, 20), 0)).malformed).toBeDefined();
  });
});

test('digests: good, and bad where a bit was turned', () => {
  const digests = { header: true, data: true };
  const pdu = { kind: 'NOP-Out', initiatorTaskTag: 1, data: Uint8Array.of(1, 2, 3) } as const;
  const conversation = new IscsiConversation(new IscsiFramer(digests));
  const bytes = encodeIscsiPdu(pdu, digests);
  const frame = decodeIscsiPdu(bytes, { conversation });
  expect(frame.crc).toBe('good');
  expect(formatHex(encodeFrame(frame))).toBe(formatHex(bytes));
  bytes[53]! ^= 1;
  const bad = decodeIscsiPdu(bytes, { conversation });
  expect(bad.crc).toBe('bad');
  expect(summarize(bad)).toBe('iSCSI NOP-Out ITT 00000001 [bad digest]');
});

test('a rejected header is shown in what rejects it', () => {
  const header = iscsiPdu.encode({ kind: 'NOP-Out' });
  const frame = last({ kind: 'Reject', reason: 9, data: header });
  expect(frame.layers.filter(({ layer }) => layer === 'iscsi')).toHaveLength(2);
  expect(summarize(frame)).toBe('iSCSI Reject invalid PDU field');
});

test('of a PDU that the capture cut, every field in front of the cut', () => {
  const whole = iscsiPdu.encode(command(INQUIRY, { write: 1, read: 0, data: new Uint8Array(512) }));
  for (let length = 0; length < whole.length; length++) {
    const bytes = whole.slice(0, length);
    const frame = decodeIscsiPdu(bytes, { lengthBytes: whole.length });
    expect(frame.malformed, `${length}`).toBeUndefined();
    expect(formatHex(encodeFrame(frame)), `${length}`).toBe(formatHex(bytes));
    if (length >= 48) expect(frame.command?.name).toBe('INQUIRY');
  }
});

test('noise is no PDU, and nothing is lost', () => {
  for (let opcode = 0; opcode < 64; opcode++) {
    const bytes = new Uint8Array(60).fill(0xff);
    bytes[0] = opcode;
    const frame = decodeIscsiPdu(bytes);
    expect(formatHex(encodeFrame(frame))).toBe(formatHex(bytes));
  }
});
