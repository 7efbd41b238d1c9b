/** Initiator and target meet at the seam, carried by nothing but calls: SCSI needs no Fibre Channel. */
import { describe, expect, it } from 'vitest';
import { cdb } from '../../../src/codecs/scsi/index.ts';
import type { InitiatorPort, TargetPort } from '../../../src/history/port-name.ts';
import { type ScanResult, scanLuns } from '../../../src/scsi/initiator/lun-scan.ts';
import { Multipath } from '../../../src/scsi/initiator/multipath.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import type { Task } from '../../../src/scsi/target/nexus.ts';
import { ScsiTarget } from '../../../src/scsi/target/scsi-target.ts';
import type { CommandOutcome, ScsiCommand } from '../../../src/scsi/transport.ts';
import { Clock, LoopBackNexus } from '../../helpers/loop-back.ts';
import { filled } from '../../helpers/scsi-target.ts';

const PORTS = [
  'iqn.2026-01.example:array,t,0x0001',
  'iqn.2026-01.example:array,t,0x0002',
] as TargetPort[];
const INITIATOR = 'iqn.2026-01.example:host,i,0x00023d000001' as InitiatorPort;
const OTHER = 'iqn.2026-01.example:other,i,0x00023d000001' as InitiatorPort;
const SECOND = 1e9;
const TIMEOUT_NS = 5 * SECOND;
const GOOD = 0;
const CHECK_CONDITION = 2;

function rig() {
  const cleared: string[] = [];
  const device = new ScsiTarget({
    name: 'loop',
    ports: PORTS.map((name, index) => ({ name, relativeId: index + 1 })),
    powerOnAttention: false,
    observer: { onCleared: (task: Task, cause) => cleared.push(`${task.nexus.epoch} ${cause}`) },
  });
  const units = [new MemoryMedium(64), new MemoryMedium(128)].map((medium) =>
    device.addUnit({ medium }),
  );
  device.setDefaultMask(units.map((lu, lun) => ({ lun, lu })));
  const clock = new Clock();
  const login = (port = 0, initiator = INITIATOR) =>
    new LoopBackNexus(clock, device, initiator, port);
  return { device, units, clock, login, cleared };
}

/** A command and how it ended. */
function command(bytes: Uint8Array, rest: Partial<ScsiCommand> = {}) {
  const outcomes: CommandOutcome[] = [];
  const request: ScsiCommand = {
    lun: 0n,
    cdb: bytes,
    timeoutNs: TIMEOUT_NS,
    onDone: (outcome) => outcomes.push(outcome),
    ...rest,
  };
  return { request, outcomes };
}

const read = (lba: number) =>
  command(cdb.encode({ kind: 'READ(10)', lba, transferLengthBlocks: 1 }), { dataInBytes: 512 });
const write = (lba: number, value: number) =>
  command(cdb.encode({ kind: 'WRITE(10)', lba, transferLengthBlocks: 1 }), {
    dataOut: filled(1, value),
  });
const ready = (lun = 0n) => command(cdb.encode({ kind: 'TEST UNIT READY' }), { lun });

/** Runs one command to its end. */
function ask(
  { clock }: ReturnType<typeof rig>,
  nexus: LoopBackNexus,
  one: ReturnType<typeof command>,
) {
  nexus.execute(one.request);
  clock.run(SECOND);
  expect(one.outcomes).toHaveLength(1);
  return one.outcomes[0]!;
}

/** Key, ASC and ASCQ of fixed sense data, by its bytes. */
function senseOf(outcome: CommandOutcome): string {
  if (outcome.end !== 'answered' || outcome.status !== CHECK_CONDITION) return outcome.end;
  const at = (i: number) => outcome.sense[i]!.toString(16).padStart(2, '0');
  return `${(outcome.sense[2]! & 0xf).toString(16)}/${at(12)}/${at(13)}`;
}

describe('commands', () => {
  it('write, read back, and refuse, each answered once', () => {
    const all = rig();
    const nexus = all.login();
    expect(ask(all, nexus, write(3, 9))).toMatchObject({ end: 'answered', status: GOOD });
    const found = ask(all, nexus, read(3));
    expect(found).toMatchObject({ status: GOOD, residual: 0, data: filled(1, 9) });
    expect(senseOf(ask(all, nexus, read(64)))).toBe('5/21/00');
  });

  it('are told apart by tags of 32 bits, also where they begin anew', () => {
    const all = rig();
    const nexus = all.login();
    const many = Array.from({ length: 8 }, (_, i) => write(i, i + 1));
    const tags = many.map(({ request }) => nexus.execute(request)!.tag);
    expect(tags).toContain(0xffff_ffff);
    expect(tags).toContain(0);
    all.clock.run(SECOND);
    expect(many.map(({ outcomes }) => outcomes[0]?.end)).toEqual(many.map(() => 'answered'));
    expect(ask(all, nexus, read(7))).toMatchObject({ data: filled(1, 8) });
  });

  it('are not sent without a nexus', () => {
    const all = rig();
    const nexus = all.login();
    nexus.lose();
    expect(ask(all, nexus, ready())).toEqual({ end: 'not-sent' });
  });

  it('end confirmed when they are aborted, and touch no block any more', () => {
    const all = rig();
    const nexus = all.login();
    nexus.holdsData = true;
    const late = write(0, 7);
    const open = nexus.execute(late.request)!;
    all.clock.run(5000);
    open.abort();
    all.clock.run(5000);
    expect(late.outcomes).toEqual([{ end: 'aborted' }]);
    expect(all.cleared).toEqual(['1 abort-task']);
    nexus.holdsData = false;
    expect(ask(all, nexus, read(0))).toMatchObject({ data: filled(1, 0) });
  });
});

describe('a lost nexus', () => {
  it('ends what is under way at both ends, and the next one is told', () => {
    const all = rig();
    const nexus = all.login();
    nexus.holdsData = true;
    const lost = write(0, 7);
    nexus.execute(lost.request);
    all.clock.run(5000);
    nexus.lose();
    expect(lost.outcomes).toEqual([{ end: 'nexus-lost', confirmed: true }]);
    expect(all.cleared).toEqual(['1 nexus-lost']);
    const next = all.login();
    expect(next.target.epoch).toBe(2);
    expect(senseOf(ask(all, next, ready()))).toBe('6/29/07');
    expect(ask(all, next, ready())).toMatchObject({ status: GOOD });
  });

  it('that the target does not know is ended there by the next login of the same ports', () => {
    const all = rig();
    const nexus = all.login();
    nexus.holdsData = true;
    nexus.execute(write(0, 7).request);
    all.clock.run(5000);
    nexus.lose(false);
    expect(all.cleared).toEqual([]);
    all.login();
    expect(all.cleared).toEqual(['1 nexus-lost']);
    expect(nexus.target.live).toBe(false);
  });
});

describe('task management', () => {
  /** A write of each of two initiators is under way, without its data. */
  function managed() {
    const all = rig();
    const nexus = all.login();
    const other = all.login(0, OTHER);
    nexus.holdsData = true;
    other.holdsData = true;
    const ours = write(0, 1);
    const theirs = write(1, 1);
    const { tag } = nexus.execute(ours.request)!;
    other.execute(theirs.request);
    all.clock.run(5000);
    const answers: string[] = [];
    const ask = (name: Parameters<LoopBackNexus['manage']>[0]['function'], lun = 0n) => {
      nexus.manage({ function: name, lun, tag, timeoutNs: TIMEOUT_NS }, (one) => answers.push(one));
      all.clock.run(5000);
      return answers.at(-1);
    };
    return { all, nexus, other, ours, theirs, ask };
  }

  it('asks for a task and for the task set', () => {
    const { ask: asks } = managed();
    expect(asks('query-task')).toBe('succeeded');
    expect(asks('query-task', 1n << 48n)).toBe('complete');
    expect(asks('query-task-set')).toBe('succeeded');
    expect(asks('query-task-set', 9n << 48n)).toBe('incorrect-lun');
    expect(asks('abort-task-set')).toBe('complete');
    expect(asks('query-task')).toBe('complete');
    expect(asks('query-asynchronous-event')).toBe('rejected');
  });

  it('ends what it says, and tells the others', () => {
    const { ask: asks, ours, theirs, all, other } = managed();
    expect(asks('clear-task-set')).toBe('complete');
    expect(ours.outcomes).toEqual([{ end: 'aborted' }]);
    expect(theirs.outcomes).toEqual([]);
    expect(all.cleared).toEqual(['1 clear-task-set', '1 clear-task-set']);
    expect(senseOf(ask(all, other, ready()))).toBe('6/2f/00');
  });

  it('I_T NEXUS RESET ends the tasks of one nexus in all units, and it lives on', () => {
    const { ask: asks, ours, theirs, all, nexus } = managed();
    expect(asks('i-t-nexus-reset')).toBe('complete');
    expect(ours.outcomes).toEqual([{ end: 'aborted' }]);
    expect(theirs.outcomes).toEqual([]);
    expect(all.cleared).toEqual(['1 nexus-lost']);
    expect(nexus.target.live).toBe(true);
    for (const lun of [0n, 1n << 48n]) {
      expect(senseOf(ask(all, nexus, ready(lun)))).toBe('6/29/07');
    }
  });

  it('what a carrier ends by a rule of its protocol is owed as it says, once a unit', () => {
    const { nexus, other, all, ours } = managed();
    const [open] = [...nexus.open];
    nexus.holdsData = false;
    other.holdsData = false;
    nexus.target.clearTasks([open!.tag, 12345], 0x477f);
    expect(all.cleared).toEqual(['1 protocol-event']);
    expect(ours.outcomes).toEqual([]);
    expect(senseOf(ask(all, nexus, ready()))).toBe('6/47/7f');
    expect(ask(all, nexus, ready())).toMatchObject({ status: GOOD });
    expect(ask(all, other, ready())).toMatchObject({ status: GOOD });
  });
});

describe('an initiator', () => {
  function scanned() {
    const all = rig();
    const nexuses = [all.login(0), all.login(1)];
    const results: ScanResult[] = [];
    for (const nexus of nexuses) scanLuns(nexus, (result) => results.push(result));
    all.clock.run(SECOND);
    const multipath = new Multipath(() =>
      results.map((result, index) => ({
        nexus: nexuses[index]!,
        ownPort: index,
        luns: result.ok ? result.luns : [],
      })),
    );
    multipath.update();
    return { all, nexuses, results, multipath };
  }

  it('finds each logical unit over both target ports, under one name', () => {
    const { results, multipath, all } = scanned();
    expect(results.map((one) => one.ok && one.luns.map((lun) => lun.relativePort))).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(multipath.view()).toMatchObject([
      { luName: all.units[0]!.luName, lunNumber: 0, blocks: 64, paths: 2, ports: [0, 1] },
      { luName: all.units[1]!.luName, lunNumber: 1, blocks: 128, paths: 2, ports: [0, 1] },
    ]);
  });

  it('goes round its paths, and on with the one that is left', () => {
    const { all, nexuses, multipath } = scanned();
    const { luName } = all.units[1]!;
    const turns = () => multipath.pick(luName)?.nexus.targetPort;
    expect([turns(), turns(), turns()]).toEqual([PORTS[0], PORTS[1], PORTS[0]]);
    const path = multipath.pick(luName)!;
    const wrote = command(cdb.encode({ kind: 'WRITE(10)', lba: 100, transferLengthBlocks: 1 }), {
      lun: path.lun,
      dataOut: filled(1, 5),
    });
    expect(ask(all, path.nexus as LoopBackNexus, wrote)).toMatchObject({ status: GOOD });
    nexuses[1]!.lose();
    expect([turns(), turns()]).toEqual([PORTS[0], PORTS[0]]);
    expect(multipath.pathsTo(luName)).toHaveLength(1);
    const found = command(cdb.encode({ kind: 'READ(10)', lba: 100, transferLengthBlocks: 1 }), {
      lun: path.lun,
      dataInBytes: 512,
    });
    expect(ask(all, nexuses[0]!, found)).toMatchObject({ data: filled(1, 5) });
  });
});
