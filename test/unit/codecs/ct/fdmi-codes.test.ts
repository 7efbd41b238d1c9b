/** Codes of FDMI: Linux fc_ms.h and lpfc_hw.h. */
import { describe, expect, test } from 'vitest';
import {
  FdmiCommand,
  FdmiPortSpeed,
  fdmiServer,
  HbaAttributeType,
  PortAttributeType,
} from '../../../../src/codecs/ct/fdmi-codes.ts';
import { expectCommands } from '../../../helpers/ct.ts';

/** fc_ms.h and lpfc_hw.h. */
const FDMI =
  'GRHL 0100 GHAT 0101 GRPL 0102 GPAT 0110 GPAS 0120 RHBA 0200 RHAT 0201 RPRT 0210 RPA 0211 DHBA 0300 DHAT 0301 DPRT 0310 DPA 0311';

describe('codes of FDMI', () => {
  test('commands', () => {
    expectCommands(FdmiCommand, [0xfa, 0x10], FDMI);
    expect(fdmiServer).toEqual({ gsType: 0xfa, gsSubtype: 0x10 });
  });

  test('attributes: enum fc_fdmi_hba_attr_type and fc_fdmi_port_attr_type of fc_ms.h', () => {
    expect(Object.values(HbaAttributeType)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0xe0,
    ]);
    expect(Object.values(PortAttributeType)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x101, 0x102, 0x103,
    ]);
    expect(HbaAttributeType).toMatchObject({ NODE_NAME: 1, MODEL: 4, OS_NAME_AND_VERSION: 10 });
    expect(PortAttributeType).toMatchObject({
      SUPPORTED_FC4_TYPES: 1,
      MAX_FRAME_SIZE: 4,
      HOST_NAME: 6,
    });
  });

  test('speeds: FC_FDMI_PORT_SPEED of fc_ms.h', () => {
    expect(FdmiPortSpeed).toMatchObject({
      '1 Gb/s': 0x1,
      '2 Gb/s': 0x2,
      '10 Gb/s': 0x4,
      '4 Gb/s': 0x8,
      '8 Gb/s': 0x10,
      '16 Gb/s': 0x20,
      UNKNOWN: 0x8000,
    });
  });
});
