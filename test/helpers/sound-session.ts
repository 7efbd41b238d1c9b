/** A sound iSCSI conversation: our target, and an initiator that keeps all rules, as a tap sees them. */
import type { IscsiPduInput } from '../../src/codecs/iscsi/index.ts';
import { type IscsiClient, IscsiRig } from './iscsi-rig.ts';
import { SessionTap, type TapFrame } from './session-tap.ts';

const dataOf = (blocks: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: blocks * 512 }, (_, i) => (i * 13 + (i >> 8) * 7 + seed * 89) & 0xff);

/** A client of the rig whose PDUs go past the tap. */
function tapped(rig: IscsiRig, tap: SessionTap): IscsiClient {
  const client = rig.connect();
  const connection = tap.connect();
  const receive = client.receive.bind(client);
  const sendBytes = client.sendBytes.bind(client);
  client.receive = (bytes) => {
    connection.response(bytes);
    receive(bytes);
  };
  client.sendBytes = (bytes) => {
    connection.request(bytes);
    sendBytes(bytes);
  };
  return client;
}

/** Writes with data that the target asks for, in PDUs of so many bytes. */
function writeAsked(client: IscsiClient, lba: number, data: Uint8Array, eachBytes: number): void {
  const command = client.command(
    [0x2a, 0, 0, 0, lba >> 8, lba & 0xff, 0, 0, data.length / 512, 0],
    { write: 1, expectedDataTransferLengthBytes: data.length },
  );
  let answers = client.ask(command);
  for (;;) {
    const r2t = answers.find((one) => one.kind === 'R2T');
    if (r2t?.kind !== 'R2T') return;
    const from = r2t.bufferOffset;
    const to = from + r2t.desiredDataTransferLengthBytes;
    const pdus: IscsiPduInput[] = [];
    for (let at = from; at < to; at += eachBytes) {
      const end = Math.min(to, at + eachBytes);
      pdus.push({
        kind: 'SCSI Data-Out',
        lun: 0n,
        initiatorTaskTag: r2t.initiatorTaskTag,
        targetTransferTag: r2t.targetTransferTag,
        dataSn: (at - from) / eachBytes,
        bufferOffset: at,
        final: end === to ? 1 : 0,
        data: data.subarray(at, end),
      });
    }
    answers = client.ask(...pdus);
  }
}

/** The frames of it: two logins of one name and ISID, writes of all kinds, reads, an abort, a reset, logouts. */
export function soundSession(): readonly TapFrame[] {
  const tap = new SessionTap();
  const rig = new IscsiRig();
  const first = tapped(rig, tap);
  first.login({ keys: { InitialR2T: 'Yes', MaxRecvDataSegmentLength: '4096' } });
  first.write(16, dataOf(2, 1), { data: dataOf(2, 1) });
  first.read(16, 2);
  writeAsked(first, 16, dataOf(8, 2), 1024);
  first.read(16, 8);
  first.read(0, 20);
  first.ask(
    first.command([0x12, 1, 0x83, 0, 0xff, 0], { read: 1, expectedDataTransferLengthBytes: 255 }),
  );
  // A write that is aborted while its data are awaited.
  const tag = 0x777;
  first.ask({
    ...first.command([0x2a, 0, 0, 0, 0, 40, 0, 0, 2, 0], {
      write: 1,
      expectedDataTransferLengthBytes: 1024,
    }),
    initiatorTaskTag: tag,
  } as IscsiPduInput);
  first.ask({
    kind: 'Task Management Function Request',
    immediate: 1,
    function: 1,
    initiatorTaskTag: first.nextTag(),
    referencedTaskTag: tag,
    refCmdSn: first.cmdSn - 1,
    cmdSn: first.cmdSn,
  });
  first.ask({
    kind: 'NOP-Out',
    immediate: 1,
    initiatorTaskTag: first.nextTag(),
    cmdSn: first.cmdSn,
  });
  // A write whose data never come: a login of the same name and ISID ends it.
  first.ask(
    first.command([0x2a, 0, 0, 0, 0, 16, 0, 0, 8, 0], {
      write: 1,
      expectedDataTransferLengthBytes: 4096,
    }),
  );
  tap.wait(100);
  const second = tapped(rig, tap);
  second.login();
  second.ask(second.command([0, 0, 0, 0, 0, 0]));
  writeAsked(second, 16, dataOf(8, 3), 4096);
  second.read(16, 8);
  second.ask({
    kind: 'Task Management Function Request',
    immediate: 1,
    function: 5,
    initiatorTaskTag: second.nextTag(),
    cmdSn: second.cmdSn,
  });
  second.ask(second.command([0, 0, 0, 0, 0, 0]));
  second.read(16, 8);
  second.ask({
    kind: 'Logout Request',
    immediate: 1,
    reason: 0,
    initiatorTaskTag: second.nextTag(),
    cmdSn: second.cmdSn,
  });
  return tap.frames;
}
