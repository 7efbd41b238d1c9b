/**
 * EXTENDED COPY(LID1) and the RECEIVE COPY commands: copies between logical units of the device, which the device makes
 * by itself while the command runs.
 *
 * A copy reads and writes for its initiator: units that its mask does not show are not reached, and reservations, access states and
 * write protection of both ends hold. Source: SPC-4, 6.4 (EXTENDED COPY), 6.17 to 6.20 (RECEIVE COPY).
 */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  CopyStatus,
  type CscdDescriptor,
  CscdType,
  DesignatorType,
  type ExtendedCopyLid1List,
  extendedCopyLid1List,
  ListIdUsage,
  PeripheralDeviceType,
  receiveCopyOperatingParametersData,
  receiveCopyStatusLid1Data,
  type SegmentDescriptor,
  SegmentType,
  SenseCode,
  SenseKey,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import type { CopyResult, Nexus } from '../nexus.ts';
import {
  checkCondition,
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  type Reply,
} from '../reply.ts';
import { writeBlocks } from './apply.ts';

// What one copy may ask for, as RECEIVE COPY OPERATING PARAMETERS and the Third-party Copy page tell.
/** Ends of one copy. */
export const CSCDS_MAX = 8;
/** Segments of one copy. */
export const SEGMENTS_MAX = 8;
/** Blocks of one segment. */
export const SEGMENT_BLOCKS_MAX = 0xffff;
const HEAD_BYTES = 16;
const CSCD_BYTES = 32;
const BLOCK_TO_BLOCK_BYTES = 28;
/** Descriptors of one copy, all together. */
export const DESCRIPTORS_BYTES_MAX = CSCDS_MAX * CSCD_BYTES + SEGMENTS_MAX * BLOCK_TO_BLOCK_BYTES;
/** Copies whose status is kept for a login, the oldest is forgotten first. */
const RESULTS_MAX = 16;
const NAA_BYTES = 16;

type BlockToBlock = Extract<SegmentDescriptor, { kind: 'block to block' }>;
type Identification = Extract<CscdDescriptor, { kind: 'identification descriptor' }>;

/** A copy cannot go on: its parameter list is wrong, or one of its ends is. */
class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('the copy is refused');
    this.reply = reply;
  }
}

const refuse = (reply: Reply): never => {
  throw new CopyRefused(reply);
};
const illegal = (code: number): never => refuse(illegalRequest(code));
const aborted = (code: number): never => refuse(checkCondition(SenseKey.COPY_ABORTED, code));

/** The list, as far as it is whole and within the limits. Errors: `CopyRefused`. */
function parseList(list: Uint8Array): ExtendedCopyLid1List {
  if (list.length < HEAD_BYTES) illegal(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  let parsed: ExtendedCopyLid1List;
  try {
    parsed = extendedCopyLid1List.decode(list);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return illegal(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  }
  const { cscdListLengthBytes, segmentListLengthBytes, inlineDataLengthBytes } = parsed;
  const usage = parsed.listIdUsage;
  if (
    usage !== ListIdUsage.HOLD &&
    usage !== ListIdUsage.NO_HOLD &&
    usage !== ListIdUsage.NO_LIST_ID
  )
    refuse(invalidFieldInParameterList(1, 4));
  if (usage === ListIdUsage.NO_LIST_ID && parsed.listIdentifier !== 0)
    refuse(invalidFieldInParameterList(0));
  if (inlineDataLengthBytes > 0) illegal(SenseCode.INLINE_DATA_LENGTH_EXCEEDED);
  if (cscdListLengthBytes + segmentListLengthBytes > DESCRIPTORS_BYTES_MAX)
    illegal(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  if (parsed.cscds.length > CSCDS_MAX) illegal(SenseCode.TOO_MANY_TARGET_DESCRIPTORS);
  if (parsed.segments.length > SEGMENTS_MAX) illegal(SenseCode.TOO_MANY_SEGMENT_DESCRIPTORS);
  return parsed;
}

/**
 * The descriptor, where it names a logical unit in a way that is known here. LU ID TYPE means nothing in it.
 * Errors: `CopyRefused`.
 */
function identificationOf(cscd: CscdDescriptor): Identification {
  const isKnown =
    cscd.kind === 'identification descriptor' &&
    cscd.peripheralDeviceType === PeripheralDeviceType.DIRECT_ACCESS_BLOCK &&
    cscd.nul === 0;
  return isKnown ? cscd : illegal(SenseCode.UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE);
}

/** The unit that a descriptor names, among those that the initiator sees. Errors: `CopyRefused`. */
function unitOf(
  { target, task }: Invocation,
  { designator, designatorLengthBytes, designatorType, diskBlockLengthBytes }: Identification,
): LogicalUnit {
  if (designatorType !== DesignatorType.NAA || designatorLengthBytes !== NAA_BYTES)
    return aborted(SenseCode.COPY_TARGET_DEVICE_NOT_REACHABLE);
  if (diskBlockLengthBytes !== 0 && diskBlockLengthBytes !== BLOCK_BYTES)
    return aborted(SenseCode.INCORRECT_COPY_TARGET_DEVICE_TYPE);
  for (const lu of target.masks.viewAt(task.nexus.pair).values())
    if (lu.luId.every((byte, i) => byte === designator[i])) return lu;
  return aborted(SenseCode.COPY_TARGET_DEVICE_NOT_REACHABLE);
}

/** Why an end may not be read or written by this initiator now. Errors: `CopyRefused`. */
function checkEnd({ target, task }: Invocation, lu: LogicalUnit, use: 'read' | 'write'): void {
  const port = target.ports[task.nexus.targetPortIndex]!;
  const isBarred =
    lu.reservations.conflicts(task.nexus, use, false) ||
    lu.access.refusal(port.relativeId, 'active') !== undefined ||
    !lu.started ||
    (use === 'write' && lu.mode.softwareWriteProtect);
  if (isBarred) aborted(SenseCode.THIRD_PARTY_DEVICE_FAILURE);
}

/** A segment as it is carried out. */
interface Segment {
  readonly source: LogicalUnit;
  readonly destination: LogicalUnit;
  readonly blocks: number;
  readonly sourceLba: number;
  readonly destinationLba: number;
}

function segmentOf(given: SegmentDescriptor, units: readonly LogicalUnit[]): Segment {
  if (given.kind !== 'block to block')
    return illegal(SenseCode.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
  const { destinationCscd, numberOfBlocks: blocks, sourceCscd }: BlockToBlock = given;
  if (given.descriptorLengthBytes !== BLOCK_TO_BLOCK_BYTES - 4)
    return illegal(SenseCode.INVALID_FIELD_IN_PARAMETER_LIST);
  const [source, destination] = [units[sourceCscd], units[destinationCscd]];
  if (source === undefined || destination === undefined)
    return aborted(SenseCode.COPY_TARGET_DEVICE_NOT_REACHABLE);
  return {
    source,
    destination,
    blocks,
    sourceLba: Number(given.sourceLba),
    destinationLba: Number(given.destinationLba),
  };
}

function checkBlocks({ medium }: LogicalUnit, lba: number, blocks: number): void {
  if (lba + blocks > medium.blocks) aborted(SenseCode.NO_ADDITIONAL_SENSE_INFORMATION);
}

/** All of a segment is read before any of it is written: its ends may overlap. */
function copySegment(invocation: Invocation, segment: Segment): void {
  const { source, destination, blocks, sourceLba, destinationLba } = segment;
  checkEnd(invocation, source, 'read');
  checkEnd(invocation, destination, 'write');
  checkBlocks(source, sourceLba, blocks);
  checkBlocks(destination, destinationLba, blocks);
  if (blocks === 0) return;
  const whole = source.medium.read(sourceLba, blocks);
  writeBlocks({ ...invocation, lu: destination }, 'write', destinationLba, whole, 0);
}

function remember(nexus: Nexus, listIdentifier: number, result: CopyResult): void {
  nexus.copies.delete(listIdentifier);
  nexus.copies.set(listIdentifier, result);
  if (nexus.copies.size > RESULTS_MAX) nexus.copies.delete(nexus.copies.keys().next().value!);
}

function runCopy(invocation: Invocation): Reply {
  const { dataOut, task } = invocation;
  if (dataOut.length === 0) return GOOD;
  let segmentsProcessed = 0;
  let bytes = 0;
  let list: ExtendedCopyLid1List | undefined;
  const ended = (status: number): void => {
    if (list === undefined || list.listIdUsage !== ListIdUsage.HOLD) return;
    remember(task.nexus, list.listIdentifier, { status, segmentsProcessed, bytes });
  };
  try {
    list = parseList(dataOut);
    const named = list.cscds.map(identificationOf);
    for (const { kind } of list.segments)
      if (kind !== 'block to block') illegal(SenseCode.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
    const units = named.map((one) => unitOf(invocation, one));
    for (const segment of list.segments.map((one) => segmentOf(one, units))) {
      copySegment(invocation, segment);
      segmentsProcessed++;
      bytes += segment.blocks * BLOCK_BYTES;
    }
  } catch (error) {
    if (!(error instanceof CopyRefused)) throw error;
    ended(CopyStatus.COMPLETED_WITH_ERRORS);
    return error.reply;
  }
  ended(CopyStatus.COMPLETED);
  return GOOD;
}

function status(
  { task }: Invocation,
  cdb: { listIdentifier: number; allocationLengthBytes: number },
) {
  const result = task.nexus.copies.get(cdb.listIdentifier);
  if (result === undefined) return invalidFieldInCdb(2);
  const { bytes, segmentsProcessed, status: copyCommandStatus } = result;
  // What was told is told once.
  task.nexus.copies.delete(cdb.listIdentifier);
  return data(
    receiveCopyStatusLid1Data.encode({
      copyCommandStatus,
      segmentsProcessed,
      transferCount: bytes,
    }),
    cdb.allocationLengthBytes,
  );
}

/** Descriptors that a copy may have. */
export const COPY_DESCRIPTORS = [
  SegmentType.BLOCK_TO_BLOCK,
  CscdType.IDENTIFICATION_DESCRIPTOR,
] as const;

const OPERATING_PARAMETERS = receiveCopyOperatingParametersData.encode({
  snlid: 1,
  maximumCscdDescriptorCount: CSCDS_MAX,
  maximumSegmentDescriptorCount: SEGMENTS_MAX,
  maximumDescriptorListLengthBytes: DESCRIPTORS_BYTES_MAX,
  maximumSegmentLengthBytes: SEGMENT_BLOCKS_MAX * BLOCK_BYTES,
  maximumInlineDataLengthBytes: 0,
  heldDataLimitBytes: 0,
  maximumStreamTransferSizeBytes: 0,
  totalConcurrentCopies: 1,
  maximumConcurrentCopies: 1,
  dataSegmentGranularityLog2: 9,
  inlineDataGranularityLog2: 0,
  heldDataGranularityLog2: 0,
  implementedDescriptors: [...COPY_DESCRIPTORS],
});

/** Third-party copies. */
export const copyCommands: readonly Command[] = [
  command(cdbs['EXTENDED COPY(LID1)'], {
    reservation: 'allowed',
    dataOutBytes: (cdb) => cdb.parameterListLengthBytes,
    run: runCopy,
  }),
  command(cdbs['RECEIVE COPY STATUS(LID1)'], {
    reservation: 'allowed',
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: status,
  }),
  command(cdbs['RECEIVE COPY OPERATING PARAMETERS'], {
    reservation: 'allowed',
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: (_invocation, cdb) => data(OPERATING_PARAMETERS, cdb.allocationLengthBytes),
  }),
];
