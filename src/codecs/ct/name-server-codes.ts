/** Codes of the name server: commands, explanations, port types, classes, features. */
import type { CtServer } from './preamble.ts';
import { DirectorySubtype, GsType } from './preamble.ts';

/** Where name server requests go. */
export const nameServer: CtServer = {
  gsType: GsType.DIRECTORY,
  gsSubtype: DirectorySubtype.NAME_SERVER,
};

/** Name server request commands. Source: FC-GS-7, name server; GE_* from FC-SW-6. */
export const NameServerCommand = {
  GA_NXT: 0x0100,
  GID_A: 0x0101,
  GPN_ID: 0x0112,
  GNN_ID: 0x0113,
  GCS_ID: 0x0114,
  GFT_ID: 0x0117,
  GSPN_ID: 0x0118,
  GPT_ID: 0x011a,
  GIPP_ID: 0x011b,
  GFPN_ID: 0x011c,
  GHA_ID: 0x011d,
  GFD_ID: 0x011e,
  GFF_ID: 0x011f,
  GID_PN: 0x0121,
  GIPP_PN: 0x012b,
  GID_NN: 0x0131,
  GPN_NN: 0x0132,
  GIP_NN: 0x0135,
  GIPA_NN: 0x0136,
  GSNN_NN: 0x0139,
  GNN_IP: 0x0153,
  GIPA_IP: 0x0156,
  GID_FT: 0x0171,
  GPN_FT: 0x0172,
  GNN_FT: 0x0173,
  GID_PT: 0x01a1,
  GID_IPP: 0x01b1,
  GPN_IPP: 0x01b2,
  GID_FF: 0x01f1,
  RPN_ID: 0x0212,
  RNN_ID: 0x0213,
  RCS_ID: 0x0214,
  RFT_ID: 0x0217,
  RSPN_ID: 0x0218,
  RPT_ID: 0x021a,
  RIPP_ID: 0x021b,
  RHA_ID: 0x021d,
  RFD_ID: 0x021e,
  RFF_ID: 0x021f,
  RIP_NN: 0x0235,
  RSNN_NN: 0x0239,
  DA_ID: 0x0300,
  GE_ID: 0x0410,
  GE_PN: 0x0420,
  GE_NN: 0x0430,
  GE_IP: 0x0450,
  GE_FT: 0x0470,
  GE_PT: 0x04a0,
  GE_ZM: 0x04b0,
  GE_ZN: 0x04c0,
  GE_IPP: 0x04d0,
  GE_FF: 0x04e0,
} as const;

/** Details of a name server's refusal. Source: FC-GS-7, name server reason code explanations. */
export const NameServerExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  PORT_IDENTIFIER_NOT_REGISTERED: 0x01,
  PORT_NAME_NOT_REGISTERED: 0x02,
  NODE_NAME_NOT_REGISTERED: 0x03,
  CLASS_OF_SERVICE_NOT_REGISTERED: 0x04,
  NODE_IP_ADDRESS_NOT_REGISTERED: 0x05,
  IPA_NOT_REGISTERED: 0x06,
  FC4_TYPES_NOT_REGISTERED: 0x07,
  SYMBOLIC_PORT_NAME_NOT_REGISTERED: 0x08,
  SYMBOLIC_NODE_NAME_NOT_REGISTERED: 0x09,
  PORT_TYPE_NOT_REGISTERED: 0x0a,
  PORT_IP_ADDRESS_NOT_REGISTERED: 0x0b,
  FABRIC_PORT_NAME_NOT_REGISTERED: 0x0c,
  HARD_ADDRESS_NOT_REGISTERED: 0x0d,
  FC4_DESCRIPTOR_NOT_REGISTERED: 0x0e,
  FC4_FEATURES_NOT_REGISTERED: 0x0f,
  ACCESS_DENIED: 0x10,
  UNACCEPTABLE_PORT_IDENTIFIER: 0x11,
  DATABASE_EMPTY: 0x12,
  NO_OBJECT_REGISTERED_IN_SCOPE: 0x13,
  DOMAIN_ID_NOT_PRESENT: 0x14,
  PORT_NUMBER_NOT_PRESENT: 0x15,
  NO_DEVICE_ATTACHED: 0x16,
  AUTHORIZATION_EXCEPTION: 0xf0,
  AUTHENTICATION_EXCEPTION: 0xf1,
  DATABASE_FULL: 0xf2,
  DATABASE_EMPTY_OBSOLETE: 0xf3,
} as const;

/** Port types of the name server. Source: FC-GS-7, port type object. */
export const NameServerPortType = {
  UNIDENTIFIED: 0x00,
  N_PORT: 0x01,
  NL_PORT: 0x02,
  'F/NL_PORT': 0x03,
  NX_PORT: 0x7f,
  F_PORT: 0x81,
  FL_PORT: 0x82,
  E_PORT: 0x84,
  B_PORT: 0x85,
} as const;

/** Classes of service of a port: one bit per class. Source: FC-GS-7, class of service object. */
export const ClassOfService = {
  CLASS_F: 0x01,
  CLASS_1: 0x02,
  CLASS_2: 0x04,
  CLASS_3: 0x08,
  CLASS_4: 0x10,
  CLASS_6: 0x40,
} as const;

/** FC-4 features that FCP ports register. Source: FCP-4, FC-4 features object. */
export const FcpFeatures = { TARGET: 0x01, INITIATOR: 0x02 } as const;

/** Marks an entry of a list. Source: FC-GS-7, port identifier object with control byte. */
export const EntryControl = { LAST: 0x80 } as const;
