/**
 * docs/verdicts.md: every invariant, what it needs to be judged, whether a capture can show it,
 * the broken machine that its test catches, and what to do. Made from the rules and their explanations.
 *
 * Run: `npm run -s verdict-table`; with `--check` it only says whether the page is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariants } from '../src/audit/auditor.ts';
import { type Evidence, MEANING } from '../src/audit/evidence.ts';
import { explanationOf } from '../src/audit/explanations.ts';
import { sessionInvariants } from '../src/audit/session-audit.ts';

const PAGE = fileURLToPath(new URL('../docs/verdicts.md', import.meta.url));

/** What the frames of a capture give, by themselves or read with care. */
const FROM_FRAMES: ReadonlySet<Evidence> = new Set(['frame', 'login', 'logout']);

/** What only excuses: a fall of a machine, or a login that a switch hands over without a frame. */
const EXCUSES: ReadonlySet<Evidence> = new Set(['disturbance', 'handed-over']);

const HEAD = `# Verdicts

A run and a capture are judged by the same auditor. It is told what happened, in order: frames at
the switch's ports, logins, guests' I/O, what reached the medium, the steps of the move, and what was
done to the world from outside. Each invariant has a rule that says one of three things:

- **holds**: what it needs was there, it was put to the test, and nothing broke it;
- **violated**: with what was found and the frames that show it;
- **not observable**: nothing here could have shown it. That is never the same as *holds*.

A fault that hits a frame, a link that is cut and a machine that crashes are told to the auditor as
such: a frame that was damaged, doubled or held back on its way says nothing about its sender, an
exchange that lost a frame is not judged by what is missing, and a pause that an outage made is not
charged to the move. Acknowledged data must survive all of it. What a guest suffered by such a doing is
said all the same: the invariant holds, and what it holds in spite of stands with whose doing it was in the
first line of \`move\` and in the JSON (\`verdict[].excused\`: \`what\` and \`by\`).

\`npm run -s verdict-table\` writes this page from the rules (\`src/audit/rules\`) and what is said of them
(\`src/audit/explanations.ts\`); the tests break a machine for each (\`test/sim/audit\`).

| | What must hold | A capture alone shows it | The broken machine that the test catches |
|---|---|---|---|
`;

const REMEDIES = `
## What to do where one is violated

\`sanmotion explain I7\` says the same of one of them.

| | What happened | What to do |
|---|---|---|
`;

const NEEDS = `
## What each one needs

| | Needed | Also used |
|---|---|---|
`;

const TAIL = `
## Data: the history of every block

I6 and I8 come from one check (\`src/audit/ledger/linearizability.ts\`). Every write stamps its blocks with a
value of its own, so a read names the write that it saw. All operations with one value of a block
form a zone in time, from the first end among them to the last begin; the history of the block can be
explained by one order of its operations exactly when no two zones reach into each other both ways
(Gibbons and Korach, 1997). A write whose outcome nobody knows (its guest was told of a failure, or
died with its host) never ends: it may take effect at any later time, or never. The check runs along
with the history and forgets what no read may return any more. It is compared with a checker that
tries every order, on 20,000 random histories.

## Captures as people take them

A capture is judged as it was meant, not as its file happens to lie. Frames that are slightly out of
order (a card with several queues, a merge) are put in the order of their stamps within a window of
20 ms; a frame that a mirror port shows twice, byte for byte within 1 ms and before the other end has
answered, is judged once; interfaces are told by their number, for two captures that are merged both
call theirs \`eth0\`; addresses and exchanges are those of a fabric, told by VLAN and VF_ID. What was
done is said behind the first line of the text, and in \`capture.copies\`, \`sorted\` and \`late\` of the
JSON. What a snap length cut accuses nobody; how many frames it cut, and to how many bytes, is said there
too (\`capture.cut\`, \`cutAtBytes\`; \`cut\` of each frame in \`decode --json\`). I15 and I19 do not hold where no login, no frame was seen.

## Logical units in captures

A host knows a unit by its names (INQUIRY, VPD page 83h); UNIT ATTENTION 3F/0E and 3F/03 warn it that a
LUN may be another unit now. \`identities\` of \`replay --json\` has, for each login and LUN, the unit's name, its
blocks, the frames of each look, the warnings that a look has followed (\`heeded\`) and what was read and
written since one that none has (\`unseen\`); the text lists what was done unseen. I21 is violated in a
capture only where it is proven: writes went well after the warning, and the next look of the same
login shows another unit than the one before. Writes before a second warning, and a REPORT LUNS
between the last write and the look, which takes warnings away unsaid, prove nothing. Where the host
goes on and never looks again, I21 is not observable, and the table says so.

## Sessions of iSCSI and NFS in captures

Where a capture has TCP connections of iSCSI (on any port: a Login Request tells) or of NFS versions 3 and 4.1, their sessions are judged by
the frames alone. \`sessions\` of \`replay --json\` has each with its ports (\`iqn.…,i,0x…\` and \`iqn.…,t,0x…\`; address and
\`nfs:\` for NFS), its units, and what ended it; \`latencies\` and \`statuses\` have its answers.

| | As sessions mean it |
|---|---|
SESSION_ROWS

**The late write (I7)** is proven in three ways: the last data of a write that went well were sent after its session had been
reinstated or logged out; or a write was sent again by the same initiator on a session that began later (for NFS: under its xid, or in its slot of a session), newer data were
acknowledged, and then the first one's last data came; or what a session wrote that was over shows in a read, and did not in the read
before; or, in a capture of several taps, a write of blocks that say which write they are (those of our workload) was sent before it was sent again and
acknowledged, and arrives, by the taps that lie behind, only afterwards. In a session of NFS 4.1 also where a call was taken when its slot had gone on, and where one that came again in its slot got another answer than before (of what writes I7,
of the rest I4). **A stale read (I8)** is one whose blocks hold what a write of the capture had brought that a later one had surely replaced.
Blocks are compared by digests; blocks of one value all over tell nothing.

What weakens the evidence: bytes that are missing (lost segments, a capture that begins in the middle or has one direction only), data that
a snap length cut, a login that is not there whole (then no length is held against what was agreed), several connections in one
session. Within a connection the order is that of its sequence numbers, and what one end had read of the other its ExpStatSN and ExpCmdSN
tell; of two connections one thing is only taken for later than another where 20 ms lie between, or where one queue of one interface (pcapng's
\`epb_queue\`) brought both. What arrives late at one tap of several is judged beside what all show together. A wrong digest is counted and accuses
nobody, as a wrong CRC on a cable does; a segment with a wrong TCP checksum (\`checksumBad\`) is not there, for its receiver discards it, unless a card
computes checksums behind the tap. A test cuts, doubles, confuses and shortens sound conversations and recordings: nothing is
said of them that is not said of the whole (\`test/property/audit/sessions.test.ts\`).

A run over iSCSI or NFS judges the frames of its taps in the same way, beside what its machines tell: I2, I4, I5, I12 to I16, I19 and I25 as \`replay\` of
its \`--pcap\` does, and I1, I6, I7, I8, I17, I20 and I21 by both, the graver of the two. A frame is read once, where it goes into the LAN; one that a fault
has damaged before, so that its checksum is wrong, accuses nobody.

What frames cannot show of an invariant is said of none:

| | Seen in a capture of iSCSI or NFS | Not to be seen |
|---|---|---|
| I3 | what was under way when a session ended, and what of it was sent again: it is counted, and neither holds nor is violated | what a guest asked for and was told; when it stood still |
| I17 | a LOGICAL UNIT RESET or TARGET RESET of one session, and whether every other one of that target is told (29h) before a command ends well there; the loss of a nexus (29/07), which is told once | attentions whose cause no frame shows (masks, other networks); NFS has none |
| I20 | NFS 4.1: writes by opens that were closed or are another client's, layouts of blocks for writing that two have, LAYOUTCOMMIT behind LAYOUTRETURN; over iSCSI a write to a disk behind LAYOUTRETURN, where GETDEVICEINFO tells the unit's NAA name and the client is named as its initiator port | reservations of SCSI, whose holder initiators outside of the capture may change; which disk any other signature is on; opens of version 3, which has none |
| I21 | a login that passes without CHAP_R where CHAP was agreed on; a read or write at a LUN that REPORT LUNS lists neither before nor behind it; writes behind 3F/0E or 3F/03 to a unit that the next look shows to be another; NFS 3: READ and WRITE of an address that MOUNT has refused | the masks and export rules themselves, secrets, and whether a response to CHAP is right |
| I25 | a frame in another VLAN than those of its connection between the same MAC addresses, at the same tap | in which VLAN a storage network should be, for nothing announces it; frames without a tag |

Not to be seen in any capture, and so never judged there: what a target forgot without a word, writes of initiators that the tap does not
see, masks and CHAP secrets.

## Moves in captures

\`sanmotion replay\` names the moves that a capture shows (\`moves\` in its JSON): a WWPN that logs in on
another ENode than before (\`same\`), or one whose I/O begins on another ENode after that of a WWPN with
the same node name on the same fabric has ended (\`pair\`). For each: WWPN, N_Port_ID, granted MAC
address and ENode of both ends, the frames of login and logout, the last I/O done on the old port and
the first on the new, the time between them, and the exchanges that were open when the old login ended,
with what became of them. A part that the capture does not show is left out.
`;

const OF_SESSIONS: ReadonlySet<string> = new Set(
  sessionInvariants().map(({ invariant }) => invariant),
);

function captureText({
  invariant,
  needs,
  hears,
  fromFrames,
}: ReturnType<typeof invariants>[number]): string {
  if (!needs.every((kind) => FROM_FRAMES.has(kind)))
    return fromFrames !== undefined ? 'in part' : OF_SESSIONS.has(invariant) ? 'of sessions' : 'no';
  const rest = hears.filter((kind) => !FROM_FRAMES.has(kind) && !EXCUSES.has(kind));
  return rest.length === 0 ? 'yes' : 'in part';
}

/** The page as it should be. */
export function verdictPage(): string {
  const rows: string[] = [];
  const needs: string[] = [];
  const remedies: string[] = [];
  for (const one of invariants()) {
    const { invariant, sentence } = one;
    const explanation = explanationOf(invariant);
    rows.push(
      `| ${invariant} | ${sentence} | ${captureText(one)} | ${explanation?.mutant ?? '–'} |`,
    );
    remedies.push(`| ${invariant} | ${explanation?.breach} | ${explanation?.remedy} |`);
    const also = one.hears.filter((kind) => !one.needs.includes(kind));
    needs.push(`| ${invariant} | ${wordsOf(one.needs)} | ${wordsOf(also)} |`);
  }
  const sentences = sessionInvariants().map(
    ({ invariant, sentence }) => `| ${invariant} | ${sentence} |`,
  );
  const byNumber = sentences.sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)));
  const tail = TAIL.replace('SESSION_ROWS', byNumber.join('\n'));
  return `${HEAD}${rows.join('\n')}\n${REMEDIES}${remedies.join('\n')}\n${NEEDS}${needs.join('\n')}\n${tail}`;
}

const wordsOf = (kinds: readonly Evidence[]): string =>
  kinds.length === 0 ? '–' : kinds.map((kind) => MEANING[kind]).join(', ');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = verdictPage();
  if (process.argv.includes('--check')) {
    const good = readFileSync(PAGE, 'utf8') === page;
    if (!good) console.error('docs/verdicts.md is out of date: run npm run -s verdict-table');
    process.exitCode = good ? 0 : 1;
  } else writeFileSync(PAGE, page);
}
