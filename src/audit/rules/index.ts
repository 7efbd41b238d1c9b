/** The rules of all invariants. */
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';
import { AttentionIsTold } from './attention.ts';
import { MapIsSound, RestoreIsWhole } from './backups.ts';
import { BlackoutBound } from './blackout.ts';
import { ChainsAreTrue } from './chains.ts';
import { ClearingEffects } from './clearing-effects.ts';
import {
  DataIsIntact,
  NoGhostWrite,
  NoLostWrite,
  NoStaleRead,
  NoTornWrite,
} from './data-integrity.ts';
import { NoFrameWithoutLogin, OneLoginPerWwpn } from './fabric-logins.ts';
import { OneOwner, RollbackIsWhole } from './failed-moves.ts';
import { AttributionIsTrue, NoForeignIdentity } from './identity.ts';
import { ExactlyOnce, NoInventedStatus, NoSilentDrop } from './io-ends.ts';
import { HalvesAgree } from './lan-agreement.ts';
import { DeliveredOnce, LanBlackout } from './lan-datagrams.ts';
import { AnswersAreTrue, NoLoop, SwitchesFollow } from './lan-forwarding.ts';
import { NumbersRise, ProfilesFollow } from './lan-mobility.ts';
import { NoLossNoStorm, SharesAreKept } from './link-queues.ts';
import { MasksAreKept } from './masks.ts';
import { OxIdRests } from './ox-ids.ts';
import { NoCommandBeforePrli } from './process-login.ts';
import { Progress } from './progress.ts';
import { ReservationHandOver } from './reservations.ts';
import { ResidualIsTrue } from './residuals.ts';
import { RetrySafety } from './retries.ts';
import { SequenceRules } from './sequences.ts';
import { ConsistentCut } from './snapshots.ts';
import { LegsAgree } from './stretched.ts';
import { OrderIsKept } from './task-order.ts';
import { SameUnits } from './views.ts';
import { VirtualLinksLive } from './virtual-links.ts';
import { VlanIsVsan } from './vlans.ts';
import { ZonesAreKept } from './zones.ts';

/** In any order: they are sorted by their numbers. */
const RULES: readonly (new (context: RuleContext) => Rule)[] = [
  ExactlyOnce,
  NoInventedStatus,
  NoSilentDrop,
  RetrySafety,
  ResidualIsTrue,
  NoLostWrite,
  NoGhostWrite,
  NoStaleRead,
  NoTornWrite,
  OrderIsKept,
  DataIsIntact,
  OxIdRests,
  NoFrameWithoutLogin,
  OneLoginPerWwpn,
  NoCommandBeforePrli,
  ClearingEffects,
  AttentionIsTold,
  VirtualLinksLive,
  SequenceRules,
  ReservationHandOver,
  MasksAreKept,
  ZonesAreKept,
  SameUnits,
  NoForeignIdentity,
  VlanIsVsan,
  AttributionIsTrue,
  NoLossNoStorm,
  SharesAreKept,
  BlackoutBound,
  Progress,
  RollbackIsWhole,
  OneOwner,
  ConsistentCut,
  MapIsSound,
  RestoreIsWhole,
  LegsAgree,
  SwitchesFollow,
  LanBlackout,
  DeliveredOnce,
  NoLoop,
  HalvesAgree,
  NumbersRise,
  ProfilesFollow,
  AnswersAreTrue,
  ChainsAreTrue,
];

/** A rule for every invariant, in the order of their numbers. */
export function rulesOf(context: RuleContext): Rule[] {
  const numberOf = ({ invariant }: Rule) => Number(invariant.slice(1));
  return RULES.map((rule) => new rule(context)).sort((a, b) => numberOf(a) - numberOf(b));
}
