/** Coverage of SCSI: commands, their data, sense data. */
import * as c from '../../src/codecs/index.ts';
import { thirdPartyCopyDescriptor } from '../../src/codecs/scsi/vpd-copy.ts';
import { type Family, membersOf, some, table } from './family.ts';
import { tsharkCodes } from './tshark-codes.ts';

/** Every additional sense code with a phrase, as ASC x 256 + ASCQ. */
function additionalSenseCodes(): Record<string, number> {
  const codes: Record<string, number> = {};
  for (let code = 0; code < 0x8000; code++) {
    const phrase = c.senseText(code >> 8, code & 0xff);
    if (phrase !== undefined) codes[`${phrase} (${code.toString(16)})`] = code;
  }
  return codes;
}

const opcodes = (codes: readonly number[]) => {
  const known = new Set<number>(Object.values(c.Opcode));
  return codes.filter((code) => known.has(code)).length;
};
const sbc = tsharkCodes['scsi_sbc.opcode'];

export const scsi: readonly Family[] = [
  {
    title: 'SCSI commands (SPC, SBC)',
    tables: [
      table('Opcode', c.Opcode, 'scsi_sbc.opcode'),
      table('Opcode (SPC)', c.Opcode, 'scsi.spc.opcode'),
      table('MaintenanceIn', c.MaintenanceIn, 'scsi.mpi.service_action'),
      table('MaintenanceOut', c.MaintenanceOut),
      table('ServiceActionIn16', c.ServiceActionIn16),
      table('ServiceActionOut16', c.ServiceActionOut16),
      table('ThirdPartyCopyIn', c.ThirdPartyCopyIn, 'scsi.recv_copy.service_action'),
      table('ThirdPartyCopyOut', c.ThirdPartyCopyOut),
      table('VariableLength', c.VariableLength),
      table('PersistentReserveIn', c.PersistentReserveIn, 'scsi.persresvin.svcaction'),
      table('PersistentReserveOut', c.PersistentReserveOut, 'scsi.persresvout.svcaction'),
      table('ReservationType', c.ReservationType, 'scsi.persresv.type'),
    ],
    messages: { commands: membersOf(c.cdb) },
    sources: ['T', 'C', 'D', 'V'],
    tshark: `names ${sbc.length} operation codes of block devices, ${opcodes(sbc)} of them are here; of MAINTENANCE IN it reads the report of operation codes alone, MAINTENANCE OUT (SET TARGET PORT GROUPS) not at all`,
  },
  {
    title: 'INQUIRY data and VPD pages',
    tables: [
      table('PeripheralDeviceType', c.PeripheralDeviceType, 'scsi.inquiry.devtype'),
      table('SpcVersion', c.SpcVersion),
      table('VpdPage', c.VpdPage, 'scsi.inquiry.evpd.pagecode', {
        1: 'ASCII information, obsolete',
        2: 'ASCII information, obsolete',
        3: 'ASCII information, obsolete',
        4: 'ASCII information, obsolete',
        5: 'ASCII information, obsolete',
        6: 'ASCII information, obsolete',
        7: 'ASCII information, obsolete',
      }),
      table('DesignatorType', c.DesignatorType, 'scsi.inquiry.evpd.devid.identifier_type'),
      table('ProtocolIdentifier', c.ProtocolIdentifier),
    ],
    messages: {
      data: some(c.standardInquiry),
      pages: membersOf(c.vpd, ['VPD page']),
      designators: membersOf(c.designation, ['designator']),
      'third-party copy descriptors': membersOf(thirdPartyCopyDescriptor),
    },
    sources: ['T', 'C', 'S', 'D'],
    tshark: 'reads the bodies of pages 00h, 80h, 83h, B0h, B1h and B2h',
  },
  {
    title: 'Capacity, LUNs, provisioning',
    tables: [
      table('ProvisioningStatus', c.ProvisioningStatus),
      table('ProvisioningType', c.ProvisioningType),
      table('SelectReport', c.SelectReport),
      table('RodType', c.RodType),
    ],
    messages: {
      data: some(
        c.reportLunsData,
        c.readCapacity10Data,
        c.readCapacity16Data,
        c.getLbaStatusData,
        c.reportReferralsData,
      ),
      'parameter lists': some(c.unmapList, c.populateTokenList, c.writeUsingTokenList),
      tokens: some(c.rodToken),
    },
    sources: ['T', 'C', 'S', 'D', 'V'],
    tshark: 'the same for capacity, LUNs, UNMAP and LBA status; no referrals and no tokens',
  },
  {
    title: 'Mode pages',
    tables: [
      table('ModePageCode', c.ModePageCode, 'scsi.mode.spc.pagecode'),
      table('ModePageCode (SBC)', c.ModePageCode, 'scsi.mode.sbc.pagecode'),
      table('Mrie', c.Mrie),
    ],
    messages: {
      data: some(c.modeParameters6, c.modeParameters10, c.blockDescriptor, c.longBlockDescriptor),
      pages: membersOf(c.modePage, ['mode page', 'mode subpage']),
    },
    sources: ['T', 'C', 'V'],
    tshark: 'the same for most; no subpages',
  },
  {
    title: 'Log pages',
    tables: [table('LogPageCode', c.LogPageCode, 'scsi.log.pagecode')],
    messages: { data: [...membersOf(c.logPage), ...some(c.logParameter)] },
    sources: ['T', 'S', 'V'],
    tshark: 'the same; it also reads the parameters of some pages',
    note: 'Headers of pages and parameters; the values of parameters are bytes.',
  },
  {
    title: 'Target port groups (ALUA)',
    tables: [
      table('AccessState', c.AccessState),
      table('SupportedStates', c.SupportedStates),
      table('AccessStatus', c.AccessStatus),
    ],
    messages: {
      data: membersOf(c.targetPortGroupsData),
      'parameter lists': some(c.setTargetPortGroupsList),
    },
    sources: ['L', 'S', 'V'],
    tshark: 'does not read them',
  },
  {
    title: 'Persistent reservations',
    tables: [
      table('ReservationScope', c.ReservationScope),
      table('ReservationTypeMask', c.ReservationTypeMask),
    ],
    messages: {
      data: some(
        c.readKeysData,
        c.readReservationData,
        c.reportCapabilitiesData,
        c.readFullStatusData,
      ),
      'parameter lists': some(c.persistentReserveOutList, c.registerAndMoveList),
      TransportIDs: membersOf(c.transportId, ['TransportID']),
    },
    sources: ['T', 'L', 'S', 'V'],
    tshark: 'reads keys and the reservation; no full status and no TransportIDs',
  },
  {
    title: 'Third-party copy',
    tables: [
      table('CscdType', c.CscdType),
      table('SegmentType', c.SegmentType),
      table('CopyStatus', c.CopyStatus),
      table('CopyOperationStatus', c.CopyOperationStatus),
    ],
    messages: {
      'parameter lists': some(c.extendedCopyLid1List, c.extendedCopyLid4List),
      'CSCD descriptors': membersOf(c.cscdDescriptor, ['CSCD descriptor']),
      'segment descriptors': membersOf(c.segmentDescriptor, ['segment descriptor']),
      data: some(
        c.receiveCopyStatusLid1Data,
        c.receiveCopyDataLid1Data,
        c.receiveCopyFailureDetailsData,
        c.receiveCopyOperatingParametersData,
        c.receiveCopyStatusLid4Data,
        c.receiveRodTokenInformationData,
      ),
    },
    sources: ['T', 'S', 'D', 'V'],
    tshark: 'reads EXTENDED COPY(LID1); its names of descriptor types are one table for two',
  },
  {
    title: 'What is supported: commands, task management functions',
    tables: [table('CommandSupport', c.CommandSupport)],
    messages: {
      data: some(c.allCommandsData, c.oneCommandData, c.supportedTaskManagementData),
    },
    sources: ['T', 'S', 'V'],
    tshark: 'reads the commands; no task management functions',
  },
  {
    title: 'Sense data',
    tables: [
      table('SenseKey', c.SenseKey, 'scsi.sns.key'),
      table('SenseDescriptorType', c.SenseDescriptorType, 'scsi.sns.desc.type'),
      table('additional sense codes', additionalSenseCodes(), 'scsi.sns.ascascq'),
    ],
    messages: {
      formats: membersOf(c.sense),
      descriptors: membersOf(c.senseDescriptor, ['descriptor']),
    },
    sources: ['T', 'C', 'L', 'S', 'V'],
    tshark:
      'lacks the codes that a move of a path meets: 04/0A 04/0B 04/0C 29/07 2A/06 2A/07 2A/09 44/01',
  },
];
