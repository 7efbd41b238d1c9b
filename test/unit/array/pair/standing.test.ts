/** How two arrays stand to each other: found, lost, found again. */
import { describe, expect, it } from 'vitest';
import { StandingRig } from '../../../helpers/standing-rig.ts';

const APART = 400_000;

describe('two arrays that find each other', () => {
  it('are in sync, and the preferred one leads', () => {
    expect(new StandingRig().start().states).toEqual(['in-sync leads', 'in-sync']);
  });

  it('give the lead over, and the other has it', () => {
    const rig = new StandingRig().start();
    let taken: boolean | undefined;
    rig.sides[0]!.giveLead((answer) => {
      taken = answer;
    });
    expect([rig.run(50_000).states, taken]).toEqual([['in-sync', 'in-sync leads'], true]);
  });

  it('copy what was under way before they were in sync', () => {
    const rig = new StandingRig();
    rig.differs[0] = 3;
    rig.start();
    expect(rig.told).toContain('west target');
    expect(rig.states).toEqual(['in-sync leads', 'in-sync']);
    expect(rig.sides[1]!.generations[0]).toBe('1-east');
  });
});

describe('two arrays that lose each other', () => {
  it('both stop before one of them goes on', () => {
    const rig = new StandingRig().start();
    rig.told.length = 0;
    rig.joined = false;
    rig.run(APART);
    expect(rig.told.slice(0, 3).sort()).toEqual([
      'east detached',
      'east suspended',
      'west suspended',
    ]);
    expect(rig.told[2]).toBe('east detached');
    expect(rig.states).toEqual(['detached leads', 'suspended']);
    expect(rig.sides[1]!.refuses).toBe(true);
  });

  it('the one without the witness gets what it lacks when they meet', () => {
    const rig = new StandingRig().start();
    rig.joined = false;
    rig.run(APART);
    rig.differs[0] = 5;
    rig.joined = true;
    rig.run(APART);
    expect(rig.told.slice(-4)).toEqual([
      'west target',
      'east source',
      'west in-sync',
      'east in-sync',
    ]);
    expect(rig.sides[1]!.generations).toEqual(['1-east', '0']);
  });

  it('wait where nobody is asked and nobody is preferred', () => {
    const rig = new StandingRig({ rule: 'none' }).start();
    rig.joined = false;
    expect(rig.run(APART).states).toEqual(['suspended leads', 'suspended']);
    rig.joined = true;
    expect(rig.run(APART).states).toEqual(['in-sync leads', 'in-sync']);
    expect(rig.sides[0]!.generations).toEqual(['0']);
  });

  it('the preferred one goes on by itself, and the other never', () => {
    const rig = new StandingRig({ rule: 'preferred' }).start();
    rig.joined = false;
    expect(rig.run(APART).states).toEqual(['detached leads', 'suspended']);
  });

  it('wait for a witness that is not reached', () => {
    const rig = new StandingRig().start();
    rig.joined = false;
    rig.witnessUp = false;
    expect(rig.run(APART).states).toEqual(['suspended leads', 'suspended']);
    rig.witnessUp = true;
    rig.run(APART);
    expect(rig.sides.filter(({ state }) => state === 'detached')).toHaveLength(1);
  });

  it('do not follow a witness that speaks of something else', () => {
    const rig = new StandingRig({}, 'other-generation').start();
    rig.joined = false;
    expect(rig.run(APART).states).toEqual(['suspended leads', 'suspended']);
    expect(rig.told.at(-1)).toMatch(/refuses: the witness lets \w+ go on with generation 0\?/);
  });
});

describe('two arrays that have both gone on', () => {
  it('see it by their generations, and copy nothing', () => {
    const rig = new StandingRig({}, 'both').start();
    rig.joined = false;
    expect(rig.run(APART).states).toEqual(['detached leads', 'detached leads']);
    rig.joined = true;
    expect(rig.run(APART).states).toEqual(['detached leads', 'detached leads']);
    expect(rig.told.filter((one) => one.includes('split brain'))).toHaveLength(2);
  });
});

describe('data that keep their name', () => {
  it('are taken for equal, whatever was written alone', () => {
    const rig = new StandingRig({ generation: 'same' }).start();
    rig.joined = false;
    rig.run(APART);
    rig.differs[0] = 5;
    rig.joined = true;
    rig.run(APART);
    expect(rig.states).toEqual(['in-sync leads', 'in-sync']);
    expect(rig.told).not.toContain('west target');
  });
});

describe('an array that lost its power', () => {
  it('waits for the other for as long as that may serve, and never goes on without all data', () => {
    const rig = new StandingRig().start();
    rig.joined = false;
    rig.run(APART);
    const lost = rig.sides[1]!;
    lost.enterTarget('for the test');
    const again = new StandingRig();
    again.joined = false;
    again.sides[1]!.resumeFrom(lost);
    again.sides[1]!.start();
    expect(again.run(APART).sides[1]!.state).toBe('starting');
  });
});

describe('arrays of which nothing outlasts their end', () => {
  /** In the place of one of the sides: another life, with nothing. */
  const begun = (rig: StandingRig, which: 0 | 1) => {
    rig.sides[which]!.lost('power');
    rig.begin(which, 'second');
  };

  it('serve nobody before both have met, not with the witness either', () => {
    const rig = new StandingRig({ life: 'first' });
    rig.joined = false;
    rig.start().run(APART);
    expect(rig.states).toEqual(['starting leads', 'starting']);
    rig.joined = true;
    rig.run(APART);
    expect(rig.states).toEqual(['in-sync leads', 'in-sync']);
    expect(rig.sides.map(({ generations }) => generations[0])).toEqual(['1-east', '1-east']);
  });

  it.each([0, 1] as const)('get everything from the other when side %i begins anew', (which) => {
    const rig = new StandingRig({ life: 'first' }).start().run(APART);
    begun(rig, which);
    const from = rig.told.length;
    rig.run(APART);
    const [empty, other] = which === 0 ? ['east', 'west'] : ['west', 'east'];
    expect(rig.told.slice(from)).toContain(`${empty} target`);
    expect(rig.told.slice(from)).not.toContain(`${other} target`);
    expect(rig.states.map((one) => one.split(' ')[0])).toEqual(['in-sync', 'in-sync']);
  });

  it('do not go on with what is older than what the other answered and has lost', () => {
    const rig = new StandingRig({ life: 'first' }).start().run(APART);
    rig.joined = false;
    rig.run(APART);
    expect(rig.states).toEqual(['detached leads', 'suspended']);
    begun(rig, 0);
    rig.joined = true;
    rig.run(APART);
    expect(rig.sides.map(({ serves }) => serves)).toEqual([false, false]);
    expect(rig.told.join('\n')).toMatch(/west refuses: east has lost what it had, and may/);
    expect(rig.sides.map((side) => side.goOn())).toEqual([false, true]);
    rig.run(APART);
    expect(rig.states).toEqual(['in-sync', 'in-sync leads']);
  });

  it('go on with the word of the witness, where the other cannot have gone on before it lost what it had', () => {
    const rig = new StandingRig({ life: 'first' }).start().run(APART);
    rig.joined = false;
    rig.witnessUp = false;
    rig.run(APART);
    expect(rig.states).toEqual(['suspended leads', 'suspended']);
    begun(rig, 0);
    rig.joined = true;
    rig.run(APART);
    expect(rig.sides.map(({ serves }) => serves)).toEqual([false, false]);
    rig.witnessUp = true;
    rig.run(APART);
    expect(rig.states).toEqual(['in-sync', 'in-sync leads']);
  });

  it('refuse after a while what nobody says anything of, and serve again', () => {
    const rig = new StandingRig({ life: 'first', waitsNs: 150_000 }).start().run(APART);
    rig.joined = false;
    rig.witnessUp = false;
    rig.run(200_000);
    expect(rig.sides.map(({ refuses }) => refuses)).toEqual([false, false]);
    rig.run(APART);
    expect(rig.sides.map(({ refuses }) => refuses)).toEqual([true, true]);
    rig.witnessUp = true;
    rig.run(APART);
    expect(rig.states.filter((one) => one === 'detached leads')).toHaveLength(1);
    rig.joined = true;
    rig.run(APART);
    expect(rig.states.map((one) => one.split(' ')[0])).toEqual(['in-sync', 'in-sync']);
    expect(rig.sides.map(({ refuses }) => refuses)).toEqual([false, false]);
  });
});
