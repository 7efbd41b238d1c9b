/** VPD pages of every device type. Source: SPC-5, 7.7. */
import {
  bit,
  codec,
  derived,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reservedBits,
  reservedBytes,
  restText,
  sized,
  type TailField,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import {
  Association,
  type Designation,
  type DesignationInput,
  designation,
} from './designation.ts';
import { option, optionByte } from './parts.ts';
import { listOrNone } from './shape.ts';
import { type TransportId, type TransportIdInput, transportId } from './transport-id.ts';
import { pageRest, VpdPage, vpdPage } from './vpd-page.ts';

const cut = { mayBeCut: true } as const;

/** Which VPD pages there are. Shape: 4 bytes and 1 a page. */
export const supportedPages = vpdPage(
  'supported VPD pages',
  VpdPage.SUPPORTED_VPD_PAGES,
  'SPC-5, Supported VPD Pages VPD page',
  { pages: sized(pageRest(), list(named(u8, VpdPage)), cut) },
);

/**
 * The serial number of the unit, by which multipath tells disks apart that have no NAA name.
 *
 * Shape: 4 bytes and the number.
 */
export const unitSerialNumber = vpdPage(
  'unit serial number',
  VpdPage.UNIT_SERIAL_NUMBER,
  'SPC-5, Unit Serial Number VPD page',
  { productSerialNumber: sized(pageRest(), restText, cut) },
);

/** A list of designation descriptors that is all of a page. */
export interface DesignatorsField
  extends TailField<Designation[], false, readonly DesignationInput[]> {}
const designators: DesignatorsField = sized(pageRest(), list(designation, cut), cut);

/**
 * The names of the logical unit, of the port that answers, and of the device.
 *
 * Shape: 4 bytes and designation descriptors.
 */
export const deviceIdentification = vpdPage(
  'device identification',
  VpdPage.DEVICE_IDENTIFICATION,
  'SPC-5, Device Identification VPD page',
  { designators },
);

/** SERVICE TYPE of a network address. */
export const NetworkService = {
  UNSPECIFIED: 0,
  STORAGE_CONFIGURATION: 1,
  DIAGNOSTICS: 2,
  STATUS: 3,
  LOGGING: 4,
  CODE_DOWNLOAD: 5,
  COPY: 6,
  ADMINISTRATIVE_CONFIGURATION: 7,
} as const;

const networkAddress = codec(
  'Network services descriptor',
  'SPC-5, Management Network Addresses VPD page',
  {
    reserved1: reservedBits(1),
    association: withDefault(named(bit(2), Association), Association.TARGET_DEVICE),
    serviceType: named(bit(5), NetworkService),
    reserved2: reserved8,
    networkAddressLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('networkAddress')),
    /** Ended by a zero byte, padded with zeros to a multiple of 4. */
    networkAddress: sized(
      of<{ networkAddressLengthBytes: number }>((v) => v.networkAddressLengthBytes),
      restText,
      cut,
    ),
  },
);

/** Where the device is managed. Shape: 4 bytes, then 4 and an address each. */
export const managementNetworkAddresses = vpdPage(
  'management network addresses',
  VpdPage.MANAGEMENT_NETWORK_ADDRESSES,
  'SPC-5, Management Network Addresses VPD page',
  { addresses: sized(pageRest(), listOrNone(list(networkAddress, cut)), cut) },
);

/** Supported features, a bit each. Shape: 64 bytes. */
export const extendedInquiry = vpdPage(
  'extended INQUIRY data',
  VpdPage.EXTENDED_INQUIRY_DATA,
  'SPC-5, Extended INQUIRY Data VPD page',
  {
    activateMicrocode: option(2),
    spt: option(3),
    grdChk: option(1),
    appChk: option(1),
    refChk: option(1),
    reserved1: reservedBits(2),
    uaskSup: option(1),
    groupSup: option(1),
    priorSup: option(1),
    headsup: option(1),
    ordsup: option(1),
    simpsup: option(1),
    reserved2: reservedBits(4),
    wuSup: option(1),
    crdSup: option(1),
    nvSup: option(1),
    vSup: option(1),
    reserved3: reservedBits(2),
    noPiChk: option(1),
    pIISup: option(1),
    reserved4: reservedBits(3),
    luiclr: option(1),
    luCollectionType: option(3),
    rSup: option(1),
    rtdSup: option(1),
    reserved5: reservedBits(1),
    hssrelef: option(1),
    cbcs: option(1),
    reserved6: reservedBits(4),
    multiITNexusMicrocodeDownload: option(4),
    extendedSelfTestCompletionMinutes: withDefault(u16, 0),
    poaSup: option(1),
    hraSup: option(1),
    vsaSup: option(1),
    dmsValid: option(1),
    reserved7: reservedBits(4),
    maximumSupportedSenseDataLengthBytes: optionByte,
    reserved8: reservedBytes(50),
  },
);

/** MODE PAGE POLICY: who shares the settings of a mode page. */
export const ModePagePolicy = {
  SHARED: 0,
  PER_TARGET_PORT: 1,
  OBSOLETE: 2,
  PER_I_T_NEXUS: 3,
} as const;

const modePagePolicyDescriptor = codec(
  'Mode page policy descriptor',
  'SPC-5, Mode Page Policy VPD page',
  {
    reserved1: reservedBits(2),
    policyPageCode: bit(6),
    policySubpageCode: optionByte,
    mlus: option(1),
    reserved2: reservedBits(5),
    modePagePolicy: named(bit(2), ModePagePolicy),
    reserved3: reserved8,
  },
);

/** Who shares which mode page. Shape: 4 bytes and 4 a page. */
export const modePagePolicy = vpdPage(
  'mode page policy',
  VpdPage.MODE_PAGE_POLICY,
  'SPC-5, Mode Page Policy VPD page',
  { policies: sized(pageRest(), list(modePagePolicyDescriptor, cut), cut) },
);

/** Designation descriptors of a target port; none where they are left out. */
export interface PortDesignatorsField
  extends TailField<Designation[], true, readonly DesignationInput[]> {}
const targetPortDescriptors: PortDesignatorsField = sized(
  of<{ targetPortDescriptorsLengthBytes: number }>((v) => v.targetPortDescriptorsLengthBytes),
  listOrNone(list(designation)),
);
/** TransportIDs of an initiator port; none where they are left out. */
export interface PortTransportIdsField
  extends TailField<TransportId[], true, readonly TransportIdInput[]> {}
const initiatorPortTransportIds: PortTransportIdsField = sized(
  of<{ initiatorPortTransportIdLengthBytes: number }>((v) => v.initiatorPortTransportIdLengthBytes),
  listOrNone(list(transportId)),
);

const scsiPort = codec('SCSI port designation descriptor', 'SPC-5, SCSI Ports VPD page', {
  reserved1: reserved16,
  relativePortIdentifier: u16,
  reserved2: reserved16,
  initiatorPortTransportIdLengthBytes: derived(u16, (_v, sizeOf) =>
    sizeOf('initiatorPortTransportIds'),
  ),
  /** None or one. */
  initiatorPortTransportIds,
  reserved3: reserved16,
  targetPortDescriptorsLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('targetPortDescriptors')),
  targetPortDescriptors,
});

/**
 * All ports of the device and their names.
 *
 * Shape: 4 bytes, then 12 and TransportIDs and designation descriptors for each port.
 */
export const scsiPorts = vpdPage('SCSI ports', VpdPage.SCSI_PORTS, 'SPC-5, SCSI Ports VPD page', {
  ports: sized(pageRest(), list(scsiPort, cut), cut),
});
