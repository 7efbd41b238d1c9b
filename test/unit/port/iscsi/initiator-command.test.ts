/** What a command of an initiator sends, by what was agreed on. */
import { describe, expect, it } from 'vitest';
import type { IscsiPduOf } from '../../../../src/codecs/iscsi/index.ts';
import { TaskAttribute } from '../../../../src/codecs/scsi/index.ts';
import { InitiatorCommand } from '../../../../src/port/iscsi/initiator-command.ts';
import type { InitiatorLogin } from '../../../../src/port/iscsi/initiator-login.ts';
import { OPERATIONAL_DEFAULTS } from '../../../../src/port/iscsi/key-rules.ts';
import type { ScsiCommand } from '../../../../src/scsi/transport.ts';

const commandOf = (more: Partial<ScsiCommand>): InitiatorCommand =>
  new InitiatorCommand({ abort() {}, forget() {} }, 9, {
    lun: 5n,
    cdb: new Uint8Array(10),
    timeoutNs: 1,
    onDone() {},
    ...more,
  });
const loginOf = (
  values: Partial<InitiatorLogin['values']>,
  targetReceives = 4096,
): InitiatorLogin => ({
  tsih: 1,
  groupTag: 1,
  digests: { header: false, data: false },
  values: { ...OPERATIONAL_DEFAULTS, FirstBurstLength: 16_384, ...values },
  targetReceives,
});
const shown = (pdus: Iterable<object>) =>
  [...pdus].map((pdu) => {
    const { kind, final, bufferOffset, data, dataSn } = pdu as Record<string, never> & {
      data: Uint8Array;
    };
    return [
      kind === 'SCSI Command' ? 'command' : `data ${dataSn}`,
      final,
      bufferOffset ?? 0,
      data.length,
    ];
  });

const dataOut = new Uint8Array(20_000);

describe('a command', () => {
  it.each<[string, Partial<InitiatorLogin['values']>, unknown[]]>([
    ['nothing', { ImmediateData: false, InitialR2T: true }, [['command', 1, 0, 0]]],
    ['what one PDU holds', { ImmediateData: true, InitialR2T: true }, [['command', 1, 0, 4096]]],
    [
      'the first burst behind the command',
      { ImmediateData: false, InitialR2T: false, FirstBurstLength: 6000 },
      [
        ['command', 0, 0, 0],
        ['data 0', 0, 0, 4096],
        ['data 1', 1, 4096, 1904],
      ],
    ],
    [
      'both',
      { ImmediateData: true, InitialR2T: false, FirstBurstLength: 6000 },
      [
        ['command', 0, 0, 4096],
        ['data 0', 1, 4096, 1904],
      ],
    ],
  ])('sends unasked %s', (_, values, pdus) => {
    expect(shown(commandOf({ dataOut }).pdus(loginOf(values)))).toEqual(pdus);
  });

  it('says attribute, priority, and the rest of a long CDB', () => {
    const attribute = TaskAttribute.ORDERED;
    const command = commandOf({ cdb: new Uint8Array(32).fill(7), attribute, priority: 3 });
    expect([...command.pdus(loginOf({}))]).toMatchObject([
      { taskAttribute: 2, priority: 3, read: 0, write: 0, ahs: [{ cdb: { length: 16 } }] },
    ]);
    const of = (one: number) => [...commandOf({ attribute: one }).pdus(loginOf({}))][0];
    expect(of(TaskAttribute.SIMPLE)).toMatchObject({ taskAttribute: 1 });
    expect(of(TaskAttribute.HEAD_OF_QUEUE)).toMatchObject({ taskAttribute: 3 });
    expect(of(TaskAttribute.ACA)).toMatchObject({ taskAttribute: 4 });
    expect(of(TaskAttribute.UNTAGGED)).toMatchObject({ taskAttribute: 0 });
  });

  it('answers an R2T in PDUs that the target takes, numbered anew', () => {
    const command = commandOf({ dataOut });
    const login = loginOf({});
    const r2t = {
      bufferOffset: 10_000,
      desiredDataTransferLengthBytes: 10_000,
      targetTransferTag: 1,
    };
    const said = command.answer(login, { ...r2t, r2tSn: 0 } as IscsiPduOf<'R2T'>);
    expect(typeof said === 'string' ? said : shown(said)).toEqual([
      ['data 0', 0, 10_000, 4096],
      ['data 1', 0, 14_096, 4096],
      ['data 2', 1, 18_192, 1808],
    ]);
    expect(command.answer(login, { ...r2t, r2tSn: 0 } as IscsiPduOf<'R2T'>)).toBe(
      'an R2T out of turn',
    );
  });

  it('ends by what came: whole, short with a residual, or with a hole', () => {
    const read = (bytes: number) => {
      const command = commandOf({ dataInBytes: 512 });
      const data = new Uint8Array(bytes);
      command.take({ data, bufferOffset: 0, dataSn: 0 } as IscsiPduOf<'SCSI Data-In'>);
      return command;
    };
    expect(read(512).outcomeOf(0, 0, undefined)).toMatchObject({ end: 'answered', residual: 0 });
    expect(read(100).outcomeOf(0, 412, undefined)).toMatchObject({ data: { length: 100 } });
    expect(read(100).outcomeOf(0, 0, undefined)).toEqual({ end: 'data-lost' });
    const lent = Uint8Array.of(1);
    const outcome = read(0).outcomeOf(2, 512, lent);
    lent[0] = 9;
    expect(outcome).toMatchObject({ status: 2, sense: Uint8Array.of(1) });
  });
});
