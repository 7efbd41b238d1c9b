/** Fabric device management interface: HBAs and ports describe themselves. */
import { derived, list, of, rest, u32, wwn } from '../layout/index.ts';
import { hbaAttribute, portAttribute } from './fdmi-attributes.ts';
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
const hbaAttributes = {
  attributeCount: derived(u32, lengthOf('attributes')),
  attributes: list(hbaAttribute, {
    count: of<{ attributeCount: number }>((value) => value.attributeCount),
  }),
} as const;
const portAttributes = {
  attributeCount: derived(u32, lengthOf('attributes')),
  attributes: list(portAttribute, {
    count: of<{ attributeCount: number }>((value) => value.attributeCount),
  }),
} as const;
/** Registered port list: a count, then that many port names. */
const ports = {
  portCount: derived(u32, lengthOf('portNames')),
  portNames: list(wwn, { count: of<{ portCount: number }>((value) => value.portCount) }),
} as const;
const hba = { hbaIdentifier: wwn } as const;
const port = { portName: wwn } as const;

/** Get registered HBA list. */
export const grhl = ask('GRHL', {});
/** Accept of GRHL. */
export const grhlAccept = answer('GRHL', {
  hbaCount: derived(u32, lengthOf('hbaIdentifiers')),
  hbaIdentifiers: list(wwn, { count: of<{ hbaCount: number }>((value) => value.hbaCount) }),
});
/** Get HBA attributes. */
export const ghat = ask('GHAT', hba);
/** Accept of GHAT. */
export const ghatAccept = answer('GHAT', { ...ports, ...hbaAttributes });
/** Get registered port list of an HBA. */
export const grpl = ask('GRPL', hba);
/** Accept of GRPL. */
export const grplAccept = answer('GRPL', ports);
/** Get port attributes. */
export const gpat = ask('GPAT', port);
/** Accept of GPAT. */
export const gpatAccept = answer('GPAT', portAttributes);
/** Get port statistics; the counters stay bytes. */
export const gpas = ask('GPAS', port);
/** Accept of GPAS. */
export const gpasAccept = answer('GPAS', { statistics: rest });

/** Register HBA: its ports and attributes. */
export const rhba = ask('RHBA', { ...hba, ...ports, ...hbaAttributes });
/** Accept of RHBA. */
export const rhbaAccept = answer('RHBA', {});
/** Register HBA attributes. */
export const rhat = ask('RHAT', { ...hba, ...hbaAttributes });
/** Accept of RHAT. */
export const rhatAccept = answer('RHAT', {});
/** Register a port of an HBA and its attributes. */
export const rprt = ask('RPRT', { ...hba, ...port, ...portAttributes });
/** Accept of RPRT. */
export const rprtAccept = answer('RPRT', {});
/** Register port attributes. */
export const rpa = ask('RPA', { ...port, ...portAttributes });
/** Accept of RPA. */
export const rpaAccept = answer('RPA', {});
/** Deregister HBA. */
export const dhba = ask('DHBA', hba);
/** Accept of DHBA. */
export const dhbaAccept = answer('DHBA', {});
/** Deregister HBA attributes. */
export const dhat = ask('DHAT', hba);
/** Accept of DHAT. */
export const dhatAccept = answer('DHAT', {});
/** Deregister port. */
export const dprt = ask('DPRT', port);
/** Accept of DPRT. */
export const dprtAccept = answer('DPRT', {});
/** Deregister port attributes. */
export const dpa = ask('DPA', port);
/** Accept of DPA. */
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
