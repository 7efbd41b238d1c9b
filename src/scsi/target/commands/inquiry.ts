/** INQUIRY: who a logical unit is. */
import {
  Association,
  type Designation,
  type DesignationInput,
  designation,
  MediumRotationRate,
  PeripheralDeviceType,
  PeripheralQualifier,
  ProvisioningType,
  SpcVersion,
  standardInquiry,
  Tpgs,
  VersionDescriptor,
  VpdPage,
  vpd,
} from '../../../codecs/scsi/index.ts';
import { nameDesignatorOf, protocolFieldsOf, versionOf } from '../../port-identity.ts';
import { type Command, cdbs, command, type Invocation, type TargetContext } from '../command.ts';
import {
  COMPARE_AND_WRITE_BLOCKS_MAX,
  THRESHOLD_EXPONENT,
  TRANSFER_BLOCKS_MAX,
  UNMAP_BLOCKS_MAX,
  UNMAP_DESCRIPTORS_MAX,
  WRITE_SAME_BLOCKS_MAX,
} from '../limits.ts';
import { data, invalidFieldInCdb, type Reply } from '../reply.ts';
import { thirdPartyCopyPage } from './third-party-copy-page.ts';

/** The bytes between the fixed part and the version descriptors. */
const VENDOR_SPECIFIC = new Uint8Array(20);
const CLOCKING = new Uint8Array(2);
/** PRODUCT IDENTIFICATION, which stands before the serial number in a T10 vendor ID designator. */
const PRODUCT_BYTES = 16;

const VERSIONS = [
  VersionDescriptor['SAM-5'],
  VersionDescriptor['SPC-4'],
  VersionDescriptor['SBC-3'],
];

const TPGS = {
  implicit: Tpgs.IMPLICIT,
  explicit: Tpgs.EXPLICIT,
  both: Tpgs.IMPLICIT_AND_EXPLICIT,
} as const;

/** Standard INQUIRY data of a logical unit. */
function standardData({ target, lu, task }: Invocation): Uint8Array {
  const version = versionOf(task.nexus.targetPort);
  return standardInquiry.encode({
    version: SpcVersion['SPC-4'],
    hisup: 1,
    tpgs: TPGS[target.accessChanges],
    threePc: target.tellsOfCopies ? 1 : 0,
    multip: target.ports.length > 1 ? 1 : 0,
    t10VendorIdentification: lu.identity.vendor,
    productIdentification: lu.identity.product,
    productRevisionLevel: lu.identity.revision,
    vendorSpecific: VENDOR_SPECIFIC,
    clocking: CLOCKING,
    versionDescriptors: version === undefined ? VERSIONS : [...VERSIONS, version],
  });
}

/** Standard INQUIRY data where there is no logical unit, or the well-known one. */
export function inquiryWithoutUnit(wellKnown: boolean): Uint8Array {
  return standardInquiry.encode({
    peripheralQualifier: wellKnown
      ? PeripheralQualifier.CONNECTED
      : PeripheralQualifier.NOT_SUPPORTED,
    peripheralDeviceType: wellKnown
      ? PeripheralDeviceType.WELL_KNOWN_LOGICAL_UNIT
      : PeripheralDeviceType.UNKNOWN,
    version: SpcVersion['SPC-4'],
    hisup: 1,
    t10VendorIdentification: '',
    productIdentification: '',
    productRevisionLevel: '',
  });
}

/** A designation descriptor with all its fields. */
const whole = (one: DesignationInput): Designation => designation.decode(designation.encode(one));

function identification({ target, lu, task }: Invocation): Uint8Array {
  const port = target.ports[task.nexus.targetPortIndex]!;
  const group = lu.access.ofPort(port.relativeId)?.group;
  const ofPort = { ...protocolFieldsOf(port.name), association: Association.TARGET_PORT };
  return vpd.members[VpdPage.DEVICE_IDENTIFICATION].encode({
    designators: [
      { kind: 'NAA', identifier: lu.luId } as const,
      {
        kind: 'T10 vendor ID',
        t10VendorIdentification: lu.identity.vendor,
        vendorSpecificIdentifier: lu.identity.product.padEnd(PRODUCT_BYTES) + lu.serial,
      } as const,
      { ...nameDesignatorOf(port.name), ...ofPort },
      { kind: 'relative target port', ...ofPort, relativeTargetPort: port.relativeId } as const,
      ...(group === undefined
        ? []
        : [{ kind: 'target port group', ...ofPort, targetPortGroup: group.id } as const]),
    ].map(whole),
  });
}

function blockLimits({ lu }: Invocation): Uint8Array {
  const thin = lu.medium.unmap !== undefined;
  return vpd.members[VpdPage.BLOCK_LIMITS].encode({
    wsnz: 1,
    maximumCompareAndWriteLengthBlocks: COMPARE_AND_WRITE_BLOCKS_MAX,
    maximumTransferLengthBlocks: TRANSFER_BLOCKS_MAX,
    maximumUnmapLbaCount: thin ? UNMAP_BLOCKS_MAX : 0,
    maximumUnmapBlockDescriptorCount: thin ? UNMAP_DESCRIPTORS_MAX : 0,
    optimalUnmapGranularityBlocks: thin ? 1 : 0,
    maximumWriteSameLengthBlocks: BigInt(WRITE_SAME_BLOCKS_MAX),
  });
}

/** Unmapped blocks read as zeros. */
function provisioning({ lu }: Invocation): Uint8Array {
  const thin = lu.medium.unmap === undefined ? 0 : 1;
  return vpd.members[VpdPage.LOGICAL_BLOCK_PROVISIONING].encode({
    thresholdExponent: lu.pool === undefined ? 0 : THRESHOLD_EXPONENT,
    lbpu: thin,
    lbpws: thin,
    lbpws10: thin,
    lbprz: thin,
    provisioningType: thin === 1 ? ProvisioningType.THIN : ProvisioningType.NOT_REPORTED,
  });
}

type Page = (invocation: Invocation) => Uint8Array;

/** A device that does not say that it copies has no page of copies. */
const isOf = (code: number, { tellsOfCopies }: TargetContext): boolean =>
  code !== VpdPage.THIRD_PARTY_COPY || tellsOfCopies;

const PAGES: ReadonlyMap<number, Page> = new Map<number, Page>([
  [
    VpdPage.SUPPORTED_VPD_PAGES,
    ({ target }) =>
      vpd.members[VpdPage.SUPPORTED_VPD_PAGES].encode({
        pages: [...PAGES.keys()].filter((code) => isOf(code, target)),
      }),
  ],
  [
    VpdPage.UNIT_SERIAL_NUMBER,
    ({ lu }) => vpd.members[VpdPage.UNIT_SERIAL_NUMBER].encode({ productSerialNumber: lu.serial }),
  ],
  [VpdPage.DEVICE_IDENTIFICATION, identification],
  [
    VpdPage.EXTENDED_INQUIRY_DATA,
    () =>
      vpd.members[VpdPage.EXTENDED_INQUIRY_DATA].encode({
        headsup: 1,
        ordsup: 1,
        simpsup: 1,
        vSup: 1,
        luiclr: 1,
      }),
  ],
  [VpdPage.THIRD_PARTY_COPY, thirdPartyCopyPage],
  [VpdPage.BLOCK_LIMITS, blockLimits],
  [
    VpdPage.BLOCK_DEVICE_CHARACTERISTICS,
    () =>
      vpd.members[VpdPage.BLOCK_DEVICE_CHARACTERISTICS].encode({
        mediumRotationRate: MediumRotationRate.NON_ROTATING,
      }),
  ],
  [VpdPage.LOGICAL_BLOCK_PROVISIONING, provisioning],
]);

interface InquiryCdb {
  readonly evpd: number;
  readonly pageCode: number;
  readonly allocationLengthBytes: number;
}

function run(invocation: Invocation, cdb: InquiryCdb): Reply {
  const { allocationLengthBytes, evpd, pageCode } = cdb;
  if (evpd === 0) return data(standardData(invocation), allocationLengthBytes);
  if (!isOf(pageCode, invocation.target)) return invalidFieldInCdb(2);
  return data(PAGES.get(pageCode)!(invocation), allocationLengthBytes);
}

function check(cdb: { evpd: number; pageCode: number; obsolete1: number }): Reply | undefined {
  if (cdb.obsolete1 === 1) return invalidFieldInCdb(1, 1);
  if (cdb.evpd === 0) return cdb.pageCode === 0 ? undefined : invalidFieldInCdb(2);
  return PAGES.has(cdb.pageCode) ? undefined : invalidFieldInCdb(2);
}

/** INQUIRY with its vital product data. Source: SPC-5. */
export const inquiryCommands: readonly Command[] = [
  command(cdbs.INQUIRY, {
    reservation: 'allowed',
    allowedBySpc2: true,
    access: 'any',
    passesAttention: true,
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check,
    run,
  }),
];
