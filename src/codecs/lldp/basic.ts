/** TLVs of LLDP itself. Source: IEEE 802.1AB, basic management TLVs. */
import {
  bit,
  codec,
  derived,
  flags,
  named,
  of,
  rest,
  restText,
  sized,
  u8,
  u16,
  u32,
} from '../layout/index.ts';
import { LldpType, tlvHead } from './tlv.ts';

const SOURCE = 'IEEE 802.1AB, TLV formats';

/** What a chassis ID is. */
export const ChassisIdSubtype = {
  'Chassis component': 1,
  'Interface alias': 2,
  'Port component': 3,
  'MAC address': 4,
  'Network address': 5,
  'Interface name': 6,
  'Locally assigned': 7,
} as const;

/** What a port ID is. */
export const PortIdSubtype = {
  'Interface alias': 1,
  'Port component': 2,
  'MAC address': 3,
  'Network address': 4,
  'Interface name': 5,
  'Agent circuit ID': 6,
  'Locally assigned': 7,
} as const;

/** What a system is able to be, and is. */
export const SystemCapability = {
  Other: 0x0001,
  Repeater: 0x0002,
  'MAC bridge': 0x0004,
  'WLAN access point': 0x0008,
  Router: 0x0010,
  Telephone: 0x0020,
  'DOCSIS cable device': 0x0040,
  'Station only': 0x0080,
  'C-VLAN component': 0x0100,
  'S-VLAN component': 0x0200,
  'Two-port MAC relay': 0x0400,
} as const;

/** End of LLDPDU. What pads the frame behind it is its `pad`. Shape: 2 bytes and padding. */
export const lldpEnd = codec(
  'LLDP End of LLDPDU',
  SOURCE,
  { ...tlvHead(LldpType['End of LLDPDU'], 0), pad: rest },
  'end',
);

/** Whose LLDPDU it is; the first TLV. Shape: 3 bytes and an ID of 1 to 255. */
export const lldpChassisId = codec(
  'LLDP Chassis ID',
  SOURCE,
  {
    ...tlvHead(LldpType['Chassis ID'], 1, 'chassisId'),
    subtype: named(u8, ChassisIdSubtype),
    chassisId: rest,
  },
  'chassisId',
);

/** The port that sent it; the second TLV. Shape: 3 bytes and an ID of 1 to 255. */
export const lldpPortId = codec(
  'LLDP Port ID',
  SOURCE,
  {
    ...tlvHead(LldpType['Port ID'], 1, 'portId'),
    subtype: named(u8, PortIdSubtype),
    portId: rest,
  },
  'portId',
);

/** How long to believe it; the third TLV. Shape: 4 bytes. Units: seconds; 0 takes all back. */
export const lldpTimeToLive = codec(
  'LLDP Time To Live',
  SOURCE,
  { ...tlvHead(LldpType['Time To Live'], 2), timeToLiveSeconds: u16 },
  'timeToLive',
);

/** The port in words. Shape: 2 bytes and text of up to 255. */
export const lldpPortDescription = codec(
  'LLDP Port Description',
  SOURCE,
  { ...tlvHead(LldpType['Port Description'], 0, 'text'), text: restText },
  'portDescription',
);

/** The system's name. Shape: 2 bytes and text of up to 255. */
export const lldpSystemName = codec(
  'LLDP System Name',
  SOURCE,
  { ...tlvHead(LldpType['System Name'], 0, 'text'), text: restText },
  'systemName',
);

/** Hardware and software of the system in words. Shape: 2 bytes and text of up to 255. */
export const lldpSystemDescription = codec(
  'LLDP System Description',
  SOURCE,
  { ...tlvHead(LldpType['System Description'], 0, 'text'), text: restText },
  'systemDescription',
);

/** What the system is able to be, and which of it is switched on. Shape: 6 bytes. */
export const lldpSystemCapabilities = codec(
  'LLDP System Capabilities',
  SOURCE,
  {
    ...tlvHead(LldpType['System Capabilities'], 4),
    capabilities: flags(u16, SystemCapability),
    enabled: flags(u16, SystemCapability),
  },
  'systemCapabilities',
);

/**
 * Where the system is managed.
 *
 * Shape: 10 bytes, an address of 1 to 31 behind its length, an object identifier of up to 128.
 * Units: `addressBytes` counts the subtype and the address.
 * Errors: `truncated` where either runs past the TLV.
 */
export const lldpManagementAddress = codec(
  'LLDP Management Address',
  SOURCE,
  {
    type: tlvHead(LldpType['Management Address'], 0).type,
    lengthBytes: derived(bit(9), (_, sizeOf) => 8 + sizeOf('address') + sizeOf('objectId')),
    addressBytes: derived(u8, (_, sizeOf) => 1 + sizeOf('address')),
    addressSubtype: u8,
    address: sized(
      of<{ addressBytes: number }>((v) => v.addressBytes - 1),
      rest,
    ),
    interfaceSubtype: u8,
    interfaceNumber: u32,
    objectIdBytes: derived(u8, (_, sizeOf) => sizeOf('objectId')),
    objectId: sized(
      of<{ objectIdBytes: number }>((v) => v.objectIdBytes),
      rest,
    ),
  },
  'managementAddress',
);
