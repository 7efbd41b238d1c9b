/** What a target port does with more than it has room for. */
import { expect, it } from 'vitest';
import { type FcHeader, RCtl } from '../../../../src/codecs/fc/index.ts';
import { fcpCmnd, fcpRsp, ScsiStatus } from '../../../../src/codecs/fcp/index.ts';
import { cdb } from '../../../../src/codecs/scsi/index.ts';
import { fcTargetPort } from '../../../../src/history/port-name.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FcpTargetPort } from '../../../../src/port/fcp/target-port.ts';
import type { Lport } from '../../../../src/port/n-port/lport.ts';
import type { Rport } from '../../../../src/port/n-port/rport.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';

const BLOCKS = 32_768;
const BYTES = BLOCKS * 512;

function rig() {
  const device = new ScsiTarget({
    name: 'array',
    ports: [{ name: fcTargetPort(1n), relativeId: 1 }],
    powerOnAttention: false,
  });
  device.setDefaultMask([{ lun: 0, lu: device.addUnit({ medium: new MemoryMedium(2 ** 22) }) }]);
  const port = new FcpTargetPort(0, {
    device,
    oxIdEpochs: false,
    confirm: 'never',
    serviceNs: () => 1,
    refused() {},
  });
  const statuses: number[] = [];
  port.lport = {
    nPortId: 0x010100,
    now: 0,
    eDTovNs: 2 * SECOND,
    rATovNs: 10 * SECOND,
    after: () => ({ at: 0, cancel() {} }),
    transmit(header: FcHeader, payload: Uint8Array) {
      if (header.rCtl === RCtl['Command Status']) statuses.push(fcpRsp.decode(payload).scsiStatus);
    },
    reply() {},
  } as unknown as Lport;
  const rport = {
    portName: 2n,
    portId: 0x010200,
    receiveBytes: 2112,
    retry: true,
    firstBurst: false,
    confirm: false,
  } as Rport;
  port.rportReady(rport);
  const write = (oxId: number): void => {
    const frame = fcpCmnd.encode({
      lun: 0n,
      cdb: cdb.encode({ kind: 'WRITE(16)', lba: 0n, transferLengthBlocks: BLOCKS }),
      wrdata: 1,
      rddata: 0,
      additionalCdb: new Uint8Array(0),
      additionalCdbLengthWords: 0,
      fcpDl: BYTES,
    });
    const header = { rCtl: RCtl['Unsolicited Command'], oxId, sId: rport.portId } as FcHeader;
    port.commandFrame(rport, header, frame, 0, frame.length);
  };
  const abort = (oxId: number): void =>
    port.abts(rport, { rCtl: RCtl.ABTS, oxId, parameter: 0 } as FcHeader);
  return { port, rport, statuses, write, abort };
}

it('writes that ask for more room than there is find it busy, until others end', () => {
  const { port, rport, statuses, write, abort } = rig();
  for (let oxId = 1; oxId <= 16; oxId++) write(oxId);
  expect(statuses).toEqual([]);
  expect(port.kept()).toEqual({ exchanges: 16, writeBytes: 16 * BYTES });
  write(17);
  expect(statuses).toEqual([ScsiStatus.BUSY]);
  expect(port.kept()).toEqual({ exchanges: 16, writeBytes: 16 * BYTES });
  abort(3);
  expect(port.kept().writeBytes).toBe(15 * BYTES);
  write(18);
  expect(statuses).toHaveLength(1);
  expect(port.kept()).toEqual({ exchanges: 16, writeBytes: 16 * BYTES });
  port.rportGone(rport);
  expect(port.kept()).toEqual({ exchanges: 0, writeBytes: 0 });
});
