import { describe, expect, test } from 'vitest';
import {
  allCommandsData,
  type CdbInput,
  cdb,
  extendedCopyLid1List,
  getLbaStatusData,
  logPage,
  lunField,
  modeParameters6,
  modeParameters10,
  oneCommandData,
  persistentReserveOutList,
  readCapacity10Data,
  readCapacity16Data,
  readKeysData,
  readReservationData,
  receiveCopyOperatingParametersData,
  reportLunsData,
  standardInquiry,
  unmapList,
  vpd,
} from '../../../../src/codecs/scsi/index.ts';
import { hasTshark } from '../../../helpers/shared-captures.ts';
import { isNumber, tsharkScsi } from '../../../helpers/tshark-scsi.ts';

type Cells = number | bigint | string | readonly (number | bigint | string)[];
interface Row {
  readonly title: string;
  readonly command: CdbInput;
  readonly dataIn?: Uint8Array;
  readonly dataOut?: Uint8Array;
  readonly expected: Readonly<Record<string, Cells>>;
}

const KEY = 0x1122_3344_5566_7788n;
const LBA64 = 0x1234_5678_9abc_def0n;
const octets = (...list: number[]) => Uint8Array.from(list);
const vpdCommand = (pageCode: number): CdbInput => ({
  kind: 'INQUIRY',
  evpd: 1,
  pageCode,
  allocationLengthBytes: 255,
});
const reserveIn = (serviceAction: number): CdbInput => ({
  kind: 'PERSISTENT RESERVE IN',
  serviceAction,
  allocationLengthBytes: 64,
});
const modeSense: CdbInput = { kind: 'MODE SENSE(10)', pageCode: 0x3f, allocationLengthBytes: 255 };

const rows: readonly Row[] = [
  {
    title: 'standard INQUIRY data',
    command: { kind: 'INQUIRY', allocationLengthBytes: 255 },
    dataIn: standardInquiry.encode({
      rmb: 1,
      version: 5,
      normaca: 1,
      hisup: 0,
      sccs: 1,
      tpgs: 2,
      threePc: 1,
      protect: 0,
      encserv: 0,
      multip: 1,
      t10VendorIdentification: 'SANMOTN',
      productIdentification: 'DISK',
      productRevisionLevel: '0001',
      versionDescriptors: [0xa0, 0x0a00],
    }),
    expected: {
      'scsi.inquiry.removable': 1,
      'scsi.inquiry.version': 5,
      'scsi.inquiry.normaca': 1,
      'scsi.inquiry.hisup': 0,
      'scsi.inquiry.rdf': 2,
      'scsi.inquiry.add_len': 36 + 20 + 2 + 4 - 5,
      'scsi.inquiry.sccs': 1,
      'scsi.inquiry.tpgs': 2,
      'scsi.inquiry.tpc': 1,
      'scsi.inquiry.protect': 0,
      'scsi.inquiry.multip': 1,
      'scsi.inquiry.cmdque': 1,
      'scsi.inquiry.vendor_id': 'SANMOTN ',
      'scsi.inquiry.product_rev': '0001',
      'scsi.inquiry.version_desc': [0xa0, 0x0a00],
    },
  },
  {
    title: 'REPORT LUNS data',
    command: { kind: 'REPORT LUNS', allocationLengthBytes: 64 },
    dataIn: reportLunsData.encode({ luns: [lunField(0), lunField(5), lunField(300)] }),
    expected: {
      'scsi.reportluns.lun_list_length': 24,
      // The first is the LUN that the command goes to.
      'scsi.lun.address_mode': [0, 0, 0, 1],
    },
  },
  {
    title: 'READ CAPACITY(10) data',
    command: { kind: 'READ CAPACITY(10)' },
    dataIn: readCapacity10Data.encode({ lastLba: 0x1234_5678, blockLengthBytes: 4096 }),
    expected: { 'scsi_sbc.returned_lba': 0x1234_5678, 'scsi_sbc.blocksize': 4096 },
  },
  {
    title: 'READ CAPACITY(16) data',
    command: { kind: 'READ CAPACITY(16)', allocationLengthBytes: 32 },
    dataIn: readCapacity16Data.encode({
      lastLba: LBA64,
      blockLengthBytes: 4096,
      pType: 5,
      protEn: 1,
      pIExponent: 3,
      logicalBlocksPerPhysicalBlockExponent: 4,
      lbpme: 1,
      lbprz: 0,
      lowestAlignedLba: 0x1234,
    }),
    expected: {
      'scsi_sbc.lba64_add': LBA64,
      'scsi_sbc.blocksize': 4096,
      'scsi_sbc.ptype': 5,
      'scsi_sbc.prot_en': 1,
      'scsi_sbc.p_i_exponent': 3,
      'scsi_sbc.lbppbe': 4,
      'scsi_sbc.lbpme': 1,
      'scsi_sbc.lbprz': 0,
      'scsi_sbc.lalba': 0x1234,
    },
  },
  {
    title: 'GET LBA STATUS data',
    command: { kind: 'GET LBA STATUS(16)', startingLba: 9n, allocationLengthBytes: 64 },
    dataIn: getLbaStatusData.encode({
      descriptors: [
        { lba: 5n, numberOfBlocks: 6, provisioningStatus: 2 },
        { lba: LBA64, numberOfBlocks: 0x789a, provisioningStatus: 1 },
      ],
    }),
    expected: {
      'scsi_sbc.get_lba_status.data_length': 36,
      'scsi_sbc.get_lba_status.start_lba': [9, 5, LBA64],
      'scsi_sbc.get_lba_status.num_blocks': [6, 0x789a],
      'scsi_sbc.get_lba_status.provisioning_type': [2, 1],
    },
  },
  {
    title: 'UNMAP parameter list',
    command: { kind: 'UNMAP', parameterListLengthBytes: 40 },
    dataOut: unmapList.encode({
      ranges: [
        { lba: LBA64, numberOfBlocks: 7 },
        { lba: 9n, numberOfBlocks: 0x9abc_def0 },
      ],
    }),
    expected: {
      'scsi_sbc.unmap.data_length': 38,
      'scsi_sbc.unmap.block_descriptor_data_length': 32,
      'scsi_sbc.unmap.lba': [LBA64, 9],
      'scsi_sbc.unmap.num_blocks': [7, 0x9abc_def0],
    },
  },
  {
    title: 'mode parameters (6): block descriptor, caching page',
    command: { kind: 'MODE SENSE(6)', pageCode: 8, allocationLengthBytes: 255 },
    dataIn: modeParameters6.encode({
      deviceSpecificParameter: 0x90,
      blockDescriptors: [{ numberOfBlocks: 0x12_3456, blockLengthBytes: 512 }],
      pages: [
        {
          kind: 'caching',
          ic: 1,
          wce: 1,
          rcd: 0,
          dra: 1,
          demandReadRetentionPriority: 3,
          writeRetentionPriority: 4,
          disablePrefetchTransferLengthBlocks: 0x55,
          minimumPrefetchBlocks: 0x66,
          maximumPrefetchBlocks: 0x77,
          maximumPrefetchCeilingBlocks: 0x88,
          numberOfCacheSegments: 9,
          cacheSegmentSize: 0x99,
        },
      ],
    }),
    expected: {
      'scsi.cdb.mode.mode_data_length': 31,
      'scsi.cdb.mode.device_specific_parameter': 0x90,
      'scsi.blockdescs.no_of_blocks': 0x12_3456,
      'scsi.blockdescs.block_length': 512,
      'scsi.spc.modepage.plen': 18,
      'scsi.sbc.modepage.ic': 1,
      'scsi.sbc.modepage.wce': 1,
      'scsi.sbc.modepage.rcd': 0,
      'scsi.sbc.modepage.dra': 1,
      'scsi.sbc.modepage.demand_read_retention_priority': 3,
      'scsi.sbc.modepage.write_retention_priority': 4,
      'scsi.sbc.modepage.disable_pre_fetch_xfer_len': 0x55,
      'scsi.sbc.modepage.minimum_pre_fetch': 0x66,
      'scsi.sbc.modepage.maximum_pre_fetch': 0x77,
      'scsi.sbc.modepage.maximum_pre_fetch_ceiling': 0x88,
      'scsi.sbc.modepage.number_of_cache_segments': 9,
      'scsi.sbc.modepage.cache_segment_size': 0x99,
    },
  },
  {
    title: 'control mode page',
    command: modeSense,
    dataIn: modeParameters10.encode({
      pages: [
        {
          kind: 'control',
          tst: 1,
          gltsd: 1,
          rlec: 0,
          queueAlgorithmModifier: 1,
          rac: 1,
          swp: 0,
          autoloadMode: 2,
          extendedSelfTestCompletionTimeSeconds: 0x3344,
        },
      ],
    }),
    expected: {
      'scsi.cdb.mode.mode_data_length': 18,
      'scsi.mode.tst': 1,
      'scsi.spc.modepage.gltsd': 1,
      'scsi.spc.modepage.report_log_exception_condition': 0,
      'scsi.mode.qmod': 1,
      'scsi.mode.rac': 1,
      'scsi.spc.modepage.swp': 0,
      'scsi.spc.modepage.autoload_mode': 2,
      'scsi.spc.modepage.extended_self_test_completion_time': 0x3344,
    },
  },
  {
    title: 'disconnect-reconnect mode page (tshark shows bursts in bytes)',
    command: modeSense,
    dataIn: modeParameters10.encode({
      pages: [
        {
          kind: 'disconnect-reconnect',
          bufferFullRatio: 1,
          bufferEmptyRatio: 2,
          busInactivityLimit: 3,
          disconnectTimeLimit: 4,
          connectTimeLimit: 5,
          maximumBurstSize: 6,
          emdp: 1,
          fairArbitration: 5,
          firstBurstSize: 7,
        },
      ],
    }),
    expected: {
      'scsi.spc.modepage.buffer_full_ratio': 1,
      'scsi.spc.modepage.buffer_empty_ratio': 2,
      'scsi.spc.modepage.bus_inactivity_limit': 3,
      'scsi.spc.modepage.disconnect_time_limit': 4,
      'scsi.spc.modepage.connect_time_limit': 5,
      'scsi.spc.modepage.maximum_burst_size': 6 * 512,
      'scsi.spc.modepage.emdp': 1,
      'scsi.spc.modepage.faa': 1,
      'scsi.spc.modepage.fab': 0,
      'scsi.spc.modepage.fac': 1,
      'scsi.spc.modepage.first_burst_size': 7 * 512,
    },
  },
  {
    title: 'informational exceptions and read-write error recovery mode pages',
    command: modeSense,
    dataIn: modeParameters10.encode({
      pages: [
        {
          kind: 'informational exceptions control',
          perf: 1,
          ebf: 0,
          ewasc: 1,
          dexcpt: 0,
          test: 1,
          logerr: 1,
          mrie: 6,
          intervalTimer100Ms: 0x1122_3344,
          reportCount: 0x5566_7788,
        },
        {
          kind: 'read-write error recovery',
          awre: 1,
          arre: 0,
          tb: 1,
          rc: 0,
          eer: 1,
          per: 0,
          dte: 1,
          dcr: 0,
          readRetryCount: 8,
          writeRetryCount: 9,
          recoveryTimeLimitMs: 0x1234,
        },
      ],
    }),
    expected: {
      'scsi.spc.modepage.perf': 1,
      'scsi.spc.modepage.ebf': 0,
      'scsi.spc.modepage.ewasc': 1,
      'scsi.spc.modepage.dexcpt': 0,
      'scsi.spc.modepage.test': 1,
      'scsi.spc.modepage.logerr': 1,
      'scsi.mode.mrie': 6,
      'scsi.spc.modepage.interval_timer': 0x1122_3344,
      'scsi.spc.modepage.report_count': 0x5566_7788,
      'scsi.sbc.modepage.awre': 1,
      'scsi.sbc.modepage.arre': 0,
      'scsi.sbc.modepage.tb': 1,
      'scsi.sbc.modepage.rc': 0,
      'scsi.sbc.modepage.eer': 1,
      'scsi.sbc.modepage.per': 0,
      'scsi.sbc.modepage.dte': 1,
      'scsi.sbc.modepage.dcr': 0,
      'scsi.sbc.modepage.read_retry_count': 8,
      'scsi.sbc.modepage.write_retry_count': 9,
      'scsi.sbc.modepage.recovery_time_limit': 0x1234,
    },
  },
  {
    title: 'Fibre Channel port control and power condition mode pages',
    command: modeSense,
    dataIn: modeParameters10.encode({
      pages: [
        { kind: 'FC port', plpb: 1, dlm: 1, alwi: 1, dtoli: 1, rrTovUnits: 3, rrTov: 20 },
        { kind: 'power condition', standbyZ: 1, idleATimer100Ms: 0x11, standbyZTimer100Ms: 0x22 },
      ],
    }),
    expected: {
      'scsi.proto': 0,
      'scsi.spc.modepage.dtfd': 0,
      'scsi.spc.modepage.plpb': 1,
      'scsi.spc.modepage.ddis': 0,
      'scsi.spc.modepage.dlm': 1,
      'scsi.spc.modepage.rha': 0,
      'scsi.spc.modepage.alwi': 1,
      'scsi.spc.modepage.dtipe': 0,
      'scsi.spc.modepage.dtoli': 1,
      'scsi.spc.modepage.rr_tov_units': 3,
      'scsi.spc.modepage.rr_tov': 20,
      'scsi.spc.modepage.idle': 0,
      'scsi.spc.modepage.standby': 1,
    },
  },
  {
    title: 'log page',
    command: { kind: 'LOG SENSE', pageCode: 0x0d, allocationLengthBytes: 255 },
    dataIn: logPage.encode({
      kind: 'log page',
      pageCode: 0x0d,
      parameters: [
        { parameterCode: 0x0102, du: 1, formatAndLinking: 3, parameterValue: octets(0, 30) },
      ],
    }),
    expected: {
      'scsi.log.page_length': 6,
      'scsi.log.parameter_code': 0x0102,
      'scsi.log.pf.du': 1,
      'scsi.log.pf.tsd': 0,
      'scsi.log.pf.lbin': 1,
      'scsi.log.pf.lp': 1,
      'scsi.log.param_len': 2,
      'scsi.log.param_data': '001e',
    },
  },
  {
    title: 'READ KEYS data',
    command: reserveIn(0),
    dataIn: readKeysData.encode({ prgeneration: 7, keys: [KEY, 5n] }),
    expected: {
      'scsi.persresvin.generation_number': 7,
      'scsi.persresvin.additional_length': 16,
      'scsi.spc.resv.key': [KEY, 5],
    },
  },
  {
    title: 'READ RESERVATION data',
    command: reserveIn(1),
    dataIn: readReservationData.encode({
      prgeneration: 8,
      reservations: [{ reservationKey: KEY, type: 5 }],
    }),
    expected: {
      'scsi.persresvin.generation_number': 8,
      'scsi.persresvin.additional_length': 16,
      'scsi.spc.resv.key': KEY,
      'scsi.persresv.scope': 0,
      'scsi.persresv.type': 5,
    },
  },
  {
    title: 'PERSISTENT RESERVE OUT parameter list',
    command: {
      kind: 'PERSISTENT RESERVE OUT',
      serviceAction: 0,
      parameterListLengthBytes: 24,
    },
    dataOut: persistentReserveOutList.encode({
      reservationKey: KEY,
      serviceActionReservationKey: 0x99aan,
      allTgPt: 1,
      aptpl: 0,
    }),
    expected: {
      'scsi.persresv.reskey': KEY,
      'scsi.persresv.sareskey': 0x99aa,
      'scsi.persresv.control.spec_i_pt': 0,
      'scsi.persresv.control.all_tg_pt': 1,
      'scsi.persresv.control.aptpl': 0,
    },
  },
  {
    title: 'REPORT SUPPORTED OPERATION CODES data, all commands',
    command: { kind: 'REPORT SUPPORTED OPERATION CODES', allocationLengthBytes: 255 },
    dataIn: allCommandsData.encode({
      commands: [
        {
          operationCode: 0x88,
          cdbLengthBytes: 16,
          ctdp: 1,
          timeouts: {
            nominalCommandProcessingTimeoutSeconds: 0x1234,
            recommendedCommandTimeoutSeconds: 0x5678,
          },
        },
      ],
    }),
    expected: {
      'scsi.report_opcodes.command_data_length': 20,
      'scsi.report_opcodes.ctdp': 1,
      'scsi.report_opcodes.servactv': 0,
      'scsi.report_opcodes.cdb_length': 16,
      'scsi.report_opcodes.timeout_descriptor_length': 10,
      'scsi.report_opcodes.ncpt': 0x1234,
      'scsi.report_opcodes.rct': 0x5678,
    },
  },
  {
    title: 'REPORT SUPPORTED OPERATION CODES data, one command',
    command: {
      kind: 'REPORT SUPPORTED OPERATION CODES',
      reportingOptions: 1,
      requestedOperationCode: 0x12,
      allocationLengthBytes: 255,
    },
    dataIn: oneCommandData.encode({
      support: 3,
      cdbUsageData: octets(0x12, 1, 0xff, 0xff, 0xff, 7),
    }),
    expected: {
      'scsi.report_opcodes_one.ctdp': 0,
      'scsi.report_opcodes.support': 3,
      'scsi.report_opcodes.cdb_length': 6,
      'scsi.report_opcodes.cdb_usage_data': '1201ffffff07',
    },
  },
  {
    title: 'EXTENDED COPY(LID1) parameter list',
    command: { kind: 'EXTENDED COPY(LID1)', parameterListLengthBytes: 108 },
    dataOut: extendedCopyLid1List.encode({
      listIdentifier: 7,
      str: 1,
      listIdUsage: 2,
      priority: 5,
      cscds: [
        {
          kind: 'identification descriptor',
          designatorType: 3,
          designatorLengthBytes: 16,
          designator: new Uint8Array(20).fill(0x60),
          diskBlockLengthBytes: 512,
        },
        {
          kind: 'identification descriptor',
          association: 1,
          designatorType: 3,
          designatorLengthBytes: 8,
          designator: new Uint8Array(20).fill(0x50),
          diskBlockLengthBytes: 4096,
        },
      ],
      segments: [
        {
          kind: 'block to block',
          dc: 1,
          sourceCscd: 0,
          destinationCscd: 1,
          numberOfBlocks: 0x1234,
          sourceLba: 0x11_2233_4455n,
          destinationLba: 0x66_7788_99aan,
        },
      ],
    }),
    expected: {
      'scsi.extcopy.list_id': 7,
      'scsi.extcopy.xcopy_param_str': 1,
      'scsi.extcopy.xcopy_param_list_id_usage': 2,
      'scsi.extcopy.xcopy_param_priority': 5,
      'scsi.extcopy.cscd_list_len': 64,
      'scsi.extcopy.seg_desc_list_len': 28,
      'scsi.cscd_desc_type_code': [0xe4, 0xe4],
      'scsi.extcopy.cscd_code_set': [1, 1],
      'scsi.extcopy.cscd_assoc': [0, 1],
      'scsi.extcopy.cscd_des_type': [3, 3],
      'scsi.extcopy.cscd_des_len': [16, 8],
      'scsi.extcopy.disk_block_len': [512, 4096],
      'scsi.extcopy.seg_desc_type': 2,
      'scsi.extcopy.seg_desc_dc': 1,
      'scsi.extcopy.seg_desc_cat': 0,
      'scsi.segment_descriptor_length': 24,
      'scsi.extcopy.seg_desc_src_id': 0,
      'scsi.extcopy.seg_desc_dest_id': 1,
      'scsi.extcopy.seg_desc_num_of_blocks': 0x1234,
      'scsi.extcopy.source_lba': 0x11_2233_4455n,
      'scsi.extcopy.dest_lba': 0x66_7788_99aan,
    },
  },
  {
    title: 'RECEIVE COPY OPERATING PARAMETERS data',
    command: { kind: 'RECEIVE COPY OPERATING PARAMETERS', allocationLengthBytes: 128 },
    dataIn: receiveCopyOperatingParametersData.encode({
      snlid: 1,
      maximumCscdDescriptorCount: 2,
      maximumSegmentDescriptorCount: 3,
      maximumDescriptorListLengthBytes: 0x400,
      maximumSegmentLengthBytes: 0x500,
      maximumInlineDataLengthBytes: 0x600,
      heldDataLimitBytes: 0x700,
      maximumStreamTransferSizeBytes: 0x800,
      totalConcurrentCopies: 9,
      maximumConcurrentCopies: 10,
      dataSegmentGranularityLog2: 11,
      inlineDataGranularityLog2: 12,
      heldDataGranularityLog2: 13,
      implementedDescriptors: [0x02, 0xe4],
    }),
    expected: {
      'scsi.recv_copy.avail_data': 42,
      'scsi.recv_copy.snlid': 1,
      'scsi.recv_copy.max_cscd_desc_count': 2,
      'scsi.recv_copy.max_seg_desc_count': 3,
      'scsi.recv_copy.max_desc_list_len': 0x400,
      'scsi.recv_copy.max_seg_len': 0x500,
      'scsi.recv_copy.max_inline_data_len': 0x600,
      'scsi.recv_copy.max_held_data_limit': 0x700,
      'scsi.recv_copy.max_stream_dev_trans_size': 0x800,
      'scsi.recv_copy.total_con_copies': 9,
      'scsi.recv_copy.max_con_copies': 10,
      'scsi.recv_copy.data_seg_gran': 11,
      'scsi.recv_copy.inline_data_gran': 12,
      'scsi.recv_copy.held_data_gran': 13,
      'scsi.recv_copy.implemented_desc_list_len': 2,
      'scsi.cscd_desc_type_code': [0x02, 0xe4],
    },
  },
  {
    title: 'VPD pages 00 and 80',
    command: vpdCommand(0),
    dataIn: vpd.encode({ kind: 'supported VPD pages', pages: [0, 0x80, 0x83, 0xb0] }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 4,
      'scsi.inquiry.evpd.supported_page': [0, 0x80, 0x83, 0xb0],
    },
  },
  {
    title: 'VPD page 80',
    command: vpdCommand(0x80),
    dataIn: vpd.encode({ kind: 'unit serial number', productSerialNumber: 'SERIAL01' }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 8,
      'scsi.inquiry.evpd.product_serial_number': 'SERIAL01',
    },
  },
  {
    title: 'VPD page 83',
    command: vpdCommand(0x83),
    dataIn: vpd.encode({
      kind: 'device identification',
      designators: [
        {
          kind: 'NAA',
          identifier: octets(0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        },
        {
          kind: 'T10 vendor ID',
          t10VendorIdentification: 'SANMOTN',
          vendorSpecificIdentifier: 'abc',
        },
        { kind: 'EUI-64', identifier: octets(1, 2, 3, 4, 5, 6, 7, 8) },
        { kind: 'relative target port', association: 1, relativeTargetPort: 0x1234 },
        { kind: 'target port group', association: 1, targetPortGroup: 0x5678 },
        { kind: 'SCSI name string', association: 2, scsiNameString: 'naa.1\0\0\0' },
      ],
    }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 20 + 15 + 12 + 8 + 8 + 12,
      'scsi.inquiry.evpd.devid.code_set': [1, 2, 1, 1, 1, 3],
      'scsi.inquiry.evpd.devid.association': [0, 0, 0, 1, 1, 2],
      'scsi.inquiry.evpd.devid.identifier_type': [3, 1, 2, 4, 5, 8],
      'scsi.inquiry.evpd.devid.identifier_length': [16, 11, 8, 4, 4, 8],
      'scsi.naa.type': 6,
      'scsi.inquiry.vendor_id': 'SANMOTN ',
      'scsi.inquiry.evpd.devid.identifier_bytes': [
        '0102030405060708',
        '00001234',
        '00005678',
        '6e61612e31000000',
      ],
    },
  },
  {
    title: 'VPD page B0',
    command: vpdCommand(0xb0),
    dataIn: vpd.encode({
      kind: 'block limits',
      wsnz: 1,
      maximumCompareAndWriteLengthBlocks: 2,
      optimalTransferLengthGranularityBlocks: 3,
      maximumTransferLengthBlocks: 4,
      optimalTransferLengthBlocks: 5,
      maximumPrefetchLengthBlocks: 6,
      maximumUnmapLbaCount: 7,
      maximumUnmapBlockDescriptorCount: 8,
      optimalUnmapGranularityBlocks: 9,
      unmapGranularityAlignment: 0x8000_000a,
      maximumWriteSameLengthBlocks: 11n,
      maximumAtomicTransferLengthBlocks: 12,
      atomicAlignmentBlocks: 13,
      atomicTransferLengthGranularityBlocks: 14,
    }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 60,
      'scsi_sbc.bl.wsnz': 1,
      'scsi_sbc.bl.mcawl': 2,
      'scsi_sbc.bl.otlg': 3,
      'scsi_sbc.bl.mtl': 4,
      'scsi_sbc.bl.otl': 5,
      'scsi_sbc.bl.mpl': 6,
      'scsi_sbc.bl.mulc': 7,
      'scsi_sbc.bl.mubdc': 8,
      'scsi_sbc.bl.oug': 9,
      'scsi_sbc.bl.ugavalid': 1,
      'scsi_sbc.bl.uga': 10,
      'scsi_sbc.bl.mwsl': 11,
      'scsi_sbc.bl.matl': 12,
      'scsi_sbc.bl.aa': 13,
      'scsi_sbc.bl.atlg': 14,
    },
  },
  {
    title: 'VPD page B1',
    command: vpdCommand(0xb1),
    dataIn: vpd.encode({
      kind: 'block device characteristics',
      mediumRotationRate: 7200,
      productType: 1,
      wabereq: 1,
      wacereq: 2,
      nominalFormFactor: 3,
      fuab: 1,
      vbuls: 0,
    }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 60,
      'scsi.inquiry.bdc.mrr': 7200,
      'scsi.inquiry.bdc.pt': 1,
      'scsi.inquiry.bdc.wabereq': 1,
      'scsi.inquiry.bdc.wacereq': 2,
      'scsi.inquiry.bdc.nff': 3,
      'scsi.inquiry.bdc.fuab': 1,
      'scsi.inquiry.bdc.vbuls': 0,
    },
  },
  {
    title: 'VPD page B2',
    command: vpdCommand(0xb2),
    dataIn: vpd.encode({
      kind: 'logical block provisioning',
      thresholdExponent: 5,
      lbpu: 1,
      lbpws: 0,
      lbpws10: 1,
      lbprz: 1,
      ancSup: 0,
      provisioningType: 2,
    }),
    expected: {
      'scsi.inquiry.evpd.pagelength': 4,
      'scsi_sbc.threshold_exponent': 5,
      'scsi_sbc.lbpu': 1,
      'scsi_sbc.lbpws': 0,
      'scsi_sbc.lbpws10': 1,
      'scsi_sbc.lbprz': 1,
      'scsi_sbc.anc_sup': 0,
      'scsi_sbc.ptype': 2,
    },
  },
];

/** The title alone is what vitest prints. */
const titled = rows.map((row, i) => [row.title, i, row.expected] as const);

describe.skipIf(!hasTshark)('data as tshark reads it (skipped without tshark)', () => {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.expected)))];
  const read = hasTshark
    ? tsharkScsi(
        rows.map(({ command, dataIn, dataOut }) => ({
          cdb: cdb.encode(command),
          ...(dataIn === undefined ? {} : { dataIn }),
          ...(dataOut === undefined ? {} : { dataOut }),
        })),
        fields,
      )
    : [];

  test.each(titled)('%s', (_title, i, expected) => {
    for (const [field, wanted] of Object.entries(expected)) {
      const cells = read[i]?.get(field) ?? [];
      const list = Array.isArray(wanted)
        ? (wanted as readonly (string | number | bigint)[])
        : [wanted];
      expect(cells, field).toHaveLength(list.length);
      list.forEach((one, k) => {
        const same =
          typeof one === 'string' ? cells[k] === one : isNumber(cells[k], one as number | bigint);
        expect(same, `${field}: ${cells[k]}, not ${one}`).toBe(true);
      });
    }
  });
});
