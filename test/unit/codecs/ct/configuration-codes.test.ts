/** Codes of the fabric configuration server: packet-fcfcs.h, tshark -G values (fcs.*). */
import { describe, expect, test } from 'vitest';
import {
  ConfigurationCapability,
  ConfigurationCommand,
  ConfigurationExplanation,
  configurationServer,
  InterconnectElementType,
  PlatformType,
  PortModuleType,
  PortState,
  PortTransmitterType,
} from '../../../../src/codecs/ct/configuration-codes.ts';
import { expectCommands } from '../../../helpers/ct.ts';

/** packet-fcfcs.h. */
const CONFIGURATION =
  'GTIN 0100 GIEL 0101 GIET 0111 GDID 0112 GMID 0113 GFN 0114 GIELN 0115 GMAL 0116 GIEIL 0117 GPL 0118 GPT 0121 GPPN 0122 GAPNL 0124 ' +
  'GPS 0126 GATIN 0128 GPLNL 0191 GPLT 0192 GPLML 0193 GNPL 01a1 GPNL 01a2 GNID 01b1 RIELN 0215 RPL 0280 RPLN 0291 RPLT 0292 RPLM 0293 ' +
  'DPL 0380 DPLN 0391 DPLML 0393 GCAP e020';

describe('codes of the fabric configuration server', () => {
  test('commands', () => {
    expectCommands(ConfigurationCommand, [0xfa, 0x01], CONFIGURATION);
    expect(configurationServer).toEqual({ gsType: 0xfa, gsSubtype: 0x01 });
  });

  test('explanations: fcs.reasondet', () => {
    expect(Object.values(ConfigurationExplanation)).toEqual([
      0x00, 0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x30, 0x31, 0x32, 0x34, 0x36,
      0x50, 0x60, 0x61, 0x62, 0x63,
    ]);
    expect(ConfigurationExplanation.PORT_LIST_NOT_AVAILABLE).toBe(0x30);
    expect(ConfigurationExplanation.PLATFORM_NAME_DOES_NOT_EXIST).toBe(0x60);
  });

  test('elements, ports, platforms: fcs.ie.type, fcs.port.*, fcs.platform.type, fcs.fcsmask', () => {
    expect(InterconnectElementType).toEqual({ UNKNOWN: 0, SWITCH: 1, HUB: 2, BRIDGE: 3 });
    expect(PortTransmitterType).toEqual({
      UNKNOWN: 1,
      LONG_WAVE_LASER: 2,
      SHORT_WAVE_LASER: 3,
      LONG_WAVE_LASER_COST_REDUCED: 4,
      ELECTRICAL: 5,
    });
    expect(Object.values(PortModuleType)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(PortModuleType.SFP_WITH_SERIAL_ID).toBe(8);
    expect(PortState).toEqual({ UNKNOWN: 0, ONLINE: 1, OFFLINE: 2, TESTING: 3, FAULT: 4 });
    expect(Object.values(PlatformType)).toEqual([1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(PlatformType.HOST_COMPUTER).toBe(10);
    expect(ConfigurationCapability).toEqual({ BASIC: 1, PLATFORM: 2, TOPOLOGY_DISCOVERY: 4 });
  });
});
