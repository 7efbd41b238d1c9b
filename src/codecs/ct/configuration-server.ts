/** Fabric configuration server: switches, their ports, and platforms. */
import {
  codec,
  derived,
  embed,
  fcId,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  restText,
  sized,
  text,
  u8,
  u24,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import {
  ConfigurationCommand,
  configurationServer,
  InterconnectElementType,
  PlatformType,
  PortModuleType,
  PortState,
  PortTransmitterType,
} from './configuration-codes.ts';
import { NameServerPortType } from './name-server-codes.ts';
import { accept, bareAccept, bareRequest, countedName, request } from './parts.ts';
import { ManagementSubtype } from './preamble.ts';

const SOURCE = 'FC-GS-7, fabric configuration server';
type Name = keyof typeof ConfigurationCommand;
type Body = Parameters<typeof request>[4];
const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(configurationServer, SOURCE, name, ConfigurationCommand[name], body);
const answer = <const K extends Name, F extends Body>(name: K, body: F) =>
  accept(configurationServer, SOURCE, name, body);

const countOf = (key: string) => (value: Readonly<Record<string, unknown>>) => {
  const elements = value[key];
  return Array.isArray(elements) ? elements.length : 0;
};
const count = of<{ entryCount: number }>((value) => value.entryCount);
const entryCount = derived(u32, countOf('entries'));

const element = { interconnectElementName: wwn } as const;
const port = { portName: wwn } as const;
const portType = named(u8, NameServerPortType);
const elementType = named(u8, InterconnectElementType);
const bare = <const K extends Name>(name: K) =>
  bareRequest(configurationServer, SOURCE, name, ConfigurationCommand[name]);
const bareAnswer = <const K extends Name>(name: K) => bareAccept(configurationServer, SOURCE, name);

const NAME_BYTES = 255;
/** A name or address in a field of 256 bytes: its length, then characters filled up with zeros. Shape: 256 bytes. */
export const nameObject = codec('name object', SOURCE, {
  nameLengthBytes: derived(u8, (value) => String(value.name ?? '').length),
  name: text(NAME_BYTES, '\0'),
});
/** What `nameObject` decodes. */
export type NameObject = Infer<typeof nameObject>;

/** An interconnect element and what it is. Shape: 12 bytes. Source: FC-GS-7, GIEL accept. */
export const interconnectElementEntry = codec('interconnect element entry', SOURCE, {
  ...element,
  reserved1: reserved24,
  elementType,
});
/** A port of an interconnect element. Shape: 12 bytes. Source: FC-GS-7, GPL accept. */
export const portEntry = codec('port entry', SOURCE, {
  ...port,
  reserved1: reserved8,
  moduleType: named(u8, PortModuleType),
  transmitterType: named(u8, PortTransmitterType),
  portType,
});
/** A port attached to a port. Shape: 12 bytes. Source: FC-GS-7, GAPNL accept. */
export const attachedPortEntry = codec('attached port entry', SOURCE, {
  ...port,
  reserved1: reserved16,
  portFlags: u8,
  portType,
});
/** What a server of the management service can do. Shape: 8 bytes. Source: FC-GS-7, GCAP accept. */
export const capabilityEntry = codec('capability entry', SOURCE, {
  subtype: named(u8, ManagementSubtype),
  vendorCapabilities: withDefault(u24, 0),
  capabilities: u32,
});

/** Get topology information. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gtin = bare('GTIN');
/** Accept of GTIN. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gtinAccept = bareAnswer('GTIN');
/** Get interconnect element list. Shape: 16 bytes. */
export const giel = ask('GIEL', {});
/** Accept of GIEL. Shape: 20 bytes and 12 per entry. */
export const gielAccept = answer('GIEL', {
  entryCount,
  entries: list(interconnectElementEntry, { count }),
});
/** Get interconnect element type. Shape: 24 bytes. */
export const giet = ask('GIET', element);
/** Accept of GIET. Shape: 20 bytes. */
export const gietAccept = answer('GIET', { reserved1: reserved24, elementType });
/** Get domain identifier. Shape: 24 bytes. */
export const gdid = ask('GDID', element);
/** Accept of GDID. Shape: 20 bytes. */
export const gdidAccept = answer('GDID', {
  reserved1: reserved8,
  domainId: u8,
  reserved2: reserved16,
});
/** Get management identifier. Shape: 24 bytes. */
export const gmid = ask('GMID', element);
/** Accept of GMID. Shape: 20 bytes. */
export const gmidAccept = answer('GMID', { reserved1: reserved8, managementId: fcId });
/** Get fabric name. Shape: 24 bytes. */
export const gfn = ask('GFN', element);
/** Accept of GFN. Shape: 24 bytes. */
export const gfnAccept = answer('GFN', { fabricName: wwn });
/** Get interconnect element logical name. Shape: 24 bytes. */
export const gieln = ask('GIELN', element);
/** Accept of GIELN. Shape: 17 bytes and the name. */
export const gielnAccept = answer('GIELN', countedName());
/** Get interconnect element management address list. Shape: 24 bytes. */
export const gmal = ask('GMAL', element);
/** Accept of GMAL. Shape: 20 bytes and 256 per entry. */
export const gmalAccept = answer('GMAL', {
  entryCount,
  entries: list(nameObject, { count }),
});
/** Get interconnect element information list. Shape: 24 bytes. */
export const gieil = ask('GIEIL', element);
/** Vendor, model, release and more, each ended by a zero: see `informationOf`. Shape: 20 bytes and the strings. */
export const gieilAccept = answer('GIEIL', {
  reserved1: reserved24,
  informationLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('information')),
  information: sized(
    of<{ informationLengthBytes: number }>((value) => value.informationLengthBytes),
    restText,
  ),
});
/** The strings of an information list: vendor name, model, release code, then the vendor's own. */
export function informationOf(information: string): string[] {
  const strings = information.split('\0');
  return strings.at(-1) === '' ? strings.slice(0, -1) : strings;
}
/** Get port list. Shape: 24 bytes. */
export const gpl = ask('GPL', element);
/** Accept of GPL. Shape: 20 bytes and 12 per entry. */
export const gplAccept = answer('GPL', { entryCount, entries: list(portEntry, { count }) });
/** Get port type. Shape: 24 bytes. */
export const gpt = ask('GPT', port);
/** Accept of GPT. Shape: 20 bytes. */
export const gptAccept = answer('GPT', { reserved1: reserved24, portType });
/** Get physical port number. Shape: 24 bytes. */
export const gppn = ask('GPPN', port);
/** Accept of GPPN. Shape: 20 bytes. */
export const gppnAccept = answer('GPPN', { physicalPortNumber: u32 });
/** Get attached port name list. Shape: 24 bytes. */
export const gapnl = ask('GAPNL', port);
/** Accept of GAPNL. Shape: 20 bytes and 12 per entry. */
export const gapnlAccept = answer('GAPNL', {
  entryCount,
  entries: list(attachedPortEntry, { count }),
});
/** Get port state. Shape: 24 bytes. */
export const gps = ask('GPS', port);
/** Accept of GPS. Shape: 24 bytes. */
export const gpsAccept = answer('GPS', {
  reserved1: reserved24,
  portType,
  reserved2: reserved24,
  portState: named(u8, PortState),
});
/** Get attached topology information. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gatin = bare('GATIN');
/** Accept of GATIN. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gatinAccept = bareAnswer('GATIN');
/** Get node identification data. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gnid = bare('GNID');
/** Accept of GNID. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gnidAccept = bareAnswer('GNID');
/** Get capabilities. Shape: 16 bytes. */
export const gcap = ask('GCAP', {});
/** Accept of GCAP. Shape: 20 bytes and 8 per entry. */
export const gcapAccept = answer('GCAP', { entryCount, entries: list(capabilityEntry, { count }) });
/** Register interconnect element logical name. Shape: 25 bytes and the name. */
export const rieln = ask('RIELN', { ...element, ...countedName() });
/** Accept of RIELN. Shape: 16 bytes. */
export const rielnAccept = answer('RIELN', {});

const platform = { platformName: embed(nameObject) } as const;
const platformType = { reserved1: reserved24, platformType: named(u8, PlatformType) } as const;
const nodeNames = { entryCount, entries: list(wwn, { count }) } as const;

/** Get platform node name list. Shape: 17 bytes and the name. */
export const gplnl = ask('GPLNL', countedName());
/** Accept of GPLNL. Shape: 20 bytes and 8 per entry. */
export const gplnlAccept = answer('GPLNL', nodeNames);
/** Get platform type. Shape: 17 bytes and the name. */
export const gplt = ask('GPLT', countedName());
/** Accept of GPLT. Shape: 20 bytes. */
export const gpltAccept = answer('GPLT', platformType);
/** Get platform management address list. Shape: 17 bytes and the name. */
export const gplml = ask('GPLML', countedName());
/** Accept of GPLML. Shape: 20 bytes and 256 per entry. */
export const gplmlAccept = answer('GPLML', { entryCount, entries: list(nameObject, { count }) });
/** Get platform name of a node. Shape: 24 bytes. */
export const gnpl = ask('GNPL', { nodeName: wwn });
/** Accept of GNPL. Shape: 17 bytes and the name. */
export const gnplAccept = answer('GNPL', countedName());
/** Get platform name list. Shape: 16 bytes. */
export const gpnl = ask('GPNL', {});
/** Accept of GPNL. Shape: 20 bytes and 256 per entry. */
export const gpnlAccept = answer('GPNL', { entryCount, entries: list(nameObject, { count }) });
/** Register platform: type, management addresses, node names. Shape: 284 bytes, 256 per address and 8 per node name. */
export const rpl = ask('RPL', {
  ...platform,
  ...platformType,
  addressCount: derived(u32, countOf('managementAddresses')),
  managementAddresses: list(nameObject, {
    count: of<{ addressCount: number }>((value) => value.addressCount),
  }),
  nodeNameCount: derived(u32, countOf('nodeNames')),
  nodeNames: list(wwn, { count: of<{ nodeNameCount: number }>((value) => value.nodeNameCount) }),
});
/** Accept of RPL. Shape: 16 bytes. */
export const rplAccept = answer('RPL', {});
/** Register platform node name. Shape: 280 bytes. */
export const rpln = ask('RPLN', { ...platform, nodeName: wwn });
/** Accept of RPLN. Shape: 16 bytes. */
export const rplnAccept = answer('RPLN', {});
/** Register platform type. Shape: 276 bytes. */
export const rplt = ask('RPLT', { ...platform, ...platformType });
/** Accept of RPLT. Shape: 16 bytes. */
export const rpltAccept = answer('RPLT', {});
/** Register platform management address. Shape: 528 bytes. */
export const rplm = ask('RPLM', { ...platform, managementAddress: embed(nameObject) });
/** Accept of RPLM. Shape: 16 bytes. */
export const rplmAccept = answer('RPLM', {});
/** Deregister platform. Shape: 17 bytes and the name. */
export const dpl = ask('DPL', countedName());
/** Accept of DPL. Shape: 16 bytes. */
export const dplAccept = answer('DPL', {});
/** Deregister platform node name. Shape: 24 bytes. */
export const dpln = ask('DPLN', { nodeName: wwn });
/** Accept of DPLN. Shape: 16 bytes. */
export const dplnAccept = answer('DPLN', {});
/** Deregister platform management address list. Shape: 17 bytes and the name. */
export const dplml = ask('DPLML', countedName());
/** Accept of DPLML. Shape: 16 bytes. */
export const dplmlAccept = answer('DPLML', {});
