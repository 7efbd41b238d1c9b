/** Code tables of the FC frame header. */

/**
 * R_CTL: what kind of frame this is.
 * Source: FC-FS, R_CTL; Linux uapi/scsi/fc/fc_fs.h.
 */
export const RCtl = {
  Uncategorized: 0x00,
  'Solicited Data': 0x01,
  'Unsolicited Control': 0x02,
  'Solicited Control': 0x03,
  'Unsolicited Data': 0x04,
  'Data Descriptor': 0x05,
  'Unsolicited Command': 0x06,
  'Command Status': 0x07,
  'ELS Request': 0x22,
  'ELS Reply': 0x23,
  'FC-4 Link Service Request': 0x32,
  'FC-4 Link Service Reply': 0x33,
  VFT_Header: 0x50,
  IFR_Header: 0x51,
  Enc_Header: 0x52,
  NOP: 0x80,
  ABTS: 0x81,
  RMC: 0x82,
  BA_ACC: 0x84,
  BA_RJT: 0x85,
  PRMT: 0x86,
  ACK_1: 0xc0,
  ACK_0: 0xc1,
  P_RJT: 0xc2,
  F_RJT: 0xc3,
  P_BSY: 0xc4,
  'F_BSY to Data frame': 0xc5,
  'F_BSY to Link Control': 0xc6,
  LCR: 0xc7,
  NTY: 0xc8,
  END: 0xc9,
} as const;

/**
 * TYPE: which protocol the payload belongs to, for data frames.
 * Source: FC-FS-4 rev 1.10, TYPE codes; Linux uapi/scsi/fc/fc_fs.h.
 */
export const FcType = {
  BLS: 0x00,
  ELS: 0x01,
  'LLC/SNAP': 0x04,
  IP: 0x05,
  FCP: 0x08,
  GPP: 0x09,
  'SATA tunnelling': 0x14,
  'SB-3 channel': 0x1b,
  'SB-3 control unit': 0x1c,
  CT: 0x20,
  SW_ILS: 0x22,
  AL: 0x23,
  SNMP: 0x24,
  IFR_ILS: 0x25,
  NVMe: 0x28,
  'HIPPI-FP': 0x40,
  'MIL-STD-1553': 0x48,
  ASM: 0x49,
  VI: 0x58,
  'AV container': 0x60,
  'ARINC 818': 0x61,
} as const;

/**
 * F_CTL bits. Bits 13-12 (ACK form), 7-6 (continue sequence), 5-4 (abort sequence condition) and
 * 1-0 (fill bytes) are numbers, not flags: see `FCTL_FILL_MASK`.
 * Source: FC-FS, F_CTL; Linux uapi/scsi/fc/fc_fs.h.
 */
export const FCtl = {
  'Exchange Context': 0x80_0000,
  'Sequence Context': 0x40_0000,
  First_Sequence: 0x20_0000,
  Last_Sequence: 0x10_0000,
  End_Sequence: 0x08_0000,
  End_Connection: 0x04_0000,
  'CS_CTL/Priority': 0x02_0000,
  'Sequence Initiative': 0x01_0000,
  'X_ID Reassigned': 0x00_8000,
  'X_ID Invalidated': 0x00_4000,
  'Retransmitted Sequence': 0x00_0200,
  'Unidirectional Transmit': 0x00_0100,
  'Relative Offset Present': 0x00_0008,
} as const;

/** Responder to the exchange sent this frame. */
export const FCTL_EXCHANGE_CONTEXT = FCtl['Exchange Context'];
/** Receiver of the sequence sent this frame (link control, ABTS of the other side's sequence). */
export const FCTL_SEQUENCE_CONTEXT = FCtl['Sequence Context'];
/** The frame is of the first sequence of its exchange. */
export const FCTL_FIRST_SEQUENCE = FCtl.First_Sequence;
/** The frame is of the last sequence of its exchange. */
export const FCTL_LAST_SEQUENCE = FCtl.Last_Sequence;
/** Last frame of its sequence. */
export const FCTL_END_SEQUENCE = FCtl.End_Sequence;
/** The right to send the next sequence goes to the other side with the end of this one. */
export const FCTL_SEQUENCE_INITIATIVE = FCtl['Sequence Initiative'];
/** Parameter is a relative offset. */
export const FCTL_RELATIVE_OFFSET = FCtl['Relative Offset Present'];
/** Fill bytes behind the payload, 0 to 3. */
export const FCTL_FILL_MASK = 0x00_0003;

/** First and only frame of a request: initiative goes to the responder. */
export const FCTL_REQUEST = 0x29_0000;
/** Only frame of the last reply of an exchange, from the responder. */
export const FCTL_LAST_REPLY = 0x99_0000;
/** Data frame with relative offset, more to come, from the originator (write data). */
export const FCTL_DATA_FROM_ORIGINATOR = 0x00_0008;
/** Last data frame of a sequence, from the originator; initiative goes to the responder. */
export const FCTL_LAST_DATA_FROM_ORIGINATOR = 0x09_0008;
/** Data frame with relative offset, more to come, from the responder (read data). */
export const FCTL_DATA_FROM_RESPONDER = 0x80_0008;
/** Last data frame of a sequence, from the responder, which goes on with FCP_RSP. */
export const FCTL_LAST_DATA_FROM_RESPONDER = 0x88_0008;
/** Only frame of a middle sequence from the responder that hands over the initiative (XFER_RDY). */
export const FCTL_MIDDLE_FROM_RESPONDER = 0x89_0000;

/**
 * DF_CTL: optional headers in front of the payload. Bits 1-0 say how long the Device_Header is.
 * Source: FC-FS, DF_CTL.
 */
export const DfCtl = {
  ESP_Header: 0x40,
  Network_Header: 0x20,
  Association_Header: 0x10,
  'Device_Header 16': 0x01,
  'Device_Header 32': 0x02,
} as const;

/**
 * Well-known addresses: services of the fabric.
 * Source: FC-FS-4 rev 1.10, well-known address identifiers; Linux uapi/scsi/fc/fc_fs.h.
 */
export const WellKnownAddress = {
  'N_Port Controller': 0xff_fff0,
  'Event Server': 0xff_fff4,
  'Multicast Server': 0xff_fff5,
  'Clock Synchronization Server': 0xff_fff6,
  'Security Key Distribution Server': 0xff_fff7,
  'Alias Server': 0xff_fff8,
  'Quality of Service Facilitator': 0xff_fff9,
  'Management Server': 0xff_fffa,
  'Time Server': 0xff_fffb,
  'Directory Server': 0xff_fffc,
  'Fabric Controller': 0xff_fffd,
  'F_Port Controller': 0xff_fffe,
  Broadcast: 0xff_ffff,
} as const;

/** Domain Controller addresses are FFFC00h plus the Domain_ID. */
export const DOMAIN_CONTROLLER_BASE = 0xff_fc00;

/** OX_ID or RX_ID that is not assigned. */
export const XID_UNASSIGNED = 0xffff;
/** Longest payload of one frame, optional headers included. */
export const FC_PAYLOAD_BYTES_MAX = 2112;
