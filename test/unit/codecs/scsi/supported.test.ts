/** What a device server supports; layout: SPC-5, clause 6, as sg_opcodes reads it. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  allCommandsData,
  CommandSupport,
  commandTimeouts,
  oneCommandData,
  SupportedTaskManagement,
  supportedTaskManagementData,
} from '../../../../src/codecs/scsi/supported.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('what is supported', () => {
  test('all commands, with and without time-outs', () => {
    checkVector(
      allCommandsData,
      `0000001c 88 00 0000 00 02 0010 000a 00 00 00000005 0000001e
                a3 00 000a 00 01 000c`,
      {
        commands: [
          {
            operationCode: 0x88,
            ctdp: 1,
            cdbLengthBytes: 16,
            timeouts: {
              nominalCommandProcessingTimeoutSeconds: 5,
              recommendedCommandTimeoutSeconds: 30,
            },
          },
          { operationCode: 0xa3, serviceAction: 10, servactv: 1, cdbLengthBytes: 12 },
        ],
      },
    );
  });

  test('one command', () => {
    checkVector(oneCommandData, '00 03 0006 12 01 ff ff ff 07', {
      support: 3,
      cdbUsageData: parseHex('1201ffffff07'),
    });
    checkVector(oneCommandData, '00 01 0000', { support: 1, cdbUsageData: new Uint8Array(0) });
  });

  test('task management functions, basic and extended', () => {
    checkVector(supportedTaskManagementData, 'd8 00 00 00', { functions: 0xd800 });
    checkVector(supportedTaskManagementData, 'd8 01 00 0c 01 00 8000 00000064 0000000a', {
      functions: 0xd801,
      timeouts: {
        tmftmov: 1,
        shortTimeoutFunctions: 0x8000,
        longTimeout100Ms: 100,
        shortTimeout100Ms: 10,
      },
    });
  });

  test('the flags of a command, in both forms', () => {
    checkVector(allCommandsData, '00000008 28 00 0000 00 79 000a', {
      commands: [
        {
          operationCode: 0x28,
          rwcdlp: 1,
          mlu: 3,
          cdlp: 2,
          ctdp: 0,
          servactv: 1,
          cdbLengthBytes: 10,
        },
      ],
    });
    checkVector(oneCommandData, '01 ad 0001 28 000a 00 07 00000001 00000002', {
      rwcdlp: 1,
      ctdp: 1,
      mlu: 1,
      cdlp: 1,
      support: CommandSupport.SUPPORTED_VENDOR_SPECIFIC,
      cdbUsageData: parseHex('28'),
      timeouts: {
        commandSpecific: 7,
        nominalCommandProcessingTimeoutSeconds: 1,
        recommendedCommandTimeoutSeconds: 2,
      },
    });
  });

  test('time-outs: 12 bytes', () => {
    checkFixedVector(commandTimeouts, '000a 00 07 00000005 0000001e', {
      descriptorLengthBytes: 10,
      commandSpecific: 7,
      nominalCommandProcessingTimeoutSeconds: 5,
      recommendedCommandTimeoutSeconds: 30,
    });
  });

  test('codes: SUPPORT, and the functions as sg_opcodes --tmf names them', () => {
    expect(Object.values(CommandSupport)).toEqual([0, 1, 3, 5]);
    expect(SupportedTaskManagement).toEqual({
      ATS: 0x8000,
      ATSS: 0x4000,
      CACAS: 0x2000,
      CTSS: 0x1000,
      LURS: 0x0800,
      QTS: 0x0400,
      TRS: 0x0200,
      WAKES: 0x0100,
      QAES: 0x0004,
      QTSS: 0x0002,
      ITNRS: 0x0001,
    });
  });
});
