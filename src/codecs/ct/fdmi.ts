/** Fabric device management interface: HBAs and ports describe themselves. */
import { derived, type FixedField, list, of, rest, u32, wwn } from '../layout/index.ts';
import {
  type HbaAttributesField,
  hbaAttribute,
  type PortAttributesField,
  portAttribute,
} from './fdmi-attributes.ts';
import { FdmiCommand, fdmiServer } from './fdmi-codes.ts';
import { accept, request } from './parts.ts';

const SOURCE = 'FC-GS-7, FDMI';
type Name = keyof typeof FdmiCommand;
type Body = Parameters<typeof request>[4];

const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(fdmiServer, SOURCE, name, FdmiCommand[name], body);
const answer = <const K extends Name, F extends Body>(name: K, body: F) =>
  accept(fdmiServer, SOURCE, name, body);

const lengthOf = (key: string) => (value: Readonly<Record<string, unknown>>) => {
  const elements = value[key];
  return Array.isArray(elements) ? elements.length : 0;
};

/** Attribute blocks: a count, then that many entries. */
const hbaAttributes: {
  readonly attributeCount: FixedField<number, true>;
  readonly attributes: HbaAttributesField;
} = {
  attributeCount: derived(u32, lengthOf('attributes')),
  attributes: list(hbaAttribute, {
    count: of<{ attributeCount: number }>((value) => value.attributeCount),
    mayLack: true,
  }),
};
const portAttributes: {
  readonly attributeCount: FixedField<number, true>;
  readonly attributes: PortAttributesField;
} = {
  attributeCount: derived(u32, lengthOf('attributes')),
  attributes: list(portAttribute, {
    count: of<{ attributeCount: number }>((value) => value.attributeCount),
    mayLack: true,
  }),
};
/** Registered port list: a count, then that many port names. */
const ports = {
  portCount: derived(u32, lengthOf('portNames')),
  portNames: list(wwn, { count: of<{ portCount: number }>((value) => value.portCount) }),
} as const;
const hba = { hbaIdentifier: wwn } as const;
const port = { portName: wwn } as const;

/** Get registered HBA list. Shape: 16 bytes. */
export const grhl = ask('GRHL', {});
/** Accept of GRHL. Shape: 20 bytes and 8 per HBA. */
export const grhlAccept = answer('GRHL', {
  hbaCount: derived(u32, lengthOf('hbaIdentifiers')),
  hbaIdentifiers: list(wwn, { count: of<{ hbaCount: number }>((value) => value.hbaCount) }),
});
/** Get HBA attributes. Shape: 24 bytes. */
export const ghat = ask('GHAT', hba);
/** Accept of GHAT. Shape: 24 bytes, 8 per port name, and the attributes. */
export const ghatAccept = answer('GHAT', { ...ports, ...hbaAttributes });
/** Get registered port list of an HBA. Shape: 24 bytes. */
export const grpl = ask('GRPL', hba);
/** Accept of GRPL. Shape: 20 bytes and 8 per port name. */
export const grplAccept = answer('GRPL', ports);
/** Get port attributes. Shape: 24 bytes. */
export const gpat = ask('GPAT', port);
/** Accept of GPAT. Shape: 20 bytes and the attributes. */
export const gpatAccept = answer('GPAT', portAttributes);
/** Get port statistics; the counters stay bytes. Shape: 24 bytes. */
export const gpas = ask('GPAS', port);
/** Accept of GPAS. Shape: 16 bytes and the counters. */
export const gpasAccept = answer('GPAS', { statistics: rest });

/** Register HBA: its ports and attributes. Shape: 32 bytes, 8 per port name, and the attributes. */
export const rhba = ask('RHBA', { ...hba, ...ports, ...hbaAttributes });
/** Accept of RHBA. Shape: 16 bytes. */
export const rhbaAccept = answer('RHBA', {});
/** Register HBA attributes. Shape: 28 bytes and the attributes. */
export const rhat = ask('RHAT', { ...hba, ...hbaAttributes });
/** Accept of RHAT. Shape: 16 bytes. */
export const rhatAccept = answer('RHAT', {});
/** Register a port of an HBA and its attributes. Shape: 36 bytes and the attributes. */
export const rprt = ask('RPRT', { ...hba, ...port, ...portAttributes });
/** Accept of RPRT. Shape: 16 bytes. */
export const rprtAccept = answer('RPRT', {});
/** Register port attributes. Shape: 28 bytes and the attributes. */
export const rpa = ask('RPA', { ...port, ...portAttributes });
/** Accept of RPA. Shape: 16 bytes. */
export const rpaAccept = answer('RPA', {});
/** Deregister HBA. Shape: 24 bytes. */
export const dhba = ask('DHBA', hba);
/** Accept of DHBA. Shape: 16 bytes. */
export const dhbaAccept = answer('DHBA', {});
/** Deregister HBA attributes. Shape: 24 bytes. */
export const dhat = ask('DHAT', hba);
/** Accept of DHAT. Shape: 16 bytes. */
export const dhatAccept = answer('DHAT', {});
/** Deregister port. Shape: 24 bytes. */
export const dprt = ask('DPRT', port);
/** Accept of DPRT. Shape: 16 bytes. */
export const dprtAccept = answer('DPRT', {});
/** Deregister port attributes. Shape: 24 bytes. */
export const dpa = ask('DPA', port);
/** Accept of DPA. Shape: 16 bytes. */
export const dpaAccept = answer('DPA', {});

/** FDMI requests by name. */
export const fdmiRequests = {
  GRHL: grhl,
  GHAT: ghat,
  GRPL: grpl,
  GPAT: gpat,
  GPAS: gpas,
  RHBA: rhba,
  RHAT: rhat,
  RPRT: rprt,
  RPA: rpa,
  DHBA: dhba,
  DHAT: dhat,
  DPRT: dprt,
  DPA: dpa,
} as const;
/** FDMI accepts by the name of the request. */
export const fdmiAccepts = {
  GRHL: grhlAccept,
  GHAT: ghatAccept,
  GRPL: grplAccept,
  GPAT: gpatAccept,
  GPAS: gpasAccept,
  RHBA: rhbaAccept,
  RHAT: rhatAccept,
  RPRT: rprtAccept,
  RPA: rpaAccept,
  DHBA: dhbaAccept,
  DHAT: dhatAccept,
  DPRT: dprtAccept,
  DPA: dpaAccept,
} as const;
