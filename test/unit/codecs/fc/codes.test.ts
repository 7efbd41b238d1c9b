/** Codes of the FC frame header, held against Linux 6.1 include/uapi/scsi/fc/fc_fs.h and tshark 4.0.17. */
import { describe, expect, it } from 'vitest';
import {
  DfCtl,
  DOMAIN_CONTROLLER_BASE,
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_ORIGINATOR,
  FCTL_DATA_FROM_RESPONDER,
  FCTL_END_SEQUENCE,
  FCTL_EXCHANGE_CONTEXT,
  FCTL_FILL_MASK,
  FCTL_FIRST_SEQUENCE,
  FCTL_LAST_DATA_FROM_ORIGINATOR,
  FCTL_LAST_DATA_FROM_RESPONDER,
  FCTL_LAST_REPLY,
  FCTL_LAST_SEQUENCE,
  FCTL_MIDDLE_FROM_RESPONDER,
  FCTL_RELATIVE_OFFSET,
  FCTL_REQUEST,
  FCTL_SEQUENCE_CONTEXT,
  FCTL_SEQUENCE_INITIATIVE,
  FCtl,
  FcType,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../../../src/codecs/fc/codes.ts';
import { namesOf } from '../../../../src/codecs/layout/names.ts';

describe('R_CTL', () => {
  it('is enum fc_rctl of fc_fs.h, in its order', () => {
    expect(Object.values(RCtl)).toEqual([
      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x22, 0x23, 0x32, 0x33, 0x50, 0x51, 0x52,
      0x80, 0x81, 0x82, 0x84, 0x85, 0x86, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8,
      0xc9,
    ]);
  });

  it('is what captures carry: tshark names these frames so', () => {
    // fixtures/native-read.pcap and fabric-login.pcap: fc.r_ctl beside the name in the Info column.
    expect(RCtl['Unsolicited Command']).toBe(0x06);
    expect(RCtl['Solicited Data']).toBe(0x01);
    expect(RCtl['Command Status']).toBe(0x07);
    expect(RCtl['ELS Request']).toBe(0x22);
    expect(RCtl['ELS Reply']).toBe(0x23);
    expect([RCtl.ABTS, RCtl.BA_ACC, RCtl.BA_RJT]).toEqual([0x81, 0x84, 0x85]);
    expect([RCtl.ACK_1, RCtl.ACK_0, RCtl.P_RJT, RCtl.F_RJT]).toEqual([0xc0, 0xc1, 0xc2, 0xc3]);
  });
});

describe('TYPE', () => {
  // tshark -G values, fc.type; NVMe as in fc_fs.h (FC_TYPE_NVME).
  it.each([
    ['BLS', 0x00],
    ['ELS', 0x01],
    ['LLC/SNAP', 0x04],
    ['IP', 0x05],
    ['FCP', 0x08],
    ['SB-3 channel', 0x1b],
    ['SB-3 control unit', 0x1c],
    ['CT', 0x20],
    ['SW_ILS', 0x22],
    ['AL', 0x23],
    ['SNMP', 0x24],
    ['NVMe', 0x28],
  ] as const)('%s is %i', (name, code) => {
    expect(FcType[name]).toBe(code);
  });
});

describe('F_CTL', () => {
  // tshark -G fields, fc.fctl.*: each with the mask that it shows; fc_fs.h for those it does not.
  it.each([
    ['Exchange Context', 0x80_0000],
    ['Sequence Context', 0x40_0000],
    ['First_Sequence', 0x20_0000],
    ['Last_Sequence', 0x10_0000],
    ['End_Sequence', 0x08_0000],
    ['End_Connection', 0x04_0000],
    ['CS_CTL/Priority', 0x02_0000],
    ['Sequence Initiative', 0x01_0000],
    ['X_ID Reassigned', 0x8000],
    ['X_ID Invalidated', 0x4000],
    ['Retransmitted Sequence', 0x0200],
    ['Unidirectional Transmit', 0x0100],
    ['Relative Offset Present', 0x0008],
  ] as const)('%s is %i', (name, mask) => {
    expect(FCtl[name]).toBe(mask);
  });

  it('has words for single bits', () => {
    expect(FCTL_EXCHANGE_CONTEXT).toBe(1 << 23);
    expect(FCTL_SEQUENCE_CONTEXT).toBe(1 << 22);
    expect(FCTL_FIRST_SEQUENCE).toBe(1 << 21);
    expect(FCTL_LAST_SEQUENCE).toBe(1 << 20);
    expect(FCTL_END_SEQUENCE).toBe(1 << 19);
    expect(FCTL_SEQUENCE_INITIATIVE).toBe(1 << 16);
    expect(FCTL_RELATIVE_OFFSET).toBe(1 << 3);
    expect(FCTL_FILL_MASK).toBe(3);
  });

  it('names the bits of the usual values as fc_fs.h does', () => {
    expect(namesOf(FCtl, FCTL_REQUEST)).toEqual([
      'First_Sequence',
      'End_Sequence',
      'Sequence Initiative',
    ]);
    expect(namesOf(FCtl, FCTL_LAST_REPLY)).toEqual([
      'Exchange Context',
      'Last_Sequence',
      'End_Sequence',
      'Sequence Initiative',
    ]);
  });

  it('is what Linux sends: fixtures/fabric-io.pcap, fc.f_ctl of tshark', () => {
    // FCP_CMND, XFER_RDY, write data and its last, read data and its last, FCP_RSP.
    expect(FCTL_REQUEST).toBe(0x29_0000);
    expect(FCTL_MIDDLE_FROM_RESPONDER).toBe(0x89_0000);
    expect(FCTL_DATA_FROM_ORIGINATOR).toBe(0x00_0008);
    expect(FCTL_LAST_DATA_FROM_ORIGINATOR).toBe(0x09_0008);
    expect(FCTL_DATA_FROM_RESPONDER).toBe(0x80_0008);
    expect(FCTL_LAST_DATA_FROM_RESPONDER).toBe(0x88_0008);
    expect(FCTL_LAST_REPLY).toBe(0x99_0000);
  });
});

describe('DF_CTL', () => {
  it('has the bits of FC-FS: 6 ESP, 5 Network, 4 Association, 1-0 Device', () => {
    expect(DfCtl.ESP_Header).toBe(1 << 6);
    expect(DfCtl.Network_Header).toBe(1 << 5);
    expect(DfCtl.Association_Header).toBe(1 << 4);
    expect([DfCtl['Device_Header 16'], DfCtl['Device_Header 32']]).toEqual([1, 2]);
  });
});

describe('well-known addresses', () => {
  it('are enum fc_well_known_fid of fc_fs.h', () => {
    expect(WellKnownAddress).toMatchObject({
      Broadcast: 0xff_ffff,
      'F_Port Controller': 0xff_fffe,
      'Fabric Controller': 0xff_fffd,
      'Directory Server': 0xff_fffc,
      'Time Server': 0xff_fffb,
      'Management Server': 0xff_fffa,
      'Quality of Service Facilitator': 0xff_fff9,
      'Alias Server': 0xff_fff8,
      'Security Key Distribution Server': 0xff_fff7,
      'Clock Synchronization Server': 0xff_fff6,
      'Multicast Server': 0xff_fff5,
    });
    expect(DOMAIN_CONTROLLER_BASE).toBe(0xff_fc00);
  });
});

describe('limits', () => {
  it('are FC_XID_UNKNOWN and FC_MAX_PAYLOAD of fc_fs.h', () => {
    expect(XID_UNASSIGNED).toBe(0xffff);
    expect(FC_PAYLOAD_BYTES_MAX).toBe(2112);
  });
});
