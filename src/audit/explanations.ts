/**
 * What each invariant means to who reads a verdict: what its breach is called, the broken machine that
 * its test catches, and what to do about it. The sentence and the evidence stand in its rule. One
 * table for headlines, `sanmotion explain` and docs/verdicts.md.
 */

/** What is said of an invariant beside its sentence and its evidence. */
export interface Explanation {
  /** What happened where it is violated, for a headline. */
  readonly breach: string;
  /** The machine, broken on purpose, that its test catches. */
  readonly mutant: string;
  /** What to do where it is violated. */
  readonly remedy: string;
}

/** Every invariant that has a rule, by its number. */
export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  I1: {
    breach: 'an I/O that failed, ended twice or took too long',
    mutant: 'a host that tells its guest of one completion twice',
    remedy:
      "Look at the I/O that is named: which path carried it last, and what answered; those that failed are listed with their reasons. A RESERVATION CONFLICT is a matter of I20, no path one of zones, masks and access states (I23). Where the time was too short, raise the guest's time-out (Linux: the disk's timeout in sysfs) or shorten the pause of the move; where nothing answered, see I3 and I29.",
  },
  I2: {
    breach: 'a status that no target gave',
    mutant: 'a host that tells its guest that a read is done when it has been sent',
    remedy:
      "It is the initiator's fault: its driver ends commands whose FCP_RSP never came or was another. Compare the frames that are named with its log.",
  },
  I3: {
    breach: 'I/O that was under way and is gone',
    mutant: 'a host that hands its guest over without the I/O that was to be sent again',
    remedy:
      "Drain before the guest is handed over (drain wait or abort), or let what is under way go over with the guest's state and be sent again on the destination.",
  },
  I4: {
    breach: 'a command that ran twice',
    mutant: 'a host that sends a COMPARE AND WRITE again and believes the miscompare',
    remedy:
      'What must not run twice may be sent again only when its first attempt is known not to have run; else read the block back and decide by what it holds. Drain wait makes it rare, not impossible.',
  },
  I5: {
    breach: 'a residual count that does not fit the data',
    mutant: 'an array that tells of a residual that is none',
    remedy:
      "Compare FCP_RESID with FCP_DL and the data frames that are named; it is the target's count, unless frames were lost on the way.",
  },
  I6: {
    breach: 'a lost write',
    mutant: 'an array that answers GOOD to every 50th write and keeps nothing of it',
    remedy:
      'Acknowledged data is gone: a late write came over it (then I7 is violated too, and its defences help), a volatile cache was lost, or the array answers before it keeps. Do not use this way of moving.',
  },
  I7: {
    breach: 'a ghost write',
    mutant: 'an array that writes a command once more when its login has ended',
    remedy:
      'A write of the old port was still on its way when its I/O was taken for over. Let the destination send nothing before R_A_TOV has passed (--defences wait-r-a-tov), or have every target confirm the LOGO (logo-acknowledged), or drain by wait: then nothing is under way.',
  },
  I8: {
    breach: 'a stale read',
    mutant: 'an array that serves reads from a cache which writes do not reach',
    remedy:
      'A read returned what had been overwritten: by a ghost write (see I7), by a path to another copy of the unit, or by a cache that does not hear of writes. Find out which unit and which path the frames that are named belong to.',
  },
  I9: {
    breach: 'a torn write',
    mutant: 'an array that lets the second half of a block as it was',
    remedy:
      'Data of two exchanges met in one command: an OX_ID was used again while frames of its old exchange were under way. Use OX_IDs of an epoch of their own on each side (--defences oxid-epochs), or wait for R_A_TOV.',
  },
  I10: {
    breach: 'commands out of their order',
    mutant: 'an array that takes every command for SIMPLE',
    remedy:
      "Who needs an order across a move must wait for each answer: ORDERED counts within one login only. After a loss of power look at the array's cache: what SYNCHRONIZE CACHE or FUA covered must have stayed.",
  },
  I11: {
    breach: 'a block that was changed on its way',
    mutant: 'an array that reads a bit wrong now and then',
    remedy:
      'The data or its place is wrong although every command ended well. Look for a unit under another identity (I21, I23) first, then for a medium or a cable that damages data; T10 protection information would find it at once.',
  },
  I12: {
    breach: 'an OX_ID that was used again too soon',
    mutant: 'a host that uses the OX_ID of an aborted exchange at once',
    remedy:
      'After ABTS an OX_ID rests until RRQ is answered, R_A_TOV later. Where a login gets the N_Port_ID of an old one, give each side OX_IDs of its own (--defences oxid-epochs) or wait (wait-r-a-tov).',
  },
  I13: {
    breach: 'a frame of a login that had ended',
    mutant: 'a switch that forwards a frame of a port after its logout',
    remedy:
      'Either the switch forwards for a port that it has logged out, or an N_Port_ID was given again within R_A_TOV. Turn persistent FC_IDs off for names that move, honour the clean address bit (--defences clean-address), or wait R_A_TOV before the new login (wait-r-a-tov).',
  },
  I14: {
    breach: 'a WWPN that is logged in twice',
    mutant: 'a switch that lets a WWPN in a second time without a word to the first',
    remedy:
      'Two ports have one name: a clone, or a destination that logged in before its source had left. Let the source leave first, use a pair of WWPNs, and set what the switch does with a duplicate (duplicateWwpn).',
  },
  I15: {
    breach: 'a command without a process login',
    mutant: 'a host that sends a command after its LOGO',
    remedy:
      "The initiator sends although PRLI has not been accepted or the login is over: its driver did not hear of the LOGO, or the target forgot the login without a word. Look at the login's last frames.",
  },
  I16: {
    breach: 'a login whose end cleared too little or too much',
    mutant: 'an array that answers a command after it has confirmed its abort',
    remedy:
      'The target must end the tasks of a login with it, release SPC-2 reservations, and keep persistent ones. Ask its vendor; until then drain by wait, and release by hand what stays.',
  },
  I17: {
    breach: 'a unit attention that was lost or told twice',
    mutant: 'an array that tells one unit attention twice',
    remedy:
      'What an initiator was not told (29h, 3F/0E, 2A/06) it does not look at: rescan the units on the host that is named. It is the target that owes it.',
  },
  I18: {
    breach: 'a virtual link that outlived its keep-alives, or was cut without reason',
    mutant: 'a switch that believes in an ENode without its keep-alives',
    remedy:
      'Compare FKA_ADV_PERIOD on both ends; keep-alives must come once a period, and 2.5 of them without a word end the link. A host under load that is late with them needs a longer period.',
  },
  I19: {
    breach: 'a sequence against the rules',
    mutant: 'a host that ends every frame of its write data with EOFt',
    remedy:
      "The frame that is named is wrong in its SOF or EOF, SEQ_CNT, relative offset, burst, size or CRC. A CRC points to a cable or a bridge (in a run, where every fault of those is told, to the sender), the others to the sender's driver; a frame that is too large also to a login whose receive size was not kept to.",
  },
  I20: {
    breach: 'a reservation that did not go over, or a write without a layout',
    mutant: 'an array that lets everybody write whatever is reserved',
    remedy:
      'The new names must be registered before the guest runs on them, and the reservation handed over with no moment between (REGISTER AND MOVE, PREEMPT by the key that both sides know, or a registrants-only type). Have the guest register all its names beforehand. Who writes under a layout that it has returned, or that was taken from it, is to be fenced before the next client has it: by a reservation, or by its mask.',
  },
  I21: {
    breach: 'a command to a unit that its host did not mean, or may not see',
    mutant: 'an array that shows logical units under other numbers than its masks say',
    remedy:
      "Compare the array's masks for the WWPN that is named with what it answers to REPORT LUNS; after a change every host must look again before it writes.",
  },
  I22: {
    breach: 'a frame across zones',
    mutant: 'a switch that says it filters by zones and lets everybody through',
    remedy:
      'The switch that is named does not filter as its zone set says: activate the zone set, and have it enforced by hardware (hard zoning).',
  },
  I23: {
    breach: 'other disks, or fewer or worse paths than before',
    mutant: 'a destination that hides from the mover that its LUNs are others',
    remedy:
      "Bring zones and masks of the destination's names into line with those of the source: the same units, the same LUNs, as many ports. A preflight that compares both sides would have refused.",
  },
  I24: {
    breach: "I/O under a name that is not the guest's",
    mutant: "a host that sends a guest's I/O under its own name",
    remedy:
      'The host fell back to its own port: NPIV was not to be had, or the virtual port did not log in. Masks, reservations and accounts then hit the wrong one; forbid the fall-back (fallBack none).',
  },
  I25: {
    breach: 'FCoE in another VLAN, or a port in another fabric',
    mutant: 'a host that puts a frame into the VLAN of another fabric',
    remedy:
      'A port or a bridge puts FCoE into a VLAN that its switch does not announce, or an adapter took an FCF of another fabric. Compare FIP VLAN discovery (which VLANs are named, and which of them the adapter takes) with the configuration of the host and of the bridges between.',
  },
  I26: {
    breach: 'storage that may be dropped, or a pause that does not end',
    mutant: 'a switch whose headroom is a frame too small for its links',
    remedy:
      'Every hop of FCoE needs PFC for the same priority at both ends (DCBX), named by the application table; compare the ends of the link that is named. A frame dropped in a buffer: the headroom of that port is less than its cable, its rate and the largest frame need (docs/qos.md has the formula; left out, headroomBytes is what the links need), or the other end obeys pauses too late. A pause that lasts is a device that takes nothing (slow drain) or one that sends pauses for ever: find the end of the chain of pauses and take that device out; a circle of pauses needs another route.',
  },
  I27: {
    breach: 'less than its share of a link, or another priority after a move',
    mutant: 'a host whose frames have priority 0',
    remedy:
      'Compare the priority of the guest on both hosts, and the groups and their bandwidths (ETS) at both ends of the link that is named: a strict group that is always full starves the others, and a priority that is in another group there has another share.',
  },
  I28: {
    breach: 'a symbolic name that names another guest',
    mutant: "a host that registers a guest's port under another name",
    remedy:
      'Register the symbolic name anew (RSPN_ID) after each login; who accounts by it would charge the wrong guest.',
  },
  I29: {
    breach: 'a pause that was too long',
    mutant: 'a mover that dawdles while the guest stands still',
    remedy:
      'See which step took the time in the table of steps. A pair of WWPNs logs in beforehand; a wait for R_A_TOV is in the pause by design; a pause in which nothing was sent after the move points to paths, masks or reservations on the destination.',
  },
  I30: {
    breach: 'work that goes round without getting on',
    mutant: 'an array that is busy whenever one write comes',
    remedy:
      'Something is refused and tried again for ever. For a login: look for a second port with the same WWPN, or a full login table; for I/O: why the target that is named stays busy.',
  },
  I31: {
    breach: 'a failed move that left something behind, or harmed others',
    mutant: 'a destination that is told to forget a guest and stays logged in',
    remedy:
      "Undo by hand what is named: log the destination's ports out, give the reservation back, see that the guest runs where it did. Then find out from the reason of the failure why it was refused.",
  },
  I32: {
    breach: 'a guest on two hosts, or on none',
    mutant: 'a source that runs the guest on after it has handed it over',
    remedy:
      'Stop one of the two at once, before both write. A host that comes back after a crash must ask who owns the guest before it runs it.',
  },
  I33: {
    breach: 'a snapshot that is no one moment',
    mutant: 'an array that lets a write through while it cuts',
    remedy:
      'Do not restore from it. Writes of all units of a snapshot must be held from the first unit to the last, caches flushed before, and what a block had kept before it changes; a guest that thawed by its own bound must have its backup taken again, or called crash-consistent.',
  },
  I34: {
    breach: 'a change that a map of changed blocks does not know',
    mutant: 'a host whose map of changed blocks starts anew at the move and says nothing of it',
    remedy:
      'Take a full backup now and begin the map anew: every incremental one since is wrong. A map must go along with its guest (QEMU: the capability dirty-bitmaps at both ends) or say after the move that it does not know; a bit is set before its block changes; what is merged, or gone back to, counts as changed.',
  },
  I35: {
    breach: 'a backup that does not give back what was cut',
    mutant: 'an agent that reads the unit as it is now instead of its snapshot',
    remedy:
      'Do not restore from this chain: take a full backup. Where I34 is violated too, the map lied; where it holds, the agent read something else than the snapshot, left out what had become zeros, or put increments back in another order.',
  },
  I36: {
    breach: 'legs that differ, and nobody knows',
    mutant: 'an array that answers a write before the other leg has it',
    remedy:
      'Stop the copy between the arrays, and say by hand whose data stay. Where both sides went on alone (split brain) look at the witness: it must let one go on, and each must stop to serve before the other begins. Where a map forgot blocks, look at the generations: who goes on alone takes a new one before its next write, and only data whose generation the other knows may be taken for older. A registration that one array alone knows lets a host write that was shut out at the other: have both take a change over before it is answered.',
  },
  I37: {
    breach: 'a switch that still forwards to the old host',
    mutant: 'a tunnel endpoint that does not hear of a better route',
    remedy:
      "Look at which switch is named. In a learning LAN the new host's announcement was lost or the VLAN is missing there (I43); with an Ethernet VPN compare the numbers of its routes (I42), whether the address is sticky, and whether the session to its reflector is up. Until then frames come back with the age of the table at the latest.",
  },
  I38: {
    breach: 'a pause without datagrams',
    mutant: 'a host that announces its guest into the void',
    remedy:
      'Announce at once when the guest runs, and more than once; move the LAN with the guest and not before it (I41). Where nothing passes at all look for the VLAN at the new port (I43) and for room for tunnels in the network below (50 bytes for VXLAN).',
  },
  I39: {
    breach: 'a datagram that came twice',
    mutant: 'a host that hands its guest every datagram twice',
    remedy:
      'Two ways lead to the guest: a loop (I40), a NIC that is still plugged in at the old host, or tunnel endpoints that flood among each other.',
  },
  I40: {
    breach: 'a frame that goes round in circles',
    mutant: 'a bridge that passes on twice what is for everybody',
    remedy:
      'Break the loop: the links that are named are on it. Spanning tree or a link aggregate belongs there; storm control bounds the damage and mends nothing.',
  },
  I41: {
    breach: 'LAN and storage network at different hosts',
    mutant: 'a mover that rolls the storage back and leaves the LAN where it went',
    remedy:
      'Let both halves go while the guest stands still (order together), or the LAN when the guest runs again (order san-first); never before memory is copied (lan-first). Announce at the source again where a move is rolled back. The longer of the two halves is the pause: shorten it.',
  },
  I42: {
    breach: 'a mobility number that is wrong',
    mutant: 'a tunnel endpoint that does not hear the routes of others, and begins with number 0',
    remedy:
      "An endpoint that begins below the number that others know is not believed: clear the address everywhere, or let it learn the routes before it advertises. Moves that follow each other within seconds are called duplicates: raise the limit for a balancer's guests.",
  },
  I43: {
    breach: "a guest's port without its profile",
    mutant: 'a bridge that does not hear that a guest has gone, and keeps its profile',
    remedy:
      "Bring VLAN and profile to every port that a guest may come to before it moves; ask by pre-associate (VDP), which refuses while nothing has happened. A profile that stays at the old port lets others in under the guest's name.",
  },
  I44: {
    breach: 'an untrue answer for a guest',
    mutant: "a tunnel endpoint that answers ARP with another guest's address",
    remedy:
      'Switch the suppression of ARP off at the endpoint that is named, and look for two stations with one address.',
  },
  I51: {
    breach: 'a block that is another one below',
    mutant: 'a host that assembles a striped volume in the order in which it finds its units',
    remedy:
      'Stop writing: what is written now goes to blocks of others. Compare the level that is named before and after the move (sanmotion trace): a volume must be assembled by the identities of its units and never by their order or LUN, a LUN must not be given to another unit while a host uses it, and no snapshot be deleted that something still lies in.',
  },
};

/**
 * Invariants whose breach makes others break: another unit than was meant, a name that two guests
 * claim, a reservation that keeps its own holder out, legs that differ. They are told first.
 */
export const CAUSES: ReadonlySet<string> = new Set(['I21', 'I14', 'I20', 'I36']);

/**
 * Invariants that no defence against late frames can mend: names, masks, zones, paths, VLANs, queues, legs that differ,
 * where blocks lie.
 */
export const BEYOND_DEFENCES: ReadonlySet<string> = new Set([
  ...['I14', 'I21', 'I22', 'I23', 'I25', 'I26', 'I27', 'I36', 'I51'],
]);

/** What is said of an invariant; `undefined` for what is none. */
export function explanationOf(invariant: string): Explanation | undefined {
  return Object.hasOwn(EXPLANATIONS, invariant) ? EXPLANATIONS[invariant] : undefined;
}
