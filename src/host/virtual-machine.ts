/**
 * A virtual machine on a host: its guest's I/O, sent over its storage, ended exactly once.
 *
 * Every guest I/O is in one place at a time: under way on a path, waiting to be sent (`pending`),
 * or held because an end of its last attempt was not confirmed (`held`). It is sent again only
 * when the attempt before is known to be over at the target.
 */
import { nameOf } from '../codecs/layout/index.ts';
import { cdb, ScsiStatus } from '../codecs/scsi/index.ts';
import type { ChangesTold, GuestFroze } from '../history/backup.ts';
import type { ChainEvent, ChainRead } from '../history/chain.ts';
import type { IoEvent, IoSubmitted } from '../history/io.ts';
import { Chain } from '../machine/chain.ts';
import { type Instant, MILLISECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { isPersistent } from '../scsi/initiator/guest-reservation.ts';
import type { Path } from '../scsi/initiator/multipath.ts';
import {
  type Keeper,
  type KeeperOwner,
  ReservationKeeper,
} from '../scsi/initiator/reservation-keeper.ts';
import { BUSY_PAUSE_NS, judgeSense } from '../scsi/initiator/sense-action.ts';
import { SinglePathKeeper } from '../scsi/initiator/single-path-keeper.ts';
import type { Answered, CommandOutcome } from '../scsi/transport.ts';
import { Attempt, type AttemptOwner, attemptEndOf } from './attempt.ts';
import { BlockedIo } from './blocked-io.ts';
import { commandOf } from './guest-command.ts';
import { type FreezeBounds, GuestFreeze } from './guest-freeze.ts';
import type { GuestState } from './guest-state.ts';
import type { PathOptions } from './path-options.ts';
import { PathWait } from './path-wait.ts';
import type { Storage } from './storage.ts';
import { type GuestIo, readingsOf } from './workload.ts';

/** A reservation that another path holds: the pause between tries grows up to so many of these. */
const CONFLICT_PAUSES_MAX = 100;

/** A write for which there is no space is tried again after this long. */
const SPACE_PAUSE_NS = 250 * MILLISECOND;

/** How the guest's own time-out and late frames are dealt with. */
export interface IoPolicy {
  /** A command without an end is aborted after this long. */
  readonly commandTimeoutNs: number;
  /**
   * A write whose login ended without the target's word is sent again only after this long:
   * R_A_TOV makes late frames impossible, 0 is what most hosts do.
   */
  readonly lateWriteWaitNs: number;
  /** The guest gives an I/O up after this long. */
  readonly guestTimeoutNs: number;
}

/** What a virtual machine needs of its host. */
export interface VmHost {
  readonly now: Instant;
  readonly policy: IoPolicy;
  readonly paths: PathOptions;
  after(delayNs: number, run: () => void): Timer;
  emit(event: IoEvent | GuestFroze | ChangesTold | Exclude<ChainEvent, ChainRead>): void;
  /** Nothing is under way or held any more. */
  quiesced(vm: VirtualMachine): void;
}

/** A guest on this host. */
export class VirtualMachine implements AttemptOwner {
  readonly name: string;
  readonly storage: Storage;
  readonly guest: GuestState;
  readonly #host: VmHost;
  readonly #flights = new Chain<Attempt>();
  readonly #held = new Map<number, GuestIo>();
  readonly #keeper: Keeper | undefined;
  readonly #wait: PathWait;
  /** I/O of a login that was lost, which waits for its coming back. */
  readonly #blocked: BlockedIo;
  /** Set while the guest has not asked again after I/O that found no path. */
  #afterGivingUp: Timer | undefined;
  running = false;
  /** The guest stands still, and its host completes what was under way and copies the rest of a disk. */
  #isFinishing = false;
  /** A write of which the target said no last word is sent again after this long; policy if unset. */
  requeueWaitNs: number | undefined;
  /** False once the guest submits no I/O of its own accord. */
  submitting = true;

  constructor(name: string, storage: Storage, guest: GuestState, host: VmHost) {
    this.name = name;
    this.storage = storage;
    this.guest = guest;
    this.#host = host;
    const { guestTimeoutNs } = host.policy;
    this.#wait = new PathWait({
      get now() {
        return host.now;
      },
      guestTimeoutNs,
      noPathRetryNs: host.paths.noPathRetryNs,
      pending: guest.pending,
      after: (delayNs, run) => host.after(delayNs, run),
      isRunning: () => this.running || this.#isFinishing,
      isServedSoon: (luName) => storage.multipath.isServedSoon(luName),
      fail: (io, reason) => this.#giveUp(io, reason),
    });
    this.#blocked = new BlockedIo(host.paths.fastIoFailNs, (delayNs, run) =>
      host.after(delayNs, run),
    );
    this.#keeper = this.#keeperOf({
      commandTimeoutNs: host.policy.commandTimeoutNs,
      after: (delayNs, run) => host.after(delayNs, run),
      changed: () => this.pump(),
      outdated: (path, action) => {
        const luName = storage.multipath.luNameOf(path);
        if (luName !== undefined) storage.outdated(luName, path, action);
      },
    });
  }

  #keeperOf(owner: KeeperOwner): Keeper | undefined {
    const { multipath, initiatorPorts } = this.storage;
    const { reservation } = this.guest;
    if (reservation === undefined) return undefined;
    return isPersistent(reservation)
      ? new ReservationKeeper(reservation, multipath, initiatorPorts, owner)
      : new SinglePathKeeper(multipath, owner);
  }

  get outstanding(): number {
    return this.#flights.size + this.#held.size + this.#blocked.size;
  }

  resume(): void {
    this.running = true;
    this.#isFinishing = false;
    this.storage.claimNear();
    this.#watchFreeze();
    this.pump();
  }

  /** Submits nothing more, until `thaw` or its bounds; `asked` hears when nothing is under way, or why not. */
  freeze(bounds: FreezeBounds, asked: (refusal: string | undefined) => void): void {
    const { guest, name } = this;
    if (guest.freeze !== undefined) asked(`${name} holds its writes already`);
    else if (!this.running) asked(`${name} stands still`);
    else {
      guest.freeze = new GuestFreeze(name, bounds, this.#host.now, asked);
      this.#host.emit({ type: 'freeze', vm: name, state: 'began' });
      this.#watchFreeze();
      this.#settleFreeze();
    }
  }

  /** Goes on. False where it had done so by itself. */
  thaw(bound?: GuestFroze['bound']): boolean {
    const { freeze } = this.guest;
    if (freeze === undefined) return false;
    this.guest.freeze = undefined;
    const passed = bound === undefined ? {} : { bound };
    this.#host.emit({ type: 'freeze', vm: this.name, state: 'thawed', ...passed });
    freeze.refuse(`${this.name} had to go on before it was frozen`);
    this.pump();
    return true;
  }

  /** Nobody holds a guest beyond its own bounds; one that stands still looks at them when it goes on. */
  #watchFreeze(): void {
    const { freeze } = this.guest;
    if (freeze === undefined) return;
    const { now } = this.#host;
    const bound = freeze.expiredAt(now);
    if (bound !== undefined) this.thaw(bound);
    else {
      this.#host.after(freeze.deadline - now, () => {
        if (this.running && this.guest.freeze === freeze) this.#watchFreeze();
      });
    }
  }

  #settleFreeze(): void {
    const { freeze, workload } = this.guest;
    if (freeze === undefined || freeze.isFrozen || workload.outstanding > 0) return;
    freeze.settle(this.#host);
    this.#watchFreeze();
  }

  /** The guest stands still: it submits nothing, and nothing pending is sent. */
  stun(): void {
    this.running = false;
    this.#blocked.releaseAll();
  }

  /** Gives its reservation over to the host where it goes, where that is the way; then `done`. */
  handOver(done: () => void): void {
    if (this.#keeper === undefined) done();
    else this.#keeper.handOver(done);
  }

  /** The guest stands still: its host goes on with what it has to do on the guest's disks, until `finished`. */
  finish(): void {
    this.#isFinishing = true;
    this.pump();
  }

  /** Nothing is sent any more. */
  finished(): void {
    this.#isFinishing = false;
  }

  /** Ends every command under way by ABTS. */
  abortAll(): number {
    const flights = this.#flights.all();
    for (const { command } of flights) command!.abort();
    return flights.length;
  }

  /** Forgets every command under way, without a word to the targets. */
  purgeAll(): void {
    for (const { command } of this.#flights.all()) command!.forget();
  }

  /** Sends what can be sent. Called whenever something may have changed. */
  pump(): void {
    if (!this.running && !this.#isFinishing) return;
    const { workload, pending } = this.guest;
    this.#blocked.releaseReady(this.storage.multipath);
    for (let i = 0; i < pending.length; ) {
      if (this.#send(pending[i]!)) pending.splice(i, 1);
      else i++;
    }
    while (this.running && this.submitting && !this.#isHeldBack) {
      const io = workload.next(this.#host.now);
      if (io === undefined) break;
      this.#submit(io);
    }
    this.#submitOwn();
    if (pending.length > 0) this.#wait.watch();
  }

  /** Sends what the host has of its own to do on the guest's disks: the guest is not asked for more. */
  pumpOwn(): void {
    if (!this.running && !this.#isFinishing) return;
    this.#submitOwn();
    if (this.guest.pending.length > 0) this.#wait.watch();
  }

  #submitOwn(): void {
    const { workload } = this.guest;
    for (let io = workload.nextOfHost?.(); io !== undefined; io = workload.nextOfHost?.())
      this.#submit(io);
  }

  #submit(io: GuestIo): void {
    const { maps, pending, workload } = this.guest;
    if (io.op !== 'read') maps?.mark(io);
    const submitted: IoSubmitted = {
      type: 'io-submit',
      vm: this.name,
      io: io.id,
      op: io.op,
      fua: io.fua,
      luName: io.luName,
      lba: io.lba,
      blocks: io.blocks,
      version: io.version,
      writerId: workload.options.writerId,
    };
    this.#host.emit(io.ofHost === undefined ? submitted : { ...submitted, ofHost: true });
    if (!this.#send(io)) pending.push(io);
  }

  /** It holds its writes for a cut, or its host has stopped it for want of space. */
  get #isHeldBack(): boolean {
    return this.guest.freeze !== undefined || this.guest.outOfSpaceSince !== undefined;
  }

  /** False when no path can take it now. */
  #send(io: GuestIo): boolean {
    const { luName } = io;
    const path = (this.#keeper ?? this.storage.multipath).pick(luName);
    if (path === undefined) return false;
    io.attempts++;
    const sent = commandOf(io, this.guest.workload);
    const { commandTimeoutNs } = this.#host.policy;
    const attempt = new Attempt(this, io, path, sent, cdb.encode(sent.cdb), commandTimeoutNs);
    const { nexus } = path;
    const command = nexus.execute(attempt);
    if (attempt.ended || command === undefined) return command !== undefined;
    attempt.command = command;
    this.#flights.add(attempt);
    this.#host.emit({
      type: 'io-sent',
      vm: this.name,
      io: io.id,
      attempt: attempt.number,
      port: path.ownPort,
      initiator: nexus.initiatorPort,
      target: nexus.targetPort,
      address: nexus.address,
      targetAddress: nexus.targetAddress,
      tag: command.tag,
      command: sent.cdb.kind,
    });
    return true;
  }

  /** An attempt has come to its end. */
  handleEnd(ended: Attempt, outcome: CommandOutcome): void {
    const { io, number: attempt } = ended;
    this.#flights.remove(ended);
    const end = attemptEndOf(outcome);
    if (end === undefined) {
      io.attempts--;
      return;
    }
    if (outcome.end !== 'answered') this.#noteDoubt(io);
    this.#host.emit({
      type: 'io-attempt-end',
      vm: this.name,
      io: io.id,
      attempt,
      end,
      ...(outcome.end === 'answered' ? { status: outcome.status } : {}),
    });
    this.#goOn(io, outcome, ended.path);
    if (this.outstanding === 0) this.#host.quiesced(this);
  }

  /** What an I/O does after an attempt at it. */
  #goOn(io: GuestIo, outcome: CommandOutcome, path: Path): void {
    switch (outcome.end) {
      case 'answered':
        this.#answered(io, outcome, path);
        return;
      case 'aborted':
        this.#requeue(io, 'aborted');
        return;
      case 'data-lost':
        this.#requeue(io, 'read data was lost');
        return;
      case 'forgotten':
        this.#unconfirmed(io, this.requeueWaitNs ?? 0, 'purged');
        return;
      case 'nexus-lost':
        if (!this.running) this.#afterLoss(io, outcome.confirmed);
        else {
          this.#blocked.add(io.luName, path, () => {
            this.#afterLoss(io, outcome.confirmed);
            if (this.outstanding === 0) this.#host.quiesced(this);
          });
        }
        return;
    }
  }

  /** The login of the last attempt is over, and is waited for no more. */
  #afterLoss(io: GuestIo, confirmed: boolean): void {
    if (confirmed) this.#requeue(io, 'login lost');
    else {
      const waitNs = this.requeueWaitNs ?? this.#host.policy.lateWriteWaitNs;
      this.#unconfirmed(io, waitNs, 'login lost');
    }
  }

  /** Only a read can tell whether a COMPARE AND WRITE without an answer was carried out. */
  #noteDoubt(io: GuestIo): void {
    const { retryNonIdempotent } = this.guest.workload.options;
    if (io.op === 'compare-and-write' && !retryNonIdempotent) io.doubt = true;
  }

  #resolveDoubt(io: GuestIo, data: Uint8Array): void {
    const { workload } = this.guest;
    if (equal(data, workload.dataOf(io))) this.#complete(io, 'good');
    else if (equal(data, workload.expectedOf(io))) {
      io.doubt = false;
      this.#requeue(io, 'was not carried out');
    } else this.#complete(io, 'failed', 'miscompare');
  }

  #answered(io: GuestIo, outcome: Answered, path: Path): void {
    if (outcome.status === ScsiStatus.GOOD && io.doubt) {
      this.#resolveDoubt(io, outcome.data);
      return;
    }
    if (outcome.status === ScsiStatus.GOOD) {
      if (io.lacksSpace) this.#spaceGiven(io);
      this.#complete(io, 'good', undefined, outcome.data);
      return;
    }
    const conflict = outcome.status === ScsiStatus.RESERVATION_CONFLICT;
    if (conflict && this.#keeper?.onOtherPath(io.luName) === true) {
      // That path may be away for long: the pauses grow.
      const pauseNs = BUSY_PAUSE_NS * Math.min(io.attempts, CONFLICT_PAUSES_MAX);
      this.#hold(io, pauseNs, 'another path holds the reservation');
      return;
    }
    if (outcome.status === ScsiStatus.BUSY || outcome.status === ScsiStatus.TASK_SET_FULL) {
      this.#hold(io, BUSY_PAUSE_NS, 'busy');
      return;
    }
    if (outcome.status === ScsiStatus.CHECK_CONDITION) {
      const verdict = judgeSense(outcome.sense);
      if (verdict.powerOn) this.#keeper?.forget(io.luName);
      if (verdict.access !== undefined || verdict.outdated !== undefined) {
        this.storage.outdated(io.luName, path, verdict);
      }
      if (verdict.noSpace && io.ofHost === undefined) {
        this.#outOfSpace(io, verdict.words);
        return;
      }
      if (verdict.retry) {
        if (verdict.pauseNs > 0) this.#hold(io, verdict.pauseNs, verdict.words);
        else this.#requeue(io, verdict.words);
        return;
      }
      this.#complete(io, 'failed', verdict.words);
      return;
    }
    this.#complete(io, 'failed', statusText(outcome.status));
  }

  /**
   * A thin unit has no space for a write: the host stops its guest, which sees nothing of it, and tries that write again
   * until there is space. So do VMware ("stun") and QEMU (`werror=enospc`).
   */
  #outOfSpace(io: GuestIo, reason: string): void {
    const { guest, name: vm } = this;
    io.lacksSpace = true;
    if (guest.outOfSpaceSince === undefined) {
      guest.outOfSpaceSince = this.#host.now;
      this.#host.emit({ type: 'space', vm, luName: io.luName, state: 'out' });
    }
    this.#hold(io, SPACE_PAUSE_NS, reason);
  }

  /** The write that had no space was carried out: the guest goes on, and for it no time has passed. */
  #spaceGiven(io: GuestIo): void {
    const { guest, name: vm } = this;
    io.lacksSpace = false;
    const since = guest.outOfSpaceSince;
    if (since === undefined) return;
    guest.outOfSpaceSince = undefined;
    const stoodNs = this.#host.now - since;
    const flying = this.#flights.all().map((attempt) => attempt.io);
    for (const one of [...guest.pending, ...this.#held.values(), ...flying])
      one.submittedAt += stoodNs;
    this.#host.emit({ type: 'space', vm, luName: io.luName, state: 'given' });
  }

  /** Without the target's last word a write may still arrive there: wait, or not. */
  #unconfirmed(io: GuestIo, waitNs: number, reason: string): void {
    if (io.op === 'read' || waitNs === 0) this.#requeue(io, reason);
    else this.#hold(io, waitNs, `${reason}, not confirmed`);
  }

  #hold(io: GuestIo, delayNs: number, reason: string): void {
    this.#held.set(io.id, io);
    this.#host.after(delayNs, () => {
      this.#held.delete(io.id);
      this.#requeue(io, reason);
      if (this.outstanding === 0) this.#host.quiesced(this);
    });
  }

  #requeue(io: GuestIo, reason: string): void {
    const { guestTimeoutNs } = this.#host.policy;
    const stands = this.guest.outOfSpaceSince !== undefined;
    if (!stands && this.#host.now - io.submittedAt > guestTimeoutNs) {
      this.#complete(io, 'failed', `not done within the guest's time-out (${reason})`);
      return;
    }
    this.#host.emit({ type: 'io-requeue', vm: this.name, io: io.id, reason });
    this.guest.pending.push(io);
    // The path that just failed may still be on the call stack: send from a timer of its own.
    this.#host.after(0, () => this.pump());
  }

  /** An I/O that found no path fails: the guest sees that all at once, and asks again a while later. */
  #giveUp(io: GuestIo, reason: string): void {
    this.#end(io, 'failed', reason);
    const pauseNs = Math.max(this.guest.workload.options.thinkNs, BUSY_PAUSE_NS);
    this.#afterGivingUp ??= this.#host.after(pauseNs, () => {
      this.#afterGivingUp = undefined;
      this.pump();
    });
  }

  #complete(io: GuestIo, result: 'good' | 'failed', reason?: string, data?: Uint8Array): void {
    this.#end(io, result, reason, data);
    if (io.ofHost === true) this.#host.after(0, () => this.pumpOwn());
    else this.#host.after(this.guest.workload.options.thinkNs, () => this.pump());
  }

  #end(io: GuestIo, result: 'good' | 'failed', reason?: string, data?: Uint8Array): void {
    const readings = io.op === 'read' && data !== undefined ? readingsOf(io, data) : undefined;
    this.guest.workload.ended(io, result === 'good', readings, reason);
    this.#host.emit({
      type: 'io-complete',
      vm: this.name,
      io: io.id,
      result,
      ...(reason === undefined ? {} : { reason }),
      ...(readings === undefined ? {} : { readings }),
    });
    this.#settleFreeze();
  }
}

/** A status in the standard's words; of those that it has none for, the number. */
function statusText(status: number): string {
  const name = nameOf(ScsiStatus, status)?.replaceAll('_', ' ');
  return name ?? `status ${status.toString(16)}h`;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
