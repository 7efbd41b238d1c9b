/**
 * How an array of a pair stands to the other: signs of life, who goes on when they lose each other, whose data count
 * when they find each other again, who leads.
 *
 * An array serves only while the other has answered it within `silenceNs`; one that goes on alone does so no sooner
 * than `silenceNs` after it heard the other last. So never two of them serve without knowing of each other, however
 * long the way between them.
 *
 * Ownership: a pair owns its standing. State changes only through the functions called `enter…`.
 */
import type { PairState, WitnessAnswered, WitnessAsked } from '../../history/pair.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { compareGenerations, GENERATIONS_MAX, type PairRecord } from './record.ts';

/** Who may go on alone: whom the witness lets, the preferred one after a while, nobody. */
export const WINNER_RULES = ['witness', 'preferred', 'none'] as const;
/** One of `WINNER_RULES`. */
export type WinnerRule = (typeof WINNER_RULES)[number];

/** What becomes of the name of the data when an array goes on alone: it is another one, or, wrongly, the same. */
export const GENERATION_RULES = ['new', 'same'] as const;
/** One of `GENERATION_RULES`. */
export type GenerationRule = (typeof GENERATION_RULES)[number];

/** What a record says in the place of what is. */
type Said = Partial<Pick<PairRecord, 'state' | 'generations' | 'leads'>>;
const NOTHING_ELSE: Said = {};

/** The number of a generation, which its name begins with. */
const numberOf = (generation: string): number => Number.parseInt(generation, 10) || 0;

/** What is said of how an array stands to the other. */
export interface StandingOptions {
  readonly site: string;
  /** It leads at first, and is asked first. */
  readonly preferred: boolean;
  readonly rule: WinnerRule;
  readonly generation: GenerationRule;
  readonly heartbeatNs: Instant;
  /** An array that has not answered for so long is lost. */
  readonly silenceNs: Instant;
  /** Rule `preferred`: it goes on so long after that. */
  readonly winnerNs: Instant;
  /**
   * Names this array's life, where nothing outlasts its end: it begins with empty legs, goes on alone only after it has
   * been in sync, and another name tells the other that all of it is missing here.
   */
  readonly life?: string;
  /**
   * So long after it has stopped to serve, while nobody says whether it goes on, commands are refused, so that hosts turn to
   * the other: one that hears nothing for its time-out takes the unit for broken. Left out: they wait.
   */
  readonly waitsNs?: Instant;
}

/** What a standing asks of its pair. */
export interface StandingOwner {
  readonly now: Instant;
  /** Regions in which this leg may differ from the other. */
  readonly differs: number;
  after(delayNs: number, run: () => void): Timer;
  /** Sends a record; `done` hears whether it was answered. */
  tell(record: PairRecord, done: (answered: boolean) => void): void;
  askWitness(question: WitnessAsked): void;
  /** Something came that is not followed. */
  refused(what: string): void;
  /** The state is another one. */
  entered(state: PairState, detail: string): void;
  /** The lead went over. */
  leadChanged(detail: string): void;
  /** Blocks of what it would tell of reservations; 0 where there is nothing to tell. */
  readonly reserved: number;
  /** Before both are in sync they have one state of reservations; `done` hears whether they do. */
  share(done: (shared: boolean) => void): void;
  /** The other is behind and has been told so: what it lacks may be copied to it. */
  mayCopy(): void;
  /** The other has begun anew: it has nothing of what it had. */
  peerIsEmpty(): void;
}

/** One array's standing. */
export class Standing {
  readonly options: StandingOptions;
  readonly #owner: StandingOwner;
  state: PairState = 'starting';
  leads: boolean;
  turn = 0;
  /** What the data are called, newest first. */
  generations: readonly string[] = ['0'];
  /** False while this leg has not all that the other has: it never goes on alone then. */
  whole: boolean;
  /** It was said that another goes on: commands are refused, not held. */
  refuses = false;
  /** This array would like to lead. */
  asks = false;
  /** Counts the commands of hosts that were handed to the other and given up: it carries out none from before any more. */
  fence = 0;
  #answeredAt: Instant = Number.NEGATIVE_INFINITY;
  #heardAt: Instant = Number.NEGATIVE_INFINITY;
  #theirs: PairRecord | undefined;
  #lease: Timer | undefined;
  #decision: Timer | undefined;
  #beating = false;
  /** What the other has been told in the place of what is, before it is. */
  #offered: Said = NOTHING_ELSE;
  #splitTold = false;
  #joining = false;
  /** The other has lost what it had, and may have gone on alone before. */
  #doubts = false;
  #doubtTold = false;
  #patience: Timer | undefined;
  #question = -1;

  constructor(options: StandingOptions, owner: StandingOwner) {
    this.options = options;
    this.#owner = owner;
    this.leads = options.preferred;
    this.whole = options.life === undefined;
  }

  /** Signs of life begin, and nobody else is waited for longer than for a lost one. */
  start(): void {
    // The other may have heard of one that was here before.
    this.#heardAt = this.#owner.now;
    this.#decideLater();
    this.#beat();
  }

  /** What stood on the medium of an array that has lost its power. */
  resumeFrom(lost: Standing): void {
    this.leads = lost.leads;
    this.turn = lost.turn;
    this.generations = lost.generations;
    this.whole = lost.whole;
    // What was handed to the other then is given up.
    this.fence = lost.fence + 1;
  }

  /** Commands run, instead of waiting or being refused. */
  get serves(): boolean {
    return this.state === 'in-sync' || this.state === 'detached' || this.state === 'source';
  }

  /** The other keeps up with what is written here, as far as it has it. */
  get isJoined(): boolean {
    return this.state === 'in-sync' || this.state === 'source';
  }

  #recordAs(said: Said): PairRecord {
    const { asks, generations, leads, options, state, turn } = this;
    const { differs, now: at, reserved: blocks } = this.#owner;
    const reserved = blocks === 0 ? {} : { reserved: blocks };
    const { life, site } = options;
    const fenced = this.fence === 0 ? {} : { fence: this.fence };
    return {
      ...{ site, at, state, generations, leads, turn, asks, differs },
      ...reserved,
      ...fenced,
      ...(life === undefined ? {} : { life }),
      ...said,
    };
  }

  /** A command that was handed to the other is given up: a late one finds another fence. */
  gaveUp(): void {
    this.fence++;
  }

  /** Blocks of what the other has to tell of reservations. */
  get theirReserved(): number {
    return this.#theirs?.reserved ?? 0;
  }

  /** The other's count of what it has given up. */
  get theirFence(): number {
    return this.#theirs?.fence ?? 0;
  }

  /** Numbers the time since the data got their name: of who leads. */
  get epoch(): number {
    const [name] = this.leads ? this.generations : (this.#theirs ?? this).generations;
    return numberOf(name!);
  }

  /** The names with a new one, for data that the other has not. */
  #renamed(): readonly string[] {
    const { generation, site } = this.options;
    if (generation === 'same') return this.generations;
    const name = `${numberOf(this.generations[0]!) + 1}-${site}`;
    return [name, ...this.generations].slice(0, GENERATIONS_MAX);
  }

  #beat(): void {
    this.#owner.after(this.options.heartbeatNs, () => this.#beat());
    if (this.#beating) return;
    this.#beating = true;
    this.tell(() => {
      this.#beating = false;
    });
  }

  /** Tells the other how this one stands, and hears by the answer that it lives. */
  tell(then?: (answered: boolean) => void, said: Said = this.#offered): void {
    const sentAt = this.#owner.now;
    this.#owner.tell(this.#recordAs(said), (answered) => {
      if (answered) this.#answered(sentAt);
      then?.(answered);
    });
  }

  #answered(sentAt: Instant): void {
    this.#answeredAt = Math.max(this.#answeredAt, sentAt);
    this.#holdLease();
    this.#judge();
  }

  /** The other tells of itself. */
  handleRecord(record: PairRecord): void {
    const known = this.#theirs;
    const isAnother = known !== undefined && record.life !== known.life;
    // One that was sent before what is known came a longer way.
    if (!isAnother && record.at <= (known?.at ?? -1)) return;
    this.#heardAt = this.#owner.now;
    this.#theirs = record;
    if (isAnother) this.#peerBegan();
    if (record.turn > this.turn && this.state !== 'detached') {
      this.turn = record.turn;
      this.#setLead(!record.leads, `${record.site} has given the lead over`);
    }
    if (record.state === 'source' && this.#isBehind(record)) {
      if (this.state !== 'target') this.enterTarget(`${record.site} has what is missing here`);
    } else if (record.state === 'in-sync' && this.state === 'target') {
      this.generations = record.generations;
      this.whole = true;
      this.enterInSync(`all that was missing has come from ${record.site}`);
    } else this.#judge();
  }

  /** The other has lost what it had, and says so by another life. */
  #peerBegan(): void {
    const { preferred, rule } = this.options;
    const wouldGoOn = rule === 'witness' || (rule === 'preferred' && !preferred);
    // While this one was in sync, the other had answered too lately to have gone on.
    if (wouldGoOn && this.state === 'suspended') this.#doubts = true;
    this.lost('it has begun anew');
    this.#owner.peerIsEmpty();
  }

  /** True where the other's data have what these lack. */
  #isBehind(record: PairRecord): boolean {
    const compared = compareGenerations(this.generations, record.generations);
    return (
      compared === 'older' || (compared === 'equal' && record.leads && this.state !== 'detached')
    );
  }

  get #waits(): boolean {
    return this.state === 'suspended' || this.state === 'starting';
  }

  /** Both have heard of each other lately. */
  get #isConnected(): boolean {
    const since = this.#owner.now - this.options.silenceNs;
    return this.#answeredAt > since && this.#heardAt > since;
  }

  #judge(): void {
    const theirs = this.#theirs;
    if (theirs === undefined || !this.#isConnected || this.isJoined || this.state === 'target')
      return;
    const { site } = theirs;
    switch (compareGenerations(this.generations, theirs.generations)) {
      case 'diverged':
        if (!this.#splitTold)
          this.#owner.refused(
            `split brain: ${this.options.site} (generation ${this.generations[0]}) and ${site} (generation ${theirs.generations[0]}) have both gone on; nothing is copied before somebody says whose data stay`,
          );
        this.#splitTold = true;
        return;
      case 'older':
        return;
      case 'newer':
        if (!this.#isDoubtful(site)) this.#offer(`${site} lacks what was written since`);
        return;
      case 'equal':
        this.#meetAgain(theirs);
    }
  }

  /** What the other may have answered alone is nowhere any more: the witness knows whether it could, or a person decides. */
  #isDoubtful(site: string): boolean {
    if (!this.#doubts) return false;
    if (!this.#doubtTold)
      this.#owner.refused(
        `${site} has lost what it had, and may have gone on before: what it answered then is lost, and this one goes on when the witness or a person says so`,
      );
    this.#doubtTold = true;
    return true;
  }

  /** Nobody has gone on alone, as far as the names say. */
  #meetAgain(theirs: PairRecord): void {
    if (theirs.leads === this.leads) {
      // Who has led alone keeps it; of two that never met it is the preferred one.
      if (this.leads && !this.options.preferred) this.#setLead(false, `${theirs.site} leads`);
      else if (!this.leads && this.options.preferred) this.#setLead(true, 'nobody leads');
    }
    const { differs } = this.#owner;
    // With names that do not change, a detached one is taken for one that never was alone.
    const isNew = this.options.generation === 'new';
    const isEqual = isNew ? differs + theirs.differs === 0 && this.whole : true;
    const isAnswer = theirs.state === 'in-sync' && ((differs === 0 && this.whole) || !isNew);
    if ((this.leads && isEqual) || (!this.leads && isAnswer)) {
      this.#join(`${theirs.site} has the same generation`);
    } else if (this.leads) this.#offer(`${theirs.site} may lack what was under way`);
  }

  #join(why: string): void {
    if (this.#joining) return;
    this.#joining = true;
    this.#owner.share((shared) => {
      this.#joining = false;
      if (!shared || !this.#isConnected || this.isJoined || this.state === 'target') return;
      this.enterInSync(why);
    });
  }

  /** Tells the other that it is behind; it answers when it has stopped to serve. */
  #offer(why: string): void {
    if (this.#offered !== NOTHING_ELSE) return;
    const generations = this.state === 'detached' ? this.generations : this.#renamed();
    const offered: Said = { state: 'source', generations, leads: true };
    this.#offered = offered;
    this.tell((answered) => {
      if (this.#offered !== offered) return;
      this.#offered = NOTHING_ELSE;
      if (!answered || this.isJoined || this.state === 'target') return;
      this.generations = generations;
      this.enterSource(why);
    });
  }

  // --- losing each other

  /** Serves no longer than this from the last answer on. */
  #holdLease(): void {
    this.#lease?.cancel();
    const delayNs = this.#answeredAt + this.options.silenceNs - this.#owner.now;
    this.#lease = this.#owner.after(Math.max(0, delayNs), () => this.lost('it does not answer'));
  }

  /** The other is lost, as far as this one can tell. */
  lost(why: string): void {
    if (this.state === 'source')
      this.enterDetached(`the other array is lost while it was copied to: ${why}`);
    else if (this.state === 'in-sync') this.enterSuspended(`the other array is lost: ${why}`);
  }

  #decideLater(): void {
    const { preferred, rule, silenceNs, winnerNs } = this.options;
    this.#decision?.cancel();
    if (rule === 'none' || (rule === 'preferred' && !preferred)) {
      if (this.state === 'suspended') this.enterRefusing('the other one would go on');
      return;
    }
    // The other may serve until so long after it was heard last; the preferred one asks first.
    const quietAt = Math.max(this.#heardAt, this.#owner.now - silenceNs) + silenceNs + 1;
    const more = rule === 'preferred' ? winnerNs : preferred ? 0 : Math.round(silenceNs / 2);
    this.#decision = this.#owner.after(quietAt + more - this.#owner.now, () => this.#decide());
  }

  #decide(): void {
    const { rule, silenceNs, site } = this.options;
    if (!this.#waits || !this.whole) return;
    if (this.#heardAt > this.#owner.now - silenceNs && !this.#doubts) {
      this.#decideLater();
      return;
    }
    if (rule === 'preferred') {
      this.enterDetached('it is the preferred one, and the other does not answer');
      return;
    }
    this.#question = this.#owner.now;
    this.#owner.askWitness({
      type: 'witness-ask',
      id: this.#question,
      site,
      generation: this.generations[0]!,
    });
    this.#decision = this.#owner.after(silenceNs, () => this.#decide());
  }

  /** What the witness says. Late answers, and those to what was not asked, are not followed. */
  handleWitness({ generation, granted, id }: WitnessAnswered): void {
    if (id !== this.#question) return;
    if (generation !== this.generations[0]) {
      this.#owner.refused(
        `the witness lets ${this.options.site} go on with generation ${generation}, which nobody has asked about: not followed`,
      );
      return;
    }
    const isHeard = this.#heardAt > this.#owner.now - this.options.silenceNs;
    if (!this.#waits || (isHeard && !this.#doubts)) return;
    if (granted) this.enterDetached('the witness lets it go on');
    else this.enterRefusing('the witness lets the other go on');
  }

  /** Somebody says that this one goes on, whatever the other may have answered. False where it serves or lacks blocks. */
  goOn(): boolean {
    if (!this.#waits || !this.whole) return false;
    this.enterDetached('somebody said so');
    return true;
  }

  // --- the lead

  /** Gives the lead over; `done` hears whether the other has taken it. Nothing may be under way. */
  giveLead(done: (taken: boolean) => void): void {
    this.turn++;
    this.leads = false;
    this.tell((answered) => {
      // Where nobody answers the other is lost, and what was written last says who has it.
      this.#owner.leadChanged(
        answered ? 'the other array leads' : 'the other array was told to lead',
      );
      done(answered);
    });
  }

  #setLead(leads: boolean, why: string): void {
    if (this.leads === leads) return;
    this.leads = leads;
    this.asks = false;
    this.#owner.leadChanged(why);
  }

  // --- states

  enterInSync(why: string): void {
    this.whole = true;
    this.#doubts = false;
    this.#offered = NOTHING_ELSE;
    this.refuses = false;
    this.#decision?.cancel();
    this.#enter('in-sync', why);
  }

  enterSuspended(why: string): void {
    this.#enter('suspended', why);
    this.#decideLater();
    const { waitsNs } = this.options;
    if (waitsNs === undefined || this.state !== 'suspended' || this.refuses) return;
    this.#patience?.cancel();
    this.#patience = this.#owner.after(waitsNs, () => {
      if (this.state !== 'suspended' || this.refuses) return;
      this.refuses = true;
      this.#enter('suspended', 'nobody says whether it goes on');
    });
  }

  /** It stays suspended, and tells who asks for anything. */
  enterRefusing(why: string): void {
    this.#decision?.cancel();
    this.refuses = true;
    this.#enter('suspended', why);
  }

  enterDetached(why: string): void {
    this.#doubts = false;
    this.#decision?.cancel();
    this.#offered = NOTHING_ELSE;
    this.refuses = false;
    if (!this.leads) this.turn++;
    this.leads = true;
    if (this.state !== 'source') this.generations = this.#renamed();
    this.#enter('detached', why);
  }

  enterSource(why: string): void {
    this.#decision?.cancel();
    if (!this.leads) this.turn++;
    this.leads = true;
    this.refuses = false;
    this.#enter('source', why);
    this.#owner.mayCopy();
  }

  enterTarget(why: string): void {
    this.#decision?.cancel();
    this.whole = false;
    this.leads = false;
    this.refuses = true;
    this.#enter('target', why);
  }

  /** All has been copied: the other hears it first. */
  copied(): void {
    this.tell(
      (answered) => {
        if (answered && this.state === 'source') this.enterInSync('the other array has all');
      },
      { state: 'in-sync' },
    );
  }

  #enter(state: PairState, why: string): void {
    this.state = state;
    this.#owner.entered(state, why);
  }
}

/** What the mirror and the shared reservations of a pair go by. */
export type PairStanding = Pick<
  Standing,
  | 'state'
  | 'leads'
  | 'serves'
  | 'refuses'
  | 'isJoined'
  | 'epoch'
  | 'fence'
  | 'theirFence'
  | 'gaveUp'
  | 'lost'
  | 'copied'
>;
