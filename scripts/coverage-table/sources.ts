/** Sources of expected values that are not this project, and the tests that ask them. */
export const sources = {
  T: {
    name: 'tshark 4.0.17',
    how: 'decodes the same bytes; every field that both name is compared, in value and place',
    tests: [
      'test/oracle/fields.test.ts',
      'test/oracle/codecs/frame/tshark.test.ts',
      'test/oracle/codecs/services/els.test.ts',
      'test/oracle/codecs/services/ct.test.ts',
      'test/oracle/codecs/services/swils.test.ts',
      'test/oracle/codecs/fcp/captures.test.ts',
      'test/oracle/codecs/scsi/commands.test.ts',
      'test/oracle/codecs/scsi/data.test.ts',
      'test/oracle/codes.test.ts',
    ],
  },
  C: {
    name: 'captures',
    how: 'of Linux, VMware, Cisco and Brocade: decoded, encoded to the same bytes, their books known',
    tests: [
      'test/replay/fixtures.test.ts',
      'test/replay/codecs/frame/captures.test.ts',
      'test/unit/codecs/els/family.test.ts',
      'test/unit/codecs/ct/family.test.ts',
      'test/unit/codecs/scsi/captures.test.ts',
      'test/unit/codecs/swils/swils.test.ts',
    ],
  },
  L: {
    name: 'Linux 6.1 headers',
    how: 'codes and sizes of the structures that its drivers send and read',
    tests: [
      'test/unit/codecs/els/codes.test.ts',
      'test/unit/codecs/els/family.test.ts',
      'test/unit/codecs/els/descriptor.test.ts',
      'test/unit/codecs/ct/codes.test.ts',
      'test/unit/codecs/bls/bls.test.ts',
      'test/unit/codecs/fc/header.test.ts',
      'test/unit/codecs/nvme/nvme.test.ts',
    ],
  },
  S: {
    name: 'sg3_utils',
    how: 'reads data that was encoded here, and prints what it sees',
    tests: ['test/oracle/codecs/scsi/sg3-utils.test.ts', 'test/oracle/array/sg3-utils.test.ts'],
  },
  V: {
    name: 'vectors by hand',
    how: 'bytes written from the layouts that the standards print',
    tests: [
      'test/unit/codecs/ethernet/ethernet.test.ts',
      'test/unit/codecs/lldp/lldp.test.ts',
      'test/unit/codecs/fip/message.test.ts',
      'test/unit/codecs/els/alias.test.ts',
      'test/unit/codecs/els/class-4.test.ts',
      'test/unit/codecs/els/avionics.test.ts',
      'test/unit/codecs/els/port-report.test.ts',
      'test/unit/codecs/fcp/cmnd.test.ts',
      'test/unit/codecs/fcp/rsp.test.ts',
      'test/unit/codecs/scsi/cdb.test.ts',
      'test/unit/codecs/scsi/paths.test.ts',
      'test/unit/codecs/scsi/sense.test.ts',
      'test/unit/codecs/scsi/mode-page.test.ts',
      'test/unit/codecs/swils/swils.test.ts',
    ],
  },
} as const;
export type Source = keyof typeof sources;
