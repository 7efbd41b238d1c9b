/** I7 and I8 of sessions in a capture: writes that came late, reads that saw what had been replaced. */
import { Findings } from '../findings.ts';
import { describeValue, stampValue } from '../ledger/io-ledger.ts';
import type { GhostWrite } from '../ledger/stamped-blocks.ts';
import type { BlockFinding, WrittenBlocks } from '../ledger/written-blocks.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import { isOver, isSurelyBefore, nameOfSession, type SeenTask } from '../seen/session.ts';

const placeOf = (
  { lba, blockBytes }: Pick<BlockFinding, 'lba' | 'blockBytes'>,
  { lun }: SeenTask,
): string => (lun === undefined ? `byte ${lba * blockBytes}` : `LUN ${lun >> 48n}, LBA ${lba}`);
const nameOf = ({ command, frame }: SeenTask): string => `${command} of frame ${frame}`;

/** I7: no write reaches the medium after its session has ended, or after it was sent again and overwritten. */
export class NoGhostWriteOfSessions implements SessionRule {
  readonly invariant = 'I7';
  readonly sentence =
    'No write reaches the medium after its end was reported, or after its login has ended';
  readonly #findings = new Findings();
  readonly #blocks: WrittenBlocks;
  #writes = 0;
  #ends = 0;

  constructor(blocks: WrittenBlocks) {
    this.#blocks = blocks;
  }

  hear(told: SessionEvidence): void {
    if (told.type === 'ended' && isOver(told.session)) this.#ends++;
    else if (told.type === 'task-ended') this.#ended(told.task);
    else if (told.type === 'ran-again' && told.task.kind !== 'other') this.#ranAgain(told);
    else if (told.type === 'stamped' && told.finding.kind === 'ghost') this.#ghost(told.finding);
    else if (told.type === 'written' && told.finding.kind !== 'stale') {
      const { finding } = told;
      const where = placeOf(finding, finding.late);
      if (finding.kind === 'overtaken') {
        const { late, again, newer, read } = finding;
        const shown = read === undefined ? '' : `, as ${nameOf(read)} shows`;
        this.#findings.add(
          `${where}: ${nameOf(late)} of ${nameOfSession(late.session)} was carried out, its last data in frame ${late.sent.frame}, after it had been sent again (frame ${again.frame}) and ${nameOf(newer)} had been acknowledged: old data won${shown}`,
          [...late.frames, ...again.frames, ...newer.frames, ...(read?.frames ?? [])],
          where,
        );
      } else {
        const { late, before, read } = finding;
        this.#findings.add(
          `${where}: ${nameOf(late)} of ${nameOfSession(late.session)}, which had ended, is read in ${nameOf(read)}, and was not yet in ${nameOf(before)}`,
          [...late.frames, ...before.frames, ...read.frames],
          where,
        );
      }
    }
  }

  #ghost(finding: GhostWrite): void {
    const { done, late, sent, stamp } = finding;
    const where = placeOf(finding, late);
    this.#findings.add(
      `${where}: ${nameOf(late)} of ${nameOfSession(late.session)} came, its last data in frame ${late.sent.frame} (sent in frame ${sent.frame}), and was carried out after the same write (${describeValue(stampValue(stamp))}), sent again by ${nameOfSession(done.session)}, had been acknowledged in frame ${done.ended!.frame}`,
      [sent.frame, ...done.frames, ...late.frames],
      where,
    );
  }

  #ended(task: SeenTask): void {
    if ((task.kind !== 'write' && task.kind !== 'change') || task.status !== 0) return;
    this.#writes++;
    const { session, sent, blocks } = task;
    const { ended } = session;
    if (ended === undefined || !isOver(session)) return;
    if (!isSurelyBefore(ended, sent)) return;
    const where =
      blocks === undefined
        ? nameOf(task)
        : placeOf({ lba: blocks.first, blockBytes: blocks.blockBytes }, task);
    this.#findings.add(
      `${where}: ${nameOf(task)} of ${nameOfSession(session)} was carried out, its last data in frame ${sent.frame}, after its session was ${ended.how} in frame ${ended.frame}`,
      [...task.frames, ended.frame],
      where,
    );
  }

  #ranAgain({ task, why, frames }: Extract<SessionEvidence, { type: 'ran-again' }>): void {
    this.#findings.add(
      `${nameOf(task)} of ${nameOfSession(task.session)} was carried out once more: ${why}`,
      [...task.frames, ...frames],
    );
  }

  conclude(): Conclusion | undefined {
    const tried = this.#ends + this.#blocks.repeated;
    if (this.#findings.count === 0 && (tried === 0 || this.#writes === 0)) return undefined;
    return this.#findings.conclude(
      `${this.#writes} writes of sessions, none carried out after its session was over or after it had been overtaken`,
    );
  }
}

/** I8: a read of a session never returns what the capture shows replaced before. */
export class NoStaleReadOfSessions implements SessionRule {
  readonly invariant = 'I8';
  readonly sentence = 'No read returns older data than was acknowledged before it began';
  readonly #findings = new Findings();
  readonly #blocks: WrittenBlocks;

  constructor(blocks: WrittenBlocks) {
    this.#blocks = blocks;
  }

  hear(told: SessionEvidence): void {
    if (told.type === 'stamped' && told.finding.kind === 'outdated') {
      const { late, newer, read, stamp } = told.finding;
      const where = placeOf(told.finding, read);
      this.#findings.add(
        `${where}: ${nameOf(read)} returns what ${nameOf(late)} brought back late (${describeValue(stampValue(stamp))}); ${nameOf(newer)} had replaced it`,
        [...newer.frames, ...late.frames, ...read.frames],
        where,
      );
    }
    if (told.type !== 'written' || told.finding.kind !== 'stale') return;
    const { finding } = told;
    const { read, older, newer } = finding;
    const where = placeOf(finding, read);
    this.#findings.add(
      `${where}: ${nameOf(read)} returns what ${nameOf(older)} wrote; ${nameOf(newer)} had replaced it`,
      [...older.frames, ...newer.frames, ...read.frames],
      where,
    );
  }

  conclude(): Conclusion | undefined {
    const { compared } = this.#blocks;
    if (this.#findings.count === 0 && compared === 0) return undefined;
    return this.#findings.conclude(
      `${compared} blocks read that sessions of the capture had written, none older than allowed`,
    );
  }
}
