/** What `sanmotion explain` knows beside invariants: vendors' profiles, the adversary's faults, the failure catalogue. */

import { meantBy } from '../codecs/layout/nearest-name.ts';
import { PROFILE_NAMES, type ProfileName, profileOf } from '../mobility/profiles.ts';
import { FAULT_KINDS, type FaultKind } from '../run/fault.ts';
import { builtInNames, builtInPath, scenarioText } from './scenario-file.ts';
import { descriptionIn } from './scenarios.ts';

/** One of them: a sentence, and lines with a name each. */
export interface ExplainedOther {
  readonly kind: 'profile' | 'fault' | 'failure';
  readonly name: string;
  readonly sentence: string;
  readonly lines: readonly (readonly [name: string, text: string])[];
}

/** What the adversary of a campaign does to a frame, or to a node when the frame is sent. */
const FAULTS: Readonly<Record<FaultKind, string>> = {
  drop: 'The frame is lost on its link',
  duplicate: 'The frame arrives, and arrives again 50 us later (delayNs)',
  delay: 'The frame arrives so much later (delayNs); frames behind it overtake it',
  hold: 'The frame and those that follow it in its exchange on this hop arrive so much later (delayNs)',
  corrupt:
    'A bit of the frame flips inside a switch; the FC CRC finds it, and of FIP the Ethernet FCS',
  cut: "The frame's link goes down for 100 ms (forNs), with all that is in flight on it",
  crash: 'A node stops when the frame is sent, and starts anew after 2 s (forNs)',
};

/** What is known under a name; `undefined` where it is none of these. */
export function explainedOther(name: string): ExplainedOther | undefined {
  const word = name.toLowerCase();
  const profile = PROFILE_NAMES.find((one) => one === word);
  if (profile !== undefined) return ofProfile(profile);
  const fault = FAULT_KINDS.find((one) => one === word);
  if (fault !== undefined) return ofFault(fault);
  return /^f\d{1,2}$/.test(word) ? ofFailure(Number(word.slice(1))) : undefined;
}

/** The names that can be explained, in words, with the one that was meant, perhaps. */
export function otherNames(name: string): string {
  const failures = new Set(builtInNames().flatMap((one) => numberIn(one) ?? []));
  const catalogue = [...failures].map((one) => `F${one}`);
  const meant = meantBy(name, [...PROFILE_NAMES, ...FAULT_KINDS, ...catalogue]);
  return `profiles ${PROFILE_NAMES.join(', ')}; faults ${FAULT_KINDS.join(', ')}; failures ${catalogue.join(', ')}${meant}`;
}

function ofProfile(name: ProfileName): ExplainedOther {
  const { fabric, isMeantSafe, move, source, timing, title } = profileOf(name);
  const safety = isMeantSafe
    ? 'against every frame that is late by less than R_A_TOV'
    : 'not by itself: sanmotion zoo shows what breaks it';
  return {
    kind: 'profile',
    name,
    sentence: title,
    lines: [
      ['move', settingsOf(move)],
      ['fabrics', settingsOf(fabric)],
      ...(timing === undefined ? [] : [['timing', settingsOf(timing)] as const]),
      ['safe', safety],
      ['source', source],
      ['try it', `sanmotion move --profile ${name}`],
    ],
  };
}

function settingsOf(settings: object): string {
  const words = Object.entries(settings).map(([key, value]) => {
    const text = Array.isArray(value) ? value.join(', ') || 'none' : String(value);
    return `${key} ${text}`;
  });
  return words.join('; ') || 'as they are';
}

function ofFault(name: FaultKind): ExplainedOther {
  const more =
    name === 'crash'
      ? ', "node": "h1"'
      : /^(delay|hold)$/.test(name)
        ? ', "delayNs": 9000000000'
        : '';
  const run = `{"seed": 1, "faults": [{"frame": 12, "fault": "${name}"${more}}]}`;
  return {
    kind: 'fault',
    name,
    sentence: FAULTS[name],
    lines: [['try it', `sanmotion campaign --replay '${run}'`]],
  };
}

const numberIn = (scenario: string): number | undefined => {
  const digits = /^f(\d\d)-/.exec(scenario)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** A failure of the catalogue, by the scenarios that show it. */
function ofFailure(number: number): ExplainedOther | undefined {
  const names = builtInNames().filter((one) => numberIn(one) === number);
  if (names.length === 0) return undefined;
  return {
    kind: 'failure',
    name: `F${number}`,
    sentence: descriptionIn(scenarioText(builtInPath(names[0]!)).text),
    lines: [
      ...names.map((name) => [name, headOf(scenarioText(builtInPath(name)).text)] as const),
      ['try it', `sanmotion move ${names[0]}`],
    ],
  };
}

/** The comment at the top of a file, without what is for editors. */
function headOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const words = lines
    .slice(0, end)
    .filter((line) => !line.includes('$schema='))
    .map((line) => line.replace(/^#\s?/, ''));
  return words.join(' ').replace(/^F\d+(?:, F\d+)*:?\s*/, '');
}
