/** Codes of the name server: packet-fcdns.c, tshark -G values (fcdns.*). */
import { describe, expect, test } from 'vitest';
import {
  ClassOfService,
  EntryControl,
  FcpFeatures,
  NameServerCommand,
  NameServerExplanation,
  NameServerPortType,
  nameServer,
} from '../../../../src/codecs/ct/name-server-codes.ts';
import { expectCommands } from '../../../helpers/ct.ts';

/** Codes as packet-fcdns.c has them. */
const NAME_SERVER =
  'GA_NXT 0100 GID_A 0101 GPN_ID 0112 GNN_ID 0113 GCS_ID 0114 GFT_ID 0117 GSPN_ID 0118 GPT_ID 011a GIPP_ID 011b GFPN_ID 011c ' +
  'GHA_ID 011d GFD_ID 011e GFF_ID 011f GID_PN 0121 GIPP_PN 012b GID_NN 0131 GPN_NN 0132 GIP_NN 0135 GIPA_NN 0136 GSNN_NN 0139 ' +
  'GNN_IP 0153 GIPA_IP 0156 GID_FT 0171 GPN_FT 0172 GNN_FT 0173 GID_PT 01a1 GID_IPP 01b1 GPN_IPP 01b2 GID_FF 01f1 RPN_ID 0212 ' +
  'RNN_ID 0213 RCS_ID 0214 RFT_ID 0217 RSPN_ID 0218 RPT_ID 021a RIPP_ID 021b RHA_ID 021d RFD_ID 021e RFF_ID 021f RIP_NN 0235 ' +
  'RSNN_NN 0239 DA_ID 0300 GE_ID 0410 GE_PN 0420 GE_NN 0430 GE_IP 0450 GE_FT 0470 GE_PT 04a0 GE_ZM 04b0 GE_ZN 04c0 GE_IPP 04d0 GE_FF 04e0';

describe('codes of the name server', () => {
  test('commands, of the zoned and of the unzoned server', () => {
    expectCommands(NameServerCommand, [0xfc, 0x02], NAME_SERVER);
    expectCommands(NameServerCommand, [0xfa, 0x02], NAME_SERVER);
    expect(nameServer).toEqual({ gsType: 0xfc, gsSubtype: 0x02 });
  });

  test('explanations: fcdns.rply.reasondet; 14h to 16h by FC-GS-7', () => {
    expect(Object.values(NameServerExplanation)).toEqual([
      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
      0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0xf0, 0xf1, 0xf2, 0xf3,
    ]);
    expect(NameServerExplanation).toMatchObject({
      PORT_IDENTIFIER_NOT_REGISTERED: 0x01,
      FC4_TYPES_NOT_REGISTERED: 0x07,
      ACCESS_DENIED: 0x10,
      DATABASE_EMPTY: 0x12,
      AUTHORIZATION_EXCEPTION: 0xf0,
      DATABASE_FULL: 0xf2,
    });
  });

  test('port types: fcdns.rply.porttype', () => {
    expect(NameServerPortType).toEqual({
      UNIDENTIFIED: 0x00,
      N_PORT: 0x01,
      NL_PORT: 0x02,
      'F/NL_PORT': 0x03,
      NX_PORT: 0x7f,
      F_PORT: 0x81,
      FL_PORT: 0x82,
      E_PORT: 0x84,
      B_PORT: 0x85,
    });
  });

  test('classes and features: the masks of fcdns.cos.* and fcdns.fc4features.*', () => {
    expect(ClassOfService).toEqual({
      CLASS_F: 0x01,
      CLASS_1: 0x02,
      CLASS_2: 0x04,
      CLASS_3: 0x08,
      CLASS_4: 0x10,
      CLASS_6: 0x40,
    });
    expect(FcpFeatures).toEqual({ TARGET: 1, INITIATOR: 2 });
    // FC_NS_FID_LAST of Linux' fc_ns.h.
    expect(EntryControl.LAST).toBe(0x80);
  });
});
