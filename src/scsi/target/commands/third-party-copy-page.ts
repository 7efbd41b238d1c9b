/** The Third-party Copy VPD page of a device: which copies it makes, and how large. Source: SPC-5, SBC-4. */
import {
  Opcode,
  RodType,
  ThirdPartyCopyIn,
  ThirdPartyCopyOut,
  VpdPage,
  vpd,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { TOKEN_BLOCKS_MAX } from '../rod-tokens.ts';
import {
  COPY_DESCRIPTORS,
  CSCDS_MAX,
  DESCRIPTORS_BYTES_MAX,
  SEGMENT_BLOCKS_MAX,
  SEGMENTS_MAX,
} from './copy.ts';
import { TOKEN_RANGES_MAX } from './tokens.ts';

/** Binary logarithm of a block's bytes. */
const BLOCK_LOG2 = 9;

const COMMANDS = [
  {
    supportedOperationCode: Opcode['THIRD-PARTY COPY OUT'],
    serviceActions: [
      ThirdPartyCopyOut['EXTENDED COPY(LID1)'],
      ThirdPartyCopyOut['POPULATE TOKEN'],
      ThirdPartyCopyOut['WRITE USING TOKEN'],
    ],
  },
  {
    supportedOperationCode: Opcode['THIRD-PARTY COPY IN'],
    serviceActions: [
      ThirdPartyCopyIn['RECEIVE COPY STATUS(LID1)'],
      ThirdPartyCopyIn['RECEIVE COPY OPERATING PARAMETERS'],
      ThirdPartyCopyIn['RECEIVE COPY STATUS(LID4)'],
      ThirdPartyCopyIn['RECEIVE ROD TOKEN INFORMATION'],
    ],
  },
];

/** The page; it is the same for every unit. */
export function thirdPartyCopyPage(): Uint8Array {
  return vpd.members[VpdPage.THIRD_PARTY_COPY].encode({
    descriptors: [
      {
        kind: 'block device ROD token limits',
        maximumRangeDescriptors: TOKEN_RANGES_MAX,
        maximumTokenTransferSizeBlocks: BigInt(TOKEN_BLOCKS_MAX),
        optimalTransferCountBlocks: BigInt(TOKEN_BLOCKS_MAX),
      },
      { kind: 'supported commands', commands: COMMANDS, padding: new Uint8Array(0) },
      {
        kind: 'parameter data',
        maximumCscdDescriptorCount: CSCDS_MAX,
        maximumSegmentDescriptorCount: SEGMENTS_MAX,
        maximumDescriptorListLengthBytes: DESCRIPTORS_BYTES_MAX,
        maximumInlineDataLengthBytes: 0,
        reserved2: new Uint8Array(12),
      },
      {
        kind: 'supported descriptors',
        descriptorCodes: [...COPY_DESCRIPTORS],
        padding: new Uint8Array(1),
      },
      {
        kind: 'supported ROD token and ROD types',
        rodTypes: [
          { rodType: RodType.POINT_IN_TIME_DEFAULT, tokenIn: 1, tokenOut: 1 },
          { rodType: RodType.BLOCK_DEVICE_ZERO, tokenIn: 1 },
        ],
        padding: new Uint8Array(0),
      },
      {
        kind: 'general copy operations',
        totalConcurrentCopies: 1,
        maximumIdentifiedConcurrentCopies: 1,
        maximumSegmentLengthBytes: SEGMENT_BLOCKS_MAX * BLOCK_BYTES,
        dataSegmentGranularityLog2: BLOCK_LOG2,
        inlineDataGranularityLog2: 0,
      },
    ],
  });
}
